"""Papers per year and topic: the bars are measured as a browser would draw them."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
from docutils import nodes

from labsite.model.dates import PartialDate
from labsite.model.records import Library, Topic
from labsite.site.site import SiteRecords
from labsite.sphinx.languages import temporary_language
from labsite.sphinx.topics import draw_chart, make_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from labsite.model.records import Publication

    Chart = Callable[..., SiteRecords]

#: Topics of papers by year, newest first; the first of several counts.
PAPERS = {2026: ("a", "b", "b", "a b"), 2024: ("a", "", "unknown a", "unknown")}


@pytest.fixture(autouse=True)
def labels() -> Iterator[None]:
    """Set the language of labels."""
    with temporary_language("en"):
        yield


@pytest.fixture
def site(make_publication: Callable[..., Publication]) -> Chart:
    """Return a function that makes a site from the topics of papers by year."""

    def make(papers: dict[int, tuple[str, ...]], *titles: str) -> SiteRecords:
        publications = tuple(
            make_publication(
                f"{year}-{number}",
                issued=PartialDate(year),
                topics=tuple(topics.split()),
            )
            for year, each in papers.items()
            for number, topics in enumerate(each)
        )
        topics = tuple(
            Topic(slug=slug, title=title, docname=f"research/{slug}")
            for slug, title in zip("abcdefgh", titles or "AB", strict=False)
        )
        return SiteRecords(library=Library(publications=publications), topics=topics)

    return make


def bars(site: SiteRecords) -> list[ET.Element]:
    """Return the drawing of each year."""
    drawings = [raw for shown in draw_chart(site) for raw in shown.findall(nodes.raw)]
    return [ET.fromstring(drawing.astext()) for drawing in drawings]  # noqa: S314 -- our own


def size(element: ET.Element, name: str) -> float:
    return float(element.attrib[name])


def test_each_year_has_a_bar_and_its_number_of_papers(site: Chart) -> None:
    (chart,) = draw_chart(site(PAPERS))
    texts = [part.astext() for part in chart.findall(nodes.inline)]
    assert texts == ["2026", "4", "2024", "4", "A", "B", "Other"]


def test_widths_are_in_proportion_to_the_numbers(site: Chart) -> None:
    newest, oldest = bars(site(PAPERS | {2024: ("a",)}))
    assert [size(part, "width") for part in newest] == [2, 2]
    assert [size(part, "width") for part in oldest] == [1]
    # The longest bar fills the drawing, and all have the same scale.
    assert {each.attrib["viewBox"] for each in (newest, oldest)} == {"0 0 4 1"}


def test_parts_of_a_bar_follow_one_another_without_overlap(site: Chart) -> None:
    for bar in bars(site(PAPERS)):
        assert size(bar[0], "x") == 0
        for part, after in pairwise(bar):
            assert size(part, "x") + size(part, "width") == size(after, "x")


def test_every_part_says_what_it_shows_in_the_colour_of_the_legend(site: Chart) -> None:
    newest, oldest = bars(site(PAPERS))
    said = [[part.findtext("title") for part in bar] for bar in (newest, oldest)]
    assert said == [["A: 2", "B: 2"], ["A: 2", "Other: 2"]]
    assert [part.get("class") for part in oldest] == ["ls-series-1", "ls-series-3"]
    (chart,) = draw_chart(site(PAPERS))
    legend = {name.astext(): name["classes"] for name in chart.findall(nodes.inline)}
    assert [legend[name] for name in ("A", "B", "Other")] == [
        [f"ls-series-{place}"] for place in (1, 2, 3)
    ]


def test_the_drawings_are_hidden_from_screen_readers_who_get_the_text(
    site: Chart,
) -> None:
    for bar in bars(site(PAPERS)):
        assert bar.get("aria-hidden") == "true"
        for each in bar.iter():
            assert each.tag not in {"style", "script"}
            assert not [name for name in each.attrib if name.startswith(("on", "sty"))]


def test_hostile_names_are_text(site: Chart) -> None:
    (bar,) = bars(site({2026: ("a",)}, "</title><script>&\"'", "B"))
    assert [part.findtext("title") for part in bar] == ["</title><script>&\"': 1"]


def test_papers_without_a_year_are_not_counted(site: Chart) -> None:
    (chart,) = draw_chart(site({2026: ("a",), 0: ("b",)}))
    texts = [part.astext() for part in chart.findall(nodes.inline)]
    assert texts == ["2026", "1", "A"]
    assert list(draw_chart(site({0: ("a",)}))) == []


def test_topics_beyond_the_colours_of_the_theme_are_one_part(site: Chart) -> None:
    records = site({2026: tuple("abcdefgh")}, *"ABCDEFGH")
    (bar,) = bars(records)
    said = [part.findtext("title") for part in bar]
    assert said == ["A: 1", "B: 1", "C: 1", "D: 1", "E: 1", "Other: 3"]
    (table,) = make_table(records)
    heads = next(iter(table.findall(nodes.row)))
    assert len(list(heads.findall(nodes.entry))) == 10


def test_the_table_has_the_numbers_of_the_chart_with_sums(site: Chart) -> None:
    (table,) = make_table(site(PAPERS))
    rows = [
        [cell.astext() for cell in row.findall(nodes.entry)]
        for row in table.findall(nodes.row)
    ]
    assert rows == [
        ["Year", "A", "B", "Other", "All"],
        ["All", "4", "2", "2", "8"],
        ["2026", "2", "2", "0", "4"],
        ["2024", "2", "0", "2", "4"],
    ]
