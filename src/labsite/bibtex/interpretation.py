"""What the fields of an entry mean, one reading for each part of a publication."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from labsite.bibtex.inheritance import own_name
from labsite.model.problems import Rule, quote
from labsite.model.records import Creator, Kind, PartialDate, Venue
from labsite.text.names import annotate, parse_annotations, parse_creators
from labsite.text.values import (
    MONTHS_TO_WRITE,
    is_date,
    parse_arxiv,
    parse_doi,
    parse_iso_date,
    parse_month,
    parse_year,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from labsite.bibtex.inheritance import EntryFields

_KINDS = {
    "article": Kind.JOURNAL,
    "inproceedings": Kind.CONFERENCE,
    "conference": Kind.CONFERENCE,
    "book": Kind.BOOK,
    "inbook": Kind.BOOK,
    "booklet": Kind.BOOK,
    "incollection": Kind.BOOK,
    "phdthesis": Kind.THESIS,
    "mastersthesis": Kind.THESIS,
    "thesis": Kind.THESIS,
    "patent": Kind.PATENT,
    "techreport": Kind.REPORT,
    "report": Kind.REPORT,
    "software": Kind.SOFTWARE,
    "dataset": Kind.SOFTWARE,
}
#: biblatex's own values of ``entrysubtype``, which say nothing that we show.
_NEUTRAL_SUBTYPES = {"magazine", "newspaper", "letter", "classical"}
_ARXIV_AS_JOURNAL = re.compile(r"arxiv(?:\s+preprint)?[\s:]*(.*)|corr", re.IGNORECASE)
_VENUE_FIELDS = ("booktitle", "journal", "school", "institution", "publisher",
                 "howpublished")  # fmt: skip


def read_doi(entry: EntryFields) -> str | None:
    """Return the bare DOI."""
    text = entry.fields.get("doi")
    doi = parse_doi(text) if text else None
    if text and doi is None:
        message = f"{quote(text)} is no DOI; write it bare, like 10.1145/3589258"
        entry.complain(Rule.BAD_DOI, message, "doi")
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
        message = "is no arXiv identifier; write it bare, like 2403.06664"
        message = f"{quote(text)} {message}"
        entry.complain(Rule.BAD_ARXIV, message, field)
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


def read_creators(entry: EntryFields) -> tuple[tuple[Creator, ...], bool]:
    """Return authors, or editors where they are the creators; and if more follow."""
    own = {own_name(field.name) for field in entry.entry.source.fields}
    # The editors of a volume are not the authors of a paper in it.
    field = "editor" if "editor" in own and "author" not in entry.fields else "author"
    text = entry.fields.get(field)
    if text is None:
        entry.complain(Rule.MISSING_FIELD, "no author; add author = {Family, Given}")
        return (), False

    def complain(message: str) -> None:
        entry.complain(Rule.BAD_NAME, message, field)

    creators, more = parse_creators(text, complain)

    def annotations(name: str) -> dict[int, tuple[str, ...]]:
        def complain_of_annotation(message: str) -> None:
            entry.complain(Rule.BAD_ANNOTATION, message, name)

        text = entry.fields.get(name, "")
        return parse_annotations(text, len(creators), complain_of_annotation)

    # Named annotations (biblatex's manual, 3.7) tie an author to a person.
    identifiers = annotations(f"{field}+an:orcid") | annotations(f"{field}+an:id")
    return annotate(creators, annotations(f"{field}+an"), identifiers), more


def read_venue(
    entry: EntryFields, arxiv: str | None, macro_names: Mapping[str, str]
) -> Venue | None:
    """Return where the publication appeared, short if a macro says how.

    :param macro_names: each macro's value and its name
    """
    for name in _VENUE_FIELDS:
        text = entry.fields.get(name)
        plain = entry.plain(name)
        if text and plain:
            short = entry.plain("shortjournal") or entry.plain("abbr")
            macro = macro_names.get(text)
            if macro:
                short = macro.replace("_", " ")
            return Venue(plain, short)
    return Venue("arXiv") if arxiv else None


def read_kind(entry: EntryFields, arxiv: str | None, venue: Venue | None) -> Kind:
    """Return the kind: as the entry says, or as its type and venue tell."""
    subtype = entry.fields.get("entrysubtype", "").lower()
    if subtype in list(Kind):
        return Kind(subtype)
    if subtype and subtype not in _NEUTRAL_SUBTYPES:
        message = f"unknown kind {quote(subtype)}; write one of {', '.join(Kind)}"
        entry.complain(Rule.UNKNOWN_KIND, message, "entrysubtype")
    if arxiv and venue and _ARXIV_AS_JOURNAL.fullmatch(venue.name):
        return Kind.PREPRINT
    return _KINDS.get(entry.entry.entry_type, Kind.OTHER)


def read_issued(entry: EntryFields) -> PartialDate:
    """Return the date in as many parts as the entry gives."""
    text = entry.fields.get("date")
    if text is not None:
        issued = parse_iso_date(text)
        if issued is None:
            message = f"{quote(text)} is no date; write 2026-02 or 2026-02-14"
            entry.complain(Rule.BAD_DATE, message, "date")
        if issued or "year" not in entry.fields:
            return issued or PartialDate()
    return _issued_in_year(entry)


def _issued_in_year(entry: EntryFields) -> PartialDate:
    text = entry.fields.get("year")
    if text is None:
        entry.complain(Rule.MISSING_FIELD, "no year; add year = {2026}")
        return PartialDate()
    year = parse_year(text)
    if year is None:
        entry.complain(Rule.BAD_DATE, f"{quote(text)} is no year; write 2026", "year")
        return PartialDate()
    month = entry.fields.get("month")
    if month is None:
        return PartialDate(year)
    parsed = parse_month(month)
    if parsed is None:
        message = f"{quote(month)} is no month; write {MONTHS_TO_WRITE}"
        entry.complain(Rule.BAD_DATE, message, "month")
        return PartialDate(year)
    if not is_date(year, parsed[0], parsed[1] or None):
        message = f"{quote(month)} has no such day; write the month alone"
        entry.complain(Rule.BAD_DATE, message, "month")
        return PartialDate(year, parsed[0])
    return PartialDate(year, *parsed)
