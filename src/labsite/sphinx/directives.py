"""Directives and roles: options to a query, a query to nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective, SphinxRole

from labsite.model.problems import Rule
from labsite.site.query import Grouping, Query, make_query, parse_query
from labsite.site.views import (
    CountView,
    ListView,
    ShapeView,
    TopicsView,
)
from labsite.sphinx.domain import get_domain
from labsite.sphinx.lists import export_links, list_content, section_jumps
from labsite.sphinx.logging import warn
from labsite.sphinx.nodes import filterable_list, kind_labels

if TYPE_CHECKING:
    from sphinx.util.typing import OptionSpec


def _grouping(argument: str) -> Grouping:
    return Grouping(
        directives.choice(argument, [grouping.value for grouping in Grouping])
    )


def _condition(argument: str | None) -> str:
    return (argument or "").strip()


class PublicationListDirective(SphinxDirective):
    """A list of the publications that its options ask for.

    A list of everything, or of everything on a topic, ends in references to the same
    list in the formats that other programs read.
    """

    has_content = False
    option_spec: ClassVar[OptionSpec] = {
        "topic": _condition,
        "person": _condition,
        "year": _condition,
        "venue": _condition,
        "kind": _condition,
        "selected": _condition,
        "award": _condition,
        "keys": _condition,
        "without": _condition,
        "field": _condition,
        "limit": _condition,
        "group-by": _grouping,
        "filter": directives.flag,
    }

    def run(self) -> list[nodes.Node]:
        """Return the list, divided by headings if it is to be."""
        domain = get_domain(self.env)
        try:
            query = self._query()
        except ValueError as error:
            warn(Rule.BAD_QUERY, "%s", error, location=self.get_location())
            return []
        domain.note_view(self.env.docname, ShapeView(query))
        domain.note_items(self.env.docname, ListView(query))
        grouping = self.options.get("group-by", Grouping.YEAR)
        content = list_content(query, grouping, domain.site, self.state.document)
        if not content:
            message = "no publication is on this list; correct its options or entries"
            warn(Rule.EMPTY_TOPIC, message, location=self.get_location())
            return []
        if "filter" in self.options and query not in domain.site.parts:
            domain.note_view(self.env.docname, TopicsView())
            content = [self._filterable(content)]
        exports = domain.site.export_path(query)
        return [*content, export_links(exports)] if exports else content

    def _query(self) -> Query:
        settings = {"group-by", "filter"}
        query = make_query({k: v for k, v in self.options.items() if k not in settings})
        site = get_domain(self.env).site
        query, topics = site.complete(query), site.topics_by_slug
        for key in (*(query.keys or ()), *query.without):
            if key not in site.library.by_key:
                msg = f"there is no publication '{key}'; use a key of the bibliography"
                raise ValueError(msg)
        if query.topic is not None and topics and query.topic not in topics:
            msg = f"unknown topic '{query.topic}'; there are {', '.join(topics)}"
            raise ValueError(msg)
        return query

    def _filterable(self, content: list[nodes.Node]) -> filterable_list:
        topics = get_domain(self.env).site.topics
        result = filterable_list("", classes=["labsite-filterable"])
        result["topics"] = {topic.slug: topic.title for topic in topics}
        result["kinds"] = kind_labels()
        result += [section_jumps(content), *content]
        return result


class PublicationCountRole(SphinxRole):
    """The number of publications that a query finds, e.g. ``topic=graphs``."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the number as text."""
        domain = get_domain(self.env)
        try:
            query = domain.site.complete(parse_query(self.text))
        except ValueError as error:
            warn(Rule.BAD_QUERY, "%s", error, location=self.get_location())
            return [], []
        domain.note_view(self.env.docname, CountView(query))
        return [nodes.Text(str(len(domain.site.select(query))))], []
