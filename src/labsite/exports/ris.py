"""RIS, the tagged text that every reference manager imports, written by rispy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import rispy

from labsite.exports import facts, forms
from labsite.exports.forms import Form

if TYPE_CHECKING:
    from typing import Any

    from labsite.exports.collection import Collection, Site
    from labsite.model.dates import PartialDate
    from labsite.model.records import Publication

_TYPES = {
    Form.ARTICLE: "JOUR",
    Form.PAPER: "CONF",
    Form.PREPRINT: "UNPB",
    Form.CHAPTER: "CHAP",
    Form.BOOK: "BOOK",
    Form.THESIS: "THES",
    Form.REPORT: "RPRT",
    Form.PATENT: "PAT",
    Form.SOFTWARE: "COMP",
    Form.DATASET: "DATA",
    Form.OTHER: "GEN",
}


class _Writer(rispy.RisWriter):  # type: ignore[misc]  # rispy carries no types
    """rispy's writer without the number that it sets above each reference."""

    def set_header(self, count: int) -> str:  # noqa: ARG002 -- rispy's signature
        return ""


def render(collection: Collection) -> str:
    """Return the publications as RIS."""
    return "\n".join(collection.write_items("ris", _render_reference))


def _render_reference(publication: Publication, site: Site) -> str:
    reference = _reference(publication, site)
    text: str = rispy.dumps([reference], implementation=_Writer)
    return text


def _reference(publication: Publication, site: Site) -> dict[str, Any]:
    """Return one reference in rispy's words, in the order in which tags are written."""
    issued, note, abstract = publication.issued, publication.note, publication.abstract
    url = facts.own_url(publication, site)
    reference = {
        "type_of_reference": _TYPES[forms.form(publication)],
        "id": publication.key,
        "title": str(publication.title),
        "authors": [facts.inverted_name(creator) for creator in publication.creators],
        "year": f"{issued.year:04}" if issued else None,
        "date": _date(issued) if issued else None,
        **_container(publication),
        "publisher": forms.publisher(publication),
        "place_published": facts.text(publication, "address"),
        "volume": facts.text(publication, "volume"),
        "number": facts.text(publication, "number", "issue"),
        **_pages(publication),
        "issn": facts.text(publication, "issn", "isbn"),
        "type_of_work": forms.thesis_type(publication),
        "doi": publication.doi,
        # rispy splits this field at semicolons, as the format once allowed.
        "urls": [url.replace(";", "%3B")] if url else None,
        "keywords": [site.topic_title(topic) for topic in publication.topics],
        "notes": [str(note)] if note else None,
        "abstract": str(abstract) if abstract else None,
    }
    return {name: _fold(value) for name, value in reference.items() if value}


def _container(publication: Publication) -> dict[str, str | None]:
    venue, found = publication.venue, forms.container(publication)
    if venue is None or found is None or not found.holds:
        return {}
    return {"secondary_title": venue.name, "alternate_title1": venue.short}


def _pages(publication: Publication) -> dict[str, str]:
    return dict(zip(("start_page", "end_page"), facts.pages(publication), strict=False))


def _date(issued: PartialDate) -> str:
    """Write YYYY/MM/DD/other; the slashes stay where a part is unknown."""
    month = f"{issued.month:02}" if issued.month else ""
    day = f"{issued.day:02}" if issued.month and issued.day else ""
    return f"{issued.year:04}/{month}/{day}/"


def _fold(value: str | list[str]) -> str | list[str]:
    """Bring a value to one line: a line of its own could be taken for a tag."""
    if isinstance(value, list):
        return [" ".join(item.splitlines()) for item in value]
    return " ".join(value.splitlines())
