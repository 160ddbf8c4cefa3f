"""The rules of a site's own bibliography: topics, keys, duplicates, order."""

from __future__ import annotations

import random
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from labsite.bibtex.reader import read_library
from labsite.checks import check_library
from labsite.model.dates import PartialDate
from labsite.model.order import sort_publications
from labsite.model.problems import Rule
from labsite.model.records import Topic
from labsite.site.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from labsite.model.records import Library

    Read = Callable[[str], Library]

TOPICS = tuple(
    Topic(slug=slug, title=slug, docname=f"research/{slug}")
    for slug in ("ai-accelerators", "pim")
)
TODAY = PartialDate(2026, 11, 23)


def paper(key: str, *fields: str, entry_type: str = "misc") -> str:
    """Return an entry with nothing wrong in it but what *fields* say."""
    needed = {
        "title": f"title = {{About {key}}}",
        "author": "author = {Roe, Jane}",
        "year": "year = 2026",
    }
    own = {field.split(" = ")[0]: field for field in fields}
    lines = "".join(f"  {field},\n" for field in (needed | own).values())
    return f"@{entry_type}{{{key},\n{lines}}}\n"


@pytest.fixture
def check(read: Read) -> Callable[[str], list[str]]:
    """Return a function that tells the problems of a text."""
    return lambda text: [str(p) for p in check_library(read(text), TOPICS)]


# Topics


def test_a_paper_with_known_topics_has_nothing_wrong(
    check: Callable[[str], list[str]],
) -> None:
    assert check(paper("a", "keywords = {pim, ai-accelerators}")) == []


@pytest.mark.parametrize("fields", [(), ("keywords = {}",), ("keywords = {,}",)])
def test_a_paper_without_a_topic_is_reported(
    check: Callable[[str], list[str]], fields: tuple[str, ...]
) -> None:
    (message,) = check(paper("a", *fields))
    assert message == (
        "lab.bib:1:1: error: a: no topic; add keywords = {…} with one of "
        "ai-accelerators, pim [missing-topic]"
    )


def test_the_field_of_topics_is_the_one_that_the_site_names() -> None:
    library = read_library([("lab.bib", paper("a"))], "themes")
    (problem,) = check_library(library, TOPICS)
    assert problem.message.startswith("no topic; add themes = {…} with one of")
    text = paper("a", "themes = {pim}", "motto = {Faster}")
    (problem,) = check_library(read_library([("lab.bib", text)], "themes"), TOPICS)
    assert problem.message.startswith("no visitor sees these fields: motto; write")


def test_what_most_entries_lack_is_said_once(read: Read) -> None:
    text = "@string{CE = {Conference on Examples}}" + "".join(
        paper(f"k{i}", f"title = {{Paper {chr(97 + i)}}}", f"journal = {{Journal {i}}}",
              entry_type="article")
        for i in range(20)
    )  # fmt: skip
    problems = [*check_library(read(text), TOPICS)]
    found = Counter(p.rule for p in problems)
    assert (found[Rule.MISSING_TOPIC], found[Rule.UNKNOWN_VENUE]) == (1, 1)
    assert sum(p.message.endswith("; the same in 19 more") for p in problems) == 2


@pytest.mark.parametrize(
    ("written", "remedy"),
    [
        ("ai-acelerators", "did you mean 'ai-accelerators'?"),
        ("AI Accelerators", "did you mean 'ai-accelerators'?"),
        ("PIM", "did you mean 'pim'?"),
        ("ipm", "did you mean 'pim'?"),
        ("quantum", "use ai-accelerators, pim"),
    ],
)
def test_an_unknown_topic_is_reported_with_what_was_meant(
    check: Callable[[str], list[str]], written: str, remedy: str
) -> None:
    column = len("  keywords = {pim, ") + 1
    (message,) = check(paper("a", f"keywords = {{pim, {written}}}"))
    assert message == (
        f"lab.bib:5:{column}: error: a: unknown topic '{written}'; {remedy} "
        "[unknown-topic]"
    )


def test_without_topic_pages_no_paper_needs_a_topic(read: Read) -> None:
    text = paper("a") + paper("b", "keywords = {x}")
    assert list(check_library(read(text), ())) == []


def test_a_slip_in_the_name_of_the_field_is_no_missing_topic(
    check: Callable[[str], list[str]],
) -> None:
    (message,) = check(paper("a", "keywrds = {pim}"))
    assert message.startswith("lab.bib:5:3: error: a: there is no field 'keywrds'")


@pytest.mark.parametrize("value", ["true", "yes", "false", "1", "TRUE"])
def test_a_flag_is_true_or_false(check: Callable[[str], list[str]], value: str) -> None:
    assert check(paper("a", "keywords = {pim}", f"selected = {{{value}}}")) == []


