"""Records of an old site, and the tables of what other systems call their fields."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Any

from labsite.model.dates import find_date
from labsite.model.tables import read_table
from labsite.pages.people import OTHER_NAMES
from labsite.scaffold import page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

NAMES = read_table(__file__, "names.toml") | {
    "person": OTHER_NAMES["fields"],
    "profiles": OTHER_NAMES["links"],
}
_FENCE = 8  #: tildes around a page of literal text
PATTERNS = {n: re.compile(p, re.IGNORECASE) for n, p in NAMES["patterns"].items()}
#: Words in the names of fields of records in data files.
KNOWN = {"links", "social", "socials"} | {
    word
    for kind in ("person", "profiles", "topic", "news")
    for word in re.findall("[a-z-]+", repr(NAMES[kind]))
}


class Values(dict[str, Any]):
    """The fields of a page or a record: texts, lists and mappings."""

    def text(self, *names: str) -> str:
        """Return the first of the fields that is a text, its white space folded."""
        texts = (self[name] for name in names if isinstance(self.get(name), str))
        return " ".join(next(texts, "").split())

    def texts(self, name: str) -> list[str]:
        """Return a field with a list of texts, or with a text that has commas."""
        value = self.get(name)
        items = value.split(",") if isinstance(value, str) else value
        texts = [
            Values(each).text("name", "title", "text")
            if isinstance(each, dict)
            else each
            for each in (items if isinstance(items, list) else ())
        ]
        return [t.strip() for t in texts if isinstance(t, str) and t.strip()]

    def number(self, name: str) -> int:
        """Return a field that is a number; 0 if it is not."""
        text = self.text(name)
        return int(text) if re.fullmatch(r"-?[0-9]{1,6}", text) else 0

    def date(self, name: str) -> str:
        """Return the first date in a field in ISO 8601, or ""."""
        # A date may be a list of numbers.
        text = re.sub(r"(?<=\d{4}-\d\d-\d\d)[T ].*", "", "-".join(self.texts(name)))
        found = find_date(text)
        return found.start.isoformat() if found else ""

    def mapping(self, name: str) -> Values:
        """Return a field that is a mapping; without any, an empty one."""
        value = self.get(name)
        return Values(value if isinstance(value, dict) else {})

    def mappings(self, name: str) -> list[Values]:
        """Return the mappings in a list."""
        value = self.get(name)
        items = value if isinstance(value, list) else ()
        return [Values(item) for item in items if isinstance(item, dict)]

    def renamed(self, kind: str) -> Values:
        """Return the fields that have a value under the names of ``names.toml``."""
        rows = NAMES[kind].items()
        found = {n: next(filter(None, map(self.get, old)), None) for n, old in rows}
        return Values({name: value for name, value in found.items() if value})


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A page or a record in a data file of an old site."""

    file: str  #: relative to the old site, with forward slashes
    line: int = 1  #: 1-based
    addresses: tuple[str, ...] = ()  #: at which it was shown, from the root of the site
    section: str = ""  #: the group "section" of the pattern, or headings
    name: str = ""
    values: Values = field(default_factory=Values)
    body: str = ""

    @property
    def folder(self) -> str:
        """The folder of the file; empty for the root."""
        return self.file.rpartition("/")[0]

    @property
    def is_index(self) -> bool:
        """Whether the file is the index of its folder."""
        return re.search(r"(?:^|/)_?index\.\w+$", self.file) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """An entry of a bibliography."""

    source: Record
    entry_type: str
    key: str
    fields: Mapping[str, str]  #: values with their delimiters
    topics: tuple[str, ...] = ()  #: words for topics


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page of the new site: of a person, a topic, an item of news, or a plain one."""

    docname: str  #: empty for a page without text, whose address is redirected
    front: Mapping[str, Any]  #: the front matter
    source: Record = Record(file="")
    body: str = ""  #: of the old site until the links are known
    tail: str = ""  #: what follows the text
    sections: str = ""  #: those of the text, if they are below the tail
    picture: str = ""  #: its old address
    words: tuple[str, ...] = ()  #: of a topic: the words by which papers name it

    @property
    def name(self) -> str:
        """The last part of the document's name."""
        return self.docname.rpartition("/")[2]

    def text(self, *, literal: bool = False) -> str:
        """Return the file's text, with the texts of the old site as literal text."""
        texts = (self.body, self.sections)
        body, rest = (as_literal(t, _FENCE) if literal and t else t for t in texts)
        return page(self.front, body, self.tail, rest)


def as_literal(text: str, length: int) -> str:
    """Return a text in a fence of at least *length* tildes, longer than those in it."""
    fence = "~" * max(length, *(len(f) + 1 for f in re.findall("~{3,}", text)), 0)
    return f"{fence}text\n{text}\n{fence}"


def rename(kind: str, name: str) -> str:
    """Return our name for what other systems call *name*; else the name itself."""
    return next((ours for ours, names in NAMES[kind].items() if name in names), name)


def match_first(kind: str, text: str) -> str:
    """Return the name of the first pattern of a table that occurs in a text."""
    rows = NAMES[kind].items()
    return next((n for n, p in rows if re.search(p, text, re.IGNORECASE)), "")


def find_items(data: object, heading: str = "") -> Iterator[tuple[Values, str]]:
    """Yield each record in a value, with the headings above it.

    A mapping with texts is a record, or a group of records with a title. Of other
    mappings each field is a group, or a record with its name.
    """
    for item in data if isinstance(data, list) else ():
        yield from find_items(item, heading)
    values = Values(data if isinstance(data, dict) else {})
    groups = [*filter(PATTERNS["members"].fullmatch, filter(values.mappings, values))]
    is_told = _has_text(values)
    if is_told and not groups:
        yield values, heading
        return
    title = values.text("name", "title", "group", "role")
    for name in groups if is_told else values:
        value = values[name]
        if _has_text(value):
            yield from find_items({"name": name, **value}, heading)
        else:
            yield from find_items(value, f"{heading} {title or name}")


def _has_text(value: object) -> bool:
    return isinstance(value, dict) and any(isinstance(v, str) for v in value.values())


def free_name(name: str, is_taken: Callable[[str], bool]) -> str:
    """Return a name, with the first number behind it that makes it unique."""
    numbered = (f"{name}-{number}" for number in count(2))
    return next(n for n in numbered if not is_taken(n)) if is_taken(name) else name
