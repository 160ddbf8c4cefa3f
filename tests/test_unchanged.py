"""Entries that have not changed are not read again, and the result is the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from labsite.checks import load
from labsite.model.problems import Rule
from labsite.site.settings import make_settings

if TYPE_CHECKING:
    from pathlib import Path

REST = """, author = {{Kim, A. and Lee, B.}}, year = {1}, month = may,
  pages = {{1--9}}, doi = {{10.5555/{0}}}}}
"""
HEAD = "@string{icse = {Int. Conf. on Software}}\n@string{jot = {J. of Tests}}\n"
SOUND = "@article{a, title = {Sound}, journal = jot, volume = 1"
SOUND += REST.format("a", 2025)
MACRO = "@inproceedings{b, title = {Macro}, booktitle = icse" + REST.format("b", 2024)
CHILD = "@inproceedings{c, title = {Part}, crossref = {w}" + REST.format("c", 2023)
WHOLE = "@proceedings{w, title = {A Whole Work}, publisher = {Press}}\n"
VERSION = "@inproceedings{d, title = {Sound}, booktitle = icse" + REST.format("d", 2022)
LINES = MACRO.replace("{b, title = {Macro}", "{b,\n  title = {Macro \\foo}")
FAULTY = "@article{e, title = {Faulty}, author = {Kim, A.}, yaer = 2024}\n"
#: A page that gives an award to the paper with a key.
PERSON = "---\nname: A. Kim\nrole: phd\nawards:\n- name: Best Paper\n  date: 2024\n"
PERSON += "  papers: [x]\n---\n"
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
    "earlier key": HEAD + SOUND.replace("year", "ids = {x}, year") + MACRO,
    "earlier key of another": HEAD + SOUND + MACRO.replace("year", "ids = {x}, year"),
    "key of another": HEAD
    + SOUND.replace("year", "ids = {x}, year")
    + MACRO.replace("{b,", "{x,"),
    "macro of two names": HEAD.replace(
        "@", "@string{CONF = {Int. Conf. on Software}} @", 1
    )
    + SOUND
    + MACRO,
    "same key": HEAD + SOUND + MACRO + MACRO.replace("Macro", "Other") + FAULTY,
    "same paper": HEAD + SOUND + SOUND.replace("{a,", "{z,") + CHILD + WHOLE,
    "a field in each line": HEAD + SOUND + LINES,
    "lines and another macro": HEAD.replace("Int.", "Intl.") + SOUND + LINES,
    "lines without a macro": HEAD.replace("icse", "icsf") + SOUND + LINES,
    "broken macro": HEAD.replace("icse = ", "icse ") + SOUND + MACRO,
    "one macro": HEAD.partition("\n")[2] + SOUND + MACRO,
    "lines without a key": HEAD + SOUND + LINES.replace("{b,", "{"),
    "lines and a brace": HEAD + SOUND + LINES.replace("}\n", "},\n  x = {y},\n}\n"),
    "broken": HEAD + SOUND + MACRO.replace("},", ",", 1) + CHILD,
}


@pytest.mark.parametrize("before", STATES)
def test_result_is_that_of_a_first_reading(before: str, tmp_path: Path) -> None:
    bibliography = tmp_path / "publications.bib"
    settings = make_settings(tmp_path, {})
    (tmp_path / "team").mkdir()
    (tmp_path / "team/kim.md").write_text(PERSON, "utf-8")
    bibliography.write_text(STATES[before], "utf-8")
    known = load(settings)
    for text in STATES.values():
        bibliography.write_text(text, "utf-8")
        again, first = load(settings, known), load(settings)
        assert again.problems == first.problems
        assert again.digest == first.digest
        assert again.site.library.publications == first.site.library.publications
        assert again.site.library.collections == first.site.library.collections


def test_problems_of_rules_that_are_off_count_as_in_a_first_check(
    tmp_path: Path,
) -> None:
    bibliography = tmp_path / "publications.bib"
    rules = {"bad-doi": "off", "missing-doi": "off"}
    settings = make_settings(tmp_path, {"labsite_rules": rules})
    # The order of an entry with an error is not checked.
    text = HEAD + MACRO + SOUND.replace("10.5555/a", "none")
    bibliography.write_text(text, "utf-8")
    known = load(settings)
    assert known.problems == ()
    bibliography.write_text(text.replace("Macro", "Macros"), "utf-8")
    assert load(settings, known).problems == ()


def test_a_merge_that_was_finished_is_not_reported_again(tmp_path: Path) -> None:
    bibliography = tmp_path / "publications.bib"
    settings = make_settings(tmp_path, {})
    conflict = f"<<<<<<< HEAD\n{SOUND}=======\n{MACRO}>>>>>>> other\n"
    bibliography.write_text(HEAD + conflict, "utf-8")
    known = load(settings)
    assert [p.rule for p in known.problems] == [Rule.MERGE_CONFLICT]
    bibliography.write_text(HEAD + SOUND, "utf-8")
    assert load(settings, known).problems == ()


@pytest.mark.parametrize("above", ["", "\n", "@string{other = {Other}}\n", MACRO])
def test_only_changed_entries_are_read(above: str, tmp_path: Path) -> None:
    bibliography = tmp_path / "publications.bib"
    settings = make_settings(tmp_path, {})
    sound = HEAD + SOUND.replace("year", "keywords = {x}, year")
    bibliography.write_text(sound + FAULTY, "utf-8")
    known = load(settings)
    text = above + sound + FAULTY.replace("Faulty", "Corrected")
    bibliography.write_text(text, "utf-8")
    before, again = known.site.library.by_key, load(settings, known).site.library
    assert again.by_key["a"].title is before["a"].title, known.problems
    assert again.by_key["a"].source.line == 3 + above.count("\n")
    assert again.unchanged == {"a"}
    assert str(again.by_key["e"].title) == "Corrected"
