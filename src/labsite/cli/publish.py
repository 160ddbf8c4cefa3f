"""Let an entry say what has become of its paper.

A preprint becomes the published paper: type, venue, date, pages and DOI change; the
key, and so the address of its page, the links and the number at arXiv stay. The entry
of a published paper gets what it lacks, such as its number at arXiv. The record of
another version, such as a journal's of a conference paper, gets an entry of its own,
which the old one names in 'related'.

The exit status is 0 if something was changed, and 2 if nothing could be.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from labsite.checks.site import load
from labsite.cli.output import tell, write
from labsite.cli.papers import HELP, STANDARD_INPUT, read_house, read_papers
from labsite.cli.statuses import CANNOT_RUN, OK
from labsite.editing.add import NotAddedError
from labsite.editing.importing import IncompleteError
from labsite.editing.insertion import InsertionError
from labsite.editing.publish import publish
from labsite.editing.source import SourceError, diff, write_atomically
from labsite.model.problems import printable
from labsite.site.configuration import read_settings

if TYPE_CHECKING:
    import argparse

    from labsite.editing.publish import Published

NAME = "publish"
SUMMARY = "turn a preprint into the published paper, or add another version"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the entry, and what says what has become of it."""
    parser.add_argument("key", metavar="KEY", help="the key of the entry")
    parser.add_argument(
        "paper", nargs="?", default=STANDARD_INPUT, metavar="PAPER", help=HELP
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="print a diff and write nothing"
    )


def run(options: argparse.Namespace) -> int:
    """Change the entry, or say why not."""
    source = options.source or Path()
    try:
        published = _publish(options, source)
    except (NotAddedError, IncompleteError, InsertionError, SourceError) as error:
        tell(f"labsite publish: {error}")
        return CANNOT_RUN
    text = diff(published.before, published.after, published.file).rstrip("\n")
    write(printable(text, lines=True))
    if not options.dry_run:
        write_atomically(source / published.file, published.after)
    for note in published.notes:
        tell(f"note: {printable(note)}")
    return OK


def _publish(options: argparse.Namespace, source: Path) -> Published:
    settings = read_settings(source)
    files, house = read_house(settings, load(settings).site)
    records, left = read_papers([options.paper], house)
    if len(records) != 1:
        said = [each.message for each in left]
        msg = "\n".join(said) or f"there are {len(records)} papers; give one"
        raise NotAddedError(msg)
    return publish(options.key, records[0], house, files)
