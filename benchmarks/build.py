"""Time the site's build beside the same pages without the engine: ``make bench``.

At each size two sites are built by turns, so that what else the machine does falls on
both: a copy of the real site with so many entries, and its pages written out as plain
Markdown, with pydata-sphinx-theme and the same settings.
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

from benchmarks.bounds import COLD
from benchmarks.chart import draw
from benchmarks.hugo import measure_hugo
from benchmarks.live import measure_live
from benchmarks.measure import (
    Build,
    BuildError,
    Place,
    Round,
    Scenario,
    build,
    check,
    count_pages,
    environment,
)
from benchmarks.report import as_json, as_markdown, as_text
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
            rounds = [measure_round(options, folder, size) for size in options.sizes]
            seen = measure_live(options.site, folder / "live")
        except BuildError as error:
            print(error, file=sys.stderr)
            return 1
    machine["load after"] = _load()
    print(f"\n{as_text(rounds)}\n{seen}")
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


def measure_round(options: Namespace, folder: Path, size: int) -> Round:
    """Measure every scenario at one size.

    :raises BuildError: if a build fails or gives a warning
    """
    here = folder / f"{size}"
    rmtree(here, ignore_errors=True)
    measure = partial(_measure, size=size)
    lab = LabSite(options.site, here / "labsite", size)
    cold_lab = [measure(lab, "cold")]
    pages = count_pages(lab.place)
    bare = lab.to_bare(here / "bare")
    cold_bare = [measure(bare, "cold")]
    hugo = measure_hugo(
        bare.place, Place(here / "hugo" / "source", here / "hugo" / "built")
    )
    scenarios = [Scenario("cold", tuple(cold_lab), tuple(cold_bare))]
    sites: tuple[Site, Site] = (lab, bare)
    for name, edit in EDITS.items():
        builds: tuple[list[Build], list[Build]] = ([], [])
        for number in range(1, options.runs + 1):
            for site, done in zip(sites, builds, strict=True):
                edit(site, number)
                done.append(measure(site, name))
        scenarios.append(Scenario(name, *map(tuple, builds)))
    two = None
    if size >= max(COLD):
        rmtree(lab.place.built)
        two = measure(lab, "cold", jobs=2)
    checks = {"nothing known": check(lab.place), "nothing changed": check(lab.place)}
    lab.change_entry(options.runs + 1)
    checks["one entry changed"] = check(lab.place)
    if not options.keep:
        rmtree(here)
    return Round(
        entries=size,
        pages=pages,
        scenarios=tuple(scenarios),
        two=two,
        checks=checks,
        hugo=hugo,
    )


def _measure(site: Site, scenario: str, *, size: int, jobs: int = 1) -> Build:
    """Build a site and say so, since a long measurement should show that it lives."""
    result = build(site.place, jobs)
    print(
        f"{size:,} entries, {scenario}, -j {jobs}: {type(site).__name__} "
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
        default="real,1000,10000",
        help="numbers of entries, with commas between; real: as many as the site has",
    )
    parser.add_argument("--runs", type=int, default=1, help="builds after each edit")
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
    except ValueError as error:
        parser.error(str(error))
    if options.chart and len(options.sizes) == 1:
        parser.error("a chart is of two sizes or more")
    if options.runs < 1:
        parser.error("the number of runs is 1 or more")
    return options


def _sizes(text: str, real: int) -> list[int]:
    sizes = [real if word == "real" else int(word) for word in text.split(",")]
    if min(sizes) < real:
        msg = f"the site has {real} entries; a smaller one would lack what pages cite"
        raise ValueError(msg)
    return sizes


if __name__ == "__main__":
    sys.exit(main())
