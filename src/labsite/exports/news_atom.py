"""The feed of news: an entry for each of the newest items.

Days of news are often nominal; a feed has to have some, and shows in what order things
happened.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from textwrap import shorten
from typing import TYPE_CHECKING

from labsite.exports.feeds import (
    LIMIT,
    SUFFIX,
    clean,
    entry_parts,
    first_moment,
    render_feed,
)
from labsite.site.news import anchor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from labsite.exports.collection import Site
    from labsite.exports.feeds import Part
    from labsite.model.records import NewsItem

#: Characters of a title; a longer one is cut at a space.
_LONGEST_TITLE = 140
#: The first sentence, if another follows; a point after an initial ends none.
_SENTENCE = re.compile(r".+?(?<!\b\w)[.!?](?=\s+[^\W\d_a-z])", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewsFeed:
    """The news of a site, and where it stands there."""

    title: str  #: what the page of news is called
    path: str  #: the feed's address on the site without suffix, e.g. "news"
    page: str  #: the address on the site of the page with all items
    items: Sequence[NewsItem]  #: newest first
    say: Callable[[NewsItem], str]  #: gives an item's text without markup
    site: Site

    @property
    def address(self) -> str:
        """The feed's address on the site."""
        return self.path + SUFFIX


def render(news: NewsFeed) -> str:
    """Return the feed of the newest items."""
    newest = news.items[:LIMIT]
    return render_feed(
        news.site,
        (news.title, news.address, news.page),
        first_moment(newest[0].issued) if newest else None,
        [list(_parts(item, news)) for item in newest],
    )


def _parts(item: NewsItem, news: NewsFeed) -> Iterator[Part]:
    text = clean(news.say(item)) or item.slug
    address = news.site.absolute_url(f"{news.page}#{anchor(item)}")
    yield from entry_parts(address, _headline(text), item.issued)
    yield "category", None, {"term": item.kind}
    yield "summary", text, {}


def _headline(text: str) -> str:
    sentence = _SENTENCE.match(text)
    said = sentence[0] if sentence else text
    return shorten(said, _LONGEST_TITLE, placeholder=" …")
