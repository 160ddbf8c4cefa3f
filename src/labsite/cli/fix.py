"""Correct mechanical mistakes in BibTeX files, and leave every other byte alone.

Mended are addresses in the place of identifiers, spaces, months and venues that a macro
means, HTML tags and entities, joined letters from a PDF, hyphens between pages, the
layout of entries that have another one, and the order of entries. An entry that cannot
be read is never touched. Without FILE the files of the site are corrected, and its
pictures lose what says where they were taken; their pixels stay as they are.

The exit status is 0; with --dry-run it is 1 if something would change; it is 2 if the
command cannot run.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from labsite.checks.files import find_positions
from labsite.cli.output import tell, write
from labsite.cli.statuses import CANNOT_RUN, FOUND, OK
from labsite.editing.fix import fix_files
from labsite.editing.source import SourceError, diff, write_atomically
from labsite.model.problems import printable
from labsite.pictures.metadata import strip_metadata
from labsite.site.configuration import read_settings

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

NAME = "fix"
SUMMARY = "correct mechanical mistakes in BibTeX files"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the files and the dry run."""
    parser.add_argument(
        "files", nargs="*", type=Path, metavar="FILE",
        help="BibTeX files to correct; without any, those of the site",
    )  # fmt: skip
    parser.add_argument(
        "--dry-run", action="store_true",
        help="print a diff and write nothing; exit with 1 if there is one",
    )  # fmt: skip


def run(options: argparse.Namespace) -> int:
    """Mend the files, or print what would change."""
    paths: Sequence[Path] = options.files or _site_files(options.source or Path())
    try:
        fixed = fix_files([(path.as_posix(), path.read_bytes()) for path in paths])
    except SourceError as error:
        tell(f"labsite fix: {error}")
        return CANNOT_RUN
    for each in fixed:
        for note in each.notes:
            tell(f"note: {printable(note)}")
    changed = [
        (path, each)
        for path, each in zip(paths, fixed, strict=True)
        if each.before != each.after
    ]
    for path, each in changed:
        if options.dry_run:
            text = diff(each.before, each.after, each.file).rstrip("\n")
            write(printable(text, lines=True))
            continue
        write_atomically(path, each.after)
        for change in each.changes:
            write(printable(change))
    stripped = 0 if options.files else _strip_pictures(options)
    if not changed and not stripped:
        tell("nothing to fix")
    return FOUND if (changed or stripped) and options.dry_run else OK


def _strip_pictures(options: argparse.Namespace) -> int:
    """Take positions out of the site's pictures; return of how many."""
    settings = read_settings(options.source or Path())
    found = list(find_positions(settings))
    for file in found:
        path = settings.source / file
        if not options.dry_run:
            write_atomically(path, strip_metadata(path.read_bytes()))
        write(printable(f"{path.as_posix()}: without position, camera and comments"))
    return len(found)


def _site_files(source: Path) -> list[Path]:
    return [source / name for name in read_settings(source).bibfiles]
