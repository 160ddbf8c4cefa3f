"""JSON-LD with the vocabulary of schema.org, for search engines.

``isPartOf`` needs a creative work, not an event: a journal is a ``Periodical``, the
proceedings of a conference are a ``CreativeWorkSeries``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from labsite.exports.collection import Site
from labsite.exports.csl_json import make_item
from labsite.exports.forms import FORMS, PROPERTIES, Form, names_of, tagged
from labsite.model.records import Creator, Person, Publication
from labsite.text.values import language_of

_PLAIN, _PEOPLE = names_of("schema")
_CONTEXT = {"@context": "https://schema.org"}
#: Characters that could end a script element or a line of JavaScript.
_ESCAPES = str.maketrans({c: f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"})


def publication_json_ld(publication: Publication, site: Site) -> dict[str, Any]:
    """Return the description of a publication."""
    item, url = make_item(publication, site), site.publication_url(publication)
    form, publisher = FORMS[item["type"]], item.get("publisher")
    if len(publication.pages) == 1:
        ends = zip(("page-first", "page-last"), publication.pages[0], strict=False)
        item |= {"page": None, **dict(ends)}
    known = _known({"DOI": publication.doi, "arXiv": publication.arxiv})
    numbers = [_thing("PropertyValue", propertyID=n, value=v) for n, v in known.items()]
    same = (link.url for link in publication.links if link.name in {"doi", "arxiv"})
    return _CONTEXT | _thing(
        form.schema,
        **{"@id": url},
        url=url,
        headline=item["title"],
        name=item["title"],
        **{n: [*map(_creator, publication.people(r))] for r, n in _PEOPLE.items()},
        datePublished=publication.issued.isoformat(),
        isPartOf=_container(form, item),
        publisher=_thing("Organization", name=publisher) if publisher else None,
        **dict(tagged(item, PROPERTIES.get(form.schema, {}), _PLAIN)),
        keywords=[site.topic_title(topic) for topic in publication.topics],
        award=publication.award,
        inLanguage=language_of(publication, site.language),
        identifier=numbers,
        sameAs=[*map(site.absolute_url, same)],
    )


def organization_json_ld(
    details: Mapping[str, str], site: Site, *, description: str | None = None
) -> dict[str, Any]:
    """Return the description of the site's organization with these properties."""
    known = _known({"url": site.base_url, "description": description, **details})
    if parent := known.get("parentOrganization"):
        known["parentOrganization"] = _thing("Organization", name=parent)
    return _CONTEXT | _organization(details, site) | known


def person_json_ld(
    person: Person, path: str, details: Mapping[str, str], site: Site
) -> dict[str, Any]:
    """Return the description of a person of the organization; *path* is the page's."""
    url = site.absolute_url(path)
    member = details and person.left is None
    return _CONTEXT | _thing(
        "Person",
        **{"@id": url},
        url=url,
        name=person.name,
        alternateName=[*filter(None, dict(person.names).values()), *person.aliases],
        jobTitle=person.position if person.left is None else None,
        affiliation=_organization(details, site) if member else None,
        knowsAbout=list(person.interests),
        award=[honour.name for honour in person.awards],
        sameAs=[site.absolute_url(link.url) for link in person.links],
    )


def _organization(details: Mapping[str, str], site: Site) -> dict[str, Any]:
    """Return a reference to the organization."""
    place = {"@id": f"{site.base_url}#organization"}
    name = details.get("name", site.title)
    return _thing("ResearchOrganization", **place, name=name)


def dump_script(data: Mapping[str, Any]) -> str:
    """Return *data* as JSON that is safe in a script element."""
    return json.dumps(data, ensure_ascii=False).translate(_ESCAPES)


def _creator(creator: Creator) -> dict[str, Any]:
    whole = not (creator.given or creator.particle or creator.suffix)
    # An organization is in braces, or has several words in one part.
    if whole and (creator.literal or " " in creator.family):
        return _thing("Organization", name=creator.name)
    return _thing(
        "Person",
        name=creator.name,
        givenName=creator.given,
        familyName=creator.family_name,
        honorificSuffix=creator.suffix,
    )


def _container(form: Form, item: Mapping[str, str]) -> dict[str, Any] | None:
    """Return the work that the publication is a part of, as an issue of a journal."""
    if not (name := item.get("container-title")):
        return None
    of_part = {"number-of-pages": ""}  # as ACM gives it
    known = dict(tagged(item, PROPERTIES.get(form.container_schema, {}), of_part))
    short = item.get("container-title-short")
    part = _thing(form.container_schema, name=name, alternateName=short, **known)
    for sort in ("volume", "issue") if form.container == "periodical" else ():
        if number := item.get(sort):
            numbered = {f"{sort}Number": number, "isPartOf": part}
            part = _thing(f"Publication{sort.capitalize()}", **numbered)
    return part


def _thing(type_: str, **properties: object) -> dict[str, Any]:
    """Return a thing of schema.org with its known properties."""
    return {"@type": type_, **_known(properties)}


def _known(properties: Mapping[str, object]) -> dict[str, Any]:
    return {name: value for name, value in properties.items() if value}
