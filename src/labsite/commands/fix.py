"""``labsite fix``: mends what is mechanical in BibTeX files."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from labsite.editing.fixing import Fixed, fix_files
from labsite.editing.source import NotUtf8Error, diff, write_atomically
from labsite.loading import read_settings

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

NAME = "fix"
SUMMARY = "mend what is mechanical in BibTeX files, and leave every other byte alone"

_OK, _FOUND, _CANNOT_RUN = 0, 1, 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument(
        "files", nargs="*", type=Path, metavar="FILE",
        help="BibTeX files to mend; without any, those of the site",
    )  # fmt: skip
    parser.add_argument(
        "--dry-run", action="store_true",
        help="print a diff and write nothing; exit with 1 if there is one",
    )  # fmt: skip


def run(options: argparse.Namespace) -> int:
    """Mend files; return 0, 1 if a dry run found something, 2 if it cannot run."""
    paths: Sequence[Path] = options.files or _site_files(options.source)
    try:
        fixed = fix_files([(path.as_posix(), path.read_bytes()) for path in paths])
    except NotUtf8Error as error:
        print(f"labsite fix: {error}", file=sys.stderr)
        return _CANNOT_RUN
    for each in fixed:
        for note in each.notes:
            print(note, file=sys.stderr)
    changed = [
        (path, each)
        for path, each in zip(paths, fixed, strict=True)
        if each.before != each.after
    ]
    if options.dry_run:
        for path, each in changed:
            sys.stdout.write(diff(each.before, each.after, path.as_posix()))
        return _FOUND if changed else _OK
    for path, each in changed:
        write_atomically(path, each.after)
    _say(fixed)
    return _OK


def _say(fixed: Sequence[Fixed]) -> None:
    changes = [change for each in fixed for change in each.changes]
    print("\n".join(changes) or "nothing to mend")


def _site_files(source: Path) -> list[Path]:
    return [source / name for name in read_settings(source).bibfiles]
