"""BibTeX syntax: the text of a file to entries with their places, nothing decoded.

The grammar is pybtex's, through its :class:`LowLevelParser`; what is added here is
where everything stands, and recovery: an ``@type{`` at the start of a line always
begins an entry, so that a brace left open costs its own entry and no other.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING, Any, cast

from pybtex.database.input.bibtex import SkipEntry, UndefinedMacro, month_names
from pybtex.scanner import PrematureEOF, PybtexSyntaxError
from pybtex.utils import CaseInsensitiveDict

from labsite.bibtex.grammar import EntryParser
from labsite.bibtex.keys import propose_key
from labsite.bibtex.macros import find_definitions
from labsite.model.dates import MONTHS_TO_WRITE, parse_month
from labsite.model.problems import Problem, Rule, quote
from labsite.model.records import EntrySource, FieldSource

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

#: A command, or a line of comment: BibTeX has none, but biber has, and so do people.
_TYPE = r"@[ \t]*[A-Za-z][\w:.+-]*\s*"
_COMMAND = re.compile(
    rf"^[ \t]*%[^\n]*|(?P<command>(?<!\w){_TYPE}[{{(]|@[A-Za-z]+\s*\{{)", re.MULTILINE
)
_COMMAND_AT_LINE_START = re.compile(rf"^[ \t]*(?={_TYPE}[{{(])", re.MULTILINE)
_LONGEST_KEY = 200  #: characters; every message about an entry has its key
_KEY = re.compile(rf"[^{{}}]{{1,{_LONGEST_KEY}}}")
_NO_KEY = "no citation key; write @type{key, and the fields after it"
_NO_MACRO = 'cannot read this macro; write @string{NAME = "…"}'
_NO_COMMENT = (
    "BibTeX has no comments within an entry; move this one above the entry, or "
    "delete it"
)
_MACRO = re.compile(r"@[ \t]*string\b", re.IGNORECASE)
#: What follows an entry that a brace too many, or one too few, has closed early.
_GOES_ON = re.compile(r"\s*[,}]\s*[^\s@%]")
#: What a reader of the file takes for the start of an entry, and BibTeX does not.
_BROKEN_START = re.compile(
    r"^[ \t]*(?:@[ \t]*(?!comment\b)\w+[^\n]*|"
    r"(?!@)[A-Za-z]+\s*\{\s*[^\s,{}=\"]+\s*,[ \t]*)$",
    re.MULTILINE | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An entry as written: its type, its key and its fields in their order."""

    entry_type: str  #: lower case, without the ``@``
    key: str  #: a proposed one where the author wrote none
    source: EntrySource


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """An ``@string`` as written."""

    value: str
    file: str
    line: int  #: 1-based
    start: int  #: offset of the ``@``
    end: int  #: behind the closing brace


@dataclass(slots=True)
class BibtexText:
    """What one or more files say: grows as files are added to it."""

    entries: list[Entry] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)  #: theirs, in lower case
    problems: list[Problem] = field(default_factory=list)
    begun: int = 0  #: entries that begin, whether or not they could be read
    macros: CaseInsensitiveDict = field(
        default_factory=lambda: CaseInsensitiveDict(month_names)
    )  #: every macro's value
    macro_names: dict[str, str] = field(default_factory=dict)
    #: value of each ``@string`` of the files -> the macro's name as first written
    definitions: dict[str, Definition] = field(default_factory=dict)
    #: the first one of each macro, by the macro's name in lower case

    def add_file(self, text: str, file: str) -> None:
        r"""Read one file; its macros serve the files added after it.

        :param text: the whole file, lines ending in ``\\n``
        :param file: the name that problems and records give the file
        """
        _FileReader(text, file, self).read()


