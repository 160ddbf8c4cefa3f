"""A DOI or an arXiv identifier to BibTeX, by asking who registers them.

DOIs by content negotiation (https://www.crossref.org/documentation/retrieve-metadata/
content-negotiation/), which every registration agency answers; arXiv by its API
(https://info.arxiv.org/help/api/user-manual.html).
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from labsite.editing import atom, csl
from labsite.editing.fetching import FetchError, Limits, NotFoundError, fetch
from labsite.model.problems import quote as quote_text
from labsite.text.values import parse_doi

if TYPE_CHECKING:
    from collections.abc import Mapping

    from labsite.editing.identifiers import Identifiers

_CSL_JSON = "application/vnd.citationstyles.csl+json"
_ATOM = "application/atom+xml"
#: Environment variables that name other services, for tests and mirrors.
DOI_VARIABLE, ARXIV_VARIABLE = "LABSITE_DOI_URL", "LABSITE_ARXIV_URL"


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """Where to ask, and how patiently."""

    doi: str = "https://doi.org/"  #: a DOI is appended
    arxiv: str = "https://export.arxiv.org/api/query"  #: a query is appended
    limits: Limits = field(default_factory=Limits)

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> Services:
        """Return the services that the environment names, or the usual ones."""
        return cls(
            doi=environ.get(DOI_VARIABLE) or "https://doi.org/",
            arxiv=environ.get(ARXIV_VARIABLE) or "https://export.arxiv.org/api/query",
        )


def look_up(wanted: Identifiers, services: Services) -> str:
    """Return what the registration agency says of a paper, as BibTeX.

    :raises FetchError: if there is no such paper, or no usable answer
    """
    if wanted.arxiv:
        return _look_up_arxiv(wanted.arxiv, services)
    return _look_up_doi(wanted.doi or "", services)


def _look_up_doi(doi: str, services: Services) -> str:
    address = services.doi.rstrip("/") + "/" + quote(doi, safe="/")
    try:
        data = fetch(address, _CSL_JSON, services.limits)
    except NotFoundError as error:
        msg = f"there is no DOI {doi}; look at it again, or paste BibTeX"
        raise FetchError(msg) from error
    try:
        item = json.loads(data)
    except (ValueError, RecursionError) as error:
        msg = f"the answer for {doi} is not JSON; paste the publisher's BibTeX instead"
        raise FetchError(msg) from error
    if not isinstance(item, dict):
        msg = f"the answer for {doi} is not a record; paste the publisher's BibTeX"
        raise FetchError(msg)
    answered = parse_doi(str(item.get("DOI") or doi)) or doi
    if answered.lower() != doi.lower():
        msg = (
            f"the answer for {doi} is of {quote_text(answered)}; look at the DOI again"
        )
        raise FetchError(msg)
    return csl.to_bibtex(item, doi)


def _look_up_arxiv(identifier: str, services: Services) -> str:
    query = urlencode({"id_list": identifier, "max_results": 1})
    data = fetch(f"{services.arxiv}?{query}", _ATOM, services.limits)
    try:
        return atom.to_bibtex(data, identifier)
    except atom.NoRecordError as error:
        raise FetchError(str(error)) from error