def test_a_slip_in_a_flag_is_reported(check: Callable[[str], list[str]]) -> None:
    (message,) = check(paper("a", "keywords = {pim}", "selected = {ture}"))
    assert message == (
        "lab.bib:6:15: error: a: selected: 'ture' is neither true nor false; write "
        "true [bad-value]"
    )


# Keys


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


# Duplicates

TITLE = "title = {Fast Graphs on {GPUs}: A Study of Memory}"
ONE_PAPER = {
    "DOI": (["doi = {10.1145/1}"], ["doi = {https://doi.org/10.1145/1}"]),
    "DOI in capitals": (["doi = {10.1145/AB}"], ["doi = {10.1145/ab}"]),
    "arXiv": (["arxiv = {2403.06664}"], ["arxiv = {2403.06664v2}"]),
    "title": ([TITLE], [TITLE]),
    "title in other capitals": (
        [TITLE],
        ["title = {Fast Graphs on GPUs -- a study of memory}"],
    ),
    "title without its subtitle": ([TITLE], ["title = {Fast Graphs on GPUs}"]),
    "short title, author and year": (["title = {Memory}"], ["title = {memory}"]),
    "one with a DOI": ([TITLE, "doi = {10.1145/1}"], [TITLE]),
}


def duplicates(library: Library) -> list[tuple[str | None, int]]:
    found = check_library(library)
    return [(p.key, p.line) for p in found if p.rule is Rule.DUPLICATE_PAPER]


@pytest.mark.parametrize(
    ("first", "second"),
    [pytest.param(*row, id=name) for name, row in ONE_PAPER.items()],
)
@pytest.mark.parametrize("turned", [False, True])
def test_a_paper_in_two_entries_is_reported_at_the_later_one(
    read: Read, first: list[str], second: list[str], *, turned: bool
) -> None:
    if turned:
        first, second = second, first
    ((key, line),) = duplicates(read(paper("a", *first) + paper("b", *second)))
    assert key == "b"
    assert line > paper("a", *first).count("\n")


TWO_PAPERS = {
    "two DOIs": ([TITLE, "doi = {10.1145/1}"], [TITLE, "doi = {10.1145/2}"]),
    "parts": (
        ["title = {Fast Graphs on GPUs: Part One}"],
        ["title = {Fast Graphs on GPUs: Part Two}"],
    ),
    "short titles of two years": (
        ["title = {Editorial}"],
        ["title = {Editorial}", "year = 2025"],
    ),
    "short titles of two authors": (
        ["title = {Editorial}"],
        ["title = {Editorial}", "author = {Doe, John}"],
    ),
    "one title of two authors": ([TITLE], [TITLE, "author = {Doe, John}"]),
    "a talk at two meetings": (
        [TITLE, "howpublished = {A Workshop}"],
        [TITLE, "howpublished = {The Meeting}", "year = 2025"],
    ),
    "a column in two issues": (
        [TITLE, "volume = 12", "number = 1"],
        [TITLE, "volume = 12", "number = 2"],
    ),
    "two pieces of one issue": (
        ["title = {Editorial}", "volume = 12", "pages = {1--2}"],
        ["title = {Editorial}", "volume = 12", "pages = {101--103}"],
    ),
    "titles of nothing but symbols": (
        ["title = {$x$}", "year = 2025"],
        ["title = {$y$}"],
    ),
}


@pytest.mark.parametrize(
    ("first", "second"),
    [pytest.param(*row, id=name) for name, row in TWO_PAPERS.items()],
)
def test_two_papers_may_look_alike(
    read: Read, first: list[str], second: list[str]
) -> None:
    assert duplicates(read(paper("a", *first) + paper("b", *second))) == []


def test_a_book_has_editions_of_one_title(read: Read) -> None:
    first = paper("a", TITLE, "publisher = {P}", entry_type="book")
    second = paper("b", TITLE, "publisher = {P}", "year = 2027", entry_type="book")
    assert duplicates(read(first + second)) == []
    assert duplicates(read(first + second.replace("2027", "2026"))) == [("b", 8)]


def test_two_books_have_an_introduction_by_one_editor(read: Read) -> None:
    books = ("booktitle = {Voices}", "booktitle = {Echoes}")
    first, second = (
        paper(key, "title = {Introduction}", book, entry_type="incollection")
        for key, book in zip("ab", books, strict=True)
    )
    assert duplicates(read(first + second)) == []
    assert duplicates(read(first + second.replace("Echoes", "Voices"))) == [("b", 8)]


def test_a_paper_may_grow_into_an_article(read: Read) -> None:
    first = paper("a", TITLE, "booktitle = {Conference}", entry_type="inproceedings")
    second = paper("b", TITLE, "journal = {Journal}", entry_type="article")
    assert duplicates(read(first + second)) == []


