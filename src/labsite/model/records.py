"""The values the engine passes around: frozen records without behaviour of their own.

Optional means ``None``, many means ``tuple``; an empty string never stands for
"absent". Nothing here reads a file, and nothing here knows Sphinx.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

from labsite.model.dates import DateSpan, PartialDate

if TYPE_CHECKING:
    from collections.abc import Mapping

    from labsite.model.problems import Problem
    from labsite.model.rich_text import RichText
    from labsite.model.sources import EntrySource, PageSource


_UNKNOWN = PartialDate()


@dataclass(frozen=True, slots=True, kw_only=True)
class Creator:
    """One author or editor, in the parts BibTeX knows."""

    family: str
    given: str | None = None
    particle: str | None = None  #: "von", "de la"; BibTeX's *von* part
    suffix: str | None = None  #: "Jr", "III"; BibTeX's *Jr* part
    dropping: bool = False  #: the particle is no part of the family name in lists
    annotations: tuple[str, ...] = ()  #: from ``author+an``, such as "equal"
    literal: bool = False  #: in braces of its own: a body, or a name not to be split
    #: Whose name it is, from ``author+an:id`` or ``author+an:orcid``: the file name of
    #: a page of the team, or an ORCID.
    identifier: str | None = None

    @property
    def name(self) -> str:
        """The name in the order in which it is spoken in BibTeX's world."""
        parts = (self.given, self.particle, self.family)
        name = " ".join(part for part in parts if part)
        return f"{name}, {self.suffix}" if self.suffix else name

    @property
    def family_name(self) -> str:
        """The family name with its particle, as in "van der Berg"."""
        parts = (None if self.dropping else self.particle, self.family)
        return " ".join(filter(None, parts))

    @property
    def inverted_name(self) -> str:
        """The name as RIS and Scholar have it: Family, Given, Suffix."""
        given = (self.given, self.particle if self.dropping else None)
        parts = (self.family_name, " ".join(filter(None, given)), self.suffix)
        return ", ".join(filter(None, parts))

    @property
    def equal(self) -> bool:
        """Whether the entry says this author contributed equally with others."""
        return "equal" in self.annotations


@dataclass(frozen=True, slots=True, kw_only=True)
class Contributors:
    """The people of one role."""

    #: The name of a field ("translator"), or the role that ``editortype`` names.
    role: str
    names: tuple[Creator, ...]
    more: bool = False  #: the list ends in BibTeX's ``and others``


@dataclass(frozen=True, slots=True)
class Venue:
    """Where a publication appeared."""

    name: str  #: the full name
    short: str | None = None  #: from the ``@string`` macro that means this name
    #: The field that says it.
    field: str | None = dataclasses.field(default=None, compare=False, repr=False)

    @property
    def label(self) -> str:
        """The short name if there is one, else the full one."""
        return self.short or self.name


class Kind(StrEnum):
    """What sort of publication it is, in the words readers filter by."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A way from the publication to one of its forms: what a button shows."""

    name: str  #: the field's name without ``url_``, e.g. "pdf" or "code"
    label: str  #: what a reader sees, e.g. "PDF"
    url: str  #: absolute ``http(s)``, or a path below the site's root


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """One entry of the bibliography, decoded once.

    ``repr`` leaves the source out: records that look alike print alike.
    """

    key: str
    entry_type: str  #: BibTeX's entry type in lower case, without the ``@``
    kind: Kind
    title: RichText
    creators: tuple[Creator, ...]
    more_creators: bool = False  #: the list ends in BibTeX's ``and others``
    issued: PartialDate = _UNKNOWN
    venue: Venue | None = None
    topics: tuple[str, ...] = ()  #: tokens of ``keywords``, in the entry's order
    award: str | None = None
    note: RichText | None = None
    abstract: RichText | None = field(default=None, repr=False)
    doi: str | None = None  #: bare, e.g. "10.1145/3589258"
    arxiv: str | None = None  #: bare identifier, e.g. "2403.06664"
    links: tuple[Link, ...] = ()  #: in the order in which buttons stand
    selected: bool = False
    forthcoming: bool = False  #: ``pubstate`` says that it is still to appear
    preview: str | None = None  #: path of a picture, relative to the file
    #: Earlier keys, from biblatex's ``ids``, and the keys of other versions.
    aliases: tuple[str, ...] = field(default=(), repr=False)
    #: Everybody by role, the creators too.
    contributors: tuple[Contributors, ...] = field(default=(), repr=False)
    #: Name of a date field -> the whole date; "date" is when it appeared.
    dates: tuple[tuple[str, DateSpan], ...] = field(default=(), repr=False)
    #: First and last page of each range, or one page.
    pages: tuple[tuple[str, ...], ...] = field(default=(), repr=False)
    language: str | None = field(default=None, repr=False)  #: a tag (BCP 47)
    #: Name of a field in the table -> plain Unicode; titles have their subtitles.
    texts: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    #: The other versions of the work, which ``related`` names.
    versions: tuple[Publication, ...] = ()
    #: Resolved, undecoded, inherited too.
    fields: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    source: EntrySource = field(repr=False)

    def text(self, *names: str) -> str | None:
        """Return the first of the named fields that it has, as plain Unicode."""
        known = dict(self.texts)
        return next((known[name] for name in names if name in known), None)

    def field(self, *names: str) -> str | None:
        """Return the undecoded value of the first of the named fields it has."""
        known = dict(self.fields)
        return next((known[name] for name in names if name in known), None)

    def date(self, name: str) -> DateSpan | None:
        """Return a date: "date", "eventdate", "origdate" or "urldate"."""
        return dict(self.dates).get(name)

    def people(self, role: str) -> tuple[Creator, ...]:
        """Return the people of a role."""
        return next((c.names for c in self.contributors if c.role == role), ())


