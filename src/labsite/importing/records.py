"""What is found in an old site, before a site is made of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where something stands in the old site, and where that showed it."""

    file: str  #: relative to the old site, with forward slashes
    line: int = 1  #: 1-based
    addresses: tuple[str, ...] = ()  #: from the root of the site

    @property
    def folder(self) -> str:
        """The folder of the file; empty for the root."""
        return self.file.rpartition("/")[0]

    @property
    def name(self) -> str:
        """The file's name without its ending, the folder's if the file is its index."""
        stem = self.file.rpartition("/")[2].rpartition(".")[0]
        return (self.folder.rpartition("/")[2] if self.is_index else "") or stem

    @property
    def is_index(self) -> bool:
        """Whether the file is a folder's page."""
        return self.file.rpartition("/")[2].startswith(("index.", "_index."))


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A page or a data file: what it says in fields, and its text."""

    place: Place
    section: str = ""  #: the group "section" of the pattern, or headings
    name: str = ""
    values: Any = field(default_factory=dict)  #: texts, lists, mappings
    body: str = ""

    @property
    def fields(self) -> dict[str, Any]:
        """What it says, if it says it in fields."""
        return self.values if isinstance(self.values, dict) else {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """An entry of a bibliography."""

    place: Place
    entry_type: str
    key: str
    fields: Mapping[str, str]  #: values with their delimiters
    topics: tuple[str, ...] = ()  #: words for topics


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A page of the new site: a person, a topic, an item of news or a plain page."""

    place: Place
    slug: str  #: empty for a page of which only the address counts
    front: Mapping[str, Any]  #: the front matter as it is to be, but for pictures
    body: str = ""
    picture: Path | None = None
    label: str = ""  #: what a person's role is called, if it is the lab's own
    words: tuple[str, ...] = ()  #: of a topic: other words that papers have for it

    @property
    def title(self) -> str:
        """The title, or a person's name."""
        return str(self.front.get("title") or self.front.get("name") or "")
