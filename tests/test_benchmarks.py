"""The parts of the benchmark that need no build: its data, pages and tables."""

from __future__ import annotations

import json
import pickle
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from benchmarks.bare import convert, find_children, to_markdown
from benchmarks.bounds import compare
from benchmarks.chart import draw, find_lines
from benchmarks.measure import Build, Round, Scenario, medians
from benchmarks.report import as_json, as_markdown, as_text, rows
from benchmarks.sites import LabSite, copy_site, count_entries
from benchmarks.synthetic import Bibliography, EntryMaker, grow, key_of, parse
from docutils import nodes
from docutils.utils import new_document
from lxml import etree
from sphinx import addnodes

from labsite.bibtex.reader import read_library
from labsite.checks import load
from labsite.model.records import Library, Publication
from labsite.site.configuration import read_settings
from labsite.site.site import SiteRecords
from labsite.sphinx.items import fill_lists
from labsite.sphinx.nodes import publication_list

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SIZE = 400


# The bibliography


@pytest.fixture(scope="module")
def grown(bibliography: str) -> Bibliography:
    return grow(bibliography, SIZE, EntryMaker(bibliography, SIZE))


@pytest.fixture(scope="module")
def grown_library(grown: Bibliography) -> Library:
    return read_library([("publications.bib", grown.text)])


def test_a_bibliography_grows_to_the_size_asked_for(grown_library: Library) -> None:
    assert len(grown_library.publications) == SIZE
    assert grown_library.problems == ()


def test_the_real_entries_stay_as_they_are(
    library: Library, grown_library: Library
) -> None:
    for publication in library.publications:
        there = grown_library.by_key[publication.key]
        assert there.source.text == publication.source.text


def test_nothing_is_made_if_nothing_more_is_asked_for(
    library: Library, bibliography: str
) -> None:
    size = len(library.publications)
    same = grow(bibliography, size, EntryMaker(bibliography, size))
    assert sorted(same.entries) == sorted(parse(bibliography).entries)


def test_a_bibliography_does_not_shrink(bibliography: str) -> None:
    with pytest.raises(ValueError, match="3 entries are fewer than the"):
        grow(bibliography, 3, EntryMaker(bibliography, 3))


def test_every_run_has_the_same_data(bibliography: str, grown: Bibliography) -> None:
    again = grow(bibliography, SIZE, EntryMaker(bibliography, SIZE))
    assert again.text == grown.text


def test_no_two_entries_are_of_one_title_or_key(grown_library: Library) -> None:
    titles = {str(p.title).casefold() for p in grown_library.publications}
    keys = {p.key.casefold() for p in grown_library.publications}
    assert (len(titles), len(keys)) == (SIZE, SIZE)


def test_the_entries_are_spread_over_years_topics_venues_and_people(
    library: Library, grown_library: Library
) -> None:
    def variety(of: Library) -> tuple[int, int, int, int]:
        return (
            len({p.issued.year for p in of.publications}),
            len({topic for p in of.publications for topic in p.topics}),
            len({p.venue.label for p in of.publications if p.venue}),
            len({creator.name for p in of.publications for creator in p.creators}),
        )

    years, topics, venues, people = variety(grown_library)
    assert years >= 20
    assert (topics, venues) == variety(library)[1:3]
    assert people >= variety(library)[3]


def test_an_entry_made_later_is_not_there_yet(bibliography: str) -> None:
    maker = EntryMaker(bibliography, SIZE)
    before = grow(bibliography, SIZE, maker)
    entry = maker.make(newer=1)
    after = before.add_first(entry)
    assert after.entries == (entry, *before.entries)
    assert key_of(entry) not in set(map(key_of, before.entries))


def test_a_changed_title_changes_one_line(grown: Bibliography) -> None:
    changed = grown.change_title(5, ", Second Edition")
    lines = zip(grown.text.split("\n"), changed.text.split("\n"), strict=True)
    different = [(old, new) for old, new in lines if old != new]
    assert len(different) == 1
    old, new = different[0]
    assert new == old.removesuffix("},") + ", Second Edition},"


def test_an_entry_whose_title_cannot_be_found_is_not_left_unchanged() -> None:
    with pytest.raises(ValueError, match="title of entry 1"):
        Bibliography("", ("@misc{a, title = {A}, year = {2026}}",)).change_title(0, "!")


# The sites


@pytest.fixture
def root(pytestconfig: pytest.Config) -> Path:
    return pytestconfig.rootpath


def test_a_site_with_a_grown_bibliography_has_no_problem_that_the_real_one_has_not(
    root: Path, tmp_path: Path
) -> None:
    known = {(p.rule, p.message) for p in load(read_settings(root)).problems}
    site = LabSite(root, tmp_path, SIZE)
    site.add_entry(1)
    site.change_entry(1)
    found = load(read_settings(site.place.source))
    assert {(p.rule, p.message) for p in found.problems} <= known
    assert len(found.site.library.publications) == SIZE + 1
    titles = [str(p.title) for p in found.site.library.publications]
    assert sum(title.endswith(", Revision 1") for title in titles) == 1


