"""What the template of a paper's page is given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes

from labsite.exports import lines
from labsite.exports.bibtex import render_entry
from labsite.sphinx.domain import PAGE_ANCHOR
from labsite.sphinx.nodes import (
    equal_contribution_legend,
    format_issued,
    has_equal_contribution,
    joined,
    link_reference,
    paragraph,
    publication_list,
    rich_text,
)
from labsite.sphinx.pictures import figure

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sphinx.builders.html import StandaloneHTMLBuilder

    from labsite.model.records import Publication
    from labsite.site.site import SiteRecords
    from labsite.sphinx.items import FragmentWriter, ItemWriter


def paper_context(
    paper: Publication,
    site: SiteRecords,
    builder: StandaloneHTMLBuilder,
    items: ItemWriter,
    writer: FragmentWriter,
) -> dict[str, Any]:
    """Return the values for ``labsite-paper.html``, which says what they are.

    :param writer: makes HTML of nodes; not *items*, which it may ask in turn
    """
    docname = site.docname(paper)

    def html(content: Iterable[nodes.Node]) -> str:
        return writer.place(writer.make(content, docname).html, docname)

    facts = items.place(items.facts(paper.key).html, docname)
    if has_equal_contribution([paper]):
        facts += html([equal_contribution_legend()])
    related = site.related(paper)
    config = builder.config
    return {
        "paper": paper,
        "anchor": PAGE_ANCHOR,
        "permalink": config.html_permalinks and config.html_permalinks_icon,
        "title": html(rich_text(paper.title)),
        "facts": facts,
        "topics": list(_topics(paper, site, builder)),
        "figure": html(figure(paper, site)),
        "abstract": html(rich_text(paper.abstract)) if paper.abstract else "",
        "versions": html([_versions(paper, site)]) if paper.versions else "",
        "bibtex": builder.highlighter.highlight_block(render_entry(paper), "bibtex"),
        "bibtex_href": f"{docname.rpartition('/')[2]}.bib",
        "related": html([publication_list(related)]) if related else "",
        "report_href": site.source_url
        and lines.file_address(site.source_url, paper.source.file),
        "report_line": lines.leads_to_line(site.source_url),
    }


def _versions(paper: Publication, site: SiteRecords) -> nodes.bullet_list:
    items = (_version(version, paper, site) for version in paper.versions)
    return nodes.bullet_list("", *items, classes=["labsite-versions"])


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


def _topics(
    paper: Publication, site: SiteRecords, builder: StandaloneHTMLBuilder
) -> Iterator[dict[str, str]]:
    """Yield title and address of each topic."""
    docname = site.docname(paper)
    for topic in filter(None, map(site.topics_by_slug.get, paper.topics)):
        href = builder.get_relative_uri(docname, topic.docname)
        yield {"title": topic.title, "href": href}
