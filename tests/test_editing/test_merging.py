"""Two changes of one bibliography become one, wherever the lines stand."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from labsite.__main__ import main
from labsite.bibtex.reader import read_library
from labsite.editing.insertion import merge
from labsite.model.problems import LabsiteError

if TYPE_CHECKING:
    from pathlib import Path


def entry(key: str, year: int, *fields: str) -> str:
    more = "".join(f"  {field},\n" for field in fields)
    return (
        f"@article{{{key},\n  author        = {{Roe, Jane}},\n"
        f"  title         = {{Paper {key}}},\n  year          = {{{year}}},\n{more}}}\n"
    )


HEAD = '% The lab.\n@string{A = "A Journal"}\n\n'
OLD = [entry("b", 2024), entry("c", 2023)]
BASE = HEAD + "\n".join(OLD)


def merged(ours: str, theirs: str) -> str:
    return merge(BASE.encode(), ours.encode(), theirs.encode()).decode()


def test_two_papers_for_one_place_both_get_in_in_order() -> None:
    new = entry("a1", 2025), entry("a2", 2026)
    ours, theirs = (HEAD + "\n".join([each, *OLD]) for each in new)
    result = merged(ours, theirs)
    assert result == HEAD + "\n".join([new[1], new[0], *OLD])
    assert merged(theirs, ours) == result
    assert merged(ours, ours) == ours


def test_changes_of_different_entries_and_macros_meet() -> None:
    ours = BASE.replace(OLD[0], entry("b", 2024, "note = {Ours}"))
    theirs = BASE.replace(OLD[1], entry("c", 2023, "note = {Theirs}")).replace(
        '"A Journal"}\n', '"A Journal"}\n@string{B = "Another"}\n'
    )
    result = merged(ours, theirs)
    assert "{Ours}" in result
    assert "{Theirs}" in result
    assert result.startswith('% The lab.\n@string{A = "A Journal"}\n@string{B =')


def test_an_entry_that_one_side_removes_goes() -> None:
    result = merged(HEAD + OLD[1], BASE.replace("{Paper c}", "{Title}"))
    assert "{Title}" in result
    assert [p.key for p in read_library([("x", result)]).publications] == ["c"]


def test_two_changes_of_one_entry_are_a_conflict() -> None:
    first, second = (
        BASE.replace(OLD[0], entry("b", 2024, f"note = {{{word}}}"))
        for word in ("One", "Another")
    )
    with pytest.raises(LabsiteError, match="a merge was not finished"):
        merged(first, second)


def test_lines_of_one_entry_that_are_apart_are_both_changed() -> None:
    ours = BASE.replace(OLD[0], OLD[0].replace("Roe, Jane", "Roe, Jane and Doe, John"))
    theirs = BASE.replace("@article{b", "% b\n@article{b")
    theirs = theirs.replace("  year          = {2024},\n", "")
    result = merged(ours, theirs)
    assert "% b\n@article{b,\n  author        = {Roe, Jane and Doe, John},\n" in result
    assert "2024" not in result


def test_papers_that_both_append_to_the_end_are_both_there() -> None:
    ours, theirs = (f"{BASE}\n{entry(key, 2022)}" for key in "xy")
    keys = [p.key for p in read_library([("x", merged(ours, theirs))]).publications]
    assert sorted(keys) == ["b", "c", "x", "y"]
    windows = merge(BASE.encode(), ours.replace("\n", "\r\n").encode(), BASE.encode())
    assert windows.decode() == ours.replace("\n", "\r\n")


def test_a_paper_that_both_add_is_there_once() -> None:
    same, more = entry("x", 2025), entry("y", 2025)
    for ours in ([same, more, *OLD], [*OLD, same]):
        result = merged(HEAD + "\n".join(ours), HEAD + "\n".join([same, *OLD]))
        assert result == HEAD + "\n".join(ours)


def test_an_entry_that_is_there_twice_is_not_lost() -> None:
    with pytest.raises(LabsiteError, match="divided into entries"):
        merged(BASE, f"{BASE}\n{entry('b', 2022)}")


@pytest.mark.parametrize(
    ("base", "status"),
    [(b"@a{x,\r\n%s\r\n}\r\n", 1), (b"@a{\xe9,\n%s\n}\n", 1), (b"\0\n%s\n", 2)],
    ids=["line ends of Windows", "not UTF-8", "not text"],
)
def test_what_cannot_be_merged_by_entries_loses_nothing(
    base: bytes, status: int, tmp_path: Path
) -> None:
    sides = {name: base % name.encode() for name in ("base", "ours", "theirs")}
    paths = [tmp_path / name for name in sides]
    for path, data in zip(paths, sides.values(), strict=True):
        path.write_bytes(data)
    assert main(["merge", *map(str, paths)]) == status
    result = paths[1].read_bytes()
    if status == 1:
        assert b"<<<<<<< ours" in result
        assert set(sides["theirs"].splitlines(keepends=True)) < {
            *result.splitlines(keepends=True)
        }
    else:
        assert result == sides["ours"]


def test_git_calls_it_and_gets_markers_where_it_must(tmp_path: Path) -> None:
    def git(*arguments: str) -> int:
        command = ["git", "-c", "user.name=x", "-c", "user.email=x@example.org"]
        done = subprocess.run(
            [*command, *arguments], cwd=tmp_path, capture_output=True, check=False
        )
        return done.returncode

    def commit(text: str) -> None:
        (tmp_path / "lab.bib").write_text(text, "utf-8")
        git("add", ".")
        git("commit", "-m", "x")

    git("init", "-b", "main")
    git("config", "merge.labsite.driver", f"{sys.executable} -m labsite merge %O %A %B")
    (tmp_path / ".gitattributes").write_text("*.bib merge=labsite\n", "utf-8")
    commit(BASE)
    git("checkout", "-b", "other")
    commit(HEAD + "\n".join([entry("a1", 2025), *OLD]))
    git("checkout", "main")
    commit(HEAD + "\n".join([entry("a2", 2026), *OLD]))
    assert git("merge", "other") == 0
    text = (tmp_path / "lab.bib").read_text("utf-8")
    assert text == HEAD + "\n".join([entry("a2", 2026), entry("a1", 2025), *OLD])
    git("checkout", "other")
    commit(BASE.replace("Paper b", "One"))
    git("checkout", "main")
    commit(text.replace("Paper b", "Another"))
    assert git("merge", "other") == 1
    assert "<<<<<<< ours" in (tmp_path / "lab.bib").read_text("utf-8")
