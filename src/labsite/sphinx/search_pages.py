"""The words of the pages that people wrote, for the search."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx import addnodes

from labsite.site.groups import GroupKind
from labsite.sphinx.domain import get_domain, group_title
from labsite.sphinx.nodes import publication_item
from labsite.sphinx.search_index import Section

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx
    from sphinx.builders.html import StandaloneHTMLBuilder

#: What is found elsewhere, or is not a text. A list's items are found as what they are.
_LEFT_OUT = (
    publication_item,
    addnodes.toctree,
    nodes.title,
    nodes.section,
    nodes.raw,
    nodes.comment,
    nodes.Invisible,
)
#: Lists made from records, which the index has already.
_RECORDS = {"labsite-news", "labsite-people", "labsite-names", "labsite-groups"}


def note_sections(app: Sphinx, doctree: nodes.document) -> None:
    """Note the sections of a document, while it is at hand.

    To load every document again for the index would take as long as the rest of a build
    in which nothing has changed.
    """
    found = []
    for section in doctree.findall(nodes.section):
        top = isinstance(section.parent, nodes.document)
        heading = None if top else section.next_node(nodes.title)
        found.append(
            (
                "" if top else f"#{section['ids'][0]}",
                heading.astext() if heading else "",
                " ".join(_words(section)),
            )
        )
    get_domain(app.env).data["sections"][app.env.docname] = found


def read_sections(builder: StandaloneHTMLBuilder) -> Iterator[Section]:
    """Yield every section of every page that somebody wrote, and every list's page."""
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


def _words(node: nodes.Node) -> Iterator[str]:
    """Yield the text of a section, without its subsections and lists of records."""
    for child in node.children:
        if isinstance(child, _LEFT_OUT):
            continue
        if isinstance(child, nodes.Element) and _RECORDS & set(
            child.get("classes", ())
        ):
            continue
        if isinstance(child, nodes.TextElement):
            yield _prose(child)
        else:
            yield from _words(child)


def _prose(block: nodes.TextElement) -> str:
    """Return the text of a block without its citations, which are keys at this time."""
    texts = (
        # What stands raw, such as a break of the line, parts words.
        " " if isinstance(text.parent, nodes.raw) else text.astext()
        for text in block.findall(nodes.Text)
        if not _is_citation(text)
    )
    words = " ".join("".join(texts).split())
    return re.sub(r" (?=[.,;:)])", "", words)


def _is_citation(text: nodes.Text) -> bool:
    above = (text.parent, text.parent.parent)
    return any(
        isinstance(node, addnodes.pending_xref) and node["refdomain"] == "cite"
        for node in above
    )
