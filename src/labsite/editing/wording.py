"""Which of a bibliography's venues a publisher's words for a venue mean.

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

from labsite.editing.mending import MONTH_NAMES
from labsite.text.latex import decode_plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_SPONSORS = {"acm", "ieee", "ifip", "cvf", "usenix", "sigplan", "sigarch", "siam"}
_FILLING = {
    "a", "advances", "and", "annual", "at", "conference", "conf", "for", "in",
    "international", "int", "intl", "meeting", "of", "on", "proc", "proceedings",
    "symposium", "symp", "the", "to", "volume",
}  # fmt: skip
#: Words that make another venue of a venue with the same name.
_OTHER = {"workshop", "companion", "tutorial", "poster", "demo", "demonstration",
          "abstract", "adjunct", "supplemental", "magazine"}  # fmt: skip
_ORDINAL = (
    r"\d+(?:st|nd|rd|th)|(?:(?:twent|thirt|fort|fift|sixt|sevent)(?:y|ieth)"
    r"(?:[\s-]+)?)?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)|"
    r"tenth|eleventh|twelfth|(?:thir|four|fif|six|seven|eigh|nine)teenth|"
    r"(?:twent|thirt|fort|fift|sixt|sevent)ieth"
)
_WITHOUT_MEANING = re.compile(
    rf"\b(?:{_ORDINAL})\b|\b(?:19|20)\d\d\b|['\u2019]\d\d\b|\bvol(?:ume)?\.?\s*\w+",
    re.IGNORECASE,
)
#: The series of journals "Proceedings of the ACM on …" are no meetings.
_PACM = re.compile(
    r"\bproceedings\s+of\s+the\s+acm\s+on\b|\bproc\.\s+acm\b(?!\s+(?:int|conf|symp|sig))",
    re.IGNORECASE,
)
_MEETING = re.compile(
    r"\b(?:conference|symposium|workshops?|meeting|congress|forum)\b", re.IGNORECASE
)
_WORKSHOPS = re.compile(r",\s*[\w-]+\s+\d{4}\s+-\s+Workshops\b")
_WORD = re.compile(r"[^\W_]+\.?")
_LEADING = re.compile(
    rf"(?:in:?\s+)?(?:proc(?:eedings|\.)\s+)?(?:of\s+)?(?:the\s+)?"
    rf"(?:(?:{_ORDINAL}|(?:19|20)\d\d|annual|ieee(?=\s+\d))[\s,]+)*",
    re.IGNORECASE,
)
_ACRONYM = re.compile(
    r"\(\s*(?P<inside>[A-Z][\w/&+-]*(?: [A-Z][\w/&+-]*)?)(?:\s*['\u2019]?\d{2,4})?\s*\)"
)
_YEAR_BEHIND = r"(?:[\s:,-]*['\u2019]?(?:(?:19|20)\d\d|\d\d)\b)"
_DATES = re.compile(
    rf"\b({'|'.join(MONTH_NAMES)})\s+\d{{1,2}}\b[^,]*,\s+((?:19|20)\d\d)\b",
    re.IGNORECASE,
)
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


def find_macro(text: str, series: str, names: Mapping[str, str]) -> str | None:
    """Return the macro of the venue that *text* means, ``None`` if none or several.

    :param text: a field's value, in LaTeX
    :param series: the field ``series``, where ACM has the acronym, in LaTeX; or ""
    :param names: value and name of each macro
    """
    plain = _plain(text)
    wanted = text.lstrip("\\").casefold()
    known = [(name, Wording(decode_plain(value))) for value, name in names.items()]
    for tell in (
        # The Astrophysics Data System writes "\apj" where its macro is to stand.
        lambda name, _: name.casefold() == wanted,
        lambda _, wording: plain.casefold() == wording.text.casefold(),
        lambda _, wording: _is_worded(plain, wording),
        lambda name, wording: _has_acronym(plain, decode_plain(series), name, wording),
    ):
        found = [name for name, wording in known if tell(name, wording)]
        if found:
            return found[0] if len(found) == 1 else None
    return None


def _plain(text: str) -> str:
    # DBLP: "…, CVPR 2024 - Workshops, Seattle, …"
    return _WORKSHOPS.sub(" Workshops", decode_plain(text))


def _is_worded(plain: str, name: Wording) -> bool:
    if Wording(plain).kinds != name.kinds:
        return False
    return any(part.says(name) for part in _beginnings(plain))


def _beginnings(plain: str) -> Iterator[Wording]:
    """Yield what may be the name before places and dates follow, behind commas."""
    parts = re.split(r"[,:]\s+", plain)
    for count in range(1, len(parts) + 1):
        yield Wording(" ".join(parts[:count]))


def _has_acronym(plain: str, series: str, name: str, wording: Wording) -> bool:
    acronym = re.escape(name.replace("_", " ")).replace(r"\ ", r"[\s_]")
    alone = re.compile(rf"(?:the\s+)?{acronym}{_YEAR_BEHIND}?")
    within = re.compile(
        rf"(?<![\w-]){acronym}{_YEAR_BEHIND}(?!\s*-\s*Work)|\({acronym}{_YEAR_BEHIND}?\)"
    )
    said = Wording(plain)
    if said.kinds != wording.kinds:
        return False
    if alone.fullmatch(plain):
        return True
    stands = within.search(plain) or alone.fullmatch(series)
    return bool(stands) and (len(name) >= _DISTINCT or said.supports(wording))


def is_meeting(name: str) -> bool:
    """Tell whether a venue's name says that people meet there."""
    return _MEETING.search(name) is not None


def clean_name(text: str) -> str:
    """Return a venue's name without year, ordinals, "Proceedings of" and acronym.

    Of a journal's name "Proceedings of" is a part.
    """
    plain = re.sub(r"\s*\([^()]*\)", "", " ".join(text.split()))
    if not is_meeting(plain):
        return plain
    cleaned = _LEADING.sub("", plain, count=1)
    cleaned = re.sub(rf"\b(?:{_ORDINAL})\s+", "", cleaned, flags=re.IGNORECASE)
    cleaned = re.sub(r"\s*\b(?:19|20)\d\d\b", "", cleaned).strip(" ,:")
    return cleaned or plain


def find_month(text: str, year: int) -> int | None:
    """Return the month in which a meeting begins, from dates behind its name.

    DBLP writes "…, Seoul, Korea, October 18-22, 2025".
    """
    match = _DATES.search(text)
    if match is None or int(match[2]) != year:
        return None
    return MONTH_NAMES.index(match[1].lower()) + 1


def find_acronym(texts: Iterable[str]) -> str | None:
    """Return what may be the short name of a venue in the texts about it."""
    for text in texts:
        match = _ACRONYM.search(text) or re.fullmatch(
            r"(?P<inside>[A-Z][\w/&+-]+)(?:\s*['\u2019]?\d{2,4})", text.strip()
        )
        if match:
            return match["inside"]
    return None
