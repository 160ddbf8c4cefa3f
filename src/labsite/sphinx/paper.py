"""The page of one publication."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.locale import _

from labsite.exports import lines
from labsite.exports.bibtex import render_entry
from labsite.sphinx.domain import PAGE_ANCHOR
from labsite.sphinx.nodes import (
    equal_contribution_legend,
    file_reference,
    format_issued,
    has_equal_contribution,
    joined,
    link_reference,
    page_reference,
    paragraph,
    publication_facts,
    publication_list,
    rich_text,
)
from labsite.sphinx.pictures import figure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from labsite.model.records import Publication
    from labsite.site.site import SiteRecords


def publication_page(publication: Publication, site: SiteRecords) -> nodes.section:
    """Return all that the site says of *publication*, as the section of its page."""
    title = nodes.title("", "", *rich_text(publication.title), translatable=False)
    page = nodes.section("", title, ids=[PAGE_ANCHOR], classes=["labsite-paper"])
    page += list(publication_facts(publication, site))
    if has_equal_contribution([publication]):
        page += equal_contribution_legend()
    page += list(_topics(publication, site))
    page += figure(publication, site)
    if publication.abstract:
        text = paragraph("labsite-abstract", *rich_text(publication.abstract))
        page += _section("abstract", _("Abstract"), text)
    if publication.versions:
        versions = nodes.bullet_list("", classes=["labsite-versions"])
        versions += [
            _version(other, publication, site) for other in publication.versions
        ]
        page += _section("versions", _("Also as"), versions)
    page += _section("cite", _("Cite this paper"), *_citation(publication, site))
    related = site.related(publication)
    if related:
        page += _section("related", _("Related papers"), publication_list(related))
    page += list(_report(publication, site))
    return page


def _section(anchor: str, title: str, *content: nodes.Node) -> nodes.section:
    return nodes.section("", nodes.title("", title), *content, ids=[anchor])


def _version(
    version: Publication, lead: Publication, site: SiteRecords
) -> nodes.list_item:
    """Return another version of the work: where, when, and the ways to it."""
    venue = version.venue.name if version.venue else ""
    issued = format_issued(version.issued, site.language) if version.issued else ""
    where = nodes.Text(", ".join(filter(None, (venue, issued))))
    item = nodes.list_item("", paragraph("labsite-venue", where))
    if str(version.title) != str(lead.title):
        item.insert(0, paragraph("labsite-title", *rich_text(version.title)))
    if version.links:
        links = (link_reference(link) for link in version.links)
        item += paragraph("labsite-links", *joined(links, " "))
    return item


def _topics(publication: Publication, site: SiteRecords) -> Iterator[nodes.paragraph]:
    known = [site.topics_by_slug.get(slug) for slug in publication.topics]
    chips = [page_reference(t.docname, t.title, "labsite-chip") for t in known if t]
    if chips:
        yield paragraph("labsite-topics", *joined(chips, " "))


def _citation(publication: Publication, site: SiteRecords) -> Iterator[nodes.Node]:
    text = render_entry(publication)
    block = nodes.literal_block(text, text, language="bibtex")
    yield nodes.container("", block, classes=["labsite-bibtex"])
    path = f"{site.docname(publication)}.bib"
    download = file_reference(path, _("Download as a .bib file"), "labsite-export")
    yield paragraph("labsite-exports", download)


def _report(publication: Publication, site: SiteRecords) -> Iterator[nodes.paragraph]:
    if not site.source_url:
        return
    address = lines.file_address(site.source_url, publication.source.file)
    link = nodes.reference("", _("Report or mend a mistake"), refuri=address)
    report = paragraph("labsite-report", link)
    if lines.leads_to_line(site.source_url):
        report["classes"].append("labsite-to-line")  # by its script
    yield report
