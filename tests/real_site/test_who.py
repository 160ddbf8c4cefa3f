"""What search engines are told of the lab and its people, beside the records."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.conftest import BuiltSite


def said(built: BuiltSite, name: str) -> dict[str, Any] | None:
    """Return what the JSON-LD of a page says."""
    script = built.page(name).select_one('script[type="application/ld+json"]')
    data: dict[str, Any] | None = json.loads(script.get_text()) if script else None
    return data


def test_every_person_is_told_of_as_recorded(built: BuiltSite) -> None:
    assert built.records.people
    for person in built.records.people:
        data = said(built, f"{person.docname}.html")
        assert data, person.docname
        assert (data["@type"], data["name"]) == ("Person", person.name)
        assert data["url"].endswith(f"/{person.docname}.html")
        assert data.get("knowsAbout", []) == list(person.interests)
        assert data.get("award", []) == [honour.name for honour in person.awards]
        assert data.get("sameAs", []) == [link.url for link in person.links]
        assert ("affiliation" in data) == (person.left is None)


def test_members_belong_to_the_lab_of_the_home_page(built: BuiltSite) -> None:
    lab = said(built, "index.html")
    assert lab
    assert lab["@type"] == "ResearchOrganization"
    members = [p for p in built.records.people if p.left is None]
    found = [said(built, f"{person.docname}.html") for person in members]
    assert {data and data["affiliation"]["@id"] for data in found} == {lab["@id"]}


def test_other_pages_are_about_nobody(built: BuiltSite) -> None:
    for name in ("team/index.html", "news/index.html", "contact.html", "404.html"):
        assert said(built, name) is None
