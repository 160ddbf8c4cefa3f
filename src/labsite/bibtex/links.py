"""The fields that become buttons."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from labsite.bibtex.fields import LINK_FIELDS, NAMED_LINK_PREFIX
from labsite.model.records import Link
from labsite.text.latex import decode_verbatim
from labsite.text.values import parse_address, parse_doi

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

#: Hosts whose pages of papers are those to which the papers' DOIs lead.
_PUBLISHERS = {
    "ieeexplore.ieee.org", "dl.acm.org", "link.springer.com", "www.sciencedirect.com",
    "onlinelibrary.wiley.com",
}  # fmt: skip


#: Archives that biblatex links to (its manual, 3.14.7): the button, and where they are.
_ARCHIVES = {
    "jstor": ("JSTOR", "https://www.jstor.org/stable/"),
    "pubmed": ("PubMed", "https://pubmed.ncbi.nlm.nih.gov/"),
    "googlebooks": ("Google Books", "https://books.google.com?id="),
    "hdl": ("Handle", "https://hdl.handle.net/"),
}
_ADDRESS = re.compile(
    r"\\(?:url|href)\s*\{\s*([^{}\s]+)\s*\}|^[{\s]*(https?://[^\s{}]+)[}\s]*$"
)


def read_links(
    fields: Mapping[str, str],
    doi: str | None,
    arxiv: str | None,
    report: Callable[[str, str], None],
) -> tuple[Link, ...]:
    """Return the links of an entry, PDF first, then DOI, arXiv and the rest.

    :param report: called with a field's name and a message for each bad address
    """
    address = find_address(fields.get("howpublished", ""))
    if address and "url" not in fields:
        fields = {**fields, "url": address}
    links = {link.name: link for link in _field_links(fields, report)}
    pdf = links.pop("pdf", None)
    ordered = [pdf] if pdf else []
    if doi:
        address = f"https://doi.org/{quote(doi, safe='/:;()')}"
        ordered.append(Link(name="doi", label="DOI", url=address))
    if arxiv:
        address = f"https://arxiv.org/abs/{arxiv}"
        ordered.append(Link(name="arxiv", label="arXiv", url=address))
    archive = _ARCHIVES.get(fields.get("archiveprefix", "").lower())
    if archive and "eprint" in fields:
        label, place = archive
        address = place + quote(decode_verbatim(fields["eprint"]), safe="/")
        ordered.append(Link(name="eprint", label=label, url=address))
    first = {link.url for link in ordered}
    known = {(link.label, link.url) for link in ordered}
    for link in links.values():
        same = link.url in first or (link.label, link.url) in known
        if same or (doi is not None and _leads_where_doi_leads(link, doi)):
            continue
        known.add((link.label, link.url))
        ordered.append(link)
    return tuple(ordered)


def _leads_where_doi_leads(link: Link, doi: str) -> bool:
    """Tell whether a link is the DOI, or the page at the publisher behind it."""
    publisher = link.name == "url" and urlsplit(link.url).hostname in _PUBLISHERS
    return publisher or parse_doi(link.url) == doi


def find_address(text: str) -> str | None:
    r"""Return the address in a field that may have one: of ``\url``, or alone."""
    found = _ADDRESS.search(text)
    return next(filter(None, found.groups()), None) if found else None


def _field_links(
    fields: Mapping[str, str], report: Callable[[str, str], None]
) -> Iterator[Link]:
    named = sorted(name for name in fields if name.startswith(NAMED_LINK_PREFIX))
    for name in (*LINK_FIELDS, *named):
        if name not in fields:
            continue
        url = parse_address(fields[name])
        if url is None:
            report(name, "not an address that a page can link to; write https://…")
            continue
        bare = name.removeprefix(NAMED_LINK_PREFIX) or "url"
        known = LINK_FIELDS.get(bare)
        label = known.label if known else None
        label = label or bare.replace("_", " ").capitalize()
        yield Link(name=bare, label=label, url=url)
