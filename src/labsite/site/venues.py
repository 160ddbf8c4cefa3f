"""Match names of venues, as publishers spell them, to macros.

Examples are "Proceedings of the 51st …", "Proc. VLDB Endow.", "Computer Vision -- ECCV
2022" and "{MICRO} 2025, Seoul, Korea". Stop words (years, ordinals, "Proceedings of
the", "Annual", kinds of meetings, sponsors) are ignored, abbreviations match the words
that begin with them, and an acronym matches unless other words contradict.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from labsite.text.latex import decode_plain
from labsite.text.spellings import find_misspelling

_SPONSORS = {"acm", "ieee", "ifip", "cvf", "usenix", "sigplan", "sigarch", "siam"}
_FILLING = {
    "a", "advances", "and", "annual", "at", "conference", "conf", "for", "in",
    "international", "int", "intl", "meeting", "of", "on", "proc", "proceedings",
    "symposium", "symp", "the", "to", "volume",
}  # fmt: skip
#: Words by which "International Conference on Machine Learning" is not the journal.
_MEETINGS = {"advances", "conf", "conference", "meeting", "proc", "proceedings", "symp",
             "symposium"}  # fmt: skip
_SHORT = 2  #: words of a subject after which both meetings and journals are named
#: Words that tell a venue from another of the same name.
_OTHER = {"workshop", "companion", "tutorial", "poster", "demo", "demonstration",
          "abstract", "adjunct", "supplemental", "magazine"}  # fmt: skip
_TENS = "(?:twent|thirt|fort|fift|sixt|sevent|eight|ninet)"
#: The ordinal of a meeting, in digits or in words.
ORDINAL = (
    rf"\d+(?:st|nd|rd|th)|(?:{_TENS}(?:y|ieth)(?:[\s-]+)?)?(?:first|second|third|fourth"
    rf"|fifth|sixth|seventh|eighth|ninth)|tenth|eleventh|twelfth|"
    rf"(?:thir|four|fif|six|seven|eigh|nine)teenth|{_TENS}ieth"
)
_YEAR = r"(?:19|20)\d\d"
_WITHOUT_MEANING = (
    rf"(?i)\b(?:{ORDINAL})\b|\b{_YEAR}\b|['\u2019]\d\d\b|\bvol(?:ume)?\.?\s*\w+"
    r"|\s\d{1,3}\s*$"  # "Advances in Neural Information Processing Systems 36"
)
#: A year, a number; "Thirty-Ninth", but not "First-Order Methods".
_DATED = re.compile(
    rf"(?<![\w-])(?:{_YEAR}|{ORDINAL})(?![\w-])|'\d\d(?!\w)", re.IGNORECASE
)
#: The journals "Proceedings of the ACM on …" are not meetings.
_PACM = (
    r"(?i)\bproceedings\s+of\s+the\s+acm\s+on\b|"
    r"\bproc\.\s+acm\b(?!\s+(?:int|conf|symp|sig))"
)
#: DBLP: "…, CVPR 2024 - Workshops, Seattle, …"
_WORKSHOPS = r",\s*[\w-]+\s+\d{4}\s+-\s+Workshops\b"
_WORD = re.compile(r"[^\W_]+\.?")
#: The words before a meeting's own name.
LEADING = (
    r"(?i)(?:(?:to\s+appear\s+)?in:?\s+)?(?:proc(?:eedings|\.)\s+)?(?:of\s+)?"
    rf"(?:the\s+)?(?:(?:{ORDINAL}|{_YEAR}|annual|ieee(?=\s+\d))[\s,]+)*"
)
#: A year, or the number of a volume, as DBLP writes "ECCV (23)".
_YEAR_BEHIND = rf"(?:[\s:,-]*['\u2019]?(?:{_YEAR}|\d\d)\b|\s*\(\d+\))"
#: The share of words that must match beside an acronym.
_ENOUGH = 0.5
#: An acronym of so many characters matches whatever the words.
_DISTINCT = 6
_NEAR = 0.8  #: the similarity of a name and its misspelling, of 1


@dataclass(frozen=True)
class Wording:
    """The significant words of a venue's name."""

    name: str  #: in plain Unicode

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The words in lower case; abbreviations end in a period."""
        plain = re.sub(r"\([^()]*\)", " ", re.sub(_PACM, "PACM ", self.name))
        plain = re.sub(_WITHOUT_MEANING, " ", plain)
        found = (word.casefold() for word in _WORD.findall(plain))
        return tuple(w for w in found if w.rstrip(".") not in _FILLING | _SPONSORS)

    @cached_property
    def kinds(self) -> frozenset[str]:
        """The words in the name that tell it from the meeting or journal itself."""
        return frozenset({word.removesuffix("s") for word in self.every_word} & _OTHER)

    @cached_property
    def every_word(self) -> set[str]:
        """All words in lower case, without periods."""
        return {word.casefold().rstrip(".") for word in _WORD.findall(self.name)}

    @cached_property
    def is_meeting(self) -> bool:
        """Whether a word or a date says so."""
        return bool(self.every_word & _MEETINGS or dated_part(self.name))

    def matches(self, name: Wording) -> bool:
        """Return whether this is another wording of *name*."""
        if not self.words or len(self.words) != len(name.words):
            return False
        own, others = self.every_word & _SPONSORS, name.every_word & _SPONSORS
        conflict = own and others and not own & others
        if len(self.words) <= _SHORT:
            conflict = conflict or self.is_meeting != name.is_meeting
        return not conflict and all(map(_is_word, self.words, name.words))

    def supports(self, name: Wording) -> bool:
        """Return whether the words around an acronym fit *name*."""
        own = set(name.words)
        found = sum(any(_is_word(w, other) for w in self.words) for other in own)
        return len(self.words) <= 1 or found >= _ENOUGH * len(own)


def _is_word(word: str, other: str) -> bool:
    if word.endswith("."):
        return other.startswith(word[:-1])
    return word.removesuffix("s") == other.rstrip(".").removesuffix("s")


@dataclass(frozen=True)
class VenueMacro(Wording):
    """A macro for a venue."""

    macro: str  #: as in an entry, e.g. "IEEE_TC"

    @cached_property
    def known_as(self) -> frozenset[str]:
        """The macro and the venue's name, case-folded."""
        return frozenset({self.macro.casefold(), self.name.casefold()})

    def occurs_in(self, name: str, series: str) -> bool:
        """Return whether a name is the acronym, or of the same kind and contains it.

        A short acronym within a name must fit the other words.
        """
        acronym = self.macro.replace("_", " ")
        if acronym not in f"{name} {series}":
            return False
        acronym = re.escape(acronym)
        alone = rf"(?:the\s+)?{acronym}{_YEAR_BEHIND}?"
        if re.fullmatch(alone, re.sub(LEADING, "", name, count=1)):
            return True
        if Wording(name).kinds != self.kinds:
            return False
        within = rf"(?<![\w-]){acronym}{_YEAR_BEHIND}|\({acronym}{_YEAR_BEHIND}?\)"
        if not re.search(within, name) and not re.fullmatch(alone, series):
            return False
        return len(self.macro) >= _DISTINCT or Wording(name).supports(self)


