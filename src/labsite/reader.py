"""BibTeX entries to publications: what each field means, decided once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from labsite.bibtex import BibtexText, Entry
from labsite.latex import decode, decode_plain
from labsite.links import is_link_field, read_links
from labsite.names import annotate, parse_annotations, parse_creators
from labsite.problems import Problem, Rule, Severity
from labsite.query import sort_publications
from labsite.records import (
    Creator,
    FieldSource,
    Kind,
    Library,
    PartialDate,
    Publication,
    RichText,
    Venue,
)
from labsite.values import (
    FIELD_SYNONYMS,
    is_date,
    parse_arxiv,
    parse_doi,
    parse_flag,
    parse_iso_date,
    parse_month,
    parse_tokens,
    parse_year,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

#: What a child entry never takes over from the one it names in ``crossref``
#: (biblatex manual, appendix B); a parent's title becomes the child's booktitle.
_NOT_INHERITED = {
    "author", "author+an", "crossref", "entrysubtype", "ids", "keywords", "label",
    "note", "options", "selected", "shorthand", "sortkey", "title", "xref", "award",
    "award_name", "doi", "eprint", "arxiv", "abstract", "preview",
}  # fmt: skip
#: A date is inherited as one, or not at all.
_DATE_FIELDS = {"date", "year", "month"}
#: Entry types that hold what others inherit and are no publications themselves.
_CONTAINER_TYPES = {"proceedings", "mvproceedings", "collection", "xdata", "set"}

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
_FORTHCOMING_STATES = {"inpreparation", "submitted", "forthcoming", "inpress"}
_ARXIV_AS_JOURNAL = re.compile(r"arxiv(?:\s+preprint)?[\s:]*(.*)|corr", re.IGNORECASE)
_VENUE_FIELDS = ("booktitle", "journal", "school", "institution", "publisher",
                 "howpublished")  # fmt: skip


def read_library(files: Iterable[tuple[str, str]]) -> Library:
    """Read the bibliography.

    Nothing a file says stops the reading: an entry that cannot be read is left out
    and reported, every other entry is there.

    :param files: name and text of each file, in order; macros serve later files
    """
    bibtex = BibtexText()
    for file, text in files:
        bibtex.add_file(text, file)
    entries, problems = _drop_repeated(bibtex.entries)
    problems = [*bibtex.problems, *problems]
    parents = {entry.key.lower(): entry for entry in entries}
    readers = [_EntryReader(e, parents, bibtex.macro_names, problems) for e in entries]
    read = [reader.read() for reader in readers]
    containers = sum(entry.entry_type in _CONTAINER_TYPES for entry in bibtex.entries)
    return Library(
        publications=sort_publications(p for p in read if p is not None),
        problems=tuple(sorted(problems, key=lambda p: (p.file, p.line, p.column))),
        entries=bibtex.begun - containers,
    )


def _synonym(name: str) -> str:
    return FIELD_SYNONYMS.get(name, name)


def _drop_repeated(entries: Iterable[Entry]) -> tuple[list[Entry], list[Problem]]:
    """Keep the first entry of each key; BibTeX's keys differ in more than case."""
    first: dict[str, Entry] = {}
    problems = []
    for entry in entries:
        known = first.setdefault(entry.key.lower(), entry)
        if known is not entry:
            place = f"{known.source.file}:{known.source.line}"
            message = f"the key is taken by the entry at {place}; choose another"
            problems.append(_problem(entry, Rule.DUPLICATE_KEY, message))
    return list(first.values()), problems


def _is_inherited(name: str, *, own_date: bool) -> bool:
    own = name in _NOT_INHERITED or is_link_field(name)
    return not own and not (own_date and name in _DATE_FIELDS)


def _problem(
    entry: Entry,
    rule: Rule,
    message: str,
    field: str | FieldSource | None = None,
    severity: Severity = Severity.ERROR,
) -> Problem:
    if isinstance(field, str):
        # A field read under its synonym stands in the file under the name it has there.
        named = (f for f in entry.source.fields if _synonym(f.name) == _synonym(field))
        field = next(named, None) or field
    where = None if isinstance(field, str) else field
    name = where.name if where else field
    return Problem(
        rule=rule,
        message=f"{name}: {message}" if name else message,
        file=entry.source.file,
        line=where.line if where else entry.source.line,
        column=where.column if where else 1,
        key=entry.key,
        severity=severity,
    )


