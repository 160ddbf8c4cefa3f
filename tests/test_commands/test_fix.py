"""``labsite fix`` as it is called."""

from __future__ import annotations

import os
import stat
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

SLIPS = '@misc{a, title="A  Trick", doi="https://doi.org/10.1145/1000001"}\n'
MENDED = """\
@misc{a,
  title         = {A Trick},
  doi           = {10.1145/1000001},
}
"""


@pytest.fixture
def file(site: Path) -> Path:
    """Return the bibliography of a site, with slips."""
    path = site / "publications.bib"
    path.write_text(SLIPS, "utf-8")
    return path


def test_a_file_is_mended_in_place_and_named(
    file: Path,
    run_command: Callable[..., int],
    capsys: pytest.CaptureFixture[str],
) -> None:
    file.chmod(0o640)
    assert run_command("fix", file.parent) == 0
    assert file.read_text("utf-8") == MENDED
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    said = capsys.readouterr().out
    assert said == f"{file}: corrected; 'git diff' shows what changed\n"
    assert not list(file.parent.glob("publications.bib?*"))


def test_a_second_run_has_nothing_to_mend(
    file: Path,
    run_command: Callable[..., int],
    capsys: pytest.CaptureFixture[str],
) -> None:
    run_command("fix", file.parent)
    before = file.stat().st_mtime_ns
    capsys.readouterr()
    assert run_command("fix", file.parent) == 0
    assert capsys.readouterr() == ("", "nothing to fix\n")
    assert file.stat().st_mtime_ns == before


def test_a_dry_run_prints_a_diff_that_git_applies_and_writes_nothing(
    file: Path,
    run_command: Callable[..., int],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(file.parent)
    assert run_command("fix", Path(), "--dry-run") == 1
    assert file.read_text("utf-8") == SLIPS
    patch = capsys.readouterr().out
    subprocess.run(
        ["git", "apply", "-"],  # noqa: S607 -- whichever git there is
        input=patch.encode(),
        check=True,
        env=os.environ | {"GIT_CEILING_DIRECTORIES": str(file.parent.parent)},
    )
    assert file.read_text("utf-8") == MENDED
    assert run_command("fix", Path(), "--dry-run") == 0


def test_a_link_to_a_file_stays_a_link(
    file: Path, run_command: Callable[..., int]
) -> None:
    real = file.rename(file.with_name("real.bib"))
    file.symlink_to(real.name)
    assert run_command("fix", file.parent) == 0
    assert file.is_symlink()
    assert real.read_text("utf-8") == MENDED


def test_no_command_writes_through_a_link_out_of_the_repository(
    site: Path, tmp_path: Path, run_command: Callable[..., int]
) -> None:
    outside = tmp_path / "outside.bib"
    outside.write_text(SLIPS, "utf-8")
    (site / "publications.bib").unlink()
    (site / "publications.bib").symlink_to(outside)
    assert run_command("fix", site) == 0
    assert run_command("add", site, "@misc{b, title={B}, author={C, D}}") == 2
    assert outside.read_text("utf-8") == SLIPS
    (tmp_path / "folder").mkdir()
    (site / "teaching").symlink_to(tmp_path / "folder")
    assert run_command("course", site, "--term", "2026-fall", "--name", "C") == 2
    assert not list((tmp_path / "folder").iterdir())


def test_what_is_no_utf8_is_refused_by_name(
    file: Path,
    run_command: Callable[..., int],
    capsys: pytest.CaptureFixture[str],
) -> None:
    data = "@misc{a, title={Peña}}".encode("latin-1")
    file.write_bytes(data)
    assert run_command("fix", file.parent) == 2
    assert f"{file}: line 1 is no text in UTF-8" in capsys.readouterr().err
    assert file.read_bytes() == data
