"""Atom feeds (RFC 4287) of publications and of news.

All dates come from the records, so that a feed does not depend on the day of the build.
A partial date stands for its first moment, in UTC. Publications without a year are left
out, because entries of feeds need a date.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, datetime
from textwrap import shorten
from typing import TYPE_CHECKING, TypeAlias, TypeVar
from xml.etree import ElementTree as ET

from labsite.model.dates import PartialDate
from labsite.site.news import anchor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from labsite.exports.collection import Collection, Site
    from labsite.model.records import NewsItem, Publication

#: Name, text and attributes of an element.
_Part: TypeAlias = tuple[str, str | None, dict[str, str]]

MEDIA_TYPE = "application/atom+xml"
SUFFIX = ".atom"
#: Number of entries in a feed.
LIMIT = 30
#: The date of a feed without entries; Atom requires one.
_EPOCH = PartialDate(1970)
#: Characters that XML 1.0, section 2.2, does not allow, and the carriage return.
_NOT_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
#: Characters of a title of news.
_LONGEST_TITLE = 140
#: The first sentence, if another follows; not up to the point of an initial.
_SENTENCE = re.compile(r".+?(?<!\b\w)[.!?](?=\s+[^\W\d_a-z])", re.DOTALL)


def render(collection: Collection) -> str:
    """Return the feed of the newest publications of a list."""
    dated = sorted(collection.publications, key=lambda p: p.issued, reverse=True)
    newest = [publication for publication in dated if publication.issued][:LIMIT]
    place = collection.title, collection.path + SUFFIX, collection.page
    return _render(collection.site, place, newest, _publication_parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewsFeed:
    """The feed of a site's news."""

    title: str  #: of the page of news
    path: str  #: of the feed on the site, without suffix, e.g. "news"
    page: str  #: the address on the site of the page with all items
    items: Sequence[NewsItem]  #: newest first
    describe: Callable[[NewsItem], str]  #: returns an item's text without markup
    page_of: Callable[[NewsItem], str]  #: returns the page that shows an item now
    site: Site

    @property
    def address(self) -> str:
        """The feed's address on the site."""
        return self.path + SUFFIX

    def render(self) -> str:
        """Return the feed of the newest items."""
        place = self.title, self.address, self.page
        return _render(self.site, place, self.items[:LIMIT], self._parts)

    def _parts(self, item: NewsItem, site: Site) -> Iterator[_Part]:
        text = _clean(self.describe(item)) or item.slug
        sentence = _SENTENCE.match(text)
        said = sentence[0] if sentence else text
        title = shorten(said, _LONGEST_TITLE, placeholder=" …")
        # An identifier stays when the item moves from the first page to another.
        first, now = (
            site.absolute_url(f"{page}#{anchor(item)}")
            for page in (self.page, self.page_of(item))
        )
        yield from _head(first, title, now)
        yield "category", None, {"term": item.kind}
        yield "summary", text, {}


def _publication_parts(publication: Publication, site: Site) -> Iterator[_Part]:
    title = _clean(str(publication.title)) or publication.key
    address = site.publication_url(publication)
    yield from _head(address, title, address)
    for creator in publication.creators:
        yield "author/name", creator.name, {}
    for slug in publication.topics:
        yield "category", None, {"term": slug, "label": site.topic_title(slug)}
    venue = publication.venue.name if publication.venue else None
    said = [", ".join(filter(None, (venue, str(publication.issued.year))))]
    if publication.abstract:
        said.append(str(publication.abstract))
    yield "summary", "\n\n".join(said), {}
    # Elements of Dublin Core for what Atom does not have.
    yield "dc:identifier", publication.doi and f"doi:{publication.doi}", {}
    yield "dc:source", venue, {}


def _head(identifier: str, title: str, address: str) -> Iterator[_Part]:
    yield "id", identifier, {}
    yield "title", title, {}
    yield "link", None, {"href": address}


_Record = TypeVar("_Record", "Publication", "NewsItem")


def _render(
    site: Site,
    place: tuple[str, str, str],
    records: Sequence[_Record],
    parts: Callable[[_Record, Site], Iterator[_Part]],
) -> str:
    """Return a feed.

    :param place: title of the list, path of the feed, and path of the list's page
    :param records: newest first
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
        ("updated", first_moment(records[0].issued if records else _EPOCH), {}),
        # For entries without an author; Atom requires one.
        ("author/name", site.title, {}),
        ("link", None, {"rel": "self", "type": MEDIA_TYPE, "href": address}),
        ("link", None, other),
        ("generator", "labsite", {}),
    ])  # fmt: skip
    for record in records:
        entry = ET.SubElement(feed, "entry")
        moment = first_moment(record.issued)
        _fill(entry, [("updated", moment, {}), ("published", moment, {})])
        _fill(entry, parts(record, site))
    ET.indent(feed)
    text = ET.tostring(feed, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def _fill(parent: ET.Element, parts: Iterable[_Part]) -> None:
    for path, text, attributes in parts:
        if not (text or attributes):
            continue
        whole, _, name = path.rpartition("/")
        within = ET.SubElement(parent, whole) if whole else parent
        kept = {key: _clean(value) for key, value in attributes.items()}
        ET.SubElement(within, name, kept).text = _clean(text) if text else None


def first_moment(issued: PartialDate) -> str:
    """Return the first moment of a partial date in UTC.

    A day after the end of its month becomes the last day of the month.
    """
    month = issued.month or 1
    day = min(issued.day or 1, monthrange(issued.year, month)[1])
    return datetime(issued.year, month, day, tzinfo=UTC).isoformat()


def _clean(text: str) -> str:
    """Return *text* without characters that XML does not allow."""
    return _NOT_XML.sub("", text)
