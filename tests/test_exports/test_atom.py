"""The feed, read back by an XML parser and held against RFC 4287."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from lxml import etree

from labsite.exports.feeds import LIMIT, first_moment, render
from labsite.model.dates import PartialDate

if TYPE_CHECKING:
    from collections.abc import Callable

    from labsite.exports import Collection

NAMES = {"a": "http://www.w3.org/2005/Atom", "dc": "http://purl.org/dc/elements/1.1/"}
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


def parse(text: str) -> etree._Element:
    return etree.fromstring(text.encode())


def entries(feed: etree._Element) -> list[etree._Element]:
    return feed.findall("a:entry", NAMES)


def texts(element: etree._Element, path: str) -> list[str]:
    return [found.text or "" for found in element.findall(path, NAMES)]


def test_the_newest_publications_come_back(
    each: Collection, essentials: Callable[[Collection], list[tuple[Any, ...]]]
) -> None:
    expected = [
        (e[0], len(e[1]), e[2], e[3], f"doi:{e[4]}" if e[4] else None)
        for e in essentials(each)
    ]
    assert [
        (
            entry.findtext("a:title", namespaces=NAMES),
            len(texts(entry, "a:author/a:name")),
            int(texts(entry, "a:published")[0][:4]),
            entry.findtext("dc:source", namespaces=NAMES),
            entry.findtext("dc:identifier", namespaces=NAMES),
        )
        for entry in entries(parse(render(each)))
    ] == expected[:LIMIT]


def test_authors_come_in_order(each: Collection) -> None:
    for entry, publication in zip(
        entries(parse(render(each))), each.publications[:LIMIT], strict=True
    ):
        names = [creator.name for creator in publication.creators]
        assert texts(entry, "a:author/a:name") == names


def test_the_address_of_a_feed_is_one(collect: Callable[[str], Collection]) -> None:
    feed = parse(render(collect("")._replace(path="research/c# 100%")))
    own = feed.find("a:link[@rel='self']", NAMES)
    assert own is not None
    assert own.get("href") == "https://lab.example/en/research/c%23%20100%25.atom"


def test_the_feed_is_what_rfc_4287_demands(each: Collection) -> None:
    feed = parse(render(each))
    assert feed.tag == f"{{{NAMES['a']}}}feed"
    assert feed.get(LANGUAGE) == "en"
    ids = [*texts(feed, "a:id"), *texts(feed, "a:entry/a:id")]
    assert len(set(ids)) == len(ids)
    assert all(identifier.startswith("https://lab.example/en/") for identifier in ids)
    for element in (feed, *entries(feed)):
        for name in ("id", "title", "updated"):
            assert len(texts(element, f"a:{name}")) == 1
        for name in ("updated", "published"):
            for moment in texts(element, f"a:{name}"):
                assert datetime.fromisoformat(moment).utcoffset() == timedelta(0)
    for entry in entries(feed):
        links = entry.findall("a:link", NAMES)
        assert [link.get("rel", "alternate") for link in links] == ["alternate"]
        assert links[0].get("href") == entry.findtext("a:id", namespaces=NAMES)


def test_the_feed_says_where_it_is_and_what_it_is_of(hostile: Collection) -> None:
    feed = parse(render(hostile))
    links = {link.get("rel"): link for link in feed.findall("a:link", NAMES)}
    assert set(links) == {"self", "alternate"}
    assert links["self"].get("href") == "https://lab.example/en/publications.atom"
    page = "https://lab.example/en/publications/index.html"
    assert links["alternate"].get("href") == page
    assert texts(feed, "a:title") == ["Lab <of> Tests & Co.: Publications"]


def test_topics_are_categories(hostile: Collection) -> None:
    (entry, *_) = entries(parse(render(hostile)))
    categories = entry.findall("a:category", NAMES)
    assert [(c.get("term"), c.get("label")) for c in categories] == [
        ("gpus", "GPUs & <friends>"),
        ("unknown & topic", "unknown & topic"),
    ]


def test_the_feed_is_as_new_as_its_newest_entry(
    collect: Callable[[str], Collection],
) -> None:
    feed = parse(
        render(
            collect(
                "@misc{old, title = {Old}, year = 2020}\n"
                "@misc{future, title = {Future}, date = {2999-12-31}}\n"
                "@misc{between, title = {Between}, year = 2024, month = may}"
            )
        )
    )
    assert texts(feed, "a:entry/a:title") == ["Future", "Between", "Old"]
    assert texts(feed, "a:updated") == ["2999-12-31T00:00:00+00:00"]
    assert texts(feed, "a:entry/a:updated") == texts(feed, "a:entry/a:published")


def test_a_publication_without_a_year_is_left_out(
    collect: Callable[[str], Collection],
) -> None:
    text = "@misc{a, title = {Dated}, year = 2020}\n@misc{b, title = {Undated}}"
    assert texts(parse(render(collect(text))), "a:entry/a:title") == ["Dated"]


def test_a_feed_of_nothing_is_still_a_feed(
    collect: Callable[[str], Collection],
) -> None:
    feed = parse(render(collect("")))
    assert entries(feed) == []
    assert texts(feed, "a:updated") == ["1970-01-01T00:00:00+00:00"]


def test_an_entry_without_an_author_has_the_feed_s(
    collect: Callable[[str], Collection],
) -> None:
    feed = parse(render(collect("@misc{k, title = {T}, year = 2020}")))
    assert texts(feed, "a:entry/a:author") == []
    assert texts(feed, "a:author/a:name") == ["Lab <of> Tests & Co."]


def test_what_xml_cannot_hold_is_dropped(collect: Callable[[str], Collection]) -> None:
    text = (
        "@misc{a, title = {Bell\x07 and \ufffe}, author = {A\x01, B}, year = 2021,"
        " keywords = {x\x02}, doi = {10.1000/\x03}, howpublished = {V\x04}}"
    )
    feed = parse(render(collect(text)))
    assert texts(feed, "a:entry/a:title") == ["Bell and "]


@pytest.mark.parametrize(
    ("issued", "moment"),
    [
        (PartialDate(2024), datetime(2024, 1, 1, tzinfo=UTC)),
        (PartialDate(2024, 6), datetime(2024, 6, 1, tzinfo=UTC)),
        (PartialDate(2024, 6, 7), datetime(2024, 6, 7, tzinfo=UTC)),
    ],
)
def test_a_partial_date_stands_for_its_first_moment(
    issued: PartialDate, moment: datetime
) -> None:
    assert first_moment(issued) == moment.isoformat()


def test_the_summary_says_where_when_and_what(
    collect: Callable[[str], Collection],
) -> None:
    text = "@article{k, title={T}, journal={J \\& K}, year=2020, abstract={A < B.}}"
    (summary,) = texts(parse(render(collect(text))), "a:entry/a:summary")
    assert summary == "J & K, 2020\n\nA < B."
