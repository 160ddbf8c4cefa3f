"""Commands that read a site or its files, and change nothing; and the check itself.

The command of the check is apart: to import this takes longer than to tell that nothing
has changed since the last check.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from labsite.bibtex.reader import read_library
from labsite.checks import check_entries, load
from labsite.checks.audit import audit, check_pages
from labsite.checks.pages import check_contents, check_positions
from labsite.cli import FOUND, OK, argument, command
from labsite.cli.output import FORMAT, tell, write, write_problems
from labsite.exports import FORMATS, Collection, Site
from labsite.exports.citations import LABELS, STYLES, format_reference
from labsite.model.files import decode_text
from labsite.model.problems import Severities, Severity
from labsite.pages.teaching import read_teaching
from labsite.rebuild.last_check import Checked
from labsite.site.configuration import read_settings, run_configuration
from labsite.site.defaults import fill_in
from labsite.site.loading import build_day
from labsite.site.published_files import find_teaching_files

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterable, Sequence

    from labsite.model.problems import Problem
    from labsite.model.records import Library

_STANDARD_INPUT = "-"
_STYLES = sorted({*STYLES, *LABELS})
_FORMATS = {f.name: f for f in FORMATS if not f.needs_site}


def check_site(source: Path) -> Checked:
    """Check the data files of a site, and what a build would read of its pages."""
    settings = read_settings(source)
    loaded = load(settings)
    of_pages, files = _check_pages(source)
    found = [*check_contents(settings), *check_positions(settings), *of_pages]
    for path in find_teaching_files(source, settings.publications_dir):
        found += read_teaching(path, path.relative_to(source).as_posix())[1]
    # What a build finds in pages may be what was found in the data already.
    unique = {(p.file, p.line, p.message): p for p in settings.rules.apply(found)}
    unique |= {(p.file, p.line, p.message): p for p in loaded.problems}
    # These may be outside the site's folder, too.
    bibliographies = (str((source / name).resolve()) for name in settings.bibfiles)
    return _checked(loaded.site.library, unique.values(), (*files, *bibliographies))


def _check_pages(source: Path) -> tuple[Sequence[Problem], Sequence[str]]:
    """Check what a build would read, if the site is one that Sphinx builds with us."""
    if "labsite" not in run_configuration(source).get("extensions", ()):
        return (), ()
    # Sphinx takes longer to import than the data files to check.
    from labsite.sphinx.checking import check_pages as check  # noqa: PLC0415

    return check(source.resolve())


def read_files(options: Namespace) -> tuple[Library, list[Problem]]:
    """Read the files that the command line names as one, and apply the rules to it.

    :raises OSError: if one of them cannot be read
    """
    texts: list[tuple[str, str]] = []
    problems: list[Problem] = []
    for name in dict.fromkeys(options.files):
        pasted, shown = name == _STANDARD_INPUT, _shown_name(name)
        data = sys.stdin.buffer.read() if pasted else Path(name).read_bytes()
        text, found = decode_text(data, shown)
        texts.append((shown, text))
        problems += found
    library = read_library(texts)
    problems += [*library.problems, *check_entries(library, build_day(os.environ))]
    if options.source_named:
        rules = read_settings(options.source).rules
    else:
        rules = Severities()
    return library, list(rules.apply(problems))


def check_files(options: Namespace) -> Checked:
    """Check BibTeX files as :func:`read_files` reads them."""
    return _checked(*read_files(options))


def _checked(
    library: Library, problems: Iterable[Problem], files: tuple[str, ...] = ()
) -> Checked:
    # Those that only lend to others were read too.
    entries = len(library.every_version) + library.containers
    ordered = sorted(problems, key=lambda p: (p.file, p.line, p.column))
    return Checked(entries=entries, problems=tuple(ordered), files=files)


def _shown_name(name: str) -> str:
    return "<stdin>" if name == _STANDARD_INPUT else Path(name).as_posix()


@command(
    "audit",
    argument(
        "folder", type=Path, nargs="?", default=Path("_build/html"), metavar="FOLDER",
        help="where the built site is (_build/html)",
    ),
    FORMAT,
)  # fmt: skip
def audit_site(options: Namespace) -> int:
    """Compare a built site with its data files, and try its pages.

    Every paper is on every list, once, and every page is in order: its links lead
    somewhere, it is no heavier than a phone likes, and pictures, links and controls
    have words.

    The exit status is 0 if nothing is wrong, 1 if something is, and 2 if there is no
    built site.
    """
    settings = read_settings(options.source)
    values = fill_in(options.source, run_configuration(options.source))
    site = load(settings).site
    base = values["notfound_urls_prefix"]
    host = urlsplit(values.get("html_baseurl") or "").netloc
    pages = check_pages(options.folder.resolve(), base, host)
    found = [*audit(site, options.folder), *pages]
    problems = list(settings.rules.apply(found))
    write_problems(options.format, problems, len(site.library.publications), Path())
    return FOUND if problems else OK


@command(
    "export",
    argument(
        "files", nargs="*", metavar="FILE",
        help="BibTeX files of anybody's, or - for standard input; without any, those "
        "of the site",
    ),
    argument(
        "--format", choices=_FORMATS, default="csl-json",
        help="the form to write (csl-json)",
    ),
    argument(
        "--style", metavar="NAME",
        help=f"write references instead, in a style of CSL: {', '.join(_STYLES)}, or "
        "any name of the collection of styles",
    ),
)  # fmt: skip
def export(options: Namespace) -> int:
    """Write BibTeX files in another form, such as CSL-JSON or RIS, to standard output.

    The files may be anybody's; they are read in their order and as one bibliography,
    and "-" is standard input. Without FILE it is the site's bibliography. The forms are
    those in which the site offers its lists, made by the same code; they hold no
    address of the site. Publications stand in the order of the files.

    Problems go to standard error. The exit status is that of "labsite check": 0 if
    nothing is wrong, 1 on errors, although everything that could be read is written,
    and 2 if the command cannot run.
    """
    if not options.files:
        names = read_settings(options.source).bibfiles
        options.files = [str(options.source / name) for name in names]
        options.source_named = True
    library, problems = read_files(options)
    order = {_shown_name(name): place for place, name in enumerate(options.files)}
    publications = sorted(
        (*library.every_version, *library.wholes),
        key=lambda p: (order[p.source.file], p.source.line),
    )
    site = Site(title="")
    if options.style:
        for number, publication in enumerate(publications, start=1):
            write(format_reference(publication, options.style, site, number))
    else:
        collection = Collection(
            title="", path="", page="", publications=publications, site=site
        )
        write(_FORMATS[options.format].render(collection).removesuffix("\n"))
    for problem in _checked(library, problems).problems:
        tell(str(problem))
    return FOUND if any(p.severity is Severity.ERROR for p in problems) else OK
