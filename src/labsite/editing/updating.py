"""Find missing DOIs, published versions, pages and open PDFs in registries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import quote, urlencode

from labsite.editing import csl
from labsite.editing.fix import correct_pages
from labsite.editing.identifiers import arxiv_of_doi
from labsite.editing.services import Services, query_arxiv, read_feed
from labsite.model.records import Kind, Publication
from labsite.site.identity import UNPUBLISHED, first_author
from labsite.text.latex_encoding import encode
from labsite.text.spellings import letters
from labsite.text.values import parse_address, parse_doi

_FOUND = 3  #: results of a search by title
#: Types of published papers in Crossref and DBLP.
_PUBLISHED = {"proceedings-article", "journal-article", "book-chapter",
              "Conference and Workshop Papers", "Journal Articles"}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """A change that a registry suggests for an entry."""

    publication: Publication
    message: str  #: the change in words
    source: str  #: the registry
    sure: bool = False  #: whether the paper is the same without doubt
    fields: tuple[tuple[str, str], ...] = ()  #: fields to add
    doi: str | None = None  #: of the published paper of a preprint


def propose(publication: Publication, services: Services) -> Iterator[Proposal]:
    """Yield the changes that registries suggest for an entry."""
    if publication.doi and not arxiv_of_doi(publication.doi):
        yield from _compare(publication, publication.doi, services)
        yield from _find_pdf(publication, publication.doi, services)
    elif publication.kind not in {Kind.THESIS, Kind.PATENT}:
        yield from _find_doi(publication, services)


def _find_doi(publication: Publication, services: Services) -> Iterator[Proposal]:
    """Search for the DOI of a paper, or of the published paper of a preprint."""
    appeared = ""
    for source, item in _search(publication, services):
        if proposal := _judge(publication, item, source):
            yield proposal
            return
        appeared = appeared or csl.text_at(item, "journal-ref")
    if appeared:
        message = f"published: {appeared}"
        yield Proposal(publication=publication, message=message, source="arXiv")


def _search(
    publication: Publication, services: Services
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield registries and items of CSL that may be of the paper, the surest first.

    The next registry is asked only for the next item.
    """
    title, arxiv = str(publication.title), publication.arxiv
    if arxiv and publication.kind in UNPUBLISHED:  # authors note its publication
        read = partial(read_feed, identifier=arxiv)
        for item in csl.list_at(services.ask("arXiv", query_arxiv(arxiv), read)):
            yield "arXiv", item
    words = f"{title} {first_author(publication)}"
    query = urlencode({"query.bibliographic": words, "rows": _FOUND})
    answer = services.ask("Crossref", f"?{query}")
    for item in csl.list_at(answer, "message", "items"):
        yield "Crossref", item
    query = urlencode({"q": title, "format": "json", "h": _FOUND})
    answer = services.ask("DBLP", f"?{query}")
    for hit in csl.list_at(answer, "result", "hits", "hit"):
        yield "DBLP", _read_hit(csl.at(hit, "info"))


def _judge(
    publication: Publication, item: dict[str, Any], source: str
) -> Proposal | None:
    """Return the DOI of an item of CSL as a proposal, if the item is of the paper."""
    doi = parse_doi(csl.text_at(item, "DOI"))
    same = letters(csl.find_title(item)) == letters(str(publication.title))
    # The title may have changed since an entry got its arXiv identifier.
    of_paper = source == "arXiv" or (same and csl.text_at(item, "type") in _PUBLISHED)
    if not (doi and of_paper) or arxiv_of_doi(doi):
        return None
    author = next((letters(each.family) for each in csl.find_creators(item)), "")
    year, *_ = [*csl.find_date(item), 0]
    unpublished = publication.kind in UNPUBLISHED
    near = abs(year - publication.issued.year) <= 1 + unpublished
    proposal = partial(
        Proposal, publication=publication, source=source,
        sure=same and near and author == first_author(publication),
    )  # fmt: skip
    if unpublished:
        return proposal(message=f"published as {doi}", doi=doi)
    return proposal(message=f"doi = {doi}", fields=(("doi", f"{{{doi}}}"),))


def _read_hit(info: object) -> dict[str, Any]:
    """Convert a result of DBLP to an item of CSL."""
    author = csl.text_at(csl.list_at(info, "authors", "author"), 0, "text")
    return {
        "title": csl.text_at(info, "title").rstrip("."),
        "author": author.rstrip("0123456789 "),
        "issued": {"date-parts": [[csl.text_at(info, "year")]]},
        "type": csl.text_at(info, "type") * (csl.text_at(info, "venue") != "CoRR"),
        "DOI": csl.text_at(info, "doi"),
    }


def _compare(
    publication: Publication, doi: str, services: Services
) -> Iterator[Proposal]:
    """Compare an entry with the record of its DOI."""
    item = csl.at(services.ask("Crossref", f"/{quote(doi, safe='')}"), "message")
    title, pages = csl.text_at(item, "title"), correct_pages(csl.text_at(item, "page"))
    proposal = partial(Proposal, publication=publication, source="Crossref")
    if title and letters(title) not in letters(str(publication.title)):
        yield proposal(message=f"the title is '{title}' there")
    elif pages and not publication.field("pages"):
        fields = (("pages", f"{{{encode(pages)}}}"),)
        yield proposal(message=f"pages = {pages}", sure=True, fields=fields)


def _find_pdf(
    publication: Publication, doi: str, services: Services
) -> Iterator[Proposal]:
    """Search for an open PDF, if the entry has none."""
    if publication.arxiv or any(link.name == "pdf" for link in publication.links):
        return
    answer = services.ask("OpenAlex", f"/doi:{quote(doi, safe='/')}")
    address = parse_address(csl.text_at(answer, "best_oa_location", "pdf_url"))
    title = csl.text_at(answer, "title")
    if address and address.startswith("https://") and "doi.org/" not in address:
        yield Proposal(
            publication=publication, message=f"pdf = {address}", source="OpenAlex",
            sure=letters(title) == letters(str(publication.title)),
            fields=(("pdf", f"{{{address}}}"),),
        )  # fmt: skip
