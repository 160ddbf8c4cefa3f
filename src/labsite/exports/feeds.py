"""What all Atom feeds have in common (RFC 4287)."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from feedgen.feed import FeedGenerator

if TYPE_CHECKING:
    from labsite.exports.collection import Site
    from labsite.model.dates import PartialDate

MEDIA_TYPE = "application/atom+xml"
SUFFIX = ".atom"
#: How many entries a feed holds: the newest.
LIMIT = 30
#: The date of a feed without entries, which Atom demands and no record gives.
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
#: What the production *Char* of XML 1.0, section 2.2, leaves out.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def start_feed(
    site: Site, *, title: str, path: str, page: str, updated: datetime | None
) -> FeedGenerator:
    """Return a feed without entries.

    :param title: what the list is called; the site's title comes before it
    :param path: the feed's address on the site
    :param page: the address on the site of the page that shows the same
    :param updated: the date of the newest entry, ``None`` if there is no entry
    """
    feed = FeedGenerator()
    address = site.absolute_url(path)
    feed.id(address)
    feed.title(clean(f"{site.title}: {title}"))
    feed.subtitle(clean(site.description) if site.description else None)
    feed.language(site.language)
    feed.generator("labsite")
    # Stands for entries that name no author: Atom demands one for each.
    feed.author(name=clean(site.title), uri=site.base_url)
    feed.link(href=address, rel="self", type=MEDIA_TYPE)
    feed.link(href=site.absolute_url(page), rel="alternate", type="text/html")
    # feedgen's own default is the time of the build.
    feed.updated(updated or _EPOCH)
    return feed


def first_moment(issued: PartialDate) -> datetime:
    """Return the first moment of the known part of a date whose year is known, in UTC.

    A day that its month does not have counts as the month's last.
    """
    month = issued.month or 1
    day = min(issued.day or 1, monthrange(issued.year, month)[1])
    return datetime(issued.year, month, day, tzinfo=UTC)


def clean(text: str) -> str:
    """Return *text* without the characters that XML cannot hold."""
    return _NOT_XML.sub("", text)
