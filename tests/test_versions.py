"""Versions of one work: one line, one count, one page."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from labsite.checks import check_library
from labsite.editing.fix import fix_files
from labsite.model.problems import Rule
from labsite.site.site import SiteRecords
from labsite.sphinx.languages import temporary_language
from labsite.sphinx.search import render_index

if TYPE_CHECKING:
    from collections.abc import Callable

    from labsite.model.records import Library

    Read = Callable[[str], Library]


def entry(key: str, kind: str, year: int, *fields: str) -> str:
    venue = {"article": "journal", "inproceedings": "booktitle"}.get(kind)
    place = f"  {venue:<13} = {{Venue of {kind}}},\n" if venue else ""
    more = "".join(f"  {field},\n" for field in fields)
    return (
        f"@{kind}{{{key},\n  author        = {{Roe, Jane}},\n"
        f"  title         = {{A Long Enough Title of a Work}},\n{place}"
        f"  year          = {{{year}}},\n{more}}}\n"
    )


PREPRINT = entry(
    "roe2023pre", "misc", 2023, "eprint = {2301.00001}", "archiveprefix = {arXiv}"
)


def test_the_version_to_cite_stands_for_its_work(read: Read) -> None:
    text = (
        entry("roe2025journal", "article", 2025)
        + entry(
            "roe2024meeting",
            "inproceedings",
            2024,
            "related = {roe2025journal, ROE2023pre}",
        )
        + PREPRINT
    )
    library = read(text)
    (work,) = library.publications
    assert work.key == "roe2024meeting"
    assert [v.key for v in work.versions] == ["roe2025journal", "roe2023pre"]
    assert library.by_key["roe2023pre"] is work
    assert len(library.every_version) == library.entries == 3
    assert [p for p in check_library(library) if p.rule is Rule.DUPLICATE_PAPER] == []


def test_the_search_finds_a_work_by_what_its_versions_are_called(read: Read) -> None:
    preprint = PREPRINT.replace("A Long Enough Title", "Its Earlier Name")
    paper = entry("roe2024meeting", "inproceedings", 2024, "related = {roe2023pre}")
    site = SiteRecords(library=read(paper + preprint))
    ((_, index),) = render_index(site, str, ())
    (found,) = json.loads(index[index.index("{") : index.rindex("}") + 1])["papers"]
    assert found[6] == "roe2024meeting roe2023pre 2301.00001"
    assert "Its Earlier Name of a Work" in found[7]


def test_the_search_finds_kinds_and_links_by_their_labels(read: Read) -> None:
    patent = "@patent{p, title = {T}, author = {Roe, J}, year = 2020, code = {%s}}"
    site = SiteRecords(library=read(patent % "https://example.org/code"))
    with temporary_language("ko"):
        ((_, index),) = render_index(site, str, ())
    assert "Patent 특허 Code 코드" in index


def test_the_search_has_the_synonyms_of_each_line_and_no_comment(read: Read) -> None:
    text = "# of graphs, of trees\ngnn, , graph network,  # short, long\n\nalone\n"
    ((_, index),) = render_index(SiteRecords(library=read("")), str, (), text)
    assert '"synonyms":[["gnn","graph network"]]' in index


def test_entries_that_name_each_other_are_one_work(read: Read) -> None:
    text = entry("a", "article", 2025, "related = {b}") + entry(
        "b", "inproceedings", 2024, "related = {a}"
    )
    assert [p.key for p in read(text).publications] == ["a"]


def test_versions_of_versions_are_versions(read: Read) -> None:
    text = (
        entry("a", "article", 2025, "related = {b}")
        + entry("b", "inproceedings", 2024, "related = {c}")
        + entry("c", "misc", 2023)
    )
    (work,) = read(text).publications
    assert [v.key for v in work.versions] == ["b", "c"]


def test_another_relation_ties_nothing(read: Read) -> None:
    text = entry(
        "a", "article", 2025, "related = {b}", "relatedtype = {reviewof}"
    ) + entry("b", "inproceedings", 2024)
    assert len(read(text).publications) == 2


def test_an_unknown_version_is_named(read: Read) -> None:
    (problem,) = read(entry("a", "article", 2025, "related = {nobody}")).problems
    assert (problem.rule, problem.line) == (Rule.UNKNOWN_KEY, 6)
    assert "'nobody'" in problem.message


def test_fix_orders_versions_like_other_entries() -> None:
    text = (
        PREPRINT
        + "\n"
        + entry("roe2024x", "inproceedings", 2024, "related = {roe2023pre}")
    )
    (fixed,) = fix_files([("lab.bib", text.encode())])
    assert fixed.after.decode().index("roe2024x") < fixed.after.decode().index(
        "roe2023pre,\n  author"
    )
    assert fix_files([("lab.bib", fixed.after)])[0].after == fixed.after