@dataclass(frozen=True)
class Library:
    """What one reading of the bibliography gave."""

    publications: tuple[Publication, ...] = ()  #: one of each work, as lists have them
    problems: tuple[Problem, ...] = ()
    entries: int = 0  #: how many entries the files begin, readable or not
    containers: int = 0  #: how many besides only hold what others inherit
    #: Works that others are parts of, such as proceedings; of no list of the site.
    wholes: tuple[Publication, ...] = ()
    #: The value of every ``@string``, and the macro's name as first written.
    macros: tuple[tuple[str, str], ...] = ()

    @cached_property
    def by_key(self) -> Mapping[str, Publication]:
        """Every publication under its citation key and its earlier keys."""
        known = {alias: p for p in self.publications for alias in p.aliases}
        known.update((p.key, p) for p in self.publications)
        return known

    @cached_property
    def every_version(self) -> tuple[Publication, ...]:
        """Every entry that is a publication, the other versions of works too."""
        return tuple(v for p in self.publications for v in (p, *p.versions))


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A research topic: a page of the site and a token of ``keywords``."""

    slug: str  #: the page's file name without its ending, and the token
    title: str
    docname: str
    summary: str | None = None
    image: str | None = None  #: a drawing's path from the site's source directory
    order: int = 0


class Role(StrEnum):
    """The roles that every site has, in the order of the team page."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredRole:
    """What a site says of a role: of one of its own, or of one that every site has."""

    name: str | None = None  #: what one person is called
    plural: str | None = None  #: what several are called
    after: str | None = None  #: the role behind which it stands; "" to be the first


@dataclass(frozen=True, slots=True, kw_only=True)
class Honour:
    """An award to a person."""

    name: str
    issued: PartialDate = _UNKNOWN
    by: str | None = None  #: who gives it, or the venue where it was given
    papers: tuple[str, ...] = ()  #: citation keys
    line: int = field(default=1, repr=False, compare=False)  #: 1-based, in the page


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A member or a former member: the front matter of one page of the team."""

    slug: str  #: the page's file name without its ending
    name: str  #: as papers should have it, given name first
    role: str  #: a :class:`Role`, or a role of the site's own
    docname: str
    names: tuple[tuple[str, str], ...] = ()  #: in other scripts, by language: "ko"
    aliases: tuple[str, ...] = ()  #: other spellings that papers have
    distinct_from: tuple[str, ...] = ()  #: similar names that are other people's
    position: str | None = None  #: e.g. "Assistant Professor"
    department: str | None = None
    affiliations: tuple[str, ...] = ()
    mentors: tuple[str, ...] = ()  #: names, or file names of pages of the team
    order: int = 0  #: place among the people of the role; the lowest number first
    joined: PartialDate = _UNKNOWN
    left: PartialDate | None = None  #: None while a member; may be of unknown date
    degree: str | None = None  #: got here, e.g. "MS"
    now: str | None = None  #: where an alumnus went, or what an alumnus is now
    interests: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    office: str | None = None
    contact: str | None = None  #: as it may be printed, e.g. "name at host dot kr"
    email: str | None = None  #: an address to write to, e.g. "name@example.org"
    photo: str | None = None  #: a picture's path, relative to the page
    awards: tuple[Honour, ...] = ()
    source: PageSource = field(repr=False)

    @property
    def is_alumnus(self) -> bool:
        """Whether the person has left, by the record; see also ``left`` in future."""
        return self.left is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewsItem:
    """One dated item of news."""

    slug: str  #: the file name without its ending; stable, so a feed can use it
    issued: PartialDate
    text: str  #: MyST, a sentence or two; empty if the item is drafted
    kind: str = "news"  #: "paper", "award", "member" or "news"
    papers: tuple[str, ...] = ()  #: citation keys that the text cites
    drafted: bool = False  #: from an entry's ``accepted``: say it of :attr:`papers`
    source: PageSource = field(repr=False)
