"""RIS, for reference managers, made from CSL items.

Tags are those of the specification (2012) as Zotero, EndNote and JabRef read them:
``SN`` has the number of a patent or report, ``ET`` the version of software.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from labsite.exports.csl_json import make_item
from labsite.exports.forms import FORMS, names_of, tagged

if TYPE_CHECKING:
    from collections.abc import Iterator

    from labsite.exports.collection import Collection, Site
    from labsite.model.dates import PartialDate
    from labsite.model.records import Publication

#: CSL's variable -> the tag; a role -> the tag of each person's line.
_TAGS, _PEOPLE = names_of("ris")
_TAGS |= {"collection-number": "SV", "last page": "EP"}
_PEOPLE |= {"series editor": "A3"}


def render(collection: Collection) -> str:
    """Return the publications as RIS."""
    return "\n".join(collection.write_items("ris", _render_reference))


def find_keys(text: str) -> list[str]:
    """Return the citation keys in an export."""
    return re.findall(r"^ID  - (.*)$", text, re.MULTILINE)


def _render_reference(publication: Publication, site: Site) -> str:
    lines = _lines(publication, site)
    # A line of a value must not begin like a tag.
    return "".join(f"{tag}  - {' '.join(text.splitlines())}\n" for tag, text in lines)


def _lines(publication: Publication, site: Site) -> Iterator[tuple[str, str]]:
    """Yield the tags and texts of all lines."""
    item = make_item(publication, site)
    form = FORMS[item["type"]]
    yield "TY", form.ris
    yield "ID", publication.key
    yield "TI", item["title"]
    for role, tag in _PEOPLE.items():
        for creator in publication.people(role):
            yield tag, creator.inverted_name
    # People of other roles, such as directors.
    tagged_people = any(map(publication.people, _PEOPLE))
    for creator in () if tagged_people else publication.creators:
        yield "AU", creator.inverted_name
    if issued := publication.issued:
        yield "PY", f"{issued.year:04}"
        yield "DA", _date(issued)
    if accessed := publication.date("urldate"):
        yield "Y2", _date(accessed.start)
    if len(publication.pages) == 1:
        item.update(zip(("page", "last page"), publication.pages[0], strict=False))
    # Readers split addresses at semicolons, as an old version of the format did.
    item["URL"] = item.get("URL", "").replace(";", "%3B")
    yield from tagged(item, _TAGS, form.ris_tags)
    for topic in publication.topics:
        yield "KW", site.topic_title(topic)
    yield "ER", ""


def _date(date: PartialDate) -> str:
    """Return a date in the form YYYY/MM/DD/other, with all slashes."""
    parts = [f"{part:02}" for part in date.parts[1:]]
    return "/".join([f"{date.year:04}", *parts, *[""] * (3 - len(parts))])
