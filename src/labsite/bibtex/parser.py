"""BibTeX syntax: the text of a file to entries with their places, nothing decoded.

An ``@type{`` at the start of a line always begins an entry, so that a brace left open
costs its own entry and no other.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from labsite.bibtex.grammar import Command, CommandReader, Fault
from labsite.bibtex.keys import propose_key
from labsite.model.dates import MONTH_MACROS, MONTHS_TO_WRITE, parse_month
from labsite.model.problems import Problem, Rule, quote
from labsite.model.sources import EntrySource
from labsite.text.latex import decode_plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from labsite.model.sources import FieldSource

#: Commands that are no entries.
_NO_ENTRIES = {"string", "preamble", "comment"}
#: A command, or a line of comment: BibTeX has none, but biber has, and so do people.
_TYPE = r"@[ \t]*[A-Za-z][\w:.+-]*\s*"
_COMMAND = re.compile(
    rf"^[ \t]*%[^\n]*|(?P<command>(?<!\w){_TYPE}[{{(]|@[A-Za-z]+\s*\{{)", re.MULTILINE
)
_COMMAND_AT_LINE_START = re.compile(rf"^[ \t]*(?={_TYPE}[{{(])", re.MULTILINE)
#: Fields whose value may be the macro of a venue.
VENUE_FIELDS = ("booktitle", "journal", "journaltitle")
_STRING = re.compile(r"@\s*string\s*[{(]\s*([^\s=,{}()\"#]+)\s*=", re.IGNORECASE)
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
    start: int  #: offset of the ``@`` in the file

    @property
    def end(self) -> int:
        """The offset behind the closing brace."""
        return self.start + len(self.source.text)

    @property
    def written(self) -> list[tuple[str, str]]:
        """Name and value of each field, the values with their delimiters."""
        return [(field.name, field.verbatim) for field in self.source.fields]

    def span(self, field: FieldSource) -> tuple[int, int]:
        """Return the offsets between which a field's value stands in the file."""
        start = self.start + field.value_at
        return start, start + len(field.verbatim)


class Definition(NamedTuple):
    """An ``@string`` as written."""

    value: str
    place: str  #: file and line
    start: int  #: offset of the ``@``
    end: int  #: behind the closing brace


@dataclass(slots=True)
class BibtexText:
    """What one or more files say: grows as files are added to it."""

    entries: list[Entry] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)  #: theirs, in lower case
    problems: list[Problem] = field(default_factory=list)
    begun: int = 0  #: entries that begin, whether or not they could be read
    #: Every macro's value by its name in lower case.
    macros: dict[str, str] = field(default_factory=MONTH_MACROS.copy)
    macro_names: dict[str, str] = field(default_factory=dict)
    #: value of each ``@string`` of the files -> the macro's name as first written
    definitions: dict[str, Definition] = field(default_factory=dict)
    #: the first one of each macro, by the macro's name in lower case

    def add_file(self, text: str, file: str) -> list[Entry]:
        r"""Read one file and return its entries; its macros serve later files.

        :param text: the whole file, lines ending in ``\\n``
        :param file: the name that problems and records give the file
        """
        known = len(self.entries)
        _FileReader(text, file, self).read()
        return self.entries[known:]


class _FileReader:
    """One pass over one file."""

    def __init__(self, text: str, file: str, into: BibtexText) -> None:
        self.text = text
        self.file = file
        self.into = into
        self.reader = CommandReader(text, into.macros)

    def read(self) -> None:
        """Read every command and look at what stands between them."""
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

    def _add_command(self, start: int, command: Command) -> None:
        for undefined in command.undefined:
            self._report_undefined(*undefined, command.key)
        if command.name == "string":
            name_at = start + command.fields[0].name_at
            name = self.text[name_at : name_at + len(command.fields[0].name)]
            self._define(start, name, command.value)
        elif command.name not in _NO_ENTRIES:
            self.into.begun += 1
            self._add_entry(start, command)

    def _define(self, start: int, name: str, value: str) -> None:
        """Note a macro; of two definitions that differ the first one counts."""
        place = f"{self.file}:{self.reader.place(start)[0]}"
        folded = " ".join(value.split())
        new = Definition(folded, place, start, self.reader.position)
        old = self.into.definitions.setdefault(name.lower(), new)
        if old is new:
            self.into.macros[name.lower()] = value
        if old.value == new.value:
            self.into.macro_names.setdefault(new.value, name)
            return
        message = (
            f"the macro {quote(name)} is defined as {quote(old.value)} at "
            f"{old.place}; remove one of the two, or give one another name"
        )
        self._report(Rule.DUPLICATE_MACRO, start, message)

    @cached_property
    def _defined(self) -> dict[str, int]:
        return find_definitions(self.text)

    def _add_entry(self, start: int, command: Command) -> None:
        entry_type, key, end = command.name, command.key, self.reader.position
        if not key:
            said = {field.name: field.value for field in command.fields}
            key = propose_key(entry_type, said, self.into.keys)
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

    def _report_undefined(
        self, macro: str, position: int, field: str, key: str | None
    ) -> None:
        below, name = self._defined.get(macro.lower(), 0), quote(macro)
        if below > position:
            line, _ = self.reader.place(below)
            message = (
                f"the macro {name} is defined below, in line {line}; move its "
                "definition to the head of the file, as 'labsite fix' does"
            )
        elif field.lower() == "month":
            month = parse_month(macro)
            write = list(MONTH_MACROS)[month[0] - 1] if month else MONTHS_TO_WRITE
            message = f"undefined macro {name}; write {write}"
        else:
            message = (
                f"undefined macro {name}; put text in braces, or define the macro "
                f'with @string{{{name[1:-1]} = "…"}} above'
            )
        self._report(Rule.UNDEFINED_MACRO, position, message, key)

    def _check_between(self, start: int, end: int) -> None:
        """Find entries in the text between entries, which BibTeX takes for comment."""
        for match in _BROKEN_START.finditer(self.text, start, end):
            message = "this looks like an entry, but does not begin with '@type{key,'"
            self._report(Rule.SYNTAX, match.start(), message)
            self.into.begun += 1


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
