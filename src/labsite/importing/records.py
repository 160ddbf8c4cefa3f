"""Records of an old site, and the tables of what other systems call their fields."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Any

from labsite.model.dates import find_date
from labsite.model.tables import read_table
from labsite.pages.people import OTHER_NAMES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

NAMES = read_table(__file__, "names.toml") | {
    "person": OTHER_NAMES["fields"],
    "profiles": OTHER_NAMES["links"],
}
#: Fields with the records of a group: of one with a title, and of any other, whose
#: records may have parts.
_MEMBERS = re.compile("members?|people|persons?|team|students?|staff|alumni|list|items")
_ANY = re.compile(
    "(?!(?:name|links|socials?|profiles|education|affiliations|buttons|authors)$).*"
)
PATTERNS = {n: re.compile(p, re.IGNORECASE) for n, p in NAMES["patterns"].items()}


_KINDS = [NAMES[kind] for kind in ("person", "profiles", "topic", "news")]
#: Words in the names of fields of records in data files.
KNOWN = {"links", "social", "socials", *re.findall("[a-z-]+", repr(_KINDS))}


class Values(dict[str, Any]):
    """The fields of a page or a record: texts, lists and mappings."""

    def text(self, *names: str) -> str:
        """Return the first of the fields that is a text, its white space folded."""
        texts = (self[name] for name in names if isinstance(self.get(name), str))
        return " ".join(next(texts, "").split())

    def number(self, name: str) -> int:
        """Return a field that is a number; 0 if it is not."""
        text = self.text(name)
        return int(text) if re.fullmatch(r"-?[0-9]{1,6}", text) else 0

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
        """Return the mappings in a field, which may be in lists or in a mapping."""
        value = self.get(name)
        items = [*value.values()] if isinstance(value, dict) else [value]
        found = []
        for item in items:
            inner = item if isinstance(item, list) else [item]
            found += [Values(each) for each in inner if isinstance(each, dict)]
        return found

    def renamed(self, kind: str) -> Values:
        """Return the fields that have a value under the names of ``names.toml``."""
        rows = NAMES[kind].items()
        found = {n: next(filter(None, map(self.get, old)), None) for n, old in rows}
        return Values({name: value for name, value in found.items() if value})


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A page, a data file or a record in one, and its place in the old site."""

    file: str  #: relative to the old site, with forward slashes
    line: int = 1  #: 1-based
    addresses: tuple[str, ...] = ()  #: at which it was shown, from the root of the site
    section: str = ""  #: the group "section" of the pattern, or headings
    name: str = ""
    values: Any = field(default_factory=dict)  #: texts, lists, mappings
    body: str = ""

    @property
    def fields(self) -> Values:
        """The values, if they are a mapping."""
        return Values({"": self.values}).mapping("")

    @property
    def folder(self) -> str:
        """The folder of the file; empty for the root."""
        return self.file.rpartition("/")[0]

    @property
    def stem(self) -> str:
        """The file's name without suffix; the folder's name for an index file."""
        stem = self.file.rpartition("/")[2].rpartition(".")[0]
        return (self.folder.rpartition("/")[2] if self.is_index else "") or stem

    @property
    def is_index(self) -> bool:
        """Whether the file is the index of its folder."""
        return self.file.rpartition("/")[2].startswith(("index.", "_index."))


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """An entry of a bibliography."""

    source: Source
    entry_type: str
    key: str
    fields: Mapping[str, str]  #: values with their delimiters
    topics: tuple[str, ...] = ()  #: words for topics


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A person, a topic, an item of news or a plain page of the new site."""

    source: Source
    slug: str  #: empty for a page without text, whose address is redirected
    front: Mapping[str, Any]  #: the front matter, except for pictures
    body: str = ""
    picture: Path | None = None
    words: tuple[str, ...] = ()  #: of a topic: the words by which papers name it

    @property
    def title(self) -> str:
        """The title, or a person's name."""
        return str(self.front.get("title") or self.front.get("name") or "")

    @property
    def origin(self) -> str:
        """The data file of the record, or the folder of its page."""
        return re.sub(r"[^/]+\.(?:md|markdown|html)$", "", self.source.file)


def rename(kind: str, name: str) -> str:
    """Return our name for what other systems call *name*; else the name itself."""
    return next((ours for ours, names in NAMES[kind].items() if name in names), name)


def match_first(kind: str, text: str) -> str:
    """Return the name of the first pattern of a table that occurs in a text."""
    rows = NAMES[kind].items()
    return next((n for n, p in rows if re.search(p, text, re.IGNORECASE)), "")


def find_items(data: object, heading: str = "") -> Iterator[tuple[Values, str]]:
    """Yield each record in a value, with the headings above it.

    A mapping with texts is a record, unless it has groups of records. Of other mappings
    each field is a group, or a record with its name.
    """
    for item in data if isinstance(data, list) else ():
        yield from find_items(item, heading)
    values = Values({"": data}).mapping("")
    title = values.text("name", "title", "group", "role")
    inside = filter(values.mappings, values)
    groups = {n for n in inside if (_MEMBERS if title else _ANY).fullmatch(n)}
    told = any(isinstance(value, str) for value in values.values())
    if not groups and (told or "name" in values):
        yield values, heading
        return
    for name, value in values.items():
        if name in groups:
            yield from find_items(value, f"{heading} {title or name}")
        elif isinstance(value, dict) and not title:
            yield from find_items({"name": name, **value}, heading)


def free_name(name: str, is_taken: Callable[[str], bool]) -> str:
    """Return a name, with the first number behind it that makes it unique."""
    numbered = (f"{name}-{number}" for number in count(2))
    return next(n for n in numbered if not is_taken(n)) if is_taken(name) else name


def significant(heading: str) -> str:
    """Return the words of a heading that tell a group of people from others."""
    return " ".join(PATTERNS["generic"].sub(" ", heading).split())
