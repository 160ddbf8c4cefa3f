"""pybtex's grammar of BibTeX, with the places where everything stands."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple, cast

from pybtex.database.input.bibtex import LowLevelParser, month_names
from pybtex.scanner import Pattern, PrematureEOF, PybtexSyntaxError, Token

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pybtex.utils import CaseInsensitiveDict


_BRACES = re.compile(r"[{}]")
_BRACES_AND_QUOTES = re.compile(r"[{}\"]")
#: What stands where an entry has no key: a comma, or the first field.
_KEYLESS = re.compile(r"\s*(?:,|(?=[A-Za-z][\w+-]*\s*=\s*[{\"\w]))")
#: Characters that macros may put into one value: more than any venue's name has.
#: Without a bound, a = b # b, b = c # c and so on would double the value at each step.
_LONGEST_EXPANSION = 2000


class Fault(NamedTuple):
    """What pybtex complains of, behind what and in which field."""

    position: int
    error: PybtexSyntaxError
    field: str | None


class EntryParser(LowLevelParser):  # type: ignore[misc]  # pybtex carries no types
    """pybtex's parser, kept within one entry and aware of where things stand."""

    current_entry_key: str | None

    def __init__(self, text: str, macros: CaseInsensitiveDict) -> None:
        super().__init__(text, macros=macros, handle_error=self._note_error)
        self.errors: list[Fault] = []
        self.spans: list[tuple[int, int, int, bool]] = []
        self.field_start = -1
        self.value_end = 0
        self._literal = True
        self._expanded = 0

    def begin(self, start: int, end: int) -> None:
        """Make ready to read the command whose ``@`` is at *start*, up to *end*."""
        self.command_start = start
        self.pos = start + 1
        self.end_pos = end
        self.errors, self.spans = [], []
        self.field_start, self.value_end = -1, start

    def _note_error(self, error: PybtexSyntaxError) -> None:
        self.errors.append(Fault(self.pos, error, self.current_field_name))

    # Reading within bounds: the inherited methods look beyond the entry's end, and
    # search the text once for each pattern, as far as the next brace may be.

    def skip_to(self, patterns: Sequence[Pattern]) -> Token | None:
        """Return the text up to the first of *patterns*: braces, or quotes as well."""
        delimiters = _BRACES_AND_QUOTES if self.QUOTE in patterns else _BRACES
        match = delimiters.search(self.text, self.pos, self.end_pos)
        if match is None:
            return None
        start, self.pos = self.pos, match.end()
        pattern = {"{": self.LBRACE, "}": self.RBRACE}.get(match[0], self.QUOTE)
        return Token(self.text[start : self.pos], pattern)

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

    def parse_entry_body(self, body_end: Pattern) -> None:
        """Read key and fields; an entry without a key has the empty one."""
        match = _KEYLESS.match(self.text, self.pos, self.end_pos)
        if match is None:
            super().parse_entry_body(body_end)
            return
        self.current_entry_key = ""
        self.pos = match.end()
        self.parse_entry_fields()

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
        self._expanded = 0
        super().parse_value()
        end = start + len(self.text[start : self.pos].rstrip())
        self.spans.append((self.field_start, start, end, self._literal))
        self.value_end = end

    def substitute_macro(self, name: str) -> str:
        """Return a macro's value, noting if it is one of the file's own."""
        if name.lower() not in month_names:
            self._literal = False
        value = cast("str", super().substitute_macro(name))
        self._expanded += len(value)
        if self._expanded > _LONGEST_EXPANSION:
            msg = f"its macros come to more than {_LONGEST_EXPANSION} characters"
            raise PybtexSyntaxError(msg, self)
        return value
