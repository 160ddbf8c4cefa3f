"""Give an entry another key, wherever the site names it.

The entry, the entries that refer to it, and the pages that cite it, list it or link to
its page change; the picture that is called by its key is renamed. The old address leads
to the page from then on.

The exit status is 0 if the entry has its new key, and 2 if it cannot get it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from labsite.bibtex.keys import is_key
from labsite.checks.site import load
from labsite.cli.output import tell, write
from labsite.cli.papers import read_house
from labsite.cli.statuses import CANNOT_RUN, OK
from labsite.editing.renaming import (
    rename_in_bibliography,
    rename_in_page,
    renamed_previews,
)
from labsite.editing.source import SourceError, SourceText, write_atomically
from labsite.model.repository import leads_outside, source_files
from labsite.site.configuration import read_settings

if TYPE_CHECKING:
    import argparse

    from labsite.site.settings import Settings

NAME = "rename"
SUMMARY = "give an entry another key, wherever it is named"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the two keys."""
    parser.add_argument("key", metavar="KEY", help="the key that the entry has")
    parser.add_argument("new", metavar="NEW", help="the key that it is to have")


def run(options: argparse.Namespace) -> int:
    """Rename the entry, or say why not."""
    source = options.source or Path()
    settings = read_settings(source)
    old, new = options.key, options.new
    try:
        files, house = read_house(settings, load(settings).site)
        own = {p.key for p in house.library.every_version}
        earlier = next(
            (p for p in house.library.every_version if new in p.aliases), None
        )
        taken = new.lower() in house.keys and not (earlier and earlier.key == old)
        reason = (
            f"there is no entry '{old}'" if old not in own
            else f"'{new}' is not a key; use letters, digits, '-', '_', '.' and ':'"
            if not is_key(new)
            else f"the key '{new}' is taken; choose another" if taken else None
        )  # fmt: skip
        if reason:
            tell(f"labsite rename: {reason}")
            return CANNOT_RUN
        changed = {
            file: rename_in_bibliography(data, file, old, new) for file, data in files
        }
        changed |= _pages(settings, old, new)
    except SourceError as error:
        tell(f"labsite rename: {error}")
        return CANNOT_RUN
    for file, data in changed.items():
        path = source / file
        if path.read_bytes() != data:
            write_atomically(path, data)
            write(f"{path.as_posix()}: {old} is {new}")
    _rename_previews(source, settings, old, new)
    return OK


def _pages(settings: Settings, old: str, new: str) -> dict[str, bytes]:
    """Return the pages and data files, by name, as they are to be."""
    found = {}
    for path in source_files(settings.source, settings.excluded):
        if path.suffix in {".md", ".yaml", ".yml"}:
            full = settings.source / path
            data = b"" if leads_outside(full) else full.read_bytes()
            if old.encode() in data:
                text = SourceText(data, path.as_posix())
                after = rename_in_page(text.text, old, new)
                found[path.as_posix()] = text.mark + text.native(after).encode()
    return found


def _rename_previews(source: Path, settings: Settings, old: str, new: str) -> None:
    for file in settings.bibfiles:
        folder = (source / file).parent
        for place in (folder, folder / "previews"):
            names = [path.name for path in place.glob("*.*")]
            for before, after in renamed_previews(names, old, new):
                (place / before).rename(place / after)
                write(f"{(place / before).as_posix()}: is now {after}")
