"""Merge two changes of one bibliography, as a merge driver of git.

Git calls it for the files that '.gitattributes' gives it, once "make" has told git of
it. Entries that one side adds, changes or removes are taken over, wherever they stand.
Where both sides change one entry, git's own markers are left in the file.

The exit status is 0 if the result is whole, and 1 if it holds markers.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from labsite.cli.statuses import FOUND, OK
from labsite.editing.merge import merge, run_merge_file
from labsite.editing.source import SourceError

if TYPE_CHECKING:
    import argparse

NAME = "merge"
SUMMARY = "merge two changes of one bibliography; git calls it"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the three versions that git gives."""
    parser.add_argument("base", type=Path, metavar="BASE", help="the common version")
    parser.add_argument("ours", type=Path, metavar="OURS", help="ours; the result")
    parser.add_argument("theirs", type=Path, metavar="THEIRS", help="the other one")


def run(options: argparse.Namespace) -> int:
    """Write the result in the place of ours."""
    paths = (options.base, options.ours, options.theirs)
    base, ours, theirs = (path.read_bytes() for path in paths)
    try:
        merged = merge(base, ours, theirs)
    except SourceError:
        merged = None
    if merged is not None:
        options.ours.write_bytes(merged)
        return OK
    texts = [data.decode("utf-8", "surrogateescape") for data in (base, ours, theirs)]
    text, conflicts = run_merge_file(*texts, "-L", "ours", "-L", "base", "-L", "theirs")
    options.ours.write_bytes(text.encode("utf-8", "surrogateescape"))
    return FOUND if conflicts else OK
