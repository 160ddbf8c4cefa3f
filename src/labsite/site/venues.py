"""Venues: which macro a name of a venue means, however a publisher spells it.

Publishers add to a venue's name what changes from year to year ("2026", "53rd
Annual", "Proceedings of the"), who sponsors it, its short name in brackets and its
place. Two names mean one venue if nothing else tells them apart.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from typing import TYPE_CHECKING

from labsite.site.venue_names import VenueMacro, Wording, find_venue
from labsite.text.latex import decode_plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_LETTERS = re.compile(r"[^\W\d_]+")
_BRACKETS = re.compile(r"\([^()]{0,200}\)|\[[^\[\]]{0,200}\]")
_WORD = re.compile(r"[^\W_]+")
_YEAR = re.compile(r"(?:19|20)\d\d|'\d\d")
_ORDINAL = re.compile(r"\d+(?:st|nd|rd|th)")
_UNITS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth",
          "ninth", "tenth", "eleventh", "twelfth", "thirteenth", "fourteenth",
          "fifteenth", "sixteenth", "seventeenth", "eighteenth",
          "nineteenth")  # fmt: skip
_TENS = {"twenty": "twentieth", "thirty": "thirtieth", "forty": "fortieth",
         "fifty": "fiftieth", "sixty": "sixtieth", "seventy": "seventieth",
         "eighty": "eightieth", "ninety": "ninetieth"}  # fmt: skip
_NUMERALS = {*_UNITS, *_TENS, *_TENS.values()}
#: Words that say nothing about which venue it is.
_FILLERS = {
    "a", "an", "and", "annual", "for", "in", "int", "international", "intl", "l", "of",
    "on", "proc", "proceedings", "s", "the",
}  # fmt: skip
#: Societies, which publishers name or leave out; journals are named after them.
_SPONSORS = {
    "acm", "aaai", "cvf", "ieee", "ifip", "sigarch", "sigplan", "sigops", "siggraph",
    "sigda", "sigmetrics", "sigcomm", "sigbed", "sigmicro", "sighpc", "sigkdd", "gi",
    "informs", "siam", "iee", "iet",
}  # fmt: skip
_ABBREVIATIONS = {"conf": "conference", "symp": "symposium", "trans": "transactions",
                  "lett": "letters", "mag": "magazine", "worksh": "workshop",
                  "j": "journal"}  # fmt: skip
_WORKSHOP = re.compile(r"\bworkshops?\b", re.IGNORECASE)
_NEAR = 0.8  #: of 1: how alike two names are if one may be meant for the other
_STEM = 5  #: letters in which words are alike that differ by a slip, as a rule
_LONGEST = 200  #: characters of a name that are compared
_REACH = 50  #: venues; a word that more of them have tells nothing about which it is
_COMPARED = 8  #: venues that are compared letter by letter with one name
_SHARED = 0.5  #: of the words, before a comparison by letters is worth the time


@dataclass(frozen=True)
class Venues:
    """The venues for which a bibliography has macros."""

    macros: tuple[VenueMacro, ...] = ()

    @classmethod
    def of(cls, macros: Iterable[tuple[str, str]]) -> Venues:
        """Return the venues of a library's macros, each its value and its name."""
        known = (VenueMacro(name, decode_plain(value)) for value, name in macros)
        return cls(tuple(known))

    def meaning(
        self, latex: str, *, journal: bool, series: str = ""
    ) -> VenueMacro | None:
        """Return the macro that means a venue; ``None`` for none or several.

        :param latex: what the venue is called, in LaTeX
        :param journal: whether it is a journal, whose sponsors are a part of its name
        :param series: the field ``series`` in LaTeX, where ACM has the acronym
        """
        name = decode_plain(latex) or latex
        table = self._journals if journal else self._conferences
        for start in _beginnings(name):
            found = table.get(_key(start, journal=journal))
            if found:
                return found
        series = decode_plain(series)
        return find_venue(name, series, self._candidates(name, series))

    def _candidates(self, name: str, series: str) -> tuple[VenueMacro, ...]:
        """Return the macros that a name may mean, so that names and macros may be many.

        Whatever stands behind a comma, a venue's name has every word before it.
        """
        first = Wording(re.split(r"[,:]\s", name, maxsplit=1)[0]).words
        whole = [word.removesuffix("s") for word in first if not word.endswith(".")]
        having = [self._by_whole_word.get(word, ()) for word in whole]
        worded = min(having, key=len, default=self.macros)
        said = {name.lstrip("\\").casefold(), *_LETTERS.findall(f"{name} {series}"), ""}
        named = (macro for word in said for macro in self._by_name.get(word, ()))
        return tuple(dict.fromkeys((*worded, *named)))

    @cached_property
    def _by_whole_word(self) -> Mapping[str, tuple[VenueMacro, ...]]:
        found: defaultdict[str, list[VenueMacro]] = defaultdict(list)
        for macro in self.macros:
            for word in macro.wording.words:
                found[word.rstrip(".").removesuffix("s")].append(macro)
        return {word: tuple(macros) for word, macros in found.items()}

    @cached_property
    def _by_name(self) -> Mapping[str, tuple[VenueMacro, ...]]:
        """Every macro by its name, its venue's name and its name's first letters."""
        found: defaultdict[str, list[VenueMacro]] = defaultdict(list)
        for macro in self.macros:
            first = _LETTERS.search(macro.macro)
            short = first[0] if first else ""
            for key in {macro.macro.casefold(), macro.name.casefold(), short}:
                found[key].append(macro)
        return {key: tuple(macros) for key, macros in found.items()}

    def nearest(self, name: str) -> VenueMacro | None:
        """Return the macro whose venue has the name most like *name*, if any has."""
        name = name[:_LONGEST].lower()
        best, likeness = None, _NEAR
        for macro in self._alike(name):
            matcher = SequenceMatcher(None, name, macro.name[:_LONGEST].lower())
            if matcher.quick_ratio() > likeness and matcher.ratio() > likeness:
                best, likeness = macro, matcher.ratio()
        return best

    def _alike(self, name: str) -> list[VenueMacro]:
        """Return the few macros whose venues have the most words of *name*."""
        words = {word[:_STEM] for word in _words(name, journal=True)}
        telling = [word for word in sorted(words) if len(self._having(word)) <= _REACH]
        shared = Counter(macro for word in telling for macro in self._having(word))
        enough = _SHARED * len(telling)
        return [m for m, count in shared.most_common(_COMPARED) if count >= enough]

    def _having(self, word: str) -> tuple[VenueMacro, ...]:
        return self._by_word.get(word, ())

    @cached_property
    def _journals(self) -> Mapping[str, VenueMacro]:
        return self._table(journal=True)

    @cached_property
    def _conferences(self) -> Mapping[str, VenueMacro]:
        return self._table(journal=False)

    @cached_property
    def _by_word(self) -> Mapping[str, tuple[VenueMacro, ...]]:
        found: defaultdict[str, list[VenueMacro]] = defaultdict(list)
        for macro in self.macros:
            for word in {word[:_STEM] for word in _words(macro.name, journal=True)}:
                found[word].append(macro)
        return {word: tuple(macros) for word, macros in found.items()}

    def _table(self, *, journal: bool) -> dict[str, VenueMacro]:
        """Return macros by the keys of their names; a key of two means neither."""
        table: dict[str, VenueMacro | None] = {}
        for macro in self.macros:
            short = macro.macro.replace("_", " ")
            for text in (macro.name, short):
                key = _key(text, journal=journal)
                if table.setdefault(key, macro) != macro:
                    table[key] = None
        return {key: macro for key, macro in table.items() if macro and key}


