"""Lists of publications: plain, under headings, or divided into pages."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import ClassVar
from urllib.parse import quote

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.locale import _
from sphinx.util.typing import OptionSpec
from sphinx.writers.html5 import HTML5Translator

from labsite.exports import FORMATS
from labsite.model.problems import Rule
from labsite.model.records import Kind, Publication
from labsite.rebuild.last_build import makes_pages
from labsite.site.groups import Group
from labsite.site.query import (
    CONDITIONS,
    Grouping,
    Query,
    group_publications,
    make_query,
    parse_query,
)
from labsite.site.settings import PUBLICATIONS
from labsite.site.site import SiteRecords
from labsite.sphinx.directives import (
    RecordsDirective,
    report,
    show_records,
    show_topics,
)
from labsite.sphinx.domain import get_domain, page_title, part_title
from labsite.sphinx.languages import count_label
from labsite.sphinx.nodes import (
    EXACT,
    bullet_list,
    contribution_legend,
    count_mark,
    filterable_list,
    line,
    make_section,
    more_reference,
    paragraph,
    project_links,
    publication_item,
    publication_list,
    reference,
)

#: Lengths of bars.
_BARS = 8


def list_publications(
    site: SiteRecords, query: Query, grouping: Grouping
) -> Iterator[nodes.Element]:
    """Yield the publications that *query* selects, in sections if they are grouped.

    A list that is too long for one page becomes references to its parts; one that has
    no parts ends at the limit.
    """
    query = site.complete(query)
    parts = site.parts.get(query)
    if parts:
        yield group_list(((part, part_title(part)) for part in parts), site)
        return
    found = site.select(query)
    publications = found[: site.settings.split_lists_above]
    other = _("Undated") if grouping is Grouping.YEAR else _("Other")
    for heading, members in group_publications(publications, grouping):
        listed = publication_list(members)
        if grouping is Grouping.NONE:
            yield listed
        else:
            anchor = f"{grouping.value}-{heading or 'none'}"
            yield make_section(anchor, heading or other, listed, number=len(listed))
    if not found:
        # In place of the list below the heading of a topic that is new.
        yield paragraph("labsite-empty", _("No publications yet."))
    yield from contribution_legend(publications)
    if len(publications) < len(found):
        number = len(found) - len(publications)
        yield more_reference(number, f"{PUBLICATIONS}/index")


def _list_asked(
    site: SiteRecords, asked: tuple[tuple[str, str], ...], grouping: str
) -> Iterator[nodes.Element]:
    """Yield the publications that the options of a directive ask for.

    :raises ValueError: if they name what does not exist
    """
    query, topics = make_query(dict(asked)), site.topics_by_slug
    for key in (*(query.keys or ()), *query.without):
        if key not in site.library.by_key:
            msg = f"there is no publication '{key}'; use a key of the bibliography"
            raise ValueError(msg)
    if query.topic is not None and topics and query.topic not in topics:
        msg = f"unknown topic '{query.topic}'; write one of {', '.join(topics)}"
        raise ValueError(msg)
    yield from list_publications(site, query, Grouping(grouping))
    # The site or the topic may be new.
    topic = query.topic if query.topic in topics else None
    if site.select(Query(topic=topic)) and not site.select(site.complete(query)):
        message = "no publication matches this list; correct its options or entries"
        yield report(Rule.EMPTY_TOPIC, message)


class PublicationListDirective(RecordsDirective):
    """A list of the publications that the options select.

    A list of all, or of all of a topic or person, ends in references to its exports.
    """

    option_spec: ClassVar[OptionSpec] = {
        **dict.fromkeys(CONDITIONS, directives.unchanged),
        "group-by": lambda argument: directives.choice(argument, list(Grouping)),
        "filter": directives.flag,
    }
    make = staticmethod(_list_asked)

    def parameters(self) -> tuple[tuple[tuple[str, str], ...], str]:
        """Return the conditions, and how the result is grouped."""
        asked = ((k, v.strip()) for k, v in self.options.items() if k in CONDITIONS)
        return tuple(asked), self.options.get("group-by", Grouping.YEAR)

    def run(self) -> list[nodes.Node]:
        """Return the list, with a filter if it has the option, and its exports."""
        content = super().run()
        if not content:
            return []
        site, (asked, _grouping) = get_domain(self.env).site, self.parameters()
        query = site.complete(make_query(dict(asked)))
        if not site.select(query):
            return content
        if "filter" in self.options and query not in site.parts:
            show_records(self.env, show_topics)
            content = [*section_jumps(content), *content]
            content = [filterable_list("", *content, classes=["labsite-filterable"])]
        group = site.exported.get(query)
        return [*content, *export_links(group.exports)] if group else content


def count_publications(
    site: SiteRecords, text: str, _role: str
) -> Iterator[nodes.Text]:
    """Yield the number of publications that a query selects: ``topic=graphs``."""
    yield nodes.Text(str(len(site.select(site.complete(parse_query(text))))))


def group_page(group: Group, site: SiteRecords) -> nodes.section:
    """Return the content of a group's page as a section."""
    section = nodes.section("", ids=["group"], classes=["labsite-group"])
    section += nodes.title("", page_title(group), **EXACT)
    found = site.select(group.query)
    if group.query.venue and found[0].venue:
        section += paragraph("labsite-group-name", found[0].venue.name)
    grouping = Grouping.YEAR if group.query.year is None else Grouping.NONE
    section += list_publications(site, group.query, grouping)
    return section