def test_a_copy_of_the_site_has_its_pages_and_nothing_that_was_built(
    root: Path, tmp_path: Path
) -> None:
    target = tmp_path / "copy"
    copy_site(root, target)
    names = {path.name for path in target.iterdir()}
    assert {"conf.py", "index.md", "publications.bib", "research"} <= names
    assert names.isdisjoint({"_build", ".git", ".venv", "src", "tests"})
    assert [p.name for p in (target / "publications").rglob("*.md")] == ["index.md"]
    assert count_entries(target) == count_entries(root)


# The pages without the engine


def document(*children: nodes.Node) -> nodes.document:
    result = new_document("page")
    result += list(children)
    return result


def section(title: str, *children: nodes.Node) -> nodes.section:
    return nodes.section("", nodes.title("", title), *children)


def toctree(*docnames: str) -> addnodes.toctree:
    return addnodes.toctree(includefiles=list(docnames))


def test_a_document_becomes_headings_paragraphs_lists_and_code() -> None:
    items = [nodes.list_item("", nodes.paragraph("", text)) for text in ("x", "y")]
    page = document(
        section(
            "Paper",
            nodes.paragraph("", "One\nline"),
            section("Cite", nodes.literal_block("", "@misc{a}", language="bibtex")),
            nodes.container("", nodes.bullet_list("", *items)),
            nodes.comment("", "not shown"),
        )
    )
    assert to_markdown(page) == (
        "# Paper\n\nOne line\n\n## Cite\n\n````bibtex\n@misc{a}\n````\n\n- x\n\n- y\n"
    )


def test_the_blocks_of_a_list_item_stay_together() -> None:
    blocks = nodes.paragraph("", "Title"), nodes.paragraph("", "Authors")
    item = nodes.list_item("", *blocks)
    assert to_markdown(document(nodes.bullet_list("", item))) == (
        "- Title\n\n  Authors\n"
    )


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("*a* _b_ `c`", r"\*a\* \_b\_ \`c\`"),
        ("[a](b) {c}`d`", r"\[a\](b) \{c\}\`d\`"),
        ("<b> &amp; a | b", r"\<b\> \&amp; a \| b"),
        ("# a", r"\# a"),
        ("2026. A year", r"2026\. A year"),
        ("- a", r"\- a"),
        ("+ a", r"\+ a"),
        ("% a", r"\% a"),
        (":::", r"\:::"),
        ("a - b: c.", "a - b: c."),
    ],
)
def test_text_stays_text(text: str, markdown: str) -> None:
    assert to_markdown(document(nodes.paragraph("", text))) == f"{markdown}\n"


def test_a_list_has_the_text_of_its_publications(
    make_publication: Callable[..., Publication],
) -> None:
    publication = make_publication("roe2024", title="A Paper")
    site = SiteRecords(library=Library(publications=(publication,)))
    page = document(publication_list([publication]))
    fill_lists(page, site)
    assert "- A Paper" in to_markdown(page)


def test_a_table_of_contents_leads_where_it_led() -> None:
    page = document(section("Home", toctree("a", "b/index"), toctree("c")))
    assert find_children(page) == {"a", "b/index", "c"}
    assert "```{toctree}\n:hidden:\n\n/a\n/b/index\n```" in to_markdown(page)


def test_only_pages_in_no_table_of_contents_are_orphans(tmp_path: Path) -> None:
    pages = {
        "index": document(section("Home", toctree("b/listed"))),
        "b/listed": document(section("Listed")),
        "b/loose": document(section("Loose")),
    }
    for name, page in pages.items():
        path = tmp_path / "doctrees" / f"{name}.doctree"
        path.parent.mkdir(parents=True, exist_ok=True)
        page.reporter = None  # type: ignore[assignment]  # as Sphinx keeps doctrees
        page.transformer = None  # type: ignore[assignment]
        path.write_bytes(pickle.dumps(page))
    target = tmp_path / "pages"
    convert(tmp_path / "doctrees", target, "index", SiteRecords())
    texts = {path.stem: path.read_text() for path in target.rglob("*.md")}
    assert texts.keys() == {"index", "listed", "loose"}
    orphans = [name for name, text in texts.items() if "orphan: true" in text]
    assert orphans == ["loose"]


# The tables

BUILD = Build(
    wall=2.0,
    cpu=1.5,
    peak=200 * 2**20,
    read=10,
    written=12,
    output=3 * 2**20,
    largest=5 * 1024,
)


def measured(entries: int, wall: float) -> Round:
    ours, theirs = replace(BUILD, wall=wall), replace(BUILD, wall=wall / 2, read=0)
    scenario = Scenario("cold", (ours, ours), (theirs,))
    return Round(entries=entries, pages=2 * entries, scenarios=(scenario,))


def test_of_several_builds_the_middle_one_counts() -> None:
    walls = (9.0, 1.0, 2.0)
    assert medians(replace(BUILD, wall=wall) for wall in walls) == BUILD


