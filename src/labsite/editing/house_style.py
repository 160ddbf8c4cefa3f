"""Learn the style of a bibliography from its entries."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from labsite.bibtex.keys import is_key
from labsite.model.dates import MONTH_MACROS
from labsite.model.problems import LabsiteError
from labsite.site.authorship import Identities
from labsite.site.venues import LEADING, ORDINAL, Venues
from labsite.text.latex import decode_plain
from labsite.text.latex_encoding import encode
from labsite.text.names import parse_creator
from labsite.text.spellings import letters

if TYPE_CHECKING:
    from labsite.model.records import Creator, Library, Person

_MEETING = re.compile(
    r"\b(?:conference|symposium|workshops?|meeting|congress|forum)\b", re.IGNORECASE
)
_VENUE_FIELDS = {"booktitle", "journal"}
_MONTH = rf"\b(?:{'|'.join(MONTH_MACROS.values())})\b"
#: What follows a meeting's name: acronym and year, a date, a volume.
_BEHIND = re.compile(rf",[^,]*\b(?:(?:19|20)\d\d\b|{_MONTH}\s+\d|Vol(?:ume|\.)\s*\d).*")
#: Footnote marks at a name, some of them in math, DBLP's numbers of namesakes, and
#: remarks such as "(corresponding author)", the name in another script, and degrees.
MARKS = re.compile(
    r"\$[^$]*\$|[*#^\u2020\u2021\u00a7\u00b6\u2217]|(?<=\D)\d+(?=,|$)|^\d{4}, "
    r"| ?\([^()]*\)(?=,|$)|,? Ph\.? ?D\.?(?=,|$)|^Ph\.? ?D\.?, "
)
#: Marks that authors of equal contribution often have.
EQUAL = re.compile(r"[*\u2217\u2020]|\\(?:ast|dagger)\b|\(co-?first|\(equal")


@dataclass(frozen=True)
class HouseStyle:
    """The style of a bibliography, for new entries."""

    library: Library = field(repr=False)
    people: tuple[Person, ...] = ()

    @cached_property
    def keys(self) -> set[str]:
        """The keys in use, in lower case; those of new entries are added."""
        publications = self.library.publications
        return {key.lower() for p in publications for key in (p.key, *p.aliases)}

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

    def usage(self, macro: str, entry_type: str) -> tuple[str, str, str | None]:
        """Return type, field of the venue and subtype of most entries of a venue.

        :param entry_type: the type of the new entry, for a venue without entries
        """
        usages = Counter(
            (paper.entry_type, venue.field, paper.field("entrysubtype"))
            for paper in self.library.publications
            if (venue := paper.venue) and venue.field in _VENUE_FIELDS
            if venue.short == macro.replace("_", " ")
        )
        if usages:
            return usages.most_common(1)[0][0]
        value = next((v for v, name in self.library.macros if name == macro), "")
        if entry_type == "inproceedings" or _MEETING.search(value):
            return "inproceedings", "booktitle", None
        return "article", "journal", None


def clean_creator(creator: Creator) -> Creator:
    """Remove marks and remarks from a name."""
    parts = (creator.family_name, creator.suffix, creator.given)
    written = ", ".join(filter(None, parts))  # as in BibTeX
    if creator.family.endswith(")"):  # a remark behind "Given Family"
        written = creator.name
    plain = MARKS.sub("", written)
    is_clean = creator.literal or plain == written
    return creator if is_clean else parse_creator(plain) or creator


def clean_name(text: str) -> str:
    """Remove from a meeting's name what changes each year, styles and braces."""
    plain = re.sub(r"\s*\([^()]*\)", "", decode_plain(text))
    cleaned = plain
    if _MEETING.search(plain):
        cleaned = LEADING.sub("", _BEHIND.sub("", plain), count=1)
        cleaned = re.sub(rf"\b(?:{ORDINAL})\s+", "", cleaned, flags=re.IGNORECASE)
        cleaned = re.sub(r"\s*\b(?:19|20)\d\d\b", "", cleaned).strip(" ,:-\u2013")
    return encode(cleaned or plain)
