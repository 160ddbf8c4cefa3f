"""The ``citation_*`` tags that Google Scholar indexes and Zotero imports.

The names are HighWire Press's, as Scholar's inclusion guidelines for webmasters list
them; those that Zotero's translator "Embedded Metadata" reads beyond that are added.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from labsite.exports import facts, forms
from labsite.exports.csl_json import make_item
from labsite.exports.forms import Form

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from labsite.exports.collection import Site
    from labsite.model.records import Publication

#: The tag that says what a venue is. A page has one of them at most, because Zotero
#: chooses the type of the item by it.
_VENUE_TAGS = {
    Form.PAPER: "citation_conference_title",
    Form.CHAPTER: "citation_inbook_title",
    Form.ENTRY: "citation_inbook_title",
}
_PUBLISHER_TAGS = {
    Form.THESIS: "citation_dissertation_institution",
    Form.REPORT: "citation_technical_report_institution",
}
#: Numbers that are no issue's; a patent's has no tag that anybody reads.
_NUMBER_TAGS = {Form.REPORT: "citation_technical_report_number"}
_ROLES = ("author", "editor", "translator")


def citation_tags(publication: Publication, site: Site) -> tuple[tuple[str, str], ...]:
    """Return name and content of each tag; a name may come more than once."""
    tags = (
        *_who_and_when(publication),
        *_where(publication, site),
        *_links(publication, site),
    )
    return tuple((name, content) for name, content in tags if content)


def _who_and_when(publication: Publication) -> Iterator[tuple[str, str | None]]:
    yield "citation_title", str(publication.title)
    for role in _ROLES:
        people = publication.people(role)
        for creator in people.names if people else ():
            yield f"citation_{role}", facts.inverted_name(creator)
    date = "/".join(f"{part:02}" for part in publication.issued.parts)
    yield "citation_publication_date", date


def _where(publication: Publication, site: Site) -> Iterator[tuple[str, str | None]]:
    found, item = forms.form(publication), make_item(publication, site)
    journal = "citation_journal_title" if found.in_journal else None
    venue = _VENUE_TAGS.get(found, journal)
    if venue:
        yield venue, item.get("container-title")
    if journal:
        yield "citation_journal_abbrev", item.get("container-title-short")
    yield _PUBLISHER_TAGS.get(found, "citation_publisher"), item.get("publisher")
    yield "citation_volume", item.get("volume")
    yield _NUMBER_TAGS.get(found, "citation_issue"), _number(item, found)
    first, last = facts.first_and_last(publication)
    yield "citation_firstpage", first
    yield "citation_lastpage", last
    for name in ("ISSN", "ISBN"):
        yield f"citation_{name.lower()}", item.get(name)


def _number(item: Mapping[str, str], found: Form) -> str | None:
    if found is Form.REPORT:
        return item.get("number")
    numbered = found.in_journal or found is Form.PAPER
    name = "issue" if found.in_journal else "number"
    return item.get(name) if numbered else None


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
    here = parts.hostname == urlsplit(site.base_url or "").hostname
    return address if here and parts.path.lower().endswith(".pdf") else None
