"""Parse BibTeX files into entries with their positions; no value is decoded.

An ``@type{`` at the start of a line always begins an entry, so that an open brace costs
its own entry and no other.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from labsite.bibtex.grammar import Command, CommandReader, Fault
from labsite.bibtex.keys import propose_key
from labsite.model.dates import MONTH_MACROS, MONTHS_TO_WRITE, parse_month
from labsite.model.problems import Problem, Rule, quote
from labsite.model.sources import EntrySource

if TYPE_CHECKING:
    from labsite.model.sources import FieldSource

#: Commands that are not entries.
_NO_ENTRIES = {"string", "preamble", "comment"}
#: A command, or a comment line as in biber's files.
_TYPE = r"@[ \t]*[A-Za-z][\w:.+-]*\s*"
_COMMAND = re.compile(
    rf"^[ \t]*%[^\n]*|(?P<command>(?<!\w){_TYPE}[{{(]|@[A-Za-z]+\s*\{{)", re.MULTILINE
)
_COMMAND_AT_LINE_START = re.compile(rf"^[ \t]*(?={_TYPE}[{{(])", re.MULTILINE)
#: Fields whose value may be the macro of a venue.
VENUE_FIELDS = ("booktitle", "journal", "journaltitle")
#: Text behind an entry that an unbalanced brace has closed early.
_GOES_ON = re.compile(
    r"\s*[,}]\s*[^\s@%]|[^\n@%]*\n[ \t]*[A-Za-z][\w+-]*[ \t]*=[ \t]*[{\"\w]"
)
#: Text that looks like the start of an entry, but is not one in BibTeX.
_BROKEN_START = re.compile(
    r"^[ \t]*(?:@[ \t]*(?!comment\b)\w+[^\n]*|"
    r"(?!@)[A-Za-z]+\s*\{\s*[^\s,{}=\"]+\s*,[ \t]*)$",
    re.MULTILINE | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An entry as written."""

    entry_type: str  #: lower case, without the ``@``
    key: str  #: a proposed one if the author wrote none
    source: EntrySource
    start: int  #: offset of the ``@`` in the file

    @property
    def end(self) -> int:
        """The offset behind the closing brace."""
        return self.start + len(self.source.text)

    @property
    def written(self) -> list[tuple[str, str]]:
        """Name and value of each field; the values have their delimiters."""
        return [(field.name, field.verbatim) for field in self.source.fields]

    def span(self, field: FieldSource) -> tuple[int, int]:
        """Return the offsets of a field's value in the file."""
        start = self.start + field.value_at
        return start, start + len(field.verbatim)


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """An ``@string`` as written."""

    name: str
    value: str
    file: str
    line: int  #: 1-based
    start: int  #: offset of the ``@``
    end: int  #: offset behind the closing brace


@dataclass(slots=True)
class BibtexText:
    """The content of one or more files."""

    entries: list[Entry] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)  #: of the entries, in lower case
    problems: list[Problem] = field(default_factory=list)
    begun: int = 0  #: number of entries that begin, readable or not
    #: Name of each macro in lower case -> its value.
    macros: dict[str, str] = field(default_factory=MONTH_MACROS.copy)
    #: Value of each ``@string`` -> the name of the first macro that has it.
    macro_names: dict[str, str] = field(default_factory=dict)
    #: Name of each macro in lower case -> its first definition.
    definitions: dict[str, Definition] = field(default_factory=dict)

    def add_file(self, text: str, file: str) -> list[Entry]:
        r"""Parse one file and return its entries; later files can use its macros.

        :param text: the whole file, with ``\\n`` as line end
        :param file: the name of the file in problems and records
        """
        known = len(self.entries)
        _FileReader(text, file, self).read()
        return self.entries[known:]

    def is_defined(self, macro: str, file: str, position: int) -> bool:
        """Tell whether a macro is defined above a position in the last file."""
        found = self.definitions[macro.lower()]
        return found.file != file or found.start < position


