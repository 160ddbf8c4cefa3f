"""Rules on identifiers and links."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from urllib.parse import unquote, urlsplit

from labsite.bibtex.fields import NAMED_LINK_PREFIX
from labsite.bibtex.reporting import MOST, find_field, problem
from labsite.model.dates import PartialDate
from labsite.model.problems import Problem, Rule, quote
from labsite.model.records import Kind, Link, Publication
from labsite.site.identity import ARXIV_DOI
from labsite.site.settings import Settings
from labsite.text.values import find_doi, parse_arxiv

#: Pages for editors of a document, and hosts of a private network.
_PRIVATE = re.compile(
    r"https?://(?:docs\.google\.com/[^?#]*/edit|(?:www\.)?overleaf\.com/project/|"
    r"github\.com/[^/?#]+/[^/?#]+/edit/|"
    r"(?:localhost|127\.0\.0\.1|10\.[\d.]+|192\.168\.[\d.]+)(?:[:/]|$))",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"https?:|www\.|(?:dx\.)?doi\.org|doi:|arxiv", re.IGNORECASE)
_ADDRESS_FIELDS = ("url", "html", "pdf")
_ARXIV_HOST = re.compile(r"https?://(?:www\.)?arxiv\.org/(?:abs|pdf)/", re.IGNORECASE)
#: arXiv's scheme since April 2007: the year, the month and a number
#: (https://info.arxiv.org/help/arxiv_identifier.html).
_NEW_ARXIV = re.compile(r"\d\d(?:0[1-9]|1[0-2])\.\d{4,5}(?:v\d+)?")
_PATIENCE = 6  #: months until a paper's DOI is known
_WITH_DOI = {Kind.CONFERENCE, Kind.JOURNAL, Kind.WORKSHOP, Kind.DEMO}


def check_links(publication: Publication) -> Iterator[Problem]:
    """Report links that visitors cannot open."""
    private = (link for link in publication.links if _PRIVATE.match(link.url))
    for link in islice(private, MOST):
        name = _field_name(publication, link)
        message = f"{name}: {quote(link.url)} is not public; link to a public copy"
        yield problem(publication, Rule.PRIVATE_LINK, message, name)


def check_files(publication: Publication, settings: Settings) -> Iterator[Problem]:
    """Report links to files that the site does not have."""
    local = (link for link in publication.links if "://" not in link.url)
    paths = [(link, unquote(urlsplit(link.url).path)) for link in local]
    missing = [(link, path) for link, path in paths if not settings.serves(path)]
    # The first folders may be the engine's own, by their absolute paths.
    own = (name for name in settings.static_paths if not Path(name).is_absolute())
    place = f"{next(own, '_static')}/papers/"
    for link, path in missing[:MOST]:
        name = _field_name(publication, link)
        message = (
            f"{name}: the site has no file {quote(path)}; put the file into {place} "
            f"and write {name} = {{{place}…}}, or https://…"
        )
        yield problem(publication, Rule.MISSING_FILE, message, name)


def _field_name(publication: Publication, link: Link) -> str:
    field = find_field(publication.source, link.name)
    return field.name if field else f"{NAMED_LINK_PREFIX}{link.name}"


def check_identifiers(publication: Publication) -> Iterator[Problem]:
    """Check that DOI and arXiv identifier are bare and of the paper itself."""
    yield from _check_doi(publication)
    yield from _check_arxiv(publication)
    number = (publication.arxiv or "").rpartition("/")[2]
    others = (text for name, text in publication.fields if name not in _ADDRESS_FIELDS)
    identified = bool(number) and any(number in text for text in others)
    for name in _ADDRESS_FIELDS:
        url = publication.field(name) or ""
        message = ""
        if publication.field("doi") is None and (doi := find_doi(url)):
            message = f"{name}: this is a DOI; write doi = {{{doi}}}"
        elif not identified and _ARXIV_HOST.match(url):
            message = f"{name}: this is on arXiv; write eprint = {{{parse_arxiv(url)}}}"
        if message:
            yield problem(publication, Rule.IDENTIFIER_IN_URL, message, name)


def check_missing_doi(
    publications: Sequence[Publication], today: PartialDate
) -> Iterator[Problem]:
    """Report older papers without DOI at venues where another paper has one."""
    venues = {p.venue.name for p in publications if p.doi and p.venue}
    this_month = today.year * 12 + today.month
    for publication in publications:
        issued, venue = publication.issued, publication.venue
        age = this_month - (issued.year * 12 + (issued.month or 12))
        gives = publication.kind in _WITH_DOI and venue and venue.name in venues
        out = issued and not publication.forthcoming and age >= _PATIENCE
        if publication.doi is None and gives and out:
            date = issued.isoformat()
            message = f"no DOI, though the paper is of {date}; add doi = {{10.…}}"
            yield problem(publication, Rule.MISSING_DOI, message)


def _check_doi(publication: Publication) -> Iterator[Problem]:
    field, doi = find_field(publication.source, "doi"), publication.doi
    if field is None or not field.value or doi is None:
        return
    if _ADDRESS.match(field.value):
        message = f"doi: {quote(field.value)} is an address; write {doi}"
        yield problem(publication, Rule.DOI_ADDRESS, message, "doi")
    if (end := field.value.rstrip(" }")[-1]) in ".,;":
        message = f"doi: no DOI ends in '{end}'; write {doi}"
        yield problem(publication, Rule.BAD_DOI, message, "doi", doi)
    elif doi.startswith(ARXIV_DOI) and publication.kind is not Kind.PREPRINT:
        bare = parse_arxiv(doi) or doi.partition(".")[2]
        message = (
            "doi: this is the DOI of the preprint; write the publisher's, and "
            f"eprint = {{{bare}}}, archiveprefix = {{arXiv}}"
        )
        yield problem(publication, Rule.ARXIV_DOI, message, "doi")


def _check_arxiv(publication: Publication) -> Iterator[Problem]:
    name = next((n for n in ("arxiv", "eprint") if publication.field(n)), None)
    field = find_field(publication.source, name) if name else None
    arxiv = publication.arxiv
    if field is None or arxiv is None or parse_arxiv(field.value) != arxiv:
        return
    if _ADDRESS.match(field.value):
        message = f"{field.name}: {quote(field.value)} is an address; write {arxiv}"
        yield problem(publication, Rule.ARXIV_ADDRESS, message, name)
    if "/" not in arxiv and not _NEW_ARXIV.fullmatch(arxiv):
        message = (
            f"{field.name}: '{arxiv}' is not an arXiv identifier; it begins with the "
            "year and the month, like 2403.06664"
        )
        yield problem(publication, Rule.BAD_ARXIV, message, name, arxiv)
