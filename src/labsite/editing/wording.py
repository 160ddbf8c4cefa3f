"""Names of new venues: what of a publisher's words for a meeting is its name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from labsite.model.dates import MONTH_MACROS
from labsite.site.venues import LEADING, ORDINAL

if TYPE_CHECKING:
    from collections.abc import Iterable

_MEETING = re.compile(
    r"\b(?:conference|symposium|workshops?|meeting|congress|forum)\b", re.IGNORECASE
)
_ACRONYM = re.compile(
    r"\(\s*(?P<inside>[A-Z][\w/&+-]*(?: [A-Z][\w/&+-]*)?)(?:\s*['\u2019]?\d{2,4})?\s*\)"
)
_MONTH_NAMES = tuple(MONTH_MACROS.values())
_DATES = re.compile(
    rf"\b({'|'.join(_MONTH_NAMES)})\s+\d{{1,2}}\b[^,]*,\s+((?:19|20)\d\d)\b",
    re.IGNORECASE,
)


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
    cleaned = LEADING.sub("", plain, count=1)
    cleaned = re.sub(rf"\b(?:{ORDINAL})\s+", "", cleaned, flags=re.IGNORECASE)
    cleaned = re.sub(r"\s*\b(?:19|20)\d\d\b", "", cleaned).strip(" ,:")
    return cleaned or plain


def find_month(text: str, year: int) -> int:
    """Return the month in which a meeting begins, or 0, from dates behind its name.

    DBLP writes "…, Seoul, Korea, October 18-22, 2025".
    """
    match = _DATES.search(text)
    if match is None or int(match[2]) != year:
        return 0
    return _MONTH_NAMES.index(match[1].capitalize()) + 1


def find_acronym(texts: Iterable[str]) -> str | None:
    """Return what may be the short name of a venue in the texts about it."""
    for text in texts:
        match = _ACRONYM.search(text) or re.fullmatch(
            r"(?P<inside>[A-Z][\w/&+-]+)(?:\s*['\u2019]?\d{2,4})", text.strip()
        )
        if match:
            return match["inside"]
    return None
