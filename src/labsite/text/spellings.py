"""Spellings of names: when two are the same, and when one looks like a slip.

Two spellings are the same if they differ in nothing but white space and the form of
their Unicode. One is near the other if it differs

* in capitals, spaces, hyphens, points, accents or the order of its parts,
* by initials: "G. Hong", "G.-D. Hong" or "Hong GD" for "Gildong Hong", also in
  "Gildong K. Hong",
* by a slip of the fingers within a given name of some length: a letter too many, one
  too few, or two that changed places.

A letter in another's place is no slip here, and nor is any difference in the family
name: where names are romanised, such a letter makes another name (Jang and Jung, Minho
and Minhe, Junho), and most who have it are other people.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from labsite.model.files import LOOKALIKES

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Letters that Unicode does not take apart into a base letter and an accent.
_BASE_LETTERS = LOOKALIKES | str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "þ": "th"}
    | {"\N{LATIN SMALL LETTER DOTLESS I}": "i"}
)
_WORD_ENDS = re.compile(r"[\s.,]+")
_HYPHENS = re.compile("[-\u00ad\u2010-\u2015\u2212]")
_LONGEST_INITIALS = 3  #: letters of "JH" and "JHK", initials without points
_LONGEST = 100  #: characters of a name that may have a slip in it
_SHORTEST_GIVEN = 5  #: letters; in a shorter given name one more makes another name

#: What a key says, and the key: two spellings that share one may be near each other.
Key = tuple[str, str, str]


def fold(name: str) -> str:
    """Return what identical spellings of a name have in common."""
    return unicodedata.normalize("NFC", " ".join(name.split()))


def letters(text: str) -> str:
    """Return the bare letters and digits of *text*, without case and accents."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text.casefold()).translate(_BASE_LETTERS)
    return "".join(filter(str.isalnum, text.casefold()))


def slug_of(text: str) -> str:
    """Return a text as the name of a file: its Latin letters, or else its own ones."""
    words = re.findall(r"[^\W_]+", text)
    plain = ("".join(filter(str.isascii, letters(word))) for word in words)
    own = unicodedata.normalize("NFC", "-".join(words).casefold())
    # Bytes count, and a letter of another script has up to four.
    return ("-".join(filter(None, plain))[:80] or own[:40]).strip("-")


@dataclass(frozen=True, slots=True)
class Spelling:
    """A name in bare letters, word by word."""

    given: tuple[str, ...]
    family: str

    @classmethod
    def of(cls, name: str) -> Spelling:
        """Return the spelling of *name*, given name first.

        Where it ends in initials, as in "Lee J.", the family name comes first. What is
        too long for a name has no spelling, and is near nobody's.
        """
        words = list(_words(name)) if len(name) <= _LONGEST else []
        if len(words) > 1 and len(words[-1]) == 1 and len(words[0]) > 1:
            return cls(tuple(words[1:]), words[0])
        return cls(tuple(words[:-1]), words[-1] if words else "")

    def author_keys(self) -> Iterator[Key]:
        """Yield what this spelling can be found by when it is an author's."""
        given = "".join(self.given)
        if self.family:
            yield "letters", "", given + self.family
        if not given:
            return
        if len(self.given) == len(given):
            yield "initials", self.family, given[0]
            return
        yield from self._word_keys()
        yield "slip", self.family, given
        for shorter in _without_a_letter(given):
            yield "given", self.family, shorter

    def member_keys(self) -> Iterator[Key]:
        """Yield the keys of authors who may mean the person of this spelling."""
        words = (*self.given, self.family)
        if self.family:
            for i in range(len(words)):
                yield "letters", "", "".join(words[i:] + words[:i])
        if not self.given:
            return
        yield "initials", self.family, self.given[0][0]
        yield from self._word_keys()
        given = "".join(self.given)
        if len(given) >= _SHORTEST_GIVEN:
            yield "given", self.family, given
            for other in (*_without_a_letter(given), *with_letters_swapped(given)):
                yield "slip", self.family, other

    def agrees(self, member: Spelling, key: Key) -> bool:
        """Tell whether this author's spelling, found by *key*, is near a *member*'s."""
        if key[0] == "initials":
            rest = iter("".join(member.given))
            return all(letter in rest for letter in "".join(self.given))
        if key[0] == "word":
            return _abbreviates(self.given, member.given)
        return True

    def _word_keys(self) -> Iterator[Key]:
        return (("word", self.family, word) for word in self.given if len(word) > 1)


def _words(name: str) -> Iterator[str]:
    """Yield the words of a name in bare letters; initials are words of their own.

    A hyphen joins two parts of one word, unless these are initials.
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
    """Tell whether given names differ only by initials, written for words or added."""
    i = j = 0
    while i < len(some) and j < len(others):
        a, b = some[i], others[j]
        if a == b or (1 in {len(a), len(b)} and a[0] == b[0]):
            i, j = i + 1, j + 1
        elif len(a) == 1:
            i += 1
        elif len(b) == 1:
            j += 1
        else:
            return False
    return all(len(word) == 1 for word in some[i:] + others[j:])


def _without_a_letter(word: str) -> set[str]:
    return {word[:i] + word[i + 1 :] for i in range(len(word))}


def with_letters_swapped(word: str) -> set[str]:
    """Return *word* with two neighbouring letters in each other's place, anywhere."""
    pairs = range(len(word) - 1)
    return {word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in pairs} - {word}
