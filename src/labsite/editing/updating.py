"""What entries lack and registries know: DOIs, published versions, pages, open PDFs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from labsite.editing.corrections import correct_pages
from labsite.editing.registries import dig, list_at, text_at
from labsite.model.records import Kind
from labsite.site.identity import first_author
from labsite.text.latex_encoding import encode
from labsite.text.spellings import letters
from labsite.text.values import parse_address, parse_doi

if TYPE_CHECKING:
    from collections.abc import Iterator

    from labsite.editing.registries import Registries
    from labsite.model.records import Publication

_FOUND = 3  #: answers to a search by title that are looked at
#: Crossref's and DBLP's types of what is published.
_PUBLISHED = {"proceedings-article", "journal-article", "book-chapter",
              "Conference and Workshop Papers", "Journal Articles"}  # fmt: skip
_UNPUBLISHED = {Kind.PREPRINT, Kind.OTHER}


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """Something that an entry could say."""

    publication: Publication
    message: str  #: for the member: what, and where it was found
    source: str  #: the registry
    sure: bool  #: whether nothing speaks for another paper
    fields: tuple[tuple[str, str], ...] = ()  #: to add; none: for a person to decide
    doi: str | None = None  #: of the paper that a preprint has become


def propose(publication: Publication, registries: Registries) -> list[Proposal]:
    """Return what registries know of a paper that its entry does not say."""
    found = [*_find_doi(publication, registries)]
    doi = publication.doi
    if doi:
        found += _compare(publication, doi, registries)
        found += _find_pdf(publication, doi, registries)
    return found


def _find_doi(publication: Publication, registries: Registries) -> Iterator[Proposal]:
    """Look for the DOI of the paper, or of what a preprint has become, by its title."""
    unpublished = publication.kind in _UNPUBLISHED
    if publication.doi or publication.kind in {Kind.THESIS, Kind.PATENT}:
        return
    for name, search in (("Crossref", _crossref), ("DBLP", _dblp)):
        for title, author, year, kind, doi in search(publication, registries):
            same = letters(title) == letters(str(publication.title))
            if not doi or not same or kind not in _PUBLISHED:
                continue
            sure = author == first_author(publication)
            sure = sure and abs(year - publication.issued.year) <= 1 + unpublished
            if unpublished:
                message = f"published as {doi}"
                yield Proposal(
                    publication=publication, message=message, source=name, sure=sure,
                    doi=doi,
                )  # fmt: skip
            else:
                fields = (("doi", f"{{{doi}}}"),)
                yield Proposal(
                    publication=publication, message=f"doi = {doi}", source=name,
                    sure=sure, fields=fields,
                )  # fmt: skip
            return


def _crossref(
    publication: Publication, registries: Registries
) -> Iterator[tuple[str, str, int, str, str | None]]:
    """Yield title, first author, year, type and DOI of what Crossref finds."""
    asked = f"{publication.title} {first_author(publication)}"
    query = urlencode({"query.bibliographic": asked, "rows": _FOUND})
    for item in list_at(registries.ask("Crossref", f"?{query}"), "message", "items"):
        title, sub = text_at(item, "title"), text_at(item, "subtitle")
        whole = (
            f"{title}: {sub}" if sub and letters(sub) not in letters(title) else title
        )
        family = letters(text_at(item, "author", 0, "family"))
        doi = parse_doi(text_at(item, "DOI"))
        yield whole, family, _year(item), text_at(item, "type"), doi


def _dblp(
    publication: Publication, registries: Registries
) -> Iterator[tuple[str, str, int, str, str | None]]:
    """Yield the same of what DBLP finds."""
    query = urlencode({"q": str(publication.title), "format": "json", "h": _FOUND})
    answer = registries.ask("DBLP", f"?{query}")
    for hit in list_at(answer, "result", "hits", "hit"):
        info = dig(hit, "info")
        author = list_at(info, "authors", "author")
        name = text_at(author, 0, "text").rstrip("0123456789 ")
        year = text_at(info, "year")
        doi = parse_doi(text_at(info, "doi"))
        kind = "" if text_at(info, "venue") == "CoRR" else text_at(info, "type")
        family = letters(name.split()[-1]) if name else ""
        number = int(year) if year.isdecimal() else 0
        yield text_at(info, "title").rstrip("."), family, number, kind, doi


def _year(item: Any) -> int:  # noqa: ANN401 -- JSON of any shape
    year = dig(item, "issued", "date-parts", 0, 0)
    return year if isinstance(year, int) else 0


def _compare(
    publication: Publication, doi: str, registries: Registries
) -> Iterator[Proposal]:
    """Compare an entry with the record of its DOI."""
    item = dig(registries.ask("Crossref", f"/{quote(doi, safe='')}"), "message")
    title, pages = text_at(item, "title"), correct_pages(text_at(item, "page"))
    ours = letters(str(publication.title))
    if title and letters(title) not in ours:
        yield Proposal(
            publication=publication, message=f"the title is '{title}' there",
            source="Crossref", sure=False,
        )  # fmt: skip
    elif pages and not publication.field("pages"):
        yield Proposal(
            publication=publication, message=f"pages = {pages}", source="Crossref",
            sure=True, fields=(("pages", f"{{{encode(pages)}}}"),),
        )  # fmt: skip


def _find_pdf(
    publication: Publication, doi: str, registries: Registries
) -> Iterator[Proposal]:
    """Look for a PDF that anybody may read, where the entry leads to none."""
    if publication.arxiv or any(link.name == "pdf" for link in publication.links):
        return
    answer = registries.ask("OpenAlex", f"/doi:{quote(doi, safe='/')}")
    address = parse_address(text_at(answer, "best_oa_location", "pdf_url"))
    if address and address.startswith("https://") and "doi.org/" not in address:
        yield Proposal(
            publication=publication, message=f"pdf = {address}", source="OpenAlex",
            sure=letters(text_at(answer, "title")) == letters(str(publication.title)),
            fields=(("pdf", f"{{{address}}}"),),
        )  # fmt: skip
