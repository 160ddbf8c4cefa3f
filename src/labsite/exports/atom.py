"""The Atom feed of new publications (RFC 4287), written by feedgen.

All dates come from the records, so the same records give the same bytes on any day. A
date of which parts are unknown stands for the first moment of what is known, in UTC:
"February 2026" is 2026-02-01T00:00:00Z. A publication without a year is in no feed,
because a feed says when something appeared; the lists and the other exports have it.
Venue and DOI, for which Atom has no words, are Dublin Core's ``source`` and
``identifier``.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from feedgen.feed import FeedGenerator

if TYPE_CHECKING:
    from feedgen.entry import FeedEntry

    from labsite.exports.collection import Collection, Site
    from labsite.records import PartialDate, Publication

MEDIA_TYPE = "application/atom+xml"
SUFFIX = ".atom"
#: How many publications a feed holds: the newest.
LIMIT = 30
#: The date of a feed without entries, which Atom demands and no record gives.
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
#: What the production *Char* of XML 1.0, section 2.2, leaves out.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(collection: Collection) -> str:
    """Return the feed of the newest publications of the list."""
    site = collection.site
    dated = sorted(collection.publications, key=lambda p: p.issued, reverse=True)
    newest = [publication for publication in dated if publication.issued][:LIMIT]
    address = site.absolute_url(collection.path + SUFFIX)
    feed = FeedGenerator()
    feed.id(address)
    feed.title(_clean(f"{site.title}: {collection.title}"))
    feed.subtitle(_clean(site.description) if site.description else None)
    feed.language(site.language)
    feed.generator("labsite")
    # Stands for entries that name no author: Atom demands one for each.
    feed.author(name=_clean(site.title), uri=site.base_url)
    feed.link(href=address, rel="self", type=MEDIA_TYPE)
    page = site.absolute_url(collection.page)
    feed.link(href=page, rel="alternate", type="text/html")
    # feedgen's own default is the time of the build.
    feed.updated(first_moment(newest[0].issued) if newest else _EPOCH)
    feed.load_extension("dc")
    for publication in newest:
        _fill(feed.add_entry(order="append"), publication, site)
    xml: bytes = feed.atom_str(pretty=True)
    return xml.decode()


def first_moment(issued: PartialDate) -> datetime:
    """Return the first moment of the known part of a date whose year is known, in UTC.

    A day that its month does not have counts as the month's last.
    """
    month = issued.month or 1
    day = min(issued.day or 1, monthrange(issued.year, month)[1])
    return datetime(issued.year, month, day, tzinfo=UTC)


def _fill(entry: FeedEntry, publication: Publication, site: Site) -> None:
    address = site.publication_url(publication)
    moment = first_moment(publication.issued)
    entry.id(address)
    entry.title(_clean(str(publication.title)) or publication.key)
    entry.updated(moment)
    entry.published(moment)
    entry.author([{"name": _clean(creator.name)} for creator in publication.creators])
    # The only link: feedgen 1.0 loses what a link of an entry says of itself, and one
    # without a relation is the alternate form.
    entry.link(href=address)
    for topic in publication.topics:
        entry.category(term=_clean(topic), label=_clean(site.topic_title(topic)))
    entry.summary(_clean(_summary(publication)), type="text")
    if publication.doi:
        entry.dc.dc_identifier(_clean(f"doi:{publication.doi}"))
    if publication.venue:
        entry.dc.dc_source(_clean(publication.venue.name))


def _summary(publication: Publication) -> str:
    """Return where and when it appeared, and the abstract if there is one."""
    venue = publication.venue.name if publication.venue else None
    place = ", ".join(filter(None, (venue, str(publication.issued.year))))
    return f"{place}\n\n{publication.abstract}" if publication.abstract else place


def _clean(text: str) -> str:
    return _NOT_XML.sub("", text)
