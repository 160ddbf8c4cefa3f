"""The feed of news: an entry for each of the newest items.

Days of news are often nominal; a feed has to have some, and shows in what order things
happened.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from textwrap import shorten
from typing import TYPE_CHECKING

from labsite.exports.feeds import LIMIT, SUFFIX, FeedEntry, clean, render_feed
from labsite.site.news import anchor

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from labsite.exports.collection import Site
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
    return render_feed(
        news.site,
        title=news.title,
        path=news.address,
        page=news.page,
        entries=[_entry(item, news) for item in news.items[:LIMIT]],
    )


def _entry(item: NewsItem, news: NewsFeed) -> FeedEntry:
    text = clean(news.say(item)) or item.slug
    return FeedEntry(
        address=news.site.absolute_url(f"{news.page}#{anchor(item)}"),
        title=_headline(text),
        issued=item.issued,
        summary=text,
        categories=[(item.kind, None)],
    )


def _headline(text: str) -> str:
    sentence = _SENTENCE.match(text)
    said = sentence[0] if sentence else text
    return shorten(said, _LONGEST_TITLE, placeholder=" …")
