"""The chart is read back as a browser would: parsed, measured, looked up by class."""

from __future__ import annotations

from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest

from labsite.site.chart import Chart, Series, stacked_bars

SVG = "{http://www.w3.org/2000/svg}"


def make_chart(*rows: tuple[int, ...], categories: tuple[str, ...] = ()) -> Chart:
    years = categories or tuple(str(2020 + i) for i in range(len(rows[0])))
    series = tuple(Series(f"Topic {i}", row) for i, row in enumerate(rows, 1))
    return Chart(
        title="Papers per year",
        description="From 2020 on, by topic.",
        categories=years,
        series=series,
    )


def draw(chart: Chart) -> ET.Element:
    """Return the drawing as a program reads it that got it as a file."""
    return ET.fromstring(stacked_bars(chart))  # noqa: S314 - our own output


def find(drawing: ET.Element, tag: str, kind: str) -> list[ET.Element]:
    found = drawing.iter(f"{SVG}{tag}")
    return [each for each in found if kind in each.get("class", "").split()]


def texts(drawing: ET.Element, group: str) -> list[str]:
    (parent,) = find(drawing, "g", group)
    return [each.text or "" for each in parent.iter(f"{SVG}text")]


def size(element: ET.Element, name: str) -> float:
    return float(element.attrib[name])


def test_heights_are_in_proportion_to_the_values() -> None:
    drawing = draw(make_chart((2, 4), (6, 0)))
    low, high = find(drawing, "rect", "ls-series-1")
    (upper,) = find(drawing, "rect", "ls-series-2")
    unit = size(low, "height") / 2
    assert size(high, "height") == pytest.approx(4 * unit, abs=0.01)
    top, foot = size(upper, "y"), size(low, "y") + size(low, "height")
    assert foot - top == pytest.approx(8 * unit, abs=0.01)


def test_parts_of_a_bar_stand_on_one_another_without_overlap() -> None:
    drawing = draw(make_chart((3,), (2,), (900,), (1,)))
    bars = list(drawing.iter(f"{SVG}rect"))
    assert [bar.get("class") for bar in bars] == [f"ls-series-{i}" for i in range(1, 5)]
    for below, above in pairwise(bars):
        end = size(above, "y") + size(above, "height")
        assert 0 < size(below, "y") - end <= 1.02
        assert size(above, "x") == size(below, "x")


def test_every_bar_says_what_it_stands_for() -> None:
    drawing = draw(make_chart((2, 0), (1, 5)))
    said = [bar.findtext(f"{SVG}title") for bar in drawing.iter(f"{SVG}rect")]
    assert said == ["2020, Topic 1: 2", "2020, Topic 2: 1", "2021, Topic 2: 5"]
    assert [each.text for each in find(drawing, "text", "ls-total")] == ["3", "5"]


def test_a_year_without_papers_is_a_gap_with_its_name() -> None:
    drawing = draw(make_chart((1, 0, 1)))
    first, last = drawing.iter(f"{SVG}rect")
    assert texts(drawing, "ls-categories") == ["2020", "2021", "2022"]
    assert size(last, "x") - size(first, "x") > 3 * size(first, "width") / 2


@pytest.mark.parametrize(
    ("largest", "ticks"),
    [
        (0, ["0", "1"]),
        (1, ["0", "1"]),
        (5, ["0", "1", "2", "3", "4", "5"]),
        (11, ["0", "5", "10", "15"]),
        (83, ["0", "20", "40", "60", "80", "100"]),
        (1000, ["0", "200", "400", "600", "800", "1000"]),
    ],
)
def test_ticks_are_few_round_and_reach_the_highest_bar(
    largest: int, ticks: list[str]
) -> None:
    drawing = draw(make_chart((largest, 0)))
    assert texts(drawing, "ls-scale") == ticks
    lines = find(drawing, "line", "ls-axis") + find(drawing, "line", "ls-grid")
    assert len(lines) == len(ticks)