class _EntryReader:
    """One entry on its way to a publication."""

    def __init__(
        self,
        entry: Entry,
        parents: Mapping[str, Entry],
        macro_names: Mapping[str, str],
        problems: list[Problem],
    ) -> None:
        self.entry = entry
        self.parents = parents
        self.macro_names = macro_names
        self.problems = problems
        self.fields = self._own_fields()
        self._inherit()

    def complain(
        self,
        rule: Rule,
        message: str,
        field: str | FieldSource | None = None,
        severity: Severity = Severity.ERROR,
    ) -> None:
        """Note a problem of this entry."""
        self.problems.append(_problem(self.entry, rule, message, field, severity))

    def read(self) -> Publication | None:
        """Return the publication, or ``None`` for a container or a titleless entry."""
        if self.entry.entry_type in _CONTAINER_TYPES:
            return None
        title = self._rich("title")
        if title is None:
            self.complain(Rule.MISSING_FIELD, "no title; add title = {…}")
            return None
        arxiv = self._arxiv()
        venue = self._venue(arxiv)
        creators, more = self._creators()
        doi = self._doi()
        return Publication(
            key=self.entry.key,
            entry_type=self.entry.entry_type,
            kind=self._kind(arxiv, venue),
            title=title,
            creators=creators,
            more_creators=more,
            issued=self._issued(),
            venue=venue,
            topics=parse_tokens(self._plain("keywords") or ""),
            award=self._plain("award_name") or self._plain("award"),
            note=self._rich("note"),
            abstract=self._rich("abstract"),
            doi=doi,
            arxiv=arxiv,
            links=read_links(self.fields, doi, arxiv, self._bad_address),
            selected=parse_flag(self.fields.get("selected", "")),
            forthcoming=self._is_forthcoming(),
            preview=self.fields.get("preview"),
            aliases=parse_tokens(self.fields.get("ids", "")),
            fields=tuple(self.fields.items()),
            source=self.entry.source,
        )

    def _is_forthcoming(self) -> bool:
        state = (self._plain("pubstate") or "").lower().replace(" ", "")
        return state in _FORTHCOMING_STATES

    def _own_fields(self) -> dict[str, str]:
        fields: dict[str, str] = {}
        written: set[str] = set()
        for field in self.entry.source.fields:
            name = _synonym(field.name)
            if field.name in written:
                message = "the entry has this field twice; the first one counts"
                self.complain(Rule.DUPLICATE_FIELD, message, field)
            elif field.value:
                # ACM writes "address" and "location" in one entry: the first counts.
                fields.setdefault(name, field.value)
            written.add(field.name)
        return fields

    def _inherit(self) -> None:
        """Take over what is missing from the ``crossref`` parent, one level deep."""
        parent_key = self.fields.get("crossref")
        if parent_key is None:
            return
        parent = self.parents.get(parent_key.lower())
        if parent is None or parent is self.entry:
            message = f"there is no entry '{parent_key}'"
            self.complain(Rule.UNKNOWN_CROSSREF, message, "crossref")
            return
        own_date = not _DATE_FIELDS.isdisjoint(self.fields)
        for field in parent.source.fields:
            name = _synonym(field.name)
            if name == "title" and parent.entry_type in _CONTAINER_TYPES | {"book"}:
                self.fields.setdefault("booktitle", field.value)
            elif _is_inherited(name, own_date=own_date) and field.value:
                self.fields.setdefault(name, field.value)

    def _rich(self, name: str) -> RichText | None:
        text = self.fields.get(name)
        rich = decode(text) if text else None
        return rich if rich and str(rich).strip() else None

    def _plain(self, name: str) -> str | None:
        text = self.fields.get(name)
        return (decode_plain(text) or None) if text else None

    def _doi(self) -> str | None:
        text = self.fields.get("doi")
        doi = parse_doi(text) if text else None
        if text and doi is None:
            message = f"'{text}' is no DOI; write it bare, like 10.1145/3589258"
            self.complain(Rule.BAD_DOI, message, "doi")
        return doi

    def _arxiv(self) -> str | None:
        archive = self.fields.get("archiveprefix", "").lower()
        field = "eprint" if archive == "arxiv" and "eprint" in self.fields else "arxiv"
        text = self.fields.get(field)
        if text is None:
            return self._arxiv_elsewhere(archive)
        arxiv = parse_arxiv(text)
        if arxiv is None:
            message = f"'{text}' is no arXiv identifier; write it bare, like 2403.06664"
            self.complain(Rule.BAD_ARXIV, message, field)
        return arxiv

    def _arxiv_elsewhere(self, archive: str) -> str | None:
        """Find the identifier where other tools leave it."""
        places = [self.fields.get("doi", "")]
        if not archive:
            places.append(self.fields.get("eprint", ""))
        match = _ARXIV_AS_JOURNAL.fullmatch(self.fields.get("journal", ""))
        if match:
            # Google Scholar; DBLP and Semantic Scholar; the Astrophysics Data System
            places += [match[1] or "", *map(self._written, ("volume", "eid", "number"))]
        return next(filter(None, map(parse_arxiv, places)), None)

    def _written(self, name: str) -> str:
        return self.fields.get(name, "")

    def _bad_address(self, name: str, message: str) -> None:
        self.complain(Rule.BAD_URL, message, name)

    def _creators(self) -> tuple[tuple[Creator, ...], bool]:
        own = {_synonym(field.name) for field in self.entry.source.fields}
        # The editors of a volume are not the authors of a paper in it.
        field = (
            "editor" if "editor" in own and "author" not in self.fields else "author"
        )
        text = self.fields.get(field)
        if text is None:
            self.complain(Rule.MISSING_FIELD, "no author; add author = {Family, Given}")
            return (), False

        def complain(message: str) -> None:
            self.complain(Rule.BAD_NAME, message, field)

        def complain_of_annotation(message: str) -> None:
            self.complain(Rule.BAD_ANNOTATION, message, f"{field}+an")

        creators, more = parse_creators(text, complain)
        annotations = parse_annotations(
            self.fields.get(f"{field}+an", ""), len(creators), complain_of_annotation
        )
        return annotate(creators, annotations), more

    def _venue(self, arxiv: str | None) -> Venue | None:
        for name in _VENUE_FIELDS:
            text = self.fields.get(name)
            plain = self._plain(name)
            if text and plain:
                short = self._plain("shortjournal") or self._plain("abbr")
                macro = self.macro_names.get(text)
                if macro:
                    short = macro.replace("_", " ")
                return Venue(plain, short)
        return Venue("arXiv") if arxiv else None

    def _kind(self, arxiv: str | None, venue: Venue | None) -> Kind:
        subtype = self.fields.get("entrysubtype", "").lower()
        if subtype in list(Kind):
            return Kind(subtype)
        if subtype and subtype not in _NEUTRAL_SUBTYPES:
            message = f"unknown kind '{subtype}'; write one of {', '.join(Kind)}"
            self.complain(Rule.UNKNOWN_KIND, message, "entrysubtype")
        if arxiv and venue and _ARXIV_AS_JOURNAL.fullmatch(venue.name):
            return Kind.PREPRINT
        return _KINDS.get(self.entry.entry_type, Kind.OTHER)

    def _issued(self) -> PartialDate:
        text = self.fields.get("date")
        if text is not None:
            issued = parse_iso_date(text)
            if issued is None:
                message = f"'{text}' is no date; write 2026-02 or 2026-02-14"
                self.complain(Rule.BAD_DATE, message, "date")
            if issued or "year" not in self.fields:
                return issued or PartialDate()
        return self._issued_in_year()

    def _issued_in_year(self) -> PartialDate:
        text = self.fields.get("year")
        if text is None:
            self.complain(Rule.MISSING_FIELD, "no year; add year = {2026}")
            return PartialDate()
        year = parse_year(text)
        if year is None:
            self.complain(Rule.BAD_DATE, f"'{text}' is no year; write 2026", "year")
            return PartialDate()
        month = self.fields.get("month")
        if month is None:
            return PartialDate(year)
        parsed = parse_month(month)
        if parsed is None:
            self.complain(Rule.BAD_DATE, f"'{month}' is no month; write feb", "month")
            return PartialDate(year)
        if not is_date(year, parsed[0], parsed[1] or None):
            message = f"'{month}' has no such day; write the month alone"
            self.complain(Rule.BAD_DATE, message, "month")
            return PartialDate(year, parsed[0])
        return PartialDate(year, *parsed)
