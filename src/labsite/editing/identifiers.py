"""Find the identifiers of a record in any of its fields."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from urllib.parse import unquote, urlsplit

from labsite.bibtex.links import PUBLISHERS
from labsite.model.records import Publication
from labsite.site.identity import ARXIV_DOI, Work
from labsite.text.values import parse_arxiv, parse_doi, without_version

#: A DOI in the address of a paper, and the suffixes of publishers.
_DOI_PATH = re.compile(r"/(10\.\d{4,9}/[^?#\s]+)")
_BEHIND = re.compile(
    r"(?:/(?:full|abstract|epdf|pdf|meta)){1,3}$|(?:(?<=\d)v\d+)?(?:\.full)?(?:\.pdf)?$"
)
#: Fields with addresses of the paper itself.
_OF_PAPER = ("url", "html", "website", "pdf", "ee", "bdsk-url-1")
#: Hosts of indexes.
_INDEXES = {"api.semanticscholar.org", "www.semanticscholar.org", "dblp.org",
            "scholar.google.com", "ui.adsabs.harvard.edu", "www.scopus.com",
            "www.webofscience.com"}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Identifiers:
    """The identifiers of a paper."""

    doi: str | None = None  #: the publisher's, bare
    arxiv: str | None = None  #: bare, without a version
    redundant: frozenset[str] = frozenset()  #: link fields that repeat them
    address: str = ""  #: of the paper's page, without identifiers

    @property
    def what(self) -> str:
        """What is looked up, in words."""
        if self.address:
            return "the address of a paper"
        return "a DOI" if self.doi else "an arXiv identifier"


def parse_identifier(text: str) -> Identifiers | None:
    """Parse a DOI or an arXiv identifier, bare or as an address."""
    text = text.strip()
    path = unquote(urlsplit(text).path).replace("\\", "") if _host(text) else ""
    match = _DOI_PATH.search(path)
    in_path = _BEHIND.sub("", match[1], count=1) if match else ""
    doi = parse_doi(text) or parse_doi(in_path)
    arxiv = arxiv_of_doi(doi) or parse_arxiv(text)
    if arxiv:
        return Identifiers(arxiv=without_version(arxiv))
    return Identifiers(doi=doi) if doi else None


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
    return parse_arxiv(doi) if doi and doi.startswith(ARXIV_DOI) else None


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def work_of(publication: Publication) -> Work:
    """Return the work of an entry, with identifiers from its addresses."""
    found = find_identifiers(publication)
    return Work(replace(publication, doi=found.doi, arxiv=found.arxiv))


def lacking(entry: Work, record: Work) -> str:
    """Return a sentence with the identifiers that only a record of the paper has."""
    known, read = entry.publication, record.publication
    pairs = (("doi", known.doi, read.doi), ("eprint", known.arxiv, read.arxiv))
    new = [f"{name} = {{{value}}}" for name, old, value in pairs if value and not old]
    return f". Add by hand what the entry lacks: {', '.join(new)}" if new else ""
