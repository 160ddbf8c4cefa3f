"""Whether a publisher's words for a venue mean a venue of the bibliography.

Publishers write "2024 IEEE International Symposium on High-Performance Computer
Architecture (HPCA)", "Proceedings of the 51st …", "Proc. VLDB Endow.", "Computer
Vision -- ECCV 2022" or "{MICRO} 2025, Seoul, Korea". Words that say nothing (years,
ordinals, "Proceedings of the", "Annual", the kind of meeting, the sponsors) are left
aside, abbreviated words count as the words they begin, and an acronym counts if the
words around it do not contradict.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_SPONSORS = {"acm", "ieee", "ifip", "cvf", "usenix", "sigplan", "sigarch", "siam"}
_FILLING = {
    "a", "advances", "and", "annual", "at", "conference", "conf", "for", "in",
    "international", "int", "intl", "meeting", "of", "on", "proc", "proceedings",
    "symposium", "symp", "the", "to", "volume",
}  # fmt: skip
#: Words that make another venue of a venue with the same name.
_OTHER = {"workshop", "companion", "tutorial", "poster", "demo", "demonstration",
          "abstract", "adjunct", "supplemental", "magazine"}  # fmt: skip
#: The number of a meeting, in digits or in words.
ORDINAL = (
    r"\d+(?:st|nd|rd|th)|(?:(?:twent|thirt|fort|fift|sixt|sevent)(?:y|ieth)"
    r"(?:[\s-]+)?)?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)|"
    r"tenth|eleventh|twelfth|(?:thir|four|fif|six|seven|eigh|nine)teenth|"
    r"(?:twent|thirt|fort|fift|sixt|sevent)ieth"
)
_WITHOUT_MEANING = re.compile(
    rf"\b(?:{ORDINAL})\b|\b(?:19|20)\d\d\b|['\u2019]\d\d\b|\bvol(?:ume)?\.?\s*\w+",
    re.IGNORECASE,
)
#: The series of journals "Proceedings of the ACM on …" are no meetings.
_PACM = re.compile(
    r"\bproceedings\s+of\s+the\s+acm\s+on\b|\bproc\.\s+acm\b(?!\s+(?:int|conf|symp|sig))",
    re.IGNORECASE,
)
_WORKSHOPS = re.compile(r",\s*[\w-]+\s+\d{4}\s+-\s+Workshops\b")
_WORD = re.compile(r"[^\W_]+\.?")
#: What stands before a meeting's own name.
LEADING = re.compile(
    rf"(?:in:?\s+)?(?:proc(?:eedings|\.)\s+)?(?:of\s+)?(?:the\s+)?"
    rf"(?:(?:{ORDINAL}|(?:19|20)\d\d|annual|ieee(?=\s+\d))[\s,]+)*",
    re.IGNORECASE,
)
_YEAR_BEHIND = r"(?:[\s:,-]*['\u2019]?(?:(?:19|20)\d\d|\d\d)\b)"
#: Of the words of a venue's name that many have to be there if its acronym is.
_ENOUGH = 0.5
#: An acronym of so many characters means one venue whatever the words.
_DISTINCT = 6


@dataclass(frozen=True)
class Wording:
    """The words of a venue that carry meaning."""

    text: str

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The words in lower case, abbreviated ones ending in a point."""
        plain = re.sub(r"\([^()]*\)", " ", _PACM.sub("PACM ", self.text))
        plain = _WITHOUT_MEANING.sub(" ", plain)
        found = (word.casefold() for word in _WORD.findall(plain))
        return tuple(w for w in found if w.rstrip(".") not in _FILLING | _SPONSORS)

    @cached_property
    def sponsors(self) -> frozenset[str]:
        """Those that the name says it is held by."""
        found = {word.casefold().rstrip(".") for word in _WORD.findall(self.text)}
        return frozenset(found & _SPONSORS)

    @cached_property
    def kinds(self) -> frozenset[str]:
        """What it is beside, or instead of, the meeting or journal itself."""
        found = {w.casefold().rstrip(".").removesuffix("s")
                 for w in _WORD.findall(self.text)}  # fmt: skip
        return frozenset(found & _OTHER)

    def says(self, name: Wording) -> bool:
        """Tell whether this is another wording of *name*."""
        if not self.words or len(self.words) != len(name.words):
            return False
        conflict = self.sponsors and name.sponsors and not self.sponsors & name.sponsors
        pairs = zip(self.words, name.words, strict=True)
        return not conflict and all(_means(ours, theirs) for ours, theirs in pairs)

    def supports(self, name: Wording) -> bool:
        """Tell whether the words fit *name*, where its acronym stands among them."""
        own = set(name.words)
        found = sum(any(_means(w, other) for w in self.words) for other in own)
        few = len(self.words) <= 1
        return few or not own or found >= _ENOUGH * len(own)