def section_jumps(content: Iterable[nodes.Node]) -> Iterator[nodes.paragraph]:
    """Yield references to the sections in *content*, each with a bar for its size."""
    sections = [node for node in content if isinstance(node, nodes.section)]
    sizes = [len(next(section.findall(nodes.bullet_list))) for section in sections]
    jumps = []
    for section, size in zip(sections, sizes, strict=True):
        text = next(section.findall(nodes.Text)).strip()
        bar = f"labsite-bar-{-(-_BARS * size // max(sizes))}"  # 1 to the longest
        jumps.append(nodes.reference("", text, refid=section["ids"][0], classes=[bar]))
    return line("labsite-years", jumps)


def export_links(path: str) -> Iterator[nodes.paragraph]:
    """Yield references to a list's exports.

    :param path: their path from the site's root, without suffix
    """
    links = (
        reference("file", quote(path + known.suffix), _(known.label), "labsite-export")
        for known in FORMATS
    )
    return line("labsite-exports", links)


def group_list(
    groups: Iterable[tuple[Group, str]], site: SiteRecords
) -> nodes.bullet_list:
    """Return references to the pages of groups, each with a text and a number."""
    return linked_list(
        (group.docname, text, len(site.select(group.query))) for group, text in groups
    )


def linked_list(lists: Iterable[tuple[str, str, int]]) -> nodes.bullet_list:
    """Return references to lists: the document, a text and the number of items."""
    items = (
        [paragraph(None, reference("page", docname, text), " ", count_mark(number))]
        for docname, text, number in lists
    )
    return bullet_list("labsite-groups", items)


def visit_filterable_list(self: HTML5Translator, node: nodes.Element) -> None:
    """Start a list that a script may filter; write the form of the first on a page."""
    site, listed = get_domain(self.builder.env).site, node.findall(publication_item)
    papers = [site.library.by_key[item["key"]] for item in listed]
    known = {paper.kind for paper in papers}
    names = {
        "topics": {topic.slug: topic.title for topic in site.topics},
        "kinds": {k.value: _(k.value.capitalize()) for k in Kind if k in known},
    }
    attributes = {
        f"data-{key}": json.dumps(value, ensure_ascii=False)
        for key, value in names.items()
    }
    self.body.append(self.starttag(node, "div", "\n", False, **attributes))
    first = self.document.next_node(filterable_list) is node
    if first and len(papers) > 1 and makes_pages(self.builder):
        features = [name for paper in papers for name in list_features(paper)]
        context: dict[str, object] = {n: features.count(n) for n in ("code", "award")}
        # The script shows a menu of one value where an address asks for another.
        context["hidden"] = [key for key, value in names.items() if len(value) <= 1]
        context["total"] = count_label("%d paper", "%d papers", len(papers))
        form = self.builder.templates.render("labsite-filter.html", context)
        self.body.append(form)


def list_features(paper: Publication) -> list[str]:
    """Return what the filter can ask of a paper by a box to tick."""
    found = {"code": project_links(paper), "award": paper.award}
    return [name for name, value in found.items() if value]
