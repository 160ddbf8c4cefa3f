"""What biblatex, BibTeX and reference managers write is read as they mean it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from labsite.bibtex.parser import BibtexText
from labsite.bibtex.reader import read_library
from labsite.checks import check_entries
from labsite.exports import Site
from labsite.exports.csl_json import make_item
from labsite.model.dates import (
    DateSpan,
    PartialDate,
    find_date,
    parse_edtf,
)
from labsite.model.problems import Rule, Severity
from labsite.text.values import language_tag

if TYPE_CHECKING:
    from labsite.model.records import Library, Publication


def read(text: str) -> Library:
    return read_library([("any.bib", text)])


def one(text: str) -> Publication:
    library = read(text)
    assert library.problems == ()
    return library.publications[0]


def misc(fields: str) -> Publication:
    return one(f"@misc{{k, author = {{Roe, Jane}}, title = {{T}}, {fields} }}")


# Dates

EDTF = {
    "2024": DateSpan(start=PartialDate(2024)),
    "2024-07": DateSpan(start=PartialDate(2024, 7)),
    "2024-07-09": DateSpan(start=PartialDate(2024, 7, 9)),
    "0974": DateSpan(start=PartialDate(974)),
    "2024-07-09T08:15:00": DateSpan(start=PartialDate(2024, 7, 9)),
    "2024-07-09T08:15:00Z": DateSpan(start=PartialDate(2024, 7, 9)),
    "2024-07-09T08:15:00+09:00": DateSpan(start=PartialDate(2024, 7, 9)),
    "2023/2024": DateSpan(start=PartialDate(2023), end=PartialDate(2024)),
    "2024-05-30/2024-06-02": DateSpan(
        start=PartialDate(2024, 5, 30), end=PartialDate(2024, 6, 2)
    ),
    "2024/": DateSpan(start=PartialDate(2024), end=PartialDate()),
    "2024/..": DateSpan(start=PartialDate(2024), end=PartialDate()),
    "/1998": DateSpan(end=PartialDate(1998)),
    "../1998": DateSpan(end=PartialDate(1998)),
    "2024-23": DateSpan(start=PartialDate(2024), season=3),
    "2024-26": DateSpan(start=PartialDate(2024), season=2),
    "2024-34": DateSpan(start=PartialDate(2024)),
    "2023-24/2024-21": DateSpan(
        start=PartialDate(2023), end=PartialDate(2024), season=4
    ),
    "2024-21/2024-22": DateSpan(start=PartialDate(2024), season=1),
    "1987/1990~": DateSpan(start=PartialDate(1987), end=PartialDate(1990), circa=True),
    "1987~": DateSpan(start=PartialDate(1987), circa=True),
    "1987?": DateSpan(start=PartialDate(1987), circa=True),
    "1987%": DateSpan(start=PartialDate(1987), circa=True),
    "198X": DateSpan(start=PartialDate(1980), end=PartialDate(1989)),
    "19XX": DateSpan(start=PartialDate(1900), end=PartialDate(1999)),
    "198u": DateSpan(start=PartialDate(1980), end=PartialDate(1989)),
    "-0044-03-15": DateSpan(),
    "-0877/-0866": DateSpan(),
    "-0044/0014": DateSpan(end=PartialDate(14)),
    "2024-XX": DateSpan(start=PartialDate(2024)),
    "2024-02-XX": DateSpan(start=PartialDate(2024, 2)),
}


@pytest.mark.parametrize(("text", "span"), EDTF.items())
def test_edtf_is_read(text: str, span: DateSpan) -> None:
    assert parse_edtf(text) == span


@pytest.mark.parametrize(
    "text",
    ["", "soon", "2024-13", "2024-02-30", "24", "/", "../..", "2023/2024/2025", "0000"],
)
def test_what_is_no_edtf_is_none(text: str) -> None:
    assert parse_edtf(text) is None


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("1911--1912", DateSpan(start=PartialDate(1911), end=PartialDate(1912))),
        ("1912/13", DateSpan(start=PartialDate(1912), end=PartialDate(1913))),
        ("1912-13", DateSpan(start=PartialDate(1912), end=PartialDate(1913))),
        ("1999/00", DateSpan(start=PartialDate(1999), end=PartialDate(2000))),
        ("2019-00", DateSpan(start=PartialDate(2019))),
        ("2009/10", DateSpan(start=PartialDate(2009), end=PartialDate(2010))),
        (
            "Winter 2009/10",
            DateSpan(start=PartialDate(2009), end=PartialDate(2010), season=4),
        ),
        ("2009-10", DateSpan(start=PartialDate(2009, 10))),
        ("2019/07", DateSpan(start=PartialDate(2019, 7))),
        ("Autumn 1912", DateSpan(start=PartialDate(1912), season=3)),
        ("1912a", DateSpan(start=PartialDate(1912))),
        ("printed in 1912, bound later", DateSpan(start=PartialDate(1912))),
        ("19123", None),
        ("2019/07/31", DateSpan(start=PartialDate(2019, 7, 31))),
        ("2010/11/05", DateSpan(start=PartialDate(2010, 11, 5))),
        ("Mar. 5, 2019", DateSpan(start=PartialDate(2019, 3, 5))),
        ("in press, August 2019", DateSpan(start=PartialDate(2019, 8))),
        ("31 Feb 2019", DateSpan(start=PartialDate(2019))),
        ("2019 (decided in May 2018)", DateSpan(start=PartialDate(2019))),
        ("decided 2019", DateSpan(start=PartialDate(2019))),
    ],
)
def test_the_first_date_of_a_text_is_found(text: str, span: DateSpan | None) -> None:
    assert find_date(text) == span


ISSUED = {
    "date = {2024-05}": PartialDate(2024, 5),
    "date = {{2024-05}}": PartialDate(2024, 5),
    "date = {../1998}": PartialDate(1998),
    "date = {2024}, month = jun": PartialDate(2024, 6),
    "year = {{2024}}, month = {{JAN}}": PartialDate(2024, 1),
    "year = 2024, month = 3, day = 7": PartialDate(2024, 3, 7),
    "year = 2024, month = {3}, day = {{07}}": PartialDate(2024, 3, 7),
    "year = 2024, month = mar, day = {31st}": PartialDate(2024, 3, 31),
    "year = 2024, month = mar, day = {10--12}": PartialDate(2024, 3, 10),
    "year = {2024~}": PartialDate(2024),
    "year = {\\noopsort{2030}2024}": PartialDate(2024),
    "year = {(about 1984)}": PartialDate(1984),
    "year = {198X}": PartialDate(1980),
    "year = {2009/10}": PartialDate(2009),
    "year = {Fall 2024}, month = oct": PartialDate(2024, 10),
}


@pytest.mark.parametrize(("fields", "issued"), ISSUED.items())
def test_a_date_is_read_however_it_is_written(fields: str, issued: PartialDate) -> None:
    assert misc(fields).issued == issued


@pytest.mark.parametrize(
    ("fields", "issued"),
    [("date = {2024-13}", PartialDate(2024)), ("year = {2024b}", PartialDate(2024)),
     ("date = {May 2024}", PartialDate(2024, 5)),
     ("date = {6.9.2024}", PartialDate(2024, 9, 6)),
     ("year = 2024, month = {Michaelmas}", PartialDate(2024))],
)  # fmt: skip
def test_a_date_that_cannot_be_read_costs_no_year(
    fields: str, issued: PartialDate
) -> None:
    library = read(f"@misc{{k, author = {{Roe, J}}, title = {{T}}, {fields} }}")
    assert [problem.rule for problem in library.problems] == [Rule.BAD_DATE]
    assert library.publications[0].issued == issued


def test_every_date_of_an_entry_is_kept() -> None:
    paper = misc("date = {2024}, eventdate = {2023-11-05/2023-11-08}, origdate = 1950")
    event = paper.date("eventdate")
    assert event is not None
    assert event.end == PartialDate(2023, 11, 8)
    assert paper.date("origdate") == DateSpan(start=PartialDate(1950))
    assert paper.date("urldate") is None


def test_a_date_may_be_in_parts() -> None:
    paper = misc(
        "year = 2001, month = mar, endyear = 2002, endmonth = 4, urlyear = 2020,"
        "urlmonth = may, urlday = 3, eventyear = 2000, eventendyear = 2001"
    )
    spans = [(PartialDate(2001, 3), PartialDate(2002, 4)), (PartialDate(2020, 5, 3),)]
    spans.append((PartialDate(2000), PartialDate(2001)))
    wanted = [DateSpan(start=s, end=next(iter(e), None)) for s, *e in spans]
    assert [*map(paper.date, ("date", "urldate", "eventdate"))] == wanted


# Titles, pages, languages, people


@pytest.mark.parametrize(
    ("fields", "title"),
    [
        ("subtitle = {Two}", "One: Two"),
        ("titleaddon = {Notes}", "One. Notes"),
        ("subtitle = {Two}, titleaddon = {Notes}", "One: Two. Notes"),
        ("subtitle = {}", "One"),
    ],
)
def test_a_title_is_whole(fields: str, title: str) -> None:
    paper = one(f"@misc{{k, author={{R, J}}, year=2024, title = {{One}}, {fields} }}")
    assert str(paper.title) == title


def test_a_question_is_followed_by_no_colon() -> None:
    paper = one(
        "@misc{k, author={R, J}, year=1, title={Why?}, subtitle={So}, date=2024}"
    )
    assert str(paper.title) == "Why? So"


@pytest.mark.parametrize(
    ("written", "pages"),
    [
        ("12", (("12",),)),
        ("12--19", (("12", "19"),)),
        ("12-19", (("12", "19"),)),
        ("12 \u2013 19", (("12", "19"),)),
        ("pp. 12--19", (("12", "19"),)),
        ("3, 8--11, 40", (("3",), ("8", "11"), ("40",))),
        ("S3-S9", (("S3", "S9"),)),
        ("iv--x", (("iv", "x"),)),
        ("B-7", (("B-7",),)),
        ("n/a", ()),
        ("n/a--n/a", ()),
        ("no--no", ()),
        ("S. 12--19", (("12", "19"),)),
        ("S.12--S.19", (("S.12", "S.19"),)),
        ("pages 12--19", (("12", "19"),)),
        ("arXiv:2403.06664", ()),
        ("12~19", (("12", "19"),)),
        ("12$\\sim$19", (("12", "19"),)),
        ("12~--~19", (("12", "19"),)),
        ("3 and 8--11 \\& 40", (("3",), ("8", "11"), ("40",))),
        ("104:1--104:20", (("104:1", "104:20"),)),
        ("{A-12}-{A-15}", (("A-12", "A-15"),)),
    ],
)
def test_pages_are_ranges(written: str, pages: tuple[tuple[str, ...], ...]) -> None:
    assert misc(f"year = 2024, pages = {{{written}}}").pages == pages


@pytest.mark.parametrize(
    ("name", "tag"),
    [("ngerman", "de"), ("korean", "ko"), ("Korean", "ko"), ("british", "en-GB"),
     ("brazilian", "pt-BR"), ("langjapanese", "ja"), ("ko", "ko"), ("pt-BR", "pt-BR"),
     ("de_AT", "de-AT"), ("kor", "ko"), ("ger", "de"), ("한국어", "ko"),
     ("Français", "fr"), ("Latviešu", "lv"), ("Deutsch", "de"),
     ("the usual one", None)],
)  # fmt: skip
def test_a_language_has_a_tag(name: str, tag: str | None) -> None:
    assert language_tag(name) == tag


def test_langid_goes_before_language() -> None:
    assert misc("year=2024, langid={french}, language={ko}").language == "fr"


def test_the_first_of_several_languages_counts() -> None:
    assert misc("year=2024, language={Spanish; English}").language == "es"
    assert misc("year=2024, language={german and english}").language == "de"


def test_everybody_has_a_role() -> None:
    paper = misc(
        "year = 2024, editor = {A, B}, translator = {C, D and others},"
        "editora = {E, F}, editoratype = {compiler}, bookauthor = {{The Team}}"
    )
    roles = {people.role: people for people in paper.contributors}
    assert set(roles) == {"author", "editor", "translator", "compiler", "bookauthor"}
    assert roles["translator"].more
    assert roles["bookauthor"].names[0].literal


def test_a_director_in_the_place_of_an_author_is_the_creator() -> None:
    text = "@movie{k, editor = {A, B}, editortype = {director}, title = {T}, year=2024}"
    assert [creator.name for creator in one(text).creators] == ["B A"]


def test_texts_are_decoded_and_lists_are_joined() -> None:
    paper = misc(
        "year = 2024, publisher = {One {\\&} Co and {Two and Sons}}, number = {7\\,a},"
        "location = {K{\\o}benhavn}, unknown = {x}"
    )
    assert misc("year=2024, publisher={A and B}").text("publisher") == "A and B"
    assert paper.text("publisher") == "One & Co; Two and Sons"
    assert misc("date=2024, location={A and B and others}").text("address") == "A; B"
    whole = "@book{w, title={W}, author={R, J}, publisher={A and B}, date={1999} }"
    part = "@inbook{p, crossref={w}, title={P}, author={R, J}, chapter={1} }"
    assert read(part + whole).by_key["p"].text("publisher") == "A; B"
    assert paper.text("address") == "København"
    assert paper.text("unknown") is None


# Venues

VENUES = {
    "article in a journal": ("article", "journal={J}, booktitle={B}", "J"),
    "paper": ("inproceedings", "booktitle={B}, publisher={P}", "B"),
    "booksubtitle": ("inproceedings", "booktitle={B}, booksubtitle={C}", "B: C"),
    "book with a booktitle": ("book", "booktitle={B}, publisher={P}", "P"),
    "part of a work": ("inbook", "maintitle={M}, publisher={P}, chapter=1", "M"),
    "software": ("software", "organization={O}", "O"),
    "thesis": ("thesis", "institution={U}", "U"),
    "full name": ("article", "journal={J. Ex.}, fjournal={Journal of Examples}",
                  "Journal of Examples"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("entry_type", "fields", "venue"),
    [pytest.param(*v, id=k) for k, v in VENUES.items()],
)
def test_a_venue_is_of_the_type(entry_type: str, fields: str, venue: str) -> None:
    paper = one(
        f"@{entry_type}{{k, author={{R, J}}, title={{T}}, year=2024, {fields} }}"
    )
    assert paper.venue is not None
    assert paper.venue.name == venue


@pytest.mark.parametrize(
    "written",
    ["\\url{https://x.example/t}", "Online: \\url{https://x.example/t}",
     "https://x.example/t", "{https://x.example/t}", "Talk, https://x.example/t."],
)  # fmt: skip
def test_an_address_is_a_link_and_no_venue(written: str) -> None:
    paper = misc(f"year = 2024, howpublished = {{{written}}}")
    assert [link.url for link in paper.links] == ["https://x.example/t"]
    assert paper.venue is None


@pytest.mark.parametrize(
    ("fields", "url"),
    [
        ("howpublished = {Web (https://x.example/T_(b))}", "https://x.example/T_(b)"),
        ("howpublished = {https://x.example}, url = {https://y.example}",
         "https://y.example"),
        ("eprint = {1910/2 a}, eprinttype = {HDL}", "https://hdl.handle.net/1910/2%20a"),
    ],
)  # fmt: skip
def test_a_link_is_the_whole_address_of_the_field_for_it(fields: str, url: str) -> None:
    assert [link.url for link in misc(f"year = 2024, {fields}").links] == [url]


def test_an_address_of_a_doi_or_of_arxiv_is_an_identifier() -> None:
    assert (
        misc("year = 2024, url = {https://doi.org/10.5555/tide}").doi == "10.5555/tide"
    )
    assert (
        misc("year = 2024, url = {http://arxiv.org/abs/2101.00003v1}").arxiv
        == "2101.00003v1"
    )
    assert misc("year = 2024, note = {arXiv: 2101.00003}").arxiv == "2101.00003"
    assert misc("year = 2024, url = {https://example.org/10.5555/tide}").doi is None


def test_an_identifier_of_an_archive_is_a_link() -> None:
    paper = misc("year = 1950, eprint = {2376423}, eprinttype = {JSTOR}")
    (link,) = paper.links
    assert (link.label, link.url) == ("JSTOR", "https://www.jstor.org/stable/2376423")


def test_a_year_in_words_may_say_that_it_is_to_come() -> None:
    library = read("@misc{k, author = {Roe, J}, title = {T}, year = {to appear} }")
    assert library.publications[0].forthcoming
    assert [problem.rule for problem in library.problems] == [Rule.BAD_DATE]


# Inheritance

VOLUMES = """
@inbook{part, crossref = {volume}, title = {Part}, pages = {1--9}, chapter = {1} }
@incollection{essay, crossref = {handbook}, title = {Essay}, author = {Poe, Ann} }
@book{volume, crossref = {work}, title = {Volume}, subtitle = {Second}, volume = {2} }
@mvbook{work, author = {Roe, Jane}, title = {Work}, publisher = {Press}, date = {1999} }
@collection{handbook, editor = {Doe, John}, title = {Handbook}, date = {2001},
  publisher = {Press}, doi = {10.5555/1} }
