"""Try a built site: every paper is on every list, once, and every page is in order.

A page is in order if its links lead somewhere, it is no heavier than a phone likes, and
pictures, links and controls have words. The exit status is 0 if nothing is wrong, 1 if
something is, and 2 if there is no built site.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from labsite.checks.audit import audit
from labsite.checks.built import check_pages
from labsite.checks.site import load
from labsite.cli.output import add_format, write_problems
from labsite.cli.statuses import FOUND, OK
from labsite.site.configuration import read_settings, run_configuration
from labsite.site.defaults import fill_in

if TYPE_CHECKING:
    import argparse

NAME = "audit"
SUMMARY = "compare a built site with its data files, and try its pages"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the folder of the built site and the format."""
    parser.add_argument(
        "folder", type=Path, nargs="?", default=Path("_build/html"), metavar="FOLDER",
        help="where the built site is (_build/html)",
    )  # fmt: skip
    add_format(parser)


def run(options: argparse.Namespace) -> int:
    """Print everything that is wrong."""
    settings = read_settings(options.source)
    values = fill_in(options.source, run_configuration(options.source))
    site = load(settings).site
    pages = check_pages(options.folder.resolve(), values["notfound_urls_prefix"])
    found = [*audit(site, options.folder), *pages]
    problems = list(settings.rules.apply(found))
    entries = len(site.library.publications)
    write_problems(options.format, problems, entries, Path())
    return FOUND if problems else OK
