"""The figures as a table to read, as Markdown and as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict, fields
from itertools import pairwise
from typing import TYPE_CHECKING

from benchmarks.bounds import compare
from benchmarks.measure import Build, medians

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from benchmarks.measure import Round, Scenario

_MEBIBYTE = 2**20
_COLUMNS = (
    "scenario",
    "wall s", "ratio",
    "CPU s", "ratio",
    "peak MiB", "ratio",
    "read", "written",
    "output MiB", "ratio",
)  # fmt: skip
LEGEND = """\
Each pair is labsite / bare Sphinx, the median where there were several runs; a ratio is
labsite's figure divided by bare Sphinx's. Times include the interpreter's start. Peak
is the largest resident set of any one process. Read: documents; written: pages."""


def ratio(ours: float, theirs: float) -> float | None:
    """Return how many times *theirs* goes into *ours*; nothing, if never."""
    return round(ours / theirs, 3) if theirs else None


def rows(measured: Round) -> list[tuple[str, ...]]:
    """Return the table of a round, its head first."""
    return [_COLUMNS, *map(_row, measured.scenarios)]


def _row(scenario: Scenario) -> tuple[str, ...]:
    ours, theirs = medians(scenario.labsite), medians(scenario.bare)
    return (
        scenario.name,
        *_pair(ours.wall, theirs.wall, "{:.1f}"),
        *_pair(ours.cpu, theirs.cpu, "{:.1f}"),
        *_pair(ours.peak / _MEBIBYTE, theirs.peak / _MEBIBYTE, "{:.0f}"),
        f"{ours.read:.0f} / {theirs.read:.0f}",
        f"{ours.written:.0f} / {theirs.written:.0f}",
        *_pair(ours.output / _MEBIBYTE, theirs.output / _MEBIBYTE, "{:.1f}"),
    )


def _pair(ours: float, theirs: float, form: str) -> tuple[str, str]:
    times = ratio(ours, theirs)
    pair = f"{form.format(ours)} / {form.format(theirs)}"
    return pair, "-" if times is None else f"{times:.2f}"


def notes(rounds: Sequence[Round]) -> Iterator[str]:
    """Yield a line for each figure that has a bound, and for each growth of a build."""
    yield from map(str, compare(rounds))
    for measured in rounds:
        seconds = "not installed" if measured.hugo is None else f"{measured.hugo:.1f} s"
        yield f"Hugo, text of the same {measured.pages:,} pages, cold, CPU: {seconds}"
    for before, after in pairwise(rounds):
        pairs = zip(before.scenarios, after.scenarios, strict=True)
        grown = ", ".join(_growth(old, new) for old, new in pairs)
        size = after.entries / before.entries
        yield (
            f"From {before.entries:,} to {after.entries:,} entries ({size:.1f} times "
            f"as many) wall time grows: {grown}"
        )


def as_summary(rounds: Sequence[Round]) -> str:
    """Return the table of docs/performance.md: CPU times of both, and their ratios."""
    head = ["Entries", "Pages", *(s.name for s in rounds[0].scenarios)]
    lines = [f"| {' | '.join(head)} |", "|---:" * len(head) + "|"]
    for measured in rounds:
        cells = [f"{measured.entries:,}", f"{measured.pages:,}"]
        for scenario in measured.scenarios:
            ours, theirs = medians(scenario.labsite), medians(scenario.bare)
            pair = f"{ours.cpu:.1f} / {theirs.cpu:.1f}"
            cells.append(f"{pair} = {ours.cpu / theirs.cpu:.2f}")
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _growth(old: Scenario, new: Scenario) -> str:
    ours = medians(new.labsite).wall / medians(old.labsite).wall
    theirs = medians(new.bare).wall / medians(old.bare).wall
    return f"{new.name} {ours:.1f} times (bare {theirs:.1f})"


def as_text(rounds: Sequence[Round]) -> str:
    """Return the tables in columns, for a terminal."""
    parts = [LEGEND]
    for measured in rounds:
        table = rows(measured)
        widths = [max(map(len, column)) for column in zip(*table, strict=True)]
        lines = [
            "  ".join(
                cell.rjust(width) if i else cell.ljust(width)
                for i, (cell, width) in enumerate(zip(row, widths, strict=True))
            )
            for row in table
        ]
        parts.append("\n".join([measured.title, *lines]))
    return "\n\n".join([*parts, "\n".join(notes(rounds)), as_summary(rounds)]) + "\n"


def as_markdown(rounds: Sequence[Round], machine: Mapping[str, object]) -> str:
    """Return the tables as Markdown, with what they were measured on."""
    parts = [LEGEND, ", ".join(f"{name} {value}" for name, value in machine.items())]
    for measured in rounds:
        head, *body = ("| " + " | ".join(row) + " |" for row in rows(measured))
        rule = "|---|" + "---:|" * (len(_COLUMNS) - 1)
        parts.append("\n".join([f"**{measured.title}**", "", head, rule, *body]))
    parts.append("\n".join(f"- {note}" for note in notes(rounds)))
    return "\n\n".join(parts) + "\n"


def as_json(rounds: Sequence[Round], machine: Mapping[str, object]) -> str:
    """Return every run, the medians and the ratios; seconds and bytes."""
    data = {"machine": machine, "rounds": [_round(measured) for measured in rounds]}
    return json.dumps(data, indent=2) + "\n"


def _round(measured: Round) -> dict[str, object]:
    scenarios = {s.name: _scenario(s) for s in measured.scenarios}
    return asdict(measured) | {"scenarios": scenarios}


def _scenario(scenario: Scenario) -> dict[str, object]:
    ours, theirs = medians(scenario.labsite), medians(scenario.bare)
    names = [field.name for field in fields(Build)]
    runs, bare_runs = map(asdict, scenario.labsite), map(asdict, scenario.bare)
    return {
        "labsite": {"median": asdict(ours), "runs": list(runs)},
        "bare": {"median": asdict(theirs), "runs": list(bare_runs)},
        "ratio": {n: ratio(getattr(ours, n), getattr(theirs, n)) for n in names},
    }
