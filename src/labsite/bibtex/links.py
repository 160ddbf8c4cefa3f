"""Make the buttons of a publication from its fields."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias
from urllib.parse import quote, urlsplit

from labsite.bibtex.fields import LINK_FIELDS, NAMED_LINK_PREFIX, Datatype
from labsite.model.problems import Rule
from labsite.model.records import Link
from labsite.text.latex import decode_verbatim
from labsite.text.values import doi_address, find_doi, parse_address, parse_doi

#: Takes the rule, the message and the name of the field.
Report: TypeAlias = Callable[[Rule, str, str], None]
#: Hosts of publishers, whose pages of papers are those that DOIs lead to.
PUBLISHERS = {
    "ieeexplore.ieee.org", "dl.acm.org", "link.springer.com", "www.sciencedirect.com",
    "onlinelibrary.wiley.com", "linkinghub.elsevier.com",
}  # fmt: skip
#: Archives that biblatex links to (its manual, 3.14.7): label and address.
_ARCHIVES = {
    "jstor": ("JSTOR", "https://www.jstor.org/stable/"),
    "pubmed": ("PubMed", "https://pubmed.ncbi.nlm.nih.gov/"),
    "googlebooks": ("Google Books", "https://books.google.com?id="),
    "hdl": ("Handle", "https://hdl.handle.net/"),
}
_ADDRESS = re.compile(
    r"\\(?:url|href)\s*\{\s*([^{}\s]+)\s*\}|"
    r"\b(https?://(?:[^\s{}()]|\([^\s{}()]*\))+(?<![.,;:]))"
)


def read_links(
    fields: Mapping[str, str], doi: str | None, arxiv: str | None, report: Report
) -> tuple[Link, ...]:
    """Return the links of an entry: PDF, DOI, arXiv, then the others."""
    address = find_address(fields.get("howpublished", ""))
    if address and "url" not in fields:
        fields = {**fields, "url": address}
    links = {link.name: link for link in _field_links(fields, report)}
    ordered = [links.pop("pdf")] if "pdf" in links else []
    archive = _ARCHIVES.get(fields.get("archiveprefix", "").lower(), ("", ""))
    eprint = quote(decode_verbatim(fields.get("eprint", "")), "/")
    identifiers = (
        ("doi", "DOI", doi and doi_address(doi)),
        ("arxiv", "arXiv", arxiv and f"https://arxiv.org/abs/{arxiv}"),
        ("eprint", archive[0], archive[1] and eprint and archive[1] + eprint),
    )
    ordered += (Link(name=n, label=label, url=u) for n, label, u in identifiers if u)
    known = {link.url for link in ordered}
    others: dict[tuple[str, str], Link] = {}
    for link in links.values():
        published = link.name == "url" and urlsplit(link.url).hostname in PUBLISHERS
        is_page_of_doi = doi and (published or parse_doi(link.url) == doi)
        if link.url not in known and not is_page_of_doi:
            others.setdefault((link.label, link.url), link)
    return (*ordered, *others.values())


def find_address(text: str) -> str | None:
    """Return the address in a text field."""
    found = _ADDRESS.search(text)
    return next(filter(None, found.groups()), None) if found else None


def _field_links(fields: Mapping[str, str], report: Report) -> Iterator[Link]:
    named = sorted(name for name in fields if name.startswith(NAMED_LINK_PREFIX))
    for name in filter(fields.__contains__, (*LINK_FIELDS, *named)):
        bare = name.removeprefix(NAMED_LINK_PREFIX) or "url"
        value, known = fields[name], LINK_FIELDS.get(bare)
        refused = known and known.datatype is Datatype.DOI and not find_doi(value)
        if not refused and (url := parse_address(value)):
            label = (known and known.label) or bare.replace("_", " ").capitalize()
            yield Link(name=bare, label=label, url=url)
        else:
            message = "not an address that a page can link to; write https://…"
            if "://" in value and len(value.split()) > 1:
                message = "no address has a space in it; delete it, or write %20"
            report(Rule.BAD_URL, message, name)
