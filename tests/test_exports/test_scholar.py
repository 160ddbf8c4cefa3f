"""The ``citation_*`` tags, read as Google Scholar and Zotero read them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from labsite.exports.highwire import citation_tags

if TYPE_CHECKING:
    from collections.abc import Callable

    from labsite.exports import Collection, Site
    from labsite.model.records import Publication

VENUES = (
    "citation_conference_title",
    "citation_journal_title",
    "citation_inbook_title",
    "citation_publisher",
)


def values(publication: Publication, site: Site, *names: str) -> list[str]:
    tags = citation_tags(publication, site)
    return [content for name, content in tags if name in names]


def one(publication: Publication, site: Site, *names: str) -> str | None:
    found = values(publication, site, *names)
    assert len(found) <= 1
    return found[0] if found else None


def test_every_publication_comes_back(
    each: Collection, essentials: Callable[[Collection], list[tuple[Any, ...]]]
) -> None:
    site = each.site
    assert [
        (
            one(p, site, "citation_title"),
            tuple(values(p, site, "citation_author")),
            int((one(p, site, "citation_publication_date") or "")[:4]),
            one(p, site, *VENUES),
            one(p, site, "citation_doi"),
        )
        for p in each.publications
    ] == essentials(each)


def test_every_page_has_what_scholar_demands(each: Collection) -> None:
    for publication in each.publications:
        names = {name for name, _ in citation_tags(publication, each.site)}
        assert names >= {
            "citation_title",
            "citation_author",
            "citation_publication_date",
            "citation_abstract_html_url",
        }


def test_the_tags_of_an_article(
    read_one: Callable[[str], Publication], site: Site
) -> None:
    publication = read_one(
        "@article{k, title = {T}, author = {de Bo, Jr., Al and Kim, B. and others},"
        " journal = {J}, shortjournal = {Jo}, date = {2024-02-09}, volume = 3,"
        " number = 4, pages = {7--9}, doi = {10.1000/x}, eprint = {2402.00001},"
        " archiveprefix = {arXiv}, keywords = {pim, other}, abstract = {Long},"
        " publisher = {P}, issn = {1234-5678}, pdf = {files/t.pdf}}"
    )
    assert citation_tags(publication, site) == (
        ("citation_title", "T"),
        ("citation_author", "de Bo, Al, Jr."),
        ("citation_author", "Kim, B."),
        ("citation_publication_date", "2024/02/09"),
        ("citation_publisher", "P"),
        ("citation_volume", "3"),
        ("citation_firstpage", "7"),
        ("citation_issn", "1234-5678"),
        ("citation_doi", "10.1000/x"),
        ("citation_abstract", "Long"),
        ("citation_lastpage", "9"),
        ("citation_journal_title", "J"),
        ("citation_journal_abbrev", "Jo"),
        ("citation_issue", "4"),
        ("citation_arxiv_id", "2402.00001"),
        ("citation_language", "en"),
        ("citation_keywords", "Processing in memory"),
        ("citation_keywords", "other"),
        ("citation_abstract_html_url", "https://lab.example/en/publications/k.html"),
        ("citation_pdf_url", "https://lab.example/en/files/t.pdf"),
    )


@pytest.mark.parametrize(
    ("entry", "tag"),
    [
        ("@inproceedings{k, booktitle = {V}", "citation_conference_title"),
        ("@article{k, journal = {V}", "citation_journal_title"),
        ("@article{k, entrysubtype = {conference}, journal = {V}",
         "citation_journal_title"),
        ("@inproceedings{k, entrysubtype = {demo}, booktitle = {V}",
         "citation_conference_title"),
        ("@incollection{k, booktitle = {V}", "citation_inbook_title"),
        ("@phdthesis{k, school = {V}", "citation_dissertation_institution"),
        ("@techreport{k, institution = {V}", "citation_technical_report_institution"),
        ("@book{k, publisher = {V}", "citation_publisher"),
    ],
)  # fmt: skip
def test_the_venue_s_tag_says_what_it_is(
    entry: str, tag: str, read_one: Callable[[str], Publication], site: Site
) -> None:
    tags = citation_tags(read_one(f"{entry}, title = {{T}}}}"), site)
    assert [name for name, content in tags if content == "V"] == [tag]


@pytest.mark.parametrize(
    ("fields", "date"),
    [
        ("date = {2024-02-09}", "2024/02/09"),
        ("year = 2024, month = dec", "2024/12"),
        ("year = 2024", "2024"),
        ("note = {No date}", None),
    ],
)
def test_a_date_has_the_known_parts(
    fields: str, date: str | None, read_one: Callable[[str], Publication], site: Site
) -> None:
    publication = read_one(f"@misc{{k, title = {{T}}, {fields}}}")
    assert one(publication, site, "citation_publication_date") == date


@pytest.mark.parametrize(
    ("pdf", "address"),
    [
        ("files/t.pdf", "https://lab.example/en/files/t.pdf"),
        ("/files/논문.PDF",
         "https://lab.example/en/files/%EB%85%BC%EB%AC%B8.PDF"),
        ("https://lab.example/old/t.pdf", "https://lab.example/old/t.pdf"),
        ("https://elsewhere.example/t.pdf", None),
        ("https://lab.example.evil.example/t.pdf", None),
        ("files/t.html", None),
    ],
)  # fmt: skip
def test_only_a_pdf_on_this_host_is_named(
    pdf: str,
    address: str | None,
    read_one: Callable[[str], Publication],
    site: Site,
) -> None:
    publication = read_one(f"@misc{{k, title = {{T}}, pdf = {{{pdf}}}}}")
    assert one(publication, site, "citation_pdf_url") == address
    slides = read_one(f"@misc{{k, title = {{T}}, slides = {{{pdf}}}}}")
    assert one(slides, site, "citation_pdf_url") is None


@pytest.mark.parametrize(
    ("fields", "language"),
    [
        ("note = {Nothing said}", "en"),
        ("language = {ko}", "ko"),
        ("langid = {pt-BR}", "pt-BR"),
        ("langid = {korean}", "ko"),
        ("language = {Sprache}", None),
        ("subtitle = {한국어 제목}", None),
        ("subtitle = {of $\\alpha$}", "en"),
    ],
)
def test_a_language_is_the_entry_s_if_it_says_one(
    fields: str,
    language: str | None,
    read_one: Callable[[str], Publication],
    site: Site,
) -> None:
    publication = read_one(f"@misc{{k, title = {{T}}, {fields}}}")
    assert one(publication, site, "citation_language") == language


def test_editors_are_no_authors(
    read_one: Callable[[str], Publication], site: Site
) -> None:
    publication = read_one("@book{k, title = {T}, editor = {A, B}}")
    assert values(publication, site, "citation_editor") == ["A, B"]
    assert values(publication, site, "citation_author") == []


@pytest.mark.parametrize(
    ("pages", "first", "last"),
    [
        ("7--9", "7", "9"),
        ("7-9", "7", "9"),
        ("7\u20139", "7", "9"),
        ("1:1--1:25", "1:1", "1:25"),
        ("A-12--A-15", "A-12", "A-15"),
        ("1--5, 9, 20--30", "1", "30"),
        ("A-12", "A-12", None),
        ("42", "42", None),
        ("42--", "42", None),
    ],
)
def test_pages(
    pages: str,
    first: str,
    last: str | None,
    read_one: Callable[[str], Publication],
    site: Site,
) -> None:
    publication = read_one(f"@misc{{k, title = {{T}}, pages = {{{pages}}}}}")
    assert one(publication, site, "citation_firstpage") == first
    assert one(publication, site, "citation_lastpage") == last


def test_a_crossref_child_has_its_parent_s_venue_and_date(
    read_one: Callable[[str], Publication], site: Site
) -> None:
    publication = read_one(
        "@inproceedings{child, author = {A, B}, title = {T}, crossref = {parent}}\n"
        "@proceedings{parent, title = {Proceedings of {X}}, year = 2023, month = sep}"
    )
    assert one(publication, site, *VENUES) == "Proceedings of X"
    assert one(publication, site, "citation_publication_date") == "2023/09"