class Venues(NamedTuple):
    """The venues with macros in a bibliography."""

    macros: tuple[VenueMacro, ...] = ()

    @classmethod
    def of(cls, macros: Iterable[tuple[str, str]]) -> Venues:
        """Return the venues of macros, given as values and names."""
        return cls(tuple(VenueMacro(decode_plain(v), name) for v, name in macros))

    def meaning(self, latex: str, series: str = "") -> VenueMacro | None:
        """Return the only macro that matches a venue; ``None`` for none or several.

        :param latex: the name of the venue in LaTeX
        :param series: the field ``series`` in LaTeX, where ACM has the acronym
        """
        name, series = decode_plain(latex) or latex, decode_plain(series)
        name = re.sub(_WORKSHOPS, " Workshops", name)
        # The Astrophysics Data System writes "\apj" for its macro.
        exact = name.lstrip("\\").casefold()
        found = [macro for macro in self.macros if exact in macro.known_as]
        if not found:
            kinds, starts = Wording(name).kinds, [*_beginnings(name)]
            among = [macro for macro in self.macros if macro.kinds == kinds]
            found = [m for m in among if any(s.matches(m) for s in starts)]
            found = found or [m for m in self.macros if m.occurs_in(name, series)]
        return found[0] if len(found) == 1 else None

    def nearest(self, name: str) -> VenueMacro | None:
        """Return the macro of the venue with the most similar name, if any."""
        known = {macro.name.casefold(): macro for macro in self.macros}
        near = find_misspelling(name.casefold(), sorted(known), _NEAR)
        return known.get(near or "")


def dated_part(name: str) -> str | None:
    """Return the part of a venue's name that changes with each meeting."""
    found = _DATED.search(name)
    return found[0] if found else None


def _beginnings(name: str) -> Iterator[Wording]:
    """Yield the beginnings of a name before commas, behind which places follow."""
    parts = re.split(r"[,:]\s+", name)
    for count in range(1, len(parts) + 1):
        yield Wording(" ".join(parts[:count]))
