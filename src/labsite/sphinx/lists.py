"""Lists of publications as docutils nodes: plain, under headings, or divided."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.locale import _

from labsite.exports import FORMATS
from labsite.site.query import Grouping, Query, group_publications
from labsite.sphinx.domain import part_title
from labsite.sphinx.nodes import (
    equal_contribution_legend,
    file_reference,
    has_equal_contribution,
    joined,
    more_reference,
    page_reference,
    paragraph,
    publication_list,
)
from labsite.sphinx.sections import counted_section

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from labsite.model.records import Person
    from labsite.site.groups import Group
    from labsite.site.site import SiteRecords


def list_content(
    query: Query,
    grouping: Grouping,
    site: SiteRecords,
    document: nodes.document,
    owner: Person | None = None,
) -> list[nodes.Node]:
    """Return the list that *query* asks for; nothing, if it asks for nothing.

    A list that is too long for one page gives way to references to its parts; one that
    has none ends where it is too long.

    :param document: in which the list stands, so that its ids are new
    :param owner: whose page it is; the name stands out among the authors
    """
    parts = site.parts.get(query)
    if parts:
        return [_parts(parts, site)]
    found = site.select(query)
    publications = found[: site.split_above]
    content: list[nodes.Node] = []
    for heading, members in group_publications(publications, grouping):
        listed = publication_list(members, owner)
        if grouping is Grouping.NONE:
            content.append(listed)
        else:
            content.append(_section(heading, listed, grouping, document))
    if has_equal_contribution(publications):
        content.append(equal_contribution_legend())
    if len(publications) < len(found):
        number = len(found) - len(publications)
        content.append(more_reference(number, f"{site.publications_dir}/index"))
    return content


def section_jumps(content: Iterable[nodes.Node]) -> nodes.paragraph:
    """Return a line of references to the sections in *content*."""
    sections = [node for node in content if isinstance(node, nodes.section)]
    jumps = [
        nodes.reference("", _heading(section), refid=section["ids"][0])
        for section in sections
    ]
    return paragraph("labsite-years", *joined(jumps, " "))


def _heading(section: nodes.section) -> str:
    title = section.next_node(nodes.title)
    text = title.next_node(nodes.Text) if title else None
    return text.astext().strip() if text else ""


def export_links(path: str) -> nodes.paragraph:
    """Return references to a list's exports.

    :param path: the exports' address below the site's root, without suffix
    """
    links = [
        file_reference(path + known.suffix, _(known.label), "labsite-export")
        for known in FORMATS
    ]
    return paragraph("labsite-exports", *joined(links, " "))


def _section(
    heading: str,
    listed: nodes.bullet_list,
    grouping: Grouping,
    document: nodes.document,
) -> nodes.section:
    names = {"": _("Undated") if grouping is Grouping.YEAR else _("Other")}
    text = names.get(heading, heading)
    anchor = f"{grouping.value}-{heading or 'none'}"
    return counted_section(anchor, text, listed, document)


def _parts(parts: Sequence[Group], site: SiteRecords) -> nodes.bullet_list:
    result = nodes.bullet_list(classes=["labsite-groups"])
    for part in parts:
        result += group_item(part, part_title(part), site)
    return result


def group_item(group: Group, text: str, site: SiteRecords) -> nodes.list_item:
    """Return a reference to a group's page with the number of its publications."""
    link = page_reference(site.group_docname(group), text)
    return counted_item(link, len(site.select(group.query)))


def counted_item(link: nodes.Node, number: int) -> nodes.list_item:
    """Return a reference to a list with the number of its items."""
    count = nodes.inline("", str(number), classes=["labsite-count"])
    content = nodes.paragraph("", "", link, nodes.Text(" "), count)
    return nodes.list_item("", content)
