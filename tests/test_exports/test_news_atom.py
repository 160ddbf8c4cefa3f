"""The feed of news, read back by an XML parser and held against RFC 4287."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from lxml import etree

from labsite.exports.feeds import LIMIT, NewsFeed
from labsite.model.dates import PartialDate
from labsite.model.records import NewsItem
from labsite.model.sources import PageSource

if TYPE_CHECKING:
    from labsite.exports import Site

NAMES = {"a": "http://www.w3.org/2005/Atom"}
LONG = "The conference accepted " + "word " * 30 + "indeed"


def feed_of(site: Site, *items: tuple[str, PartialDate, str]) -> etree._Element:
    """Return the feed of items, each given by slug, date and text."""
    news = NewsFeed(
        title="News <& more>",
        path="news",
        page="news/index.html",
        items=[
            NewsItem(
                slug=slug,
                issued=issued,
                text=text,
                kind="award",
                source=PageSource(file=f"news/{slug}.md"),
            )
            for slug, issued, text in items
        ],
        describe=lambda item: item.text,
        page_of=lambda item: f"news/{item.slug}.html",
        site=site,
    )
    assert news.address == "news.atom"
    assert news.render() == news.render()
    return etree.fromstring(news.render().encode())


def texts(element: etree._Element, path: str) -> list[str]:
    return [found.text or "" for found in element.findall(path, NAMES)]


def test_the_feed_is_what_rfc_4287_demands(site: Site) -> None:
    feed = feed_of(
        site,
        ("b", PartialDate(2026, 6, 18), "A <b> & c."),
        ("a", PartialDate(2026), "Before."),
    )
    page = "https://lab.example/en/news/index.html"
    assert texts(feed, "a:id") == ["https://lab.example/en/news.atom"]
    assert texts(feed, "a:title") == ["Lab <of> Tests & Co.: News <& more>"]
    assert texts(feed, "a:updated") == ["2026-06-18T00:00:00+00:00"]
    assert texts(feed, "a:author/a:name") == ["Lab <of> Tests & Co."]
    links = {
        link.get("rel"): link.get("href") for link in feed.findall("a:link", NAMES)
    }
    assert links == {"self": "https://lab.example/en/news.atom", "alternate": page}
    ids = texts(feed, "a:entry/a:id")
    assert ids == [f"{page}#news-b", f"{page}#news-a"]
    links_of_entries = feed.findall("a:entry/a:link", NAMES)
    pages = [link.get("href", "").rpartition("/")[2] for link in links_of_entries]
    assert pages == ["b.html#news-b", "a.html#news-a"]
    assert texts(feed, "a:entry/a:summary") == ["A <b> & c.", "Before."]
    assert [c.get("term") for c in feed.findall("a:entry/a:category", NAMES)] == [
        "award",
        "award",
    ]
    for moment in texts(feed, "a:entry/a:updated") + texts(feed, "a:entry/a:published"):
        assert datetime.fromisoformat(moment).utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("It was accepted.", "It was accepted."),
        ("STARLINC was accepted. It removes trails.", "STARLINC was accepted."),
        ("J. Lee and others of the lab won. All.", "J. Lee and others of the lab won."),
        ("논문이 채택되었습니다. 기쁩니다.", "논문이 채택되었습니다."),
        (LONG, LONG[:139].rpartition(" ")[0] + " …"),
        ("Two\n\nparagraphs", "Two paragraphs"),
        ("\x07", "slug"),
    ],
)  # fmt: skip
def test_the_title_is_the_first_sentence_within_reason(
    site: Site, text: str, title: str
) -> None:
    feed = feed_of(site, ("slug", PartialDate(2026), text))
    assert texts(feed, "a:entry/a:title") == [title]
    assert len(title) <= 140


def test_only_the_newest_are_in_the_feed(site: Site) -> None:
    items = [(f"n{i}", PartialDate(2026), "Text.") for i in range(LIMIT + 1)]
    ids = texts(feed_of(site, *items), "a:entry/a:id")
    assert len(ids) == LIMIT
    assert ids[0].endswith("#news-n0")


def test_a_feed_of_nothing_is_still_a_feed(site: Site) -> None:
    feed = feed_of(site)
    assert texts(feed, "a:updated") == ["1970-01-01T00:00:00+00:00"]
    assert feed.findall("a:entry", NAMES) == []
