"""A record from elsewhere to an entry as the house writes it.

The record is BibTeX, pasted or made by :mod:`~labsite.editing.lookup`, so that there is
one way in. What publishers add about themselves is left out: :data:`KEPT` is all that
an entry has.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from labsite.bibtex.fields import is_link_field
from labsite.bibtex.writer import render_entry
from labsite.editing import wording
from labsite.editing.identifiers import Identifiers, find_identifiers
from labsite.editing.keys import make_key
from labsite.editing.mending import MONTHS, mend_text
from labsite.model.records import Kind
from labsite.text.latex import decode_plain
from labsite.text.latex_encoding import encode_accents, encode_creators, escape_lone
from labsite.text.titles import is_shouting, strip_markup, tidy_title

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from labsite.editing.house_style import HouseStyle
    from labsite.model.records import Publication

#: The fields an entry has, in their order; links without a place here stand before
#: ``note``. Everything else that an export has is dropped: the publisher's keywords,
#: ``isbn``, ``issn``, ``series``, ``location``, ``address``, ``numpages``,
#: ``articleno``, ``publisher`` of a paper, ``primaryclass``, ``timestamp`` and so on.
KEPT = (
    "author", "author+an", "editor", "title", "booktitle", "journal", "school",
    "institution", "type", "publisher", "howpublished", "volume", "number", "pages",
    "year", "month", "doi", "eprint", "archiveprefix", "url", "code", "artifact",
    "data", "slides", "poster", "video", "pdf", "supp", "award", "note",
    "entrysubtype", "pubstate", "accepted", "selected", "abstract", "keywords",
)  # fmt: skip
_ALL_TYPES = {"volume", "number", "pages", "pubstate", "accepted", "note", "abstract"}
#: What some types have besides: a paper's publisher is not where it appeared.
_BY_TYPE = {
    "book": {"publisher"},
    "incollection": {"publisher"},
    "inbook": {"publisher"},
    "phdthesis": {"school", "type"},
    "mastersthesis": {"school", "type"},
    "thesis": {"school", "institution", "type"},
    "techreport": {"institution", "type"},
    "report": {"institution", "type"},
    "misc": {"howpublished"},
}
_PREPRINT_VENUE = re.compile(r"arxiv\b.*|corr|", re.IGNORECASE)
#: Notes that were true for some weeks.
_PASSING_NOTE = re.compile(
    r"just accepted|early access|accepted.*|in press", re.IGNORECASE
)


class IncompleteError(ValueError):
    """A record lacks what no entry can do without."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEntry:
    """An entry as it is to stand in the file."""

    entry_type: str
    key: str
    fields: tuple[tuple[str, str], ...]  #: names and values with their delimiters
    notes: tuple[str, ...]  #: what the member should look at

    @property
    def text(self) -> str:
        """The entry in the one layout."""
        return render_entry(self.entry_type, self.key, self.fields)


def make_entry(
    record: Publication,
    house: HouseStyle,
    topics: Sequence[str],
    key: str | None = None,
) -> NewEntry:
    """Return the entry that says in the house's way what *record* says.

    :param topics: tokens of ``keywords``; the record's own are its publisher's
    :param key: the citation key; without one the house rule makes it
    :raises IncompleteError: if there is no author, no year, or no key can be made
    """
    if not record.creators:
        msg = "the record has no author"
        raise IncompleteError(msg)
    if not record.issued:
        msg = "the record has no year"
        raise IncompleteError(msg)
    key = key or make_key(record, house.keys)
    if key is None:
        msg = "the first author has no Latin letters; give --key"
        raise IncompleteError(msg)
    return _Maker(record, house, topics).make(key)


