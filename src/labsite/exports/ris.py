"""RIS, the tagged text that every reference manager imports.

A reference says what the CSL item says. Tags are those of the format's specification
(2012), as Zotero, EndNote and JabRef read them: the number of a patent or a report
stands under ``SN``, a version of software under ``ET``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from labsite.exports import facts, forms
from labsite.exports.csl_json import make_item
from labsite.exports.forms import Form

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from labsite.exports.collection import Collection, Site
    from labsite.model.dates import PartialDate
    from labsite.model.records import Publication

#: A tag -> the CSL variables of which it takes the first.
_TAGS = {
    "J2": ("container-title-short",),
    "VL": ("volume",),
    "SV": ("collection-number",),
    "ET": ("edition", "version"),
    "SE": ("chapter-number",),
    "NV": ("number-of-volumes",),
    "PB": ("publisher",),
    "CY": ("publisher-place", "event-place"),
    "LA": ("language",),
    "M3": ("genre",),
    "DO": ("DOI",),
    "N1": ("note",),
    "AB": ("abstract",),
}
#: A tag -> the role of the people whom it names, each on a line of its own.
_PEOPLE = {"AU": "author", "ED": "editor", "A3": "series editor", "A4": "translator"}


def render(collection: Collection) -> str:
    """Return the publications as RIS."""
    return "\n".join(collection.write_items("ris", _render_reference))


def _render_reference(publication: Publication, site: Site) -> str:
    lines = [*_lines(publication, site), ("ER", "")]
    # A line break in a value could be taken for a tag.
    return "".join(f"{tag}  - {' '.join(text.splitlines())}\n" for tag, text in lines)


def _lines(publication: Publication, site: Site) -> Iterator[tuple[str, str]]:
    """Yield tag and text of each line but the last."""
    item, found = make_item(publication, site), forms.form(publication)
    yield "TY", found.ris
    yield "ID", publication.key
    yield "TI", item["title"]
    for tag, role in _PEOPLE.items():
        people = publication.people(role)
        for creator in people.names if people else ():
            yield tag, facts.inverted_name(creator)
    if publication.issued:
        yield "PY", f"{publication.issued.year:04}"
        yield "DA", _date(publication.issued)
    for tag, variables in _TAGS.items():
        yield from _each(tag, (item.get(variable) for variable in variables))
    whole, series = ("T2", "T3") if found.containers else ("BT", "T2")
    yield from _each(whole, [item.get("container-title")])
    yield from _each(series, [item.get("collection-title")])
    yield from _numbers(publication, item, found)
    # The format once split addresses at semicolons, and readers still do.
    yield from _each("UR", [(item.get("URL") or "").replace(";", "%3B")])
    for topic in publication.topics:
        yield "KW", site.topic_title(topic)


def _numbers(
    publication: Publication, item: dict[str, Any], found: Form
) -> Iterator[tuple[str, str]]:
    number = item.get("number")
    if found in {Form.PATENT, Form.REPORT}:
        yield from _each("SN", [number])
    else:
        yield from _each("SN", [item.get("ISSN" if found.in_journal else "ISBN"),
                                item.get("ISSN")])  # fmt: skip
        of_archive = found is Form.PREPRINT and publication.arxiv
        yield from _each("IS", [item.get("issue"), None if of_archive else number])
    if len(publication.pages) == 1:
        yield from zip(("SP", "EP"), publication.pages[0], strict=False)
    else:  # several ranges, or the number that an article has in the place of pages
        article = number if found.in_journal else None
        yield from _each("SP", [facts.page_text(publication), article])


def _each(tag: str, texts: Iterable[str | None]) -> Iterator[tuple[str, str]]:
    """Yield a line with the first text, if there is one."""
    text = next(filter(None, texts), None)
    if text:
        yield tag, text


def _date(issued: PartialDate) -> str:
    """Write YYYY/MM/DD/other; the slashes stay where a part is unknown."""
    month = f"{issued.month:02}" if issued.month else ""
    day = f"{issued.day:02}" if issued.month and issued.day else ""
    return f"{issued.year:04}/{month}/{day}/"
