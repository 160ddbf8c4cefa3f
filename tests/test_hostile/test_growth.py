"""Twice the input takes twice the work, counted in calls: nobody can make a build hang.

Calls are counted, not seconds, so that a busy machine changes nothing.
"""

from __future__ import annotations

import cProfile
from typing import TYPE_CHECKING

import pytest

from labsite.bibtex.reader import read_library
from labsite.checks import check_library
from labsite.checks.names import check_authors
from labsite.checks.pages import check_news
from labsite.editing.fix import correct_text, fix_files
from labsite.model.dates import PartialDate
from labsite.model.records import NewsItem, Person, Role, Topic
from labsite.model.sources import PageSource
from labsite.pages.front_matter import Fields, parse_page
from labsite.pages.yaml_lines import Document
from labsite.site.authorship import Identities
from labsite.text.markup import find_roles

if TYPE_CHECKING:
    from collections.abc import Callable

TODAY = PartialDate(2026, 11, 27)
TOPICS = (Topic(slug="graphs", title="Graphs", docname="research/graphs"),)


def count_calls(act: Callable[[str], object], text: str) -> int:
    """Return how many calls it takes to do something with a text."""
    profile = cProfile.Profile(builtins=True)
    profile.runcall(act, text)
    return sum(call.callcount for call in profile.getstats())


def assert_proportional(
    act: Callable[[str], object], make: Callable[[int], str], size: int
) -> None:
    """Assert that twice the size is at most two and a half times the work."""
    act(make(2))  # what is made once is made now
    small, large = count_calls(act, make(size)), count_calls(act, make(2 * size))
    assert large < 2.5 * small


def person(number: int, name: str, distinct: tuple[str, ...] = ()) -> Person:
    return Person(
        slug=f"p{number}",
        name=name,
        role=Role.PHD,
        docname=f"team/p{number}",
        distinct_from=distinct,
        source=PageSource(file=f"team/p{number}.md"),
    )


def check(text: str) -> object:
    """Read and check a bibliography."""
    library = read_library([("lab.bib", text)])
    people = Identities([person(1, "Gildong Hong"), person(2, "Jane Roe")])
    found = [*library.problems, *check_library(library, TOPICS, TODAY)]
    return [*found, *check_authors(library.publications, people)]


def fix(text: str) -> object:
    """Mend a bibliography."""
    return fix_files([("lab.bib", text.encode())])


def entries(line: str) -> Callable[[int], str]:
    """Return a function that repeats an entry, or more, with its number in it."""
    return lambda size: "".join(line.replace("№", str(n)) for n in range(size))


def field(name: str, unit: str, end: str = "") -> Callable[[int], str]:
    """Return a function that makes an entry with a long field."""
    rest = "author = {Roe, Jane}, " if name != "author" else ""

    def make(size: int) -> str:
        value = "".join(unit.replace("№", str(n)) for n in range(size)) + end * size
        return f"@misc{{k, title = {{T}}, {rest}year = 2026, {name} = {{{value}}}}}"

    return make


def fields(unit: str) -> Callable[[int], str]:
    """Return a function that makes an entry of many fields."""
    return lambda size: (
        "@misc{k,\n  title = {T},\n"
        + "".join(f"  {unit.replace('№', str(n))},\n" for n in range(size))
        + "}\n"
    )


PAPER = "title = {A Paper of Number №}, author = {Roe, Jane}, year = 2026"
FILES = {
    "entries": entries(f"@misc{{k№, {PAPER}}}\n"),
    "entries of one key": entries(f"@misc{{k, {PAPER}}}\n"),
    "entries on one line": entries(f"@misc{{k№, {PAPER}}} "),
    "entries that are never closed": entries("@misc{k№, title = {T\n"),
    "papers of one title": entries(
        "@misc{k№, title = {One Title of Many}, author = {A, B}, year = 2026}\n"
    ),
    "macros": entries("@string{m№ = {Venue №}}\n"),
    "macros made of the one before": lambda size: (
        "@string{m0 = {x}}\n"
        + "".join(f"@string{{m{n} = m{n - 1} # m{n - 1}}}\n" for n in range(1, size))
    ),
    "macros between entries": entries(
        f"@string{{m№ = {{Symposium №}}}}\n@misc{{k№, {PAPER}, journal = m№}}\n"
    ),
    "venues near others": lambda size: (
        entries("@string{m№ = {Symposium on Number № of Things}}\n")(20)
        + entries(
            f"@article{{k№, {PAPER}, journal = {{Symposium of Numbers № of Thing}}}}\n"
        )(size)
    ),
    "a chain of crossrefs": entries(f"@misc{{k№, {PAPER}, crossref = {{k№1}}}}\n"),
    "children of one parent": lambda size: (
        entries(f"@misc{{k№, {PAPER}, crossref = {{p}}}}\n")(size)
        + fields(f"x№ = {{{'y' * 50}}}")(size).replace("{k", "{p", 1)
    ),
    "a value of many parts": lambda size: (
        "@misc{k, title = " + '"x" # ' * (5 * size) + '"x"}'
    ),
    "fields": fields("x№ = {y}"),
    "one field again and again": fields("title = {T}"),
    "links": fields("url_№ = {https://example.org/№}"),
    "links that are none": fields("url_№ = {javascript:№}"),
    "links to nowhere": fields("url_№ = {https://localhost/№}"),
    "names": field("author", "Kim№, Jinho and "),
    "near misses": field("author", "Hong, Gil Dong№ and "),
    "an and too many": field("author", " and "),
    "a name of many words": field("author", "van Word "),
    "braces among names": field("author", "{} and "),
    "marks at one name": field("author+an", "1=equal; "),
    "braces": field("title", "{", "}"),
    "commands within each other": field("title", "\\emph{x", "}"),
    "formulas": field("title", "$x_№$ "),
    "dollars": field("abstract", "$"),
    "accents": field("abstract", "\\'{e} "),
    "remarks": field("booktitle", "best "),
    "earlier keys": field("ids", "old№, "),
    "topics": field("keywords", "topic№, "),
    "tags": field("note", "<i "),
}


