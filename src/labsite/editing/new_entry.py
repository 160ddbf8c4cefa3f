"""Convert a record to an entry in the style of the site's bibliography.

Every record is a publication read from BibTeX, which may have been made from CSL-JSON.
The publisher's keywords, ``location``, ``timestamp`` and so on are left out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from labsite.bibtex.fields import KINDS, canonical_name, is_link_field
from labsite.bibtex.keys import is_key, make_key
from labsite.bibtex.writer import render_entry
from labsite.editing import house_style
from labsite.editing.fix import correct_text
from labsite.editing.house_style import HouseStyle
from labsite.editing.identifiers import Identifiers, find_identifiers
from labsite.editing.insertion import merge_fields
from labsite.model.dates import MONTHS, PartialDate
from labsite.model.problems import LabsiteError
from labsite.model.records import Kind, Publication
from labsite.site.venues import Wording
from labsite.text.html import strip_markup
from labsite.text.latex import decode_plain, escape_lone
from labsite.text.latex_encoding import encode_accents, encode_creators
from labsite.text.names import split_names
from labsite.text.titles import tidy_title

#: Fields kept in all entries, and those kept in entries of other works than papers.
_KEPT = {"volume", "number", "pages", "eid", "pubstate", "accepted", "note", "abstract",
         "holder", "version"}  # fmt: skip
_KEPT_OF_OTHERS = {
    "editor", "translator", "bookauthor", "edition", "series", "isbn", "chapter",
    "publisher", "institution", "school", "type", "howpublished",
}  # fmt: skip
_PAPERS = {"conference", "journal"}
#: Kinds of works that appear in no journal or book; indexes name themselves there.
_ALONE = {"thesis", "patent", "software"}
_PREPRINT_VENUE = re.compile(r"arxiv\b.*|corr|", re.IGNORECASE)
_MADE_KEY = re.compile(r"record\d*$")  #: of a record that came without one
#: Marks of footnotes in a title.
_MARK = re.compile(r"\$\s*\^\s*\{?\s*(?:\\d?dagger|\\ast|\*|\\S)\s*\}?\s*\$")
#: Notes that hold for some weeks only, and Zotero's remarks.
_PASSING_NOTE = re.compile(
    r"just accepted|early access|accepted.*|in press|to appear.*|cited by.*"
    r"|(?:arxiv|comment|(?:\\_)?eprint|issn|place|event-place|publisher|number|"
    r"conference name|version number):.*",
    re.IGNORECASE,
)
_LANGUAGE = {"langid", "language"}
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
#: The year and the month in an identifier of arXiv's newer scheme.
_NEW_ARXIV = re.compile(r"(\d\d)(0[1-9]|1[0-2])\.\d{4,5}")


@dataclass(frozen=True, kw_only=True)
class NewEntry:
    """A new entry, and notes for the member."""

    entry_type: str
    key: str
    fields: tuple[tuple[str, str], ...]  #: values with their delimiters
    notes: tuple[str, ...]

    @property
    def text(self) -> str:
        """The entry in the usual layout."""
        return render_entry(self.entry_type, self.key, self.fields)


def make_entry(
    record: Publication,
    house: HouseStyle,
    topics: Sequence[str],
    key: str | None = None,
) -> NewEntry:
    """Convert a record to an entry in the style of the house.

    :param topics: tokens for the field of topics; the publisher's keywords are left out
    :param key: the citation key; without it, one is generated
    :raises LabsiteError: if it has no author, year or title, or no key can be generated
    """
    maker = _Maker(record, house)
    needed = {"author": record.creators, "year": record.issued, "title": maker.title}
    for what, given in needed.items():
        if not given:
            msg = f"the record has no {what}; add it to what you paste"
            raise LabsiteError(msg)
    return maker.make(topics, key)


@dataclass
class _Maker:
    """Collects the fields and the notes of one entry."""

    record: Publication
    house: HouseStyle
    values: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        raw = self.raw = dict(self.record.fields)
        if "issue" in raw:  # Mendeley's name for it
            raw.setdefault("number", raw.pop("issue"))
        if raw.get("eid", "").startswith(("arXiv:", raw.get("pages", "arXiv:"))):
            del raw["eid"]  # ADS repeats the other number
        self.found: Identifiers = find_identifiers(self.record)
        self.entry_type = self.record.entry_type.replace("conference", "inproceedings")
        venues = () if self.kind in _ALONE else ("booktitle", "journal")
        self.container = next((name for name in venues if raw.get(name)), "")
        self.venue = decode_plain(raw.get(self.container, ""))
        titles = map(self._text, ("title", "subtitle") if raw.get("title") else ())
        self.title = _MARK.sub("", ": ".join(filter(None, titles))).rstrip()

    @property
    def kind(self) -> str:
        """The kind of entries of this type."""
        return KINDS.get(self.entry_type, "other")

    def make(self, topics: Sequence[str], key: str | None) -> NewEntry:
        """Return the entry."""
        self._set_people()
        self._put("title", tidy_title(self.title))
        self._set_venue()
        self._set_date()
        self._put("doi", self.found.doi)
        self._put("eprint", self.found.arxiv)
        self._put("archiveprefix", self.found.arxiv and "arXiv")
        self._put(self.house.library.topics_field, ", ".join(topics))
        self._set_rest()
        return NewEntry(
            entry_type=self.entry_type,
            key=key or self._make_key(),
            fields=tuple(merge_fields([], self.values.items())),
            notes=tuple(self.notes),
        )

    def _make_key(self) -> str:
        """Return a key from the first author, the year and the title."""
        first, title = self.record.creators[0], decode_plain(self.values["title"])
        # The team's page has a Latin name for a member who signs in another script.
        person = self.house.identities.resolve(first)
        names = [first.family, *(person.name.split()[-1:] if person else ())]
        taken, own = self.house.keys, self.record.key
        keys = (make_key(name, self.issued.year, title, taken) for name in names)
        usable = is_key(own) and own.lower() not in taken and not _MADE_KEY.match(own)
        key = next(filter(None, keys), own if usable else None)
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
        """Return a field of the record, corrected, as LaTeX on one line."""
        text = correct_text(name, self.raw.get(name, ""))
        return " ".join(encode_accents(escape_lone(strip_markup(text))).split())

    def _set_people(self) -> None:
        creators = tuple(map(self.house.spell, self.record.creators))
        role = "author" if "author" in self.raw else "editor"
        others = " and others" if self.record.more_creators else ""
        names = encode_creators(creators) + others
        # Braces would hide from the check a list that cannot be read as names.
        is_unread = any("," in c.family and not c.literal for c in creators)
        self._put(role, self.raw[role] if is_unread else names)
        self._put(f"{role}+an", self.raw.get(f"{role}+an"))
        written = filter(None, split_names(self.raw.get(role, "")))
        _, annotations = house_style.convert_marks([*written])
        if annotations and not is_unread and f"{role}+an" not in self.values:
            self._put(f"{role}+an", annotations)
            note = f"{role}+an is from the marks at names; look whether it is right"
            self.notes.append(note)

    def _set_venue(self) -> None:
        """Write the venue, as its macro if there is one."""
        series = self.raw.get("shortjournal") or self.raw.get("series", "")
        cleaned = house_style.clean_name(self._text(self.container))
        find = self.house.venues.meaning
        if meant := self.venue and (find(self.venue, series) or find(cleaned)):
            self.entry_type, name, subtype = self.house.usage(meant, self.entry_type)
            self.values[name] = meant.macro
            self._put("entrysubtype", subtype)
            return
        preprint = self.found.arxiv or self.record.kind is Kind.PREPRINT
        if preprint and _PREPRINT_VENUE.fullmatch(self.venue):
            self.entry_type = "misc"
        elif self.venue:
            self._put(self.container, cleaned)
            kinds = Wording(self.venue).kinds & {"demo", "demonstration", "workshop"}
            kind = "demo" if kinds - {"workshop"} else "workshop"
            self._put("entrysubtype", kind if kinds else None)

    @cached_property
    def issued(self) -> PartialDate:
        """The date, with the year of the meeting instead of a later volume's."""
        issued = self.record.issued
        meeting = self.venue if self.container == "booktitle" else ""
        if {int(year) for year in _YEAR.findall(meeting)} == {issued.year - 1}:
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
            month = house_style.find_month(self.venue, year)
        self._put("year", str(year))
        if month:
            self.values["month"] = MONTHS[month - 1]
        else:
            self.notes.append("the month is not known; add month = … for the order")

    def _kept(self) -> set[str]:
        """Return the further fields that an entry of this type keeps."""
        kept = _KEPT if self.kind in _PAPERS else _KEPT | _KEPT_OF_OTHERS
        if not (self.record.language or "en").startswith("en"):
            kept = kept | _LANGUAGE
        unplaced = self.raw.get("volume") == "PP"  # IEEE's early access
        if unplaced or (self.entry_type == "misc" and self.found.arxiv):
            # "abs/2403.06664" is CoRR's volume, "2403.06664" arXiv's number.
            kept = kept - {"volume", "number", "pages", "howpublished", "publisher"}
        elif self.entry_type == "inproceedings" and self.record.entry_type == "article":
            kept = kept - {"volume", "number"}
        return kept

    def _set_rest(self) -> None:
        kept = self._kept()
        for name in self.raw:
            text = self._text(name) if name in kept else ""
            if is_link_field(name) and name not in self.found.redundant:
                text = correct_text(name, self.raw[name])
            if not (name == "note" and _PASSING_NOTE.fullmatch(text)):
                self._put(name, text)
        # These are written under another name, or repeat another field.
        covered = {*self.found.redundant, *self.values, self.container, *_LANGUAGE,
                   "date", "day", "crossref", "subtitle"}  # fmt: skip
        names = {canonical_name(n): n for n, *_ in self.record.source.fields[::-1]}
        dropped = [names.get(n, n) for n in self.raw if n not in covered]
        if dropped:
            self.notes.append(f"left out: {', '.join(dropped)}")
