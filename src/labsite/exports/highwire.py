"""The ``citation_*`` tags of HighWire Press, which Google Scholar and Zotero read.

They are those of Scholar's inclusion guidelines and of Zotero's translator "Embedded
Metadata". A page has at most one tag of a venue, since Zotero infers the type from it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from labsite.exports.csl_json import make_item
from labsite.exports.forms import FORMS, names_of, tagged

if TYPE_CHECKING:
    from collections.abc import Iterator

    from labsite.exports.collection import Site
    from labsite.model.records import Publication

_TAGS, _PEOPLE = names_of("highwire")
_TAGS["last page"] = "citation_lastpage"


def citation_tags(publication: Publication, site: Site) -> tuple[tuple[str, str], ...]:
    """Return the names and contents of the tags; names can be repeated."""
    return tuple((n, content) for n, content in _tags(publication, site) if content)


def _tags(publication: Publication, site: Site) -> Iterator[tuple[str, str | None]]:
    item = make_item(publication, site)
    yield "citation_title", item["title"]
    for role, tag in _PEOPLE.items():
        for creator in publication.people(role):
            yield tag, creator.inverted_name
    date = "/".join(f"{part:02}" for part in publication.issued.parts)
    yield "citation_publication_date", date
    # The first and the last page of all ranges.
    pages = [page for ends in publication.pages for page in ends]
    item.update(zip(("page", "last page"), [*pages[:1], *pages[1:][-1:]], strict=False))
    yield from tagged(item, _TAGS, FORMS[item["type"]].highwire_tags)
    yield "citation_arxiv_id", publication.arxiv
    yield "citation_language", site.language_of(publication)
    for topic in publication.topics:
        yield "citation_keywords", site.topic_title(topic)
    yield "citation_abstract_html_url", site.publication_url(publication)
    # Scholar requires a PDF on the same host.
    pdf = next((link.url for link in publication.links if link.name == "pdf"), None)
    address = urlsplit(site.absolute_url(pdf or ""))
    here = address.hostname == urlsplit(site.base_url or "").hostname
    if pdf and here and address.path.lower().endswith(".pdf"):
        yield "citation_pdf_url", address.geturl()
