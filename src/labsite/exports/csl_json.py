"""CSL-JSON, the input of citation processors and of most reference managers.

The words are those of the schema ``csl-data.json`` of the Citation Style Language
1.0.2. Titles are plain Unicode: the little HTML that some processors read into a title
(``<i>``, ``<sup>``) is not part of that schema.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from labsite.bibtex.fields import FIELDS, Datatype
from labsite.exports import facts, forms
from labsite.exports.forms import Form
from labsite.exports.json_text import dump, dump_array

if TYPE_CHECKING:
    from typing import Any

    from labsite.exports.collection import Collection, Site
    from labsite.model.dates import DateSpan
    from labsite.model.records import Contributors, Creator, Publication

_OF_ITS_OWN = {Datatype.NAMES, Datatype.DATE, Datatype.VERBATIM, Datatype.URI}
#: CSL's variable -> the field whose text it takes as it is.
_PLAIN_FIELDS = {
    f.csl: f.name for f in FIELDS.values() if f.csl and f.datatype not in _OF_ITS_OWN
}
_DATES = {
    f.csl: f.name for f in FIELDS.values() if f.csl and f.datatype is Datatype.DATE
}
#: A role -> CSL's variable of names; whoever else had a hand in it is a contributor.
_ROLES = {
    "author": "author",
    "bookauthor": "container-author",
    "collaborator": "contributor",
    "compiler": "compiler",
    "director": "director",
    "editor": "editor",
    "illustrator": "illustrator",
    "series editor": "collection-editor",
    "translator": "translator",
}
#: What a name list with more names than it says ends in, as other converters have it.
_OTHERS = {"literal": "others"}
_NUMBERED_ITSELF = {Form.REPORT, Form.PATENT, Form.STANDARD, Form.THESIS}


def render(collection: Collection) -> str:
    """Return the publications as a JSON array of CSL items."""
    items = collection.write_items("csl-json", lambda p, s: dump(make_item(p, s)))
    return f"{dump_array(items)}\n"


def make_item(publication: Publication, site: Site) -> dict[str, Any]:
    """Return the CSL item of one publication."""
    abstract, note = publication.abstract, publication.note
    texts = dict(publication.texts)
    item = {
        **{variable: texts.get(name) for variable, name in _PLAIN_FIELDS.items()},
        "id": publication.key,
        "type": forms.form(publication).value,
        "title": str(publication.title),
        **_names(publication),
        **{v: _date(publication.date(name)) for v, name in _DATES.items()},
        "issued": _date(publication.date("date")),
        "container-title": forms.container(publication),
        "container-title-short": forms.short_container(publication),
        "publisher": forms.publisher(publication),
        "genre": forms.genre(publication),
        "DOI": publication.doi,
        "URL": facts.own_url(publication, site),
        "page": facts.page_text(publication),
        "language": publication.language or publication.text("langid", "language"),
        "abstract": str(abstract) if abstract else None,
        "note": str(note) if note else None,
        "status": "forthcoming" if publication.forthcoming else texts.get("pubstate"),
        **_numbers(publication),
    }
    return {name: value for name, value in item.items() if value is not None}


def _names(publication: Publication) -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = {}
    for people in publication.contributors:
        if people.role != "holder":
            variable = _ROLES.get(people.role, "contributor")
            found[variable] = found.get(variable, []) + _name_list(people)
    return found


def _name_list(people: Contributors) -> list[dict[str, str]]:
    names = [_name(creator) for creator in people.names]
    return [*names, _OTHERS] if people.more else names


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


def _date(span: DateSpan | None) -> dict[str, Any] | None:
    if span is None or not (span.start or span.end):
        return None
    ends = [span.start or span.end, *([span.end] if span.start and span.end else [])]
    date: dict[str, Any] = {"date-parts": [list(end.parts) for end in ends if end]}
    if span.season:
        date["season"] = span.season
    return date | {"circa": True} if span.circa or span.uncertain else date


def _numbers(publication: Publication) -> dict[str, str | None]:
    """Return the item's numbers under the names that its type gives them."""
    found = forms.form(publication)
    number, issue = publication.text("number"), publication.text("issue")
    if found is Form.PREPRINT and publication.arxiv:
        return {"number": f"arXiv:{publication.arxiv}", "archive": "arXiv"}
    if found.in_journal:
        return {"issue": number or issue, "number": publication.text("eid")}
    series = publication.text("series") or found in {Form.BOOK, Form.CHAPTER}
    if series and found not in _NUMBERED_ITSELF:
        return {"collection-number": number, "number": issue or publication.text("eid")}
    return {"number": number or issue or publication.text("eid")}