ARTICLE = ["journal = {J}", "year = 2025", "doi = {10.1145/1}"]


@pytest.mark.parametrize(
    "fields",
    [
        ["doi = {10.48550/arXiv.2403.06664}"],
        ["doi = {10.1101/2024.01.01.573000}"],
        ["title = {TRICK: Fast Graphs on GPUs}"],
        ["title = {Fast Graphs on GPUs}"],
    ],
    ids=["arXiv's DOI", "DOI of another archive", "name", "without subtitle"],
)
@pytest.mark.parametrize("turned", [False, True])
def test_a_preprint_and_an_article_of_another_doi_or_name_are_one_paper(
    read: Read, fields: list[str], *, turned: bool
) -> None:
    title = TITLE if "title" not in fields[0] else "title = {Fast Graphs on GPUs}"
    preprint = paper("a", *({} if "title" in fields[0] else {title}), *fields)
    article = paper("b", title, *ARTICLE, entry_type="article")
    text = article + preprint if turned else preprint + article
    assert [key for key, _ in duplicates(read(text))] == ["ba"[turned]]


@pytest.mark.parametrize(
    ("entry_type", "title"),
    [
        ("software", TITLE),
        ("phdthesis", TITLE),
        ("article", TITLE.replace("{Fast", "{Corrigendum: Fast")),
        ("inproceedings", TITLE.replace("{Fast", "{DEMO: Fast")),
    ],
)
def test_another_work_may_have_the_title_of_a_paper(
    read: Read, entry_type: str, title: str
) -> None:
    other = paper("a", title, "doi = {10.5281/zenodo.1}", entry_type=entry_type)
    preprint = paper("c", "doi = {10.48550/arXiv.2403.06664}", TITLE)
    article = paper("b", TITLE, *ARTICLE, "related = {c}", entry_type="article")
    assert duplicates(read(other + article + preprint)) == []


def test_a_work_of_another_kind_hides_no_duplicate(read: Read) -> None:
    thesis = paper("a", TITLE, entry_type="phdthesis")
    article = paper("b", TITLE, *ARTICLE, entry_type="article")
    assert [
        key for key, _ in duplicates(read(thesis + article + paper("c", TITLE)))
    ] == ["c"]


def test_a_preprint_with_its_identifier_as_volume_is_one_with_its_paper(
    read: Read,
) -> None:
    preprint = paper(
        "a", TITLE, "journal = {CoRR}", "volume = {abs/2403.06664}",
        entry_type="article",
    )  # fmt: skip
    article = paper(
        "b", TITLE, "journal = {J}", "volume = 12", "year = 2025", entry_type="article"
    )
    assert [key for key, _ in duplicates(read(preprint + article))] == ["b"]


def test_a_preprint_and_its_paper_are_one(read: Read) -> None:
    preprint = paper("a", TITLE, "arxiv = {2403.06664}")
    published = paper("b", TITLE, "journal = {Journal}", entry_type="article")
    found = check_library(read(preprint + published))
    (message,) = [p.message for p in found if p.rule is Rule.DUPLICATE_PAPER]
    assert message == (
        "a (lab.bib:1) has the same title; keep the entry that is published, and give "
        "it the preprint's eprint and archiveprefix, or its key in related = {a}"
    )


# Order


def dated(key: str, year: int, month: str) -> str:
    return paper(key, f"year = {year}", f"month = {month}")


def misplaced(library: Library) -> list[tuple[str | None, str]]:
    found = check_library(library)
    return [(p.key, p.message) for p in found if p.rule is Rule.ENTRY_ORDER]


ENTRIES = {
    "a": dated("a", 2026, "may"),
    "b": dated("b", 2026, "mar"),
    "c": dated("c", 2025, "dec"),
    "d": dated("d", 2024, "jan"),
}


@pytest.mark.parametrize(
    ("order", "moving", "below"),
    [
        ("bacd", "b", "c"),
        ("dabc", "d", None),
        ("bcda", "a", "b"),
        ("dbca", "a", "b"),
        ("dcba", "a", "b"),
    ],
)
def test_the_first_entry_out_of_order_is_asked_to_move(
    read: Read, order: str, moving: str, below: str | None
) -> None:
    library = read("".join(ENTRIES[key] for key in order))
    lines = {p.key: p.source.line for p in library.publications}
    place = f"above {below} (lab.bib:{lines[below]})" if below else "to the end"
    message = (
        f"the newest come first, then by venue and title; move it {place}, or let "
        "'labsite fix' sort the file"
    )
    assert misplaced(library) == [(moving, message)]


def test_nothing_is_said_of_a_file_in_order(read: Read) -> None:
    assert misplaced(read("".join(ENTRIES.values()))) == []


