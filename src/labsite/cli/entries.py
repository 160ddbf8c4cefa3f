"""Commands that change entries: update, rename, fix and merge."""

from __future__ import annotations

import os
import shlex
from argparse import Namespace
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from labsite.checks.pages import find_positions
from labsite.cli import CANNOT_RUN, FOUND, OK, argument, command
from labsite.cli.output import tell, write
from labsite.cli.papers import open_site, publish_from, save
from labsite.editing import entries
from labsite.editing.fetching import Limits
from labsite.editing.fix import fix_files
from labsite.editing.insertion import merge, run_merge_file
from labsite.editing.services import Services
from labsite.editing.source import diff, write_atomically
from labsite.editing.updating import Proposal, propose
from labsite.model.problems import LabsiteError, printable
from labsite.model.repository import leads_outside, source_files
from labsite.pictures.metadata import strip_metadata
from labsite.pictures.rasters import PictureError
from labsite.site.configuration import read_settings, run_configuration
from labsite.site.settings import Settings

_MOST = 1000  #: requests in one run


@command(
    "update",
    argument(
        "keys", nargs="*", metavar="KEY", help="entries; without any, all of them"
    ),
    argument(
        "--write", action="store_true",
        help="write certain changes, and likely ones of the named entries",
    ),
)  # fmt: skip
def update(options: Namespace) -> int:
    """Search registries for missing DOIs, published versions, pages and open PDFs.

    Asks arXiv, Crossref, DBLP and OpenAlex; leaves out those that do not answer. Prints
    a plan, each line with its source and confidence. --write makes the certain changes,
    and for named entries also the likely ones. Answers are cached in _build/registries
    for a week, so that the next run goes on where one was stopped.

    The exit status is 0 if nothing is missing or all of it was written, 1 if proposals
    are left, and 2 if no registry answered.
    """
    source = options.source
    _, house, _ = open_site(source)
    named = [entries.find_entry(key, house) for key in options.keys]
    chosen = named or house.library.publications
    contact = str(run_configuration(source).get("html_baseurl", ""))
    cache = source / "_build" / "registries"
    services = Services(os.environ, contact, cache, Limits(retries=1))
    found: list[Proposal] = []
    asked = left = 0
    while asked < len(chosen) and services.requests.total() < _MOST:
        found += propose(chosen[asked], services)
        asked += 1
    for proposal in found:
        wanted = options.write and (proposal.sure or options.keys)
        known = proposal.doi or proposal.fields
        done = bool(wanted and known) and _carry_out(proposal, source)
        left += not done
        _report(proposal, done=done)
    for name, reason in services.silent.items():
        tell(f"note: {name} was left out: {reason}")
    if asked < len(chosen):
        tell(f"note: entries left: {len(chosen) - asked}; run the command again")
    tell(f"entries: {asked}, proposals: {len(found)}, written: {len(found) - left}")
    if services.requests and services.requests.keys() <= services.silent.keys():
        return CANNOT_RUN
    return FOUND if left else OK


def _report(proposal: Proposal, *, done: bool) -> None:
    publication = proposal.publication
    place = f"{publication.source.file}:{publication.source.line}"
    sure = "sure" if proposal.sure else "likely"
    facts = ", ".join([proposal.source, sure, *(["written"] if done else [])])
    write(printable(f"{place}: {publication.key}: {proposal.message} ({facts})"))
    if proposal.doi and not done:
        doi = printable(proposal.doi)
        write(f"  {shlex.join(['labsite', 'publish', publication.key, doi])}")


def _carry_out(proposal: Proposal, source: Path) -> bool:
    """Write a proposal into the present file; return whether that worked."""
    (_, house, files), key = open_site(source), proposal.publication.key
    try:
        if proposal.doi:
            changed = publish_from(proposal.doi, key, house, files)
        else:
            entry = entries.find_entry(key, house)
            changed = entries.change_fields(entry, files, proposal.fields)
    except LabsiteError as error:
        tell(f"note: {key}: {error}")
        return False
    save(changed, source)
    return True