class _Maker:
    """One record on its way to an entry."""

    def __init__(
        self, record: Publication, house: HouseStyle, topics: Sequence[str]
    ) -> None:
        self.record = record
        self.house = house
        self.topics = topics
        self.raw = dict(record.fields)
        self.found: Identifiers = find_identifiers(record)
        self.entry_type = record.entry_type
        if record.entry_type == "conference":
            self.entry_type = "inproceedings"
        self.values: dict[str, str] = {}
        self.notes: list[str] = []

    def make(self, key: str) -> NewEntry:
        self._set_people()
        self._set_title()
        self._set_venue()
        self._set_date()
        self._set_identifiers()
        self._set_rest()
        if self.topics:
            self._put("keywords", ", ".join(self.topics))
        self._note_dropped()
        return NewEntry(
            entry_type=self.entry_type,
            key=key,
            fields=tuple(self._ordered()),
            notes=tuple(self.notes),
        )

    def _put(self, name: str, text: str | None) -> None:
        if text:
            self.values[name] = f"{{{text}}}"

    def _text(self, name: str) -> str:
        """Return a field of the record, mended, in LaTeX and on one line."""
        latex = strip_markup(mend_text(name, self.raw[name]))
        return " ".join(encode_accents(escape_lone(latex)).split())

    def _ordered(self) -> Iterator[tuple[str, str]]:
        links = [name for name in self.values if name not in KEPT]
        at = KEPT.index("note")
        for name in (*KEPT[:at], *sorted(links), *KEPT[at:]):
            if name in self.values:
                yield name, self.values[name]

    def _set_people(self) -> None:
        creators = tuple(map(self.house.spell, self.record.creators))
        others = " and others" if self.record.more_creators else ""
        role = "author" if "author" in self.raw else "editor"
        self._put(role, encode_creators(creators) + others)
        if any(creator.annotations for creator in self.record.creators):
            self._put("author+an", self.raw.get("author+an"))
        if others:
            self.notes.append(
                "the list of authors ends in 'and others'; write them all"
            )

    def _set_title(self) -> None:
        title = self._text("title")
        if is_shouting(title):
            self.notes.append("the title is in capitals; write it as a sentence")
        self._put("title", tidy_title(title))

    def _set_venue(self) -> None:
        name = next((n for n in ("booktitle", "journal") if self.raw.get(n)), None)
        text = self.raw[name] if name else ""
        series = self.raw.get("series", "")
        venues = self.house.venues
        meant = venues.meaning(text, journal=name == "journal", series=series)
        if meant:
            macro = meant.macro
            usage = self.house.usage(macro, self.entry_type)
            self.entry_type = usage.entry_type
            self.values[usage.field] = macro
            self._put("entrysubtype", usage.subtype)
        elif self._is_preprint(text):
            self.entry_type = "misc"
        elif name:
            self._set_new_venue(name, series)

    def _is_preprint(self, venue: str) -> bool:
        arxiv = self.found.arxiv is not None
        preprint = self.record.kind is Kind.PREPRINT
        named = _PREPRINT_VENUE.fullmatch(decode_plain(venue)) is not None
        return (arxiv or preprint) and named

    def _set_new_venue(self, name: str, series: str) -> None:
        text = self._text(name)
        cleaned = wording.clean_name(text)
        self._put(name, cleaned)
        plain = map(decode_plain, (text, series))
        acronym = (wording.find_acronym(plain) or "SHORT").replace(" ", "_")
        self.notes.append(
            f"the venue is new; if it comes again, add @string{{{acronym} = "
            f'"{cleaned}"}} at the top and write {name} = {acronym}'
        )

    def _set_date(self) -> None:
        issued = self.record.issued
        self._put("year", str(issued.year))
        if month := issued.month or self._month_of_meeting():
            self.values["month"] = MONTHS[month - 1]
        else:
            self.notes.append("the month is not known; add month = … for the order")

    def _month_of_meeting(self) -> int | None:
        """Return the month of the meeting, as the record or other entries say it."""
        venue, year = self.raw.get("booktitle", ""), self.record.issued.year
        month = wording.find_month(decode_plain(venue), year)
        if month is None and "booktitle" in self.values:
            month = self.house.month_of(self.values["booktitle"], year)
            if month:
                said = (
                    f"month = {MONTHS[month - 1]} is that of the venue's other papers"
                )
                self.notes.append(said)
        return month

    def _set_identifiers(self) -> None:
        self._put("doi", self.found.doi)
        if self.found.arxiv:
            self._put("eprint", self.found.arxiv)
            self._put("archiveprefix", "arXiv")
        for name in self.raw:
            if is_link_field(name) and name not in self.found.redundant:
                self._put(name, mend_text(name, self.raw[name]))

    def _set_rest(self) -> None:
        kept = _ALL_TYPES | _BY_TYPE.get(self.entry_type, set())
        if self.entry_type == "misc" and self.found.arxiv:
            # "abs/2403.06664" is CoRR's volume, "2403.06664" arXiv's number.
            kept -= {"volume", "number", "pages", "howpublished"}
        elif self.entry_type == "inproceedings" and self.record.entry_type == "article":
            kept -= {"volume", "number"}
        for name in sorted(kept & self.raw.keys()):
            text = self._text(name)
            if not (name == "note" and _PASSING_NOTE.fullmatch(text)):
                self._put(name, text)

    def _note_dropped(self) -> None:
        # These are written under another name, or say what another field says.
        said = self.found.redundant | {"date", "journal", "booktitle", "crossref"}
        dropped = [name for name in self.raw if name not in self.values.keys() | said]
        if dropped:
            self.notes.append(f"left out: {', '.join(dropped)}")
