"""Atom feeds (RFC 4287) of publications and of news, by the template ``feed.xml``.

All dates come from the records. A partial date means its first moment, in UTC;
publications without a year are left out. A feed without entries is of 1970, since Atom
requires a date.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote

from labsite.exports.collection import Collection, Site
from labsite.model.dates import PartialDate
from labsite.model.files import UNSEEN
from labsite.model.records import NewsItem, Publication
from labsite.site.news import anchor

if TYPE_CHECKING:
    from jinja2 import Template

MEDIA_TYPE = "application/atom+xml"
SUFFIX = ".atom"
#: Number of entries in a feed.
LIMIT = 30
#: Characters of a title of news.
_LONGEST_TITLE = 140
#: The first sentence, if another follows; not up to the point of an initial.
_SENTENCE = re.compile(r".+?(?<!\b\w)[.!?](?=\s+[^\W\d_a-z])", re.DOTALL)


def render(collection: Collection) -> str:
    """Return the feed of the newest publications of a list."""
    dated = sorted(collection.publications, key=lambda p: p.issued, reverse=True)
    newest = [publication for publication in dated if publication.issued][:LIMIT]
    return _render(collection, [_entry(p, collection.site) for p in newest])


class NewsFeed(NamedTuple):
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
        return _render(self, [self._entry(item) for item in self.items[:LIMIT]])

    def _entry(self, item: NewsItem) -> dict[str, Any]:
        text = UNSEEN.sub("", self.describe(item)) or item.slug
        sentence = _SENTENCE.match(text)
        title = sentence[0] if sentence else text
        return {
            # The identifier must not change when the item moves to another page.
            "id": self.site.absolute_url(f"{self.page}#{anchor(item)}"),
            "page": self.site.absolute_url(f"{self.page_of(item)}#{anchor(item)}"),
            "title": shorten(title, _LONGEST_TITLE, placeholder=" …"),
            "moment": first_moment(item.issued),
            "categories": [(item.kind, None)],
            "summary": text,
        }


def _entry(publication: Publication, site: Site) -> dict[str, Any]:
    venue = publication.venue.name if publication.venue else None
    appeared = ", ".join(filter(None, (venue, str(publication.issued.year))))
    abstract = str(publication.abstract or "")
    return {
        "id": site.publication_url(publication),
        "title": UNSEEN.sub("", str(publication.title)) or publication.key,
        "moment": first_moment(publication.issued),
        "authors": [creator.name for creator in publication.creators],
        "categories": [(slug, site.topic_title(slug)) for slug in publication.topics],
        "summary": "\n\n".join(filter(None, (appeared, abstract))),
        "doi": publication.doi,
        "venue": venue,
    }


def _render(feed: Collection | NewsFeed, entries: list[dict[str, Any]]) -> str:
    return _template().render(
        title=feed.title,
        site=feed.site,
        address=feed.site.absolute_url(quote(feed.path + SUFFIX)),
        page=feed.site.absolute_url(feed.page),
        media_type=MEDIA_TYPE,
        updated=entries[0]["moment"] if entries else first_moment(PartialDate(1970)),
        entries=entries,
    )


@cache
def _template() -> Template:
    from jinja2 import Environment  # noqa: PLC0415 -- few commands need it

    environment = Environment(
        autoescape=True,
        keep_trailing_newline=True,
        finalize=lambda text: UNSEEN.sub("", text) if isinstance(text, str) else text,
    )
    return environment.from_string(
        Path(__file__).with_name("feed.xml").read_text(encoding="utf-8")
    )


def first_moment(issued: PartialDate) -> str:
    """Return the first moment of a partial date in UTC."""
    month, day = issued.month or 1, issued.day or 1
    return datetime(issued.year, month, day, tzinfo=UTC).isoformat()
