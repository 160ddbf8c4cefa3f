"""What a check of a site, or of any BibTeX files, finds.

Apart from the command itself, since to import this takes longer than to tell that
nothing has changed since the last check.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from labsite.bibtex.reader import read_library
from labsite.checks import check_entries
from labsite.checks.files import check_contents, check_positions
from labsite.checks.pages import check_news
from labsite.checks.site import load
from labsite.model.files import decode_text
from labsite.model.problems import Severities
from labsite.pages.teaching import read_teaching
from labsite.rebuild.last_check import Checked
from labsite.site.configuration import read_settings, run_configuration
from labsite.site.loading import build_day
from labsite.site.published_files import find_teaching_files

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Iterator, Sequence

    from labsite.model.problems import Problem
    from labsite.model.records import Library
    from labsite.site.settings import Settings
    from labsite.site.site import SiteRecords

_STANDARD_INPUT = "-"


def check_site(source: Path) -> Checked:
    """Check the data files of a site, and what a build would read of its pages."""
    settings = read_settings(source)
    loaded = load(settings)
    of_pages, files = _check_pages(source)
    found = [*_check_beyond(settings, loaded.site), *of_pages]
    # What a build finds in pages may be what was found in the data already.
    unique = {(p.file, p.line, p.message): p for p in settings.rules.apply(found)}
    unique |= {(p.file, p.line, p.message): p for p in loaded.problems}
    return Checked(
        entries=_count(loaded.site.library),
        problems=_sorted(unique.values()),
        files=tuple(files),
    )


def _check_pages(source: Path) -> tuple[Sequence[Problem], Sequence[str]]:
    """Check what a build would read, if the site is one that Sphinx builds with us."""
    if "labsite" not in run_configuration(source).get("extensions", ()):
        return (), ()
    # Sphinx takes longer to import than the data files to check.
    from labsite.sphinx.checking import check_pages  # noqa: PLC0415

    return check_pages(source.resolve())


def _check_beyond(settings: Settings, site: SiteRecords) -> Iterator[Problem]:
    """Check what a build would read with its pages."""
    yield from check_news(site.news, site.library, site.people_by_name)
    yield from check_contents(settings)
    yield from check_positions(settings)
    source = settings.source
    for path in find_teaching_files(source, settings.publications_dir):
        yield from read_teaching(path, path.relative_to(source).as_posix())[1]


def read_files(options: argparse.Namespace) -> tuple[Library, tuple[Problem, ...]]:
    """Read the files that the command line names as one, and apply the rules to it.

    :raises OSError: if one of them cannot be read
    """
    texts: list[tuple[str, str]] = []
    problems: list[Problem] = []
    for name in dict.fromkeys(options.files):
        shown = "<stdin>" if name == _STANDARD_INPUT else Path(name).as_posix()
        text, found = decode_text(_read(name), shown)
        texts.append((shown, text))
        problems += found
    library = read_library(texts)
    problems += library.problems
    problems += check_entries(library, build_day(os.environ))
    return library, _sorted(severities_of(options).apply(problems))


def check_files(options: argparse.Namespace) -> Checked:
    """Check BibTeX files as :func:`read_files` reads them."""
    library, problems = read_files(options)
    return Checked(entries=_count(library), problems=problems)


def severities_of(options: argparse.Namespace) -> Severities:
    """Return the severities of the site, if the command line names one."""
    return read_settings(options.source).rules if options.source_named else Severities()


def _count(library: Library) -> int:
    """Return how many entries were read, those that only lend to others too."""
    return len(library.every_version) + library.containers


def _read(name: str) -> bytes:
    if name == _STANDARD_INPUT:
        return sys.stdin.buffer.read()
    return Path(name).read_bytes()


def _sorted(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(problems, key=lambda p: (p.file, p.line, p.column)))
