"""A record from elsewhere to an entry as the house writes it.

The record is BibTeX, pasted or made by :mod:`~labsite.editing.lookup`, so that there is
one way in. What publishers add about themselves is left out: all that an entry has is
:data:`~labsite.editing.field_order.KEPT`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from labsite.bibtex.fields import is_link_field
from labsite.bibtex.keys import make_key
from labsite.bibtex.writer import render_entry
from labsite.editing import wording
from labsite.editing.corrections import MONTHS, correct_text
from labsite.editing.field_order import merge_fields
from labsite.editing.identifiers import Identifiers, find_identifiers
from labsite.model.dates import PartialDate
from labsite.model.problems import LabsiteError, quote
from labsite.model.records import Kind
from labsite.site.venue_names import Wording
from labsite.text.html import strip_markup
from labsite.text.latex import decode_plain
from labsite.text.latex_encoding import encode_accents, encode_creators, escape_lone
from labsite.text.titles import is_shouting, tidy_title

if TYPE_CHECKING:
    from collections.abc import Sequence

    from labsite.editing.house_style import HouseStyle
    from labsite.model.records import Publication

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


_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
#: The year and the month in an identifier of arXiv's newer scheme.
_NEW_ARXIV = re.compile(r"(\d\d)(0[1-9]|1[0-2])\.\d{4,5}")


class IncompleteError(LabsiteError):
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
        msg = "the record has no author; add it to what you paste"
        raise IncompleteError(msg)
    if not record.issued:
        msg = "the record has no year; add it to what you paste"
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
        self.issued = self._issued()

    def make(self, key: str | None) -> NewEntry:
        self._set_people()
        self._set_title()
        self._set_venue()
        self._set_date()
        key = key or self._make_key()
        self._set_identifiers()
        self._set_rest()
        if self.topics:
            self._put("keywords", ", ".join(self.topics))
        self._note_dropped()
        return NewEntry(
            entry_type=self.entry_type,
            key=key,
            fields=tuple(merge_fields([], sorted(self.values.items()))),
            notes=tuple(self.notes),
        )

    def _make_key(self) -> str:
        title = decode_plain(self.values["title"])
        # Who signs in another script has a name in Latin letters on the team's page.
        first = self.record.creators[0]
        person = self.house.identities.resolve(first)
        names = [first.family, *(person.name.split()[-1:] if person else ())]
        keys = (make_key(n, self.issued.year, title, self.house.keys) for n in names)
        key = next(filter(None, keys), None)
        if key is None:
            msg = "the first author has no Latin letters; give the entry a key: --key"
            raise IncompleteError(msg)
        return key

    def _put(self, name: str, text: str | None) -> None:
        if text:
            self.values[name] = f"{{{text}}}"

    def _text(self, name: str) -> str:
        """Return a field of the record, corrected, in LaTeX and on one line."""
        latex = strip_markup(correct_text(name, self.raw[name]))
        return " ".join(encode_accents(escape_lone(latex)).split())

    def _set_people(self) -> None:
        creators = tuple(map(self.house.spell, self.record.creators))
        others = " and others" if self.record.more_creators else ""
        role = "author" if "author" in self.raw else "editor"
        self._put(role, encode_creators(creators) + others)
        said = self.raw.get(f"{role}+an") or "; ".join(
            f"{position}={','.join(creator.annotations)}"
            for position, creator in enumerate(self.record.creators, start=1)
            if creator.annotations
        )
        self._put(f"{role}+an", said)
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
        text, series = self.raw.get(name or "", ""), self.raw.get("series", "")
        cleaned = wording.clean_name(self._text(name)) if name else ""
        venues, journal = self.house.venues, name == "journal"
        meant = venues.meaning(text, journal=journal, series=series) if name else None
        meant = meant or (venues.meaning(cleaned, journal=journal) if cleaned else None)
        if meant:
            usage = self.house.usage(meant.macro, self.entry_type)
            self.entry_type = usage.entry_type
            self.values[usage.field] = meant.macro
            self._put("entrysubtype", usage.subtype)
        elif self._is_preprint(text):
            self.entry_type = "misc"
        elif name:
            self._set_new_venue(name, cleaned, text, series)

    def _is_preprint(self, venue: str) -> bool:
        arxiv = self.found.arxiv is not None
        preprint = self.record.kind is Kind.PREPRINT
        named = _PREPRINT_VENUE.fullmatch(decode_plain(venue)) is not None
        return (arxiv or preprint) and named

    def _set_new_venue(self, name: str, cleaned: str, text: str, series: str) -> None:
        self._put(name, cleaned)
        plain = decode_plain(text)
        kinds = Wording(plain).kinds
        subtype = "workshop" if "workshop" in kinds else None
        self._put(
            "entrysubtype", "demo" if kinds & {"demo", "demonstration"} else subtype
        )
        near = self.house.venues.nearest(decode_plain(cleaned))
        if near:
            self.notes.append(
                f"no macro means {quote(cleaned)}; did you mean {near.macro}, "
                f"{quote(near.name)}?"
            )
            return
        found = wording.find_acronym((plain, decode_plain(series)))
        acronym = (found or "SHORT").replace(" ", "_")
        self.notes.append(
            f"the venue is new; if it comes again, add @string{{{acronym} = "
            f'"{cleaned}"}} at the top and write {name} = {acronym}'
        )

    def _issued(self) -> PartialDate:
        """Return the date: the year is the meeting's, not that of a later volume."""
        issued = self.record.issued
        said = decode_plain(self.raw.get("booktitle", ""))
        years = {int(year) for year in _YEAR.findall(said)}
        if years == {issued.year - 1}:
            self.notes.append(
                f"the year is that of the meeting, {issued.year - 1}; "
                f"the record says {issued.year}"
            )
            return PartialDate(issued.year - 1)
        arxiv = _NEW_ARXIV.match(self.found.arxiv or "")
        if self.record.kind is Kind.PREPRINT and arxiv and not issued.month:
            year, month = 2000 + int(arxiv[1]), int(arxiv[2])
            return PartialDate(year, month) if year == issued.year else issued
        return issued

    def _set_date(self) -> None:
        issued = self.issued
        self._put("year", str(issued.year))
        if month := issued.month or self._month_of_meeting():
            self.values["month"] = MONTHS[month - 1]
        else:
            self.notes.append("the month is not known; add month = … for the order")

    def _month_of_meeting(self) -> int | None:
        """Return the month of the meeting, as the record or other entries say it."""
        venue, year = self.raw.get("booktitle", ""), self.issued.year
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
                self._put(name, correct_text(name, self.raw[name]))

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
        if "number" in kept and "number" not in self.raw and "issue" in self.raw:
            self._put("number", self._text("issue"))  # Mendeley's name for it

    def _note_dropped(self) -> None:
        # These are written under another name, or say what another field says.
        said = {*self.found.redundant, "date", "journal", "booktitle", "crossref"}
        if "number" in self.values:
            said.add("issue")
        dropped = [name for name in self.raw if name not in self.values.keys() | said]
        if dropped:
            self.notes.append(f"left out: {', '.join(dropped)}")
