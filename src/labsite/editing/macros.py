"""The string macros of a bibliography: what they mean and where they may be used."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from labsite.latex import decode_plain

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Fields whose value may be the macro of a venue.
VENUE_FIELDS = ("booktitle", "journal", "journaltitle")
_STRING = re.compile(r"@\s*string\s*[{(]\s*([^\s=,{}()\"#]+)\s*=", re.IGNORECASE)


@dataclass(frozen=True)
class Macros:
    """The macros that an entry may use."""

    names: Mapping[str, str] = field(default_factory=dict)
    #: a macro's value -> its name as first written

    @cached_property
    def _meanings(self) -> Mapping[str, str]:
        pairs = reversed(list(self.names.items()))
        return {_folded(value): name for value, name in pairs}

    def meaning(self, text: str) -> str | None:
        """Return the macro whose value is *text*, in any case and any braces."""
        return self._meanings.get(_folded(text)) if text else None


class MacrosAbove:
    """The macros that are defined above each place of a text.

    :param names: value and name of every macro of the text and of the files before it
    """

    def __init__(self, text: str, names: Mapping[str, str]) -> None:
        found = list(_STRING.finditer(text))
        self._starts = [match.start() for match in found]
        self._defined = [match[1].lower() for match in found]
        self._names = names
        self._known: dict[int, Macros] = {}

    def at(self, position: int) -> Macros:
        """Return the macros that may be used at an offset."""
        count = bisect_left(self._starts, position)
        if count not in self._known:
            below = set(self._defined[count:]) - set(self._defined[:count])
            usable = {v: n for v, n in self._names.items() if n.lower() not in below}
            self._known[count] = Macros(usable)
        return self._known[count]


def _folded(text: str) -> str:
    return decode_plain(text).casefold()
