"""Commands that rewrite files of the bibliography: corrections and merges."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from labsite.checks.pages import find_positions
from labsite.cli import FOUND, OK, argument, command
from labsite.cli.output import DRY_RUN, save, tell, write
from labsite.editing.fix import fix_files
from labsite.editing.merge import merge, run_merge_file
from labsite.editing.source import write_atomically
from labsite.model.problems import LabsiteError, printable
from labsite.pictures.metadata import strip_metadata
from labsite.site.configuration import read_settings

if TYPE_CHECKING:
    from argparse import Namespace


@command(
    "fix",
    argument(
        "files", nargs="*", type=Path, metavar="FILE",
        help="BibTeX files to correct; without any, those of the site",
    ),
    DRY_RUN,
)  # fmt: skip
def fix(options: Namespace) -> int:
    """Correct mechanical mistakes in BibTeX files, and leave every other byte alone.

    Corrects addresses in place of identifiers, spaces, months and venues that have
    macros, HTML tags and entities, ligatures from a PDF, hyphens between pages, the
    layout and the order of entries. An entry that cannot be read stays as it is.
    Without FILE it corrects the files of the site, and removes the position from its
    pictures, whose pixels stay as they are.

    The exit status is 0; with --dry-run it is 1 if something would change; it is 2 if
    the command cannot run.
    """
    paths: list[Path] = options.files
    settings = None if paths else read_settings(options.source)
    if settings:
        paths = [options.source / name for name in settings.bibfiles]
    fixed = fix_files([(path.as_posix(), path.read_bytes()) for path in paths])
    for note in (note for each in fixed for note in each.notes):
        tell(f"note: {note}")
    changed = [each for each in fixed if each.before != each.after]
    for each in changed:
        save(each, Path(), dry_run=options.dry_run)
        for change in () if options.dry_run else each.changes:
            write(printable(change))
    pictures = list(find_positions(settings)) if settings else []
    for path in (options.source / file for file in pictures):
        if not options.dry_run:
            write_atomically(path, strip_metadata(path.read_bytes()))
        write(printable(f"{path.as_posix()}: without position, camera and comments"))
    if not changed and not pictures:
        tell("nothing to fix")
    return FOUND if (changed or pictures) and options.dry_run else OK


@command(
    "merge",
    argument("base", type=Path, metavar="BASE", help="the common version"),
    argument("ours", type=Path, metavar="OURS", help="ours; the result"),
    argument("theirs", type=Path, metavar="THEIRS", help="the other one"),
)
def merge_files(options: Namespace) -> int:
    """Merge two changes of one bibliography, as a merge driver of git.

    Git runs it for the files in '.gitattributes', once "make" has configured it. Takes
    over the entries that one side adds, changes or removes. If both sides change the
    same entry, leaves git's conflict markers in the file.

    The exit status is 0 if the result is whole, 1 if it holds markers, and 2 if git
    cannot merge the file, which then stays as it is.
    """
    paths = (options.base, options.ours, options.theirs)
    base, ours, theirs = (path.read_bytes() for path in paths)
    with suppress(LabsiteError):
        merged = merge(base, ours, theirs)
        if merged is not None:
            options.ours.write_bytes(merged)
            return OK
    labels = ("-L", "ours", "-L", "base", "-L", "theirs")
    merged, conflicts = run_merge_file(base, ours, theirs, *labels)
    options.ours.write_bytes(merged)
    return FOUND if conflicts else OK
