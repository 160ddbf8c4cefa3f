"""The ``citation_*`` tags that Google Scholar indexes and Zotero imports.

The names are HighWire Press's, as Scholar's inclusion guidelines for webmasters list
them; those that Zotero's translator "Embedded Metadata" reads beyond that are added.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from labsite.exports import facts, forms
from labsite.exports.forms import Container
from labsite.model.records import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from labsite.exports.collection import Site
    from labsite.model.records import Publication

#: The tag that says what a venue is. A page has one of them at most, because Zotero
#: chooses the type of the item by it.
_VENUE_TAGS = {
    Container.JOURNAL: "citation_journal_title",
    Container.PROCEEDINGS: "citation_conference_title",
    Container.BOOK: "citation_inbook_title",
}
_INSTITUTION_TAGS = {
    Kind.THESIS: "citation_dissertation_institution",
    Kind.REPORT: "citation_technical_report_institution",
}


def citation_tags(publication: Publication, site: Site) -> tuple[tuple[str, str], ...]:
    """Return name and content of each tag; a name may come more than once."""
    tags = (
        *_who_and_when(publication),
        *_where(publication),
        *_links(publication, site),
    )
    return tuple((name, content) for name, content in tags if content)


def _who_and_when(publication: Publication) -> Iterator[tuple[str, str | None]]:
    yield "citation_title", str(publication.title)
    tag = f"citation_{facts.role(publication)}"
    for creator in publication.creators:
        yield tag, facts.inverted_name(creator)
    date = "/".join(f"{part:02}" for part in publication.issued.parts)
    yield "citation_publication_date", date


def _where(publication: Publication) -> Iterator[tuple[str, str | None]]:
    venue, found = publication.venue, forms.container(publication)
    if venue and found in _VENUE_TAGS:
        yield _VENUE_TAGS[found], venue.name
    if venue and found is Container.JOURNAL:
        yield "citation_journal_abbrev", venue.short
    number = facts.text(publication, "number", "issue")
    report = publication.kind is Kind.REPORT
    institution = _INSTITUTION_TAGS.get(publication.kind, "citation_publisher")
    yield institution, forms.publisher(publication)
    yield "citation_volume", facts.text(publication, "volume")
    yield "citation_technical_report_number" if report else "citation_issue", number
    pages = facts.pages(publication)
    yield "citation_firstpage", pages[0] if pages else None
    yield "citation_lastpage", pages[1] if len(pages) > 1 else None
    yield "citation_issn", facts.text(publication, "issn")
    yield "citation_isbn", facts.text(publication, "isbn")


def _links(publication: Publication, site: Site) -> Iterator[tuple[str, str | None]]:
    yield "citation_doi", publication.doi
    yield "citation_arxiv_id", publication.arxiv
    yield "citation_language", facts.language(publication, site)
    for topic in publication.topics:
        yield "citation_keywords", site.topic_title(topic)
    abstract = publication.abstract
    yield "citation_abstract", str(abstract) if abstract else None
    yield "citation_abstract_html_url", site.publication_url(publication)
    yield "citation_pdf_url", _pdf_on_this_host(publication, site)


def _pdf_on_this_host(publication: Publication, site: Site) -> str | None:
    """Return the PDF's address if Scholar would follow it from this site's page."""
    pdf = next((link for link in publication.links if link.name == "pdf"), None)
    if pdf is None:
        return None
    address = site.absolute_url(pdf.url)
    parts = urlsplit(address)
    here = parts.hostname == urlsplit(site.base_url).hostname
    return address if here and parts.path.lower().endswith(".pdf") else None