def _means(word: str, other: str) -> bool:
    if word.endswith("."):
        return other.startswith(word[:-1])
    return word.removesuffix("s") == other.rstrip(".").removesuffix("s")


@dataclass(frozen=True)
class VenueMacro:
    """A macro that means a venue."""

    macro: str  #: as an entry has it, e.g. "IEEE_TC"
    name: str  #: in plain Unicode

    @cached_property
    def wording(self) -> Wording:
        """The words of the venue's name."""
        return Wording(self.name)

    @cached_property
    def alone(self) -> re.Pattern[str]:
        """The acronym as all that a publisher says."""
        return re.compile(rf"(?:the\s+)?{self._acronym}{_YEAR_BEHIND}?")

    @cached_property
    def within(self) -> re.Pattern[str]:
        """The acronym with a year behind it, or in brackets, in a longer name."""
        return re.compile(
            rf"(?<![\w-]){self._acronym}{_YEAR_BEHIND}(?!\s*-\s*Work)|"
            rf"\({self._acronym}{_YEAR_BEHIND}?\)"
        )

    @property
    def _acronym(self) -> str:
        return re.escape(self.macro.replace("_", " ")).replace(r"\ ", r"[\s_]")


def find_venue(
    text: str, series: str, macros: Iterable[VenueMacro]
) -> VenueMacro | None:
    """Return the venue that *text* means, ``None`` if none or several.

    :param text: a publisher's words, in plain Unicode
    :param series: the field ``series``, where ACM has the acronym, or ""
    """
    # DBLP: "…, CVPR 2024 - Workshops, Seattle, …"
    said = _Said(_WORKSHOPS.sub(" Workshops", text), series)
    macros = tuple(macros)
    for tell in (said.is_name, said.is_worded, said.has_acronym):
        found = [macro for macro in macros if tell(macro)]
        if found:
            return found[0] if len(found) == 1 else None
    return None


class _Said:
    """A publisher's words for a venue."""

    def __init__(self, plain: str, series: str) -> None:
        self.plain = plain
        self.series = series
        self.wording = Wording(plain)
        self.beginnings = tuple(_beginnings(plain))
        self.bare = LEADING.sub("", plain, count=1)

    def is_name(self, macro: VenueMacro) -> bool:
        # The Astrophysics Data System writes "\apj" where its macro is to stand.
        known = {macro.macro.casefold(), macro.name.casefold()}
        return self.plain.lstrip("\\").casefold() in known

    def is_worded(self, macro: VenueMacro) -> bool:
        if self.wording.kinds != macro.wording.kinds:
            return False
        return any(part.says(macro.wording) for part in self.beginnings)

    def has_acronym(self, macro: VenueMacro) -> bool:
        if self.wording.kinds != macro.wording.kinds:
            return False
        if macro.alone.fullmatch(self.bare):
            return True
        stands = macro.within.search(self.plain) or macro.alone.fullmatch(self.series)
        distinct = len(macro.macro) >= _DISTINCT
        return bool(stands) and (distinct or self.wording.supports(macro.wording))


def _beginnings(plain: str) -> Iterator[Wording]:
    """Yield what may be the name before places and dates follow, behind commas."""
    parts = re.split(r"[,:]\s+", plain)
    for count in range(1, len(parts) + 1):
        yield Wording(" ".join(parts[:count]))
