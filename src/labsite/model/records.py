"""The frozen records of the engine; a missing value is ``None``, never ``""``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any, NamedTuple

from labsite.model.dates import DateSpan, PartialDate
from labsite.model.problems import Problem
from labsite.model.rich_text import RichText
from labsite.model.sources import EntrySource, PageSource

_UNKNOWN = PartialDate()
#: A name in Korean, Chinese or Japanese; one in katakana alone is a transcription.
_EAST_ASIAN = re.compile(
    "(?![\u30a0-\u30ff]+$)"
    "[\u3005-\u30ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff]+"
)


def east_asian_name(family: str, given: str | None) -> str | None:
    """Return an East Asian name as one word; ``None`` for other names."""
    whole = f"{family}{given}"
    return whole if given and _EAST_ASIAN.fullmatch(whole) else None


@dataclass(frozen=True, kw_only=True)
class Creator:
    """An author, an editor or another person, with the parts of the name."""

    family: str
    given: str | None = None
    particle: str | None = None  #: "von", "de la"; BibTeX's *von* part
    suffix: str | None = None  #: "Jr", "III"; BibTeX's *Jr* part
    dropping: bool = False  #: the particle is not a part of the family name in lists
    annotations: tuple[str, ...] = ()  #: from ``author+an``, such as "equal"
    literal: bool = False  #: in braces: an organization, or a name not to be split
    identifier: str | None = None  #: an ORCID, or the name of the person's page

    @cached_property
    def name(self) -> str:
        """The name with the given name first; an East Asian one as one word."""
        if whole := east_asian_name(self.family, self.given):
            return whole
        name = " ".join(filter(None, (self.given, self.particle, self.family)))
        return f"{name}, {self.suffix}" if self.suffix else name

    @property
    def family_name(self) -> str:
        """The family name with its particle, as in "van der Berg"."""
        parts = (None if self.dropping else self.particle, self.family)
        return " ".join(filter(None, parts))

    @property
    def inverted_name(self) -> str:
        """The name as in RIS: Family, Given, Suffix."""
        given = (self.given, self.particle if self.dropping else None)
        parts = (self.family_name, " ".join(filter(None, given)), self.suffix)
        return ", ".join(filter(None, parts))

    @property
    def equal(self) -> bool:
        """Whether the author contributed equally, by an annotation."""
        return "equal" in self.annotations


class Contributors(NamedTuple):
    """The people with one role."""

    role: str  #: the name of a field ("translator"), or the value of ``editortype``
    names: tuple[Creator, ...]
    more: bool = False  #: the list ends with ``and others``


@dataclass(frozen=True)
class Venue:
    """Where a publication appeared: a conference, a journal, a publisher."""

    name: str  #: the full name
    short: str | None = None  #: from the name of its ``@string`` macro
    #: The field that names it.
    field: str | None = field(default=None, compare=False, repr=False)

    @property
    def label(self) -> str:
        """The short name if there is one, else the full one."""
        return self.short or self.name


class Kind(StrEnum):
    """The kinds of publications, by which readers filter."""

    CONFERENCE = "conference"
    JOURNAL = "journal"
    WORKSHOP = "workshop"
    DEMO = "demo"
    PREPRINT = "preprint"
    THESIS = "thesis"
    BOOK = "book"
    PATENT = "patent"
    REPORT = "report"
    SOFTWARE = "software"
    OTHER = "other"


class Link(NamedTuple):
    """A button of a publication."""

    name: str  #: the field's name without ``url_``, e.g. "pdf" or "code"
    label: str  #: what a reader sees, e.g. "PDF"
    url: str  #: absolute ``http(s)``, or a path below the site's root


@dataclass(frozen=True, kw_only=True)
class Publication:
    """A decoded entry; ``repr`` leaves out what items of lists do not show."""

    key: str
    entry_type: str  #: BibTeX's entry type in lower case, without the ``@``
    kind: Kind
    title: RichText
    creators: tuple[Creator, ...]
    more_creators: bool = False  #: the list ends with ``and others``
    issued: PartialDate = _UNKNOWN
    venue: Venue | None = None
    topics: tuple[str, ...] = ()  #: tokens of ``keywords``, in the entry's order
    award: str | None = None
    note: RichText | None = None
    abstract: RichText | None = field(default=None, repr=False)
    doi: str | None = None  #: bare, e.g. "10.1145/3589258"
    arxiv: str | None = None  #: bare identifier, e.g. "2403.06664"
    links: tuple[Link, ...] = ()  #: in the order of the buttons
    selected: bool = False
    forthcoming: bool = False  #: by ``pubstate``
    preview: str | None = None  #: path of a picture, relative to the file
    #: Whether a mistake, which is reported, has cost it fields.
    lacks_fields: bool = field(default=False, repr=False)
    #: Earlier keys, from biblatex's ``ids``, and the keys of other versions.
    aliases: tuple[str, ...] = field(default=(), repr=False)
    #: All people by role, the creators too.
    contributors: tuple[Contributors, ...] = field(default=(), repr=False)
    #: Name of a date field -> the date; "date" is the date of publication.
    dates: tuple[tuple[str, DateSpan], ...] = field(default=(), repr=False)
    #: First and last page of each range, or a single page.
    pages: tuple[tuple[str, ...], ...] = field(default=(), repr=False)
    language: str | None = None  #: a tag (BCP 47)
    #: Name of a text field -> plain Unicode; titles have their subtitles.
    texts: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    versions: tuple[Publication, ...] = ()  #: others of the work, from ``related``
    #: Name -> value, with macros resolved, not decoded; inherited fields too.
    fields: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    source: EntrySource = field(repr=False)

    @property
    def where(self) -> str:
        """The short name of the venue and the year, as far as known: "HPCA 2026"."""
        label = self.venue.label if self.venue else ""
        return f"{label} {self.issued.year or ''}".strip()

    def text(self, *names: str) -> str | None:
        """Return the value of the first of *names* that it has, as plain Unicode."""
        return next(filter(None, map(dict(self.texts).get, names)), None)

    def field(self, *names: str) -> str | None:
        """Return the undecoded value of the first of *names* that it has."""
        return next(filter(None, map(dict(self.fields).get, names)), None)

    def date(self, name: str) -> DateSpan | None:
        """Return a date: "date", "eventdate", "origdate" or "urldate"."""
        return dict(self.dates).get(name)

    def people(self, role: str) -> tuple[Creator, ...]:
        """Return the people with a role."""
        return next((c.names for c in self.contributors if c.role == role), ())


@dataclass(frozen=True)
class Library:
    """The content of a bibliography."""

    publications: tuple[Publication, ...] = ()  #: one of each work, as in lists
    problems: tuple[Problem, ...] = ()
    entries: int = 0  #: number of entries in the files, readable or not
    containers: int = 0  #: number of entries that others inherit from only
    collections: tuple[Publication, ...] = ()  #: whole works, which are in no list
    macros: tuple[tuple[str, str], ...] = ()  #: value -> name of its first macro
    topics_field: str = "keywords"  #: the field that has the tokens of topics
    unchanged: frozenset[str] = frozenset()  #: keys read before, without problems

    @cached_property
    def by_key(self) -> Mapping[str, Publication]:
        """All publications by their keys and earlier keys."""
        by_alias = {alias: p for p in self.publications for alias in p.aliases}
        return by_alias | {p.key: p for p in self.publications}

    @cached_property
    def keys(self) -> frozenset[str]:
        """All keys, also of entries that cannot be read, which have been reported."""
        return frozenset(self.by_key) | {p.key for p in self.problems if p.key}

    @cached_property
    def every_version(self) -> tuple[Publication, ...]:
        """All publications, the other versions of works too."""
        return tuple(v for p in self.publications for v in (p, *p.versions))


@dataclass(frozen=True, kw_only=True)
class Topic:
    """A research topic: a page of the site and a token of the field of topics."""

    slug: str  #: the page's file name without its ending, and the token
    title: str
    docname: str
    summary: str | None = None
    image: str | None = None  #: a drawing's path from the site's source directory
    order: int = 0


class Role(StrEnum):
    """The roles of every site, in the order of the team page."""

    PI = "pi"
    PROFESSOR = "professor"
    POSTDOC = "postdoc"
    PHD = "phd"
    MSPHD = "msphd"
    MS = "ms"
    INTERN = "intern"
    STAFF = "staff"
    VISITOR = "visitor"
    MEMBER = "member"


@dataclass(frozen=True, kw_only=True)
class Honour:
    """An award of a person."""

    name: str
    issued: PartialDate = _UNKNOWN
    by: str | None = None  #: who gave it, or the venue
    papers: tuple[str, ...] = ()  #: citation keys
    line: int = field(default=1, repr=False, compare=False)  #: 1-based, in the page


@dataclass(frozen=True, kw_only=True)
class Person:
    """A member or former member, from the front matter of a page of the team."""

    slug: str  #: the page's file name without its ending
    name: str  #: as in papers, given name first
    role: str  #: a :class:`Role`, or a role of the site's own
    docname: str
    names: tuple[tuple[str, str], ...] = ()  #: language ("ko") -> name in its script
    aliases: tuple[str, ...] = ()  #: other spellings in papers
    distinct_from: tuple[str, ...] = ()  #: similar names of other people
    translations: tuple[tuple[str, str, Any], ...] = ()  #: language, field, value
    position: str | None = None  #: e.g. "Assistant Professor"
    department: str | None = None
    affiliations: tuple[str, ...] = ()
    mentors: tuple[str, ...] = ()  #: names, or file names of pages of the team
    order: int = 0  #: place among the people with the role, lowest first
    joined: PartialDate = _UNKNOWN
    left: PartialDate | None = None  #: None for members; the date can be unknown
    degree: str | None = None  #: from this lab, e.g. "MS"
    now: str | None = None  #: an alumnus's institution or position
    interests: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    office: str | None = None
    contact: str | None = None  #: text, e.g. "name at host dot kr"
    email: str | None = None  #: e.g. "name@example.org"
    photo: str | None = None  #: a picture's path, relative to the page
    awards: tuple[Honour, ...] = ()
    source: PageSource = field(repr=False)

    def has_left(self, today: PartialDate) -> bool:
        """Return whether the person has left by *today*."""
        return self.left is not None and self.left.has_come(today)


@dataclass(frozen=True, kw_only=True)
class NewsItem:
    """An item of news."""

    slug: str  #: the file name without its ending; part of the address in the feed
    issued: PartialDate
    text: str  #: MyST; empty if the item is drafted
    kind: str = "news"  #: one of ``KINDS`` in :mod:`labsite.pages.news`
    papers: tuple[str, ...] = ()  #: citation keys in the text
    people: tuple[str, ...] = ()  #: names in the text's roles of people
    drafted: bool = False  #: made from ``accepted`` of :attr:`papers`
    source: PageSource = field(repr=False)

    @property
    def month(self) -> PartialDate:
        """The date as it is shown: the day is often not exact."""
        return self.issued._replace(day=0)
