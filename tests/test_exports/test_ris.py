"""RIS, read back by rispy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import rispy

from labsite.exports.ris import render

if TYPE_CHECKING:
    from collections.abc import Callable

    from labsite.exports import Collection


@pytest.fixture
def reference(collect: Callable[[str], Collection]) -> Callable[[str], dict[str, Any]]:
    """Return a function that exports one entry and reads the reference back."""

    def read(text: str) -> dict[str, Any]:
        found: list[dict[str, Any]] = rispy.loads(render(collect(text)))
        (reference,) = found
        return reference

    return read


def test_every_publication_comes_back(
    each: Collection, essentials: Callable[[Collection], list[tuple[Any, ...]]]
) -> None:
    references = rispy.loads(render(each))
    assert [r["id"] for r in references] == [p.key for p in each.publications]
    assert [
        (
            r["title"],
            tuple(r["authors"]),
            int(r["year"]),
            r.get("secondary_title", r.get("publisher")),
            r.get("doi"),
        )
        for r in references
    ] == essentials(each)


def test_a_file_begins_with_a_reference_and_each_line_with_a_tag(
    each: Collection,
) -> None:
    lines = render(each).split("\n")
    assert lines[0].startswith("TY  - ")
    assert all(line[2:6] == "  - " for line in lines if line)


def test_a_text_cannot_forge_a_reference(hostile: Collection) -> None:
    lines = render(hostile).split("\n")
    assert lines.count("ER  - ") == len(hostile.publications)
    assert "TY  - JOUR" not in lines


def test_the_tags_of_an_article(reference: Callable[[str], dict[str, Any]]) -> None:
    text = (
        "@article{k, title = {T}, author = {van der Berg, Jr., Jan}, journal = {J},"
        " shortjournal = {Jo}, year = 2024, month = feb, volume = 3, number = 4,"
        " pages = {7--9}, doi = {10.1000/x;y}, keywords = {gpus}, issn = {1234-5678},"
        " abstract = {Long}, note = {Oral}, publisher = {P}, address = {Seoul}}"
    )
    assert reference(text) == {
        "type_of_reference": "JOUR",
        "id": "k",
        "title": "T",
        "authors": ["van der Berg, Jan, Jr."],
        "year": "2024",
        "date": "2024/02//",
        "secondary_title": "J",
        "alternate_title1": "Jo",
        "publisher": "P",
        "place_published": "Seoul",
        "volume": "3",
        "number": "4",
        "start_page": "7",
        "end_page": "9",
        "issn": "1234-5678",
        "doi": "10.1000/x;y",
        "urls": ["https://doi.org/10.1000/x%3By"],
        "keywords": ["GPUs & <friends>"],
        "notes": ["Oral"],
        "abstract": "Long",
    }


@pytest.mark.parametrize(
    ("entry", "type_"),
    [
        ("@inproceedings{k, booktitle = {V}", "CONF"),
        ("@misc{k, eprint={2402.00001}, archiveprefix={arXiv}", "UNPB"),
        ("@incollection{k, booktitle = {V}", "CHAP"),
        ("@book{k", "BOOK"),
        ("@phdthesis{k", "THES"),
        ("@techreport{k", "RPRT"),
        ("@patent{k", "PAT"),
        ("@software{k", "COMP"),
        ("@dataset{k", "DATA"),
        ("@misc{k", "GEN"),
    ],
)
def test_the_type_of_reference(
    entry: str, type_: str, reference: Callable[[str], dict[str, Any]]
) -> None:
    found = reference(f"{entry}, title = {{T}}}}")
    assert found["type_of_reference"] == type_


@pytest.mark.parametrize(
    ("fields", "date"),
    [
        ("date = {2024-02-29}", "2024/02/29/"),
        ("year = 2024, month = dec", "2024/12//"),
        ("year = 2024", "2024///"),
        ("date = {0900-12}", "0900/12//"),
    ],
)
def test_a_date_has_the_known_parts(
    fields: str, date: str, reference: Callable[[str], dict[str, Any]]
) -> None:
    assert reference(f"@misc{{k, title = {{T}}, {fields}}}")["date"] == date


def test_what_is_unknown_is_absent(reference: Callable[[str], dict[str, Any]]) -> None:
    assert reference("@misc{k, title = {T}}") == {
        "type_of_reference": "GEN",
        "id": "k",
        "title": "T",
        "urls": ["https://lab.example/en/publications/k.html"],
    }


def test_a_list_that_ends_in_others_names_who_is_named(
    reference: Callable[[str], dict[str, Any]],
) -> None:
    found = reference("@misc{k, title = {T}, author = {A, B and others}}")
    assert found["authors"] == ["A, B"]
