"""Views: the part of a site's records that a page shows, each with a digest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from labsite.model.digests import digest_text

if TYPE_CHECKING:
    from labsite.model.records import Publication
    from labsite.site.groups import GroupKind
    from labsite.site.query import Query
    from labsite.site.site import SiteRecords


class View(Protocol):
    """A part of the records that a page shows."""

    def digest(self, site: SiteRecords) -> str:
        """Return a string that changes when what the page shows changes."""


@dataclass(frozen=True, slots=True)
class ListView:
    """The publications of a query."""

    query: Query

    def digest(self, site: SiteRecords) -> str:
        """Digest each publication as a list shows it, and their order."""
        found = site.select(self.query)
        return digest_text(*map(site.appearance, found))


@dataclass(frozen=True, slots=True)
class ShapeView:
    """What a list of publications is without its items: headings, numbers, order."""

    query: Query

    def digest(self, site: SiteRecords) -> str:
        """Digest which publications there are, and what headings they stand under."""
        return digest_text(*map(list_shape, site.select(self.query)))


def list_shape(publication: Publication) -> str:
    """Return what a list has to know of a publication before it shows it."""
    equal = any(creator.equal for creator in publication.creators)
    year, kind, venue = publication.issued.year, publication.kind, publication.venue
    return repr((publication.key, year, kind, venue, publication.topics, equal))


@dataclass(frozen=True, slots=True)
class GroupView:
    """Which group has a page of its own at a path."""

    path: str

    def digest(self, site: SiteRecords) -> str:
        """Return the group's record; empty if there is none."""
        group = site.groups.get(self.path)
        return repr(group) if group else ""


@dataclass(frozen=True, slots=True)
class GroupsView:
    """The groups of one kind, with how many publications each has."""

    kind: GroupKind

    def digest(self, site: SiteRecords) -> str:
        """Digest names and numbers."""
        groups = [g for g in site.groups.values() if g.kind is self.kind]
        numbers = [len(site.select(group.query)) for group in groups]
        return digest_text(repr(groups), repr(numbers))


@dataclass(frozen=True, slots=True)
class TopicsView:
    """The names of the topics."""

    def digest(self, site: SiteRecords) -> str:
        """Digest the topics' records."""
        return digest_text(repr(site.topics))


@dataclass(frozen=True, slots=True)
class CountView:
    """How many publications a query finds."""

    query: Query

    def digest(self, site: SiteRecords) -> str:
        """Return the number."""
        return str(len(site.select(self.query)))


@dataclass(frozen=True, slots=True)
class PublicationView:
    """One publication on a page of its own, with its source; which are related."""

    key: str

    def digest(self, site: SiteRecords) -> str:
        """Digest the page's content; empty if there is no such publication."""
        publication = site.library.by_key.get(self.key)
        if publication is None:
            return ""
        related = [other.key for other in site.related(publication)]
        # The line is not on the page; "exports/lines.py" says why.
        place = publication.source.file if site.source_url else ""
        titles = [site.topics_by_slug.get(topic) for topic in publication.topics]
        return digest_text(
            site.appearance(publication),
            site.digest(publication),
            place,
            repr((titles, related)),
        )


@dataclass(frozen=True, slots=True)
class RelatedView:
    """The items of the list of related papers on a publication's page."""

    key: str

    def digest(self, site: SiteRecords) -> str:
        """Digest each as a list shows it; empty if there is no such publication."""
        publication = site.library.by_key.get(self.key)
        related = site.related(publication) if publication else ()
        return digest_text(*map(site.appearance, related))


@dataclass(frozen=True, slots=True)
class CitationView:
    """One publication where prose cites it."""

    key: str

    def digest(self, site: SiteRecords) -> str:
        """Digest the publication as a list shows it; empty if there is none."""
        publication = site.library.by_key.get(self.key)
        return site.appearance(publication) if publication else ""