class _FileReader:
    """Reads one file in one pass."""

    def __init__(self, text: str, file: str, into: BibtexText) -> None:
        self.text = text
        self.file = file
        self.into = into
        self.reader = CommandReader(text, into.macros)
        #: Undefined macros: the name, its position, and the field and the key there.
        self.undefined: list[tuple[str, int, str, str | None]] = []

    def read(self) -> None:
        """Read every command and check the text between commands."""
        end_of_last = position = 0
        limit = -1
        while match := _COMMAND.search(self.text, position):
            position = match.end()
            if match["command"] is None:
                continue
            start = match.start()
            if limit <= start:
                following = _COMMAND_AT_LINE_START.search(self.text, position)
                limit = following.end() if following else len(self.text)
            self._check_between(end_of_last, start)
            try:
                self._add_command(start, self.reader.read(start, limit))
                position = max(position, self.reader.position)
            except Fault as fault:
                command = self.reader.command
                self.into.begun += command.name not in _NO_ENTRIES
                self._report(Rule.SYNTAX, fault.position, fault.message, command.key)
                position = limit
            end_of_last = self.reader.position
        self._check_between(end_of_last, len(self.text))
        for macro, position, name, key in self.undefined:
            message = self._explain_undefined(macro, name)
            self._report(Rule.UNDEFINED_MACRO, position, message, key)

    def _add_command(self, start: int, command: Command) -> None:
        self.undefined += [(*macro, command.key) for macro in command.undefined]
        if command.name == "string":
            name_at = start + command.fields[0].name_at
            name = self.text[name_at : name_at + len(command.fields[0].name)]
            self._define(start, name, command.value)
        elif command.name not in _NO_ENTRIES:
            self.into.begun += 1
            self._add_entry(start, command)

    def _define(self, start: int, name: str, value: str) -> None:
        """Add a macro; the first of two different definitions counts."""
        folded, (line, _) = " ".join(value.split()), self.reader.place(start)
        new = Definition(name=name, value=folded, file=self.file, line=line,
                         start=start, end=self.reader.position)  # fmt: skip
        old = self.into.definitions.setdefault(name.lower(), new)
        if old is new:
            self.into.macros[name.lower()] = value
        if old.value == new.value:
            self.into.macro_names.setdefault(new.value, name)
            return
        message = (
            f"the macro {quote(name)} is defined as {quote(old.value)} at "
            f"{old.file}:{old.line}; remove one of the two, or give one another name"
        )
        self._report(Rule.DUPLICATE_MACRO, start, message)

    def _add_entry(self, start: int, command: Command) -> None:
        entry_type, key, end = command.name, command.key, self.reader.position
        if not key:
            values = {field.name: field.value for field in command.fields}
            key = propose_key(entry_type, values, self.into.keys)
            message = f"no citation key; write @{entry_type}{{{key},"
            self._report(Rule.SYNTAX, start, message)
        source = EntrySource(
            file=self.file,
            line=self.reader.place(start)[0],
            text=self.text[start:end],
            fields=tuple(command.fields),
        )
        entry = Entry(entry_type=entry_type, key=key, source=source, start=start)
        self.into.entries.append(entry)
        self.into.keys.add(key.lower())
        if _GOES_ON.match(self.text, end):
            message = (
                "the entry ends here, but goes on; remove this brace, or add the one "
                "that opens the value before it"
            )
            self._report(Rule.SYNTAX, end - 1, message, key)

    def _report(
        self, rule: Rule, position: int, message: str, key: str | None = None
    ) -> None:
        line, column = self.reader.place(position)
        problem = Problem(rule=rule, message=message, file=self.file, line=line,
                          column=column, key=key)  # fmt: skip
        self.into.problems.append(problem)

    def _explain_undefined(self, macro: str, field: str) -> str:
        if below := self.into.definitions.get(macro.lower()):
            return (
                f"the macro {quote(macro)} is defined below, in line {below.line}; "
                "move its definition to the head of the file, as 'labsite fix' does"
            )
        remedy = (
            "put text in braces, or define the macro with "
            f'@string{{{quote(macro)[1:-1]} = "…"}} above'
        )
        if field.lower() == "month":
            month = parse_month(macro)
            name = [*MONTH_MACROS][month[0] - 1] if month else MONTHS_TO_WRITE
            remedy = f"write {name}"
        return f"undefined macro {quote(macro)}; {remedy}"

    def _check_between(self, start: int, end: int) -> None:
        """Report entries in the text between entries, which is a comment in BibTeX."""
        for match in _BROKEN_START.finditer(self.text, start, end):
            message = "this looks like an entry, but does not begin with '@type{key,'"
            self._report(Rule.SYNTAX, match.start(), message)
            self.into.begun += 1