def test_the_table_says_both_figures_and_their_ratio() -> None:
    head, row = rows(measured(1000, wall=3.0))
    assert dict(zip(head, row, strict=True)) | {"ratio": ""} == {
        "scenario": "cold",
        "wall s": "3.0 / 1.5",
        "CPU s": "1.5 / 1.5",
        "peak MiB": "200 / 200",
        "read": "10 / 0",
        "written": "12 / 12",
        "output MiB": "3.0 / 3.0",
        "ratio": "",
    }
    assert [c for h, c in zip(head, row, strict=True) if h == "ratio"] == [
        "2.00",
        "1.00",
        "1.00",
        "1.00",
    ]


def test_the_columns_of_the_text_stand_under_their_heads() -> None:
    text = as_text([measured(1000, wall=3.0)])
    block = text.split("\n\n")[1].split("\n")
    assert block[0] == "1,000 entries, 2,000 pages"
    assert len({len(line) for line in block[1:]}) == 1


def test_growth_is_from_each_size_to_the_next() -> None:
    rounds = [measured(100, 2.0), measured(1000, 30.0)]
    lines = [line for line in as_text(rounds).split("\n") if line.startswith("From")]
    (line,) = lines
    size, grown = line.split(" wall time grows: ")
    assert size == "From 100 to 1,000 entries (10.0 times as many)"
    assert grown == "cold 15.0 times (bare 15.0)"


@pytest.mark.parametrize(
    ("cpu", "verdict"), [(0.45, "0.45, within 0.45"), (0.5, "0.50, OVER 0.45")]
)
def test_a_figure_stands_beside_its_bound(cpu: float, verdict: str) -> None:
    theirs = replace(BUILD, cpu=1.0)
    scenario = Scenario("cold", (replace(BUILD, cpu=cpu),), (theirs,))
    found = Round(entries=83, pages=99, scenarios=(scenario,))
    first = next(iter(compare([found])))
    assert str(first) == f"{found.title}, cold, CPU, times bare Sphinx: {verdict}"


def test_growth_to_ten_times_the_size_has_a_bound() -> None:
    rounds = [measured(1000, 2.0), measured(10_000, 30.0)]
    found = [f for f in compare(rounds) if "times as long" in f.what]
    assert [(f.found, f.bound) for f in found] == [(15.0, 12)]


def test_two_processes_and_checks_have_bounds() -> None:
    found = replace(
        measured(10_000, 30.0),
        two=replace(BUILD, wall=15.0),
        checks={"nothing changed": 0.1},
    )
    said = [str(finding) for finding in compare([found])]
    assert any("times one process: 0.50, within 0.65" in line for line in said)
    assert any(
        "labsite check, nothing changed, CPU s: 0.10, within 4" in line for line in said
    )


def test_the_summary_is_a_table_of_cpu_times() -> None:
    assert as_text([measured(1000, wall=3.0)]).endswith(
        "| Entries | Pages | cold |\n|---:|---:|---:|\n"
        "| 1,000 | 2,000 | 1.5 / 1.5 = 1.00 |\n"
    )


def test_the_chart_has_a_line_for_each_site_through_every_size() -> None:
    rounds = []
    for entries, cpu in ((100, 2.0), (1000, 30.0)):
        ours, theirs = replace(BUILD, cpu=cpu), replace(BUILD, cpu=cpu / 2)
        cold = Scenario("cold", (ours,), (theirs,))
        rounds.append(replace(measured(entries, 1.0), scenarios=(cold,)))
    own, others = find_lines(rounds)
    assert (own.bare, own.points) == (False, ((100, 2.0), (1000, 30.0)))
    assert (others.bare, others.points) == (True, ((100, 1.0), (1000, 15.0)))
    drawing = etree.fromstring(draw(rounds))
    texts = [str(text.text) for text in drawing.iter("{*}text")]
    assert {"100", "1,000", "cold, labsite", "cold, bare Sphinx"} <= set(texts)
    # Time in proportion to size rises; the height of a drawing counts downwards.
    lines = [p.get("points", "") for p in drawing.iter("{*}polyline")]
    first, last = (place.split(",") for place in lines[-4].split())
    assert float(last[0]) > float(first[0])
    assert float(last[1]) < float(first[1])


def test_the_markdown_is_a_table_of_as_many_columns_in_every_row() -> None:
    text = as_markdown([measured(1000, 3.0)], {"processors": 2})
    table = [line for line in text.split("\n") if line.startswith("|")]
    assert len(table) == 3
    assert len({line.count("|") for line in table}) == 1
    assert "processors 2" in text


def test_the_json_holds_every_run_and_the_ratios() -> None:
    data = json.loads(as_json([measured(1000, wall=3.0)], {"processors": 2}))
    cold = data["rounds"][0]["scenarios"]["cold"]
    assert data["machine"] == {"processors": 2}
    assert [run["wall"] for run in cold["labsite"]["runs"]] == [3.0, 3.0]
    assert cold["bare"]["median"]["wall"] == 1.5
    assert (cold["ratio"]["wall"], cold["ratio"]["read"]) == (2.0, None)
