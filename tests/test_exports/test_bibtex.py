"""BibTeX, read back by pybtex's strict parser and by the site's own reader."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pybtex.database import parse_string

from labsite.bibtex.reader import read_library
from labsite.exports.bibtex import render, render_entry

if TYPE_CHECKING:
    from collections.abc import Callable

    from labsite.exports import Collection
    from labsite.model.records import Publication


def reread(text: str) -> Publication:
    library = read_library([("export.bib", text)])
    assert library.problems == ()
    (publication,) = library.publications
    return publication


def entry_fields(text: str) -> dict[str, str]:
    """Return an exported entry's fields as BibTeX resolves them."""
    (entry,) = parse_string(text, "bibtex").entries.values()
    people = {
        role: " and ".join(map(str, persons)) for role, persons in entry.persons.items()
    }
    return {**people, **dict(entry.fields)}


def test_every_record_comes_back_the_same(each: Collection) -> None:
    library = read_library([("export.bib", render(each))])
    assert library.problems == ()
    assert len(library.publications) == len(each.publications)
    for before in each.publications:
        after = library.by_key[before.key]
        assert after.key == before.key
        assert after.entry_type == before.entry_type
        assert after.kind == before.kind
        assert after.title == before.title
        assert [c.inverted_name for c in after.creators] == [
            c.inverted_name for c in before.creators
        ]
        assert after.issued == before.issued
        assert after.doi == before.doi
        assert after.arxiv == before.arxiv
        assert after.note == before.note
        assert (after.venue and after.venue.name) == (
            before.venue and before.venue.name
        )


def test_pybtex_reads_the_file_without_a_complaint(each: Collection) -> None:
    entries = parse_string(render(each), "bibtex").entries
    assert list(entries) == [p.key for p in each.publications]


def test_each_entry_stands_alone(each: Collection) -> None:
    for publication in each.publications:
        assert list(parse_string(render_entry(publication), "bibtex").entries) == [
            publication.key
        ]


def test_an_entry_is_cut_from_its_source(
    read_one: Callable[[str], Publication],
) -> None:
    publication = read_one(
        '@string{DAC = "Design Automation Conference"}\n'
        "@InProceedings{key,\n"
        "  Author = {Kim, {\\'E}va and others},\n"
        '  title = "Of {GPUs} and " # {$x^2$},\n'
        "  booktitle = DAC # { Companion},\n"
        "  year = 2024, month = mar,\n"
        "  entrysubtype = {workshop},\n"
        "}\n"
    )
    assert render_entry(publication) == (
        "@inproceedings{key,\n"
        "  author       = {Kim, {\\'E}va and others},\n"
        '  title        = "Of {GPUs} and " # {$x^2$},\n'
        "  booktitle    = {Design Automation Conference Companion},\n"
        "  year         = 2024,\n"
        "  month        = mar,\n"
        "  entrysubtype = {workshop},\n"
        "}\n"
    )


def test_what_only_the_site_reads_is_left_out(
    read_one: Callable[[str], Publication],
) -> None:
    publication = read_one(
        "@misc{key, title = {T}, author = {A, B}, year = 2024, keywords = {gpus},"
        " selected = {true}, award = {Best}, award_name = {Best}, preview = {a.png},"
        " code = {https://c.example}, artifact = {https://a.example},"
        " slides = {https://s.example}, poster = {p.pdf}, video = {https://v.example},"
        " website = {https://w.example}, supp = {s.zip}, data = {https://d.example},"
        " html = {https://h.example}, pdf = {files/t.pdf}, url = {files/t.html},"
        " url_demo = {https://x.example}, ids = {old}, author+an = {1=equal},"
        " author+an:role = {1=first}, title+an = {1=x}, abbr = {T'24},"
        " accepted = {2024-01-02},"
        " abstract = {Long},"
        " pubstate = {inpress}, note = {Kept}}"
    )
    assert set(entry_fields(render_entry(publication))) == {
        "author",
        "title",
        "year",
        "pubstate",
        "note",
    }


