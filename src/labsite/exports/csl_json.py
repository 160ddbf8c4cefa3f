"""CSL-JSON, the input of citation processors and of most reference managers.

The words are those of the schema ``csl-data.json`` of the Citation Style Language 1.0.
Titles are plain Unicode: the little HTML that some processors read into a title
(``<i>``, ``<sup>``) is no part of that schema.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from labsite.exports import facts, forms
from labsite.exports.forms import Container, Form
from labsite.exports.json_text import dump, dump_array
from labsite.model.records import Kind

if TYPE_CHECKING:
    from typing import Any

    from labsite.exports.collection import Collection, Site
    from labsite.model.records import Creator, Publication

_TYPES = {
    Form.ARTICLE: "article-journal",
    Form.PAPER: "paper-conference",
    Form.PREPRINT: "article",
    Form.CHAPTER: "chapter",
    Form.BOOK: "book",
    Form.THESIS: "thesis",
    Form.REPORT: "report",
    Form.PATENT: "patent",
    Form.SOFTWARE: "software",
    Form.DATASET: "dataset",
    Form.OTHER: "document",
}
#: CSL's variable -> the fields of which it takes the first.
_PLAIN_FIELDS = {
    "volume": ("volume",),
    "edition": ("edition",),
    "collection-title": ("series",),
    "publisher-place": ("address",),
    "ISBN": ("isbn",),
    "ISSN": ("issn",),
}


def render(collection: Collection) -> str:
    """Return the publications as a JSON array of CSL items."""
    items = collection.write_items("csl-json", lambda p, s: dump(make_item(p, s)))
    return f"{dump_array(items)}\n"


def make_item(publication: Publication, site: Site) -> dict[str, Any]:
    """Return the CSL item of one publication."""
    names = [_name(creator) for creator in publication.creators]
    issued = publication.issued
    abstract, note = publication.abstract, publication.note
    item = {
        "id": publication.key,
        "type": _TYPES[forms.form(publication)],
        "title": str(publication.title),
        facts.role(publication): names or None,
        "issued": {"date-parts": [list(issued.parts)]} if issued else None,
        "publisher": forms.publisher(publication),
        "genre": forms.thesis_type(publication),
        "DOI": publication.doi,
        "URL": facts.own_url(publication, site),
        "page": "-".join(facts.pages(publication)) or None,
        "abstract": str(abstract) if abstract else None,
        "note": str(note) if note else None,
        "status": "forthcoming" if publication.forthcoming else None,
        **{n: facts.text(publication, *f) for n, f in _PLAIN_FIELDS.items()},
        **_container(publication),
        **_numbers(publication),
    }
    return {name: value for name, value in item.items() if value is not None}


def _name(creator: Creator) -> dict[str, str]:
    if creator.given is None:
        return {"literal": facts.inverted_name(creator)}
    parts = {
        "family": creator.family,
        "given": creator.given,
        "non-dropping-particle": creator.particle,
        "suffix": creator.suffix,
    }
    return {name: part for name, part in parts.items() if part}


def _container(publication: Publication) -> dict[str, str | None]:
    found = forms.container(publication)
    if publication.venue is None or found is None or not found.holds:
        return {}
    venue = publication.venue
    return {"container-title": venue.name, "container-title-short": venue.short}


def _numbers(publication: Publication) -> dict[str, str | None]:
    """Return the item's number under the name that its type gives it."""
    number = facts.text(publication, "number", "issue")
    arxiv = publication.arxiv
    if publication.kind is Kind.PREPRINT and arxiv:
        return {"number": f"arXiv:{arxiv}", "archive": "arXiv"}
    name = "issue" if forms.container(publication) is Container.JOURNAL else "number"
    return {name: number}
