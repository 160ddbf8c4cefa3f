"""pybtex's grammar of BibTeX, with the places where everything stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from pybtex.database.input.bibtex import LowLevelParser, month_names
from pybtex.scanner import Pattern, PrematureEOF, PybtexSyntaxError, Token

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pybtex.utils import CaseInsensitiveDict


class EntryParser(LowLevelParser):  # type: ignore[misc]  # pybtex carries no types
    """pybtex's parser, kept within one entry and aware of where things stand."""

    def __init__(self, text: str, macros: CaseInsensitiveDict) -> None:
        super().__init__(text, macros=macros, handle_error=self._note_error)
        self.errors: list[tuple[int, PybtexSyntaxError]] = []
        self.spans: list[tuple[int, int, int, bool]] = []
        self.field_start = -1
        self.value_end = 0
        self._literal = True

    def begin(self, start: int, end: int) -> None:
        """Make ready to read the command whose ``@`` is at *start*, up to *end*."""
        self.command_start = start
        self.pos = start + 1
        self.end_pos = end
        self.errors, self.spans = [], []
        self.field_start, self.value_end = -1, start

    def _note_error(self, error: PybtexSyntaxError) -> None:
        self.errors.append((self.pos, error))

    # Reading within bounds: the inherited methods look beyond the entry's end, and
    # search the text once for each pattern.

    def skip_to(self, patterns: Sequence[Pattern]) -> Token | None:
        """Return the text up to the first match of any of *patterns*."""
        found = [
            (match.end(), pattern)
            for pattern in patterns
            if (match := pattern.search(self.text, self.pos, self.end_pos))
        ]
        if not found:
            return None
        end, pattern = min(found, key=lambda pair: pair[0])
        value, self.pos = self.text[self.pos : end], end
        return Token(value, pattern)

    def get_token(
        self, patterns: Sequence[Pattern], allow_eof: bool = False
    ) -> Token | None:
        """Return what matches one of *patterns* here, after white space."""
        space = self.WHITESPACE.match(self.text, self.pos, self.end_pos)
        if space:
            self.pos = space.end()
        if self.pos >= self.end_pos:
            if allow_eof:
                raise EOFError
            raise PrematureEOF(self)
        for pattern in patterns:
            match = pattern.match(self.text, self.pos, self.end_pos)
            if match:
                self.pos = match.end()
                return Token(match.group(), pattern)
        return None

    # Noting where each field stands.

    def parse_field(self) -> None:
        """Read one field, noting where it begins."""
        space = self.WHITESPACE.match(self.text, self.pos, self.end_pos)
        self.field_start = space.end() if space else self.pos
        self._literal = True
        super().parse_field()

    def parse_value(self) -> None:
        """Read a field's value, noting where it stands."""
        space = self.WHITESPACE.match(self.text, self.pos, self.end_pos)
        start = space.end() if space else self.pos
        super().parse_value()
        end = start + len(self.text[start : self.pos].rstrip())
        self.spans.append((self.field_start, start, end, self._literal))
        self.value_end = end

    def substitute_macro(self, name: str) -> str:
        """Return a macro's value, noting if it is one of the file's own."""
        if name.lower() not in month_names:
            self._literal = False
        return cast("str", super().substitute_macro(name))
