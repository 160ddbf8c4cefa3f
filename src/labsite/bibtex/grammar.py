"""Parse the commands of a BibTeX file (btxdoc), with the position of every part.

No library is used because each mistake needs a position and a message of its own, and a
broken entry must not cost the next one.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from contextlib import suppress
from itertools import islice

from labsite.model.dates import MONTH_MACROS
from labsite.model.digests import digest_text
from labsite.model.sources import EntrySource, FieldSource
from labsite.text.latex_tables import expand, read_definitions

#: A command, or a comment line as in biber's files.
_TYPE = r"@[ \t]*[A-Za-z][\w:.+-]*\s*"
_COMMAND = re.compile(
    rf"^[ \t]*%[^\n]*|(?P<command>(?<!\w){_TYPE}[{{(]|@[A-Za-z]+\s*\{{)", re.MULTILINE
)
ENTRY_AT_LINE_START = re.compile(rf"^[ \t]*(?={_TYPE}[{{(])", re.MULTILINE)
#: White space, and comments, which BibTeX does not know within entries.
_SPACE = re.compile(r"\s*(?:%[^\n]*\s*)*")
_COMMENT = re.compile("%[^\n]*")
_MAX_NAME = 200  #: characters of a key or a field's name
#: BibTeX's names have any other characters, and do not begin with a digit.
_NAME = re.compile(rf"[^\s\"#%'(),={{}}0-9][^\s\"#%'(),={{}}]{{,{_MAX_NAME}}}")
#: A field's name. Web of Science writes "Early Access Date".
_FIELD = re.compile(
    rf"({_NAME.pattern})((?:[ \t]+[A-Za-z-]+){{1,4}}(?=\s*=\s*[{{\"]))?"
)
_KEY = {"}": re.compile(r"[^\s,}]+"), ")": re.compile(r"[^\s,]+")}
#: A comma or the first field in place of the key; or a key that is not valid: with
#: spaces, with a comma as Scopus makes it of an organization's name, or with LaTeX as
#: OpenReview makes t{\"o}nshoff2023where.
_KEYLESS = re.compile(
    r"\s*(?:,|(?=[A-Za-z][\w+-]*\s*=\s*[{\"\w])|"
    r"[^\s,{}=\"]+[ \t]+[^\s,{}=\"][^\n,{}=\"]*,|[^\s,{}=\"]+(?:,[^\s,{}=\"]+)+,|"
    r"[^\s,{}=]*(?:\{[^\s,{}]*\}[^\s,{}=]*)+,)"
)
_PART = re.compile(rf'(?P<opening>[{{"])|(?P<number>[0-9]+)|{_NAME.pattern}')
_DELIMITERS = {"{": re.compile(r"[{}]"), '"': re.compile(r'[{}"]')}
_MAX_DEPTH = 100  #: of nested braces
_MOST_COMMANDS = 50  #: that preambles define
_BAD_KEY = "this is not a citation key; write letters, digits, - and :, without a space"
_COMMENTED = "BibTeX has no comments here; move this one above the entry, or delete it"
#: Characters from macros in one value. Without a limit, a = b # b, b = c # c and so on
#: would double the value at each step.
_MAX_EXPANSION = 2000


class Fault(Exception):  # noqa: N818 -- an error in the file, not in the program
    """A command cannot be read: the position, and the message."""


class CommandReader:
    """Reads the commands of texts one by one; most attributes are of the last one."""

    start = position = 0  #: offsets of the "@", and behind the last character read
    name = ""  #: in lower case
    comments_end = True  #: whether no earlier comment has lacked its closing brace
    key: str | None = None  #: of an entry; empty if it has none
    value = ""  #: of the last field or macro, with its white space
    fields: list[FieldSource]
    undefined: list[tuple[str, int]]  #: macros: the name and its position
    comments: list[str]  #: within an entry
    #: Position and message of what is wrong: why a command cannot be read, or what
    #: BibTeX refuses in an entry that is read all the same.
    faults: list[tuple[int, str]]

    def __init__(self) -> None:
        #: Name of each macro in lower case -> its value.
        self.macros = MONTH_MACROS.copy()
        #: Commands of LaTeX that preambles define.
        self.commands: list[tuple[re.Pattern[str], str]] = []
        self.defined = ""  #: identifies the macros and commands
        #: Entries by key, whose fields are not read again if they are equal.
        self.known: Mapping[str, EntrySource] = {}

    def read(self, text: str) -> Iterator[bool]:
        """Yield after every command whether it could be read.

        An ``@type{`` at the start of a line always begins an entry, so that an open
        brace costs its own entry and no other.
        """
        self.text, self.comments_end = text, True
        self._line_starts = [0, *(end.end() for end in re.finditer("\n", text))]
        following, self.limit = 0, -1
        while match := _COMMAND.search(self.text, following):
            following = match.end()
            if match["command"] is None:
                continue
            self.start, self.position = match.start(), following
            self.name, self.key = match["command"][1:-1].strip().lower(), None
            self.fields, self.undefined, self.comments, self.faults = [], [], [], []
            if self.limit <= self.start:
                limit = ENTRY_AT_LINE_START.search(self.text, following)
                self.limit = limit.end() if limit else len(self.text)
            try:
                self._read_command("}" if match["command"].endswith("{") else ")")
                following = max(following, self.position)
                yield True
            except Fault as error:
                self.faults = [error.args]
                following = self.limit
                yield False

    @property
    def is_entry(self) -> bool:
        """Whether the command is an entry."""
        return self.name not in {"string", "preamble", "comment"}

    def place(self, position: int) -> tuple[int, int]:
        """Return the line and the column of an offset, both 1-based."""
        line = bisect_right(self._line_starts, position)
        return line, position - self._line_starts[line - 1] + 1

    def _read_command(self, end: str) -> None:
        if self.name == "preamble":
            self._skip()
            bare = self.text.startswith("\\", self.position)
            if bare:
                self.value = self._read_string("preamble", self.position, "{")
            else:
                self._read_value("preamble", self.position)
            room = _MOST_COMMANDS - len(self.commands)
            for each in islice(read_definitions(self.value), room):
                self.commands.insert(0, each)  # it can use those above it
            self.defined = digest_text(self.defined, self.value)
            if bare:
                message = 'the commands are not in quotes; write @preamble{"…"}'
                raise Fault(self.start, message)
        elif self.name == "string":
            with suppress(Fault):
                self._skip()
                self._read_field()
                if self.fields and self._take(end):
                    command = self.text[self.start : self.position]
                    self.defined = digest_text(self.defined, command)
                    return
            message = 'cannot read this macro; write @string{NAME = "…"}'
            raise Fault(self.start, message)
        elif self.name == "comment" and end == "}" and self.comments_end:
            self._skip_comment()
        elif self.is_entry:
            self._read_key(end)
            old = self.known.get(self.key or "")
            same = old and self.text.startswith(old.text, self.start)
            if old and same and old.defined == self.defined:
                self.fields, self.position = [*old.fields], self.start + len(old.text)
                return
            self._skip()
            while self._read_field() and self._take(","):
                self._skip()
            if not self._take(end):
                raise self._unfinished()

    def _skip_comment(self) -> None:
        """Skip a comment in braces with the entries in it, as biber does."""
        start, limit, self.limit = self.position, self.limit, len(self.text)
        with suppress(Fault):
            self._read_string("comment", self.start, "{")
        self.comments_end = self.position > start
        self.limit = max(limit, self.position)

    def _read_key(self, end: str) -> None:
        self.key = ""
        if self._match(_KEYLESS):
            return
        self._skip()
        key = self._match(_KEY[end])
        if key is None:
            message = "no citation key; write @type{key, and the fields after it"
            raise Fault(self.start, message)
        self.key = key[0][:_MAX_NAME]
        if self.key != key[0] or not {"{", "}"}.isdisjoint(self.key):
            raise Fault(self.start, _BAD_KEY)
        if not self._take(",") and not self.text.startswith(end, self.position):
            message = f"a comma is missing behind the key; write @{self.name}"
            self.faults.append((self.start, f"{message}{{{self.key},"))

    def _read_field(self) -> bool:
        """Read a field if one begins here; return whether the entry can go on."""
        name = self._match(_FIELD)
        if name is None:
            if doubled := self.text.startswith(",", self.position):
                self.faults.append((self.position, "a comma too many; delete it"))
            return doubled
        if not self._take("="):
            # A word before this one, without its opening brace: author = Roe, Jane}
            last = self.fields[-1].value_at if self.fields else 0
            if any(place - self.start >= last for _, place in self.undefined):
                raise self._unfinished()
            raise _unreadable(name.start(), name[1], "no '=' before it")
        self._read_value(name[1], name.start())
        return True

    def _read_value(self, name: str, name_at: int) -> None:
        self._skip()
        start, at, before = self.position, self.start, len(self.comments)
        parts: list[str] = []
        written: list[str] = []
        literal, expanded = True, 0
        while not parts or self._take("#"):
            self._skip()
            part = self._match(_PART)
            if part is None:
                raise _unreadable(name_at, name, "there is nothing after '='")
            if part["opening"]:
                string = self._read_string(name, name_at, part["opening"])
                parts.append(expand(string, self.commands))
                literal = literal and parts[-1] == string
                expanded += len(parts[-1]) - len(string)
            elif part["number"]:
                parts.append(part["number"])
            else:
                macro = part[0].strip()
                if macro.lower() not in self.macros:
                    place = part.end() - len(macro)
                    self.undefined.append((macro, place))
                value = self.macros.get(macro.lower(), "")
                if name.lower() == "month":
                    # Crossref writes june, and files define jan in their language.
                    value = MONTH_MACROS.get(macro.lower(), value or macro)
                parts.append(value)
                literal = literal and MONTH_MACROS.get(macro.lower()) == value
                expanded += len(parts[-1])
            end, commented = self.position, len(self.comments) > before
            written.append(self.text[part.start() : end])
            if expanded > _MAX_EXPANSION:
                why = f"its macros have more than {_MAX_EXPANSION} characters"
                raise _unreadable(name_at, name, why)
        # The brace that closes the entry is in it, and not in a comment behind it.
        at_end = self.position >= self.limit and self.text[start] in '{"'
        if at_end and "%" not in self.text[end : self.position]:
            raise _never_closed(name_at, name)
        self.value = value = "".join(parts)
        self.fields.append(FieldSource(
            name=name.lower(), value=" ".join(value.split()), literal=literal,
            name_at=name_at - at, value_at=start - at,
            verbatim=" # ".join(written) if commented else self.text[start:end],
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
                raise _unreadable(name_at, name, why)
        raise _never_closed(name_at, name)

    def _match(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Move behind the match of a pattern at the position, if there is one."""
        found = pattern.match(self.text, self.position, self.limit)
        self.position = found.end() if found else self.position
        return found

    def _skip(self) -> None:
        """Skip white space and comments."""
        start = self.position
        self._match(_SPACE)
        for found in _COMMENT.finditer(self.text, start, self.position):
            if not self.comments:
                self.faults.append((found.start(), _COMMENTED))
            self.comments.append(found[0].rstrip())

    def _take(self, character: str) -> bool:
        """Skip to the next character, and that one if it is the given one."""
        self._skip()
        found = self.text.startswith(character, self.position, self.limit)
        self.position += found
        return found

    def _unfinished(self) -> Fault:
        """Return the fault of an entry that is not closed behind its last field."""
        position, message = self.start, _BAD_KEY
        for last in self.fields[-1:]:
            position += last.value_at + len(last.verbatim) - 1
            message = (
                "a comma is missing after this field, or its value has no braces or "
                "an extra one; write {…} round every value, and ',' after it"
            )
        if self.position >= self.limit:
            message = "the entry is never closed; add '}' on a line of its own"
        return Fault(position, message)


def _unreadable(position: int, name: str, why: str) -> Fault:
    message = f"cannot read the value of '{name}', {why}; write "
    message += f"{name.rstrip(':')} = {{…}}"
    return Fault(position, message)


def _never_closed(position: int, name: str) -> Fault:
    message = f"the brace or quote that opens the value of '{name}' is never closed"
    return Fault(position, f"{message}; add the missing '}}' at its end")
