"""Papers per year and topic, as stacked bars: a static SVG without style or script.

What a part of the drawing is, its class says; how it looks is for the style sheet:
``ls-series-1`` and so on are the bars of one series, ``ls-grid`` and ``ls-axis`` the
lines, ``ls-label`` the words, among them ``ls-total`` above the bars. Lines and words
take the colour of the text around the drawing as long as nothing else is said.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from labsite.model.records import Publication, Topic

# The measures are pixels on a phone, the narrowest place, where the drawing is as wide
# as its viewBox; elsewhere it is scaled up.
_WIDTH = 360
_LEFT, _RIGHT = 24, 346  # half a year's name may stand out to the right
_TOP, _BOTTOM = 18, 178
_HEIGHT = 200
_FONT = 11
_DIGIT = 0.6 * _FONT  # advance of a figure in common sans-serif faces, rounded up
_MOST_STEPS = 5  # between ticks
_MOST_BAR = 40  # so that two or three years do not look like walls
_FILLED = 0.72  # of the room that a category has, the rest keeps bars apart
_SEAM = 1  # between the parts of a bar, so that they differ by more than colour


@dataclass(frozen=True, slots=True)
class Series:
    """One part of every bar."""

    name: str
    values: tuple[int, ...]  #: a number, at least 0, for each category of the chart


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """What a chart shows; the same numbers make the table beside it."""

    title: str
    description: str  #: what a reader who cannot see the drawing should know
    categories: tuple[str, ...]  #: from left to right; one without values is a gap
    series: tuple[Series, ...]  #: from the foot of the bars upwards

    @property
    def totals(self) -> tuple[int, ...]:
        """The height of each bar: the sum over the series."""
        columns = range(len(self.categories))
        return tuple(sum(s.values[column] for s in self.series) for column in columns)

    @property
    def legend(self) -> tuple[tuple[str, str], ...]:
        """The class and the name of each series, in order, for a list that can wrap."""
        named = enumerate(self.series, 1)
        return tuple((f"ls-series-{place}", series.name) for place, series in named)


def papers_per_year(
    publications: Sequence[Publication],
    topics: Sequence[Topic],
    *,
    title: str,
    description: str,
    other: str,
) -> Chart:
    """Return the number of papers in each year, divided by topic.

    A paper counts once, for the first of its topics, so that the parts of a year add
    up to its papers. Years without a paper between the first and the last are there
    with nothing; papers without a year are not counted.

    :param other: what to call papers of no known topic
    """
    names = {**{topic.slug: topic.title for topic in topics}, "": other}
    counts: Counter[tuple[str, int]] = Counter()
    for paper in publications:
        if paper.issued:
            first = next((topic for topic in paper.topics if topic in names), "")
            counts[first, paper.issued.year] += 1
    known = [year for _topic, year in counts]
    years = range(min(known), max(known) + 1) if known else range(0)
    series = [
        Series(name, tuple(counts[slug, year] for year in years))
        for slug, name in names.items()
    ]
    return Chart(
        title=title,
        description=description,
        categories=tuple(map(str, years)),
        series=tuple(part for part in series if any(part.values)),
    )


def stacked_bars(chart: Chart) -> Element:
    """Return the drawing of *chart* as one ``svg`` element, the same each time."""
    root = Element("svg", {"xmlns": "http://www.w3.org/2000/svg", "class": "ls-chart"})
    root.attrib |= {"viewBox": f"0 0 {_WIDTH} {_HEIGHT}", "role": "img"}
    root.attrib |= {"fill": "currentColor", "font-size": str(_FONT)}
    said = {"title": chart.title, "desc": chart.description}
    names = zip(said, ("aria-labelledby", "aria-describedby"), strict=True)
    for tag, attribute in names:
        root.set(attribute, f"ls-chart-{tag}")
        SubElement(root, tag, id=f"ls-chart-{tag}").text = said[tag]
    top = _draw_scale(root, max(chart.totals, default=0))
    _draw_bars(root, chart, (_BOTTOM - _TOP) / top)
    _draw_categories(root, chart.categories)
    return root


def _draw_scale(root: Element, largest: int) -> int:
    """Draw the ticks that reach *largest*; return the value at the upper end."""
    step = next(step for step in _round_numbers() if step * _MOST_STEPS >= largest)
    top = max(-(-largest // step) * step, 1)
    scale = _add(root, "g", "ls-scale")
    for value in range(0, top + 1, step):
        y = _BOTTOM - value * (_BOTTOM - _TOP) / top
        line = _add(
            scale, "line", "ls-grid" if value else "ls-axis",
            x1=_LEFT, x2=_RIGHT, y1=y, y2=y,
        )  # fmt: skip
        line.set("stroke", "currentColor")
        if value:
            line.set("stroke-opacity", "0.2")
        _write(scale, str(value), _LEFT - 4, y + _FONT / 3, anchor="end")
    return top


def _draw_bars(root: Element, chart: Chart, unit: float) -> None:
    """Draw a stack for each category, *unit* high for each 1, with its total."""
    slot = _slot(len(chart.categories))
    width = min(slot * _FILLED, _MOST_BAR)
    totals = chart.totals
    fits = len(str(max(totals, default=0))) * _DIGIT <= slot
    for column, category in enumerate(chart.categories):
        if not totals[column]:
            continue
        middle = _LEFT + slot * (column + 0.5)
        bar = _add(root, "g", "ls-bar")
        y = float(_BOTTOM)
        for (kind, name), series in zip(chart.legend, chart.series, strict=True):
            if value := series.values[column]:
                height = value * unit
                seam = min(_SEAM, height / 4) if y < _BOTTOM else 0
                y -= height
                x = middle - width / 2
                box = {"x": x, "y": y, "width": width, "height": height - seam}
                rect = _add(bar, "rect", kind, **box)
                SubElement(rect, "title").text = f"{category}, {name}: {value}"
        if fits:
            _write(bar, str(totals[column]), middle, y - 3, kind="ls-label ls-total")


def _draw_categories(root: Element, categories: tuple[str, ...]) -> None:
    """Name the last category, and as many before it as have room, evenly spaced."""
    slot = _slot(len(categories))
    room = (max(map(len, categories), default=0) + 1) * _DIGIT
    step = next(step for step in _round_numbers() if step * slot >= room)
    names = _add(root, "g", "ls-categories")
    for column in range((len(categories) - 1) % step, len(categories), step):
        x = _LEFT + slot * (column + 0.5)
        _write(names, categories[column], x, _BOTTOM + _FONT + 4)


def _write(
    parent: Element,
    text: str,
    x: float,
    y: float,
    *,
    anchor: str = "middle",
    kind: str = "ls-label",
) -> None:
    """Write *text* with its *anchor* at *x* and its base line at *y*."""
    element = _add(parent, "text", kind, x=x, y=y)
    element.set("text-anchor", anchor)
    element.text = text


def _add(parent: Element, tag: str, kind: str, **sizes: float) -> Element:
    """Add an element of a class, its sizes with two decimals where these say much."""
    shown = {
        name: f"{size:.2f}".rstrip("0").rstrip(".") for name, size in sizes.items()
    }
    return SubElement(parent, tag, {"class": kind, **shown})


def _slot(categories: int) -> float:
    """Return the width that each of so many categories has."""
    return (_RIGHT - _LEFT) / max(categories, 1)


def _round_numbers() -> Iterator[int]:
    """Yield 1, 2, 5, 10, 20, 50 and so on, without end."""
    for power in count():
        yield from (10**power, 2 * 10**power, 5 * 10**power)
