"""DOI and arXiv identifier of a record, wherever its maker has put them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from labsite.bibtex.fields import is_link_field
from labsite.text.values import parse_arxiv, parse_doi, without_version

if TYPE_CHECKING:
    from collections.abc import Iterator

    from labsite.model.records import Publication

#: arXiv's own DOIs (https://info.arxiv.org/help/doi.html).
_ARXIV_DOI = re.compile(r"10\.48550/arxiv\.(.+)", re.IGNORECASE)
#: Publishers with the DOI in the address of a paper.
_DOI_HOSTS = {"dl.acm.org", "doi.acm.org", "portal.acm.org", "link.springer.com"}
_DOI_PATH = re.compile(r"/(10\.\d{4,9}/[^?#\s]+)")
#: Publishers whose addresses a DOI leads to.
_LANDING_HOSTS = {"ieeexplore.ieee.org", "www.sciencedirect.com", "dx.doi.org"}
_LANDING_HOSTS |= _DOI_HOSTS
#: Indexes, which are not where a paper appeared.
_INDEXES = {"api.semanticscholar.org", "www.semanticscholar.org", "dblp.org",
            "scholar.google.com", "ui.adsabs.harvard.edu"}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Identifiers:
    """What a paper is known by."""

    doi: str | None  #: the publisher's, bare
    arxiv: str | None  #: bare, without a version
    redundant: frozenset[str]  #: link fields that lead where these do, or nowhere


def parse_identifier(text: str) -> Identifiers | None:
    """Return the DOI or arXiv identifier that *text* is, bare or as an address."""
    text = text.strip()
    arxiv = arxiv_of_doi(parse_doi(text)) or parse_arxiv(text)
    doi = None if arxiv else parse_doi(text) or _doi_in_address(text)
    if not (doi or arxiv):
        return None
    bare = without_version(arxiv) if arxiv else None
    return Identifiers(doi=doi, arxiv=bare, redundant=frozenset())


def find_identifiers(record: Publication) -> Identifiers:
    """Return the identifiers of a record."""
    addresses = {n: v for n, v in record.fields if is_link_field(n)}
    doi = record.doi or next(filter(None, map(_doi_in, addresses.values())), None)
    arxiv = arxiv_of_doi(doi) or record.arxiv
    if arxiv_of_doi(doi):
        doi = None
    arxiv = arxiv or next(filter(None, map(_arxiv_in, addresses.values())), None)
    bare = without_version(arxiv) if arxiv else None
    redundant = frozenset(_redundant(addresses, doi, bare))
    return Identifiers(doi=doi, arxiv=bare, redundant=redundant)


def arxiv_of_doi(doi: str | None) -> str | None:
    """Return the arXiv identifier in a DOI of arXiv's own."""
    match = _ARXIV_DOI.fullmatch(doi or "")
    return parse_arxiv(match[1]) if match else None


def _redundant(
    addresses: dict[str, str], doi: str | None, arxiv: str | None
) -> Iterator[str]:
    for name, address in addresses.items():
        host = _host(address)
        leads_to_doi = doi and (_doi_in(address) or host in _LANDING_HOSTS)
        leads_to_arxiv = arxiv and (
            _arxiv_in(address) or arxiv_of_doi(_doi_in(address))
        )
        if leads_to_doi or leads_to_arxiv or host in _INDEXES:
            yield name


def _doi_in(address: str) -> str | None:
    doi = parse_doi(address) if _host(address) else None
    return doi or _doi_in_address(address)


def _doi_in_address(address: str) -> str | None:
    if _host(address) not in _DOI_HOSTS:
        return None
    match = _DOI_PATH.search(unquote(urlsplit(address).path).replace("\\", ""))
    return parse_doi(match[1]) if match else None


def _arxiv_in(address: str) -> str | None:
    found = parse_arxiv(address) if _host(address) else None
    return without_version(found) if found else None


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""
