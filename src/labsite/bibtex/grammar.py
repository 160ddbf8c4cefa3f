"""Parse the commands of a BibTeX file (btxdoc), with the position of every part.

No library is used because each mistake needs a position and a message of its own, and a
broken entry must not cost the next one. The names that it accepts are those of pybtex.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import accumulate
from typing import TYPE_CHECKING, NoReturn

from labsite.model.dates import MONTH_MACROS
from labsite.model.sources import FieldSource

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

#: A command, or a comment line as in biber's files.
_TYPE = r"@[ \t]*[A-Za-z][\w:.+-]*\s*"
_COMMAND = re.compile(
    rf"^[ \t]*%[^\n]*|(?P<command>(?<!\w){_TYPE}[{{(]|@[A-Za-z]+\s*\{{)", re.MULTILINE
)
_COMMAND_AT_LINE_START = re.compile(rf"^[ \t]*(?={_TYPE}[{{(])", re.MULTILINE)
_SPACE = re.compile(r"\s*")
_HEAD = re.compile(r"@\s*([^\s{(]+)\s*([{(])")
_LETTERS = r"A-Za-z@!$&*+\-./:;<>?\[\\\]^_`|~\x7f"
_MAX_NAME = 200  #: characters of a key or a field's name
_NAME = re.compile(rf"[{_LETTERS}][{_LETTERS}0-9]{{,{_MAX_NAME}}}")
#: Web of Science writes "Early Access Date" as a name.
_MORE_WORDS = re.compile(r"(?:[ \t]+[A-Za-z-]+){1,4}(?=\s*=\s*[{\"])")
_KEY = {"}": re.compile(r"[^\s,}]+"), ")": re.compile(r"[^\s,]+")}
#: More words of a key with spaces.
_MORE_KEY = re.compile(r"[^\n,={}\"]+,")
#: A comma or the first field in place of the key.
_KEYLESS = re.compile(r"\s*(?:,|(?=[A-Za-z][\w+-]*\s*=\s*[{\"\w]))")
_NUMBER = re.compile(r"[0-9]+")
_OPENING = re.compile(r'[{"]')
_DELIMITERS = {"{": re.compile(r"[{}]"), '"': re.compile(r'[{}"]')}
_MAX_DEPTH = 100  #: of nested braces
#: Characters from macros in one value. Without a limit, a = b # b, b = c # c and so on
#: would double the value at each step.
_MAX_EXPANSION = 2000
_NO_KEY = "no citation key; write @type{key, and the fields after it"
_BAD_KEY = "this is not a citation key; write letters, digits, - and :, without a space"
_NO_MACRO = 'cannot read this macro; write @string{NAME = "…"}'
_NO_COMMENT = (
    "BibTeX has no comments within an entry; move this one above the entry, or "
    "delete it"
)
_NO_COMMA = (
    "a comma is missing after this field, or there is an extra brace in it; write ',' "
    "after every value"
)
_OPEN = (
    "the brace or quote that opens the value of '{}' is never closed; add the missing "
    "'}}' at its end"
)
_NOT_CLOSED = "the entry is never closed; add '}' on a line of its own"


class Fault(Exception):  # noqa: N818 -- an error in the file, not in the program
    """A command cannot be read: the position, and the message."""


@dataclass(slots=True)
class Command:
    """An entry, a macro, a preamble or a comment."""

    start: int  #: offset of the ``@``
    end: int = 0  #: offset behind the last character that was read
    name: str = ""  #: in lower case
    key: str | None = None  #: of an entry; empty if it has none
    fields: list[FieldSource] = field(default_factory=list)
    value: str = ""  #: of the last field or macro, with its white space
    #: Undefined macros: the name, its position, and the name of the field.
    undefined: list[tuple[str, int, str]] = field(default_factory=list)
    fault: tuple[int, str] | None = None  #: position and message, if it cannot be read

    @property
    def is_entry(self) -> bool:
        """Whether it is an entry."""
        return self.name not in {"string", "preamble", "comment"}


class CommandReader:
    """Parses the commands of a text, with the values of known macros."""

    def __init__(self, text: str, macros: Mapping[str, str]) -> None:
        self.text = text
        self.macros = macros
        lines = text.split("\n")
        self._line_starts = [0, *accumulate(len(line) + 1 for line in lines)]

    def read(self) -> Iterator[Command]:
        """Yield every command; one with a fault has what could be read.

        An ``@type{`` at the start of a line always begins an entry, so that an open
        brace costs its own entry and no other.
        """
        self.position, self.limit = 0, -1
        while match := _COMMAND.search(self.text, self.position):
            self.position = match.end()
            if match["command"] is None:
                continue
            self.command = command = Command(match.start())
            if self.limit <= match.start():
                following = _COMMAND_AT_LINE_START.search(self.text, match.end())
                self.limit = following.end() if following else len(self.text)
            try:
                self._read_command()
            except Fault as fault:
                command.fault = fault.args
            command.end = self.position
            yield command
            self.position = max(match.end(), self.position)
            if command.fault:
                self.position = self.limit

    def _read_command(self) -> None:
        start = self.command.start
        head = _HEAD.match(self.text, start, self.limit)
        if head is None:
            raise Fault(start, _NO_KEY)
        self.position, self.command.name = head.end(), head[1].lower()
        end = "}" if head[2] == "{" else ")"
        if self.command.name == "preamble":
            self._read_value("preamble", self.position)
        elif self.command.name == "string":
            with suppress(Fault):
                self._match(_SPACE)
                self._read_field()
                if self.command.fields and self._take(end):
                    return
            raise Fault(start, _NO_MACRO)
        elif self.command.is_entry:
            self._read_entry(end)

    def place(self, position: int) -> tuple[int, int]:
        """Return the line and the column of an offset, both 1-based."""
        line = bisect_right(self._line_starts, position)
        return line, position - self._line_starts[line - 1] + 1

    def _read_entry(self, end: str) -> None:
        if self._match(_KEYLESS):
            self.command.key = ""
        else:
            self._read_key(end)
            if not self._take(",") and self._match(_MORE_KEY):
                raise Fault(self.command.start, _BAD_KEY)
        self._match(_SPACE)
        while self._read_field() and self._take(","):
            self._match(_SPACE)
        if not self._take(end):
            self._fail(self.command.start)

    def _read_key(self, end: str) -> None:
        self._match(_SPACE)
        key = self._match(_KEY[end])
        if key is None:
            raise Fault(self.command.start, _NO_KEY)
        self.command.key = key[0][:_MAX_NAME]
        if self.command.key != key[0] or "{" in key[0] or "}" in key[0]:
            raise Fault(self.command.start, _BAD_KEY)

    def _read_field(self) -> bool:
        """Read a field if one begins here; tell whether the entry can go on."""
        name = self._match(_NAME)
        if name is None:
            return self.text.startswith(",", self.position)
        self._match(_MORE_WORDS)
        if not self._take("="):
            self._fail(name.start(), name[0], "no '=' before it")
        self._read_value(name[0], name.start())
        return True

    def _read_value(self, name: str, name_at: int) -> None:
        self._match(_SPACE)
        start = self.position
        parts: list[str] = []
        literal, expanded = True, 0
        while not parts or self._take("#"):
            self._match(_SPACE)
            if opening := self._match(_OPENING):
                parts.append(self._read_string(name, name_at, opening[0]))
            elif number := self._match(_NUMBER):
                parts.append(number[0])
            elif macro := self._match(_NAME):
                value = self.macros.get(macro[0].lower())
                if value is None:
                    self.command.undefined.append((macro[0], macro.start(), name))
                parts.append(value or "")
                literal = literal and macro[0].lower() in MONTH_MACROS
                expanded += len(parts[-1])
            else:
                self._fail(name_at, name, "there is nothing after '='")
            if expanded > _MAX_EXPANSION:
                why = f"its macros have more than {_MAX_EXPANSION} characters"
                self._fail(name_at, name, why)
        if self.position >= self.limit:  # the brace that closes the entry is in it
            raise Fault(name_at, _OPEN.format(name))
        (line, column), at = self.place(name_at), self.command.start
        self.command.value = "".join(parts)
        self.command.fields.append(FieldSource(
            name=name.lower(), value=" ".join(self.command.value.split()),
            line=line, column=column, name_at=name_at - at, value_at=start - at,
            verbatim=self.text[start : self.position].rstrip(), literal=literal,
        ))  # fmt: skip

    def _read_string(self, name: str, name_at: int, opening: str) -> str:
        start, depth, end = self.position, 0, "}" if opening == "{" else '"'
        for found in _DELIMITERS[opening].finditer(self.text, start, self.limit):
            if depth == 0 and found[0] == end:
                self.position = found.end()
                return self.text[start : found.start()]
            depth += (found[0] == "{") - (found[0] == "}")
            if not 0 <= depth <= _MAX_DEPTH:
                why = "braces are not balanced" if depth < 0 else "too many braces"
                self._fail(name_at, name, why)
        raise Fault(name_at, _OPEN.format(name))

    def _match(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Move behind the match of a pattern at the position, if there is one."""
        found = pattern.match(self.text, self.position, self.limit)
        self.position = found.end() if found else self.position
        return found

    def _take(self, character: str) -> bool:
        """Skip white space, and the next character if it is the given one."""
        self._match(_SPACE)
        found = self.text.startswith(character, self.position, self.limit)
        self.position += found
        return found

    def _fail(self, position: int, name: str = "", why: str = "") -> NoReturn:
        """Raise the fault of a field's value if it has a name, else of the entry."""
        last = self.command.fields[-1] if self.command.fields else None
        end = self.command.start + last.value_at + len(last.verbatim) if last else 0
        if self.text.startswith("%", self.position):
            position, message = self.position, _NO_COMMENT
        elif name:
            message = f"cannot read the value of '{name}', {why}; write {name} = {{…}}"
        elif last and (
            self.command.undefined
            or (last.verbatim.isdecimal() and end == self.position < self.limit)
        ):
            position = self.command.start + last.name_at
            message = (
                f"the value of '{last.name}' is neither in braces nor a macro; write "
                "{…} round it"
            )
        else:
            message = _NO_COMMA if last else _BAD_KEY
            message = _NOT_CLOSED if self.position >= self.limit else message
            position = end - 1 if last else position
        raise Fault(position, message)
