"""Bibliographies that nobody would write: read to the end, whatever they hold."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from labsite.bibtex.reader import read_library
from labsite.checks import check_library
from labsite.checks.names import check_authors
from labsite.editing.add import add_papers, read_records
from labsite.editing.fix import fix_files
from labsite.editing.house_style import HouseStyle
from labsite.exports import FORMATS, Collection, Site
from labsite.model.dates import PartialDate
from labsite.model.files import decode_text
from labsite.model.problems import LabsiteError, Problem, Rule
from labsite.model.records import Library, Person, Role, Topic
from labsite.model.sources import PageSource
from labsite.site.authorship import Identities

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

TODAY = PartialDate(2026, 11, 27)
TOPICS = (Topic(slug="graphs", title="Graphs", docname="research/graphs"),)
PEOPLE = tuple(
    Person(
        slug=f"p{number}",
        name=name,
        role=Role.PHD,
        docname=f"team/p{number}",
        source=PageSource(file=f"team/p{number}.md"),
    )
    for number, name in enumerate(["Gildong Hong", "Jane Roe", "홍 길동"])
)
BEFORE = "@misc{before,\n  title = {Before},\n  author = {A, B},\n  year = 2020,\n}\n\n"
BEHIND = "@misc{behind,\n  title = {Behind},\n  author = {A, B},\n  year = 2020,\n}\n"

# A grammar of entries, with damage.

#: What means something to BibTeX, LaTeX, HTML or Unicode.
PIECES = st.sampled_from([
    "{", "}", '"', "\\", "$", "#", "%", "&", "~", "^", "_", "@", ",", "=", "(", ")",
    " and ", "and", " others", "\n", "\n\n", "\t", "\r", " ", "\\emph{", "\\href{",
    "$x^2$", "\\begin{a}", "\\end{a}", "\\'", '\\"', "\\i", "\\frac{1}", "\\sqrt[",
    "\\item", "\\\\", "\\verb|", "\\(", "\\)", "\\[", "``", "''", "--", "---", "<b>",
    "</script>", "&amp;", "&#60;", "%7B", "https://", "javascript:", "10.1145/1",
    "arXiv:", "2403.06664", "1999", "9" * 5000, "Kim, ", "von ", "Jr, ", "1=equal; ",
    "\u202e", "\u200b", "e\u0301", "\ufeff", "\u2028", "홍", "ע", "🎉", "\ud7a3",
    "\U000e0041", "ﬁ", "٣", "²", "İ", "ß", "{" * 120, "@misc{x, ", "@string{",
    "@comment{", "crossref", "title", "author", "İ" * 50,
])  # fmt: skip
SOUP = st.lists(PIECES | st.text(max_size=6), max_size=12).map("".join)
NAMES = st.sampled_from([
    "author", "author+an", "editor", "title", "booktitle", "journal", "year", "month",
    "date", "doi", "eprint", "archiveprefix", "arxiv", "keywords", "ids", "crossref",
    "pages", "note", "award", "abstract", "pdf", "url", "url_x", "code", "preview",
    "selected", "accepted", "entrysubtype", "pubstate", "publisher", "booktitel", "x",
])  # fmt: skip
KEYS = st.sampled_from(["a", "b", "c", "A", "roe2026", "ü", "a.b", "a/b", "../x", "-"])
MACROS = st.sampled_from(["a", "b", "c", "jan", "HPCA", "nobody"])
VALUES = (
    SOUP.map(lambda text: f"{{{text}}}")
    | SOUP.map(lambda text: f'"{text}"')
    | KEYS.map(lambda key: f"{{{key}}}")
    | st.integers(min_value=0).map(str)
    | st.lists(MACROS | st.just('"x"'), min_size=1, max_size=4).map(" # ".join)
)
FIELDS = st.tuples(NAMES, VALUES).map(" = ".join)
ENTRIES = st.builds(
    lambda kind, key, fields: f"@{kind}{{{key},\n  " + ",\n  ".join(fields) + "\n}\n",
    st.sampled_from(["misc", "article", "inproceedings", "proceedings", "Book", "x"]),
    KEYS,
    st.lists(FIELDS, max_size=8),
)
STRINGS = st.builds("@string{{{} = {}}}\n".format, MACROS, VALUES)


@st.composite
def damaged(draw: st.DrawFn) -> str:
    """Return an entry with characters taken out, put in or doubled."""
    text = draw(ENTRIES)
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(text)))
        end = draw(st.integers(at, min(at + 8, len(text))))
        text = (
            text[:at]
            + draw(st.just("") | PIECES | st.just(text[at:end] * 2))
            + text[end:]
        )
    return text


FILES = st.lists(ENTRIES | damaged() | STRINGS | SOUP, max_size=6).map("".join)


def read_all(text: str) -> tuple[Library, list[Problem]]:
    """Read and check a file as the command does."""
    library = read_library([("lab.bib", text)])
    found = [*library.problems, *check_library(library, TOPICS, TODAY)]
    return library, [
        *found,
        *check_authors(library.publications, Identities(PEOPLE)),
    ]


def assert_placed(problems: Iterable[Problem], text: str) -> None:
    """Assert that every problem points into the file."""
    lines = text.split("\n")
    for problem in problems:
        assert 1 <= problem.line <= len(lines), problem
        assert 1 <= problem.column <= len(lines[problem.line - 1]) + 1, problem
        assert len(problem.message) < 2000, problem


@given(text=FILES)
@example(text="@misc{a, title = " + '"x" # ' * 50 + "}")
@example(text="".join(f"@string{{m{i} = m{i - 1} # m{i - 1}}}\n" for i in range(1, 99)))
def test_a_file_is_read_to_its_end_with_every_problem_in_its_place(text: str) -> None:
    _, problems = read_all(text)
    assert_placed(problems, text)


@given(data=st.binary(max_size=200) | FILES.map(lambda text: text.encode("utf-16")))
def test_bytes_of_any_kind_are_read(data: bytes) -> None:
    text, problems = decode_text(data, "lab.bib")
    _, found = read_all(text)
    assert_placed([*problems, *found], text)


@given(broken=damaged())
def test_a_damaged_entry_costs_no_other(broken: str) -> None:
    # A line that begins an entry ends the one before, so what is inside is no matter.
    library, _ = read_all(f"{BEFORE}{broken}\n{BEHIND}")
    titles = {p.key: str(p.title) for p in library.publications}
    assert (titles["before"], titles["behind"]) == ("Before", "Behind")


@given(entries=st.lists(ENTRIES, max_size=5), seed=st.integers(0, 99))
def test_the_order_of_entries_changes_no_record(entries: list[str], seed: int) -> None:
    # Of two entries of one key the first counts, which is a matter of their order.
    named = [text.replace("{", f"{{k{i}", 1) for i, text in enumerate(entries)]
    shuffled = random.Random(seed).sample(named, len(named))  # noqa: S311 -- no secret
    assert records("".join(named)) == records("".join(shuffled))


def records(text: str) -> list[str]:
    library = read_library([("lab.bib", text)])
    return sorted(f"{p!r} {p.fields}" for p in library.publications)


@given(text=FILES)
def test_every_export_of_what_was_read_can_be_written(text: str) -> None:
    collection = collect(read_library([("lab.bib", text)]))
    for form in FORMATS:
        form.render(collection).encode()


@given(text=FILES)
@example(text="@misc{a, author = {}, author = jan, author+an = jan, title = {a}}")
def test_what_is_exported_as_bibtex_reads_as_the_same_papers(text: str) -> None:
    library = read_library([("lab.bib", text)])
    written = next(f for f in FORMATS if f.name == "bibtex").render(collect(library))
    again = read_library([("export.bib", written)])
    assert said(again.publications) == said(library.publications)


def said(publications: Sequence[object]) -> list[tuple[object, ...]]:
    names = ("key", "entry_type", "title", "creators", "issued", "doi", "arxiv")
    return [tuple(getattr(p, name) for name in names) for p in publications]


def collect(library: Library) -> Collection:
    site = Site(
        title="Lab",
        base_url="https://lab.example/",
        publication_path=lambda publication: f"publications/{publication.key}.html",
        topics=TOPICS,
    )
    return Collection(
        title="All",
        path="publications",
        page="publications/index.html",
        publications=library.publications,
        site=site,
    )


@given(text=FILES)
def test_mending_again_changes_nothing(text: str) -> None:
    (fixed,) = fix_files([("lab.bib", text.encode())])
    (again,) = fix_files([("lab.bib", fixed.after)])
    assert again.after.decode() == fixed.after.decode()


@given(text=FILES)
def test_mending_loses_no_entry(text: str) -> None:
    (fixed,) = fix_files([("lab.bib", text.encode())])
    before = read_library([("lab.bib", text)])
    after = read_library([("lab.bib", decode_text(fixed.after, "lab.bib")[0])])
    # A macro that is moved above its use may give an entry back.
    assert {p.key for p in after.publications} >= {p.key for p in before.publications}


@given(paste=FILES)
def test_adding_gives_every_entry_or_says_why_not(paste: str) -> None:
    file = f'@string{{HPCA = "Symposium on Examples"}}\n\n{BEFORE}{BEHIND}'
    library = read_library([("lab.bib", file)])
    house = HouseStyle(library, PEOPLE)
    records, left = read_records(paste, house)
    assert records or left
    try:
        batch, outcomes = add_papers(
            records, house, [("lab.bib", file.encode())], topics=["graphs"], today=TODAY
        )
    except LabsiteError:
        return
    assert len(outcomes) == len(records)
    after, problems = read_all(batch.after.decode())
    assert len(after.every_version) == 2 + sum(
        o.publication is not None for o in outcomes
    )
    assert not [p for p in problems if p.rule is Rule.SYNTAX]


@pytest.mark.parametrize("length", [10, 40, 4000])
def test_macros_that_double_each_other_end(length: int) -> None:
    chain = "".join(
        f"@string{{m{i} = m{i - 1} # m{i - 1}}}\n" for i in range(1, length)
    )
    text = f"@string{{m0 = {{x}}}}\n{chain}{BEFORE}"
    library = read_library([("lab.bib", text)])
    assert [p.key for p in library.publications] == ["before"]
    assert max(len(value) for value, _ in library.macros) <= 2000
    assert bool(library.problems) is (length > 12)


def test_a_month_of_any_length_is_no_number() -> None:
    text = f"@misc{{a,\n  title = {{T}},\n  month = {{{'9' * 5000}}},\n}}\n"
    (fixed,) = fix_files([("lab.bib", text.encode())])
    assert "9" * 5000 in fixed.after.decode()


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_byte_that_is_not_utf8_is_found_in_its_line(end: str) -> None:
    data = end.join(["@misc{a,", "  title = {T}", "}", ""]).encode() + b"\xe9"
    text, problems = decode_text(data, "lab.bib")
    assert text == "@misc{a,\n  title = {T}\n}\né"
    assert [problem.line for problem in problems] == [4]
