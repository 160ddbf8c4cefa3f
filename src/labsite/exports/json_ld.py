"""JSON-LD in the words of schema.org, for search engines.

``isPartOf`` leads to a creative work, which an event is not: a journal is a
``Periodical``, a conference's proceedings are a ``CreativeWorkSeries``, of which
schema.org makes ``Periodical`` a special case.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from labsite.exports.csl_json import make_item
from labsite.exports.forms import FORMS, tagged

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from labsite.exports.collection import Site
    from labsite.exports.forms import Form
    from labsite.model.records import Creator, Person, Publication

#: CSL's variable -> the property that has its text.
_PLAIN = {
    "edition": "bookEdition",
    "version": "version",
    "ISBN": "isbn",
    "number-of-pages": "numberOfPages",
    "abstract": "abstract",
}
_ROLES = ("author", "editor", "translator")
#: What could end a script element or, unescaped, a line of JavaScript.
_ESCAPES = str.maketrans({c: f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"})


def publication_json_ld(publication: Publication, site: Site) -> dict[str, Any]:
    """Return the description of one publication."""
    item, url = make_item(publication, site), site.publication_url(publication)
    form, publisher = FORMS[item["type"]], item.get("publisher")
    pages = {"pagination": item.get("page")}
    if len(publication.pages) == 1:
        pages = dict(zip(("pageStart", "pageEnd"), publication.pages[0], strict=False))
    data = {
        "@context": "https://schema.org",
        "@type": form.schema,
        "@id": url,
        "url": url,
        "headline": item["title"],
        "name": item["title"],
        **{role: [*map(_creator, publication.people(role))] for role in _ROLES},
        "datePublished": publication.issued.isoformat(),
        "isPartOf": _container(form, item),
        "publisher": _named("Organization", publisher) if publisher else None,
        **pages,
        **dict(tagged(item, _PLAIN)),
        "reportNumber": item.get("number") if form.csl == "report" else None,
        "keywords": [site.topic_title(topic) for topic in publication.topics],
        "award": publication.award,
        "inLanguage": site.language_of(publication),
        "identifier": _identifiers(publication),
        "sameAs": [
            site.absolute_url(link.url)
            for link in publication.links
            if link.name in {"doi", "arxiv"}
        ],
    }
    return {name: value for name, value in data.items() if value}


def organization_json_ld(
    details: Mapping[str, str], site: Site, *, description: str | None = None
) -> dict[str, Any]:
    """Return the description of the organization whose site this is.

    :param details: what the site says of it, in the words of schema.org; a name in
        ``parentOrganization`` is that of an organization
    """
    parent = details.get("parentOrganization")
    data = {
        "@context": "https://schema.org",
        **_organization(details, site),
        "url": site.base_url,
        "description": description,
        **details,
        "parentOrganization": _named("Organization", parent) if parent else None,
    }
    return {name: value for name, value in data.items() if value}


def person_json_ld(
    person: Person, path: str, details: Mapping[str, str], site: Site
) -> dict[str, Any]:
    """Return the description of one person of the organization.

    :param path: the address of the person's page, relative to the site's root
    :param details: as for :func:`organization_json_ld`; empty if nothing is known
    """
    url = site.absolute_url(path)
    names = [*dict(person.names).values(), *person.aliases]
    member = details and not person.is_alumnus
    data = {
        "@context": "https://schema.org",
        "@type": "Person",
        "@id": url,
        "url": url,
        "name": person.name,
        "alternateName": [name for name in names if name],
        "jobTitle": None if person.is_alumnus else person.position,
        "affiliation": _organization(details, site) if member else None,
        "knowsAbout": list(person.interests),
        "award": [honour.name for honour in person.awards],
        "sameAs": [site.absolute_url(link.url) for link in person.links],
    }
    return {name: value for name, value in data.items() if value}


def _organization(details: Mapping[str, str], site: Site) -> dict[str, str]:
    """Return what is enough to mean the organization."""
    return {
        "@type": "ResearchOrganization",
        "@id": f"{site.base_url}#organization",
        "name": details.get("name", site.title),
    }


def dump_script(data: Mapping[str, Any]) -> str:
    """Return *data* as JSON that is safe between ``<script>`` and ``</script>``.

    Characters with a meaning there only occur in JSON's strings, so escaping them
    leaves the data as it is.
    """
    return json.dumps(data, ensure_ascii=False).translate(_ESCAPES)


def _creator(creator: Creator) -> dict[str, str]:
    whole = not (creator.given or creator.particle or creator.suffix)
    # A body stands in braces, or has several words in one part.
    if whole and (creator.literal or " " in creator.family):
        return _named("Organization", creator.name)
    person = {
        "@type": "Person",
        "name": creator.name,
        "givenName": creator.given,
        "familyName": creator.family_name,
        "honorificSuffix": creator.suffix,
    }
    return {name: part for name, part in person.items() if part}


def _container(form: Form, item: Mapping[str, str]) -> dict[str, Any] | None:
    """Return what the publication is a part of, from the issue up to the journal."""
    name = item.get("container-title")
    if not name:
        return None
    part: dict[str, Any] = _named(form.whole.schema or "Periodical", name)
    if short := item.get("container-title-short"):
        part["alternateName"] = short
    if form.within != "periodical":
        return part
    if "ISSN" in item:
        part["issn"] = item["ISSN"]
    for name in ("volume", "issue"):
        if name in item:
            type_ = f"Publication{name.capitalize()}"
            part = {"@type": type_, f"{name}Number": item[name], "isPartOf": part}
    return part


def _identifiers(publication: Publication) -> list[dict[str, str]]:
    known = {"DOI": publication.doi, "arXiv": publication.arxiv}
    return [
        {"@type": "PropertyValue", "propertyID": scheme, "value": value}
        for scheme, value in known.items()
        if value
    ]


def _named(type_: str, name: str) -> dict[str, str]:
    return {"@type": type_, "name": name}
