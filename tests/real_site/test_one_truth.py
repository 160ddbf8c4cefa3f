"""Every form of every paper says the same as its record."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import rispy
from lxml import etree

from labsite.bibtex.reader import read_library

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bs4 import BeautifulSoup
    from tests.conftest import BuiltSite

    from labsite.model.records import Publication

RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
ATOM = {
    "a": "http://www.w3.org/2005/Atom",
    "dc": "http://purl.org/dc/elements/1.1/",
}
#: A preprint's archive is its publisher.
VENUE_TAGS = (
    "citation_conference_title",
    "citation_journal_title",
    "citation_publisher",
)
Facts = dict[str, object]


def facts(publication: Publication) -> Facts:
    """Return what every form must say."""
    venue = publication.venue
    return {
        "title": str(publication.title),
        "authors": [creator.name for creator in publication.creators],
        "year": publication.issued.year,
        "venue": venue.name if venue else None,
        "doi": publication.doi,
    }


def compare(
    built: BuiltSite,
    forms: Iterable[tuple[str, Facts]],
    count: int | None = None,
) -> None:
    """Compare forms, given as key and facts, with the records of all papers."""
    publications = built.records.library.publications[:count]
    records = {p.key: facts(p) for p in publications}
    found = dict(forms)
    assert found.keys() == records.keys()
    assert {k: v for k, v in found.items() if v != records[k]} == {}


def page_of(built: BuiltSite, publication: Publication) -> BeautifulSoup:
    return built.page(f"{built.records.docname(publication)}.html")


def turn(name: str) -> str:
    """Return "Given Family" for "Family, Given"."""
    family, _, given = name.partition(", ")
    return f"{given} {family}".strip()


def test_pages(built: BuiltSite) -> None:
    def read(page: BeautifulSoup) -> Facts:
        article = page.select_one("section.labsite-paper")
        assert article is not None
        heading, line = article.select_one("h1"), article.select_one("p.labsite-venue")
        assert heading is not None
        assert line is not None
        for extra in heading.select(".headerlink"):
            extra.decompose()
        for raised in heading.select("sup"):
            raised.replace_with(raised.get_text().translate(RAISED))
        date = line.select_one(".labsite-date")
        venue = line.select_one(".labsite-venue-full")
        links = [str(a["href"]) for a in article.select(":scope > .labsite-links a")]
        prefix = "https://doi.org/"
        authors = article.select("p.labsite-authors")[0]
        for mark in authors.select("sup"):
            mark.decompose()
        names = authors.select(":scope > *")
        return {
            "title": heading.get_text(),
            "authors": [name.get_text() for name in names],
            "year": int(date.get_text().split()[-1]) if date else 0,
            "venue": venue.get_text() if venue else None,
            "doi": next(
                (u[len(prefix) :] for u in links if u.startswith(prefix)), None
            ),
        }

    papers = built.records.library.publications
    compare(built, ((p.key, read(page_of(built, p))) for p in papers))


def test_bibtex_of_everything(built: BuiltSite) -> None:
    text = (built.folder / "publications.bib").read_text(encoding="utf-8")
    library = read_library([("publications.bib", text)])
    assert library.problems == ()
    compare(built, ((p.key, facts(p)) for p in library.publications))


def test_bibtex_of_each_paper(built: BuiltSite) -> None:
    def read(publication: Publication) -> Facts:
        path = built.folder / f"{built.records.docname(publication)}.bib"
        library = read_library([(path.name, path.read_text(encoding="utf-8"))])
        assert library.problems == ()
        return facts(library.publications[0])

    compare(built, ((p.key, read(p)) for p in built.records.library.publications))


def test_csl_json(built: BuiltSite) -> None:
    def read(item: dict[str, Any]) -> Facts:
        return {
            "title": item["title"],
            "authors": [f"{a['given']} {a['family']}" for a in item["author"]],
            "year": item["issued"]["date-parts"][0][0],
            "venue": item.get("container-title") or item.get("publisher"),
            "doi": item.get("DOI"),
        }

    items = json.loads((built.folder / "publications.csl.json").read_text("utf-8"))
    compare(built, ((item["id"], read(item)) for item in items))


def test_ris(built: BuiltSite) -> None:
    def read(entry: dict[str, Any]) -> Facts:
        return {
            "title": entry.get("title") or entry["primary_title"],
            "authors": [turn(name) for name in entry["authors"]],
            "year": int(entry["year"]),
            "venue": entry.get("secondary_title") or entry.get("publisher"),
            "doi": entry.get("doi"),
        }

    entries = rispy.loads((built.folder / "publications.ris").read_text("utf-8"))
    forms = ((str(entry["id"]), read(entry)) for entry in entries)
    compare(built, forms)


def test_json_of_the_records(built: BuiltSite) -> None:
    def read(item: dict[str, Any]) -> Facts:
        return {
            "title": item["title"],
            "authors": [author["name"] for author in item["authors"]],
            "year": item["year"],
            "venue": item["venue"]["name"] if item.get("venue") else None,
            "doi": item.get("doi"),
        }

    data = json.loads((built.folder / "publications.json").read_text("utf-8"))
    compare(built, ((item["key"], read(item)) for item in data["publications"]))


def test_json_ld(built: BuiltSite) -> None:
    def read(page: BeautifulSoup) -> Facts:
        script = page.select_one('script[type="application/ld+json"]')
        assert script is not None
        data = json.loads(script.get_text())
        assert data["@type"] == "ScholarlyArticle"
        identifiers = data.get("identifier", [])
        dois = [i["value"] for i in identifiers if i["propertyID"] == "DOI"]
        return {
            "title": data["name"],
            "authors": [author["name"] for author in data["author"]],
            "year": int(data["datePublished"][:4]),
            "venue": (data.get("isPartOf") or data["publisher"])["name"],
            "doi": dois[0] if dois else None,
        }

    papers = built.records.library.publications
    forms = ((p.key, read(page_of(built, p))) for p in papers)
    compare(built, forms)


def test_citation_tags(built: BuiltSite) -> None:
    def read(page: BeautifulSoup) -> Facts:
        tags: dict[str, list[str]] = {}
        for tag in page.select('meta[name^="citation_"]'):
            tags.setdefault(str(tag["name"]), []).append(str(tag["content"]))
        return {
            "title": tags["citation_title"][0],
            "authors": [turn(name) for name in tags["citation_author"]],
            "year": int(tags["citation_publication_date"][0][:4]),
            "venue": next(tags[name][0] for name in VENUE_TAGS if name in tags),
            "doi": tags.get("citation_doi", [None])[0],
        }

    papers = built.records.library.publications
    forms = ((p.key, read(page_of(built, p))) for p in papers)
    compare(built, forms)


def test_feed_of_the_newest(built: BuiltSite) -> None:
    feed = etree.fromstring((built.folder / "publications.atom").read_bytes())

    def read(entry: etree._Element) -> tuple[str, Facts]:
        address = str(entry.xpath("string(a:id)", namespaces=ATOM))
        names = entry.xpath("a:author/a:name/text()", namespaces=ATOM)
        assert isinstance(names, list)
        doi = str(entry.xpath("string(dc:identifier)", namespaces=ATOM))
        return address.rpartition("/")[2].removesuffix(".html"), {
            "title": str(entry.xpath("string(a:title)", namespaces=ATOM)),
            "authors": [str(name) for name in names],
            "year": int(str(entry.xpath("string(a:published)", namespaces=ATOM))[:4]),
            "venue": str(entry.xpath("string(dc:source)", namespaces=ATOM)),
            "doi": doi.removeprefix("doi:") or None,
        }

    entries = feed.findall("a:entry", ATOM)
    assert len(entries) == 30
    compare(built, map(read, entries), count=30)
