"""How the CPU time of a build grows with the number of entries, as an SVG drawing.

Both axes are logarithmic, so that a straight line at 45 degrees is time in proportion
to entries. The colours are in the drawing: code hosts show it without a style sheet,
on light ground and on dark.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log10
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from benchmarks.measure import medians

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from benchmarks.measure import Round

_WIDTH, _HEIGHT = 680, 400
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 420, 24, 352
_GREY = "#7d8590"
_COLOURS = {
    "cold": "#3b6fd4",
    "nothing changed": "#2f9e6e",
    "one entry changed": "#d9822b",
}


@dataclass(frozen=True, slots=True)
class Line:
    """Seconds by number of entries, of one site after one edit."""

    scenario: str
    bare: bool
    points: tuple[tuple[int, float], ...]

    @property
    def label(self) -> str:
        """What the line is called."""
        return f"{self.scenario}, {'bare Sphinx' if self.bare else 'labsite'}"


def find_lines(rounds: Sequence[Round]) -> list[Line]:
    """Return a line for each scenario that has a colour."""
    found: dict[tuple[str, bool], list[tuple[int, float]]] = {}
    for measured in sorted(rounds, key=lambda r: r.entries):
        for scenario in measured.scenarios:
            for bare, builds in ((False, scenario.labsite), (True, scenario.bare)):
                point = (measured.entries, medians(builds).cpu)
                found.setdefault((scenario.name, bare), []).append(point)
    return [
        Line(name, bare, tuple(points))
        for (name, bare), points in found.items()
        if name in _COLOURS
    ]


class _Scale:
    """From numbers to places along an axis."""

    def __init__(self, values: Sequence[float], start: float, end: float) -> None:
        self.ticks = list(_powers(min(values), max(values)))
        low, high = log10(min(values) * 0.8), log10(max(values) * 1.25)
        self._low, self._start = low, start
        self._unit = (end - start) / (high - low)

    def place(self, value: float) -> float:
        """Return the place of *value*."""
        return round(self._start + (log10(value) - self._low) * self._unit, 1)


def _powers(low: float, high: float) -> Iterator[float]:
    """Yield the powers of ten, and three times these, from *low* to *high*."""
    power = 10.0 ** int(log10(low) - 1)
    while power <= high:
        yield from (tick for tick in (power, 3 * power) if low <= tick <= high)
        power *= 10


def draw(rounds: Sequence[Round]) -> str:
    """Return the drawing; *rounds* have at least two sizes in serial builds."""
    lines = find_lines(rounds)
    x = _Scale([size for line in lines for size, _ in line.points], _LEFT, _RIGHT)
    y = _Scale([time for line in lines for _, time in line.points], _BOTTOM, _TOP)
    size = {"width": str(_WIDTH), "height": str(_HEIGHT)}
    svg = Element("svg", size, viewBox=f"0 0 {_WIDTH} {_HEIGHT}", role="img")
    svg.set("xmlns", "http://www.w3.org/2000/svg")
    svg.set("font-family", "sans-serif")
    svg.set("font-size", "12")
    SubElement(svg, "title").text = "CPU time of a build by number of entries"
    for tick in x.ticks:
        _text(svg, x.place(tick), _BOTTOM + 18, f"{tick:,.0f}", "middle")
    for tick in y.ticks:
        _path(svg, [(_LEFT, y.place(tick)), (_RIGHT, y.place(tick))], _GREY, "0.5")
        _text(svg, _LEFT - 8, y.place(tick) + 4, f"{tick:g} s", "end")
    _text(svg, (_LEFT + _RIGHT) / 2, _BOTTOM + 38, "entries", "middle")
    for line in lines:
        places = [(x.place(size), y.place(time)) for size, time in line.points]
        _path(svg, places, _COLOURS[line.scenario], "2", dashed=line.bare)
    _legend(svg, lines)
    indent(svg)
    return tostring(svg, encoding="unicode") + "\n"


def _legend(svg: Element, lines: Sequence[Line]) -> None:
    for number, line in enumerate(lines):
        height = _TOP + 10 + 24 * number
        sample = [(_RIGHT + 16.0, height - 4.0), (_RIGHT + 40.0, height - 4.0)]
        _path(svg, sample, _COLOURS[line.scenario], "2", dashed=line.bare)
        _text(svg, _RIGHT + 46, height, line.label, "start")


def _path(
    svg: Element,
    places: Sequence[tuple[float, float]],
    colour: str,
    width: str,
    *,
    dashed: bool = False,
) -> None:
    points = " ".join(f"{x:g},{y:g}" for x, y in places)
    look = {"fill": "none", "stroke": colour, "stroke-width": width}
    line = SubElement(svg, "polyline", look, points=points)
    if dashed:
        line.set("stroke-dasharray", "5 4")


def _text(svg: Element, x: float, y: float, text: str, anchor: str) -> None:
    look = {"text-anchor": anchor, "fill": _GREY}
    SubElement(svg, "text", look, x=f"{x:g}", y=f"{y:g}").text = text
