"""Interpret the fields of an entry: one function for each part of a publication."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial

from labsite.bibtex import fields
from labsite.bibtex.fields import Datatype
from labsite.bibtex.inheritance import EntryFields
from labsite.bibtex.links import find_address
from labsite.bibtex.reporting import find_field
from labsite.model import dates
from labsite.model.dates import DateSpan, PartialDate
from labsite.model.problems import Rule, quote
from labsite.model.records import Contributors, Creator, Kind, Venue
from labsite.model.rich_text import RichText, Span
from labsite.text.latex import decode_plain, decode_verbatim
from labsite.text.names import parse_annotations, parse_creators, split_names
from labsite.text.values import find_doi, parse_arxiv, parse_doi

_READ = [f for f in fields.FIELDS.values()
         if f.published and not f.meaning.startswith("not used")]  # fmt: skip
_TEXTS = {f.name: f.datatype in fields.LISTS for f in _READ
          if f.datatype in fields.TEXTS}  # fmt: skip
_DATES = [f.name for f in _READ if f.datatype is Datatype.DATE]
_NAME_LISTS = [f.name for f in _READ if f.datatype is Datatype.NAMES]
#: A title -> its subtitle and its addition.
_PARTS = {
    title: (title.replace("title", "subtitle"), f"{title}addon")
    for title in ("title", "booktitle", "maintitle", "issuetitle", "eventtitle")
} | {"journal": ("journalsubtitle", "journaltitleaddon")}
_WITHIN_TITLES = {part for parts in _PARTS.values() for part in parts}
#: Roles of the people in ``editor`` (biblatex manual, 2.3.6) that exports do not have.
_EDITORS = {"", "continuator", "founder", "organizer", "redactor", "reviser"}
_NO_PREFIX = re.compile(r"\buseprefix\s*=\s*false\b")
_ORCID_ADDRESS = re.compile(r"(?:https?://)?(?:www\.)?orcid\.org/", re.IGNORECASE)
#: biblatex's values of ``entrysubtype`` that are not kinds of this engine.
_NEUTRAL_SUBTYPES = {"magazine", "newspaper", "letter", "classical"}
_ARXIV_AS_JOURNAL = re.compile(r"arxiv(?:\s+preprint)?[\s:]*(.*)|corr", re.IGNORECASE)
#: Servers of preprints, as names of venues.
_SERVERS = re.compile(
    r"(?i)(?:(?:available|preprint) at )?"
    r"(?:[a-z]*rxiv|ssrn|research square|(?:iacr )?cryptol\S* eprint)\b.*|"
    r"arxiv.*|osf(?: preprints\b.*)?|corr"
)
_PUBLISHERS = ("school", "institution", "publisher", "organization", "howpublished")
_VENUE_FIELDS = ("booktitle", "journal", "maintitle", "eventtitle", *_PUBLISHERS)


def read_title(entry: EntryFields, name: str = "title") -> RichText | None:
    """Return a text field, a title with its subtitle and its addition."""
    title = entry.rich(name)
    if title is None:
        # BibTeX's proceedings can have a booktitle alone, for their papers.
        whole = "booktitle" if entry.entry.entry_type in fields.WHOLE_TYPES else name
        return (
            entry.rich("titleaddon") or entry.rich(whole) if name == "title" else None
        )
    for part, mark in zip(_PARTS.get(name, ()), ":.", strict=False):
        if more := entry.rich(part):
            between = " " if str(title)[-1] in "!?.,:;" else f"{mark} "
            title = RichText((*title.spans, Span(between), *more.spans))
    return title


def read_texts(entry: EntryFields) -> Iterator[tuple[str, str]]:
    """Yield the name and the plain Unicode of each text field; titles are complete."""
    for name, value in entry.fields.items():
        if name not in _TEXTS or name in _WITHIN_TITLES:
            continue
        if _TEXTS[name] and entry.for_biblatex:
            items = value.removesuffix(" and others")
            text = "; ".join(filter(None, map(decode_plain, split_names(items))))
        else:
            text = str(read_title(entry, name) or "").strip()
        if text:
            yield name, text


def read_contributors(entry: EntryFields) -> tuple[Contributors, ...]:
    """Return the people of each role."""
    found: dict[str, Contributors] = {}
    for field in filter(entry.fields.__contains__, _NAME_LISTS):
        names, more = _read_names(entry, field)
        role = _read_role(entry, field)
        if before := found.get(role):
            names, more = before.names + names, before.more or more
        if names:
            found[role] = Contributors(role=role, names=names, more=more)
    return tuple(found.values())


def _read_role(entry: EntryFields, field: str) -> str:
    """Return the role of the people in a field."""
    if not field.startswith("editor"):
        return field
    role = entry.get(f"{field}type").strip().lower()
    return "editor" if role in (_EDITORS if field == "editor" else {""}) else role


def _read_names(entry: EntryFields, field: str) -> tuple[tuple[Creator, ...], bool]:
    text = entry.fields[field]
    if _NO_PREFIX.search(entry.get("options")):
        text = f"useprefix=false and {text}"  # the option of each list
    report = partial(entry.report, Rule.BAD_NAME, field=field)
    found, more = parse_creators(text, report)
    names = dict(enumerate(found, start=1))
    # Named annotations (biblatex manual, 3.7) identify an author.
    for name in (f"{field}+an", f"{field}+an:id"):
        report = partial(entry.report, Rule.BAD_ANNOTATION, field=name)
        said = parse_annotations(entry.get(name), len(names), report)
        for n, words in said.items():
            if name.endswith("+an"):
                names[n] = replace(names[n], annotations=words)
            else:
                identifier = _ORCID_ADDRESS.sub("", "".join(words[:1]).lower())
                names[n] = replace(names[n], identifier=identifier or None)
    return tuple(names.values()), more


def read_creators(
    entry: EntryFields, contributors: tuple[Contributors, ...]
) -> Contributors:
    """Return the authors, or the editors if they are the creators."""
    by_role = {people.role: people for people in contributors}
    if "author" in by_role:
        return by_role["author"]
    # The editors of a volume are not the authors of a paper in it.
    role = _read_role(entry, "editor")
    if find_field(entry.entry.source, "editor") and role in by_role:
        return by_role[role]
    entry_type = entry.entry.entry_type
    is_whole = entry_type in fields.CONTAINER_TYPES
    needed = ("author",) in fields.NEEDED.get(entry_type, ())
    # Styles show one of these where BibTeX asks for no author.
    instead = entry.fields.keys() & {"key", "label", "organization"}
    if "author" not in entry.fields and not is_whole and (needed or not instead):
        _report_missing(entry, "author", "no author; add author = {Family, Given}")
    return Contributors(role="author", names=())


def _report_missing(entry: EntryFields, name: str, message: str) -> None:
    """Report a missing field, an error if BibTeX requires it.

    A field that is misspelt, or that has an undefined macro, is reported as such.
    """
    needed = (name,) in fields.NEEDED.get(entry.entry.entry_type, ())
    names = (field.name for field in entry.entry.source.fields)
    reported = entry.is_undefined(name) or name in map(fields.find_correct, names)
    if not (entry.lacks_fields or reported):
        entry.report(Rule.MISSING_FIELD if needed else Rule.INCOMPLETE_ENTRY, message)


def read_doi(entry: EntryFields) -> str | None:
    """Return the bare DOI."""
    text = entry.get("doi")
    doi = parse_doi(text)
    if text and doi is None:
        message = f"{quote(text)} is not a DOI; write it bare, like 10.1145/3589258"
        entry.report(Rule.BAD_DOI, message, "doi")
    return doi if text else find_doi(entry.get("url"))


def read_arxiv(entry: EntryFields) -> str | None:
    """Return the bare arXiv identifier."""
    archive = entry.get("archiveprefix").lower()
    field = "eprint" if archive == "arxiv" and "eprint" in entry.fields else "arxiv"
    text = entry.fields.get(field)
    if text is None:
        return _find_arxiv(entry, archive)
    arxiv = parse_arxiv(text)
    if arxiv is None:
        message = "is not an arXiv identifier; write 2403.06664 or hep-th/9901001"
        entry.report(Rule.BAD_ARXIV, f"{quote(text)} {message}", field)
    return arxiv


def _find_arxiv(entry: EntryFields, archive: str) -> str | None:
    """Return the identifier from the other fields in which tools write it."""
    places = [entry.get("doi"), "" if archive else entry.get("eprint")]
    for name in ("journal", "howpublished", "note", "number"):
        if match := _ARXIV_AS_JOURNAL.fullmatch(entry.get(name)):
            # Google Scholar; DBLP and Semantic Scholar; the Astrophysics Data System
            places += [match[1] or "", *map(entry.get, ("volume", "eid", "number"))]
    return next(filter(None, map(parse_arxiv, [*places, entry.get("url")])), None)


def read_venue(
    entry: EntryFields, arxiv: str | None, macro_names: Mapping[str, str]
) -> Venue | None:
    """Return the venue, with the short name that its macro gives it."""
    entry_type = entry.entry.entry_type
    names = _PUBLISHERS if entry_type in fields.WHOLE_TYPES else _VENUE_FIELDS
    for name in ("journal", *names) if entry_type == "article" else names:
        plain = str(read_title(entry, name) or "").strip()
        if not plain or (name == "howpublished" and find_address(entry.get(name))):
            continue
        short = entry.plain("shortjournal") or entry.plain("abbr")
        if name == "journal" and (full := entry.plain("fjournal")):
            plain, short = full, short or plain
        if (macro := macro_names.get(entry.get(name), "")) and macro[0].isupper():
            short = macro.replace("_", " ")
        return Venue(plain, short, name)
    archive = "arXiv" if arxiv else entry.plain("archiveprefix") or ""
    is_known = arxiv or archive.lower() != "arxiv"
    return Venue(archive) if is_known and _SERVERS.fullmatch(archive) else None


def read_kind(entry: EntryFields, venue: Venue | None) -> Kind:
    """Return the kind by ``entrysubtype``, or else by the entry's type and venue."""
    subtype = entry.get("entrysubtype").lower()
    if subtype in list(Kind):
        return Kind(subtype)
    if subtype and subtype not in _NEUTRAL_SUBTYPES:
        message = f"unknown kind {quote(subtype)}; write one of {', '.join(Kind)}"
        entry.report(Rule.UNKNOWN_KIND, message, "entrysubtype")
    if venue and _SERVERS.fullmatch(venue.name):
        return Kind.PREPRINT
    return fields.KINDS.get(entry.entry.entry_type, Kind.OTHER)


