"""Papers per year and topic as stacked bars: a static SVG without style or script.

Classes name the parts for the style sheet: ``ls-series-1`` and so on the bars of one
series, ``ls-grid`` and ``ls-axis`` the lines, ``ls-total`` the texts above the bars.
Sizes are whole numbers where that is exact enough: they take half the room in a page.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cache
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jinja2 import Template

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
_EXACT = 5  # sizes below it are not rounded
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


def stacked_bars(chart: Chart) -> str:
    """Return the drawing of *chart* as an ``svg`` element."""
    largest = max(chart.totals, default=0)
    tick = next(n for n in _round_numbers() if n * _MOST_STEPS >= largest)
    top = max(-(-largest // tick) * tick, 1)
    unit = _round_down((_BOTTOM - _TOP) / top)
    slot = _round_down((_RIGHT - _LEFT) / max(len(chart.categories), 1))
    half_bar = _round_down(min(slot * _FILLED, _MOST_BAR) / 2)
    longest = max(map(len, chart.categories), default=0)
    bars = [
        {
            "category": category,
            "x": _LEFT + slot * column + _round_down(slot / 2),
            "total": total,
            "parts": list(_stack(chart, column, unit)),
        }
        for column, (category, total) in enumerate(
            zip(chart.categories, chart.totals, strict=True)
        )
    ]
    return _template().render(
        chart=chart,
        width=_WIDTH,
        height=_HEIGHT,
        font=_FONT,
        left=_LEFT,
        right=_LEFT + slot * max(len(chart.categories), 1),
        bottom=_BOTTOM,
        ticks=[(n, _BOTTOM - n * unit) for n in range(0, top + 1, tick)],
        bars=bars,
        half_bar=half_bar,
        show_totals=len(str(largest)) * _DIGIT <= slot,
        # Every so many categories have room for their names.
        step=next(n for n in _round_numbers() if n * slot >= (longest + 1) * _DIGIT),
    )


def _round_down(size: float) -> float:
    """Return a whole number, unless that would be a visible change."""
    return int(size) if size >= _EXACT else size


def _stack(chart: Chart, column: int, unit: float) -> Iterator[dict[str, object]]:
    """Yield the parts of a bar upwards; *unit* is the height of 1."""
    y: float = _BOTTOM
    for (kind, name), series in zip(chart.legend, chart.series, strict=True):
        value = series.values[column]
        if value:
            height = value * unit
            seam = min(_SEAM, height / 4) if y < _BOTTOM else 0
            y -= height
            part = {"class": kind, "name": name, "value": value}
            yield part | {"y": y, "height": height - seam}


@cache
def _template() -> Template:
    from jinja2 import Environment  # noqa: PLC0415 -- few commands need it

    text = Path(__file__).with_suffix(".svg").read_text(encoding="utf-8")
    return Environment(autoescape=True).from_string(text)


def _round_numbers() -> Iterator[int]:
    """Yield 1, 2, 5, 10, 20, 50 and so on, without end."""
    for power in count():
        yield from (10**power, 2 * 10**power, 5 * 10**power)
