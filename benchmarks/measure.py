"""Measure one build in a fresh process."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
import time
from dataclasses import dataclass, field, fields
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from pathlib import Path

#: Kilobytes on Linux, bytes on macOS: getrusage(2) of either.
_PEAK_UNIT = 1 if sys.platform == "darwin" else 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Build:
    """What one build took and did, or the medians of several."""

    wall: float  #: seconds from the start of the interpreter to its end
    cpu: float  #: seconds, user and system, of all processes of the build
    peak: float  #: bytes: the largest resident set that any one process had
    read: float  #: documents that were read
    written: float  #: pages that were written
    output: float  #: bytes of all files of the built site
    largest: float  #: bytes of the largest page, compressed with gzip


@dataclass(frozen=True, slots=True)
class Scenario:
    """One kind of build: what happened before it, and every run of both sites."""

    name: str
    labsite: tuple[Build, ...]
    bare: tuple[Build, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """Everything that was measured at one size."""

    entries: int
    pages: int
    scenarios: tuple[Scenario, ...]  #: of one process
    two: Build | None = None  #: the cold build of ours with two processes
    checks: Mapping[str, float] = field(default_factory=dict)
    #: CPU seconds of ``labsite check``, by what happened before it
    hugo: float | None = (
        None  #: CPU seconds of Hugo for the plain pages, if it is there
    )

    @property
    def title(self) -> str:
        """What was measured, in words."""
        return f"{self.entries:,} entries, {self.pages:,} pages"


class BuildError(Exception):
    """A build failed or gave a warning; the message is its output."""


@dataclass(frozen=True, slots=True)
class Place:
    """The folder of a site's sources, and that of its output."""

    source: Path
    built: Path

    @property
    def html(self) -> Path:
        """The folder of the built site."""
        return self.built / "html"

    @property
    def doctrees(self) -> Path:
        """The folder that Sphinx keeps between builds."""
        return self.built / "doctrees"


def build(place: Place, jobs: int) -> Build:
    """Build a site strictly, in a process of its own, and measure it.

    :param jobs: processes to read and write with; 1 is Sphinx's serial build
    :raises BuildError: if it fails or gives a warning
    """
    place.built.mkdir(parents=True, exist_ok=True)
    doctrees, pages = _times(place.doctrees, ".doctree"), _times(place.html, ".html")
    wall, cpu, peak = run(_command(place, jobs), place)
    read = _changed(doctrees, _times(place.doctrees, ".doctree"))
    written = _changed(pages, _times(place.html, ".html"))
    return Build(
        wall=wall,
        cpu=cpu,
        peak=peak,
        read=len(read),
        written=len(written),
        output=sum(p.stat().st_size for p in place.html.rglob("*") if p.is_file()),
        largest=_largest(place.html.rglob("*.html")),
    )


def check(place: Place) -> float:
    """Return the CPU time of ``labsite check``, whatever it finds."""
    command = [sys.executable, "-m", "labsite", "check"]
    _wall, cpu, _peak = run(command, place, allowed={0, 1})
    return cpu


def environment() -> dict[str, str]:
    """Return the variables of a build: modules are compiled once, as they are."""
    unset = {"PYTHONDONTWRITEBYTECODE", "PYTHONPATH"}
    return {name: value for name, value in os.environ.items() if name not in unset}


def count_pages(place: Place) -> int:
    """Return the number of pages of a site that has been built."""
    return len(_times(place.html, ".html"))


def medians(builds: Iterable[Build]) -> Build:
    """Return the median of every figure of one or more builds."""
    builds = list(builds)
    names = [each.name for each in fields(Build)]
    return Build(**{name: median(getattr(b, name) for b in builds) for name in names})


def _command(place: Place, jobs: int) -> list[str]:
    strict = ["-q", "-n", "-W", "--keep-going", "-T"]
    parallel = ["-j", str(jobs)] if jobs > 1 else []
    folders = ["-d", str(place.doctrees), str(place.source), str(place.html)]
    return [sys.executable, "-m", "sphinx", *strict, *parallel, *folders]


def run(
    command: list[str], place: Place, allowed: Collection[int] = (0,)
) -> tuple[float, float, float]:
    """Run a command; return wall and CPU time in seconds and peak memory in bytes.

    What wait4(2) reports covers the process and, of those it started, all that it has
    waited for: their CPU times are added, of their peaks the highest counts. Memory
    that processes share is in each of them, so a sum would say too much.
    """
    log = place.built / "log.txt"
    with log.open("wb") as output:
        start = time.perf_counter()
        process = subprocess.Popen(
            command,
            cwd=place.source,
            env=environment(),
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        _pid, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in allowed:
        text = log.read_text(encoding="utf-8", errors="replace")
        msg = f"{' '.join(command)} ended with {process.returncode}\n{text}"
        raise BuildError(msg)
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * _PEAK_UNIT


def _times(folder: Path, suffix: str) -> dict[Path, int]:
    # Themes leave templates among their static files.
    found = (p for p in folder.rglob(f"*{suffix}") if "_static" not in p.parts)
    return {path: path.stat().st_mtime_ns for path in found}


def _changed(before: Mapping[Path, int], after: Mapping[Path, int]) -> set[Path]:
    return {path for path, time in after.items() if before.get(path) != time}


def _largest(pages: Iterable[Path]) -> int:
    """Return the bytes of the largest page, compressed; it is among the longest."""
    largest = 0
    for page in sorted(pages, key=lambda page: -page.stat().st_size):
        if page.stat().st_size <= largest:
            break
        largest = max(largest, _compressed_size(page))
    return largest


def _compressed_size(page: Path) -> int:
    return len(gzip.compress(page.read_bytes(), mtime=0))
