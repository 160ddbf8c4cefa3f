"""The fields that become buttons."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from labsite.model.records import Link
from labsite.text.values import parse_address, parse_doi

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

#: Fields with a button of their own, in the order in which buttons stand. The names
#: are those that al-folio and BibBase made common.
LINK_LABELS = {
    "pdf": "PDF",
    "html": "Web page",
    "url": "Web page",
    "website": "Website",
    "code": "Code",
    "artifact": "Artifact",
    "data": "Data",
    "slides": "Slides",
    "poster": "Poster",
    "video": "Video",
    "supp": "Supplement",
}
#: BibBase's rule: a field of any name after this becomes a button of that name.
NAMED_LINK_PREFIX = "url_"


def is_link_field(name: str) -> bool:
    """Tell whether the field *name* makes a button."""
    return name in LINK_LABELS or name.startswith(NAMED_LINK_PREFIX)


def read_links(
    fields: Mapping[str, str],
    doi: str | None,
    arxiv: str | None,
    complain: Callable[[str, str], None],
) -> tuple[Link, ...]:
    """Return the links of an entry, PDF first, then DOI, arXiv and the rest.

    :param complain: called with a field's name and a message for each bad address
    """
    links = {link.name: link for link in _field_links(fields, complain)}
    pdf = links.pop("pdf", None)
    ordered = [pdf] if pdf else []
    if doi:
        address = f"https://doi.org/{quote(doi, safe='/:;()')}"
        ordered.append(Link(name="doi", label="DOI", url=address))
    if arxiv:
        address = f"https://arxiv.org/abs/{arxiv}"
        ordered.append(Link(name="arxiv", label="arXiv", url=address))
    first = {link.url for link in ordered}
    known = {(link.label, link.url) for link in ordered}
    for link in links.values():
        is_doi = doi is not None and parse_doi(link.url) == doi
        if link.url in first or is_doi or (link.label, link.url) in known:
            continue
        known.add((link.label, link.url))
        ordered.append(link)
    return tuple(ordered)


def _field_links(
    fields: Mapping[str, str], complain: Callable[[str, str], None]
) -> Iterator[Link]:
    named = sorted(name for name in fields if name.startswith(NAMED_LINK_PREFIX))
    for name in (*LINK_LABELS, *named):
        if name not in fields:
            continue
        url = parse_address(fields[name])
        if url is None:
            complain(name, "not an address that a page can link to; write https://…")
            continue
        bare = name.removeprefix(NAMED_LINK_PREFIX) or "url"
        label = LINK_LABELS.get(bare) or bare.replace("_", " ").capitalize()
        yield Link(name=bare, label=label, url=url)
