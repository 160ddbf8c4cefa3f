"""CSL-JSON, read back as a citation processor does."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from labsite.bibtex.fields import FIELDS, Datatype
from labsite.exports.csl_json import make_item, render

if TYPE_CHECKING:
    from collections.abc import Callable

    from labsite.exports import Collection, Site
    from labsite.model.records import Publication


def full_name(name: dict[str, str]) -> str:
    if "literal" in name:
        return name["literal"]
    family = " ".join(
        name[part] for part in ("non-dropping-particle", "family") if part in name
    )
    return ", ".join(filter(None, (family, name.get("given"), name.get("suffix"))))


@pytest.mark.parametrize(
    "entry",
    [
        "author = {von Berg, Jan}, options = {useprefix=false}",
        "author = {family=Berg, given=Jan, prefix=von, useprefix=false}",
        "author = {useprefix=false and von Berg, Jan}",
    ],
)
def test_a_particle_may_be_no_part_of_the_name_in_lists(
    entry: str, read_one: Callable[[str], Publication], site: Site
) -> None:
    publication = read_one(f"@misc{{k, title = {{T}}, {entry}}}")
    assert make_item(publication, site)["author"] == [
        {"family": "Berg", "given": "Jan", "dropping-particle": "von"}
    ]
    assert publication.creators[0].inverted_name == "Berg, Jan von"
    assert publication.creators[0].name == "Jan von Berg"


def test_every_publication_comes_back(
    each: Collection, essentials: Callable[[Collection], list[tuple[Any, ...]]]
) -> None:
    items = json.loads(render(each))
    assert [item["id"] for item in items] == [p.key for p in each.publications]
    assert [
        (
            item["title"],
            tuple(map(full_name, item["author"])),
            item["issued"]["date-parts"][0][0],
            item.get("container-title", item.get("publisher")),
            item.get("DOI"),
        )
        for item in items
    ] == essentials(each)


def test_text_is_sorted_unicode_with_a_line_end(hostile: Collection) -> None:
    text = render(hostile)
    assert "한국어" in text
    assert text.endswith("]\n")
    items = json.loads(text)
    assert [list(item) for item in items] == [sorted(item) for item in items]


@pytest.mark.parametrize(
    ("entry", "type_", "container"),
    [
        ("@inproceedings{k, booktitle = {V}", "paper-conference", "V"),
        ("@article{k, journal = {V}", "article-journal", "V"),
        ("@article{k, entrysubtype={conference}, journal={V}", "article-journal", "V"),
        ("@misc{k, entrysubtype={demo}, howpublished={V}", "paper-conference", "V"),
        ("@incollection{k, booktitle = {V}", "chapter", "V"),
        ("@incollection{k, entrysubtype = {workshop}, booktitle = {V}",
         "paper-conference", "V"),
        ("@book{k, publisher = {P}", "book", None),
        ("@misc{k, eprint={2402.00001}, archiveprefix={arXiv}", "article", None),
        ("@article{k, journal = {arXiv preprint arXiv:2402.00001}", "article", None),
        ("@phdthesis{k, school = {P}", "thesis", None),
        ("@techreport{k, institution = {P}", "report", None),
        ("@patent{k", "patent", None),
        ("@software{k", "software", None),
        ("@dataset{k", "dataset", None),
        ("@misc{k", "document", None),
    ],
)  # fmt: skip
def test_the_type_is_what_a_citation_needs(
    entry: str,
    type_: str,
    container: str | None,
    read_one: Callable[[str], Publication],
    site: Site,
) -> None:
    item = make_item(read_one(f"{entry}, title={{T}}, author={{A, B}}}}"), site)
    assert item["type"] == type_
    assert item.get("container-title") == container


def test_names_keep_their_parts(
    read_one: Callable[[str], Publication], site: Site
) -> None:
    publication = read_one(
        "@misc{k, title = {T}, author = {van der Berg, Jr., Jan Willem and"
        r" {Barnes \& Noble} and Plato and Kim, A. and others}}"
    )
    assert make_item(publication, site)["author"] == [
        {
            "family": "Berg",
            "given": "Jan Willem",
            "non-dropping-particle": "van der",
            "suffix": "Jr.",
        },
        {"literal": "Barnes & Noble"},
        {"literal": "Plato"},
        {"family": "Kim", "given": "A."},
        {"literal": "others"},
    ]


def test_editors_are_no_authors(
    read_one: Callable[[str], Publication], site: Site
) -> None:
    item = make_item(read_one("@book{k, title = {T}, editor = {A, B}}"), site)
    assert item["editor"] == [{"family": "A", "given": "B"}]
    assert "author" not in item


@pytest.mark.parametrize(
    ("fields", "parts"),
    [
        ("date = {2024-02-29}", [2024, 2, 29]),
        ("year = 2024, month = dec", [2024, 12]),
        ("year = 2024", [2024]),
    ],
)
def test_a_date_has_the_known_parts(
    fields: str,
    parts: list[int],
    read_one: Callable[[str], Publication],
    site: Site,
) -> None:
    item = make_item(read_one(f"@misc{{k, title={{T}}, {fields}}}"), site)
    assert item["issued"] == {"date-parts": [parts]}


def test_what_is_unknown_is_absent(
    read_one: Callable[[str], Publication], site: Site
) -> None:
    assert make_item(read_one("@misc{k, title = {T}}"), site) == {
        "id": "k",
        "type": "document",
        "title": "T",
        "URL": "https://lab.example/en/publications/k.html",
    }


def test_numbers_go_where_the_type_has_them(
    read_one: Callable[[str], Publication], site: Site
) -> None:
    article = "@article{k, title={T}, journal={J}, volume=3, number=4, pages={1--12}}"
    assert {"volume": "3", "issue": "4", "page": "1-12"}.items() <= make_item(
        read_one(article), site
    ).items()
    report = "@techreport{k, title = {T}, institution = {I}, isrn = {TR-7}}"
    assert {"number": "TR-7", "publisher": "I"}.items() <= make_item(
        read_one(report), site
    ).items()
    preprint = "@misc{k, title={T}, eprint={2402.00001}, archiveprefix={arXiv}}"
    assert {
        "number": "arXiv:2402.00001",
        "archive": "arXiv",
        "publisher": "arXiv",
        "URL": "https://arxiv.org/abs/2402.00001",
    }.items() <= make_item(read_one(preprint), site).items()


@pytest.mark.parametrize(
    ("entry", "genre"),
    [
        ("@phdthesis{k", "PhD thesis"),
        ("@mastersthesis{k", "Master's thesis"),
        ("@bachelorthesis{k", "Bachelor's thesis"),
        ("@thesis{k, type = {mathesis}", "Master's thesis"),
        ("@thesis{k, type = {Habilitation}", "Habilitation"),
    ],
)
def test_a_thesis_says_which_it_is(
    entry: str, genre: str, read_one: Callable[[str], Publication], site: Site
) -> None:
    assert make_item(read_one(f"{entry}, title = {{T}}}}"), site)["genre"] == genre


#: A value for each datatype; words for the others.
VALUES = {
    Datatype.DATE: "2024-02",
    Datatype.DOI: "10.5555/1",
    Datatype.URI: "https://x.example/",
}


def test_an_addendum_ends_the_note(
    read_one: Callable[[str], Publication], site: Site
) -> None:
    entry = "@book{k, title = {A}, note = {N}, addendum = {Reissued}}"
    assert make_item(read_one(entry), site)["note"] == "N. Reissued"


@pytest.mark.parametrize("name", [f.name for f in FIELDS.values() if f.csl])
def test_a_field_with_a_variable_is_in_the_item(
    name: str, read_one: Callable[[str], Publication], site: Site
) -> None:
    field = FIELDS[name]
    value = VALUES.get(field.datatype, "words")
    written = f"title = {{T}}, booktitle = {{B}}, {name} = {{{value}}}"
    entries = (
        f"@{kind}{{k, {written}}}" for kind in ("incollection", "article", "misc")
    )
    assert any(field.csl in make_item(read_one(entry), site) for entry in entries)
