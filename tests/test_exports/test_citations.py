"""References by styles of CSL, beside those that pandoc makes of the same items.

``references.json`` is the output of pandoc 3.9 with ``--citeproc``, the same styles and
an item at a time. Left out are four references: two in which it joins words, and two in
which the processors leave or add what the style allows.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from labsite.__main__ import main
from labsite.bibtex.reader import read_library
from labsite.exports import Site
from labsite.exports.citations import LABELS, format_reference, format_references

if TYPE_CHECKING:
    from labsite.exports import Collection

DATA = Path(__file__).parents[1] / "data"
BY_PANDOC = json.loads((DATA / "references.json").read_text(encoding="utf-8"))
ENTRIES = (DATA / "references.bib").read_text(encoding="utf-8")
PUBLICATIONS = read_library([("references.bib", ENTRIES)]).by_key


@pytest.mark.parametrize("style", BY_PANDOC)
def test_a_reference_is_what_pandoc_makes_of_it(style: str) -> None:
    expected = BY_PANDOC[style]
    made = {key: format_reference(PUBLICATIONS[key], style) for key in expected}
    assert made == expected


def test_pages_offer_the_styles_of_the_field_without_numbers() -> None:
    references = format_references(PUBLICATIONS["grove2021tides"])
    assert list(references) == ["APA", "IEEE", "ACM", "Chicago"]
    assert references["IEEE"].startswith("A. M. Grove, J. de la Cruz")
    assert "[" not in references["ACM"]


PREPRINT = (
    "“T.” 2020. arXiv:2001.04893. Preprint, arXiv. https://arxiv.org/abs/2001.04893."
)


@pytest.mark.parametrize(
    ("entry", "style", "reference"),
    [
        ("@book{k, editor={R, J}, ", "apa", "R, J. (Ed.). (2020). T."),
        (
            "@book{k, editor={R, Jo and D, Al}, ",
            "chicago",
            "R, Jo, and Al D, eds. 2020. T.",
        ),
        ("@book{k, editor={R, Jo}, ", "mla", "R, Jo, editor. T. 2020."),
        (
            "@book{k, editor={A and B and C and D and E and F and G and H and I}, ",
            "american-meteorological-society",
            "A, and Coauthors, eds, 2020: T.",
        ),
        ("@manual{k, ", "apa", "T. (2020)."),
        ("@misc{k, ", "harvard", "“T” (2020)."),
        ("@misc{k, ", "juristische-schulung", ""),
        (
            "@book{k, author={R, J}, translator={D, K}, ",
            "apa",
            "R, J. (2020). T (K. D, Trans.).",
        ),
        (
            "@movie{k, editor={R, J}, editortype={director}, ",
            "apa",
            "R, J. (Director). (2020). T [Video recording].",
        ),
        (
            "@inbook{k, author={R, J}, bookauthor={D, K}, booktitle={B}, ",
            "apa",
            "R, J. (2020). T. In K. D, B.",
        ),
        (
            "@article{k, author={R, J}, journal={J}, date={1981-07-14}, ",
            "vancouver",
            "1. R J. T. J. 1981 Jul 14.",
        ),
        ("@misc{k, eprint={2001.04893}, ", "chicago", PREPRINT),
        (
            "@article{k, author={Roe, Jean-P.}, journal={J}, volume=1, pages={1--12}, ",
            "vancouver",
            "1. Roe JP. T. J. 2020;1:1–12.",
        ),
        (
            "@article{k, author={R, A B and P, J.R.}, journal={J}, pages={988-992}, ",
            "mla",
            "R, A. B., and J. R. P. “T.” J, 2020, pp. 988–92.",
        ),
        (
            "@article{k, author={R, Jean-P}, journal={J}, volume=1, pages={515-25}, ",
            "chicago",
            "R, Jean-P. 2020. “T.” J 1: 515–25.",
        ),
        (
            "@article{k, author={R, J}, journal={J}, volume=1, pages={515-25}, ",
            "apa",
            "R, J. (2020). T. J, 1, 515–525.",
        ),
        (
            "@article{k, author={R, J (Jo B.)}, journal={J}, pages={1/1--1/9, 2²-5²}, ",
            "mla",
            "R, J. (Jo B.). “T.” J, 2020, pp. 1/1–1/9, 2²–5².",
        ),
        (
            "@periodical{k, volume=1, number=2, ",
            "chicago",
            "T. 2020. 1 (2).",
        ),
        (
            "@phdthesis{k, author={R, J}, school={S}, pages={3}, ",
            "apa",
            "R, J. (2020). T (p. 3) [PhD thesis]. S.",
        ),
        (
            "@book{k, author={R, Jo and {Org}}, ",
            "iso690-numeric-brackets-cs",
            "[1] R, Jo a ORG. T. 2020.",
        ),
        (
            "@misc{k, url={https://a.org}, urldate={2021-21}, ",
            "auci",
            "T [online]. 2020 [cit. 2021-]. Dostupné z: https://a.org",
        ),
        (
            "@misc{k, author={R, J and D, K and others}, ",
            "ieee",
            "[1] J. R, K. D, et al., “T.” 2020.",
        ),
        (
            "@book{k, author={R, J}, editor={D, K and others}, ",
            "chicago",
            "R, J. 2020. T. Edited by K. D et al.",
        ),
        ("@misc{k, author={R, Jo von}, ", "ieee", "[1] J. von R, “T.” 2020."),
        ("@misc{k, author={R, Jo von der}, ", "apa", "R, J. von der. (2020). T."),
        ("@book{k, author={R, J}, volumes=4, ", "chicago", "R, J. 2020. T. 4 vols."),
        (
            "@patent{k, author={R, J}, number={10-1234567}, ",
            "apa",
            "R, J. (2020). T (Patent No. 10-1234567).",
        ),
        (
            "@unpublished{k, author={R, J}, eventtitle={E}, ",
            "ieee",
            "[1] J. R, “T,” presented at the E, 2020.",
        ),
        (
            "@book{k, author={R, J}, maintitle={M}, volume=2, ",
            "apa",
            "R, J. (2020). M: T (Vol. 2).",
        ),
        ("@book{k, author={R, J}, reprinttitle={S}, ", "apa", "R, J. (2020). T."),
        (
            "@article{k, author={R, J}, journal={J}, issuetitle={S}, ",
            "mla",
            "R, J. “T.” S, special issue of J, 2020.",
        ),
        (
            f"@misc{{k, volume={{{'9' * 30}}}, ",
            "mhra-shortened-notes",
            f"\u2018T\u2019, 2020, {'9' * 30}",
        ),
    ],
)
def test_each_name_and_title_is_printed_once_as_the_style_says(
    entry: str, style: str, reference: str
) -> None:
    text = f"{entry}title={{T}}, year=2020}}"
    (paper,) = read_library([("x.bib", text)]).publications
    assert format_reference(paper, style) == reference


def test_whoever_else_had_a_hand_in_it_costs_no_reference() -> None:
    text = (
        "@book{k, title = {T}, author = {A, B}, annotator = {C, D}, year = 2020,"
        " publisher = {P}}"
    )
    (publication,) = read_library([("x.bib", text)]).publications
    assert format_reference(publication, "apa") == "A, B. (2020). T. P."


@pytest.mark.parametrize(
    ("date", "year"), [("2024-06-29/2024-07-03", "2024"), ("1999/2004", "1999")]
)
def test_a_range_of_dates_costs_no_reference(date: str, year: str) -> None:
    text = f"@article{{a, author={{B, A}}, title={{T}}, date={{{date}}}}}"
    (paper,) = read_library([("a.bib", text)]).publications
    for style in LABELS:
        assert year in format_reference(paper, style)


def test_quotation_marks_in_a_title_are_single() -> None:
    title = "The ``Big'' Picture and the ``Small'' One"
    entry = f"@misc{{k, title = {{{title}}}, author = {{A, B}}, year = 2020}}"
    (paper,) = read_library([("x.bib", entry)]).publications
    quoted = "“The \u2018Big\u2019 Picture and the \u2018Small\u2019 One.”"
    assert quoted in format_reference(paper, "ieee")
    assert "The “Big” Picture and the “Small” One" in format_reference(paper, "apa")


def test_a_style_that_lists_no_letters_is_not_offered_for_one() -> None:
    entry = "@letter{k, title = {T}, author = {A, B}, year = 2020}"
    (paper,) = read_library([("x.bib", entry)]).publications
    assert list(format_references(paper)) == ["IEEE", "ACM"]


@pytest.mark.parametrize("title", ["Is It Fast?", "It Is!", "In the U.S."])
def test_no_point_follows_the_mark_that_ends_a_title(title: str) -> None:
    text = f"@article{{k, title = {{{title}}}, author = {{A, B}}, journal = {{J}}}}"
    (paper,) = read_library([("x.bib", text)]).publications
    assert f"“{title}” J." in format_reference(paper, "chicago")
    comma = "," if title.endswith(".") else ""
    assert f"“{title}{comma}” J." in format_reference(paper, "ieee")


def test_the_second_part_of_a_hyphened_name_has_an_initial() -> None:
    text = "@misc{k, title = {T}, author = {Kim, Min-su and Xu, J.-l.}, year = 2020}"
    (paper,) = read_library([("x.bib", text)]).publications
    assert format_reference(paper, "apa").startswith("Kim, M.-S., & Xu, J.-L. (2020)")
    assert "M.-S. Kim and J.-L. Xu," in format_reference(paper, "ieee")
    assert "Min-su Kim and J.-l. Xu." in format_reference(paper, "acm")


def test_a_given_name_without_capitals_is_not_abbreviated() -> None:
    names = "チューリング, アラン and roe, jane and כהן, חיים"
    text = f"@misc{{k, title = {{T}}, author = {{{names}}}, year = 2020}}"
    (paper,) = read_library([("x.bib", text)]).publications
    apa = format_reference(paper, "apa")
    assert apa.startswith("チューリング, アラン, roe, jane, & כהן, חיים. (2020)")
    ieee = format_reference(paper, "ieee")
    assert ieee.startswith("[1] アラン チューリング, jane roe, and חיים כהן, “T")


def test_words_of_titles_get_capitals_in_english_alone() -> None:
    title = "Die Prosa um many-core/wide non-IID w/o t-SNE"
    english = "Die Prosa Um Many-Core/Wide Non-IID W/o t-SNE"
    entry = f"@book{{k, title = {{{title}}}, author = {{A, B}}, year = 2020%s}}"
    german = Site(title="", language="de")
    for fields, site, shown in (
        ("", Site(title=""), english),
        ("", german, title),
        (", langid = {ngerman}", Site(title=""), title),
        (", langid = {english}", german, english),
    ):
        (book,) = read_library([("x.bib", entry % fields)]).publications
        assert shown in format_reference(book, "chicago", site)


def test_an_east_asian_name_is_one_word() -> None:
    text = "@misc{k, title = {제목}, author = {황보, 순 and 김철수}, year = 2020}"
    (paper,) = read_library([("x.bib", text)]).publications
    assert format_reference(paper, "apa").startswith("황보순, & 김철수. (2020).")
    assert "황보순 and 김철수," in format_reference(paper, "ieee")


@pytest.mark.parametrize("style", ["apa", "ieee", "acm", "chicago", "vancouver"])
def test_every_text_has_a_reference(hostile: Collection, style: str) -> None:
    for publication in hostile.publications:
        assert "Noble" in format_reference(publication, style)


def test_the_command_numbers_references_where_the_style_does(
    capsys: pytest.CaptureFixture[str],
) -> None:
    main(["export", str(DATA / "references.bib"), "--style", "ieee"])
    lines = capsys.readouterr().out.splitlines()
    numbers = [line.partition(" ")[0] for line in lines]
    assert numbers == [f"[{number}]" for number in range(1, len(PUBLICATIONS) + 1)]


def test_a_style_that_there_is_not_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", str(DATA / "references.bib"), "--style", "apaa"]) == 2
    written, told = capsys.readouterr()
    assert written == ""
    assert told.startswith("labsite: there is no style 'apaa'; write one of acm")


def test_a_style_without_a_list_of_references_is_refused(
    capsys: pytest.CaptureFixture[str],
) -> None:
    command = ["export", str(DATA / "references.bib"), "--style", "bluebook-law-review"]
    assert main(command) == 2
    assert "has no list of references" in capsys.readouterr().err


def test_rare_styles_are_read() -> None:
    # One writes families in capitals; the other has parts of names with options.
    parts = "technische-universitat-dresden-medienwissenschaft-und-neuere-deutsche"
    for style in ("french4", f"{parts}-literatur-note"):
        text = format_reference(PUBLICATIONS["grove2021tides"], style)
        assert "grove" in text.casefold()
