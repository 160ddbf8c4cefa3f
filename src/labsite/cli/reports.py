"""Commands that read a site or its files, and change nothing."""

from __future__ import annotations

import filecmp
import re
import tempfile
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from labsite.checks import load
from labsite.checks.audit import audit, check_pages
from labsite.cli import FOUND, OK, argument, command
from labsite.cli.checking import read_files, shown_name
from labsite.cli.output import tell, write, write_problems
from labsite.diff.comparison import Thing, compare
from labsite.diff.snapshot import Snapshot, check_out
from labsite.exports import FORMATS, Collection, Site
from labsite.exports.citations import KNOWN, format_reference
from labsite.model.problems import LabsiteError, Severity, printable
from labsite.site.configuration import fill_in, read_settings, run_configuration

_FORMATS = {f.name: f for f in FORMATS if f.key_pattern}


@command("audit")
def audit_site(options: Namespace) -> int:
    """Compare the site in _build/html with its data files, and try its pages.

    Checks that every paper is once on each of its lists, that pages have no broken
    links, and that pictures, links and buttons have text.

    The exit status is 0 if nothing is wrong, 1 if something is, and 2 if there is no
    built site.
    """
    settings = read_settings(options.source)
    folder = options.source / "_build/html"
    if not any(folder.glob("*.html")):
        msg = f"{folder}: there is no built site; run 'make html'"
        raise LabsiteError(msg)
    values = fill_in(options.source, run_configuration(options.source))
    site = load(settings).site
    base = values["notfound_urls_prefix"]
    host = urlsplit(values.get("html_baseurl") or "").netloc
    pages = check_pages(folder.resolve(), base, host)
    found = [*audit(site, folder), *pages]
    problems = list(settings.rules.apply(found))
    write_problems("text", problems, len(site.library.publications), Path())
    return FOUND if problems else OK


@command(
    "export",
    argument(
        "files", nargs="*", metavar="FILE",
        help="any BibTeX files, or - for standard input; by default those "
        "of the site",
    ),
    argument(
        "--format", choices=_FORMATS, default="csl-json",
        help="the format to write (csl-json)",
    ),
    argument(
        "--style", metavar="NAME",
        help=f"write references instead, in a style of CSL: {', '.join(KNOWN)}, or "
        "any name of the collection of styles",
    ),
)  # fmt: skip
def export(options: Namespace) -> int:
    """Write BibTeX files as CSL-JSON, RIS or another format to standard output.

    The files are read in their order as one bibliography; "-" is standard input.
    Without FILE it exports the site's bibliography. The formats are those of the site's
    lists, without the site's addresses. Publications have the order of the files.

    Problems go to standard error. The exit status is that of "labsite check": 0
    without errors, 1 with errors, although everything that could be read is written,
    and 2 if the command cannot run.
    """
    source = options.source
    files = options.files or [source / n for n in read_settings(source).bibfiles]
    named = options.source_named or not options.files
    library, problems = read_files(map(str, files), source if named else None)
    order = {shown_name(str(file)): place for place, file in enumerate(files)}
    publications = sorted(
        (*library.every_version, *library.collections),
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
    for problem in sorted(problems, key=lambda p: (p.file, p.line, p.column)):
        tell(str(problem))
    return FOUND if any(p.severity is Severity.ERROR for p in problems) else OK


_NOTHING = "Nothing a visitor would notice."
_MOST = 50  #: items of a section in a report
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|~!$])")
_HTML = str.maketrans({"&": "&amp;", "@": "&#64;"})


@command(
    "diff",
    argument(
        "revision", metavar="REV",
        help="what to compare with, e.g. origin/main or HEAD",
    ),
    argument(
        "--format", choices=("markdown", "text"), default="text",
        help="for a terminal (text) or a summary on GitHub (markdown)",
    ),
)  # fmt: skip
def diff(options: Namespace) -> int:
    """Report a change as visitors see it: what is new, gone or changed.

    The working tree is compared with a revision of the git repository. The exit status
    is 0, whatever was found, and 2 if the two cannot be compared.
    """
    source, revision = options.source, options.revision
    values = fill_in(source, run_configuration(source))
    with tempfile.TemporaryDirectory(prefix="labsite-diff-") as name:
        before = check_out(source, revision, Path(name).resolve(), values)
        files = (before.source / "conf.py", source / "conf.py")
        if not filecmp.cmp(*files, shallow=False):  # it may come from a stranger
            tell(f"conf.py differs in {revision}, and is not run: yours is used")
        sections = compare(before, Snapshot(source, values))
    texts = ("\n".join(_lines(*each, options.format)) for each in sections.items())
    write("\n\n".join(texts) or _NOTHING)
    return OK


def _escape(text: str) -> str:
    """Return text from a file as Markdown without markup."""
    escaped = _MARKDOWN.sub(r"\\\1", printable(text)).translate(_HTML)
    # GitHub makes links of bare addresses.
    return re.sub(r"\b(https?|www)(?=[:.])", r"\1<!-- -->", escaped)


#: The heading of a section, an item and a remark on it; how their texts are written.
_LAYOUTS = {
    "text": ("{}", "  {}", "    {}", printable),
    "markdown": ("### {}\n", "- {}", "  - {}", _escape),
}


def _lines(title: str, things: list[Thing], layout: str) -> Iterator[str]:
    heading, item, note, shown = _LAYOUTS[layout]
    yield heading.format(shown(f"{title}: {len(things)}"))
    for thing in things[:_MOST]:
        yield item.format(shown(thing.name))
        yield from (note.format(shown(text)) for text in thing.notes)
    if len(things) > _MOST:
        yield item.format(f"and {len(things) - _MOST} more")
