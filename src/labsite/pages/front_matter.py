"""Read the fields in the front matter of pages.

Every field that can be read is read; every fault is a problem with its line and a
remedy.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from labsite.model.dates import PartialDate, parse_date
from labsite.model.files import disguised_problems
from labsite.model.problems import Problem, Rule, quote
from labsite.model.records import Library
from labsite.model.repository import is_long, leads_outside
from labsite.model.sources import PageSource
from labsite.pages.yaml_lines import Document, Value, join, parse_yaml, read_source
from labsite.text.spellings import did_you_mean, fold

_Record = TypeVar("_Record")
#: The first line of front matter, and the whole, as in MyST.
_OPENING = re.compile(r"-{3,}[ \t]*(?:\n|\Z)")
_FRONT_MATTER = re.compile(
    r"-{3,}[ \t]*\n(?P<yaml>.*?)^(?:-{3,}|\.{3})[ \t]*(?:\n|\Z)",
    re.DOTALL | re.MULTILINE,
)
#: A value in the quotation marks of a word processor or a phone.
_QUOTED = re.compile("[\u201c\u201d]([^\u201c\u201d]+)[\u201c\u201d]")
_NUMBER = re.compile(r"[-+]?\d{1,9}", re.ASCII)
#: Settings of MyST that can turn on templates, and so code; its record of anchors.
REFUSED_FIELDS = {"html_meta", "myst", "myst_slugs", "substitutions"}
#: Fields of Sphinx, MyST and themes that any page may have, besides names with a dot or
#: a colon such as "og:image".
_PAGE_FIELDS = REFUSED_FIELDS | {
    "description", "keywords", "menu", "nocomments", "no-search", "nosearch",
    "original", "orphan", "tocdepth",
}  # fmt: skip


def record_pages(folder: Path) -> list[Path]:
    """Return the pages of a folder that can be records.

    They are all but the index, hidden files, links out of it, and those whose names are
    too long for exports.
    """
    pages = [] if leads_outside(folder) else sorted(folder.glob("[!._]*.md"))
    usable = (p for p in pages if p.stem != "index" and not is_long(p.name))
    return [p for p in usable if not leads_outside(p)]


def read_page(path: Path, file: str) -> tuple[Document, PageSource]:
    """Return the front matter of a page, and the page as a source.

    :param file: the file name in problems
    """
    text, document = read_source(path, file)
    return document, parse_page(text, document)


def parse_page(text: str, document: Document) -> PageSource:
    """Parse the front matter of a page, and return the page as a source."""
    file, found = document.file, _FRONT_MATTER.match(text)
    document.problems += disguised_problems(text, file)
    if not found:
        document.value = {}
        if _OPENING.match(text):
            document.refuse("the front matter has no end; close it with a line '---'")
        return PageSource(file=file, body=text)
    parse_yaml(found["yaml"].removesuffix("\n"), document, 2)
    if document.value is None:
        document.value = {}
    elif not isinstance(document.value, dict):
        message = "the front matter has no fields; write each in a line, as "
        document.refuse(f"{message}'key: value'", document.line(""))
        document.value = {}
    return PageSource(
        file=file,
        lines=tuple((path, line) for path, line in document.lines.items() if path),
        body=text[found.end() :],
        body_line=found[0].removesuffix("\n").count("\n") + 2,
    )


def read_records(
    folder: Path, docname: str, read: Callable[[Fields, PageSource], Iterable[_Record]]
) -> tuple[list[_Record], list[Problem]]:
    """Return the records that *read* makes of the pages in a folder, and problems.

    :param docname: the folder in document names, e.g. "team"
    """
    records: list[_Record] = []
    problems: list[Problem] = []
    for path in record_pages(folder):
        document, source = read_page(path, f"{docname}/{path.name}")
        records += read(Fields(document, document.value), source)
        problems += document.problems  # now that every field has been read
    return records, problems


def unknown_key(key: str, library: Library, file: str, line: int) -> Problem:
    """Return the problem of an unknown citation key."""
    remedy = did_you_mean(key, library.by_key, "use a key of the bibliography")
    message = f"there is no publication {quote(key)}; {remedy}"
    return Problem(Rule.UNKNOWN_KEY, message, file, line)


class Fields:
    """The fields of a mapping; their problems are added to the document."""

    def __init__(self, document: Document, value: Value, path: str = "") -> None:
        self.document = document
        self.values = value if isinstance(value, dict) else {}
        self.path = path
        self._misspelt: dict[str, int] = {}  #: remedy -> place in the problems

    def report(self, rule: Rule, message: str, key: str | None = None) -> None:
        """Add a problem of the field *key*, or of the mapping."""
        path = self.path if key is None else join(self.path, key)
        message = message if key is None else f"{key}: {message}"
        self.document.report(rule, message, path)

    def check_keys(self, known: Collection[str]) -> None:
        """Report fields that are not *known*."""
        for key in self.values:
            anywhere = key in _PAGE_FIELDS or not {".", ":"}.isdisjoint(key)
            if key in known or (anywhere and not self.path):
                continue
            remedy = did_you_mean(key, known)
            self._misspelt[remedy] = len(self.document.problems)
            message = f"there is no field '{key}'; {remedy}"
            self.document.report(Rule.UNKNOWN_FIELD, message, join(self.path, key))

    def line(self, key: str) -> int:
        """Return the line of the field *key*, or of the mapping without it."""
        return self.document.line(join(self.path, key))

    def text(self, key: str) -> str | None:
        """Return a field with one value, its white space folded."""
        value = self.values.get(key)
        if isinstance(value, (list, dict)):
            message = "this is a list or has fields of its own; write one text"
            self.report(Rule.BAD_VALUE, message, key)
            return None
        return _fold(value) or None if value else None

    def required(self, key: str, remedy: str) -> str | None:
        """Return a field with one value; report it if there is none."""
        text = self.text(key)
        one = not isinstance(self.values.get(key), (list, dict))
        if text is None and one and self.document.readable:
            self.report_missing(key, remedy)
        return text

    def report_missing(self, key: str, remedy: str) -> None:
        """Report that there is no field *key*, once if another is a misspelling."""
        index = self._misspelt.get(f"did you mean '{key}'?")
        if index is None:
            self.report(Rule.MISSING_FIELD, f"no {key}; {remedy}")
        else:
            problems = self.document.problems
            problems[index] = replace(problems[index], rule=Rule.MISSING_FIELD)

    def choice(
        self, key: str, known: Collection[str], rule: Rule = Rule.BAD_VALUE
    ) -> str | None:
        """Return a field with one of the *known* words, in any case."""
        text = (self.text(key) or "").lower()
        if text and text not in known:
            remedy = did_you_mean(text, known)
            self.report(rule, f"there is no {key} '{text}'; {remedy}", key)
        return text if text in known else None

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a field with a list of values, each once, or with one value."""
        texts: list[str] = []
        for path, item in self._items(key):
            if isinstance(item, (list, dict)):
                message = f"{key}: not a list of values; write [one, another]"
                self.document.report(Rule.BAD_VALUE, message, path)
            elif item:
                texts.append(_fold(item))
        return tuple(dict.fromkeys(filter(None, texts)))

    def phrases(self, key: str) -> tuple[str, ...]:
        """Return a field with a list of values, or with commas between them."""
        texts = self.texts(key)
        if isinstance(self.values.get(key), str):
            texts = tuple(filter(None, map(_fold, ",".join(texts).split(","))))
        return texts

    def number(self, key: str) -> int:
        """Return a field with a whole number; 0 without one."""
        text = self.text(key) or "0"
        if _NUMBER.fullmatch(text):
            return int(text)
        self.report(Rule.BAD_VALUE, f"'{text}' is not a whole number; write 3", key)
        return 0

    def date(self, key: str) -> PartialDate | None:
        """Return a field with a date; ``None`` without a valid one."""
        text = self.text(key)
        issued = parse_date(text or "")
        if text and issued is None:
            message = f"'{text}' is not a date; write 2026, 2026-03 or 2026-03-14"
            self.report(Rule.BAD_DATE, message, key)
        return issued

    def pairs(self, key: str, example: str) -> Iterator[tuple[str, str]]:
        """Yield names and values of a field with a mapping of texts.

        :param example: of a pair, for the remedy
        """
        value = self.values.get(key)
        if value is not None and not isinstance(value, dict):
            message = f"this has no fields; write '{example}' below it"
            self.report(Rule.BAD_VALUE, message, key)
        within = Fields(self.document, value, join(self.path, key))
        for name in within.values:
            text = within.text(name)
            if text:
                yield name, text

    def mappings(self, key: str, example: str) -> Iterator[Fields]:
        """Yield the mappings of a field with a list of them, or with one.

        :param example: of a mapping, for the remedy
        """
        for path, item in self._items(key):
            if isinstance(item, dict):
                yield Fields(self.document, item, path)
            elif item is not None:
                message = f"this has no fields; write a list of '- {example}'"
                self.document.report(Rule.BAD_VALUE, message, path)

    def _items(self, key: str) -> Iterator[tuple[str, Value]]:
        """Yield the path and the value of each item in a list, or of one value."""
        value, path = self.values.get(key), join(self.path, key)
        if isinstance(value, list):
            yield from ((join(path, index), item) for index, item in enumerate(value))
        else:
            yield path, value


def _fold(text: str) -> str:
    folded = fold(text)
    quoted = _QUOTED.fullmatch(folded)
    return quoted[1] if quoted else folded
