"""Numbers per category as stacked bars: a static SVG without style or script.

What a part of the drawing is, its class says; how it looks is for the style sheet:
``ls-series-1`` and so on are the bars of one series, ``ls-grid`` and ``ls-axis`` the
lines, ``ls-label`` the words, among them ``ls-total`` above the bars. Lines and words
take the colour of the text around the drawing as long as nothing else is said.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement

if TYPE_CHECKING:
    from collections.abc import Iterator

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
    values: tuple[int, ...]  #: a number for each category of the chart


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """What a chart shows; the same numbers make the table beside it."""

    title: str
    description: str  #: what a reader who cannot see the drawing should know
    categories: tuple[str, ...]  #: from left to right; one without values is a gap
    series: tuple[Series, ...]  #: from the foot of the bars upwards
    prefix: str = "ls-chart"  #: of the identifiers; unique in the page

    def __post_init__(self) -> None:
        """Check the numbers.

        :raises ValueError: if a series has not one number, at least 0, per category
        """
        for series in self.series:
            if len(series.values) != len(self.categories):
                msg = f"'{series.name}' has {len(series.values)} values for "
                msg += f"{len(self.categories)} categories"
                raise ValueError(msg)
            if min(series.values, default=0) < 0:
                msg = f"'{series.name}' has a negative value"
                raise ValueError(msg)

    @property
    def totals(self) -> tuple[int, ...]:
        """The height of each bar: the sum over the series."""
        columns = range(len(self.categories))
        return tuple(sum(s.values[column] for s in self.series) for column in columns)

    @property
    def legend(self) -> tuple[tuple[str, str], ...]:
        """The class and the name of each series, in order, for a list that can wrap."""
        named = enumerate(self.series)
        return tuple((series_class(place), series.name) for place, series in named)


def series_class(place: int) -> str:
    """Return the class of the bars of the series at *place*, counted from 0."""
    return f"ls-series-{place + 1}"


def stacked_bars(chart: Chart) -> Element:
    """Return the drawing of *chart* as one ``svg`` element, the same each time."""
    identifiers = f"{chart.prefix}-title", f"{chart.prefix}-description"
    root = Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "class": "ls-chart",
            "viewBox": f"0 0 {_WIDTH} {_HEIGHT}",
            "role": "img",
            "aria-labelledby": identifiers[0],
            "aria-describedby": identifiers[1],
            "fill": "currentColor",
            "font-size": str(_FONT),
        },
    )
    SubElement(root, "title", {"id": identifiers[0]}).text = chart.title
    SubElement(root, "desc", {"id": identifiers[1]}).text = chart.description
    top = _draw_scale(root, max(chart.totals, default=0))
    _draw_bars(root, chart, (_BOTTOM - _TOP) / top)
    _draw_categories(root, chart.categories)
    return root


def _draw_scale(root: Element, largest: int) -> int:
    """Draw the ticks that reach *largest*; return the value at the upper end."""
    step = next(step for step in _round_numbers() if step * _MOST_STEPS >= largest)
    top = max(-(-largest // step) * step, 1)
    scale = SubElement(root, "g", {"class": "ls-scale"})
    for value in range(0, top + 1, step):
        y = _BOTTOM - value * (_BOTTOM - _TOP) / top
        line = {"x1": _number(_LEFT), "x2": _number(_RIGHT)}
        line |= {"y1": _number(y), "y2": _number(y), "stroke": "currentColor"}
        if value:
            line |= {"class": "ls-grid", "stroke-opacity": "0.2"}
        else:
            line |= {"class": "ls-axis"}
        SubElement(scale, "line", line)
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
        bar = SubElement(root, "g", {"class": "ls-bar"})
        y = float(_BOTTOM)
        for place, series in enumerate(chart.series):
            if value := series.values[column]:
                height = value * unit
                seam = min(_SEAM, height / 4) if y < _BOTTOM else 0
                y -= height
                box = {"x": middle - width / 2, "y": y}
                box |= {"width": width, "height": height - seam}
                shape = {name: _number(size) for name, size in box.items()}
                rect = SubElement(bar, "rect", {"class": series_class(place)} | shape)
                label = f"{category}, {series.name}: {value}"
                SubElement(rect, "title").text = label
        if fits:
            _write(bar, str(totals[column]), middle, y - 3, kind="ls-label ls-total")


def _draw_categories(root: Element, categories: tuple[str, ...]) -> None:
    """Name the last category, and as many before it as have room, evenly spaced."""
    slot = _slot(len(categories))
    room = (max(map(len, categories), default=0) + 1) * _DIGIT
    step = next(step for step in _round_numbers() if step * slot >= room)
    names = SubElement(root, "g", {"class": "ls-categories"})
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
    place = {"x": _number(x), "y": _number(y), "text-anchor": anchor}
    SubElement(parent, "text", {"class": kind} | place).text = text


def _slot(categories: int) -> float:
    """Return the width that each of so many categories has."""
    return (_RIGHT - _LEFT) / max(categories, 1)


def _round_numbers() -> Iterator[int]:
    """Yield 1, 2, 5, 10, 20, 50 and so on, without end."""
    for power in count():
        yield from (10**power, 2 * 10**power, 5 * 10**power)


def _number(value: float) -> str:
    """Return *value* with at most two decimals, and none that says nothing."""
    return f"{value:.2f}".rstrip("0").rstrip(".")
