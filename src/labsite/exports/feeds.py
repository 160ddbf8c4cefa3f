"""Atom feeds (RFC 4287): of publications, and what all of them have in common.

All dates come from the records, so the same records give the same bytes on any day. A
date of which parts are unknown stands for the first moment of what is known, in UTC. A
publication without a year is in no feed, because a feed says when something appeared.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeAlias
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from labsite.exports.collection import Collection, Site
    from labsite.model.dates import PartialDate
    from labsite.model.records import Publication

#: The name of an element, its text, and its attributes.
Part: TypeAlias = tuple[str, str | None, dict[str, str]]

MEDIA_TYPE = "application/atom+xml"
SUFFIX = ".atom"
#: How many entries a feed holds: the newest.
LIMIT = 30
#: The date of a feed without entries, which Atom demands and no record gives.
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
#: What the production *Char* of XML 1.0, section 2.2, leaves out, and the return that
#: parsers make a new line of.
_NOT_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(collection: Collection) -> str:
    """Return the feed of the newest publications of the list."""
    dated = sorted(collection.publications, key=lambda p: p.issued, reverse=True)
    newest = [publication for publication in dated if publication.issued][:LIMIT]
    site = collection.site
    return render_feed(
        site,
        (collection.title, collection.path + SUFFIX, collection.page),
        first_moment(newest[0].issued) if newest else None,
        [list(_parts(publication, site)) for publication in newest],
    )


def _parts(publication: Publication, site: Site) -> Iterator[Part]:
    title = clean(str(publication.title)) or publication.key
    yield from entry_parts(site.publication_url(publication), title, publication.issued)
    for creator in publication.creators:
        yield "author/name", creator.name, {}
    for slug in publication.topics:
        yield "category", None, {"term": slug, "label": site.topic_title(slug)}
    venue = publication.venue.name if publication.venue else None
    said = [", ".join(filter(None, (venue, str(publication.issued.year))))]
    if publication.abstract:
        said.append(str(publication.abstract))
    yield "summary", "\n\n".join(said), {}
    # Dublin Core's, for which Atom has no words.
    yield "dc:identifier", publication.doi and f"doi:{publication.doi}", {}
    yield "dc:source", venue, {}


def entry_parts(address: str, title: str, issued: PartialDate) -> Iterator[Part]:
    """Yield what every entry of a feed has."""
    moment = first_moment(issued).isoformat()
    yield "id", address, {}
    yield "title", title, {}
    yield "updated", moment, {}
    yield "published", moment, {}
    yield "link", None, {"href": address}


def render_feed(
    site: Site,
    place: tuple[str, str, str],
    updated: datetime | None,
    entries: Sequence[Sequence[Part]],
) -> str:
    """Return a feed.

    :param place: what the list is called, before which the site's title comes; the
        feed's address on the site; and that of the page that shows the same
    :param updated: the date of the newest entry, if there is one
    :param entries: newest first
    """
    title, path, page = place
    address = site.absolute_url(path)
    feed = ET.Element("feed", {
        "xmlns": "http://www.w3.org/2005/Atom",
        "xmlns:dc": "http://purl.org/dc/elements/1.1/",
        "xml:lang": site.language,
    })  # fmt: skip
    other = {"rel": "alternate", "type": "text/html", "href": site.absolute_url(page)}
    _fill(feed, [
        ("id", address, {}),
        ("title", f"{site.title}: {title}", {}),
        ("subtitle", site.description, {}),
        ("updated", (updated or _EPOCH).isoformat(), {}),
        # Stands for entries that name no author: Atom demands one for each.
        ("author/name", site.title, {}),
        ("link", None, {"rel": "self", "type": MEDIA_TYPE, "href": address}),
        ("link", None, other),
        ("generator", "labsite", {}),
    ])  # fmt: skip
    for entry in entries:
        _fill(ET.SubElement(feed, "entry"), entry)
    ET.indent(feed)
    text = ET.tostring(feed, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def _fill(parent: ET.Element, parts: Sequence[Part]) -> None:
    for path, text, attributes in parts:
        if not (text or attributes):
            continue
        whole, _, name = path.rpartition("/")
        within = ET.SubElement(parent, whole) if whole else parent
        kept = {key: clean(value) for key, value in attributes.items()}
        ET.SubElement(within, name, kept).text = clean(text) if text else None


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