def read_dates(entry: EntryFields) -> dict[str, DateSpan]:
    """Return all dates of the entry; "date" is the date of publication."""
    if entry.fields.keys().isdisjoint({"date", "year"}):
        _report_missing(entry, "year", "no year; add year = {2026}")
    read = ((name, _read_span(entry, name)) for name in _DATES)
    return {name: date for name, date in read if date}


def _read_span(entry: EntryFields, name: str) -> DateSpan | None:
    """Return a date from its field, or from those of its year, month and day."""
    prefix = name.removesuffix("date")
    span = _read_date(entry, name) or _read_date(entry, f"{prefix}year")
    if span and not span.start.month and f"{prefix}month" in entry.fields:
        # Tools that write both leave the month out of one of the two.
        span = _add_month(entry, span, prefix)
    if span and not span.end and (end := _read_span(entry, f"{prefix}enddate")):
        span = span._replace(end=end.start)
    return span


def _read_date(entry: EntryFields, name: str) -> DateSpan | None:
    is_year, text = name.endswith("year"), entry.get(name)
    # A "~" is a space in LaTeX, but means "about" in a date.
    plain = text if is_year else decode_verbatim(text)
    if not plain:
        return None
    date = dates.parse_edtf(plain)
    found = date or dates.find_date(plain)
    years = is_year and (dates.parse_year(plain) or (found and found.end))
    if not date and not years:
        wanted = "year; write 2026" if is_year else "date; write 2026-02 or 2026-02-14"
        entry.report(Rule.BAD_DATE, f"{quote(text)} is not a {wanted}", name)
        if name == "date" and "year" in entry.fields:
            return None
    return found


def _add_month(entry: EntryFields, span: DateSpan, prefix: str) -> DateSpan:
    """Return a date with the month and the day, or the season, that fields name."""
    field, year = f"{prefix}month", span.start.year
    text = entry.get(field)
    if season := dates.parse_season(text):
        return span._replace(start=PartialDate(year), season=season)
    parsed = dates.parse_month(entry.plain(field) or "")
    if parsed is None:
        message = f"{quote(text)} is not a month; write {dates.MONTHS_TO_WRITE}"
        if not entry.is_undefined(field):
            entry.report(Rule.BAD_DATE, message, field)
        return span
    month, day = parsed
    if not day and (own := entry.plain(f"{prefix}day")):
        number = re.search(r"\d{1,3}", own)  # 31st, 10--12
        text, field, day = own, f"{prefix}day", int(number[0]) if number else -1
    if not dates.is_date(year, month, day or 1):
        message = f"{quote(text)} is no day of the month; write the month alone"
        entry.report(Rule.BAD_DATE, message, field)
        day = 0
    return span._replace(start=PartialDate(year, month, day), season=0)
