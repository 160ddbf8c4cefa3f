"""Entries of every kind in every form: what a reference manager gets of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from labsite.exports import ris
from labsite.exports.csl_json import make_item
from labsite.exports.highwire import citation_tags
from labsite.exports.json_ld import publication_json_ld

if TYPE_CHECKING:
    from collections.abc import Callable

    from labsite.exports import Collection, Site
    from labsite.model.records import Publication

COMMON = "title = {T}, author = {Moor, Ida}, year = 2021"
#: An entry, what its CSL item has, lines of its RIS, and tags of its page.
KINDS: dict[str, tuple[str, dict[str, Any], set[str], dict[str, str]]] = {
    "chapter": (
        """@incollection{k, %s, booktitle = {Tides}, booksubtitle = {A Reader},
        edition = 2, editor = {Bell, Al}, translator = {Cole, Bo}, chapter = 3,
        series = {Seas}, number = 7, isbn = {978-1}, langid = {ngerman},
        pages = {1, 5--9}}""",
        {"type": "chapter", "container-title": "Tides: A Reader", "edition": "2",
         "editor": [{"family": "Bell", "given": "Al"}], "chapter-number": "3",
         "translator": [{"family": "Cole", "given": "Bo"}], "collection-number": "7",
         "collection-title": "Seas", "page": "1, 5-9", "language": "de"},
        {"TY  - CHAP", "T2  - Tides: A Reader", "ED  - Bell, Al", "A4  - Cole, Bo",
         "ET  - 2", "T3  - Seas", "SV  - 7", "SN  - 978-1", "LA  - de",
         "SP  - 1, 5-9"},
        {"citation_inbook_title": "Tides: A Reader", "citation_editor": "Bell, Al",
         "citation_language": "de", "citation_firstpage": "1",
         "citation_lastpage": "9"},
    ),
    "entry of an encyclopedia": (
        "@inreference{k, %s, booktitle = {Tides from A to Z}}",
        {"type": "entry-encyclopedia", "container-title": "Tides from A to Z"},
        {"TY  - ENCYC", "T2  - Tides from A to Z"},
        {"citation_inbook_title": "Tides from A to Z"},
    ),
    "edited book": (
        """@book{k, title = {T}, editor = {Bell, Al}, year = 2021, publisher = {P},
        pagetotal = {350}}""",
        {"type": "book", "publisher": "P", "number-of-pages": "350",
         "editor": [{"family": "Bell", "given": "Al"}]},
        {"TY  - BOOK", "ED  - Bell, Al", "PB  - P", "SP  - 350"},
        {"citation_editor": "Bell, Al", "citation_publisher": "P"},
    ),
    "article in a journal of two names": (
        "@article{k, %s, journal = {J. Ex.}, fjournal = {Journal of Examples}}",
        {"type": "article-journal", "container-title": "Journal of Examples",
         "container-title-short": "J. Ex."},
        {"TY  - JOUR", "T2  - Journal of Examples"},
        {"citation_journal_title": "Journal of Examples",
         "citation_journal_abbrev": "J. Ex."},
    ),
    "unknown type in a journal": (
        "@strange{k, %s, journal = {Tides}}",
        {"type": "article-journal", "container-title": "Tides"},
        {"TY  - JOUR", "T2  - Tides"},
        {"citation_journal_title": "Tides"},
    ),
    "patent": (
        "@patent{k, %s, number = {99}, type = {patentus}, assignee = {{Sea Inc.}}}",
        {"type": "patent", "number": "99", "genre": "U.S. patent",
         "publisher": "Sea Inc."},
        {"TY  - PAT", "SN  - 99", "PB  - Sea Inc."},
        {"citation_publisher": "Sea Inc."},
    ),
    "paper in one of several volumes": (
        "@inproceedings{k, %s, maintitle = {Tide Days}, volume = 2}",
        {"type": "paper-conference", "container-title": "Tide Days"},
        {"TY  - CONF", "T2  - Tide Days", "VL  - 2"},
        {"citation_conference_title": "Tide Days"},
    ),
    "book in a work of several volumes": (
        "@bookinbook{k, %s, maintitle = {Tales}, volume = 2}",
        {"type": "book", "container-title": "Tales"},
        {"TY  - BOOK", "VL  - 2"},
        {},
    ),
    "volume of a book": (
        "@book{k, %s, maintitle = {Tales}, mainsubtitle = {All}, volume = 2}",
        {"type": "book", "title": "Tales: All: T", "volume": "2"},
        {"TY  - BOOK", "TI  - Tales: All: T", "VL  - 2"},
        {"citation_title": "Tales: All: T"},
    ),
    "special issue of a journal": (
        "@article{k, %s, journal = {J}, issuetitle = {Tides}, reprinttitle = {R}}",
        {"container-title": "J", "volume-title": "Tides"},
        {"TY  - JOUR", "T2  - J"},
        {"citation_journal_title": "J"},
    ),
    "patent of a country": (
        "@patent{k, %s, number = {7}, location = {countryde and countryus}}",
        {"type": "patent", "jurisdiction": "Germany; United States of America"},
        {"TY  - PAT", "SN  - 7", "C3  - Germany; United States of America"},
        {},
    ),
    "series of a journal": (
        """@article{k, %s, journal = {J}, series = {newseries}, volume = 3,
        pubstate = {inpress}, pmid = {17}}""",
        {"type": "article-journal", "collection-title": "New series", "PMID": "17",
         "status": "in press"},
        {"TY  - JOUR", "T3  - New series"},
        {"citation_volume": "3"},
    ),
    "preprint by how it was published": (
        "@misc{k, %s, howpublished = {arXiv preprint arXiv:2101.00003}}",
        {"type": "article", "publisher": "arXiv", "number": "arXiv:2101.00003"},
        {"TY  - UNPB", "AN  - arXiv:2101.00003",
         "UR  - https://arxiv.org/abs/2101.00003"},
        {"citation_arxiv_id": "2101.00003"},
    ),
    "report": (
        "@techreport{k, %s, number = {TR-9}, type = {Memo}, institution = {Sea Lab}}",
        {"type": "report", "number": "TR-9", "genre": "Memo", "publisher": "Sea Lab"},
        {"TY  - RPRT", "SN  - TR-9", "M3  - Memo", "PB  - Sea Lab"},
        {"citation_technical_report_number": "TR-9",
         "citation_technical_report_institution": "Sea Lab"},
    ),
    "software": (
        "@software{k, %s, version = {1.2}, organization = {Sea Archive}}",
        {"type": "software", "version": "1.2", "publisher": "Sea Archive"},
        {"TY  - COMP", "ET  - 1.2", "PB  - Sea Archive"},
        {"citation_publisher": "Sea Archive"},
    ),
    "article of a number": (
        """@article{k, %s, journal = {J}, volume = 8, eid = {042}, issn = {1234-5678},
        url = {https://j.example/42}, doi = {10.5555/j.42}}""",
        {"type": "article-journal", "number": "042", "URL": "https://j.example/42",
         "DOI": "10.5555/j.42"},
        {"TY  - JOUR", "SP  - 042", "SN  - 1234-5678", "UR  - https://j.example/42"},
        {"citation_journal_title": "J", "citation_issn": "1234-5678",
         "citation_firstpage": "042"},
    ),
    "preprint that Google Scholar found": (
        "@article{k, %s, journal = {arXiv preprint arXiv:2101.00003}}",
        {"type": "article", "publisher": "arXiv", "number": "arXiv:2101.00003"},
        {"TY  - UNPB", "PB  - arXiv", "UR  - https://arxiv.org/abs/2101.00003"},
        {"citation_publisher": "arXiv", "citation_arxiv_id": "2101.00003"},
    ),
    "newspaper": (
        "@article{k, %s, journal = {The Day}, entrysubtype = {newspaper}}",
        {"type": "article-newspaper"},
        {"TY  - NEWS"},
        {"citation_journal_title": "The Day"},
    ),
    "page": (
        """@online{k, %s, organization = {Sea Lab}, url = {https://s.example},
        urldate = {2024-05-06}, shorttitle = {S}}""",
        {"type": "webpage", "publisher": "Sea Lab"},
        {"TY  - ELEC", "PB  - Sea Lab", "Y2  - 2024/05/06/", "ST  - S"},
        {},
    ),
    "film": (
        """@movie{k, title = {T}, editor = {Bell, Al}, editortype = {director},
        year = 2021}""",
        {"type": "motion_picture", "director": [{"family": "Bell", "given": "Al"}]},
        {"TY  - MPCT", "AU  - Bell, Al"},
        {},
    ),
    "talk": (
        "@unpublished{k, %s, eventtitle = {Tide Day}, venue = {Busan}}",
        {"type": "speech", "event-title": "Tide Day", "event-place": "Busan"},
        {"TY  - SLIDE", "T2  - Tide Day", "CY  - Busan"},
        {},
    ),
    "paper with a number for pages": (
        "@inproceedings{k, %s, booktitle = {P}, articleno = {12}, numpages = {14}}",
        {"type": "paper-conference", "number": "12", "number-of-pages": "14"},
        {"SP  - 12"},
        {"citation_firstpage": "12"},
    ),
    "paper with ACM's two places": (
        """@inproceedings{k, %s, booktitle = {P}, location = {Busan},
        publisher = {Society for Industrial and Applied Mathematics},
        address = {New York}}""",
        {"publisher": "Society for Industrial and Applied Mathematics",
         "publisher-place": "New York", "event-place": "Busan"},
        {"CY  - New York"},
        {},
    ),
    "review": (
        "@review{k, %s, journal = {J}, number = 4, issue = {Spring}}",
        {"type": "review", "container-title": "J", "issue": "4, Spring"},
        {"TY  - JOUR", "T2  - J", "IS  - 4, Spring"},
        {"citation_journal_title": "J", "citation_issue": "4, Spring"},
    ),
    "editors by another name": (
        """@collection{k, title = {T}, editor = {Bell, Al}, editortype = {redactor},
        editora = {Cole, Bo}, editoratype = {redactor}, year = 2021}""",
        {"editor": [{"family": "Bell", "given": "Al"}],
         "contributor": [{"family": "Cole", "given": "Bo"}]},
        {"ED  - Bell, Al"},
        {"citation_editor": "Bell, Al"},
    ),
    "range of dates": (
        "@proceedings{k, title = {T}, editor = {Bell, Al}, date = {2020-11/2021-01}}",
        {"type": "book", "issued": {"date-parts": [[2020, 11], [2021, 1]]}},
        {"PY  - 2020", "DA  - 2020/11//"},
        {"citation_publication_date": "2020/11"},
    ),
    "season and doubt": (
        "@article{k, title = {T}, author = {M, I}, journal = {J}, date = {2021-22~}}",
        {"issued": {"date-parts": [[2021]], "season": 2, "circa": True}},
        {"PY  - 2021"},
        {"citation_publication_date": "2021"},
    ),
    "archive of books": (
        "@book{k, %s, publisher = {P}, eprint = {a-B9}, eprinttype = {googlebooks}}",
        {"URL": "https://books.google.com?id=a-B9"},
        {"UR  - https://books.google.com?id=a-B9"},
        {},
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    "kind", [pytest.param(row, id=name) for name, row in KINDS.items()]
)
def test_every_form_has_what_the_entry_says(
    kind: tuple[str, dict[str, Any], set[str], dict[str, str]],
    collect: Callable[[str], Collection],
    site: Site,
) -> None:
    entry, item, lines, tags = kind
    collection = collect(entry.replace("%s", COMMON))
    (publication,) = collection.publications
    assert item.items() <= make_item(publication, site).items()
    assert lines <= set(ris.render(collection).splitlines())
    assert tags.items() <= dict(citation_tags(publication, site)).items()


def test_a_patent_is_no_issue_and_editors_are_no_authors(
    read_one: Callable[[str], Publication],
    collect: Callable[[str], Collection],
    site: Site,
) -> None:
    patent = "@patent{k, title = {T}, author = {M, I}, year = 2021, number = {99}}"
    assert "citation_issue" not in dict(citation_tags(read_one(patent), site))
    book = "@book{k, title = {T}, editor = {Bell, Al}, year = 2021}"
    assert "AU  - " not in ris.render(collect(book))
    film, *_ = KINDS["film"]
    assert dict(citation_tags(read_one(film), site))["citation_author"] == "Bell, Al"


def test_search_engines_are_told_of_editors_editions_and_ranges(
    read_one: Callable[[str], Publication], site: Site
) -> None:
    entry, *_ = KINDS["chapter"]
    data = publication_json_ld(read_one(entry.replace("%s", COMMON)), site)
    assert data["editor"][0]["name"] == "Al Bell"
    assert data["translator"][0]["name"] == "Bo Cole"
    book = {"name": "Tides: A Reader", "bookEdition": "2", "isbn": "978-1"}
    assert data["isPartOf"] == {"@type": "Book", **book}
    assert "isbn" not in data
    assert data["inLanguage"] == "de"
    assert data["pagination"] == "1, 5-9"


def test_a_body_in_braces_is_an_organization(
    read_one: Callable[[str], Publication], site: Site
) -> None:
    entry = "@misc{k, title = {T}, author = {{OpenSea}}, year = 2021}"
    data = publication_json_ld(read_one(entry), site)
    assert data["author"] == [{"@type": "Organization", "name": "OpenSea"}]