"""


def test_a_part_inherits_through_its_volume() -> None:
    part = read(VOLUMES).by_key["part"]
    assert part.text("booktitle", "maintitle") == "Volume: Second"
    assert part.text("maintitle") == "Work"
    assert part.text("volume") == "2"
    assert [creator.name for creator in part.creators] == ["Jane Roe"]
    assert part.people("bookauthor")
    assert part.issued == PartialDate(1999)


def test_a_parent_may_be_named_by_an_earlier_key() -> None:
    old = VOLUMES.replace("@collection{handbook,", "@collection{new, ids = {Handbook},")
    library = read(old)
    assert library.by_key["essay"].text("booktitle") == "Handbook"
    assert [work.key for work in library.collections] == ["new"]
    assert library.problems == ()


def test_a_part_of_a_work_without_volumes_is_in_the_work() -> None:
    text = """@inbook{p, crossref={w}, title={P}, author={R, J}, chapter={1} }
    @mvbook{w, author={R, J}, title={Work}, publisher={Press}, date={1999} }"""
    item = make_item(read(text).by_key["p"], Site(title="T"))
    assert item["container-title"] == "Work"


def test_an_essay_inherits_the_editor_and_not_the_doi() -> None:
    essay = read(VOLUMES).by_key["essay"]
    assert essay.text("booktitle") == "Handbook"
    assert essay.people("editor")[0].name == "John Doe"
    assert essay.doi is None
    assert [creator.name for creator in essay.creators] == ["Ann Poe"]


@pytest.mark.parametrize("field", ["crossref", "xref"])
def test_a_work_that_is_only_referred_to_is_in_no_list(field: str) -> None:
    text = VOLUMES.replace("crossref = {handbook}", f"{field} = {{handbook}}")
    library = read(text.replace("date = {2001},", ""))
    assert [whole.key for whole in library.collections] == ["handbook"]
    assert "handbook" not in {problem.key for problem in library.problems}
    assert "handbook" not in library.by_key
    assert {"part", "essay", "volume", "work"} == set(library.by_key)


def test_edited_proceedings_are_a_publication() -> None:
    text = "@proceedings{p, editor = {Roe, J}, title = {Proceedings}, year = 2024}"
    assert [creator.family for creator in one(text).creators] == ["Roe"]


def test_proceedings_may_have_a_booktitle_alone() -> None:
    library = read("@proceedings{k, booktitle = {Tides 2024}, year = 2024}")
    assert [str(p.title) for p in library.publications] == ["Tides 2024"]
    assert library.problems == ()


def test_the_booktitle_of_the_parent_goes_before_its_title() -> None:
    text = """@inproceedings{c, author={R, J}, title={T}, crossref={p} }
    @proceedings{p, title={Long}, booktitle={As papers have it}, year=2024}"""
    assert one(text).text("booktitle") == "As papers have it"


@pytest.mark.parametrize(
    ("own", "month"), [("year=2024", 5), ("date={2024}", 5), ("year=2025", 0)]
)
def test_a_month_is_inherited_with_the_same_year(own: str, month: int) -> None:
    text = """@inproceedings{c, author={R, J}, title={T}, %s, crossref={p} }
    @proceedings{p, title={Proceedings}, year=2024, month=may}"""
    assert one(text % own).issued.month == month


def test_an_article_inherits_its_journal() -> None:
    text = """@article{c, author={R, J}, title={T}, crossref={p} }
    @periodical{p, title={Journal}, subtitle={Of Examples}, date={2024} }"""
    assert one(text).text("journal") == "Journal: Of Examples"


XDATA = """
@inproceedings{all, author={Roe, J}, title={A}, xdata={meeting, press} }
@inproceedings{some, author={xdata=names-author-2 and Poe, A}, title={B}, date={2023},
  booktitle = {xdata=meeting-booktitle} }
