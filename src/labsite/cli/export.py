"""Write BibTeX files in another form to standard output.

The files may be anybody's; they are read in their order and as one bibliography, and
"-" is standard input. Without FILE it is the site's bibliography. The forms are those
in which the site offers its lists, made by the same code; they hold no address of the
site. Publications stand in the order of the files.

Problems go to standard error. The exit status is that of "labsite check": 0 if nothing
is wrong, 1 on errors, although everything that could be read is written, and 2 if the
command cannot run.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from labsite.cli.checking import read_files
from labsite.cli.output import tell, write
from labsite.cli.statuses import CANNOT_RUN, FOUND, OK
from labsite.exports import FORMATS, Collection, Site
from labsite.exports.citations import (
    LABELS,
    STYLES,
    UnknownStyleError,
    format_reference,
)
from labsite.model.problems import Severity, printable
from labsite.site.configuration import read_settings

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Sequence

    from labsite.model.records import Library, Publication

NAME = "export"
SUMMARY = "write any BibTeX file as CSL-JSON, RIS or another form"
_STYLES = sorted({*STYLES, *LABELS})
_FORMATS = {f.name: f for f in FORMATS if not f.needs_site}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the files and the format."""
    parser.add_argument(
        "files", nargs="*", metavar="FILE",
        help="BibTeX files of anybody's, or - for standard input; without any, those "
        "of the site",
    )  # fmt: skip
    parser.add_argument(
        "--format", choices=_FORMATS, default="csl-json",
        help="the form to write (csl-json)",
    )  # fmt: skip
    parser.add_argument(
        "--style", metavar="NAME",
        help=f"write references instead, in a style of CSL: {', '.join(_STYLES)}, or "
        "any name of the collection of styles",
    )  # fmt: skip


def run(options: argparse.Namespace) -> int:
    """Write the publications, and say what is wrong with them."""
    if not options.files:
        settings = read_settings(options.source)
        options.files = [str(options.source / name) for name in settings.bibfiles]
        options.source_named = True
    library, problems = read_files(options)
    collection = Collection(
        title="",
        path="",
        page="",
        publications=_in_file_order(library, options.files),
        site=Site(title=""),
    )
    if options.style:
        try:
            write("\n".join(_references(collection, options.style)))
        except UnknownStyleError as error:
            tell(f"labsite export: {error}")
            return CANNOT_RUN
    else:
        write(_FORMATS[options.format].render(collection).removesuffix("\n"))
    for problem in problems:
        tell(printable(str(problem)))
    return FOUND if any(p.severity is Severity.ERROR for p in problems) else OK


def _references(collection: Collection, style: str) -> Iterator[str]:
    for number, publication in enumerate(collection.publications, start=1):
        yield format_reference(publication, style, collection.site, number)


def _in_file_order(library: Library, files: Sequence[str]) -> list[Publication]:
    order = {Path(name).as_posix(): number for number, name in enumerate(files)}

    def place(publication: Publication) -> tuple[int, int]:
        source = publication.source
        # Standard input has another name in messages than in the command.
        return order.get(source.file, order.get("-", 0)), source.line

    return sorted((*library.every_version, *library.wholes), key=place)
