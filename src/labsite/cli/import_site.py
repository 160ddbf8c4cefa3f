"""Make a site of a lab's site in another system.

OLD is a checkout of a site made with al-folio, Greene Lab's lab-website-template, or
HugoBlox (Wowchemy), or a bibliography. Nothing is written into it. The new site is
built strictly; what did not arrive is told with its file and line.

The exit status is 0 if the strict build passes, 1 if not, and 2 if there is nothing
that can be imported.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from labsite.cli.output import tell, write
from labsite.cli.statuses import CANNOT_RUN, FOUND, OK
from labsite.importing.readers import read
from labsite.importing.tree import Tree
from labsite.importing.writer import write_site
from labsite.model.problems import printable

if TYPE_CHECKING:
    import argparse

NAME = "import"
SUMMARY = "make a site of a lab's site in another system"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the old site and the folder of the new one."""
    parser.add_argument(
        "old", type=Path, metavar="OLD", help="the old site's folder, or a .bib file"
    )
    parser.add_argument(
        "--into",
        type=Path,
        metavar="DIR",
        help="the new site's folder, which must be empty (OLD's name and -labsite)",
    )


def run(options: argparse.Namespace) -> int:
    """Import the site; say what arrived and what did not."""
    old: Path = options.old
    into: Path = options.into or Path(f"{old.resolve().stem}-labsite")
    reason = _why_not(old, into)
    if reason:
        tell(f"labsite: {reason}")
        return CANNOT_RUN
    tree = Tree(old)
    found = read(tree)
    if found is None:
        tell(f"labsite: {old}: no site of a system that can be read, and no .bib file")
        return CANNOT_RUN
    made, problems, failure = write_site(found, tree, into)
    notes = sorted(set(tree.notes))
    for note in notes:
        write(printable(note))
    counts = ", ".join(f"{number} {what}" for what, number in made.counts.items())
    tell(f"{found.system}: {counts}; {len(notes)} notes above")
    tell(f"labsite check --source {into} tells of {problems} things to look at")
    if failure:
        tell(f"the strict build fails:\n{failure}")
        return FOUND
    tell(f"the strict build passes: {into / '_build/html/index.html'}")
    return OK


def _why_not(old: Path, into: Path) -> str:
    """Return why the import cannot begin; empty if it can."""
    if not old.exists():
        return f"{old}: there is no such folder or file"
    inside = into.resolve().is_relative_to(old.resolve())
    if inside and old.is_dir():
        return f"{into}: lies in {old}, into which nothing is written; name another"
    if into.exists() and (not into.is_dir() or any(into.iterdir())):
        return f"{into}: is there already; name an empty folder with --into"
    return ""
