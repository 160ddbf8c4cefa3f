"""Find the DOI and the arXiv identifier of a record in any of its fields."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from labsite.bibtex.links import PUBLISHERS
from labsite.text.values import parse_arxiv, parse_doi, without_version

if TYPE_CHECKING:
    from labsite.model.records import Publication

#: arXiv's own DOIs (https://info.arxiv.org/help/doi.html).
_ARXIV_DOI = re.compile(r"10\.48550/arxiv\.(.+)", re.IGNORECASE)
#: A DOI in the address of a paper, and the suffixes of publishers.
_DOI_PATH = re.compile(r"/(10\.\d{4,9}/[^?#\s]+)")
_BEHIND = re.compile(
    r"(?:/(?:full|abstract|epdf|pdf|meta)){1,3}$|(?:(?<=\d)v\d+)?(?:\.full)?(?:\.pdf)?$"
)
#: Fields with addresses of the paper itself.
_OF_PAPER = ("url", "html", "website", "pdf")
#: Hosts of indexes.
_INDEXES = {"api.semanticscholar.org", "www.semanticscholar.org", "dblp.org",
            "scholar.google.com", "ui.adsabs.harvard.edu", "www.scopus.com",
            "www.webofscience.com"}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Identifiers:
    """The identifiers of a paper."""

    doi: str | None  #: the publisher's, bare
    arxiv: str | None  #: bare, without a version
    redundant: frozenset[str] = frozenset()  #: link fields that repeat them
    address: str = ""  #: of the paper's page, without identifiers


def parse_identifier(text: str) -> Identifiers | None:
    """Parse a DOI or an arXiv identifier, bare or as an address."""
    text = text.strip()
    path = unquote(urlsplit(text).path).replace("\\", "") if _host(text) else ""
    match = _DOI_PATH.search(path)
    in_path = _BEHIND.sub("", match[1], count=1) if match else ""
    doi = parse_doi(text) or parse_doi(in_path)
    arxiv = arxiv_of_doi(doi) or parse_arxiv(text)
    if arxiv:
        return Identifiers(doi=None, arxiv=without_version(arxiv))
    return Identifiers(doi=doi, arxiv=None) if doi else None


def find_identifiers(record: Publication) -> Identifiers:
    """Return the identifiers of a record, and its redundant links.

    Links to indexes are redundant too.
    """
    links = {n: value for n, value in record.fields if n in _OF_PAPER}
    parsed = {name: parse_identifier(address) for name, address in links.items()}
    # Springer's BibTeX has the DOI as the key alone.
    texts = (record.doi, record.arxiv, record.key if "/" in record.key else "")
    given = [parse_identifier(text) for text in texts if text]
    found = [each for each in (*given, *parsed.values()) if each]
    doi = next((each.doi for each in found if each.doi), None)
    useless = _INDEXES | (PUBLISHERS if doi else set())
    redundant = (
        name for name in links if parsed[name] or _host(links[name]) in useless
    )
    return Identifiers(
        doi=doi,
        arxiv=next((each.arxiv for each in found if each.arxiv), None),
        redundant=frozenset(redundant),
    )


def arxiv_of_doi(doi: str | None) -> str | None:
    """Return the arXiv identifier in a DOI of arXiv's own."""
    match = _ARXIV_DOI.fullmatch(doi or "")
    return parse_arxiv(match[1]) if match else None


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""
