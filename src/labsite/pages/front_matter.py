"""The front matter of pages: fields that people fill in, each read with its faults.

A page need not be perfect. Whatever can be read is read, and every fault is a problem
that names its line and what to write instead.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from dataclasses import replace
from difflib import get_close_matches
from typing import TYPE_CHECKING, TypeVar

from labsite.model.dates import PartialDate, parse_date
from labsite.model.files import disguised_problems, read_text
from labsite.model.problems import Problem, Rule, quote
from labsite.model.repository import leads_outside
from labsite.model.sources import PageSource
from labsite.pages.yaml_lines import Document, Value, join, parse_yaml, unreadable

if TYPE_CHECKING:
    from collections.abc import (
        Callable,
        Collection,
        Iterable,
        Iterator,
        Mapping,
        Sequence,
    )
    from pathlib import Path

    from labsite.model.records import Library

_Record = TypeVar("_Record")
_LONGEST_SLIP = 80  #: letters of a word that could be a slip
_REACH = 50  #: words that are compared with one, each way along the alphabet
#: The lines that open and close front matter, as MyST takes them.
_OPENING = re.compile(r"-{3,}[ \t]*")
_CLOSING = re.compile(r"(?:-{3,}|\.{3})[ \t]*")
_NUMBER = re.compile(r"[-+]?\d{1,9}", re.ASCII)
#: Settings of MyST, which can turn on templates, and so code.
REFUSED_FIELDS = {"html_meta", "myst", "substitutions"}
#: What any page may have in its front matter for Sphinx, MyST or a theme, besides
#: whatever has a dot or a colon in its name, such as "og:image".
_PAGE_FIELDS = REFUSED_FIELDS | {
    "description", "keywords", "menu", "nocomments", "no-search", "nosearch",
    "original", "orphan", "tocdepth",
}  # fmt: skip
#: Directives that put in another file, or HTML, in Markdown or reStructuredText.
_REFUSED_DIRECTIVE = re.compile(
    r"^[ \t>]*(?:(?:`{3,}|~{3,}|:{3,})\{|\.\. )(include|literalinclude|raw)(?:\}|::)",
    re.MULTILINE,
)


def record_pages(folder: Path) -> list[Path]:
    """Return the pages of *folder* that are records: all but the index, by name.

    Files that are hidden, as editors and file managers leave them, are none, nor are
    links to a file of elsewhere.
    """
    pages = [] if leads_outside(folder) else sorted(folder.glob("[!._]*.md"))
    return [p for p in pages if p.stem != "index" and not leads_outside(p)]


def read_page(path: Path, file: str) -> tuple[Document, PageSource]:
    """Return a page's front matter, always a mapping, and the page as a source.

    :param file: the name that problems give the page
    """
    try:
        text, problems = read_text(path, file)
    except OSError as error:
        document = unreadable(file, f"cannot read the file: {error.strerror}")
        return document, PageSource(file=file)
    return parse_page(text, file, problems)


def parse_page(
    text: str, file: str, problems: tuple[Problem, ...] = ()
) -> tuple[Document, PageSource]:
    """Return the front matter of the page that is *text*, and the page as a source.

    :param problems: what is wrong with the file already
    """
    problems += disguised_problems(text, file)
    lines = text.split("\n")
    if not _OPENING.fullmatch(lines[0]):
        document = Document(file=file, value={}, problems=list(problems))
        return document, PageSource(file=file, body=text)
    closing = (i for i, line in enumerate(lines[1:], 1) if _CLOSING.fullmatch(line))
    end = next(closing, None)
    if end is None:
        message = "the front matter has no end; close it with a line '---'"
        document = unreadable(file, message, problems=list(problems))
        return document, PageSource(file=file, body=text)
    document = parse_yaml("\n".join(lines[1:end]), file, 2, problems)
    source = PageSource(
        file=file,
        lines=tuple((path, line) for path, line in document.lines.items() if path),
        body="\n".join(lines[end + 1 :]),
        body_line=end + 2,
    )
    if document.readable and document.value is None:
        document = replace(document, value={})
    elif document.readable and not isinstance(document.value, dict):
        message = (
            "the front matter has no fields; write each in a line, as 'key: value'"
        )
        document = unreadable(file, message, document.line(""), document.problems)
    return document, source


def read_records(
    folder: Path, docname: str, read: Callable[[Fields, PageSource], Iterable[_Record]]
) -> tuple[list[_Record], list[Problem]]:
    """Return what *read* makes of each page in a folder, and what is wrong.

    :param docname: the folder as the start of a Sphinx document name, e.g. "team"
    """
    records: list[_Record] = []
    problems: list[Problem] = []
    for path in record_pages(folder):
        document, source = read_page(path, f"{docname}/{path.name}")
        records += read(Fields(document, document.value), source)
        problems += document.problems  # now that every field has been read
    return records, problems


def did_you_mean(text: str, known: Collection[str]) -> str:
    """Return the remedy for a word that is none of the *known* ones."""
    near = get_close_matches(text[:_LONGEST_SLIP].lower(), known, n=1)
    return f"did you mean '{near[0]}'?" if near else f"use {', '.join(known)}"


def find_misspelling(text: str, known: Sequence[str]) -> str | None:
    """Return the one of the *known* words for which *text* may be a slip.

    Of very many only those that begin alike are looked at, which bounds the work.

    :param known: in order
    """
    place = bisect_left(known, text)
    some = known[max(place - _REACH, 0) : place + _REACH]
    return next(iter(get_close_matches(text[:_LONGEST_SLIP], some, n=1)), None)


def unknown_key(key: str, library: Library, file: str, line: int) -> Problem:
    """Return the problem of a citation key that the bibliography does not have."""
    near = find_misspelling(key, sorted(library.by_key))
    remedy = f"did you mean '{near}'?" if near else "use a key of the bibliography"
    message = f"there is no publication {quote(key)}; {remedy}"
    return Problem(rule=Rule.UNKNOWN_KEY, message=message, file=file, line=line)


class Fields:
    """The fields of one mapping; what is wrong with one is noted in the document."""

    def __init__(self, document: Document, value: Value, path: str = "") -> None:
        self.document = document
        self.values = value if isinstance(value, dict) else {}
        self.path = path

    def report(self, rule: Rule, message: str, key: str | None = None) -> None:
        """Note a problem of the field *key*, or of the whole."""
        path = self.path if key is None else join(self.path, key)
        message = message if key is None else f"{key}: {message}"
        self.document.report(rule, message, path)

    def check_keys(
        self, known: Collection[str], meant: Mapping[str, str] | None = None
    ) -> None:
        """Report fields that are not *known*.

        :param meant: words that people may take for a field -> the field
        """
        for key in self.values:
            anywhere = key in _PAGE_FIELDS or not {".", ":"}.isdisjoint(key)
            if key in known or (anywhere and not self.path):
                continue
            instead = (meant or {}).get(key.lower())
            remedy = did_you_mean(instead or key, (instead,) if instead else known)
            message = f"there is no field '{key}'; {remedy}"
            self.document.report(Rule.UNKNOWN_FIELD, message, join(self.path, key))

    def line(self, key: str) -> int:
        """Return the line of the field *key*, or of the whole if it is not there."""
        return self.document.line(join(self.path, key))

    def text(self, key: str) -> str | None:
        """Return a field of one value, its white space folded."""
        value = self.values.get(key)
        if isinstance(value, (list, dict)):
            message = "a list or a mapping where one value belongs; write it as text"
            self.report(Rule.BAD_VALUE, message, key)
            return None
        return _fold(value) or None if value else None

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a field of many values, each once; one value may stand alone."""
        value = self.values.get(key)
        texts: list[str] = []
        for index, item in enumerate(value if isinstance(value, list) else [value]):
            if isinstance(item, (list, dict)):
                message = f"{key}: not a list of values; write [one, another]"
                path = join(join(self.path, key), index)
                self.document.report(Rule.BAD_VALUE, message, path)
            elif item:
                texts.append(_fold(item))
        return tuple(dict.fromkeys(filter(None, texts)))

    def phrases(self, key: str) -> tuple[str, ...]:
        """Return a field of many values, which may stand in one line, by comma."""
        texts = self.texts(key)
        if isinstance(self.values.get(key), str):
            texts = tuple(filter(None, map(_fold, ",".join(texts).split(","))))
        return texts

    def number(self, key: str) -> int:
        """Return a field that is a whole number, 0 where there is none."""
        text = self.text(key) or "0"
        if _NUMBER.fullmatch(text):
            return int(text)
        self.report(Rule.BAD_VALUE, f"'{text}' is no whole number; write 3", key)
        return 0

    def date(self, key: str) -> PartialDate | None:
        """Return a field that is a date, ``None`` where there is none to be had."""
        text = self.text(key)
        issued = parse_date(text or "")
        if text and issued is None:
            message = f"'{text}' is not a date; write 2026, 2026-03 or 2026-03-14"
            self.report(Rule.BAD_DATE, message, key)
        return issued

    def pairs(self, key: str, example: str) -> Iterator[tuple[str, str]]:
        """Yield names and values of a field that is a mapping of texts.

        :param example: what a pair looks like, for the remedy
        """
        value = self.values.get(key)
        if value is not None and not isinstance(value, dict):
            message = f"this is no mapping; write '{example}' below it"
            self.report(Rule.BAD_VALUE, message, key)
        within = Fields(self.document, value, join(self.path, key))
        for name in within.values:
            text = within.text(name)
            if text:
                yield name, text

    def mappings(self, key: str, example: str) -> Iterator[Fields]:
        """Yield the mappings of a field that is a list of them.

        :param example: what a mapping looks like, for the remedy
        """
        value, remedy = self.values.get(key), f"write a list of '- {example}'"
        path = join(self.path, key)
        if value is not None and not isinstance(value, list):
            message = f"this is not a list; {remedy}"
            self.document.report(Rule.BAD_VALUE, message, path)
        for index, item in enumerate(value if isinstance(value, list) else ()):
            place = join(path, index)
            if isinstance(item, dict):
                yield Fields(self.document, item, place)
            else:
                message = f"an item of the list has no fields; {remedy}"
                self.document.report(Rule.BAD_VALUE, message, place)


def refused_fields(document: Document) -> list[Problem]:
    """Return a problem for each field of a page's front matter that is refused."""
    found = replace(document, problems=[])
    fields = document.value if isinstance(document.value, dict) else {}
    for name in sorted(REFUSED_FIELDS & fields.keys()):
        message = f"a page may not have the field '{name}'; write its text in the page"
        found.report(Rule.REFUSED_CONTENT, f"{message}, or 'description: …'", name)
    return found.problems


def refused_directives(source: PageSource) -> Iterator[Problem]:
    """Yield a problem for each directive of a page that is refused."""
    for found in _REFUSED_DIRECTIVE.finditer(source.body):
        yield Problem(
            rule=Rule.REFUSED_CONTENT,
            message=f"a page may not have the directive '{found[1]}'; write its text "
            "in the page",
            file=source.file,
            line=source.body_line + source.body.count("\n", 0, found.start(1)),
        )


def _fold(text: str) -> str:
    return unicodedata.normalize("NFC", " ".join(text.split()))
