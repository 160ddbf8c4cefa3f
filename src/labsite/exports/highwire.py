"""The ``citation_*`` tags of HighWire Press, which Google Scholar and Zotero read.

They are those of Scholar's inclusion guidelines and of Zotero's translator "Embedded
Metadata". A page has at most one tag of a venue, since Zotero infers the type from it.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from labsite.exports.collection import Site
from labsite.exports.csl_json import make_paged_item
from labsite.exports.forms import FORMS, names_of, tagged, tagged_people
from labsite.model.records import Publication
from labsite.text.values import language_of

_TAGS, _PEOPLE = names_of("highwire")
_TAGS["last page"] = "citation_lastpage"


def citation_tags(publication: Publication, site: Site) -> tuple[tuple[str, str], ...]:
    """Return the names and contents of the tags; names can be repeated."""
    # The first and the last page of all ranges.
    pages = [page for ends in publication.pages for page in ends]
    item = make_paged_item(publication, site, [*pages[:1], *pages[1:][-1:]])
    # Scholar requires a PDF on the same host.
    pdf = next((link.url for link in publication.links if link.name == "pdf"), None)
    address = urlsplit(site.absolute_url(pdf or ""))
    here = address.hostname == urlsplit(site.base_url or "").hostname
    is_pdf = pdf and here and address.path.lower().endswith(".pdf")
    tags = (
        ("citation_title", item["title"]),
        *tagged_people(publication, _PEOPLE),
        ("citation_publication_date", publication.issued.isoformat().replace("-", "/")),
        *tagged(item, _TAGS, FORMS[item["type"]].highwire_tags),
        ("citation_arxiv_id", publication.arxiv),
        ("citation_language", language_of(publication, site.language)),
        *(("citation_keywords", site.topic_title(t)) for t in publication.topics),
        ("citation_abstract_html_url", site.publication_url(publication)),
        ("citation_pdf_url", address.geturl() if is_pdf else None),
    )
    return tuple((name, content) for name, content in tags if content)
