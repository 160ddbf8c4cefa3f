"""Directives and roles: options to a query, a query to nodes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective, SphinxRole

from labsite.model.digests import digest_text
from labsite.model.problems import Rule
from labsite.site.query import Grouping, Query, make_query, parse_query
from labsite.site.views import CountView, ListView, ShapeView, TopicsView
from labsite.sphinx.domain import get_domain
from labsite.sphinx.lists import export_links, free_id, list_content, section_jumps
from labsite.sphinx.logging import warn
from labsite.sphinx.nodes import filterable_list, kind_labels

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from sphinx.util.typing import OptionSpec

    from labsite.site.site import SiteRecords

#: Options that are conditions of a query.
_CONDITIONS = (
    *("topic", "person", "year", "venue", "kind", "selected", "award"),
    *("keys", "without", "field", "limit"),
)


def _grouping(argument: str) -> Grouping:
    return Grouping(directives.choice(argument, list(Grouping)))


class RecordsDirective(SphinxDirective):
    """A directive whose content follows wholly from the records."""

    has_content = False
    #: Yields the content, from the records and :meth:`parameters`.
    make: ClassVar[Callable[..., Iterator[nodes.Element]]]

    def run(self) -> list[nodes.Node]:
        """Return the content; the page is out of date when that changes."""
        domain, document = get_domain(self.env), self.state.document
        shown = Shown(type(self), tuple(self.parameters()))
        domain.note_view(self.env.docname, shown)
        content = shown.make(domain.site)
        for node in content:
            node["ids"] = [free_id(name, document) for name in node["ids"]]
        return [*content]

    def parameters(self) -> Iterable[object]:
        """Return what :attr:`make` needs besides the records; it can be pickled."""
        return self.arguments


@dataclass(frozen=True, slots=True)
class Shown:
    """What a directive makes of the records."""

    directive: type[RecordsDirective]
    parameters: tuple[object, ...]

    def make(self, site: SiteRecords) -> list[nodes.Element]:
        """Return the content."""
        return list(self.directive.make(site, *self.parameters))

    def digest(self, site: SiteRecords) -> str:
        """Digest the content."""
        return digest_text(*(node.pformat() for node in self.make(site)))


class PublicationListDirective(SphinxDirective):
    """A list of the publications that its options ask for.

    A list of everything, or of everything on a topic, ends in references to the same
    list in the formats that other programs read.
    """

    has_content = False
    option_spec: ClassVar[OptionSpec] = {
        **dict.fromkeys(_CONDITIONS, directives.unchanged),
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
        domain.note_view(self.env.docname, ListView(query), "item_views")
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
        asked = {k: v.strip() for k, v in self.options.items() if k in _CONDITIONS}
        site = get_domain(self.env).site
        query, topics = site.complete(make_query(asked)), site.topics_by_slug
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
