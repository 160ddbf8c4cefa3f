"""Views: the parts of a site's records that pages show, each with a digest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from labsite.model.digests import digest_text

if TYPE_CHECKING:
    from labsite.site.query import Query
    from labsite.site.site import SiteRecords


class View(Protocol):
    """A part of the records that a document shows."""

    def digest(self, site: SiteRecords) -> tuple[str, str]:
        """Return a digest of what it shows when it is read, and when it is written."""


@dataclass(frozen=True, slots=True)
class ListView:
    """The publications of a query as a list shows them."""

    query: Query

    def digest(self, site: SiteRecords) -> str:
        """Digest the items in order."""
        return digest_text(*map(site.appearance, site.select(self.query)))


@dataclass(frozen=True, slots=True)
class PapersView:
    """Publications by their keys, which prose cites."""

    keys: tuple[str, ...]

    def digest(self, site: SiteRecords) -> tuple[str, str]:
        """Digest which are known, and all that a list shows of each."""
        papers = [*filter(None, map(site.library.by_key.get, self.keys))]
        known = digest_text(*(paper.key for paper in papers))
        return known, digest_text(*map(site.appearance, papers))


@dataclass(frozen=True, slots=True)
class ReferenceView:
    """A publication to which prose refers."""

    key: str
    titled: bool  #: whether the text of the reference is the title

    def digest(self, site: SiteRecords) -> tuple[str, str]:
        """Digest whether it is known, and the page and the title."""
        paper = site.library.by_key.get(self.key)
        if paper is None:
            return "", ""
        return paper.key, f"{site.docname(paper)} {paper.title if self.titled else ''}"


@dataclass(frozen=True, slots=True)
class PersonView:
    """The person with a name, to whom prose refers."""

    name: str

    def digest(self, site: SiteRecords) -> tuple[str, str]:
        """Digest the page and its title."""
        person = site.people_by_name.get(self.name)
        return "", f"{person.docname} {person.name}" if person else ""


@dataclass(frozen=True, slots=True)
class TopicsView:
    """The names of the topics."""

    def digest(self, site: SiteRecords) -> tuple[str, str]:
        """Digest the topics' records."""
        return digest_text(repr(site.topics)), ""


@dataclass(frozen=True, slots=True)
class PublicationView:
    """One publication on its own page, with its source and related papers."""

    key: str

    def digest(self, site: SiteRecords) -> str:
        """Digest the page's content."""
        publication = site.library.by_key[self.key]
        # The line is not on the page: see "exports/lines.py".
        place = publication.source.file if site.source_url else ""
        titles = [site.topics_by_slug.get(topic) for topic in publication.topics]
        shown = (publication, *site.related(publication))
        digests = (site.digest(publication), *map(site.appearance, shown))
        return digest_text(place, repr(titles), *digests)
