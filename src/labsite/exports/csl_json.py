"""CSL-JSON, the input of citation processors and of most reference managers.

It follows the schema ``csl-data.json`` of the Citation Style Language 1.0.2. Titles are
plain Unicode, since the schema has no HTML. The other formats are made from the item.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from labsite.bibtex.fields import FIELDS, TEXTS, Datatype
from labsite.exports.collection import Collection, Site, dump, dump_array
from labsite.exports.forms import KEYS, MEETINGS, Form, form_of
from labsite.model.dates import DateSpan
from labsite.model.records import Creator, Publication
from labsite.text.values import parse_address

MEDIA_TYPE = "application/vnd.citationstyles.csl+json"
_VARIABLES = [(f.csl, f) for f in FIELDS.values() if f.csl]
_TEXTS = {variable: f.name for variable, f in _VARIABLES if f.datatype in TEXTS}
_DATES = {variable: f.name for variable, f in _VARIABLES if f.datatype is Datatype.DATE}
#: A role -> CSL's variable of names; everybody else is a contributor.
_ROLES = {
    **{f.name: variable for variable, f in _VARIABLES if f.datatype is Datatype.NAMES},
    **{role: role for role in ("compiler", "director", "illustrator")},
    "series editor": "collection-editor",
}
#: The last name of an incomplete name list, as in other converters.
_OTHERS = {"literal": "others"}
_NUMBERED_ITSELF = {"report", "patent", "standard", "thesis"}
#: Links to the publication itself, in the order of preference.
_OWN_LINKS = ("url", "html", "doi", "arxiv", "eprint")


def render(collection: Collection) -> str:
    """Return the publications as a JSON array of CSL items."""
    items = collection.write_items("csl-json", lambda p, s: dump(make_item(p, s)))
    return f"{dump_array(items)}\n"


def make_item(publication: Publication, site: Site) -> dict[str, Any]:
    """Return the CSL item of one publication."""
    texts, form = dict(publication.texts), form_of(publication)
    container, venue = _container(publication, form), publication.venue
    title, whole = str(publication.title), publication.text("maintitle")
    if whole and not container and whole != title:  # a volume
        title = f"{whole}: {title}"
    # Where a journal has two names, "journal" is the short one.
    journals = ("shortjournal", "journal") if "fjournal" in texts else ()
    short = publication.text(*journals) or (venue.short if venue else None)
    soon = "forthcoming" if publication.forthcoming else None
    sort = publication.entry_type if form.csl == "thesis" else None
    item = {
        **{variable: texts.get(name) for variable, name in _TEXTS.items()},
        "id": publication.key,
        "type": form.csl,
        "title": title,
        **_names(publication),
        **{v: _date(publication.date(name)) for v, name in _DATES.items()},
        "container-title": container,
        "container-title-short": short if container else None,
        "publisher": _publisher(publication, form, container),
        "genre": _translate(texts.get("type") or sort),
        "DOI": publication.doi,
        "URL": _own_url(publication, site),
        "page": ", ".join("-".join(ends) for ends in publication.pages) or None,
        "language": publication.language or publication.text("langid", "language"),
        "status": _translate(texts.get("pubstate") or soon),
        "note": ". ".join(filter(None, map(texts.get, ("note", "addendum")))) or None,
        "issue": None,
        "collection-title": _translate(texts.get("series")),
        **_numbers(publication, form),
    }
    place = texts.get("address")
    if form.csl == "patent" and (country := _translate(place)) != place:
        item |= {"publisher-place": None, "jurisdiction": country}
    return {name: value for name, value in item.items() if value is not None}


def make_paged_item(
    publication: Publication, site: Site, ends: Sequence[str]
) -> dict[str, Any]:
    """Return the CSL item with the first page, and the "last page" if there is one.

    The number of an article is the first page of one without pages.
    """
    item, eid = make_item(publication, site), publication.text("eid")
    if eid and item.get("number") == eid:
        item.setdefault("page", item.pop("number"))
    item.update(zip(("page", "last page"), ends, strict=False))
    return item


def _names(publication: Publication) -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = {}
    for people in publication.contributors:
        if people.role != "holder":
            names = found.setdefault(_ROLES.get(people.role, "contributor"), [])
            names += [*map(_name, people.names), *[_OTHERS] * people.more]
    return found


def _name(creator: Creator) -> dict[str, str]:
    if creator.given is None:
        return {"literal": creator.name}
    particle = f"{'' if creator.dropping else 'non-'}dropping-particle"
    parts = {"family": creator.family, "given": creator.given,
             particle: creator.particle, "suffix": creator.suffix}  # fmt: skip
    return {name: part for name, part in parts.items() if part}


def _date(span: DateSpan | None) -> dict[str, Any] | None:
    ends = [list(end.parts) for end in (span.start, span.end) if end] if span else []
    if span is None or not ends:
        return None
    marks = {"season": span.season, "circa": span.circa}
    return {"date-parts": ends, **{mark: v for mark, v in marks.items() if v}}


def _container(publication: Publication, form: Form) -> str | None:
    """Return the title of the journal or book that the publication is a part of."""
    is_part = publication.entry_type == "bookinbook"
    fields = ("booktitle", "journal") if is_part else form.fields
    name = publication.text(*fields)
    if form.container == "periodical" and name == publication.text("journal"):
        return publication.text("fjournal") or name
    whole = publication.text("maintitle") if len(fields) > 1 else None
    if not name and form.container == "meeting" and publication.kind in MEETINGS:
        whole = whole or publication.text("howpublished")
    return f"{whole}: {name}" if whole and name and whole != name else name or whole


def _publisher(publication: Publication, form: Form, title: str | None) -> str | None:
    """Return the publisher, archive, university, institution or holder."""
    if form.container == "archive":
        venue = publication.venue.name if publication.venue else None
        return "arXiv" if publication.arxiv else venue
    holders = publication.people("holder")
    if form.csl == "patent" and holders:
        return "; ".join(creator.name for creator in holders)
    fields = ["publisher", "organization", "institution", "school", "howpublished"]
    if form.container in {"university", "institution"}:
        fields = ["school", "institution", *fields]
    name = publication.text(*fields)
    # Not an address, and not the container's title again.
    known = name == title == publication.text("howpublished")
    return None if name and (known or "://" in name) else name


def _translate(text: str | None) -> str | None:
    """Return English for biblatex's keys in a list."""
    words = (KEYS.get(word.lower(), word) for word in (text or "").split("; "))
    return "; ".join(words) or None


def _own_url(publication: Publication, site: Site) -> str | None:
    """Return the address of the publication, or of its page on the site."""
    known = {link.name: link.url for link in publication.links}
    own = parse_address(publication.field("url") or "")
    places = [own, *map(known.get, _OWN_LINKS), site.publication_path(publication)]
    return next(filter(None, map(site.find_url, filter(None, places))), None)


def _numbers(publication: Publication, form: Form) -> dict[str, str | None]:
    """Return the variables with numbers, which depend on the form."""
    number = publication.text("number", "isrn")
    issue, eid = map(publication.text, ("issue", "eid"))
    if form.container == "archive" and publication.arxiv:
        number = f"arXiv:{publication.arxiv}"
        return {"number": number, "archive": "arXiv", "volume": None}
    if form.container == "periodical":
        issues = dict.fromkeys(filter(None, (number, issue)))
        return {"issue": ", ".join(issues) or None, "number": eid}
    series = publication.text("series") or form.csl in {"book", "chapter"}
    if series and form.csl not in _NUMBERED_ITSELF:
        return {"collection-number": number, "number": issue or eid}
    return {"number": number or issue or eid}
