"""Compare a built site with its data files: every paper on every list, once.

The exit status is 0 if the books balance, 1 if not, and 2 if there is no built site.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from labsite.checks.audit import audit
from labsite.checks.site import load
from labsite.cli.output import add_format, write_problems
from labsite.cli.statuses import FOUND, OK
from labsite.site.configuration import read_settings

if TYPE_CHECKING:
    import argparse

NAME = "audit"
SUMMARY = "compare a built site with its data files"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the folder of the built site and the format."""
    parser.add_argument(
        "folder", type=Path, nargs="?", default=Path("_build/html"), metavar="FOLDER",
        help="where the built site is (_build/html)",
    )  # fmt: skip
    add_format(parser)


def run(options: argparse.Namespace) -> int:
    """Print every difference."""
    site = load(read_settings(options.source)).site
    problems = list(audit(site, options.folder))
    entries = len(site.library.publications)
    write_problems(options.format, problems, entries, Path())
    return FOUND if problems else OK
