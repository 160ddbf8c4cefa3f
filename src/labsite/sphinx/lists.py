"""Lists of publications as docutils nodes: plain, under headings, or divided."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from docutils import nodes
from sphinx.locale import _

from labsite.exports import FORMATS
from labsite.site.groups import GroupKind
from labsite.site.query import Grouping, Query, group_publications
from labsite.sphinx.domain import part_title
from labsite.sphinx.nodes import (
    EXACT,
    count_mark,
    equal_contribution_legend,
    has_equal_contribution,
    joined,
    more_reference,
    page_reference,
    paragraph,
    publication_list,
    reference,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from labsite.model.records import Person
    from labsite.site.groups import Group
    from labsite.site.site import SiteRecords
    from labsite.sphinx.domain import RecordPage

#: Lengths of bars.
_BARS = 8


def list_content(
    query: Query,
    grouping: Grouping,
    site: SiteRecords,
    document: nodes.document | None,
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
        return [group_list(((part, part_title(part)) for part in parts), site)]
    found = site.select(query)
    publications = found[: site.split_above]
    content: list[nodes.Node] = []
    other = _("Undated") if grouping is Grouping.YEAR else _("Other")
    for heading, members in group_publications(publications, grouping):
        listed = publication_list(members, owner)
        if grouping is Grouping.NONE:
            content.append(listed)
        else:
            anchor = f"{grouping.value}-{heading or 'none'}"
            section = counted_section(anchor, heading or other, listed, document)
            content.append(section)
    if has_equal_contribution(publications):
        content.append(equal_contribution_legend())
    if len(publications) < len(found):
        number = len(found) - len(publications)
        content.append(more_reference(number, f"{site.publications_dir}/index"))
    return content


def group_page(
    page: RecordPage, site: SiteRecords, document: nodes.document
) -> nodes.section:
    """Return all that the page of a group shows, as a section."""
    group = cast("Group", page.record)
    section = nodes.section("", ids=["group"], classes=["labsite-group"])
    section += nodes.title("", page.title, **EXACT)
    found = site.select(group.query)
    if group.kind is GroupKind.VENUE and found[0].venue:
        section += paragraph("labsite-group-name", found[0].venue.name)
    grouping = Grouping.YEAR if group.query.year is None else Grouping.NONE
    section += list_content(group.query, grouping, site, document)
    return section


def section_jumps(content: Iterable[nodes.Node]) -> nodes.paragraph:
    """Return references to the sections in *content*, each with a bar for its size."""
    sections = [node for node in content if isinstance(node, nodes.section)]
    sizes = [len(next(section.findall(nodes.bullet_list))) for section in sections]
    jumps = []
    for section, size in zip(sections, sizes, strict=True):
        text = next(section.findall(nodes.Text)).strip()
        bar = f"labsite-bar-{-(-_BARS * size // max(sizes))}"  # from 1 to the longest
        jumps.append(nodes.reference("", text, refid=section["ids"][0], classes=[bar]))
    return paragraph("labsite-years", *joined(jumps, " "))


def export_links(path: str) -> nodes.paragraph:
    """Return references to a list's exports.

    :param path: the exports' address below the site's root, without suffix
    """
    links = (
        reference("file", path + known.suffix, _(known.label), "labsite-export")
        for known in FORMATS
    )
    return paragraph("labsite-exports", *joined(links, " "))


def group_list(
    groups: Iterable[tuple[Group, str]], site: SiteRecords
) -> nodes.bullet_list:
    """Return references to the pages of groups, each with a text and a number."""
    return linked_list(
        (site.group_docname(group), text, len(site.select(group.query)))
        for group, text in groups
    )


def linked_list(lists: Iterable[tuple[str, str, int]]) -> nodes.bullet_list:
    """Return references to lists: the document, a text and how many items it has."""
    result = nodes.bullet_list(classes=["labsite-groups"])
    for docname, text, number in lists:
        link, count = page_reference(docname, text), count_mark(number)
        content = nodes.paragraph("", "", link, nodes.Text(" "), count)
        result += nodes.list_item("", content)
    return result


def counted_section(
    anchor: str,
    text: str,
    listed: nodes.bullet_list,
    document: nodes.document | None = None,
    number: int = 0,
) -> nodes.section:
    """Return a section with a list, and how many items that has in its heading.

    :param anchor: the id that the section gets if *document* has none like it
    :param number: how many there are, where the list has not all of them
    """
    heading = nodes.Text(f"{text} "), count_mark(number or len(listed))
    title = nodes.title("", "", *heading, **EXACT)
    name = free_id(anchor, document) if document else anchor
    return nodes.section("", title, listed, ids=[name])


def free_id(wanted: str, document: nodes.document) -> str:
    """Return an id that no other part of the document has."""
    base = nodes.make_id(wanted)
    number, found = 1, base
    while found in document.ids:
        number += 1
        found = f"{base}-{number}"
    document.ids[found] = document
    return found
