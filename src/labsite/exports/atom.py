"""The feed of new publications.

A publication without a year is in no feed, because a feed says when something appeared;
the lists and the other exports have it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from labsite.exports.feeds import LIMIT, SUFFIX, FeedEntry, clean, render_feed

if TYPE_CHECKING:
    from labsite.exports.collection import Collection, Site
    from labsite.model.records import Publication


def render(collection: Collection) -> str:
    """Return the feed of the newest publications of the list."""
    dated = sorted(collection.publications, key=lambda p: p.issued, reverse=True)
    newest = [publication for publication in dated if publication.issued][:LIMIT]
    return render_feed(
        collection.site,
        title=collection.title,
        path=collection.path + SUFFIX,
        page=collection.page,
        entries=[_entry(publication, collection.site) for publication in newest],
    )


def _entry(publication: Publication, site: Site) -> FeedEntry:
    venue = publication.venue.name if publication.venue else None
    place = ", ".join(filter(None, (venue, str(publication.issued.year))))
    abstract = publication.abstract
    return FeedEntry(
        address=site.publication_url(publication),
        title=clean(str(publication.title)) or publication.key,
        issued=publication.issued,
        summary=f"{place}\n\n{abstract}" if abstract else place,
        authors=[creator.name for creator in publication.creators],
        categories=[(slug, site.topic_title(slug)) for slug in publication.topics],
        source=venue,
        identifier=f"doi:{publication.doi}" if publication.doi else None,
    )