@pytest.mark.parametrize("seed", range(20))
def test_an_entry_that_moves_as_told_is_in_its_place(read: Read, seed: int) -> None:
    numbers = random.Random(seed)  # noqa: S311 -- the same entries in every run
    keys = [f"k{i}" for i in range(12)]
    entries = {key: dated(key, 2026 - i, "jan") for i, key in enumerate(keys)}
    keys.insert(numbers.randrange(12), keys.pop(numbers.randrange(12)))
    library = read("".join(entries[key] for key in keys))
    moved = {key for key, _ in misplaced(library)}
    in_order = [p.key for p in sort_publications(library.publications)]
    staying = [key for key in in_order if key not in moved]
    assert staying == [key for key in keys if key not in moved]


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("year = 2026", "year = {202}"),
        ("year = 2026", "year = {2062}"),
        ("year = 2026", "yaer = 2026"),
        ("month = may", "month = {Quarter}"),
        ("month = may", "month = my"),
    ],
)
def test_an_entry_with_another_mistake_is_not_asked_to_move(
    read: Read, right: str, wrong: str
) -> None:
    text = "".join(ENTRIES.values()).replace(right, wrong, 1)
    library = read(text)
    found = [*library.problems, *check_library(library, today=TODAY)]
    assert {p.key for p in found} == {"a"}
    assert Rule.ENTRY_ORDER not in {p.rule for p in found}


def test_each_file_has_an_order_of_its_own() -> None:
    files = [("a.bib", ENTRIES["b"]), ("b.bib", ENTRIES["a"])]
    assert misplaced(read_library(files)) == []


# What a site knows besides its bibliography


def test_a_link_to_a_file_of_the_site_needs_the_file(
    read: Read, tmp_path: Path
) -> None:
    for path in ("files/a b.pdf", "_static/b.pdf", "single.pdf", "papers/c.pdf"):
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).touch()
    settings = Settings(
        source=tmp_path,
        extra_paths=("files", "single.pdf"),
        static_paths=("/engine/static", "_static"),
    )
    links = {
        "pdf": "a%20b.pdf",
        "slides": "/_static/b.pdf",
        "poster": "single.pdf",
        "video": "team/jane-roe.html",
        "code": "https://example.org/x.pdf",
        "url_bad": "missing.pdf",
        "url_apart": "papers/c.pdf",
        "url_long": "x" * 5000,
    }
    written = [f"{name} = {{{link}}}" for name, link in links.items()]
    found = list(check_library(read(paper("a", *written)), settings=settings))
    remedies = {p.message.split("; ")[1].partition(" and ")[0] for p in found}
    assert remedies == {"put the file into _static/papers/"}
    assert [(p.rule, p.line, p.message.split("; ")[0]) for p in found] == [
        (
            Rule.MISSING_FILE,
            11,
            "url_apart: the site has no file 'papers/c.pdf'",
        ),
        (Rule.MISSING_FILE, 10, "url_bad: the site has no file 'missing.pdf'"),
        (Rule.MISSING_FILE, 12, f"url_long: the site has no file '{'x' * 59}…'"),
    ]


def at(year: int, month: str, *fields: str) -> str:
    """Return a paper at a venue where another one has a DOI."""
    other = paper(
        "other", "booktitle = {V}", "doi = {10.1145/1}", entry_type="inproceedings"
    )
    date = (f"year = {year}", f"month = {month}", "booktitle = {V}")
    return paper("a", *date, *fields, entry_type="inproceedings") + other


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        (at(2026, "may"), True),
        (at(2026, "jun"), False),
        (at(2020, "may"), True),
        (at(2020, "may", "doi = {10.1145/2}"), False),
        (at(2020, "may", "booktitle = {Elsewhere}"), False),
        (at(2020, "may", "pubstate = {inpress}"), False),
        (at(2020, "may", "doi = {n/a}"), True),
        (at(2026, "{}"), False),
    ],
    ids=[
        "six months old",
        "younger",
        "old",
        "there",
        "venue without",
        "to appear",
        "bad",
        "a month that is not known",
    ],
)
def test_a_doi_is_asked_for_after_half_a_year_where_the_venue_gives_them(
    read: Read, text: str, *, missing: bool
) -> None:
    found = check_library(read(text), today=TODAY)
    keys = [p.key for p in found if p.rule is Rule.MISSING_DOI]
    assert keys == (["a"] if missing else [])


@pytest.mark.parametrize(
    ("year", "possible"),
    [(1899, False), (1900, True), (2029, True), (2030, False), (2999, False)],
)
def test_a_paper_is_of_a_year_that_can_be(
    read: Read, year: int, *, possible: bool
) -> None:
    found = check_library(read(paper("a", f"year = {year}")), today=TODAY)
    rules = [p.rule for p in found]
    assert rules == ([] if possible else [Rule.IMPOSSIBLE_YEAR])
