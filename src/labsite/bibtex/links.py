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
PUBLISHERS = {
    "ieeexplore.ieee.org", "dl.acm.org", "link.springer.com", "www.sciencedirect.com",
    "onlinelibrary.wiley.com", "linkinghub.elsevier.com",
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
    ordered = [links.pop("pdf")] if "pdf" in links else []
    archive = _ARCHIVES.get(fields.get("archiveprefix", "").lower(), ("", ""))
    eprint = quote(decode_verbatim(fields.get("eprint", "")), "/")
    identifiers = (
        ("doi", "DOI", "https://doi.org/", quote(doi or "", "/:;()")),
        ("arxiv", "arXiv", "https://arxiv.org/abs/", arxiv),
        ("eprint", *archive, eprint),
    )
    ordered += (
        Link(name=name, label=label, url=place + identifier)
        for name, label, place, identifier in identifiers
        if place and identifier
    )
    known = {link.url for link in ordered}
    others: dict[tuple[str, str], Link] = {}
    for link in links.values():
        if link.url not in known and not (doi and _leads_where_doi_leads(link, doi)):
            others.setdefault((link.label, link.url), link)
    return (*ordered, *others.values())


def _leads_where_doi_leads(link: Link, doi: str) -> bool:
    """Tell whether a link is the DOI, or the page at the publisher behind it."""
    publisher = link.name == "url" and urlsplit(link.url).hostname in PUBLISHERS
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
