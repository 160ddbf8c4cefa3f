"""Papers per year and topic as stacked bars: a static SVG without style or script.

Classes name the parts for the style sheet: ``ls-series-1`` and so on the bars of one
series, ``ls-grid`` and ``ls-axis`` the lines, ``ls-label`` the texts and ``ls-total``
those above the bars.
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

# Sizes are pixels on a phone, where the drawing is as wide as its viewBox.
_WIDTH, _HEIGHT = 360, 200
_LEFT, _RIGHT = 24, 346  # half a year's name may extend to the right
_TOP, _BOTTOM = 18, 178
_FONT = 11
_DIGIT = 0.6 * _FONT  # advance of a figure in common sans-serif faces, rounded up
_MOST_STEPS = 5  # between ticks
_MOST_BAR = 40  # so that two or three years do not look like walls
_FILLED = 0.72  # of the width of a category; the rest keeps bars apart
_SEAM = 1  # between the parts of a bar, which then differ by more than colour


@dataclass(frozen=True, slots=True)
class Series:
    """One part of every bar."""

    name: str
    values: tuple[int, ...]  #: a number, at least 0, for each category of the chart


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """The content of a chart, and of the table beside it."""

    title: str
    description: str  #: for readers who cannot see the drawing
    categories: tuple[str, ...]  #: from left to right; one without values is a gap
    series: tuple[Series, ...]  #: from the foot of the bars upwards

    @property
    def totals(self) -> tuple[int, ...]:
        """The height of each bar: the sum over the series."""
        columns = range(len(self.categories))
        return tuple(sum(s.values[column] for s in self.series) for column in columns)

    @property
    def legend(self) -> tuple[tuple[str, str], ...]:
        """The class and the name of each series, in order."""
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

    A paper counts once, for the first of its topics. Every year between the first and
    the last is a category; papers without a year are not counted.

    :param other: the name of papers of no known topic
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
    """Return the drawing of *chart* as one ``svg`` element; equal for equal charts."""
    root = Element("svg", {
        "xmlns": "http://www.w3.org/2000/svg",
        "class": "ls-chart",
        "viewBox": f"0 0 {_WIDTH} {_HEIGHT}",
        "role": "img",
        "fill": "currentColor",
        "font-size": str(_FONT),
        "aria-labelledby": "ls-chart-title",
        "aria-describedby": "ls-chart-desc",
    })  # fmt: skip
    SubElement(root, "title", id="ls-chart-title").text = chart.title
    SubElement(root, "desc", id="ls-chart-desc").text = chart.description
    slot = (_RIGHT - _LEFT) / max(len(chart.categories), 1)
    centres = [_LEFT + slot * (column + 0.5) for column in range(len(chart.categories))]
    unit = _draw_scale(root, max(chart.totals, default=0))
    _draw_bars(root, chart, centres, slot, unit)
    # As many categories as have room are named, evenly spaced, the last one always.
    room = (max(map(len, chart.categories), default=0) + 1) * _DIGIT
    step = next(step for step in _round_numbers() if step * slot >= room)
    names = _add(root, "g", "ls-categories")
    for x, name in list(zip(centres, chart.categories, strict=True))[::-step][::-1]:
        _add(names, "text", "ls-label", name, x=x, y=_BOTTOM + _FONT + 4)
    return root


def _draw_scale(root: Element, largest: int) -> float:
    """Draw the ticks that reach *largest*; return the height of 1."""
    step = next(step for step in _round_numbers() if step * _MOST_STEPS >= largest)
    top = max(-(-largest // step) * step, 1)
    unit = (_BOTTOM - _TOP) / top
    scale = _add(root, "g", "ls-scale")
    for value in range(0, top + 1, step):
        y = _BOTTOM - value * unit
        kind = "ls-grid" if value else "ls-axis"
        line = _add(scale, "line", kind, x1=_LEFT, x2=_RIGHT, y1=y, y2=y)
        line.attrib |= {"stroke": "currentColor"}
        line.attrib |= {"stroke-opacity": "0.2"} if value else {}
        tick = _add(scale, "text", "ls-label", str(value), x=_LEFT - 4, y=y + _FONT / 3)
        tick.set("text-anchor", "end")
    return unit


def _draw_bars(
    root: Element, chart: Chart, centres: Sequence[float], slot: float, unit: float
) -> None:
    """Draw a stack for each category, with its total above if all totals fit."""
    width, totals = min(slot * _FILLED, _MOST_BAR), chart.totals
    fits = len(str(max(totals, default=0))) * _DIGIT <= slot
    for column, (category, x) in enumerate(zip(chart.categories, centres, strict=True)):
        if not totals[column]:
            continue
        bar, y = _add(root, "g", "ls-bar"), float(_BOTTOM)
        for (kind, name), series in zip(chart.legend, chart.series, strict=True):
            if value := series.values[column]:
                height = value * unit
                seam = min(_SEAM, height / 4) if y < _BOTTOM else 0
                y -= height
                left, high = x - width / 2, height - seam
                rect = _add(bar, "rect", kind, x=left, y=y, width=width, height=high)
                SubElement(rect, "title").text = f"{category}, {name}: {value}"
        if fits:
            _add(bar, "text", "ls-label ls-total", str(totals[column]), x=x, y=y - 3)


def _add(
    parent: Element, tag: str, kind: str, text: str | None = None, **sizes: float
) -> Element:
    """Add an element of a class, with its sizes to two decimals; centre its text."""
    shown = {
        name: f"{size:.2f}".rstrip("0").rstrip(".") for name, size in sizes.items()
    }
    element = SubElement(parent, tag, {"class": kind, **shown})
    if text is not None:
        element.text = text
        element.set("text-anchor", "middle")
    return element


def _round_numbers() -> Iterator[int]:
    """Yield 1, 2, 5, 10, 20, 50 and so on, without end."""
    for power in count():
        yield from (10**power, 2 * 10**power, 5 * 10**power)
