"""JSON-LD, read back out of a page."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pytest

from labsite.exports.json_ld import (
    dump_script,
    organization_json_ld,
    person_json_ld,
    publication_json_ld,
)
from labsite.model.dates import PartialDate
from labsite.model.records import Honour, Link, Person, Role
from labsite.model.sources import PageSource

if TYPE_CHECKING:
    from collections.abc import Callable

    from labsite.exports import Collection, Site
    from labsite.model.records import Publication


class ScriptReader(HTMLParser):
    """Gathers what stands in script elements, and counts all elements."""

    def __init__(self) -> None:
        super().__init__()
        self.script = ""
        self.elements = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002
        self.elements += 1

    def handle_data(self, data: str) -> None:
        self.script += data


def read_page(script: str) -> Any:  # noqa: ANN401 -- JSON
    reader = ScriptReader()
    reader.feed(f'<script type="application/ld+json">{script}</script>')
    reader.close()
    assert reader.elements == 1
    return json.loads(reader.script)


def inverted(person: dict[str, str]) -> str:
    if person["@type"] == "Organization":
        return person["name"]
    parts = map(person.get, ("familyName", "givenName", "honorificSuffix"))
    return ", ".join(filter(None, parts))


def venue(data: dict[str, Any]) -> str | None:
    part = data.get("isPartOf", data.get("publisher"))
    while part and "name" not in part:
        part = part["isPartOf"]
    return part and str(part["name"])


def test_every_publication_comes_back(
    each: Collection, essentials: Callable[[Collection], list[tuple[Any, ...]]]
) -> None:
    pages = [
        read_page(dump_script(publication_json_ld(p, each.site)))
        for p in each.publications
    ]
    assert [
        (
            page["headline"],
            tuple(map(inverted, page["author"])),
            int(page["datePublished"][:4]),
            venue(page),
            {i["propertyID"]: i["value"] for i in page.get("identifier", ())}.get(
                "DOI"
            ),
        )
        for page in pages
    ] == essentials(each)


def test_a_script_holds_nothing_that_ends_it() -> None:
    data = {"a": "</script>", "b": "<!--", "c": "]]>&amp;", "d": "\u2028\u2029"}
    script = dump_script(data)
    assert not set("<>&\u2028\u2029") & set(script)
    assert json.loads(script) == data


def test_a_full_description(read_one: Callable[[str], Publication], site: Site) -> None:
    publication = read_one(
        "@article{k, title = {T}, author = {de Bo, Jr., Al and {The Test Team}},"
        " journal={J}, shortjournal={Jo}, date={2024-02-01}, volume=3, number=4,"
        " pages = {7--9}, doi = {10.1000/x}, eprint = {2402.00001},"
        " archiveprefix = {arXiv}, keywords = {pim}, award = {Best}, abstract = {Long}}"
    )
    assert publication_json_ld(publication, site) == {
        "@context": "https://schema.org",
        "@type": "ScholarlyArticle",
        "@id": "https://lab.example/en/publications/k.html",
        "url": "https://lab.example/en/publications/k.html",
        "headline": "T",
        "name": "T",
        "author": [
            {
                "@type": "Person",
                "name": "Al de Bo, Jr.",
                "givenName": "Al",
                "familyName": "de Bo",
                "honorificSuffix": "Jr.",
            },
            {"@type": "Organization", "name": "The Test Team"},
        ],
        "datePublished": "2024-02-01",
        "isPartOf": {
            "@type": "PublicationIssue",
            "issueNumber": "4",
            "isPartOf": {
                "@type": "PublicationVolume",
                "volumeNumber": "3",
                "isPartOf": {"@type": "Periodical", "name": "J", "alternateName": "Jo"},
            },
        },
        "pageStart": "7",
        "pageEnd": "9",
        "abstract": "Long",
        "keywords": ["Processing in memory"],
        "award": "Best",
        "inLanguage": "en",
        "identifier": [
            {"@type": "PropertyValue", "propertyID": "DOI", "value": "10.1000/x"},
            {"@type": "PropertyValue", "propertyID": "arXiv", "value": "2402.00001"},
        ],
        "sameAs": ["https://doi.org/10.1000/x", "https://arxiv.org/abs/2402.00001"],
    }


@pytest.mark.parametrize(
    ("entry", "type_"),
    [
        ("@inproceedings{k, booktitle = {V}", "ScholarlyArticle"),
        ("@misc{k, eprint={2402.00001}, archiveprefix={arXiv}", "ScholarlyArticle"),
        ("@incollection{k, booktitle = {V}", "Chapter"),
        ("@book{k", "Book"),
        ("@phdthesis{k", "Thesis"),
        ("@techreport{k", "Report"),
        ("@dataset{k", "Dataset"),
    ],
)
def test_the_type_is_schema_org_s(
    entry: str, type_: str, read_one: Callable[[str], Publication], site: Site
) -> None:
    publication = read_one(f"{entry}, title = {{T}}}}")
    assert publication_json_ld(publication, site)["@type"] == type_


@pytest.mark.parametrize(
    ("entry", "own", "of_container"),
    [
        ("@inproceedings{k, booktitle = {V}", {"pageStart"}, {"issn"}),
        ("@article{k, journal = {V}", {"pageStart"}, {"issn"}),
        ("@incollection{k, booktitle = {V}", {"pageStart"}, {"isbn", "bookEdition"}),
        ("@book{k", {"isbn", "bookEdition", "numberOfPages"}, set()),
        ("@techreport{k, number = 5", {"pageStart", "reportNumber"}, set()),
        ("@phdthesis{k", set(), set()),
    ],
)  # fmt: skip
def test_a_class_has_the_properties_that_schema_org_gives_it(
    entry: str,
    own: set[str],
    of_container: set[str],
    read_one: Callable[[str], Publication],
    site: Site,
) -> None:
    publication = read_one(
        f"{entry}, title = {{T}}, isbn = {{9783161484100}}, issn = {{2049-3630}},"
        " pages = 7, edition = 2, pagetotal = 300}"
    )
    data = publication_json_ld(publication, site)
    special = {"isbn", "issn", "bookEdition", "numberOfPages", "pageStart",
               "reportNumber"}  # fmt: skip
    assert special & set(data) == own
    assert special & set(data.get("isPartOf", ())) == of_container


def test_proceedings_are_a_series(
    read_one: Callable[[str], Publication], site: Site
) -> None:
    publication = read_one("@inproceedings{k, title = {T}, booktitle = {V}}")
    assert publication_json_ld(publication, site)["isPartOf"] == {
        "@type": "CreativeWorkSeries",
        "name": "V",
    }


def test_what_is_unknown_is_absent(
    read_one: Callable[[str], Publication], site: Site
) -> None:
    data = publication_json_ld(read_one("@misc{k, title = {T}}"), site)
    assert set(data) == {
        "@context", "@type", "@id", "url", "headline", "name", "inLanguage",
    }  # fmt: skip


DETAILS = {"name": "Laboratory of Tests", "parentOrganization": "A University"}


def person(**parts: Any) -> Person:  # noqa: ANN401 -- as its class takes them
    known: dict[str, Any] = {
        "slug": "jane-roe",
        "name": "Jane Roe",
        "role": Role.PHD,
        "docname": "team/jane-roe",
        "source": PageSource(file="team/jane-roe.md"),
    }
    return Person(**(known | parts))


def test_a_person_is_described_by_what_the_page_says(site: Site) -> None:
    roe = person(
        names=(("ko", "노제인"),),
        aliases=("J. Roe",),
        position="Professor",
        interests=("graphs", "memory"),
        links=(Link(name="scholar", label="Scholar", url="https://s.example/roe"),),
        awards=(Honour(name="Best Paper Award"),),
    )
    assert person_json_ld(roe, "team/jane-roe.html", DETAILS, site) == {
        "@context": "https://schema.org",
        "@type": "Person",
        "@id": "https://lab.example/en/team/jane-roe.html",
        "url": "https://lab.example/en/team/jane-roe.html",
        "name": "Jane Roe",
        "alternateName": ["노제인", "J. Roe"],
        "jobTitle": "Professor",
        "affiliation": {
            "@type": "ResearchOrganization",
            "@id": "https://lab.example/en/#organization",
            "name": "Laboratory of Tests",
        },
        "knowsAbout": ["graphs", "memory"],
        "award": ["Best Paper Award"],
        "sameAs": ["https://s.example/roe"],
    }


def test_what_is_not_known_of_a_person_is_not_said(site: Site) -> None:
    said = person_json_ld(person(), "team/jane-roe.html", {}, site)
    assert set(said) == {"@context", "@type", "@id", "url", "name"}


def test_an_alumnus_holds_no_position_and_belongs_to_no_lab(site: Site) -> None:
    gone = person(position="Professor", left=PartialDate())
    said = person_json_ld(gone, "team/jane-roe.html", DETAILS, site)
    assert "jobTitle" not in said
    assert "affiliation" not in said


def test_the_affiliation_of_a_person_is_the_organization_of_the_site(
    site: Site,
) -> None:
    lab = organization_json_ld(DETAILS, site, description="What we do")
    member = person_json_ld(person(), "team/jane-roe.html", DETAILS, site)
    assert lab == {
        "@context": "https://schema.org",
        **member["affiliation"],
        "url": site.base_url,
        "description": "What we do",
        "parentOrganization": {"@type": "Organization", "name": "A University"},
    }


def test_an_organization_without_a_name_has_the_sites(site: Site) -> None:
    assert organization_json_ld({}, site)["name"] == "Lab <of> Tests & Co."


def test_a_hostile_person_stays_inside_the_script(site: Site) -> None:
    name = "</script><script>alert(1)</script> \u2028 & Co."
    hostile = person(name=name, interests=(name,), awards=(Honour(name=name),))
    said = read_page(dump_script(person_json_ld(hostile, "x.html", DETAILS, site)))
    assert (said["name"], said["knowsAbout"], said["award"]) == (name, [name], [name])
