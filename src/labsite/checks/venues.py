"""Venues: one name for each, which a macro holds, and nothing else in it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from labsite.bibtex.reporting import find_field, problem
from labsite.checks.text import MARKDOWN
from labsite.checks.titles import REMARK_REMEDY, find_remark
from labsite.model.problems import Rule, quote
from labsite.model.records import Kind
from labsite.site.venues import Venues, dated_part
from labsite.text.latex import decode_plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from labsite.model.problems import Problem
    from labsite.model.records import Publication
    from labsite.model.sources import FieldSource

VENUE_FIELDS = ("booktitle", "journal")
_MARKUP = re.compile(
    r"\\(?:text(?:bf|it|sc|sl|tt|color)|emph|underline|uline|href|url|bf|it|footnote)\b|"
    + MARKDOWN
)
#: A year is a part of these series' names, which are no venues of papers.
_SERIES = re.compile(r"\blecture notes\b", re.IGNORECASE)


def check_venues(
    publications: Sequence[Publication], venues: Venues | None
) -> Iterator[Problem]:
    """Ask for a venue's own name; and for its macro, where *venues* has macros.

    The name that a macro holds is asked about once, at its first use.
    """
    known: set[str] = set()
    for publication in publications:
        for field in _venue_fields(publication):
            if not field.literal and field.value in known:
                continue
            known.add(field.value)
            found = list(_check_content(publication, field))
            if venues and venues.macros and field.literal and not found:
                found += _check_macro(publication, field, venues)
            if not found:
                found += _check_date(publication, field)
            yield from found


def _venue_fields(publication: Publication) -> Iterator[FieldSource]:
    for name in VENUE_FIELDS:
        field = find_field(publication.source, name)
        if field and field.value:
            yield field


def _check_content(publication: Publication, field: FieldSource) -> Iterator[Problem]:
    remark = find_remark(field.value)
    if remark:
        message = f"{field.name}: {quote(remark)} is not part of a venue's name; "
        message += REMARK_REMEDY
        yield problem(publication, Rule.MISPLACED_REMARK, message, field.name, remark)
    markup = _MARKUP.search(field.value)
    if markup:
        message = f"{field.name}: {quote(markup[0])} is markup; write the name alone"
        yield problem(publication, Rule.MARKUP, message, field.name, markup[0])


def _check_macro(
    publication: Publication, field: FieldSource, venues: Venues
) -> Iterator[Problem]:
    if publication.kind is Kind.PREPRINT or publication.field("shortjournal", "abbr"):
        return
    name = decode_plain(field.value)
    meant = venues.meaning(field.value)
    if meant:
        message = f"{field.name}: a macro means this venue; write {meant.macro}"
        message += ", without braces"
        yield problem(publication, Rule.SPELT_OUT_VENUE, message, field.name)
        return
    near = venues.nearest(name)
    remedy = 'define one with @string{NAME = "…"} at the head of the file'
    if near:
        remedy = f"did you mean {near.macro}, {quote(near.name)}?"
    message = f"{field.name}: no macro means {quote(name)}; {remedy}"
    yield problem(publication, Rule.UNKNOWN_VENUE, message, field.name)


def _check_date(publication: Publication, field: FieldSource) -> Iterator[Problem]:
    part = dated_part(field.value)
    if part and not _SERIES.search(field.value):
        message = f"{field.name}: {quote(part)} is not part of the venue's name; "
        message += "leave out what changes with each meeting"
        yield problem(publication, Rule.DATE_IN_VENUE, message, field.name, part)
