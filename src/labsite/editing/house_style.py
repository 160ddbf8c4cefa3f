"""Learn the style of a bibliography from its entries."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from labsite.bibtex.keys import is_key
from labsite.checks.names import TITLES
from labsite.model.dates import MONTH_MACROS, parse_month
from labsite.model.problems import LabsiteError
from labsite.model.records import Creator, Library, Person
from labsite.site.authorship import Identities
from labsite.site.venues import LEADING, ORDINAL, VenueMacro, Venues, Wording
from labsite.text.latex import decode_plain
from labsite.text.latex_encoding import encode
from labsite.text.names import parse_creator
from labsite.text.spellings import letters

_MEETING = re.compile(
    r"\b(?:conference|symposium|workshops?|meeting|congress|forum)\b", re.IGNORECASE
)
_REMARK = re.compile(r"\s*\([^()]*\)")
_VENUE_FIELDS = {"booktitle", "journal"}
_MONTH = rf"\b(?:{'|'.join(MONTH_MACROS.values())})\b"
#: Words with "and" belong to the name, as in "Symposium on Speech, Text and Images".
_PLACE = r"(?:(?!\band\b)[^,])+"
#: What follows a meeting's name: acronym and year, place and date, a volume.
_BEHIND = re.compile(
    rf",\s*(?:[A-Z][\w/&+-]*\s+(?:19|20)\d\d,|{_PLACE}(?:,\s*[A-Z]{{2}})?"
    rf"(?:,{_PLACE})?,\s*{_MONTH}\s+\d{{1,2}}\b|Vol(?:ume|\.)\s*\d).*"
)
#: Marks of footnotes at a name, and remarks in their place.
_EQUAL = r"[*\u2217\u204e]|\\(?:ast|star)\b(?:\{\})?|(?i:\((?:co-?first|equal)[^()]*\))"
_SYMBOL = (
    rf"{_EQUAL}|[#\u2020\u2021\u00a7\u00b6\u2709\u207a]|"
    r"\\(?:text)?dd?ag(?:ger(?:dbl)?)?\b(?:\{\})?|(?i:\(corresponding[^()]*\))"
)
#: Not within a word, as in "O*Net".
_MARK = (
    r"(?!(?<=[^\W\d_])[*#][^\W\d_])\s*"
    r"(?:\\textsuperscript\s*\{[^{}]*\}|<sup>[^<>]*</sup>|\$[^$]*\$|"
    rf"\^?(?:\{{(?:\\?(?:{_SYMBOL}))+\}}|(?:\\?(?:{_SYMBOL}))+))"
)
#: What is no part of a name: marks, also of affiliations, titles, DBLP's numbers of
#: namesakes, the name in another script, and degrees.
_BESIDE = re.compile(
    rf"{_MARK}|[\^\u00b2\u00b3\u00b9\u2070-\u2079]|(?:{TITLES})"
    r"|(?<=\D)\d+(?=,|$)|^\d{4}, | ?\([^()]*\)(?=,|$)"
    r"|,? Ph\.? ?D\.?(?=,|$)|^Ph\.? ?D\.?, "
)
#: The suffix of a name, at any place.
_SUFFIX = re.compile(r"(?:^|,? )([JS]r\.?|I{2,3}|IV|[2-4](?:nd|rd|th))(?=,|$)")


@dataclass(frozen=True)
class HouseStyle:
    """The style of a bibliography, for new entries."""

    library: Library = field(repr=False)
    people: tuple[Person, ...] = ()

    @cached_property
    def keys(self) -> set[str]:
        """The keys in use, in lower case; those of new entries are added."""
        return {key.lower() for key in self.library.by_key}

    def check_new_key(self, key: str) -> None:
        """Raise an error for a key that is invalid or taken."""
        if not is_key(key):
            msg = f"'{key}' is not a key; use letters, digits, '-', '_', '.' and ':'"
            raise LabsiteError(msg)
        if key.lower() in self.keys:
            msg = f"the key '{key}' is taken; choose another"
            raise LabsiteError(msg)

    @cached_property
    def venues(self) -> Venues:
        """The venues that have macros."""
        return Venues.of(self.library.macros)

    @cached_property
    def identities(self) -> Identities:
        """The people by the names of authors."""
        return Identities(self.people)

    def spell(self, creator: Creator) -> Creator:
        """Return the name of a member as the team's page spells it.

        A different family name, such as one from before a marriage, stays as printed on
        the paper.
        """
        person = self.identities.resolve(creator)
        if not person and creator.name.isupper():
            words = parse_creator(creator.name.title())
            person = self.identities.resolve(words) if words else None
        main = person and parse_creator(person.name)
        same = main and letters(main.family) == letters(creator.family)
        return main if main and same else creator

    def usage(self, meant: VenueMacro, entry_type: str) -> tuple[str, str, str | None]:
        """Return type, field of the venue and subtype of most entries of a venue.

        :param entry_type: the type of the new entry, for a venue without entries
        """
        usages = Counter(
            (paper.entry_type, venue.field, paper.field("entrysubtype"))
            for paper in self.library.publications
            if (venue := paper.venue) and venue.field in _VENUE_FIELDS
            if venue.short == meant.macro.replace("_", " ")
        )
        if usages:
            return usages.most_common(1)[0][0]
        if entry_type == "inproceedings" or _MEETING.search(meant.name):
            return "inproceedings", "booktitle", None
        return "article", "journal", None


def clean_creator(creator: Creator) -> Creator:
    """Remove from a name what is no part of it, and put a suffix into its place."""
    parts = (creator.family_name, creator.suffix, creator.given)
    written = ", ".join(filter(None, parts))  # as in BibTeX
    if creator.family.endswith(")"):  # a remark behind "Given Family"
        written = creator.name
    plain = _BESIDE.sub("", written)
    suffix, rest = _SUFFIX.search(plain), _SUFFIX.sub("", plain, count=1).strip(" ,")
    if creator.literal or (plain == written and not suffix):
        return creator
    if suffix and " " in rest:  # "Petrov, IV" has initials
        found = parse_creator(rest)
        return replace(found, suffix=suffix[1]) if found else creator
    return parse_creator(plain) or creator


def convert_marks(names: Sequence[str]) -> tuple[list[str], str]:
    """Return names without marks, and the marks as annotations.

    An asterisk that several have, or else their first mark, is of equal contribution.
    """
    texts = (" ".join(re.findall(_MARK, name)) for name in names)
    found = (re.findall(_SYMBOL, text) for text in texts)
    marks = [sorted({re.sub(_EQUAL, "*", mark) for mark in each}) for each in found]
    counts = Counter(m for each in marks for m in each if m[0] not in "\u2709(")
    shared = (mark for mark, number in counts.items() if number > 1)
    equal = "*" if "*" in counts else next(shared, "")
    annotations = (
        f"{place}={'equal' if mark == equal and counts[mark] > 1 else 'corresponding'}"
        for place, each in enumerate(marks, 1)
        for mark in each
    )
    bare = [re.sub(_MARK, "", name).strip() for name in names]
    return bare, "; ".join(dict.fromkeys(annotations))


def clean_name(text: str) -> str:
    """Remove from a meeting's name what changes each year, styles and braces."""
    plain = _REMARK.sub(lambda m: m[0] * bool(Wording(m[0]).kinds), decode_plain(text))
    cleaned = plain
    if _MEETING.search(plain):
        cleaned = re.sub(LEADING, "", _BEHIND.sub("", plain), count=1)
        cleaned = re.sub(rf"\b(?:{ORDINAL})\s+", "", cleaned, flags=re.IGNORECASE)
        cleaned = re.sub(r"\s*\b(?:19|20)\d\d\b", "", cleaned).strip(" ,:-\u2013")
    return encode(cleaned or plain)


def find_month(text: str, year: int) -> int:
    """Return the month of a meeting from its days, as DBLP writes them, or 0."""
    found = re.search(rf"(?i)({_MONTH})\s+\d{{1,2}}\b[^,]*,\s+{year}\b", text)
    return next(iter(parse_month(found[1]) or ()), 0) if found else 0
