"""RIS, the tagged text that every reference manager imports.

A reference says what the CSL item says. Tags are those of the format's specification
(2012), as Zotero, EndNote and JabRef read them: the number of a patent or a report
stands under ``SN``, a version of software under ``ET``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from labsite.exports.csl_json import make_item
from labsite.exports.forms import FORMS, names_of, tagged

if TYPE_CHECKING:
    from collections.abc import Iterator

    from labsite.exports.collection import Collection, Site
    from labsite.model.records import Publication

#: CSL's variable -> the tag; these are made of several fields.
_TAGS = names_of("ris") | {
    "container-title-short": "J2", "collection-number": "SV", "container-title": "BT",
    "issue": "IS", "last page": "EP", "number": "IS",
}  # fmt: skip
#: A role -> the tag of each person's line.
_PEOPLE = names_of("ris", people=True) | {"series editor": "A3"}


def render(collection: Collection) -> str:
    """Return the publications as RIS."""
    return "\n".join(collection.write_items("ris", _render_reference))


def find_keys(text: str) -> list[str]:
    """Return the citation keys in an export."""
    return re.findall(r"^ID  - (.*)$", text, re.MULTILINE)


def _render_reference(publication: Publication, site: Site) -> str:
    lines = [*_lines(publication, site), ("ER", "")]
    # A line break in a value could be taken for a tag.
    return "".join(f"{tag}  - {' '.join(text.splitlines())}\n" for tag, text in lines)


def _lines(publication: Publication, site: Site) -> Iterator[tuple[str, str]]:
    """Yield tag and text of each line but the last."""
    item = make_item(publication, site)
    form = FORMS[item["type"]]
    yield "TY", form.ris
    yield "ID", publication.key
    yield "TI", item["title"]
    for role, tag in _PEOPLE.items():
        for creator in publication.people(role):
            yield tag, creator.inverted_name
    if issued := publication.issued:
        yield "PY", f"{issued.year:04}"
        # YYYY/MM/DD/other: the slashes stay where a part is unknown.
        parts = [f"{part:02}" for part in issued.parts[1:]]
        yield "DA", "/".join([f"{issued.year:04}", *parts, *[""] * (3 - len(parts))])
    if len(publication.pages) == 1:
        item.update(zip(("page", "last page"), publication.pages[0], strict=False))
    # The format once split addresses at semicolons, and readers still do.
    item["URL"] = item.get("URL", "").replace(";", "%3B")
    yield from tagged(item, _TAGS, form.whole.ris)
    for topic in publication.topics:
        yield "KW", site.topic_title(topic)
