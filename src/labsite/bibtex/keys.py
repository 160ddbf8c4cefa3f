"""Citation keys: family name, year, and what people will call the paper."""

from __future__ import annotations

import re
from itertools import chain, count
from string import ascii_lowercase
from typing import TYPE_CHECKING

from labsite.model.dates import find_years
from labsite.text.latex import decode_plain
from labsite.text.names import parse_creators
from labsite.text.spellings import letters

if TYPE_CHECKING:
    from collections.abc import Collection, Container, Mapping

_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9:._-]*")
_NO_TITLE_WORDS = {
    "a", "an", "and", "are", "as", "at", "beyond", "by", "can", "do", "does", "for",
    "from", "how", "in", "into", "is", "it", "its", "of", "on", "or", "over", "so",
    "the", "to", "toward", "towards", "under", "using", "via", "we", "what", "when",
    "where", "which", "why", "with", "your",
}  # fmt: skip
#: A title's beginning of so many words before a colon is the paper's name.
_LONGEST_NICKNAME = 2


def is_key(text: str) -> bool:
    """Tell whether *text* can be a citation key and a part of an address."""
    return _KEY.fullmatch(text) is not None


def make_key(family: str, year: int, title: str, taken: Container[str]) -> str | None:
    """Return the key by the house rule; ``None`` for a name without Latin letters.

    That is the family name of the first author, the year, and the nickname before the
    title's colon or else the title's first word of meaning, in lower-case ASCII. A
    letter follows where somebody has that key.

    :param taken: keys in use, in lower case
    """
    name = _ascii(family)
    if not name:
        return None
    return _first_free(f"{name}{year or ''}{_title_word(title)}", taken)


def propose_key(
    entry_type: str, fields: Mapping[str, str], taken: Collection[str]
) -> str:
    """Return a key for an entry that has none, by the house rule as far as it can.

    :param fields: names in lower case and values, undecoded
    """
    creators, _ = parse_creators(fields.get("author", ""), lambda _: None)
    family = creators[0].family if creators else ""
    years = find_years(fields.get("year") or fields.get("date", ""))
    title = decode_plain(fields.get("title", ""))
    year = years.start.year if years else 0
    name = family if _ascii(family) else entry_type
    key = make_key(name, year, title, ()) or "entry"
    if f"{key}{ascii_lowercase[-1]}" in taken:  # a file of nothing but such entries
        return f"{key}-{len(taken)}"
    return _first_free(key, taken)


def _first_free(base: str, taken: Container[str]) -> str:
    numbers = (f"-{number}" for number in count(2))
    ends = chain([""], ascii_lowercase[1:], numbers)
    return next(base + end for end in ends if base + end not in taken)


def _title_word(title: str) -> str:
    nickname, colon, _ = title.partition(":")
    if colon and 0 < len(nickname.split()) <= _LONGEST_NICKNAME:
        return _ascii(nickname)
    words = (_ascii(word) for word in title.split())
    return next((w for w in words if w and w not in _NO_TITLE_WORDS), "")


def _ascii(text: str) -> str:
    # "DANCE++" and "DANCE" are two papers.
    found = letters(text.replace("+", "p"))
    return "".join(character for character in found if character.isascii())
