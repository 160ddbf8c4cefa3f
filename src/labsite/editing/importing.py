"""A record from elsewhere to an entry as the house writes it.

The record is BibTeX, pasted or made of an item of CSL, so that there is one way in.
What publishers add about themselves is left out: their keywords, ``isbn``, ``series``,
``location``, ``numpages``, the ``publisher`` of a paper, ``timestamp`` and so on.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from labsite.bibtex.entry_types import NEEDED
from labsite.bibtex.fields import is_link_field
from labsite.bibtex.keys import is_key, make_key
from labsite.bibtex.writer import render_entry
from labsite.editing.corrections import MONTHS, correct_text
from labsite.editing.house_style import clean_name, find_acronym, find_month
from labsite.editing.identifiers import Identifiers, find_identifiers
from labsite.editing.insertion import merge_fields
from labsite.model.dates import PartialDate
from labsite.model.problems import LabsiteError, quote
from labsite.model.records import Kind
from labsite.site.venues import Wording
from labsite.text.html import strip_markup
from labsite.text.latex import decode_plain
from labsite.text.latex_encoding import encode_accents, encode_creators, escape_lone
from labsite.text.titles import is_shouting, tidy_title

if TYPE_CHECKING:
    from collections.abc import Sequence

    from labsite.editing.house_style import HouseStyle
    from labsite.model.records import Publication

#: What entries of all types have, besides what BibTeX asks of theirs.
_KEPT = {"volume", "number", "pages", "pubstate", "accepted", "note", "abstract",
         "holder", "version"}  # fmt: skip
_PREPRINT_VENUE = re.compile(r"arxiv\b.*|corr|", re.IGNORECASE)
_MADE_KEY = re.compile(r"record\d*$")  #: of a record that came without one
#: Marks of footnotes in a title.
_MARK = re.compile(r"\$\s*\^\s*\{?\s*(?:\\d?dagger|\\ast|\*|\\S)\s*\}?\s*\$")
#: Notes that were true for some weeks.
_PASSING_NOTE = re.compile(
    r"just accepted|early access|accepted.*|in press|to appear.*|cited by.*",
    re.IGNORECASE,
)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
#: The year and the month in an identifier of arXiv's newer scheme.
_NEW_ARXIV = re.compile(r"(\d\d)(0[1-9]|1[0-2])\.\d{4,5}")


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
    :raises LabsiteError: if there is no author, no year, or no key can be made
    """
    for what, given in (("author", record.creators), ("year", record.issued)):
        if not given:
            msg = f"the record has no {what}; add it to what you paste"
            raise LabsiteError(msg)
    return _Maker(record, house).make(topics, key)


