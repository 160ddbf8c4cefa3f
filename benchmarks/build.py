"""Time the site's build beside the same pages without the engine: ``make bench``.

At each size two sites are built by turns, so that what else the machine does falls on
both: a copy of the real site with so many entries, and its pages written out as plain
Markdown, with the same theme and settings.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from argparse import ArgumentParser, Namespace
from contextlib import contextmanager
from functools import partial
from importlib.metadata import version
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

# This is run as a file, so that only its own folder is on the path.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.chart import draw
from benchmarks.measure import Build, BuildError, build, count_pages, environment
from benchmarks.report import Round, Scenario, as_json, as_markdown, as_text
from benchmarks.sites import LabSite, Site, count_entries

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    Edit = Callable[[Site, int], None]

ROOT = Path(__file__).resolve().parents[1]
#: Every edit after which a site is built again, by the scenario's name.
EDITS: dict[str, Edit] = {
    "nothing changed": lambda _site, _number: None,
    "one entry changed": lambda site, number: site.change_entry(number),
    "one entry added": lambda site, number: site.add_entry(number),
    "topic page edited": lambda site, number: site.edit_topic(number),
}
_EXTENSIONS = "sphinx.cmd.build, labsite.sphinx, myst_parser, pydata_sphinx_theme"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure what the command line asks for; return its exit status."""
    options = _options(arguments)
    _warm_up()
    machine = describe_machine()
    with _folder(options.keep) as folder:
        try:
            rounds = [
                measure_round(options, folder, size, jobs)
                for size in options.sizes
                for jobs in options.jobs
            ]
        except BuildError as error:
            print(error, file=sys.stderr)
            return 1
    machine["load after"] = _load()
    print(f"\n{as_text(rounds)}")
    if options.json:
        options.json.write_text(as_json(rounds, machine), encoding="utf-8")
    if options.chart:
        options.chart.write_text(draw(rounds), encoding="utf-8")
    if options.markdown:
        options.markdown.write_text(as_markdown(rounds, machine), encoding="utf-8")
    return 0


@contextmanager
def _folder(kept: Path | None) -> Iterator[Path]:
    """Give a folder to build in: the one to keep, or one that goes away."""
    if kept:
        yield kept.resolve()
    else:
        with TemporaryDirectory(prefix="labsite-bench-") as name:
            yield Path(name)


def measure_round(options: Namespace, folder: Path, size: int, jobs: int) -> Round:
    """Measure every scenario at one size with one number of processes.

    :raises BuildError: if a build fails or gives a warning
    """
    here = folder / f"{size}-{jobs}"
    rmtree(here, ignore_errors=True)
    measure = partial(_measure, size=size, jobs=jobs)
    lab = LabSite(options.site, here / "labsite", size)
    cold_lab = [measure(lab, "cold")]
    pages = count_pages(lab.place)
    bare = lab.to_bare(here / "bare")
    cold_bare = [measure(bare, "cold")]
    for _run in range(options.cold_runs - 1):
        cold_lab.append(measure(lab, "cold", cold=True))
        cold_bare.append(measure(bare, "cold", cold=True))
    scenarios = [Scenario("cold", tuple(cold_lab), tuple(cold_bare))]
    sites: tuple[Site, Site] = (lab, bare)
    for name, edit in EDITS.items():
        builds: tuple[list[Build], list[Build]] = ([], [])
        for number in range(1, options.runs + 1):
            for site, done in zip(sites, builds, strict=True):
                edit(site, number)
                done.append(measure(site, name))
        scenarios.append(Scenario(name, *map(tuple, builds)))
    if not options.keep:
        rmtree(here)
    return Round(entries=size, pages=pages, jobs=jobs, scenarios=tuple(scenarios))


def _measure(
    site: Site, scenario: str, *, size: int, jobs: int, cold: bool = False
) -> Build:
    """Build a site and say so, since a long measurement should show that it lives."""
    if cold:
        rmtree(site.place.built)
    result = build(site.place, jobs)
    print(
        f"{size:,} entries, -j {jobs}, {scenario}: {type(site).__name__} "
        f"{result.wall:.1f} s, CPU {result.cpu:.1f} s, load {_load()}",
        file=sys.stderr,
    )
    return result


def describe_machine() -> dict[str, object]:
    """Return what the figures depend on besides the code."""
    packages = ("sphinx", "docutils", "myst-parser", "pydata-sphinx-theme")
    return {
        "Python": platform.python_version(),
        **{name: version(name) for name in packages},
        "system": f"{platform.system()} {platform.machine()}",
        "processors": os.cpu_count(),
        "load before": _load(),
    }


def _load() -> str:
    """Return how many processes wanted to run during the last minute, on average."""
    return f"{os.getloadavg()[0]:.1f}"


def _warm_up() -> None:
    """Import everything once, so that no measured build compiles modules."""
    command = [sys.executable, "-c", f"import {_EXTENSIONS}"]
    subprocess.run(command, env=environment(), check=True)


def _options(arguments: Sequence[str] | None) -> Namespace:
    parser = ArgumentParser(prog="make bench", description=(__doc__ or "").strip())
    parser.add_argument(
        "--sizes",
        default="real,1000",
        help="numbers of entries, with commas between; real: as many as the site has",
    )
    parser.add_argument(
        "--jobs", default="1", help="numbers of processes, e.g. 1,2 (1: serial)"
    )
    parser.add_argument("--runs", type=int, default=3, help="builds after each edit")
    parser.add_argument("--cold-runs", type=int, default=1, help="cold builds")
    parser.add_argument("--json", type=Path, help="write every figure to this file")
    parser.add_argument("--markdown", type=Path, help="write the tables to this file")
    parser.add_argument(
        "--chart", type=Path, help="draw how time grows with size to this SVG file"
    )
    parser.add_argument("--site", type=Path, default=ROOT, help="the site to copy")
    parser.add_argument("--keep", type=Path, help="build in this folder and keep it")
    options = parser.parse_args(arguments)
    try:
        options.sizes = _sizes(options.sizes, count_entries(options.site))
        options.jobs = list(map(int, options.jobs.split(",")))
    except ValueError as error:
        parser.error(str(error))
    if options.chart and (1 not in options.jobs or len(options.sizes) == 1):
        parser.error("a chart is of serial builds of two sizes or more")
    if min(options.runs, options.cold_runs, *options.jobs) < 1:
        parser.error("numbers of runs and processes are 1 or more")
    return options


def _sizes(text: str, real: int) -> list[int]:
    sizes = [real if word == "real" else int(word) for word in text.split(",")]
    if min(sizes) < real:
        msg = f"the site has {real} entries; a smaller one would lack what pages cite"
        raise ValueError(msg)
    return sizes


if __name__ == "__main__":
    sys.exit(main())
