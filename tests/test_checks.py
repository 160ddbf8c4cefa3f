from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from labsite.checks import check_library
from labsite.problems import Rule
from labsite.records import Topic

if TYPE_CHECKING:
    from collections.abc import Callable

    from labsite.records import Library

    Read = Callable[[str], Library]

TOPICS = tuple(
    Topic(slug=slug, title=slug, docname=f"research/{slug}")
    for slug in ("ai-accelerators", "pim")
)


def paper(key: str, *fields: str) -> str:
    needed = ("title = {T}", "author = {A}", "year = 2026")
    lines = "".join(f"  {field},\n" for field in (*needed, *fields))
    return f"@misc{{{key},\n{lines}}}\n"


@pytest.fixture
def check(read: Read) -> Callable[[str], list[str]]:
    """Return a function that tells the problems of a text."""
    return lambda text: [str(p) for p in check_library(read(text), TOPICS)]


def test_a_paper_with_known_topics_has_nothing_wrong(
    check: Callable[[str], list[str]],
) -> None:
    assert check(paper("a", "keywords = {pim, ai-accelerators}")) == []


def test_a_paper_without_a_topic_is_reported(check: Callable[[str], list[str]]) -> None:
    (message,) = check(paper("a"))
    assert message == (
        "lab.bib:1:1: error: a: no topic; add keywords = {…} with one of "
        "ai-accelerators, pim [missing-topic]"
    )


@pytest.mark.parametrize(
    ("written", "remedy"),
    [
        ("ai-acelerators", "did you mean 'ai-accelerators'?"),
        ("AI Accelerators", "did you mean 'ai-accelerators'?"),
        ("PIM", "did you mean 'pim'?"),
        ("quantum", "use ai-accelerators, pim"),
    ],
)
def test_an_unknown_topic_is_reported_with_what_was_meant(
    check: Callable[[str], list[str]], written: str, remedy: str
) -> None:
    assert check(paper("a", f"keywords = {{pim, {written}}}")) == [
        f"lab.bib:5:3: error: a: unknown topic '{written}'; {remedy} [unknown-topic]"
    ]


def test_without_topic_pages_no_paper_needs_a_topic(read: Read) -> None:
    assert list(check_library(read(paper("a") + paper("b", "keywords={x}")), ())) == []


@pytest.mark.parametrize(
    ("first", "second", "alias"),
    [
        ("ids = {old}", "ids = {old}", "old"),
        ("doi = {10.1145/1}", "ids = {a}", "a"),
        ("ids = {old}", "ids = {OLD}", "OLD"),
    ],
    ids=["two claim it", "another's key", "in another case"],
)
def test_an_earlier_key_belongs_to_one_paper(
    read: Read, first: str, second: str, alias: str
) -> None:
    topic = "keywords = {pim}"
    library = read(paper("a", topic, first) + paper("b", topic, second))
    (problem,) = check_library(library, TOPICS)
    assert (problem.rule, problem.key, problem.line) == (Rule.DUPLICATE_KEY, "b", 13)
    assert problem.message == f"'{alias}' belongs to a; remove it here"


def test_a_paper_is_found_by_its_earlier_keys(read: Read) -> None:
    library = read(paper("new", "ids = {old, older}") + paper("other"))
    found = {key: publication.key for key, publication in library.by_key.items()}
    assert found == {"new": "new", "old": "new", "older": "new", "other": "other"}


def test_a_key_counts_before_an_earlier_key(read: Read) -> None:
    library = read(paper("a", "ids = {b}") + paper("b"))
    assert library.by_key["b"].key == "b"