@dataclass
class _Maker:
    """One record on its way to an entry."""

    record: Publication
    house: HouseStyle
    values: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.raw = dict(self.record.fields)
        self.found: Identifiers = find_identifiers(self.record)
        self.entry_type = self.record.entry_type.replace("conference", "inproceedings")
        venues = (name for name in ("booktitle", "journal") if self.raw.get(name))
        self.container = next(venues, "")
        self.venue = decode_plain(self.raw.get(self.container, ""))

    def make(self, topics: Sequence[str], key: str | None) -> NewEntry:
        self._set_people()
        title = ": ".join(filter(None, map(self._text, ("title", "subtitle"))))
        title = _MARK.sub("", title).rstrip()
        if is_shouting(title):
            self.notes.append("the title is in capitals; write it as a sentence")
        self._put("title", tidy_title(title))
        self._set_venue()
        self._set_date()
        key = key or self._make_key()
        self._put("doi", self.found.doi)
        self._put("eprint", self.found.arxiv)
        self._put("archiveprefix", self.found.arxiv and "arXiv")
        self._set_rest()
        self._put("keywords", ", ".join(topics))
        self._note_dropped()
        return NewEntry(
            entry_type=self.entry_type,
            key=key,
            fields=tuple(merge_fields([], self.values.items())),
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
        own = self.record.key
        if key is None and is_key(own) and not _MADE_KEY.match(own):
            key = own if own.lower() not in self.house.keys else None
        if key is None:
            msg = (
                "the first author has no Latin letters; give the entry a key: --key, "
                "or in what you paste"
            )
            raise LabsiteError(msg)
        return key

    def _put(self, name: str, text: str | None) -> None:
        if text:
            self.values[name] = f"{{{text}}}"

    def _text(self, name: str) -> str:
        """Return a field of the record, corrected, in LaTeX and on one line."""
        latex = strip_markup(correct_text(name, self.raw.get(name, "")))
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
            said = "the list of authors ends in 'and others'; write them all"
            self.notes.append(said)

    def _set_venue(self) -> None:
        series = self.raw.get("series", "")
        cleaned = clean_name(self._text(self.container))
        meaning = self.house.venues.meaning
        meant = meaning(self.venue, series) if self.venue else None
        meant = meant or (meaning(cleaned) if cleaned else None)
        if meant:
            usage = self.house.usage(meant.macro, self.entry_type)
            self.entry_type = usage.entry_type
            self.values[usage.field] = meant.macro
            self._put("entrysubtype", usage.subtype)
            return
        preprint = self.found.arxiv or self.record.kind is Kind.PREPRINT
        if preprint and _PREPRINT_VENUE.fullmatch(self.venue):
            self.entry_type = "misc"
        elif self.venue:
            self._set_new_venue(cleaned, decode_plain(series))

    def _set_new_venue(self, cleaned: str, series: str) -> None:
        self._put(self.container, cleaned)
        kinds = Wording(self.venue).kinds & {"demo", "demonstration", "workshop"}
        kind = "demo" if kinds - {"workshop"} else "workshop"
        self._put("entrysubtype", kind if kinds else None)
        near = self.house.venues.nearest(decode_plain(cleaned))
        if near:
            self.notes.append(
                f"no macro means {quote(cleaned)}; did you mean {near.macro}, "
                f"{quote(near.name)}?"
            )
            return
        acronym = find_acronym(decode_plain(cleaned), (self.venue, series))
        self.notes.append(
            f"the venue is new; if it comes again, add @string{{{acronym} = "
            f'"{cleaned}"}} at the top and write {self.container} = {acronym}'
        )

    @cached_property
    def issued(self) -> PartialDate:
        """The date: the year is the meeting's, not that of a later volume."""
        issued = self.record.issued
        meeting = self.venue if self.container == "booktitle" else ""
        years = {int(year) for year in _YEAR.findall(meeting)}
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
        year, month = self.issued.year, self.issued.month
        if not month and self.container == "booktitle":
            month = find_month(self.venue, year)
        macro = "" if month else self.values.get("booktitle", "")
        if macro and (month := self.house.month_of(macro, year)):
            said = f"month = {MONTHS[month - 1]} is that of the venue's other papers"
            self.notes.append(said)
        self._put("year", str(year))
        if month:
            self.values["month"] = MONTHS[month - 1]
        else:
            self.notes.append("the month is not known; add month = … for the order")

    def _set_rest(self) -> None:
        needed = {name for names in NEEDED.get(self.entry_type, ()) for name in names}
        needed -= self.values.keys() | {"booktitle", "journal"}
        kept = _KEPT | needed
        if needed & {"school", "institution"}:
            kept |= {"school", "institution", "type"}
        if "publisher" in needed:
            kept |= {"editor"}
        if self.entry_type == "misc":
            kept |= {"howpublished"}
            if self.found.arxiv:
                # "abs/2403.06664" is CoRR's volume, "2403.06664" arXiv's number.
                kept -= {"volume", "number", "pages", "howpublished"}
        elif self.entry_type == "inproceedings" and self.record.entry_type == "article":
            kept -= {"volume", "number"}
        for name in self.raw:
            text = self._text(name) if name in kept else ""
            if is_link_field(name) and name not in self.found.redundant:
                text = correct_text(name, self.raw[name])
            if not (name == "note" and _PASSING_NOTE.fullmatch(text)):
                self._put(name, text)
        if "number" in kept and "number" not in self.raw:
            self._put("number", self._text("issue"))  # Mendeley's name for it

    def _note_dropped(self) -> None:
        # These are written under another name, or say what another field says.
        said = {*self.found.redundant, "date", "journal", "booktitle", "crossref",
                "subtitle"}  # fmt: skip
        if "number" in self.values:
            said.add("issue")
        dropped = [name for name in self.raw if name not in self.values.keys() | said]
        if dropped:
            self.notes.append(f"left out: {', '.join(dropped)}")
