"""What the readers of other systems yield, before a site is made of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where something stands in the old site, and where that showed it."""

    file: str  #: relative to the old site, with forward slashes
    line: int = 1  #: 1-based
    addresses: tuple[str, ...] = ()  #: from the root of the site


@dataclass(frozen=True, slots=True, kw_only=True)
class OldPaper:
    """An entry of a bibliography."""

    place: Place
    entry_type: str
    key: str
    fields: Mapping[str, str]  #: values with their delimiters
    topics: tuple[str, ...] = ()  #: words for topics
    folder: str = ""  #: where its files may lie, relative to the old site


@dataclass(frozen=True, slots=True, kw_only=True)
class OldPerson:
    """A member or a former member."""

    place: Place
    slug: str
    values: Mapping[str, object]  #: the front matter as it is to be, photograph aside
    role_label: str = ""  #: what the role is called, if it is the lab's own
    body: str = ""
    photo: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OldPage:
    """A plain page, or the page of a topic."""

    place: Place
    slug: str  #: empty for a page of which only the address counts
    title: str
    body: str = ""
    summary: str = ""
    image: Path | None = None
    order: int = 0
    papers: tuple[str, ...] = ()  #: citation keys of papers that belong to the topic
    words: tuple[str, ...] = ()  #: other words that papers may have for the topic


@dataclass(frozen=True, slots=True, kw_only=True)
class OldNews:
    """A dated item."""

    place: Place
    slug: str
    date: str  #: ISO 8601
    title: str = ""
    body: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OldSite:
    """All that a reader has found."""

    name: str = ""
    description: str = ""
    address: str = ""  #: of the site, with its scheme
    domain: str = ""  #: what the file CNAME says
    papers: tuple[OldPaper, ...] = ()
    macros: Mapping[str, str]  #: names and values of ``@string``
    people: tuple[OldPerson, ...] = ()
    topics: tuple[OldPage, ...] = ()
    news: tuple[OldNews, ...] = ()
    pages: tuple[OldPage, ...] = ()
