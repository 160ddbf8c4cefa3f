"""The string macros of a bibliography: what they mean and where they may be used."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from labsite.text.latex import decode_plain

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Fields whose value may be the macro of a venue.
VENUE_FIELDS = ("booktitle", "journal", "journaltitle")
_STRING = re.compile(r"@\s*string\s*[{(]\s*([^\s=,{}()\"#]+)\s*=", re.IGNORECASE)


def find_definitions(text: str) -> dict[str, int]:
    """Return where *text* first defines each macro, by its name in lower case."""
    found: dict[str, int] = {}
    for match in _STRING.finditer(text):
        found.setdefault(match[1].lower(), match.start())
    return found


class Macros:
    """The macros of a text and of the files before it.

    :param names: value and name of each
    """

    def __init__(self, text: str, names: Mapping[str, str]) -> None:
        self._defined = find_definitions(text)
        self._names: defaultdict[str, list[str]] = defaultdict(list)
        for value, name in names.items():
            self._names[_folded(value)].append(name)

    def meaning(self, text: str, position: int) -> str | None:
        """Return the macro whose value is *text*, in any case and any braces.

        :param position: an offset; what is defined below it cannot be used there
        """
        names = self._names.get(_folded(text), ()) if text else ()
        return next((n for n in names if self.is_usable(n, position)), None)

    def is_usable(self, name: str, position: int) -> bool:
        """Tell whether a macro is not defined below *position*."""
        return self._defined.get(name.lower(), -1) < position


def _folded(text: str) -> str:
    return decode_plain(text).casefold()
