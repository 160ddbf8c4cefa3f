"""Files of the site: links out of the repository, and what pages may not have."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from labsite.model.files import read_text
from labsite.model.problems import Problem, Rule, printable, quote
from labsite.model.repository import (
    is_utf8,
    leads_outside,
    source_files,
    wrong_name,
)
from labsite.pages.front_matter import read_page, refused_directives, refused_fields
from labsite.pictures.metadata import SUFFIXES, has_position

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from labsite.site.settings import Settings


def check_files(settings: Settings) -> Iterator[Problem]:
    """Yield a problem for each file of the source that a build leaves out."""
    seen: dict[str, str] = {}
    for path in source_files(settings.source, settings.excluded):
        file = printable(path.as_posix())
        wrong = wrong_name(path)
        same = seen.setdefault(path.as_posix().casefold(), file)
        if leads_outside(settings.source / path) and not settings.trust_pages:
            message = (
                "the link leads to a folder, or out of the repository; "
                "put the file itself here"
            )
            yield Problem(rule=Rule.OUTSIDE_FILE, message=message, file=file, line=1)
        elif wrong or same != file:
            wrong = wrong or f"differs from {quote(same)} in case alone"
            message = f"the name {wrong}; give the file another one"
            yield Problem(rule=Rule.FILE_NAME, message=message, file=file, line=1)
        elif path.suffix == ".md" and not is_utf8(settings.source / path):
            yield from read_text(settings.source / path, file)[1]


def check_contents(settings: Settings) -> Iterator[Problem]:
    """Yield a problem for whatever pages of the source have that a build refuses."""
    if settings.trust_pages:
        return
    for path in source_files(settings.source, settings.excluded):
        if path.suffix == ".md" and not leads_outside(settings.source / path):
            document, source = read_page(settings.source / path, path.as_posix())
            yield from refused_fields(document)
            yield from (
                p for p in document.problems if p.rule is Rule.INVISIBLE_CHARACTER
            )
            yield from refused_directives(source)


def check_positions(settings: Settings) -> Iterator[Problem]:
    """Warn of pictures in the source that say where they were taken."""
    for path in find_positions(settings):
        message = (
            "the picture says where it was taken; 'labsite fix' takes that out, and "
            "out of what is committed from then on"
        )
        yield Problem(
            rule=Rule.PICTURE_POSITION,
            message=message,
            file=path.as_posix(),
            line=1,
            severity=Rule.PICTURE_POSITION.severity,
        )


def find_positions(settings: Settings) -> Iterator[Path]:
    """Yield the pictures in the source that say where they were taken."""
    for path in source_files(settings.source, settings.excluded):
        known = path.suffix.lower() in SUFFIXES
        if known and not leads_outside(settings.source / path):
            with suppress(OSError):
                if has_position((settings.source / path).read_bytes()):
                    yield path
