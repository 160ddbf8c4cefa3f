"""The documentation says what the code does, and its examples work."""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import pytest
from docutils.parsers.rst import directives, roles
from markdown_it import MarkdownIt
from PIL import Image
from scripts.generate_tables import fill, rules_tables
from sphinx.testing.util import SphinxTestApp
from sphinx.util.console import strip_colors

from labsite.__main__ import main
from labsite.bibtex.fields import FIELDS, LINK_FIELDS, Datatype, canonical_name
from labsite.bibtex.reader import read_library
from labsite.checks import check_library
from labsite.cli import load_command
from labsite.exports import FORMATS, Collection, Site
from labsite.exports.bibtex import render_entry
from labsite.exports.highwire import citation_tags
from labsite.model.dates import PartialDate
from labsite.model.problems import Rule
from labsite.model.records import Kind, Topic
from labsite.pages.news import KINDS as NEWS_KINDS
from labsite.pages.people import read_people
from labsite.site.news import drafted_news
from labsite.sphinx.untrusted import RefusedDirective

if TYPE_CHECKING:
    from collections.abc import Iterator

    from labsite.model.records import Library

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
CONTRIBUTING = ROOT / "CONTRIBUTING.md"
KOREAN = ROOT / "CONTRIBUTING.ko.md"
PAGES = [ROOT / "README.md", CONTRIBUTING, KOREAN, *sorted(DOCS.glob("*.md"))]
#: What directives.md describes although other packages name it.
OF_OTHERS = {"cite", "pub:ref", "bibliography"}
FENCE = re.compile(r"^(`{3,})(\w+)\n(.*?)^\1$", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`([^`]+)`")
DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><g/></svg>'
TOPICS = [Topic(slug=slug, title=slug, docname="") for slug in ("my-topic", "graphs")]


def blocks(path: Path, language: str) -> list[str]:
    """Return the code blocks of a page that are in a language."""
    text = path.read_text(encoding="utf-8")
    return [found[3] for found in FENCE.finditer(text) if found[2] == language]


def sections(path: Path) -> dict[str, str]:
    """Return the text below each heading of the second level."""
    text = path.read_text(encoding="utf-8")
    code = [found.span() for found in FENCE.finditer(text)]
    heads = [
        found
        for found in re.finditer(r"^## (.+)$", text, re.MULTILINE)
        if not any(start < found.start() < end for start, end in code)
    ]
    ends = [*(found.start() for found in heads[1:]), len(text)]
    return {
        found[1]: text[found.end() : end]
        for found, end in zip(heads, ends, strict=True)
    }


def rows(text: str) -> list[list[str]]:
    """Return the cells of all tables in a text, the heads left out."""
    found: list[list[str]] = []
    for line in text.splitlines():
        if re.fullmatch(r"\|[-|]+\|", line):
            found.pop()  # the head, which stands above
        elif line.startswith("|"):
            found.append([cell.strip() for cell in line.strip("|").split(" | ")])
    return found


def named(text: str) -> list[str]:
    """Return what stands in the first column of the tables, as code."""
    return [name for cells in rows(text) for name in CODE.findall(cells[0])]


def example(heading: str) -> str:
    """Return the first code block of Markdown in a part of CONTRIBUTING.md."""
    found = FENCE.search(sections(CONTRIBUTING)[heading])
    assert found is not None
    return found[3]


# Links, commands and files


def slug(heading: str) -> str:
    """Return the anchor that GitHub gives a heading."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def anchors(path: Path) -> set[str]:
    text = path.read_text(encoding="utf-8")
    prose = FENCE.sub("", text)
    headings = re.findall(r"^#+ (.+)$", prose, re.MULTILINE)
    return {slug(heading) for heading in headings} | set(
        re.findall(r'<a id="([^"]+)">', prose)
    )


def links(path: Path) -> Iterator[str]:
    tokens = MarkdownIt("commonmark").enable("table").parse(path.read_text("utf-8"))
    for token in tokens:
        for child in token.children or ():
            target = child.attrs.get("href") or child.attrs.get("src")
            if target:
                yield unquote(str(target))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_within_the_repository_leads_somewhere(page: Path) -> None:
    dead = []
    for link in links(page):
        address, _, anchor = link.partition("#")
        target = page.parent / address if address else page
        if "://" not in link and (
            not target.exists() or (anchor and anchor not in anchors(target))
        ):
            dead.append(link)
    assert dead == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_of_make_exists(page: Path) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    code = [*CODE.findall(FENCE.sub("", page.read_text("utf-8"))), *blocks(page, "sh")]
    named = {word for text in code for word in re.findall(r"\bmake ([a-z-]+)", text)}
    known = set(re.findall(r"^\.PHONY: ([a-z-]+)$", makefile, re.MULTILINE))
    assert named <= known


def test_the_table_of_formats_has_those_of_the_command() -> None:
    (choices,) = (
        options["choices"]
        for flags, options in load_command("export")[1]
        if flags == ("--format",)
    )
    text = (DOCS / "exports.md").read_text("utf-8").split("<!-- end -->")[0]
    assert named(text) == list(choices)


@pytest.mark.parametrize("page", [CONTRIBUTING, KOREAN])
def test_every_kind_of_news_is_listed(page: Path) -> None:
    kinds = [f"`{kind}`" for kind in NEWS_KINDS]
    listed = r",?\s(?:or\s)?".join(kinds)
    assert re.search(listed, page.read_text(encoding="utf-8"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_module_that_is_named_exists(page: Path) -> None:
    folders = (ROOT / "src", ROOT / "tests", ROOT / "scripts")
    known = [path.as_posix() for folder in folders for path in folder.rglob("*.py")]
    known.append("/conf.py")
    code = CODE.findall(FENCE.sub("", page.read_text(encoding="utf-8")))
    modules = [name for name in code if re.fullmatch(r"[\w/]+\.py", name)]
    lost = [name for name in modules if not any(k.endswith(f"/{name}") for k in known)]
    assert lost == []


@pytest.mark.parametrize("name", ["build.md", "extending.md"])
def test_every_name_of_the_code_exists(name: str) -> None:
    page = (DOCS / name).read_text(encoding="utf-8")
    kinds = {".py", ".html", ".toml"}
    files = [path for path in (ROOT / "src").rglob("*") if path.suffix in kinds]
    files.append(ROOT / "pyproject.toml")
    known = "".join(path.read_text(encoding="utf-8") for path in files)
    known += "enw_tags url_anything"  # which examples add
    code = CODE.findall(FENCE.sub("", page).replace("`labsite_", "`"))
    form = re.compile("[A-Za-z]*(_[A-Za-z]+)+|([A-Z][a-z]+){2,}")
    names = [name.split(".") for name in code if not name.endswith(".py")]
    lost = [n for n in names if form.fullmatch(n[0]) and not all(p in known for p in n)]
    assert lost == []


# What the tables list


def test_the_generated_tables_are_up_to_date() -> None:
    pages = [path.read_text(encoding="utf-8") for path in DOCS.glob("*.md")]
    assert sum("<!-- generated: " in page for page in pages) > 1
    assert [page for page in pages if fill(page) != page] == []


def test_every_rule_is_in_a_group_of_the_tables() -> None:
    known = re.findall(r'<a id="([a-z-]+)">', rules_tables())
    assert [rule for rule in Rule if rule.value not in known] == []


def test_every_field_is_in_the_tables() -> None:
    page = (DOCS / "fields.md").read_text(encoding="utf-8")
    assert [name for name in FIELDS if f"`{name}`" not in page] == []


def documented_fields() -> dict[str, bool]:
    """Return the fields of the table, and whether each is in the BibTeX."""
    known = {name: f for f in FIELDS.values() for name in (f.name, *f.aliases)}
    return {name: field.exported for name, field in known.items()}


#: A value for each field of the table, and what it needs beside it.
SAMPLES = {
    "author": ("{Roe, Jane}", ""),
    "editor": ("{Roe, Jane}", ""),
    "author+an": ("{1=equal}", "author = {Roe, Jane},"),
    "author+an:id": ("{1=jane-roe}", "author = {Roe, Jane},"),
    "author+an:orcid": ("{1=0000-0002-1825-0097}", "author = {Roe, Jane},"),
    "editor+an": ("{1=equal}", "editor = {Roe, Jane},"),
    "shortjournal": ("{CE}", "journal = {Conference on Examples},"),
    "abbr": ("{CE}", "journal = {Conference on Examples},"),
    "date": ("{2026-02-14}", ""),
    "year": ("{2026}", ""),
    "month": ("feb", "year = {2026},"),
    "pubstate": ("{inpress}", ""),
    "entrysubtype": ("{workshop}", ""),
    "doi": ("{10.5555/1234567}", ""),
    "eprint": ("{2602.00000}", "archiveprefix = {arXiv},"),
    "archiveprefix": ("{HAL}", "eprint = {2602.00000},"),
    "eprinttype": ("{HAL}", "eprint = {2602.00000},"),
    "arxiv": ("{2602.00000}", ""),
    "selected": ("{true}", ""),
    "accepted": ("{2025-11-07}", ""),
    "crossref": ("{parent}", ""),
    "type": ("{Diploma thesis}", "entrysubtype = {thesis},"),
    "langid": ("{ko}", ""),
    "language": ("{ko}", ""),
    "pages": ("{1--9}", ""),
    "day": ("{14}", "year = {2026}, month = feb,"),
    "booksubtitle": ("{Words}", "booktitle = {Book},"),
    "booktitleaddon": ("{Words}", "booktitle = {Book},"),
    "mainsubtitle": ("{Words}", "maintitle = {Book},"),
    "maintitleaddon": ("{Words}", "maintitle = {Book},"),
    "journalsubtitle": ("{Words}", "journal = {Journal},"),
    "journaltitleaddon": ("{Words}", "journal = {Journal},"),
    "issuesubtitle": ("{Words}", "issuetitle = {Issue},"),
    "issuetitleaddon": ("{Words}", "issuetitle = {Issue},"),
    "eventtitleaddon": ("{Words}", "eventtitle = {Event},"),
    "eventdate": ("{2026-02-14}", ""),
    "origdate": ("{2026-02-14}", ""),
    "urldate": ("{2026-02-14}", ""),
    "editortype": ("{compiler}", "editor = {Roe, Jane},"),
    "editoratype": ("{compiler}", "editora = {Roe, Jane},"),
    "editorbtype": ("{compiler}", "editorb = {Roe, Jane},"),
    "editorctype": ("{compiler}", "editorc = {Roe, Jane},"),
} | {
    name: (
        "{10.5555/1}" if f.datatype is Datatype.DOI else "{https://example.org/a}",
        "",
    )
    for name, f in {**LINK_FIELDS, "url_anything": FIELDS["url"]}.items()
}
#: Fields of which the table says that they do nothing, or nothing on their own.
IDLE = {
    name
    for f in FIELDS.values()
    for name in (f.name, *f.aliases)
    if f.meaning.startswith("not used")
} | {"options", "xdata", "xref", "related", "relatedtype"}


def library_with(name: str) -> Library:
    of_field = SAMPLES.get(canonical_name(name), ("{words}", ""))
    value, beside = SAMPLES.get(name, of_field)
    entry = f"@misc{{key, {beside} {name} = {value},\n  title = {{Title}} }}"
    if name == "title":
        entry = "@misc{key, title = {Other} }"
    parent = "@proceedings{parent, title = {Proceedings}, year = {2026} }"
    parent += "@inproceedings{child, crossref = {parent}, title = {Child} }"
    return read_library([("lab.bib", f"{parent}\n{entry}")])


def meaning(library: Library) -> str:
    """Return all that the engine makes of the one entry, its BibTeX left out."""
    publication = library.by_key["key"]
    site = Site(
        title="Lab",
        base_url="https://lab.example/",
        publication_path=lambda p: f"publications/{p.key}.html",
    )
    collection = Collection(
        title="All", path="all", page="all.html", publications=[publication], site=site
    )
    record = [
        getattr(publication, part.name)
        for part in dataclasses.fields(publication)
        if part.name
        not in {"fields", "source", "texts", "contributors", "lacks_fields"}
    ]
    record += [text for text in publication.texts if text[0] not in IDLE]
    record += [people for people in publication.contributors if people.role not in IDLE]
    texts = [f.render(collection) for f in FORMATS if f.name in {"ris", "csl-json"}]
    drafts = [*drafted_news(library, ())]
    return repr((record, texts, citation_tags(publication, site), drafts))


@pytest.mark.parametrize("name", sorted(documented_fields()))
def test_a_field_is_in_the_bibtex_as_the_table_says(name: str) -> None:
    publication = library_with(name).by_key["key"]
    lines = render_entry(publication).splitlines()
    found = any(line.split("=")[0].strip() == name for line in lines)
    assert found == documented_fields()[name]


@pytest.mark.parametrize("name", sorted(documented_fields()))
def test_a_field_means_something_unless_the_table_says_nothing(name: str) -> None:
    _value, beside = SAMPLES.get(name, ("", ""))
    entry = f"@misc{{key, {beside} title = {{Title}} }}"
    without = meaning(read_library([("lab.bib", entry)]))
    assert (meaning(library_with(name)) != without) == (name not in IDLE)


def test_every_kind_is_what_the_types_of_its_row_make() -> None:
    table = rows(sections(DOCS / "fields.md")["Kinds"])
    kinds = {kind: CODE.findall(c[1]) for c in table for kind in CODE.findall(c[0])}
    assert kinds.keys() == set(Kind)
    made = {
        entry_type: read_library([("lab.bib", f"{entry_type}{{key, title = {{T}} }}")])
        for types in kinds.values()
        for entry_type in types
        if entry_type.startswith("@")
    }
    assert {
        entry_type: library.publications[0].kind for entry_type, library in made.items()
    } == {
        entry_type: Kind(kind)
        for kind, types in kinds.items()
        for entry_type in types
        if entry_type.startswith("@")
    }


# The examples


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_example_of_bibtex_is_without_a_problem(page: Path) -> None:
    own = (ROOT / "publications.bib").read_text(encoding="utf-8")
    macros = "\n".join(re.findall(r"^@string.*$", own, re.MULTILINE))
    for block in blocks(page, "bibtex"):
        library = read_library([("macros.bib", macros), (page.name, block)])
        assert library.entries > 0
        assert library.problems == ()
        assert list(check_library(library, TOPICS)) == []


def test_lines_for_somebody_who_leaves_make_an_alumnus(tmp_path: Path) -> None:
    added = next(text for text in blocks(CONTRIBUTING, "yaml") if "left:" in text)
    person = example("Add a person").replace("role: phd\n", f"role: phd\n{added}")
    (tmp_path / "gildong-hong.md").write_text(person, encoding="utf-8")
    people, problems = read_people(tmp_path, "team")
    assert problems == []
    assert people[0].has_left(PartialDate(2026, 2, 1))


def test_messages_are_those_that_the_command_prints(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = {
        # The topic of the example has no paper.
        "conf.py": 'labsite_rules = {"new-topic": "off"}\n',
        "publications.bib": blocks(CONTRIBUTING, "bib")[0],
        "research/my-topic.md": example("Add a topic"),
        "team/gildong-hong.md": example("Add a person").replace(
            "[hong2026example]", "[hong2027broken]"
        ),
    }
    write(tmp_path, files)
    assert main(["check", "--source", str(tmp_path)]) == 1
    assert capsys.readouterr().out == blocks(CONTRIBUTING, "console")[0]


def write(folder: Path, files: dict[str, str]) -> None:
    """Write files, and the pictures that the examples name."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    for name in (
        "team/gildong-hong.jpg",
        "previews/hong2026example.png",
        "examples/rack.jpg",
        "examples/board.jpg",
    ):
        (folder / name).parent.mkdir(exist_ok=True)
        Image.new("RGB", (40, 40)).save(folder / name)


@dataclass(frozen=True)
class Lab:
    """The small site of the documentation with every example, and what is built."""

    folder: Path
    warnings: str
    directives: dict[str, Any]
    roles: set[str]
    handlers: set[tuple[str, int, str]]


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Lab:
    """Build the site that configuration.md describes with the examples of all pages."""
    source = tmp_path_factory.mktemp("docs")
    files = small_site()
    files["conf.py"] += "nitpicky = True\n"
    files["publications.bib"] += blocks(CONTRIBUTING, "bibtex")[0]
    files["publications.bib"] += '@string{HPCA = "Symposium"}\n'
    files["publications.bib"] = "".join(sorted(
        re.split(r"(?=^@)", files["publications.bib"], flags=re.MULTILINE),
        key=lambda part: not part.startswith("@string"),
    ))  # fmt: skip
    files["team/gildong-hong.md"] = example("Add a person")
    files["news/2026-02-02-example.md"] = example("Add an item of news")
    files["examples/courses.yaml"] = example("Add a course")
    files["examples/groups.yaml"] = example("Add a group that you write papers with")
    files["research/my-topic.md"] = example("Add a topic")
    files["_static/my-topic.svg"] = files["_static/img/my-topic.svg"] = DRAWING
    files["_static/drawing.svg"] = DRAWING
    for name, text in sections(DOCS / "directives.md").items():
        found = FENCE.search(text)
        assert found is not None, name
        page = f"---\norphan: true\n---\n\n# Example\n\n{found[3]}"
        files[f"examples/{slug(name)}.md"] = page
    write(source, files)
    app = SphinxTestApp("html", source, builddir=source / "_build")
    try:
        app.build()
        # docutils has no public way to what is registered.
        registered = vars(directives)["_directives"], vars(roles)["_roles"]
        return Lab(
            folder=Path(app.outdir),
            warnings=strip_colors(app.warning.getvalue()).strip(),
            directives={n: d for n, d in registered[0].items() if _is_new(d)},
            roles={name for name, role in registered[1].items() if _is_ours(role)},
            handlers={
                (event, listener.priority, listener.handler.__name__)
                for event, listeners in app.events.listeners.items()
                for listener in listeners
                if _is_ours(listener.handler)
            },
        )
    finally:
        app.cleanup()


def _is_new(directive: Any) -> bool:  # noqa: ANN401 -- docutils takes functions too
    """Return whether a directive is the engine's, and no other one that it limits."""
    if directive is RefusedDirective:  # in the place of docutils' own
        return False
    base = getattr(directive, "__base__", None)
    return _is_ours(directive) and (_is_ours(base) or "run" not in vars(base))


def _is_ours(thing: object) -> bool:
    module = getattr(thing, "__module__", None) or type(thing).__module__
    return str(module).startswith("labsite.")


def small_site() -> dict[str, str]:
    """Return the files of the site that configuration.md has in full."""
    text = sections(DOCS / "configuration.md")["A small site"]
    named_block = re.compile(
        r"^`([\w./-]+)`[^\n]*:\n\n(`{3,})\w+\n(.*?)^\2$", re.MULTILINE | re.DOTALL
    )
    return {found[1]: found[3] for found in named_block.finditer(text)}


