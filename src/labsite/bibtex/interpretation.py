"""What the fields of an entry mean, one reading for each part of a publication."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from labsite.bibtex.details import read_title
from labsite.bibtex.entry_types import KINDS, WHOLE_TYPES, is_needed
from labsite.bibtex.fields import FIELDS, Datatype
from labsite.bibtex.links import find_address
from labsite.model.dates import (
    MONTHS_TO_WRITE,
    DateSpan,
    PartialDate,
    find_years,
    is_date,
    parse_edtf,
    parse_month,
    parse_year,
)
from labsite.model.problems import Rule, quote
from labsite.model.records import Kind, Venue
from labsite.text.latex import decode_verbatim
from labsite.text.values import parse_arxiv, parse_doi

if TYPE_CHECKING:
    from collections.abc import Mapping

    from labsite.bibtex.inheritance import EntryFields

#: biblatex's own values of ``entrysubtype``, which say nothing that we show.
_NEUTRAL_SUBTYPES = {"magazine", "newspaper", "letter", "classical"}
_ARXIV_AS_JOURNAL = re.compile(r"arxiv(?:\s+preprint)?[\s:]*(.*)|corr", re.IGNORECASE)
_DATES = [f.name for f in FIELDS.values() if f.datatype is Datatype.DATE]
_PUBLISHERS = ("school", "institution", "publisher", "organization", "howpublished")
_VENUE_FIELDS = ("booktitle", "journal", "maintitle", "eventtitle", *_PUBLISHERS)
_ARTICLE_FIELDS = ("journal", *_VENUE_FIELDS)
_TITLES = {"booktitle", "journal"}


def read_doi(entry: EntryFields) -> str | None:
    """Return the bare DOI."""
    text = entry.fields.get("doi")
    doi = parse_doi(text) if text else None
    if text and doi is None:
        message = f"{quote(text)} is not a DOI; write it bare, like 10.1145/3589258"
        entry.report(Rule.BAD_DOI, message, "doi")
    return doi


def read_arxiv(entry: EntryFields) -> str | None:
    """Return the bare arXiv identifier."""
    archive = entry.fields.get("archiveprefix", "").lower()
    field = "eprint" if archive == "arxiv" and "eprint" in entry.fields else "arxiv"
    text = entry.fields.get(field)
    if text is None:
        return _arxiv_elsewhere(entry, archive)
    arxiv = parse_arxiv(text)
    if arxiv is None:
        message = "is not an arXiv identifier; write it bare, like 2403.06664"
        message = f"{quote(text)} {message}"
        entry.report(Rule.BAD_ARXIV, message, field)
    return arxiv


def _arxiv_elsewhere(entry: EntryFields, archive: str) -> str | None:
    """Find the identifier where other tools leave it."""
    places = [entry.fields.get("doi", "")]
    if not archive:
        places.append(entry.fields.get("eprint", ""))
    match = _ARXIV_AS_JOURNAL.fullmatch(entry.fields.get("journal", ""))
    if match:
        # Google Scholar; DBLP and Semantic Scholar; the Astrophysics Data System
        places += [match[1] or "", *map(entry.get, ("volume", "eid", "number"))]
    return next(filter(None, map(parse_arxiv, places)), None)


def read_venue(
    entry: EntryFields, arxiv: str | None, macro_names: Mapping[str, str]
) -> Venue | None:
    """Return where the publication appeared, short if a macro says how.

    :param macro_names: each macro's value and its name
    """
    entry_type = entry.entry.entry_type
    names = _ARTICLE_FIELDS if entry_type == "article" else _VENUE_FIELDS
    for name in _PUBLISHERS if entry_type in WHOLE_TYPES else names:
        title = str(read_title(entry, name) or "") if name in _TITLES else None
        plain = title or entry.plain(name)
        if not plain or (name == "howpublished" and find_address(entry.get(name))):
            continue
        short = entry.plain("shortjournal") or entry.plain("abbr")
        if name == "journal" and (full := entry.plain("fjournal")):
            plain, short = full, short or plain
        macro = macro_names.get(entry.get(name))
        return Venue(plain, macro.replace("_", " ") if macro else short, name)
    return Venue("arXiv") if arxiv else None


def read_kind(entry: EntryFields, arxiv: str | None, venue: Venue | None) -> Kind:
    """Return the kind: as the entry says, or as its type and venue tell."""
    subtype = entry.fields.get("entrysubtype", "").lower()
    if subtype in list(Kind):
        return Kind(subtype)
    if subtype and subtype not in _NEUTRAL_SUBTYPES:
        message = f"unknown kind {quote(subtype)}; write one of {', '.join(Kind)}"
        entry.report(Rule.UNKNOWN_KIND, message, "entrysubtype")
    if arxiv and venue and _ARXIV_AS_JOURNAL.fullmatch(venue.name):
        return Kind.PREPRINT
    return KINDS.get(entry.entry.entry_type, Kind.OTHER)


def read_dates(entry: EntryFields) -> dict[str, DateSpan]:
    """Return every date of the entry; "date" is when it appeared."""
    found = {name: _read_date(entry, name) for name in _DATES if name in entry.fields}
    issued = found.pop("date", None) or _issued_in_year(entry)
    if (
        issued
        and not issued.start.month
        and not issued.season
        and "month" in entry.fields
    ):
        # Tools that write both leave the month out of one of the two.
        year = issued.start.year
        issued = replace(issued, start=PartialDate(year, *_read_month(entry, year)))
    return {n: d for n, d in {"date": issued, **found}.items() if d is not None}


def _read_date(entry: EntryFields, name: str) -> DateSpan | None:
    text = entry.get(name)
    # A tie is a space in LaTeX, and "about" in a date.
    if not (plain := decode_verbatim(text)):
        return None
    if found := parse_edtf(plain):
        return found
    message = f"{quote(text)} is not a date; write 2026-02 or 2026-02-14"
    entry.report(Rule.BAD_DATE, message, name)
    return None if name == "date" and "year" in entry.fields else find_years(plain)


def _issued_in_year(entry: EntryFields) -> DateSpan | None:
    text = entry.fields.get("year")
    if text is None:
        if "date" not in entry.fields:
            needed = is_needed(entry.entry.entry_type, "year")
            rule = Rule.MISSING_FIELD if needed else Rule.INCOMPLETE_ENTRY
            entry.report(rule, "no year; add year = {2026}")
        return None
    years = parse_edtf(text) or find_years(text)
    if years is None or not (parse_edtf(text) or parse_year(text)):
        entry.report(Rule.BAD_DATE, f"{quote(text)} is not a year; write 2026", "year")
    return years


def _read_month(entry: EntryFields, year: int) -> tuple[int, ...]:
    """Return the month and the day, as far as they are known."""
    text = entry.fields.get("month")
    if text is None:
        return ()
    parsed = parse_month(text)
    if parsed is None:
        message = f"{quote(text)} is not a month; write {MONTHS_TO_WRITE}"
        entry.report(Rule.BAD_DATE, message, "month")
        return ()
    month, day = parsed
    written = (entry.plain("day") or "").strip()
    if not day and written.isdecimal() and len(written) <= 2:  # noqa: PLR2004 -- digits of 31
        day = int(written)
    if not is_date(year, month, day or None):
        message = f"{quote(text)} has no such day; write the month alone"
        entry.report(Rule.BAD_DATE, message, "month")
        return (month,)
    return month, day
