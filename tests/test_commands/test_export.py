"""The command that writes any BibTeX file in another form."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
import rispy

from labsite.__main__ import main

if TYPE_CHECKING:
    from pathlib import Path

LATER = "@misc{later, title={Later Trees}, author={Roe, Jane}, year=2024, pdf={a.pdf}}"
EARLIER = "@misc{early, title={Early {\\'E}tudes}, author={Doe, Al}, year=1999}"
BAD = "@misc{bad, title={Untimely}, author={Roe, Jane}, year={soon}}"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_files_are_one_bibliography_in_their_order(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "a.bib").write_text(f'@string{{me = "Roe, Jane"}}\n{EARLIER}\n{LATER}')
    (folder / "b.bib").write_text("@misc{third, title={C}, author=me, year=2000}")
    assert main(["export", "a.bib", "b.bib", "--format", "csl-json"]) == 0
    items = json.loads(capsys.readouterr().out)
    assert [item["id"] for item in items] == ["early", "later", "third"]
    assert items[0]["title"] == "Early Études"
    assert items[2]["author"] == [{"family": "Roe", "given": "Jane"}]


def test_a_file_beside_no_site_has_no_address_of_a_page(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "a.bib").write_text(LATER)
    assert main(["export", "a.bib", "--format", "ris"]) == 0
    (reference,) = rispy.loads(capsys.readouterr().out)
    assert reference["id"] == "later"
    assert "urls" not in reference
    assert main(["export", "a.bib", "--format", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["url"] is data["publications"][0]["url"] is None


def test_problems_are_apart_from_what_is_written(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = io.TextIOWrapper(io.BytesIO(f"{BAD}\n{EARLIER}".encode()))
    monkeypatch.setattr("sys.stdin", text)
    assert main(["export", "-"]) == 1
    written, told = capsys.readouterr()
    assert [item["id"] for item in json.loads(written)] == ["bad", "early"]
    assert told.startswith("<stdin>:1:55: error: bad: year: 'soon' is not a year")


def test_a_site_needs_no_file_named(folder: Path) -> None:
    (folder / "conf.py").write_text('bibtex_bibfiles = ["mine.bib"]\n')
    (folder / "mine.bib").write_text(EARLIER)
    command = [sys.executable, "-m", "labsite", "export", "--format", "bibtex"]
    ran = subprocess.run(command, cwd=folder, capture_output=True, check=True)
    assert ran.stdout.decode().startswith("@misc{early,\n")


@pytest.mark.usefixtures("folder")
def test_a_file_that_is_not_there_ends_the_command(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["export", "none.bib"]) == 2
    assert capsys.readouterr().err == "labsite: none.bib: No such file or directory\n"
