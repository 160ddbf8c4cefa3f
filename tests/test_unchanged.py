"""Entries that have not changed are not read again, and the result is the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from labsite.checks import load
from labsite.site.settings import make_settings

if TYPE_CHECKING:
    from pathlib import Path

FULL = "author = {Kim, A. and Lee, B.}, year = 2024, month = may, doi = {10.5555/%s}"
HEAD = "@string{icse = {Int. Conf. on Software}}\n"
SOUND = f"@article{{a, title = {{Sound}}, journal = {{J. of Tests}}, {FULL % 'a'}}}\n"
MACRO = f"@inproceedings{{b, title = {{Macro}}, booktitle = icse, {FULL % 'b'}}}\n"
CHILD = f"@inproceedings{{c, title = {{Part}}, crossref = {{w}}, {FULL % 'c'}}}\n"
WHOLE = "@proceedings{w, title = {A Whole Work}, publisher = {Press}}\n"
VERSION = f"@misc{{d, title = {{Sound}}, {FULL % 'd'}}}\n"
FAULTY = "@article{e, title = {Faulty}, author = {Kim, A.}, yaer = 2024}\n"
#: Bibliographies; each is the state after an edit of any other.
STATES = {
    "usual": HEAD + SOUND + MACRO + CHILD + WHOLE + VERSION + FAULTY,
    "one title": HEAD + SOUND.replace("Sound", "Safe") + MACRO + CHILD + WHOLE + FAULTY,
    "lower": f"\n{HEAD}{SOUND}{MACRO}{CHILD}{WHOLE}{VERSION}",
    "other macro": HEAD.replace("Int.", "Intl.") + SOUND + MACRO + CHILD + WHOLE,
    "no macro": SOUND + MACRO + CHILD,
    "biblatex parent": HEAD
    + SOUND
    + CHILD
    + WHOLE.replace("title", "date = 2024, title"),
    "no child": HEAD + SOUND + WHOLE + FAULTY.replace("yaer", "year"),
    "version": HEAD + SOUND.replace("year", "related = {d}, year") + MACRO + VERSION,
    "same key": HEAD + SOUND + MACRO + MACRO.replace("Macro", "Other") + FAULTY,
    "same paper": HEAD + SOUND + SOUND.replace("{a,", "{z,") + CHILD + WHOLE,
    "broken": HEAD + SOUND + MACRO.replace("},", ",", 1) + CHILD,
}


@pytest.mark.parametrize("before", STATES)
def test_result_is_that_of_a_first_reading(before: str, tmp_path: Path) -> None:
    bibliography = tmp_path / "publications.bib"
    settings = make_settings(tmp_path, {})
    bibliography.write_text(STATES[before], "utf-8")
    known = load(settings)
    for text in STATES.values():
        bibliography.write_text(text, "utf-8")
        again, first = load(settings, known), load(settings)
        assert again.problems == first.problems
        assert again.digest == first.digest
        assert again.site.library.publications == first.site.library.publications
        assert again.site.library.collections == first.site.library.collections


def test_only_changed_entries_are_read(tmp_path: Path) -> None:
    bibliography = tmp_path / "publications.bib"
    settings = make_settings(tmp_path, {})
    sound = SOUND.replace("year", "pages = {1--9}, volume = 1, keywords = {x}, year")
    bibliography.write_text(sound + FAULTY, "utf-8")
    known = load(settings)
    bibliography.write_text(sound + FAULTY.replace("Faulty", "Corrected"), "utf-8")
    again = load(settings, known).site.library.by_key
    assert again["a"] is known.site.library.by_key["a"], known.problems
    assert str(again["e"].title) == "Corrected"
