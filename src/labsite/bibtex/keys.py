"""Make citation keys from family name, year and title."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from string import ascii_lowercase

from labsite.model.dates import find_date
from labsite.text.latex import decode_plain
from labsite.text.names import parse_creators
from labsite.text.spellings import letters

_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9:._-]*")
_NO_TITLE_WORDS = {
    "a", "an", "and", "are", "as", "at", "beyond", "by", "can", "do", "does", "for",
    "from", "how", "in", "into", "is", "it", "its", "of", "on", "or", "over", "so",
    "the", "to", "toward", "towards", "under", "using", "via", "we", "what", "when",
    "where", "which", "why", "with", "your",
}  # fmt: skip
_LONGEST_NICKNAME = 2  #: words before the colon of a title


def is_key(text: str) -> bool:
    """Return whether *text* is valid as a citation key and in addresses."""
    return _KEY.fullmatch(text) is not None


def make_key(family: str, year: int, title: str, taken: Collection[str]) -> str | None:
    """Return a new key, ``None`` for a name without Latin letters.

    It has the first author's family name, the year, and the nickname before the title's
    colon or else the title's first meaningful word, in lower-case ASCII. If that key is
    in use, a letter follows, or else a number.

    :param taken: the keys in use, in lower case
    """
    name = _ascii(family)
    if not name:
        return None
    key = f"{name}{year or ''}{_title_word(title)}"
    keys = (key + end for end in ("", *ascii_lowercase[1:]))
    return next((k for k in keys if k not in taken), f"{key}-{len(taken)}")


def propose_key(
    entry_type: str, fields: Mapping[str, str], taken: Collection[str]
) -> str:
    """Return a key for an entry without one, from the undecoded fields that it has."""
    creators, _ = parse_creators(fields.get("author", ""))
    family = creators[0].family if creators else ""
    years = find_date(fields.get("year") or fields.get("date", ""))
    title = decode_plain(fields.get("title", ""))
    year = years.start.year if years else 0
    names = (family, entry_type, "entry")
    return next(filter(None, (make_key(n, year, title, taken) for n in names)))


def _title_word(title: str) -> str:
    nickname, colon, _ = title.partition(":")
    if colon and 0 < len(nickname.split()) <= _LONGEST_NICKNAME:
        return _ascii(nickname)
    words = (_ascii(word) for word in title.split())
    return next((w for w in words if w and w not in _NO_TITLE_WORDS), "")


def _ascii(text: str) -> str:
    # "DANCE++" differs from "DANCE".
    found = letters(text.replace("+", "p"))
    return "".join(character for character in found if character.isascii())
