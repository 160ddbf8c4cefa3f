"""Atom feeds (RFC 4287).

All dates come from the records, so the same records give the same bytes on any day. A
date of which parts are unknown stands for the first moment of what is known, in UTC:
"February 2026" is 2026-02-01T00:00:00Z.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from collections.abc import Sequence

    from labsite.exports.collection import Site
    from labsite.model.dates import PartialDate

MEDIA_TYPE = "application/atom+xml"
SUFFIX = ".atom"
#: How many entries a feed holds: the newest.
LIMIT = 30
#: The date of a feed without entries, which Atom demands and no record gives.
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"
#: What the production *Char* of XML 1.0, section 2.2, leaves out, and the return that
#: parsers make a new line of.
_NOT_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEntry:
    """One entry of a feed."""

    address: str
    title: str
    issued: PartialDate
    summary: str
    authors: Sequence[str] = ()
    categories: Sequence[tuple[str, str | None]] = ()  #: term and label
    source: str | None = None  #: Dublin Core's, for which Atom has no word
    identifier: str | None = None  #: the same


def render_feed(
    site: Site, *, title: str, path: str, page: str, entries: Sequence[FeedEntry]
) -> str:
    """Return a feed.

    :param title: what the list is called; the site's title comes before it
    :param path: the feed's address on the site
    :param page: the address on the site of the page that shows the same
    :param entries: newest first
    """
    feed = ET.Element("feed", {
        "xmlns": "http://www.w3.org/2005/Atom",
        "xmlns:dc": _DUBLIN_CORE,
        "xml:lang": site.language,
    })  # fmt: skip
    address = site.absolute_url(path)
    updated = first_moment(entries[0].issued) if entries else _EPOCH
    _add(feed, "id", address)
    _add(feed, "title", f"{site.title}: {title}")
    _add(feed, "subtitle", site.description)
    _add(feed, "updated", updated.isoformat())
    # Stands for entries that name no author: Atom demands one for each.
    author = ET.SubElement(feed, "author")
    _add(author, "name", site.title)
    _add(author, "uri", site.base_url)
    ET.SubElement(feed, "link", href=address, rel="self", type=MEDIA_TYPE)
    ET.SubElement(
        feed, "link", href=site.absolute_url(page), rel="alternate", type="text/html"
    )
    _add(feed, "generator", "labsite")
    for entry in entries:
        _add_entry(ET.SubElement(feed, "entry"), entry)
    ET.indent(feed)
    text = ET.tostring(feed, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def _add_entry(element: ET.Element, entry: FeedEntry) -> None:
    moment = first_moment(entry.issued).isoformat()
    _add(element, "id", entry.address)
    _add(element, "title", entry.title)
    _add(element, "updated", moment)
    _add(element, "published", moment)
    for name in entry.authors:
        _add(ET.SubElement(element, "author"), "name", name)
    ET.SubElement(element, "link", href=entry.address)
    for term, label in entry.categories:
        labelled = {"term": clean(term)} | ({"label": clean(label)} if label else {})
        ET.SubElement(element, "category", labelled)
    _add(element, "summary", entry.summary)
    _add(element, "dc:identifier", entry.identifier)
    _add(element, "dc:source", entry.source)


def _add(parent: ET.Element, name: str, text: str | None) -> None:
    if text:
        ET.SubElement(parent, name).text = clean(text)


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
