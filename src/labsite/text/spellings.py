"""Compare spellings of names.

Two spellings are the same if they differ only in white space and Unicode's form. They
are similar if they differ

* in capitals, spaces, hyphens, points, accents or the order of their parts,
* in initials: "G. Hong", "G.-D. Hong" or "Hong GD" for "Gildong Hong", also
  "Gildong K. Hong",
* by a misspelling of a long given name: an extra letter, a missing letter, or two
  swapped letters.

A replaced letter or a different family name is not similar: among romanized names these
are other people (Jang and Jung, Minho and Minhe).
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache

from labsite.model.files import LOOKALIKES

#: Letters that Unicode does not decompose into a base letter and an accent.
_BASE_LETTERS = LOOKALIKES | str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "þ": "th"}
    | {"\N{LATIN SMALL LETTER DOTLESS I}": "i"}
)
_WORD_ENDS = re.compile(r"[\s.,]+")
_HYPHENS = re.compile("[-\u00ad\u2010-\u2015\u2212]")
_LONGEST_SLIP = 120  #: letters of a misspelt word
_REACH = 50  #: words compared in each direction of the alphabet
_LONGEST_INITIALS = 3  #: letters of "JH" and "JHK", initials without points
_LONGEST = 100  #: characters of a name
_SHORTEST_GIVEN = 5  #: letters; shorter given names with another letter differ


def fold(name: str) -> str:
    """Return a normal form that is equal for identical spellings."""
    return unicodedata.normalize("NFC", " ".join(name.split()))


@lru_cache(maxsize=2**14)  # family names occur many times in a bibliography
def letters(text: str) -> str:
    """Return the letters and digits of *text*, without case and accents."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text.casefold()).translate(_BASE_LETTERS)
    return re.sub(r"[\W_]+", "", text.casefold())


def slug_of(text: str) -> str:
    """Return a file name for a text: its Latin letters, or else its own ones."""
    words = re.findall(r"[^\W_]+", text)
    plain = ("".join(filter(str.isascii, letters(word))) for word in words)
    own = unicodedata.normalize("NFC", "-".join(words).casefold())
    # File systems limit bytes; a letter of another script has up to four.
    return ("-".join(filter(None, plain))[:80] or own[:40]).strip("-")


@dataclass(frozen=True)
class Spelling:
    """The words of a name, without case and accents."""

    given: tuple[str, ...]
    family: str

    @classmethod
    def of(cls, name: str) -> Spelling:
        """Return the spelling of a name with the given name first.

        If it ends with initials, as in "Lee J.", the family name is the first word. The
        spelling of a text that is too long for a name is empty.
        """
        words = list(_words(name)) if len(name) <= _LONGEST else []
        if len(words) > 1 and len(words[-1]) == 1 and len(words[0]) > 1:
            return cls(tuple(words[1:]), words[0])
        return cls(tuple(words[:-1]), words[-1] if words else "")

    @property
    def rotations(self) -> tuple[str, ...]:
        """The letters of all rotations of the words, the name as written last."""
        words = (*self.given, self.family)
        turned = ("".join(words[i:] + words[:i]) for i in range(1, len(words) + 1))
        return tuple(turned) if self.family else ()

    def likeness(self, member: Spelling) -> str | None:
        """Return how an author's spelling is similar to a member's, if it is.

        "letters": the letters are the same; "initials": the given name has initials
        only; "word": given names differ by initials only; "slip": a misspelling.
        """
        if self.rotations[-1:] and self.rotations[-1] in member.rotations:
            return "letters"
        given, known = "".join(self.given), "".join(member.given)
        if self.family != member.family or not (given and known):
            return None
        if len(self.given) == len(given):
            rest = iter(known)
            same = given[0] == known[0] and all(letter in rest for letter in given)
            return "initials" if same else None
        shared = any(len(word) > 1 and word in member.given for word in self.given)
        if shared and _abbreviates(self.given, member.given):
            return "word"
        shorter, longer = sorted((given, known), key=len)
        is_slip = len(known) >= _SHORTEST_GIVEN and (
            shorter in {longer[:i] + longer[i + 1 :] for i in range(len(longer))}
            or given in with_letters_swapped(known)
        )
        return "slip" if is_slip else None


def _words(name: str) -> Iterator[str]:
    """Yield the words of a name without case and accents.

    Each initial is a word; a hyphen does not separate words, unless these are initials.
    """
    shouted = name.isupper()
    for word in _WORD_ENDS.split(name):
        parts = [letters(part) for part in _HYPHENS.split(word)]
        parts = [part for part in parts if part]
        initials = word.isupper() and not shouted and len(word) <= _LONGEST_INITIALS
        if initials or all(len(part) == 1 for part in parts):
            yield from "".join(parts)
        else:
            yield "".join(parts)


def _abbreviates(some: tuple[str, ...], others: tuple[str, ...]) -> bool:
    """Return whether given names differ by abbreviated or extra initials only."""
    if not (some and others):
        return all(len(word) == 1 for word in some + others)
    a, b = some[0], others[0]
    if a == b or (1 in {len(a), len(b)} and a[0] == b[0]):
        return _abbreviates(some[1:], others[1:])
    if len(a) == 1:
        return _abbreviates(some[1:], others)
    return len(b) == 1 and _abbreviates(some, others[1:])


def with_letters_swapped(word: str) -> set[str]:
    """Return the words that differ from *word* by two swapped adjacent letters."""
    pairs = range(len(word) - 1)
    return {word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in pairs} - {word}


def find_misspelling(
    text: str, known: Sequence[str], cutoff: float = 0.7
) -> str | None:
    """Return the *known* word of which *text* may be a misspelling.

    Only neighbours in the alphabet are compared, which bounds the work.

    :param known: sorted words
    :param cutoff: the least similarity, of 1
    """
    place = bisect_left(known, text)
    some = known[max(place - _REACH, 0) : place + _REACH]
    return find_nearest(text[:_LONGEST_SLIP], some, cutoff)


def find_nearest(word: str, known: Collection[str], cutoff: float) -> str | None:
    """Return the most similar *known* word; swapped letters are the likeliest slip."""
    swapped = sorted(with_letters_swapped(word).intersection(known))
    near = swapped or get_close_matches(word, known, n=1, cutoff=cutoff)
    return near[0] if near else None


def did_you_mean(text: str, known: Collection[str], otherwise: str = "") -> str:
    """Return the remedy for a word that is like a *known* one, or the other remedy."""
    folded = _fold_words(tuple(known))
    near = find_misspelling(text.casefold(), tuple(folded))
    if near is None:
        return otherwise or f"use {', '.join(known)}"
    return f"did you mean '{folded[near]}'?"


@lru_cache(maxsize=8)  # a file may have thousands of unknown keys
def _fold_words(known: tuple[str, ...]) -> dict[str, str]:
    return dict(sorted((word.casefold(), word) for word in known))