def dated_part(name: str) -> str | None:
    """Return what of a venue's name changes with each meeting: a year, a number."""
    for pattern in (_YEAR, _ORDINAL):
        found = re.search(rf"(?<!\w){pattern.pattern}(?!\w)", name, re.IGNORECASE)
        if found:
            return found[0]
    # "Thirty-Ninth", but not "First-Order Methods".
    words = re.findall(r"[^\W_]+(?:-[^\W_]+)*", name)
    return next((w for w in words if _NUMERALS.issuperset(w.lower().split("-"))), None)


def _key(name: str, *, journal: bool) -> str:
    return " ".join(_words(name, journal=journal))


def _words(name: str, *, journal: bool) -> Iterator[str]:
    """Yield the words that tell the venue of this name from others."""
    text = _BRACKETS.sub(" ", unicodedata.normalize("NFKC", name).casefold())
    # Not the other years: "Design, Automation and Test in Europe 2026" and '26.
    text = re.sub(rf"(?<!\w)(?:{_YEAR.pattern}|{_ORDINAL.pattern})(?!\w)", " ", text)
    for found in _WORD.finditer(text):
        word = _ABBREVIATIONS.get(found[0], found[0])
        ignored = word in _FILLERS or word in _NUMERALS
        if not ignored and (journal or word not in _SPONSORS):
            yield word


def _beginnings(name: str) -> Iterator[str]:
    """Yield a name, then what is left of it without its place, year and volume.

    These stand after commas: "Design Automation Conference, DAC 2026, Long Beach".
    """
    yield name
    commas = [found.start() for found in re.finditer("[,:]", name)][:8]
    for comma in reversed(commas):
        if not _WORKSHOP.search(name, comma):
            yield name[:comma]
    if commas and not _WORKSHOP.search(name):
        yield name[commas[0] + 1 :]