@pytest.mark.parametrize("years", [1, 3, 12, 22, 45, 120])
def test_labels_do_not_touch_and_the_newest_year_is_named(years: int) -> None:
    categories = tuple(str(year) for year in range(2027 - years, 2027))
    drawing = draw(make_chart((12,) * years, categories=categories))
    (parent,) = find(drawing, "g", "ls-categories")
    labels = list(parent)
    assert labels[-1].text == "2026"
    font = float(drawing.attrib["font-size"])
    for left, right in pairwise(labels):
        assert size(right, "x") - size(left, "x") >= 4 * 0.6 * font
    assert size(labels[-1], "x") + 2 * 0.6 * font <= 360


@pytest.mark.parametrize("years", [1, 22, 120])
@pytest.mark.parametrize("most", [1, 99, 12345])
def test_nothing_leaves_the_view_and_totals_do_not_touch(years: int, most: int) -> None:
    categories = tuple(map(str, range(years)))
    drawing = draw(make_chart((most,) * years, categories=categories))
    _, _, width, height = map(float, drawing.attrib["viewBox"].split())
    for bar in drawing.iter(f"{SVG}rect"):
        assert 0 <= size(bar, "x") <= size(bar, "x") + size(bar, "width") <= width
        assert 0 < size(bar, "y") <= size(bar, "y") + size(bar, "height") <= height
    totals = find(drawing, "text", "ls-total")
    font = float(drawing.attrib["font-size"])
    assert all(size(total, "y") >= 0.8 * font for total in totals)
    for left, right in pairwise(totals):
        room = len(str(most)) * 0.6 * font
        assert size(right, "x") - size(left, "x") >= room - 0.01


def test_it_is_legible_on_a_phone() -> None:
    drawing = draw(make_chart((1,)))
    width = float(drawing.attrib["viewBox"].split()[2])
    margin = 16  # of the page, on each side
    assert float(drawing.attrib["font-size"]) * (390 - 2 * margin) / width >= 10.5


def test_a_screen_reader_gets_one_picture_with_name_and_description() -> None:
    drawing = draw(make_chart((1,)))
    assert drawing.get("role") == "img"
    named = {each.get("id"): each.text for each in drawing}
    assert named[drawing.attrib["aria-labelledby"]] == "Papers per year"
    assert named[drawing.attrib["aria-describedby"]] == "From 2020 on, by topic."


def test_it_carries_no_style_script_or_fixed_size() -> None:
    drawing = draw(make_chart((1, 2), (3, 4)))
    assert not {"width", "height", "style"} & set(drawing.attrib)
    for each in drawing.iter():
        assert each.tag.removeprefix(SVG) not in {"style", "script"}
        assert not [name for name in each.attrib if name.startswith(("on", "style"))]


def test_hostile_names_are_text() -> None:
    series = (Series("</title><script>&\"'", (1,)),)
    chart = Chart(
        title="<b>&amp;", description="]]>", categories=("<i>",), series=series
    )
    drawing = draw(chart)
    assert drawing.findtext(f"{SVG}title") == "<b>&amp;"
    (bar,) = drawing.iter(f"{SVG}rect")
    assert bar.findtext(f"{SVG}title") == "<i>, </title><script>&\"': 1"


def test_the_same_chart_is_drawn_the_same() -> None:
    first, second = (stacked_bars(make_chart((1, 7))) for _ in range(2))
    assert first == second


def test_a_lab_without_papers_gets_an_empty_chart() -> None:
    drawing = draw(Chart(title="T", description="D", categories=(), series=()))
    assert not list(drawing.iter(f"{SVG}rect"))
    assert texts(drawing, "ls-scale") == ["0", "1"]


def test_the_legend_names_the_classes_of_the_bars() -> None:
    chart = make_chart((1,), (2,))
    assert chart.legend == (("ls-series-1", "Topic 1"), ("ls-series-2", "Topic 2"))
    drawn = {bar.get("class") for bar in draw(chart).iter(f"{SVG}rect")}
    assert drawn == {kind for kind, _ in chart.legend}
