"""What a build may cost: as a multiple of the same pages without the engine.

The same work takes different times on different machines, and on one machine from hour
to hour; what it takes beside the same pages in the same run says more.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from benchmarks.measure import medians

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from benchmarks.measure import Round

#: At most so many times the CPU time of bare Sphinx, by scenario.
TIMES_BARE = {"nothing changed": 1.0, "one entry changed": 1.2}
#: The same of a cold build, from so many entries on.
COLD = {0: 0.45, 1_000: 0.35, 10_000: 0.3}
#: A cold build with two processes takes at most so many times the wall time of one.
TWO_PROCESSES = 0.65
#: A cold build of ten times as many entries takes at most so many times as long.
GROWTH = 12
#: CPU seconds of ``labsite check`` where nothing has changed, from so many entries on.
CHECK = {0: 0.25, 10_000: 4.0}
PEAK = 7 * 2**30 // 10  #: bytes of memory, at any size
LARGEST_PAGE = 120 * 1024  #: bytes with gzip, at any size


@dataclass(frozen=True, slots=True)
class Finding:
    """One figure beside its bound, both in the unit that *what* names."""

    what: str
    found: float
    bound: float | None

    def __str__(self) -> str:
        """Return the figure, its bound and whether it is kept."""
        said = f"{self.what}: {self.found:.2f}"
        if self.bound is None:
            return said
        verdict = "within" if self.found <= self.bound else "OVER"
        return f"{said}, {verdict} {self.bound:g}"


def compare(rounds: Sequence[Round]) -> Iterator[Finding]:
    """Yield every figure that has a bound, and some that have none."""
    for measured in rounds:
        yield from _times(measured)
        builds = [build for s in measured.scenarios for build in s.labsite]
        peak = max(build.peak for build in builds)
        yield Finding(f"{measured.title}, GiB at the peak", peak / 2**30, PEAK / 2**30)
        largest = max(build.largest for build in builds) / 1024
        name = f"{measured.title}, KiB of the largest page with gzip"
        yield Finding(name, largest, LARGEST_PAGE / 1024)
        for before, seconds in measured.checks.items():
            known = before == "nothing changed"
            bound = _from_size(CHECK, measured) if known else None
            name = f"{measured.title}, labsite check, {before}, CPU s"
            yield Finding(name, seconds, bound)
        if measured.two:
            one = medians(measured.scenarios[0].labsite)
            name = f"{measured.title}, cold, two processes, wall, times one process"
            yield Finding(name, measured.two.wall / one.wall, TWO_PROCESSES)
    yield from _growths(rounds)


def _times(measured: Round) -> Iterator[Finding]:
    bounds = {"cold": _from_size(COLD, measured), **TIMES_BARE}
    for scenario in measured.scenarios:
        bound = bounds.get(scenario.name)
        if bound:
            ours, theirs = medians(scenario.labsite), medians(scenario.bare)
            name = f"{measured.title}, {scenario.name}, CPU, times bare Sphinx"
            yield Finding(name, ours.cpu / theirs.cpu, bound)


def _from_size(bounds: Mapping[int, float], measured: Round) -> float:
    return bounds[max(size for size in bounds if size <= measured.entries)]


def _growths(rounds: Sequence[Round]) -> Iterator[Finding]:
    for before, after in pairwise(sorted(rounds, key=lambda r: r.entries)):
        if after.entries == 10 * before.entries:
            small, large = (medians(r.scenarios[0].labsite) for r in (before, after))
            name = f"from {before.title} to {after.entries:,}, cold, times as long"
            yield Finding(name, large.wall / small.wall, GROWTH)
