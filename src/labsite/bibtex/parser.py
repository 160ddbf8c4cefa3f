"""Parse BibTeX files into entries with their positions; no value is decoded."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from labsite.bibtex.grammar import ENTRY_AT_LINE_START, CommandReader
from labsite.bibtex.keys import propose_key
from labsite.model.dates import MONTHS
from labsite.model.digests import digest_text
from labsite.model.problems import Problem, Rule, quote
from labsite.model.sources import EntrySource
from labsite.text.spellings import did_you_mean

#: Text behind an entry that an unbalanced brace has closed early.
_GOES_ON = re.compile(
    r"\s*[,}]\s*[^\s@%]|[^\n@%]*\n[ \t]*[A-Za-z][\w+-]*[ \t]*=[ \t]*[{\"\w]"
)
#: A macro that cannot be read, which stands for its name.
_MACRO = re.compile(r"@\s*string\s*[{(]\s*([^\s=,\"{}#%]+)", re.IGNORECASE)
#: Text that looks like the start of an entry, but is not one in BibTeX.
_BROKEN_START = re.compile(
    r"^[ \t]*(?:@[ \t]*(?!comment\b)\w+[^\n]*|"
    r"(?!@)[A-Za-z]+\s*\{\s*[^\s,{}=\"]+\s*,[ \t]*)$",
    re.MULTILINE | re.IGNORECASE,
)
_FIELD = re.compile(r"^[ \t]*[A-Za-z][\w+-]*[ \t]*=[ \t]*[{\"]", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """An entry as written."""

    entry_type: str  #: lower case, without the ``@``
    key: str  #: a proposed one if the author wrote none
    source: EntrySource
    start: int  #: offset of the ``@`` in the file
    cut_short: bool = False  #: whether an extra brace ends it before its last fields
    comments: tuple[str, ...] = ()  #: within the entry

    @property
    def end(self) -> int:
        """The offset behind the closing brace."""
        return self.start + len(self.source.text)

    @property
    def written(self) -> list[tuple[str, str]]:
        """Name and value of each field; the values have their delimiters."""
        return [(field.name, field.verbatim) for field in self.source.fields]


class Definition(NamedTuple):
    """An ``@string``."""

    name: str
    value: str
    place: str  #: file and line
    start: int  #: offset of the ``@``
    end: int  #: offset behind the closing brace


class BibtexText(CommandReader):
    """The content of one or more files, and the problems of the text in them."""

    file = ""  #: the name of the last one

    def __init__(self) -> None:
        super().__init__()
        self.entries: list[Entry] = []
        self.keys: set[str] = set()  #: of the entries, in lower case
        self.problems: list[Problem] = []
        self.begun = 0  #: number of entries that begin, readable or not
        #: Value of each ``@string`` -> the name of the first macro that has it.
        self.macro_names: dict[str, str] = {}
        #: Name of each macro in lower case -> its first definition.
        self.definitions: dict[str, Definition] = {}

    def add_file(self, text: str, file: str) -> list[Entry]:
        r"""Parse one file and return its entries; later files can use its macros.

        :param text: the whole file, with ``\\n`` as line end
        :param file: the name of the file in problems and records
        """
        self.file, first, end, undefined = file, len(self.entries), 0, []
        goes_on = False
        for readable in self.read(text):
            self._check_between(end, self.start, goes_on=goes_on)
            end, goes_on = self.position, not readable
            self.begun += self.is_entry
            for position, message in self.faults:
                self._report(Rule.SYNTAX, position, message, self.key)
            if not readable:
                if lost := _MACRO.match(text, self.start):
                    self.macros.setdefault(lost[1].lower(), lost[1])
                    self.defined = digest_text(self.defined, lost[0])
                continue
            if self.name == "string":
                self._define()
            elif self.is_entry:
                goes_on = self._add_entry().cut_short
            elif self.name == "comment":
                self._check_comment()
            if not goes_on:  # without its opening brace, text looks like a macro
                undefined += [(*macro, self.key) for macro in self.undefined]
        self._check_between(end, len(text), goes_on=goes_on)
        for macro, position, key in undefined:
            self._report(Rule.UNDEFINED_MACRO, position, self._explain(macro), key)
        return self.entries[first:]

    def _explain(self, macro: str) -> str:
        """Return the message on a macro that is not defined above its use."""
        if macro.lower() in self.definitions:
            return f"{quote(macro)} is defined below; run 'labsite fix', which moves it"
        example = f'@string{{{quote(macro)[1:-1]} = "…"}}'
        remedy = f"put text in braces, or define the macro with {example} above"
        months = () if macro.isupper() else MONTHS  # SPE is a journal, not sep
        names = [*months, *(known.name for known in self.definitions.values())]
        return f"undefined macro {quote(macro)}; {did_you_mean(macro, names, remedy)}"

    def _define(self) -> None:
        """Add a macro; the first of two different definitions counts."""
        field, value = self.fields[0], self.fields[0].value
        name = self.text[self.start + field.name_at :][: len(field.name)]
        place = f"{self.file}:{self.place(self.start)[0]}"
        new = Definition(name, value, place, self.start, self.position)
        old = self.definitions.setdefault(name.lower(), new)
        if old is new:
            self.macros[name.lower()] = self.value
        if old.value == value:
            self.macro_names.setdefault(value, name)
            return
        message = (
            f"the macro {quote(name)} is defined as {quote(old.value)} at "
            f"{old.place}; remove one of the two, or give one another name"
        )
        self._report(Rule.DUPLICATE_MACRO, self.start, message)

    def _add_entry(self) -> Entry:
        start, end, key = self.start, self.position, self.key
        if not key:
            values = {field.name: field.value for field in self.fields}
            key = propose_key(self.name, values, self.keys)
            message = f"no valid citation key; write @{self.name}{{{key},"
            self._report(Rule.SYNTAX, start, message)
        line, column = self.place(start)
        source = EntrySource(
            file=self.file, line=line, column=column, text=self.text[start:end],
            fields=tuple(self.fields), defined=self.defined,
        )  # fmt: skip
        entry = Entry(entry_type=self.name, key=key, source=source, start=start,
                      cut_short=bool(_GOES_ON.match(self.text, end)),
                      comments=tuple(self.comments))  # fmt: skip
        self.entries.append(entry)
        self.keys.add(key.lower())
        if entry.cut_short:
            message = (
                "the entry ends here, but goes on; remove this brace, or add the one "
                "that opens the value before it"
            )
            self._report(Rule.SYNTAX, end - 1, message, key)
        return entry

    def _check_comment(self) -> None:
        """Report a comment that ends within an entry, by a brace too many there."""
        starts = ENTRY_AT_LINE_START.finditer(self.text, self.start + 1, self.position)
        reader = CommandReader()
        for last in [*starts][-1:]:
            next(reader.read(self.text[last.end() : self.position - 1]), None)
            if _GOES_ON.match(reader.text, reader.position):
                message = "the comment is not closed above these entries; add its '}'"
                self._report(Rule.SYNTAX, self.start, message)

    def _report(
        self, rule: Rule, position: int, message: str, key: str | None = None
    ) -> None:
        place = self.file, *self.place(position)
        self.problems.append(Problem(rule, message, *place, key))

    def _check_between(self, start: int, end: int, *, goes_on: bool) -> None:
        """Report entries in the text between entries, which is a comment in BibTeX.

        :param goes_on: whether it begins with the rest of the entry above
        """
        found = _BROKEN_START.finditer(self.text, start, end)
        starts, rest = [match.start() for match in found], self.text[start:end]
        is_lost = rest.count("}") > rest.count("{") and not (starts or goes_on)
        message = "this looks like an entry, but does not begin with '@type{key,'"
        if is_lost and (field := _FIELD.search(self.text, start, end)):
            starts = [field.start()]
            message = "this field is in no entry; write '@type{key,' above it"
        for position in starts:
            self._report(Rule.SYNTAX, position, message)
        self.begun += len(starts)
