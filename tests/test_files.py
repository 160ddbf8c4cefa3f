from __future__ import annotations

import codecs
from typing import TYPE_CHECKING

import pytest

from labsite.bibtex.reader import read_library
from labsite.model.files import read_text
from labsite.model.problems import Rule

if TYPE_CHECKING:
    from pathlib import Path

TEXT = "@misc{a,\n  title = {Peña, 한국어},\n}\n"
WESTERN = "@misc{a,\n  title = {Peña – “é”},\n}\n"


def saved(tmp_path: Path, data: bytes) -> Path:
    path = tmp_path / "lab.bib"
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(),
        codecs.BOM_UTF8 + TEXT.encode(),
        TEXT.replace("\n", "\r\n").encode(),
        TEXT.replace("\n", "\r").encode(),
        codecs.BOM_UTF8 + TEXT.replace("\n", "\r\n").encode(),
    ],
    ids=["UTF-8", "with a mark", "Windows lines", "old Mac lines", "as Notepad saves"],
)
def test_utf8_is_read_silently_whatever_its_lines_end_in(
    tmp_path: Path, data: bytes
) -> None:
    assert read_text(saved(tmp_path, data), "lab.bib") == (TEXT, ())


def test_an_empty_file_is_an_empty_text(tmp_path: Path) -> None:
    assert read_text(saved(tmp_path, b""), "lab.bib") == ("", ())


@pytest.mark.parametrize(
    ("data", "text", "line"),
    [
        (codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"), TEXT, 1),
        (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), TEXT, 1),
        (WESTERN.encode("cp1252"), WESTERN, 2),
        ("% 김\n".encode() + WESTERN.encode("cp1252"), f"% 김\n{WESTERN}", 3),
    ],
    ids=["UTF-16", "UTF-16, big end first", "Windows-1252", "a part"],
)
def test_another_encoding_is_read_and_reported(
    tmp_path: Path, data: bytes, text: str, line: int
) -> None:
    found, (problem,) = read_text(saved(tmp_path, data), "lab.bib")
    assert found == text
    assert (problem.rule, problem.file, problem.line) == (
        Rule.ENCODING,
        "lab.bib",
        line,
    )
    assert problem.message.endswith("save it as UTF-8")


def test_utf16_without_a_mark_loses_no_entry(tmp_path: Path) -> None:
    data = "@misc{a,\n  title = {T},\n}\n".encode("utf-16-le")
    text, problems = read_text(saved(tmp_path, data), "lab.bib")
    assert [problem.rule for problem in problems] == [Rule.ENCODING]
    assert [p.key for p in read_library([("lab.bib", text)]).publications] == ["a"]


@pytest.mark.parametrize(
    "character", ["\x00", "\x02", "\x1b", "\x7f", "\x9d", "\uffff"]
)
def test_characters_that_no_xml_may_hold_are_taken_out(
    tmp_path: Path, character: str
) -> None:
    data = f"@misc{{a,\n  title = {{Un{character}seen}},\n}}\n".encode()
    text, problems = read_text(saved(tmp_path, data), "lab.bib")
    assert character not in text
    assert [(problem.rule, problem.line) for problem in problems] == [
        (Rule.ENCODING, 2)
    ]


def test_broken_utf16_still_gives_a_text(tmp_path: Path) -> None:
    data = codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le")[:-1]
    text, problems = read_text(saved(tmp_path, data), "lab.bib")
    assert text.startswith("@misc{a,\n")
    assert len(problems) == 1


def test_a_conflict_is_one_error_and_the_first_version_counts(tmp_path: Path) -> None:
    lines = [
        "one",
        "<<<<<<< HEAD",
        "ours",
        "||||||| base",
        "base",
        "=======",
        "theirs",
        ">>>>>>> branch",
        "last",
    ]
    path = saved(tmp_path, "\n".join(lines).encode())
    text, problems = read_text(path, "page.md")
    assert text.split("\n") == ["one", "", "ours", "", "", "", "", "", "last"]
    assert [(p.rule, p.line) for p in problems] == [(Rule.MERGE_CONFLICT, 2)]
    # What is left if only the usual three lines are deleted.
    path.write_text("\n".join([*lines[2:5], *lines[6:7]]), "utf-8")
    text, problems = read_text(path, "page.md")
    assert text.split("\n") == ["ours", "", "base", "theirs"]
    assert [(p.rule, p.line) for p in problems] == [(Rule.MERGE_CONFLICT, 2)]
    # The beginning is deleted, or the end.
    path.write_text("\n".join([*lines[2:3], *lines[5:]]), "utf-8")
    assert read_text(path, "page.md")[0].split("\n") == ["ours", "", "", "", "last"]
    path.write_text("\n".join([*lines[1:3], *lines[5:7]]), "utf-8")
    assert read_text(path, "page.md")[0].split("\n") == ["", "ours", "", "theirs"]
    path.write_text("\n".join([*lines[1:6] * 9999]), "utf-8")  # in no minutes
    assert set(read_text(path, "page.md")[0].split("\n")) == {"", "ours", "base"}


def test_a_conflict_within_an_entry_is_no_other_mistake(tmp_path: Path) -> None:
    data = (
        b"@misc{a,\n  title = {T},\n<<<<<<< HEAD\n  year = {2025},\n=======\n"
        b"  year = {2026},\n>>>>>>> other\n  author = {Roe, Jane},\n}\n"
    )
    text, problems = read_text(saved(tmp_path, data), "lab.bib")
    library = read_library([("lab.bib", text)])
    assert [p.issued.year for p in library.publications] == [2025]
    assert not library.problems
    assert len(problems) == 1


def test_a_heading_underlined_by_seven_is_no_conflict(tmp_path: Path) -> None:
    assert read_text(saved(tmp_path, b"Heading\n=======\n"), "page.md")[1] == ()
