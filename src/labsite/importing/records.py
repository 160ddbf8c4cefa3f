"""What the readers of other systems yield, before a site is made of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class OldRecord:
    """Something that stands in one place of the old site."""

    file: str  #: relative to the old site, with forward slashes
    line: int = 1  #: 1-based
    #: Where the old site showed it, from the root, without slashes at the ends.
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OldPaper(OldRecord):
    """An entry of a bibliography."""

    entry_type: str
    key: str
    fields: Mapping[str, str]  #: values with their delimiters
    topics: tuple[str, ...] = ()  #: words for topics
    folder: str = ""  #: where its files may lie, relative to the old site


@dataclass(frozen=True, slots=True, kw_only=True)
class OldPerson(OldRecord):
    """A member or a former member."""

    slug: str
    values: Mapping[str, object]  #: the front matter as it is to be, photograph aside
    body: str = ""
    photo: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OldPage(OldRecord):
    """A page of text; a topic if papers may belong to it."""

    slug: str  #: of a plain page, the document's name
    title: str
    body: str = ""
    summary: str = ""
    image: Path | None = None
    order: int = 0
    papers: tuple[str, ...] = ()  #: citation keys of papers that belong to the topic
    words: tuple[str, ...] = ()  #: other words that papers may have for the topic


@dataclass(frozen=True, slots=True, kw_only=True)
class OldNews(OldRecord):
    """A dated item."""

    slug: str
    date: str  #: ISO 8601
    title: str = ""
    body: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OldSite:
    """All that a reader has found."""

    system: str
    name: str = ""
    description: str = ""
    address: str = ""  #: of the site, with its scheme
    papers: tuple[OldPaper, ...] = ()
    macros: tuple[tuple[str, str], ...] = ()  #: names and values of ``@string``
    people: tuple[OldPerson, ...] = ()
    topics: tuple[OldPage, ...] = ()
    news: tuple[OldNews, ...] = ()
    pages: tuple[OldPage, ...] = ()
    roles: Mapping[str, str] = field(default_factory=dict)  #: of the site's own: label