@command(
    "rename",
    argument("key", metavar="KEY", help="the key that the entry has"),
    argument("new", metavar="NEW", help="the key that it is to have"),
)
def rename(options: Namespace) -> int:
    """Give an entry another key in all files of the site.

    Updates the entry, entries that refer to it, and pages that cite it, list it or link
    to its page; renames its preview. The old address leads to the page.

    The exit status is 0 if the entry has its new key, and 2 if it cannot get it.
    """
    source, new = options.source, options.new
    site, house, files = open_site(source)
    entry = entries.find_entry(options.key, house)
    old = entry.key
    if new not in entry.aliases:
        house.check_new_key(new)
    pictures = list(_previews(site.settings, old, new))
    for _, renamed in pictures:
        if renamed.exists():
            msg = f"{renamed.as_posix()} is there already; rename it, or choose a key"
            raise LabsiteError(msg)
    changed = entries.rename_in_pages(_read_pages(site.settings), old, new)
    for name, data in files:
        changed[name] = entries.rename_in_bibliography(data, name, old, new)
    for file, data in changed.items():
        path = source / file
        if path.read_bytes() != data:
            write_atomically(path, data)
            write(f"{path.as_posix()}: {old} is {new}")
    for picture, renamed in pictures:
        picture.rename(renamed)
        write(f"{picture.as_posix()}: is now {renamed.name}")
    return OK


def _read_pages(settings: Settings) -> dict[str, bytes]:
    """Return the content of each page and data file, by its name."""
    source = settings.source
    return {
        path.as_posix(): (source / path).read_bytes()
        for path in source_files(source, settings.excluded)
        if path.suffix in {".md", ".yaml", ".yml"} and not leads_outside(source / path)
    }


def _previews(settings: Settings, old: str, new: str) -> Iterator[tuple[Path, Path]]:
    """Yield the previews named after the key, with their new paths."""
    for file in settings.bibfiles:
        folder = (settings.source / file).parent
        for place in (folder, folder / "previews"):
            found = (path for path in place.glob("*.*") if path.stem == old)
            yield from ((path, path.with_name(new + path.suffix)) for path in found)


@command(
    "fix",
    argument("--dry-run", action="store_true", help="print a diff and write nothing"),
)
def fix(options: Namespace) -> int:
    """Correct mechanical mistakes in BibTeX files, and leave every other byte alone.

    Corrects addresses in place of identifiers, spaces, months, HTML tags and entities,
    ligatures from a PDF, hyphens between pages, the layout and the order of entries. An
    entry that cannot be read stays as it is. Saves pictures that hold a position anew,
    without their metadata.

    The exit status is 0; with --dry-run it is 1 if something would change; it is 2 if
    the command cannot run.
    """
    settings = read_settings(options.source)
    paths = [options.source / name for name in settings.bibfiles]
    fixed = fix_files([(path.as_posix(), path.read_bytes()) for path in paths])
    for note in (note for each in fixed for note in each.notes):
        tell(f"note: {note}")
    changed = [each for each in fixed if each.before != each.after]
    for each in changed:
        if options.dry_run:
            write(printable(diff(each).rstrip("\n"), lines=True))
        else:
            write_atomically(Path(each.file), each.after)
            write(f"{each.file}: corrected; 'git diff' shows what changed")
    pictures = list(find_positions(settings))
    for path in (options.source / file for file in pictures):
        try:
            stripped = strip_metadata(path.read_bytes())
        except PictureError as error:
            tell(f"{path.as_posix()}: {error}")
            continue
        if not options.dry_run:
            write_atomically(path, stripped)
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
    """Merge two changes of a bibliography, as git's merge driver.

    Git runs it for the files in '.gitattributes', once "make" has configured it. New
    entries of both sides are no conflict. Git merges the rest by lines, and leaves its
    conflict markers where both sides have changed the same.

    The exit status is 0 if the result is whole, 1 if it holds markers, and 2 if git
    cannot merge the file, which then stays as it is.
    """
    paths = (options.base, options.ours, options.theirs)
    base, ours, theirs = (path.read_bytes() for path in paths)
    with suppress(LabsiteError):
        options.ours.write_bytes(merge(base, ours, theirs))
        return OK
    merged, conflicts = run_merge_file(base, ours, theirs)
    options.ours.write_bytes(merged)
    return FOUND if conflicts else OK
