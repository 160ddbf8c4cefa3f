"""``labsite publish`` as it is called."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PAPER = (
    "@inproceedings{x, author={Doe, John}, title={An Idea of Its Own}, year={2026},"
    " month={6}, booktitle={Proc. of ISCA}, pages={1-9}, doi={10.1145/2000002}}"
)
JOURNAL = (
    "@article{x, author={Roe, Jane and Doe, John}, title={TRICK: A Trick for GPUs},"
    " year={2026}, month={8}, journal={Journal of Tricks}, volume={3},"
    " doi={10.1145/3000003}}"
)


@pytest.fixture
def run(
    run_command: Callable[..., int], monkeypatch: pytest.MonkeyPatch, site: Path
) -> Callable[..., int]:
    """Return a function that runs a command of the site with a paste."""

    def run_it(command: str, text: str, *arguments: str) -> int:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
        return run_command(command, site, *arguments)

    return run_it


def entry_of(site: Path, key: str) -> str:
    text = (site / "publications.bib").read_text("utf-8")
    start = text.rindex("@", 0, text.index(f"{{{key},"))
    return text[start : text.index("\n}\n", start) + 2]


def test_a_preprint_becomes_the_paper_and_keeps_what_is_its_own(
    site: Path, run: Callable[..., int]
) -> None:
    assert run("publish", PAPER, "doe2024idea") == 0
    text = entry_of(site, "doe2024idea")
    for line in (
        "@inproceedings{doe2024idea,",
        "  booktitle     = ISCA,",
        "  pages         = {1--9},",
        "  year          = {2026},",
        "  month         = jun,",
        "  doi           = {10.1145/2000002},",
        "  eprint        = {2402.00001},",
        "  archiveprefix = {arXiv},",
        "  keywords      = {chips},",
    ):
        assert line in text.split("\n")
    assert run("check", "") == 0
    assert run("publish", PAPER, "doe2024idea") == 2


def test_a_journal_version_stands_beside_the_conferences(
    site: Path, run: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("add", JOURNAL, "--topic", "graphs") == 1
    command = capsys.readouterr().out
    assert "labsite publish roe2025trick 10.1145/3000003" in command
    assert run("publish", JOURNAL, "roe2025trick") == 0
    assert "  related       = {roe2026trick}," in entry_of(site, "roe2025trick")
    assert "@article{roe2026trick," in entry_of(site, "roe2026trick")
    assert "move 'related'" in capsys.readouterr().err
    assert run("add", JOURNAL, "--topic", "graphs") == 1
    report = JOURNAL.replace("3000003", "3000004").replace("Tricks}", "Feats}")
    assert run("publish", report, "roe2025trick") == 0  # a key of its own, too
    tied = "  related       = {roe2026trick, roe2026trickb},"
    assert tied in entry_of(site, "roe2025trick")


def test_a_version_that_has_an_entry_is_tied_and_not_added_again(
    site: Path, run: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    other = JOURNAL.replace("A Trick for GPUs", "The Long Story of Tricks")
    assert run("add", other, "--topic", "graphs") == 0
    said = capsys.readouterr().err
    assert "the same name before the colon" in said
    assert "labsite publish roe2025trick 10.1145/3000003" in said
    count = (site / "publications.bib").read_text("utf-8").count("@")
    assert run("publish", other, "roe2025trick") == 0
    assert "  related       = {roe2026trick}," in entry_of(site, "roe2025trick")
    assert (site / "publications.bib").read_text("utf-8").count("@") == count
    assert run("check", "") == 0
    assert run("publish", other, "roe2025trick") == 2
    conference = entry_of(site, "roe2025trick")
    assert run("publish", conference, "roe2026trick") == 2  # the other way round


def test_a_paper_of_the_same_name_lends_no_doi(
    site: Path, run: Callable[..., int]
) -> None:
    path = site / "publications.bib"
    text = path.read_text("utf-8")
    path.write_text(text.replace("  doi           = {10.1145/1000001},\n", ""), "utf-8")
    other = PAPER.replace("An Idea of Its Own", "TRICK: Something Else")
    other = other.replace("Doe, John", "Roe, Jane")
    assert run("publish", other, "roe2025trick") == 0
    assert "doi" not in entry_of(site, "roe2025trick")
    assert "10.1145/2000002" in entry_of(site, "roe2026trick")


def test_of_a_preprint_and_its_paper_readers_cite_the_paper(
    site: Path, run: Callable[..., int]
) -> None:
    other = PAPER.replace("An Idea of Its Own", "What Became of It")
    assert run("add", other, "--topic", "chips") == 0
    assert run("publish", other, "doe2024idea") == 0
    assert "  related       = {doe2024idea}," in entry_of(site, "doe2026became")


def test_a_record_of_the_paper_itself_changes_nothing(
    site: Path, run: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    before = entry_of(site, "roe2025trick")
    text = (
        "@misc{x, title={TRICK: a trick for GPUs}, author={Jane Roe and John Doe},"
        " year={2025}, eprint={2503.00007}, archivePrefix={arXiv}}"
    )
    assert run("publish", text, "roe2025trick") == 2
    said = "is of that paper already. Add by hand what the entry lacks: eprint = {2503."
    assert said in capsys.readouterr().err
    assert run("add", text, "--topic", "graphs") == 1
    assert "nothing was added. Add by hand what the" in capsys.readouterr().out
    assert entry_of(site, "roe2025trick") == before


def test_an_unknown_key_changes_nothing(
    run: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("publish", PAPER, "nobody2020") == 2
    assert "there is no entry 'nobody2020'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("authors", "note"),
    [
        ("Poe, Ann", "are versions of one work"),
        ("Poe, Ann and Doe, John", "'author+an' has the right positions"),
        ("Doe, John", ""),
    ],
)
def test_authors_that_differ_are_pointed_out(
    authors: str,
    note: str,
    site: Path,
    run: Callable[..., int],
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = site / "publications.bib"
    text = path.read_text("utf-8")
    marked = text.replace(
        "{doe2024idea,\n", "{doe2024idea,\n  author+an = {1=equal},\n"
    )
    path.write_text(marked, "utf-8")
    paper = PAPER.replace("Doe, John", authors)
    assert run("publish", paper, "doe2024idea") == 0
    said = capsys.readouterr().err
    assert note in said
    assert ("author" in said) == bool(note)