@inproceedings{none, author={Roe, J}, title={C}, date={2023},
  booktitle={xdata=no-such} }
@xdata{meeting, booktitle={Meeting}, date={2024-09}, xdata={press} }
@xdata{press, publisher={Press} }
@xdata{names, author={Doe, John and Lee, Bo} }
"""


def test_xdata_lends_its_fields() -> None:
    paper = read(XDATA).by_key["all"]
    assert paper.text("booktitle") == "Meeting"
    assert paper.text("publisher") == "Press"
    assert paper.issued == PartialDate(2024, 9)


def test_xdata_lends_single_fields_and_names() -> None:
    paper = read(XDATA).by_key["some"]
    assert paper.text("booktitle") == "Meeting"
    assert [creator.name for creator in paper.creators] == ["Bo Lee", "A Poe"]


def test_xdata_that_is_not_there_is_reported_and_never_text() -> None:
    library = read(XDATA)
    assert [problem.rule for problem in library.problems] == [Rule.UNKNOWN_CROSSREF]
    assert library.by_key["none"].venue is None


def test_entries_that_refer_in_a_circle_end() -> None:
    text = "\n".join(
        f"@inbook{{k{n}, title={{T}}, author={{R, J}}, year=2024, crossref={{k{m}}} }}"
        for n, m in ((1, 2), (2, 3), (3, 1))
    )
    assert len(read(text).publications) == 3


# Syntax


@pytest.mark.parametrize("written", ["web_page", "book-section", "tech:report", "x.2"])
def test_types_have_other_characters_than_letters(written: str) -> None:
    text = f"@{written}{{k, author = {{R, J}}, title = {{T}}, year = 2024}}"
    assert one(text).entry_type == written


def test_an_address_of_mail_begins_no_entry() -> None:
    bibtex = BibtexText()
    bibtex.add_file("ask jane@x.example.org (Jane Roe) or joe@x-y.org {Joe}\n", "a.bib")
    assert (bibtex.begun, bibtex.problems) == (0, [])


def test_a_comment_needs_no_braces() -> None:
    text = (
        "@comment for people\n@Comment\n@misc{k, title={T}, author={R, J}, year=2024}"
    )
    assert one(text).key == "k"


def test_an_entry_in_a_comment_is_left_out() -> None:
    draft = "@misc{draft, title={T}, author={R, J}, year=2024}"
    text = f"@comment{{for later\n{draft}\n}}\n{draft.replace('draft', 'k')}"
    assert one(text).key == "k"
    library = read(f"@comment{{never closed\n{draft}\n@comment{{nor this\n")
    assert [paper.key for paper in library.publications] == ["draft"]


@pytest.mark.parametrize(
    "start", ["@article{", "@article{,", "@article{\n  ", '@article{\nh{\\"a}hn1939on,']
)
def test_a_key_is_proposed_where_there_is_none(start: str) -> None:
    text = f"{start} author = {{Hahn, Otto}}, title = {{On Nuclei}}, year = 1939 }}"
    library = read(text)
    assert [paper.key for paper in library.publications] == ["hahn1939nuclei"]
    (problem,) = library.problems
    assert problem.message == "no valid citation key; write @article{hahn1939nuclei,"


def test_proposed_keys_differ() -> None:
    text = "@misc{title={Same}, year=2024}\n" * 3
    assert len({paper.key for paper in read(text).publications}) == 3


# Rarer types


@pytest.mark.parametrize(
    ("entry_type", "fields", "form", "number"),
    [
        ("jurisdiction", "journaltitle = {Law Reports}", "legal_case", "number"),
        ("video", "booktitle = {Law Reports}", "motion_picture", "number"),
        ("online", "journal = {Law Reports}", "webpage", "number"),
        ("periodical", "journal = {Law Reports}", "periodical", "issue"),
    ],
)
def test_any_type_names_the_work_that_it_is_in(
    entry_type: str, fields: str, form: str, number: str
) -> None:
    text = "@%s{k, author = {Roe, J}, title = {T}, year = 2024, number = 7, %s}"
    item = make_item(one(text % (entry_type, fields)), Site(title="T"))
    assert (item["type"], item["container-title"]) == (form, "Law Reports")
    assert item[number] == "7"


# Fields of other systems


def test_a_field_that_nobody_sees_is_named_once() -> None:
    entry = "@misc{k%d, author={R, J}, title={T%d}, year=2024, blog={https://x.org},"
    entry += (
        "file = {:/home/jane/a.pdf:PDF}, owner = {jane}, github = {https://x.org}}\n"
    )
    found = [
        problem.message
        for problem in check_entries(read(entry % (1, 1) + entry % (2, 2)))
        if problem.rule is Rule.UNUSED_FIELD
    ]
    assert found == [
        "blog: this field is not used; write 'url_blog'",
        "github: this field is not used; write 'code'",
        (
            "no visitor sees these fields: file, owner; write 'note', or 'url_name' "
            "for an address, to publish what one says"
        ),
    ]


# Valid, if odd

_FILE = Path(__file__).with_name("data") / "odd.bib"
_NAMED = re.compile(r"^%% (.+)\n((?:(?!%%).*\n?)*)", re.MULTILINE)
ODD = dict(_NAMED.findall(_FILE.read_text(encoding="utf-8")))


@pytest.mark.parametrize("text", [pytest.param(v, id=k) for k, v in ODD.items()])
def test_an_odd_entry_that_is_valid_has_no_error(text: str) -> None:
    library = read(text)
    problems = [*library.problems, *check_entries(library)]
    assert [str(p) for p in problems if p.rule.severity is Severity.ERROR] == []
    assert len(library.publications) == 1


def test_the_list_of_odd_entries_is_long_enough() -> None:
    assert len(ODD) >= 60
