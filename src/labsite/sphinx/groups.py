"""Pages that list a group of publications, and overviews of such pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective

from labsite.site.groups import GroupKind
from labsite.site.query import Grouping
from labsite.site.views import GroupsView
from labsite.sphinx.domain import get_domain, group_title
from labsite.sphinx.lists import group_item, list_content
from labsite.sphinx.nodes import paragraph

if TYPE_CHECKING:
    from sphinx.util.typing import OptionSpec

    from labsite.site.groups import Group
    from labsite.site.site import SiteRecords
    from labsite.sphinx.domain import RecordPage


class GroupsDirective(SphinxDirective):
    """An overview of the groups of one kind, with their numbers."""

    required_arguments = 1
    has_content = False
    option_spec: ClassVar[OptionSpec] = {}

    def run(self) -> list[nodes.Node]:
        """Return a list of references, the largest group first."""
        allowed = [GroupKind.YEAR.value, GroupKind.VENUE.value]
        try:
            kind = GroupKind(directives.choice(self.arguments[0], allowed))
        except ValueError as error:
            raise self.error(str(error)) from error
        domain = get_domain(self.env)
        domain.note_view(self.env.docname, GroupsView(kind))
        result = nodes.bullet_list(classes=["labsite-groups"])
        for group in _overview(kind, domain.site):
            result += group_item(group, group_title(group), domain.site)
        return [result]


def group_page(
    page: RecordPage, site: SiteRecords, document: nodes.document
) -> nodes.section:
    """Return all that the page of a group shows, as a section."""
    group = cast("Group", page.record)
    section = nodes.section("", ids=["group"], classes=["labsite-group"])
    section += nodes.title("", page.title, translatable=False)
    found = site.select(group.query)
    if group.kind is GroupKind.VENUE and found[0].venue:
        full_name = nodes.Text(found[0].venue.name)
        section += paragraph("labsite-group-name", full_name)
    by_year = group.query.year is None
    grouping = Grouping.YEAR if by_year else Grouping.NONE
    section += list_content(group.query, grouping, site, document)
    return section


def _overview(kind: GroupKind, site: SiteRecords) -> list[Group]:
    groups = [g for g in site.groups.values() if g.kind is kind and not g.is_part]
    if kind is GroupKind.YEAR:
        return groups
    return sorted(groups, key=lambda g: -len(site.select(g.query)))
