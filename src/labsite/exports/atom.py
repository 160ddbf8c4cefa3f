"""The Atom feed of new publications (RFC 4287), written by feedgen.

All dates come from the records, so the same records give the same bytes on any day. A
date of which parts are unknown stands for the first moment of what is known, in UTC:
"February 2026" is 2026-02-01T00:00:00Z. A publication without a year is in no feed,
because a feed says when something appeared; the lists and the other exports have it.
Venue and DOI, for which Atom has no words, are Dublin Core's ``source`` and
``identifier``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from labsite.exports.feeds import LIMIT, SUFFIX, clean, first_moment, start_feed

if TYPE_CHECKING:
    from feedgen.entry import FeedEntry

    from labsite.exports.collection import Collection, Site
    from labsite.model.records import Publication


def render(collection: Collection) -> str:
    """Return the feed of the newest publications of the list."""
    site = collection.site
    dated = sorted(collection.publications, key=lambda p: p.issued, reverse=True)
    newest = [publication for publication in dated if publication.issued][:LIMIT]
    feed = start_feed(
        site,
        title=collection.title,
        path=collection.path + SUFFIX,
        page=collection.page,
        updated=first_moment(newest[0].issued) if newest else None,
    )
    feed.load_extension("dc")
    for publication in newest:
        _fill(feed.add_entry(order="append"), publication, site)
    xml: bytes = feed.atom_str(pretty=True)
    return xml.decode()


def _fill(entry: FeedEntry, publication: Publication, site: Site) -> None:
    address = site.publication_url(publication)
    moment = first_moment(publication.issued)
    entry.id(address)
    entry.title(clean(str(publication.title)) or publication.key)
    entry.updated(moment)
    entry.published(moment)
    entry.author([{"name": clean(creator.name)} for creator in publication.creators])
    # The only link: feedgen 1.0 loses what a link of an entry says of itself, and one
    # without a relation is the alternate form.
    entry.link(href=address)
    for topic in publication.topics:
        entry.category(term=clean(topic), label=clean(site.topic_title(topic)))
    entry.summary(clean(_summary(publication)), type="text")
    if publication.doi:
        entry.dc.dc_identifier(clean(f"doi:{publication.doi}"))
    if publication.venue:
        entry.dc.dc_source(clean(publication.venue.name))


def _summary(publication: Publication) -> str:
    """Return where and when it appeared, and the abstract if there is one."""
    venue = publication.venue.name if publication.venue else None
    place = ", ".join(filter(None, (venue, str(publication.issued.year))))
    return f"{place}\n\n{publication.abstract}" if publication.abstract else place
