"""The text of written pages, for the search index."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes
from sphinx import addnodes

from labsite.site.groups import GroupKind
from labsite.sphinx.directives import record_content
from labsite.sphinx.domain import get_domain, group_title
from labsite.sphinx.mentions import prose, text_of
from labsite.sphinx.nodes import publication_item
from labsite.sphinx.search_index import Section

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx
    from sphinx.builders.html import StandaloneHTMLBuilder

    from labsite.sphinx.domain import PublicationDomain

#: Nodes without text, and those that the index contains as records.
_LEFT_OUT = (
    publication_item,
    addnodes.toctree,
    nodes.title,
    nodes.section,
    nodes.raw,
    nodes.comment,
    nodes.Invisible,
)
#: Classes of lists made from records, which the index already contains.
_RECORDS = {"labsite-news", "labsite-people", "labsite-names", "labsite-groups"}


def note_sections(app: Sphinx, doctree: nodes.document) -> None:
    """Store the sections of a document that has been read.

    Loading every document again for the index would double the time of a build in which
    nothing has changed.
    """
    found, domain = [], get_domain(app.env)
    for section in doctree.findall(nodes.section):
        top = isinstance(section.parent, nodes.document)
        heading = None if top else section.next_node(nodes.title)
        found.append(
            (
                "" if top else f"#{section['ids'][0]}",
                heading.astext() if heading else "",
                " ".join(_words(section, domain)),
            )
        )
    domain.data["sections"][app.env.docname] = found


def read_sections(builder: StandaloneHTMLBuilder) -> Iterator[Section]:
    """Yield every section of all written pages, and the pages of lists."""
    env, domain = builder.env, get_domain(builder.env)
    site = domain.site
    people = {person.docname for person in site.people}
    for docname, sections in sorted(domain.data["sections"].items()):
        in_place = docname.startswith(f"{site.publications_dir}/")
        if in_place and docname != f"{site.publications_dir}/index":
            continue
        for fragment, heading, text in sections:
            if not text and (docname in people or fragment):
                continue
            yield Section(
                title=env.titles[docname].astext(),
                address=builder.get_target_uri(docname) + fragment,
                heading=heading,
                text=text,
            )
    for group in site.groups.values():
        papers = site.select(group.query)
        venue = papers[0].venue if group.kind is GroupKind.VENUE else None
        yield Section(
            title=group_title(group),
            address=builder.get_target_uri(site.group_docname(group)),
            heading="",
            text=venue.name if venue else "; ".join(str(p.title) for p in papers[:3]),
        )


def _words(node: nodes.Node, domain: PublicationDomain) -> Iterator[str]:
    """Yield the text of a section, without its subsections and lists of records."""
    for part in node.children:
        in_place = isinstance(part, record_content)
        child = domain.content_of(part) if in_place else part  # type: ignore[arg-type]  # it is one
        if isinstance(child, _LEFT_OUT):
            continue
        if isinstance(child, nodes.Element) and _RECORDS & {*child["classes"]}:
            continue
        if isinstance(child, nodes.TextElement):
            yield prose("".join(text_of(child, domain.site)))
        else:
            yield from _words(child, domain)