@pytest.mark.parametrize("name", FILES)
def test_a_bibliography_is_checked_in_proportion(name: str) -> None:
    assert_proportional(check, FILES[name], 120)


def test_few_commands_of_preambles_are_read() -> None:
    letters = "abcdefghijklmnopqrst"
    names = [a + b for a in letters for b in letters]
    texts = [rf'@preamble{{"\def\my{name}#9{{}}"}}' for name in names]
    small = count_calls(check, "\n".join([*texts[:60], *["@preamble{{}}"] * 340]))
    assert count_calls(check, "\n".join(texts)) < 1.2 * small


@pytest.mark.parametrize("name", FILES)
def test_a_bibliography_is_mended_in_proportion(name: str) -> None:
    assert_proportional(fix, FILES[name], 120)


def read(text: str) -> object:
    document = Document(file="team/p.md")
    parse_page(text, document)
    fields = Fields(document, document.value)
    fields.check_keys(("name",))
    return [fields.texts("name"), list(fields.mappings("awards", "name: x"))]


def page(unit: str, start: str = "", end: str = "") -> Callable[[int], str]:
    def make(size: int) -> str:
        lines = "".join(unit.replace("№", str(n)) for n in range(size))
        return f"---\n{start}{lines}{end}\n---\n"

    return make


PAGES = {
    "fields": page("x№: y\n"),
    "one field again and again": page("name: y\n"),
    "a list": page("  - y№\n", "name:\n"),
    "a list on one line": page("y, ", "name: [", "]"),
    "awards": page("  - name: y\n    by: z\n", "awards:\n"),
    "lists within each other": page("[", "name: "),
    "brackets": page("- "),
    "quotes": page("''", "name: '", "'"),
    "references": page("x№: &a y\n"),
    "a long name of a field": page("k", "? ", "\n: y"),
    "remarks": page("# x\n"),
}


@pytest.mark.parametrize("name", PAGES)
def test_front_matter_is_read_in_proportion(name: str) -> None:
    assert_proportional(read, PAGES[name], 200)


BODIES = {
    "references": "{pub:ref}`x <k№>`\n",
    "citations": "{cite}`a№,b`\n",
    "directives within each other": "```{note}\n",
    "backticks": "`",
    "braces": "{a}`<",
}


@pytest.mark.parametrize("name", BODIES)
def test_roles_are_found_in_proportion(name: str) -> None:
    unit = BODIES[name]
    assert_proportional(
        lambda text: list(find_roles(text)),
        lambda size: "".join(unit.replace("№", str(n)) for n in range(size)),
        100,
    )


def test_unknown_keys_are_told_of_in_proportion() -> None:
    def act(text: str) -> object:
        library = read_library([("lab.bib", text)])
        items = [
            NewsItem(
                slug=f"n{number}",
                issued=TODAY,
                text="x",
                source=PageSource(file="n.md", body=f"{{cite}}`{number}nobody`"),
            )
            for number in range(len(library.publications))
        ]
        return list(check_news(items, library, {}))

    assert_proportional(act, FILES["entries"], 250)


@pytest.mark.parametrize("name", ["Gildong Hong", "Gildong№ Hong", "G№ildong Hong"])
def test_near_misses_are_found_in_proportion_to_people_and_papers(name: str) -> None:
    def act(text: str) -> object:
        library = read_library([("lab.bib", text)])
        size = len(library.publications)
        people = [person(n, name.replace("№", chr(97 + n))) for n in range(size)]
        return list(check_authors(library.publications, Identities(people)))

    paper = "title = {T}, author = {Hong, Gil DOng and Hong, G. and Hong, Gil}"
    assert_proportional(act, entries(f"@misc{{k№, {paper}}}\n"), 120)


@pytest.mark.parametrize("text", ["&amp;", "&" + "amp;" * 9, "{\\&}", "1-2", "  "])
@pytest.mark.parametrize("name", ["title", "doi", "pages", "abstract"])
def test_a_field_is_mended_in_proportion(name: str, text: str) -> None:
    def act(value: str) -> object:
        return correct_text(name, value)

    assert_proportional(act, lambda size: text * size, 100)


def test_entities_within_each_other_are_left_alone() -> None:
    text = "&" + "amp;" * 1000
    assert correct_text("title", text) == text