def test_a_link_that_works_anywhere_stays(
    read_one: Callable[[str], Publication],
) -> None:
    publication = read_one(
        "@misc{key, title = {T}, author = {A, B}, year = 2024,"
        " pdf = {https://x.example/t.pdf}, url = {https://x.example/t}}"
    )
    fields = entry_fields(render_entry(publication))
    assert fields["pdf"] == "https://x.example/t.pdf"
    assert fields["url"] == "https://x.example/t"


def test_what_a_crossref_gives_is_written_out(
    read_one: Callable[[str], Publication],
) -> None:
    publication = read_one(
        '@string{ACM = "Association for Computing Machinery"}\n'
        "@inproceedings{child, author = {A, B}, title = {T}, crossref = {parent},"
        " pages = {1--2}}\n"
        "@proceedings{parent, title = {Proceedings of {X}}, year = 2023, month = sep,"
        " publisher = ACM, location = {Seoul}, editor = {E, F}, doi = {10.1000/book}}"
    )
    text = render_entry(publication)
    assert "crossref" not in text
    assert "month     = sep," in text
    assert entry_fields(text) == {
        "author": "A, B",
        "title": "T",
        "pages": "1--2",
        "booktitle": "Proceedings of {X}",
        "year": "2023",
        "month": "September",
        "publisher": "Association for Computing Machinery",
        "address": "Seoul",
        "editor": "E, F",
    }
    assert reread(text).venue == publication.venue


def test_a_crossref_that_leads_nowhere_is_left_out(
    read_one: Callable[[str], Publication],
) -> None:
    publication = read_one(
        "@misc{key, title = {T}, author = {A, B}, year = 2024, crossref = {gone}}"
    )
    assert "crossref" not in render_entry(publication)


def test_biblatex_names_stay_as_written(
    read_one: Callable[[str], Publication],
) -> None:
    publication = read_one(
        "@article{key, title = {T}, author = {A, B}, date = {2024-02-29},"
        " journaltitle = {J}, location = {Seoul}, eprinttype = {arXiv},"
        " eprint = {2402.00001}}"
    )
    text = render_entry(publication)
    assert list(entry_fields(text)) == [
        "author", "title", "date", "journaltitle", "location", "eprinttype", "eprint",
    ]  # fmt: skip
    assert reread(text).issued == publication.issued


@pytest.mark.parametrize(
    "repeated",
    [
        pytest.param("year = 2025", id="the same name"),
        pytest.param("year = 2024", id="the same name and value"),
        pytest.param("journaltitle = {Second}", id="a synonym after"),
        pytest.param("volume = {}", id="an empty one"),
    ],
)
def test_of_a_repeated_field_the_first_is_written(
    repeated: str, read_one: Callable[[str], Publication]
) -> None:
    publication = read_one(
        "@article{key, title = {T}, author = {A, B}, year = 2024, journal = {First},"
        f" {repeated}}}"
    )
    assert entry_fields(render_entry(publication)) == {
        "author": "A, B",
        "title": "T",
        "year": "2024",
        "journal": "First",
    }


def test_a_synonym_that_comes_first_is_the_one_written(
    read_one: Callable[[str], Publication],
) -> None:
    publication = read_one(
        "@article{key, title = {T}, author = {A, B}, year = 2024,"
        " journaltitle = {First}, journal = {Second}}"
    )
    fields = entry_fields(render_entry(publication))
    assert fields["journaltitle"] == "First"
    assert "journal" not in fields


def test_a_month_behind_a_macro_of_the_file_is_a_month_again(
    read_one: Callable[[str], Publication],
) -> None:
    publication = read_one(
        "@string{spring = mar}\n"
        "@misc{key, title = {T}, author = {A, B}, year = 2024, month = spring}"
    )
    assert "month  = mar," in render_entry(publication)


def test_no_publications_make_an_empty_file(
    collect: Callable[[str], Collection],
) -> None:
    assert render(collect("")) == ""
