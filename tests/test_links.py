from __future__ import annotations

from dataclasses import replace
from typing import cast

import pytest

from labsite.bibtex.fields import LINK_FIELDS, Datatype, Field, is_link_field
from labsite.bibtex.links import read_links
from labsite.model.problems import Rule
from labsite.model.records import Link


def links_of(
    fields: dict[str, str], doi: str | None = None, arxiv: str | None = None
) -> tuple[Link, ...]:
    links, complaints = read(fields, doi, arxiv)
    assert complaints == []
    return links


def read(
    fields: dict[str, str], doi: str | None = None, arxiv: str | None = None
) -> tuple[tuple[Link, ...], list[tuple[Rule, str, str]]]:
    complaints: list[tuple[Rule, str, str]] = []

    def report(rule: Rule, message: str, field: str) -> None:
        complaints.append((rule, message, field))

    return read_links(fields, doi, arxiv, report), complaints


@pytest.mark.parametrize(
    ("name", "label"),
    [(f.name, f.label) for f in LINK_FIELDS.values() if f.datatype is Datatype.URI],
)
def test_a_field_is_a_button(name: str, label: str) -> None:
    url = "https://example.org/a"
    assert links_of({name: url}) == (Link(name=name, label=label, url=url),)
    assert is_link_field(name)


@pytest.mark.parametrize(
    ("name", "button", "label"),
    [
        ("url_talk", "talk", "Talk"),
        ("url_press_release", "press_release", "Press release"),
        ("url_pdf", "pdf", "PDF"),
        ("url_code", "code", "Code"),
    ],
)
def test_any_field_after_url_is_a_button_of_its_name(
    name: str, button: str, label: str
) -> None:
    url = "https://example.org/a"
    assert links_of({name: url}) == (Link(name=button, label=label, url=url),)
    assert is_link_field(name)


def test_no_button_is_without_a_name() -> None:
    assert all(link.label for link in links_of({"url_": "https://example.org/a"}))


@pytest.mark.parametrize("name", ["title", "curl", "urls", "doi", "note"])
def test_other_fields_are_no_buttons(name: str) -> None:
    assert not is_link_field(name)
    assert links_of({name: "https://example.org/a"}) == ()


def test_buttons_stand_in_one_order_whatever_the_order_of_the_fields() -> None:
    names = ["supp", "url_b", "url_a", "video", "code", "html", "pdf"]
    fields = {name: f"https://example.org/{name}" for name in names}
    links = links_of(fields, doi="10.1145/1", arxiv="2403.06664")
    assert [link.name for link in links] == [
        "pdf", "doi", "arxiv", "html", "code", "video", "supp", "a", "b",
    ]  # fmt: skip
    assert links == links_of(dict(reversed(fields.items())), "10.1145/1", "2403.06664")


def test_doi_and_arxiv_are_buttons() -> None:
    assert links_of({}, doi="10.1145/1", arxiv="cs/0701001") == (
        Link(name="doi", label="DOI", url="https://doi.org/10.1145/1"),
        Link(name="arxiv", label="arXiv", url="https://arxiv.org/abs/cs/0701001"),
    )


def test_signs_in_a_doi_do_not_cut_its_address() -> None:
    (link,) = links_of({}, doi="10.1002/a#b?c<d>")
    assert link.url == "https://doi.org/10.1002/a%23b%3Fc%3Cd%3E"


@pytest.mark.parametrize(
    "url",
    [
        "https://doi.org/10.1145/1",
        "http://dx.doi.org/10.1145/1",
        "https://arxiv.org/abs/2403.06664",
    ],
)
def test_an_address_that_doi_or_arxiv_gives_is_no_second_button(url: str) -> None:
    links = links_of({"url": url}, doi="10.1145/1", arxiv="2403.06664")
    assert [link.name for link in links] == ["doi", "arxiv"]


def test_no_two_buttons_look_and_lead_the_same() -> None:
    url = "https://example.org/a"
    links = links_of({"url": url, "html": url, "video": url})
    assert [(link.name, link.label) for link in links] == [
        ("url", "Web page"),
        ("video", "Video"),
    ]


def test_a_bad_address_is_reported_by_its_field_and_is_no_button() -> None:
    fields = {"code": "javascript:alert(1)", "url_x": "//x.org", "pdf": "a.pdf"}
    links, complaints = read(fields)
    assert [link.url for link in links] == ["a.pdf"]
    message = "not an address that a page can link to; write https://…"
    assert complaints == [(Rule.BAD_URL, message, n) for n in ("code", "url_x")]


def test_a_row_with_a_label_and_a_doi_is_a_button_to_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    row = replace(LINK_FIELDS["artifact"], name="artifactdoi", datatype=Datatype.DOI)
    monkeypatch.setitem(cast("dict[str, Field]", LINK_FIELDS), row.name, row)
    for text in ("10.5281/zenodo.1", "https://doi.org/10.5281/zenodo.1"):
        (link,) = links_of({"artifactdoi": text})
        assert (link.label, link.url) == (
            "Artifact",
            "https://doi.org/10.5281/zenodo.1",
        )
    _, complaints = read({"artifactdoi": "zenodo.1"})
    message = "not an address that a page can link to; write https://…"
    assert complaints == [(Rule.BAD_URL, message, "artifactdoi")]


def test_a_full_text_is_a_button_beside_the_doi_of_its_page() -> None:
    page = "https://example.org/doi"
    fields = {
        "url": f"{page}/10.1145/1234567",
        "pdf": f"{page}/pdf/10.1145/1234567",
        "html": f"{page}/full/10.1145/1234567",
    }
    names = [link.name for link in links_of(fields, doi="10.1145/1234567")]
    assert sorted(names) == ["doi", "html", "pdf"]