def test_the_small_site_and_all_examples_build_without_a_warning(lab: Lab) -> None:
    assert lab.warnings == ""


def test_the_small_site_shows_its_paper_wherever_it_belongs(lab: Lab) -> None:
    for page in ("index", "research/graphs", "publications/index", "team/jane-roe"):
        text = (lab.folder / f"{page}.html").read_text(encoding="utf-8")
        assert "roe2026graphs.html" in text, page


def test_every_directive_and_role_is_documented(lab: Lab) -> None:
    written = sections(DOCS / "directives.md").keys() - OF_OTHERS
    assert written == lab.directives.keys() | lab.roles


def test_the_overview_names_every_directive_and_role() -> None:
    text = (DOCS / "directives.md").read_text(encoding="utf-8").partition("\n## ")[0]
    assert set(named(text)) == sections(DOCS / "directives.md").keys()


def test_every_option_of_a_directive_is_documented(lab: Lab) -> None:
    parts = sections(DOCS / "directives.md")
    for name, directive in lab.directives.items():
        written = set(re.findall(r"^- `:([a-z-]+):`", parts[name], re.MULTILINE))
        assert written == set(directive.option_spec or {}), name


def test_every_handler_stands_in_the_table_of_phases(lab: Lab) -> None:
    written = set()
    for cells in rows(sections(DOCS / "build.md")["The phases"]):
        phase = re.fullmatch(r"`([a-z-]+)`(?:, (\d+))?", cells[0])
        if phase:
            priority = int(phase[2] or 500)
            written |= {(phase[1], priority, name) for name in CODE.findall(cells[1])}
    assert written == lab.handlers


def test_every_test_that_the_documents_name_is_there() -> None:
    tests = Path(__file__).parent
    text = (DOCS / "robustness.md").read_text(encoding="utf-8")
    found = re.findall(r"`([\w/]+\.py)::(\w+)`", text)
    assert len(found) > 30
    for file, name in found:
        assert f"def {name}(" in (tests / file).read_text(encoding="utf-8"), name
