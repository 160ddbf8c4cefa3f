"""Check a site, or BibTeX files of anybody's.

The command itself is in a module of its own: importing this one takes longer than
finding out that nothing has changed since the last check.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import zip_longest
from pathlib import Path
from typing import NamedTuple

from labsite.bibtex.reader import read_library
from labsite.checks import check_entries, check_formats, load, load_pages
from labsite.checks.pages import check_positions
from labsite.cli.output import Checked
from labsite.model.files import decode_text
from labsite.model.problems import Problem, Severities, Severity
from labsite.model.records import Library, Publication
from labsite.model.store import FOLDER, Stamp, note_state, recall, remember
from labsite.site.configuration import read_settings, run_configuration
from labsite.site.loading import SiteFilesRead, build_day
from labsite.site.settings import Settings
from labsite.site.site import SiteRecords

_STANDARD_INPUT = "-"


class _Pages(NamedTuple):
    """What was found in the pages of a site, and what that depends on."""

    problems: list[Problem]
    files: list[str]  #: absolute paths of files that were read elsewhere
    fields: set[str]  #: those that lists on pages ask for
    read: SiteFilesRead  #: the records at that time


def check_site(source: Path, files: Mapping[str, Stamp]) -> Checked:
    """Check the data files of a site, and its pages as a build reads them.

    What was found in pages holds while only the bibliography changes and all that they
    can refer to is still there.

    :param files: those of the repository, from before
    """
    settings, record = read_settings(source), source / FOLDER / "pages.pickle"
    # These may be outside the site's folder.
    bibliographies = {str((source / name).resolve()) for name in settings.bibfiles}
    state = note_state(source, files, without=bibliographies)
    known: _Pages | None = recall(record, state)
    pages = known.read if known else load_pages(settings)
    if not known:  # no build looks for positions
        positions = check_positions(settings)
        pages = replace(pages, problems=(*pages.problems, *positions))
    loaded = load(settings, pages)
    if not (known and _still_hold(known, loaded.site)):
        known = _Pages(*_check_pages(settings), loaded)
        remember(record, state, known, known.files)
    # A build may report of a page what is known from the data already.
    errors = (p for p in loaded.problems if p.severity is Severity.ERROR)
    places = {(p.file, p.line) for p in errors}
    of_pages = settings.rules.apply(known.problems)
    found = [p for p in of_pages if (p.file, p.line) not in places]
    files_read = (*known.files, *sorted(bibliographies))
    return make_result(loaded.site.library, [*found, *loaded.problems], files_read)


def _check_pages(settings: Settings) -> tuple[list[Problem], list[str], set[str]]:
    """Check the pages of a site, as a build does if it is built with the engine."""
    if "labsite" not in run_configuration(settings.source).get("extensions", ()):
        return [], [], set()
    # Importing Sphinx takes longer than checking the data files.
    from labsite.sphinx.checking import check_pages  # noqa: PLC0415

    return check_pages(settings.source.resolve())


def _still_hold(known: _Pages, site: SiteRecords) -> bool:
    """Return whether what was found in pages holds with other records.

    More than there was matters only where something was missing.
    """
    old, fields = known.read.site, known.fields
    news = [[(n.slug, n.issued) for n in each.news] for each in (old, site)]
    pairs = zip_longest(old.library.publications, site.library.publications)
    alike = news[0] == news[1] and all(
        was is now or (was and now and _traits(was, fields) == _traits(now, fields))
        for was, now in pairs
    )
    if alike:  # to group the papers takes longer
        return True
    before, after = ({*_facts(each, fields)} for each in (old, site))
    return before == after if known.problems else before <= after


def _traits(paper: Publication, fields: Collection[str]) -> Hashable:
    """Return all of a paper that a page can depend on, if lists ask for *fields*."""
    known = dict(paper.fields)
    # A bibliography cannot show some entries without these.
    needed = (paper.entry_type, "note" in known, "publisher" in known)
    asked = (*map(known.get, sorted(fields)), *(c.name for c in paper.creators))
    traits = (paper.issued.year, paper.kind, paper.venue, paper.topics, paper.award)
    return paper.key, paper.aliases, paper.selected, *traits, *needed, *asked


def _facts(site: SiteRecords, fields: Collection[str]) -> Iterator[Hashable]:
    """Yield each fact of the bibliography that a page can depend on.

    Lists on pages ask for *fields*. Those that are divided have other content.
    """
    for paper in site.library.publications:
        yield site.docname(paper), _traits(paper, fields)
    yield frozenset(site.parts)
    yield from site.groups
    yield from ((site.page_of_news[item.slug], item.slug) for item in site.news)


def read_files(
    names: Iterable[str], site: Path | None
) -> tuple[Library, list[Problem]]:
    """Read files as one bibliography, and apply the rules to it.

    :param site: the folder of the site whose severities apply
    :raises OSError: if one of the files cannot be read
    """
    texts: list[tuple[str, str]] = []
    problems: list[Problem] = []
    for name in dict.fromkeys(names):
        pasted, shown = name == _STANDARD_INPUT, shown_name(name)
        data = sys.stdin.buffer.read() if pasted else Path(name).read_bytes()
        text, found = decode_text(data, shown)
        texts.append((shown, text))
        problems += found
    library = read_library(texts)
    problems += [*library.problems, *check_entries(library, build_day(os.environ))]
    problems += [] if library.entries else check_formats(texts)
    rules = read_settings(site).rules if site else Severities()
    return library, list(rules.apply(problems))


def make_result(
    library: Library, problems: Iterable[Problem], files: tuple[str, ...] = ()
) -> Checked:
    """Return the result of a check of a bibliography."""
    entries = len(library.every_version) + library.containers
    ordered = sorted(problems, key=lambda p: (p.file, p.line, p.column))
    return Checked(entries=entries, problems=tuple(ordered), files=files)


def shown_name(name: str) -> str:
    """Return the name that messages give a file of the command line."""
    return "<stdin>" if name == _STANDARD_INPUT else Path(name).as_posix()