class _FileReader:
    """One pass over one file."""

    def __init__(self, text: str, file: str, into: BibtexText) -> None:
        self.text = text
        self.file = file
        self.into = into
        self.parser = EntryParser(text, into.macros)
        lines = text.split("\n")
        self.line_starts = [0, *accumulate(len(line) + 1 for line in lines)]

    def read(self) -> None:
        """Read every command and look at what stands between them."""
        end_of_last = 0
        for start, limit in self._commands():
            self._check_between(end_of_last, start)
            self.parser.begin(start, limit)
            self._read_command(start)
            end_of_last = self.parser.pos
        self._check_between(end_of_last, len(self.text))

    def _commands(self) -> Iterator[tuple[int, int]]:
        """Yield where each command begins and where it must end at the latest."""
        position = 0
        limit = -1
        while match := _COMMAND.search(self.text, position):
            if match["command"] is None:
                position = match.end()
                continue
            if limit <= match.start():
                following = _COMMAND_AT_LINE_START.search(self.text, match.end())
                limit = following.end() if following else len(self.text)
            yield match.start(), limit
            failed = any(_is_fatal(fault.error) for fault in self.parser.errors)
            position = limit if failed else max(self.parser.pos, match.end())

    def _read_command(self, start: int) -> None:
        parser = self.parser
        try:
            command, body = cast("tuple[str, Any]", tuple(parser.parse_command()))
        except SkipEntry:  # @comment
            return
        is_entry = command.lower() not in {"string", "preamble"}
        self.into.begun += is_entry
        key = parser.current_entry_key
        if self._report_errors(start, key):
            return
        if is_entry and key and not _KEY.fullmatch(key):
            message = "this is no citation key; write letters, digits, - and :"
            self._report(Rule.SYNTAX, start, message, key[:_LONGEST_KEY])
        elif is_entry and any(len(name) > _LONGEST_KEY for name, _ in body[1]):
            message = "a name this long is no field's; write name = {…}"
            self._report(Rule.SYNTAX, start, message, key)
        elif is_entry:
            self._add_entry(start, command, key or "", body[1])
        elif command.lower() == "string" and body[0]:
            self._define(start, body[0], "".join(body[1]))

    def _define(self, start: int, name: str, value: str) -> None:
        """Note a macro; of two definitions that differ the first one counts."""
        new = Definition(
            value=" ".join(value.split()),
            file=self.file,
            line=self._place(start)[0],
            start=start,
            end=self.parser.pos,
        )
        old = self.into.definitions.setdefault(name.lower(), new)
        if old.value == new.value:
            self.into.macro_names.setdefault(new.value, name)
            return
        self.into.macros[name] = old.value
        message = (
            f"the macro '{_brief(name)}' is defined as {quote(old.value)} at "
            f"{old.file}:{old.line}; remove one of the two, or give one another name"
        )
        self._report(Rule.DUPLICATE_MACRO, start, message, None)

    @cached_property
    def _defined(self) -> dict[str, int]:
        return find_definitions(self.text)

    def _add_entry(
        self,
        start: int,
        command: str,
        key: str,
        values: Sequence[tuple[str, list[str]]],
    ) -> None:
        spans = self.parser.spans
        fields = tuple(
            self._field(start, name, parts, span)
            for (name, parts), span in zip(values, spans, strict=True)
        )
        source = EntrySource(
            file=self.file,
            line=self._place(start)[0],
            text=self.text[start : self.parser.pos],
            fields=fields,
        )
        entry_type = command.strip().lower()
        if not key:
            said = {field.name: field.value for field in fields}
            key = propose_key(entry_type, said, self.into.keys)
            message = f"no citation key; write @{entry_type}{{{key},"
            self._report(Rule.SYNTAX, start, message, None)
        entry = Entry(entry_type=entry_type, key=key, source=source)
        self.into.entries.append(entry)
        self.into.keys.add(key.lower())
        if _GOES_ON.match(self.text, self.parser.pos):
            message = (
                "the entry ends here, but goes on; remove this brace, or add the one "
                "that opens the value before it"
            )
            self._report(Rule.SYNTAX, self.parser.pos - 1, message, key)

    def _field(
        self, entry: int, name: str, parts: list[str], span: tuple[int, int, int, bool]
    ) -> FieldSource:
        start, value_start, value_end, literal = span
        line, column = self._place(start)
        return FieldSource(
            name=name.lower(),
            value=" ".join("".join(parts).split()),
            line=line,
            column=column,
            name_at=start - entry,
            value_at=value_start - entry,
            verbatim=self.text[value_start:value_end],
            literal=literal,
        )

    def _place(self, position: int) -> tuple[int, int]:
        line = bisect_right(self.line_starts, position)
        return line, position - self.line_starts[line - 1] + 1

    def _report(self, rule: Rule, position: int, message: str, key: str | None) -> None:
        line, column = self._place(position)
        problem = Problem(
            rule=rule,
            message=message,
            file=self.file,
            line=line,
            column=column,
            key=key,
        )
        self.into.problems.append(problem)

    def _report_errors(self, start: int, key: str | None) -> bool:
        """Report what went wrong in the command just read; tell if it is lost."""
        fatal = next((f for f in self.parser.errors if _is_fatal(f.error)), None)
        if fatal:
            position, message = self.parser.pos, _NO_COMMENT
            if key is None or not self.text.startswith("%", position):
                position, message = self._explain(start, fatal.error)
            self._report(Rule.SYNTAX, position, message, key)
            return True
        for position, error, within in self.parser.errors:
            name = str(error.args[0])  # pybtex's message, without a line of its own
            below = self._defined.get(name.lower(), 0)
            start, name = position - len(name), _brief(name)
            message = f"undefined macro '{name}'; {_remedy(name, within)}"
            if below > start:
                message = (
                    f"the macro '{name}' is defined below, in line "
                    f"{self._place(below)[0]}; move its definition to the head of the "
                    "file, as 'labsite fix' does"
                )
            self._report(Rule.UNDEFINED_MACRO, start, message, key)
        return False

    def _explain(self, start: int, error: PybtexSyntaxError) -> tuple[int, str]:
        """Say where the mistake begins and what to write instead."""
        parser = self.parser
        name = _brief(parser.current_field_name or "")
        bare_word = any(type(f.error) is UndefinedMacro for f in parser.errors)
        if parser.current_entry_key is None:
            return start, _NO_MACRO if _MACRO.match(self.text, start) else _NO_KEY
        if bare_word and parser.spans:
            return parser.field_start, (
                f"the value of '{name or 'a field'}' is neither in braces nor a macro; "
                "write {…} round it"
            )
        if parser.value_end < parser.field_start and name:
            if isinstance(error, PrematureEOF):
                return parser.field_start, (
                    f"the brace or quote that opens the value of '{name}' is never "
                    "closed; add the missing '}' at its end"
                )
            return parser.field_start, (
                f"cannot read the value of '{name}', {error.args[0]}; write "
                f"{name} = {{…}}"
            )
        end = max(parser.value_end - 1, start)
        if isinstance(error, PrematureEOF):
            return end, "the entry is never closed; add '}' on a line of its own"
        return end, (
            "a comma is missing after this field, or a brace is too many in it; "
            "write ',' after every value"
        )

    def _check_between(self, start: int, end: int) -> None:
        """Find entries in the text between entries, which BibTeX takes for comment."""
        for match in _BROKEN_START.finditer(self.text, start, end):
            message = "this looks like an entry, but does not begin with '@type{key,'"
            self._report(Rule.SYNTAX, match.start(), message, None)
            self.into.begun += 1


def _brief(name: str) -> str:
    return name if len(name) <= _LONGEST_KEY else f"{name[: _LONGEST_KEY - 1]}…"


def _remedy(macro: str, field: str | None) -> str:
    """Say what to write instead of a macro that nobody defines."""
    if (field or "").lower() != "month":
        return (
            "put text in braces, or define the macro with "
            f'@string{{{macro} = "…"}} above'
        )
    month = parse_month(macro)
    names = list(month_names)
    return f"write {names[month[0] - 1] if month else MONTHS_TO_WRITE}"


def _is_fatal(error: PybtexSyntaxError) -> bool:
    return type(error) is not UndefinedMacro
