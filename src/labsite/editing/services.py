"""Query registration agencies and open registries."""

from __future__ import annotations

import json
import re
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode
from xml.etree import ElementTree as ET

from labsite.editing import csl
from labsite.editing.fetching import FetchError, Limits, NotFoundError, fetch, follow
from labsite.editing.identifiers import Identifiers
from labsite.editing.pastes import read_web_page
from labsite.model.dates import parse_date
from labsite.model.digests import digest_text
from labsite.model.files import decode_text, write_whole
from labsite.model.problems import quote as quote_text
from labsite.text.values import parse_doi

_DECLARATION = re.compile(r"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
#: The address and the media type of each service, and the seconds between two requests
#: that it asks for. Environment variables, such as LABSITE_DOI_URL, override addresses.
#: For DOIs it is content negotiation, which every registration agency supports:
#: https://www.crossref.org/documentation/retrieve-metadata/content-negotiation/,
#: https://info.arxiv.org/help/api/user-manual.html,
#: https://www.crossref.org/documentation/retrieve-metadata/rest-api/,
#: https://dblp.org/faq/How+to+use+the+dblp+search+API.html and https://docs.openalex.org
_SERVICES = {
    "DOI": ("https://doi.org", "application/vnd.citationstyles.csl+json", 0.0),
    "arXiv": ("https://export.arxiv.org/api/query", "application/atom+xml", 3.0),
    "Crossref": ("https://api.crossref.org/works", "application/json", 0.0),
    "DBLP": ("https://dblp.org/search/publ/api", "application/json", 0.0),
    "OpenAlex": ("https://api.openalex.org/works", "application/json", 0.0),
}
_FRESH = 7 * 24 * 3600  #: seconds for which an answer is remembered


@dataclass(slots=True)
class Services:
    """The services, with the state of this run."""

    environ: Mapping[str, str]
    contact: str = ""  #: the site's address, sent to the services
    cache: Path | None = None  #: the folder of cached answers of :meth:`ask`
    limits: Limits = field(default_factory=Limits)
    silent: dict[str, str] = field(default_factory=dict)  #: failures by service
    requests: Counter[str] = field(default_factory=Counter)  #: to each in this run

    def get(self, name: str, query: str) -> bytes:
        """Return the answer of a service.

        :param query: the part of the address after the service's own
        :raises FetchError: if there is no usable answer
        """
        usual, accept, pause = _SERVICES[name]
        if self.requests[name]:
            self.limits.sleep(pause)
        self.requests[name] += 1
        place = self.environ.get(f"LABSITE_{name.upper()}_URL") or usual
        return fetch(f"{place.rstrip('/')}{query}", accept, self.limits, self.contact)

    def ask(
        self, name: str, query: str, read: Callable[[bytes], Any] = json.loads
    ) -> Any:  # noqa: ANN401 -- JSON of any shape
        """Return the cached or new answer of a registry; ``None`` on failure."""
        if name in self.silent or self.cache is None:
            return None
        path = self.cache / digest_text(f"{name} {query}")
        try:
            if path.is_file() and time.time() - path.stat().st_mtime < _FRESH:
                data = path.read_bytes()
                return read(data) if data else None
            data = self.get(name, query)
            found = read(data)
        except NotFoundError:
            found, data = None, b""
        except (FetchError, ValueError, RecursionError, OSError) as error:
            said = str(error) if isinstance(error, FetchError) else "no usable answer"
            self.silent[name] = said.partition(";")[0]
            return None
        write_whole(path, data)
        return found


def query_arxiv(identifier: str) -> str:
    """Return the query of arXiv's API for one paper."""
    return f"?{urlencode({'id_list': identifier, 'max_results': 1})}"


def look_up(wanted: Identifiers, services: Services) -> str:
    """Return the record of a paper as BibTeX.

    :raises FetchError: if there is no such paper, or no usable answer
    """
    if wanted.address:
        return _look_up_page(wanted.address, services)
    if wanted.arxiv:
        data = services.get("arXiv", query_arxiv(wanted.arxiv))
        return csl.to_bibtex(read_feed(data, wanted.arxiv))
    doi = wanted.doi or ""
    try:
        item = json.loads(services.get("DOI", f"/{quote(doi, safe='/')}"))
    except NotFoundError as error:
        msg = f"there is no DOI {doi}; look at it again, or paste BibTeX"
        raise FetchError(msg) from error
    except (ValueError, RecursionError):
        item = None
    if not isinstance(item, dict):
        msg = f"the answer for {doi} is not a record; paste the publisher's BibTeX"
        raise FetchError(msg)
    answered = parse_doi(str(item.get("DOI") or doi)) or doi
    if answered.lower() != doi.lower():
        msg = f"the answer for {doi} is of {quote_text(answered)}; look at it again"
        raise FetchError(msg)
    return csl.to_bibtex({**item, "DOI": answered})


def _look_up_page(address: str, services: Services) -> str:
    """Return the paper that a web page describes, by its DOI if the page has one."""
    remedy = "paste the DOI or the BibTeX that the page offers"
    try:
        data = fetch(follow(address, address), "text/html", services.limits)
    except FetchError as error:
        msg = f"{str(error).partition(';')[0]}; {remedy}"
        raise FetchError(msg) from error
    item = read_web_page(decode_text(data, "")[0], address)
    if item["DOI"]:
        return look_up(Identifiers(doi=item["DOI"]), services)
    if not (item.get("title") and item["author"]):
        msg = f"the page {address} does not describe a paper; {remedy}"
        raise FetchError(msg)
    return csl.to_bibtex(item)


def read_feed(data: bytes, identifier: str) -> dict[str, Any]:
    """Return the paper in the feed as an item of CSL.

    "eprint" is the identifier, "journal-ref" the published version.

    :param identifier: the requested identifier, bare
    :raises NotFoundError: if the feed has no such paper
    :raises FetchError: if it is none
    """
    text = decode_text(data, "")[0]
    is_safe = not _DECLARATION.search(text)  # which could expand without bound
    try:
        feed = ET.fromstring(text if is_safe else "")  # noqa: S314 -- see above
    except ET.ParseError as error:
        msg = "arXiv's answer is not a feed; try again later, or paste BibTeX"
        raise FetchError(msg) from error
    entry = feed.find("{*}entry")
    # For an identifier it does not know the API gives no entry, or one called "Error".
    if entry is None or _text(entry, "title") in {"", "Error"}:
        msg = f"arXiv has no paper {identifier}; look at the identifier again"
        raise NotFoundError(msg)
    published = parse_date(_text(entry, "published")[: len("2026-02-14")])
    authors = (_text(a, "name") for a in entry.iterfind("{*}author"))
    return {
        "type": "article",
        "author": [*authors],
        "title": _text(entry, "title"),
        "issued": {"date-parts": [[*published.parts[:2]] if published else []]},
        "DOI": _text(entry, "doi"),
        "eprint": identifier,
        "journal-ref": _text(entry, "journal_ref"),
        "abstract": _text(entry, "summary"),
    }


def _text(entry: ET.Element, name: str) -> str:
    return " ".join((entry.findtext(f"{{*}}{name}") or "").split())
