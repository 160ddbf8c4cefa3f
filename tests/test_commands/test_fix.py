"""``labsite fix`` as it is called."""

from __future__ import annotations

import os
import stat
import subprocess
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SLIPS = '@misc{a, title="A  Trick", doi="https://doi.org/10.1145/1000001"}\n'
MENDED = """\
@misc{a,
  title         = {A Trick},
  doi           = {10.1145/1000001},
}
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return a file with slips."""
    path = tmp_path / "some.bib"
    path.write_text(SLIPS, "utf-8")
    return path


def test_a_file_is_mended_in_place_and_every_change_is_said(
    file: Path,
    run_command: Callable[..., int],
    capsys: pytest.CaptureFixture[str],
) -> None:
    file.chmod(0o640)
    assert run_command("fix", file.parent, str(file)) == 0
    assert file.read_text("utf-8") == MENDED
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    said = capsys.readouterr().out
    slips = "title: spaces; doi: 'https://doi.org/10.1145/1000001' → '10.1145/1000001'"
    assert said == f"{file}:1: a: {slips}\n"
    assert list(file.parent.iterdir()) == [file]


def test_a_second_run_has_nothing_to_mend(
    file: Path,
    run_command: Callable[..., int],
    capsys: pytest.CaptureFixture[str],
) -> None:
    run_command("fix", file.parent, str(file))
    before = file.stat().st_mtime_ns
    capsys.readouterr()
    assert run_command("fix", file.parent, str(file)) == 0
    assert capsys.readouterr() == ("", "nothing to fix\n")
    assert file.stat().st_mtime_ns == before


def test_a_dry_run_prints_a_diff_that_git_applies_and_writes_nothing(
    file: Path,
    run_command: Callable[..., int],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(file.parent)
    assert run_command("fix", file.parent, file.name, "--dry-run") == 1
    assert file.read_text("utf-8") == SLIPS
    patch = capsys.readouterr().out
    subprocess.run(
        ["git", "apply", "-"],  # noqa: S607 -- whichever git there is
        input=patch.encode(),
        check=True,
        env=os.environ | {"GIT_CEILING_DIRECTORIES": str(file.parent.parent)},
    )
    assert file.read_text("utf-8") == MENDED
    assert run_command("fix", file.parent, file.name, "--dry-run") == 0


def test_a_link_to_a_file_stays_a_link(
    file: Path, run_command: Callable[..., int]
) -> None:
    link = file.with_name("link.bib")
    link.symlink_to(file.name)
    assert run_command("fix", file.parent, str(link)) == 0
    assert link.is_symlink()
    assert file.read_text("utf-8") == MENDED


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


def test_without_a_file_those_of_the_site_are_mended(
    site: Path, run_command: Callable[..., int]
) -> None:
    path = site / "publications.bib"
    text = path.read_text("utf-8")
    path.write_text(text.replace("= HPCA", "= {Symposium on  Computers}"), "utf-8")
    assert run_command("fix", site) == 0
    assert path.read_text("utf-8") == text


def test_what_is_no_utf8_is_refused_by_name(
    file: Path,
    run_command: Callable[..., int],
    capsys: pytest.CaptureFixture[str],
) -> None:
    data = "@misc{a, title={Peña}}".encode("latin-1")
    file.write_bytes(data)
    assert run_command("fix", file.parent, str(file)) == 2
    assert f"{file}: line 1 is not UTF-8" in capsys.readouterr().err
    assert file.read_bytes() == data


def test_a_file_that_is_not_there_is_an_error_of_the_system(
    tmp_path: Path, run_command: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_command("fix", tmp_path, str(tmp_path / "none.bib")) == 2
    assert "none.bib: No such file or directory" in capsys.readouterr().err
