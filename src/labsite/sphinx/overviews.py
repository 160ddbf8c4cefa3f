"""Overviews of what a site has: groups, projects, honours, files, figures, courses."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.locale import _
from sphinx.util.docutils import SphinxDirective

from labsite.model.rich_text import RichText, Span, Style
from labsite.pages.data_files import read_teaching
from labsite.pages.people import has_left
from labsite.site.groups import GroupKind
from labsite.site.honours import HonourGiven, find_honours
from labsite.site.query import Query
from labsite.sphinx.directives import RecordsDirective, read_argument
from labsite.sphinx.domain import get_domain, group_title
from labsite.sphinx.lists import counted_section, export_links, group_list
from labsite.sphinx.nodes import (
    count_mark,
    format_issued,
    inline,
    joined,
    link_reference,
    more_reference,
    page_reference,
    paragraph,
    project_links,
    publication_reference,
    reference,
    rich_text,
)
from labsite.sphinx.people import person_reference

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from labsite.model.records import Publication
    from labsite.pages.data_files import Term
    from labsite.site.site import SiteRecords

#: Characters; the text before the colon of a title is not a name if it is longer.
_LONGEST_NAME = 30


def _groups(site: SiteRecords, kind: str) -> Iterator[nodes.Element]:
    """Yield references to the groups of a kind; years in order, venues by size."""
    groups = [g for g in site.groups.values() if g.kind == kind and not g.is_part]
    if kind == GroupKind.VENUE:
        groups.sort(key=lambda group: -len(site.select(group.query)))
    yield group_list(((group, group_title(group)) for group in groups), site)


class GroupsDirective(RecordsDirective):
    """References to the groups of one kind, with their numbers of papers."""

    required_arguments = 1
    make = staticmethod(_groups)

    def parameters(self) -> list[str]:
        """Return the kind: "year" or "venue"."""
        return [directives.choice(self.arguments[0], ["year", "venue"])]


def list_projects(site: SiteRecords) -> Iterator[nodes.Element]:
    """Yield the papers with code, an artifact or data: a section for each topic.

    A paper stands under the first of its topics that has a page; those without one come
    last.
    """
    groups: dict[str, list[Publication]] = {t.slug: [] for t in site.topics}
    groups[""] = []
    for paper in filter(project_links, site.library.publications):
        known = (slug for slug in paper.topics if slug in groups)
        groups[next(known, "")].append(paper)
    most = site.split_above
    if sum(map(len, groups.values())) > most:  # too many for one page
        most = max(most // len(groups), 1)
    for slug, papers in groups.items():
        if not papers:
            continue
        listed = nodes.bullet_list(classes=["labsite-projects"])
        listed += [_project(paper) for paper in papers[:most]]
        topic, number = site.topics_by_slug.get(slug), len(papers)
        title = topic.title if topic else _("Other")
        anchor = f"projects-{slug or 'other'}"
        section = counted_section(anchor, title, listed, number)
        if number > most:
            page = topic.docname if topic else f"{site.publications_dir}/index"
            section += more_reference(number - most, page)
        yield section


def _project(paper: Publication) -> nodes.list_item:
    name = project_name(paper.title)
    link = reference("ref", paper.key, inline(None, *rich_text(name)))
    item = nodes.list_item(classes=["labsite-project"])
    item += paragraph("labsite-project-name", link)
    summary = paper.text("summary")
    if summary:
        item += paragraph("labsite-project-title", summary)
    elif name is not paper.title:
        item += paragraph("labsite-project-title", *rich_text(paper.title))
    label = paper.venue.label if paper.venue else None
    year = str(paper.issued.year) if paper.issued else None
    if label or year:
        where = " ".join(filter(None, (label, year)))
        item += paragraph("labsite-project-venue", where)
    buttons = map(link_reference, project_links(paper))
    item += paragraph("labsite-links", *joined(buttons, " "))
    return item


def project_name(title: RichText) -> RichText:
    """Return the text before the colon of a title if it is short, else the title."""
    before: list[Span] = []
    for span in title.spans:
        text, colon, _rest = span.text.partition(":")
        if colon and span.style is not Style.MATH:
            name = RichText((*before, replace(span, text=text)))
            return name if 0 < len(str(name).strip()) <= _LONGEST_NAME else title
        before.append(span)
    return title


def list_honours(site: SiteRecords) -> Iterator[nodes.Element]:
    """Yield awards of papers and honours of people: a section for each year."""
    honours = find_honours(site)
    for year, given in groupby(honours, key=lambda honour: honour.issued.year):
        listed = nodes.bullet_list(classes=["labsite-honours"])
        listed += [nodes.list_item("", *_honour(each, site)) for each in given]
        text = str(year or _("Undated"))
        yield counted_section(f"year-{year or 'none'}", text, listed)


def _honour(honour: HonourGiven, site: SiteRecords) -> Iterator[nodes.paragraph]:
    """Yield its name, giver and date, papers and people."""
    yield paragraph("labsite-honour", nodes.strong("", honour.name))
    where = [honour.by] if honour.by else []
    if honour.issued.month:
        where.append(format_issued(honour.issued, site.language))
    if where:
        yield paragraph("labsite-honour-of", ", ".join(where))
    for paper in honour.papers:
        yield paragraph("labsite-honour-paper", publication_reference(paper))
    if honour.people:
        names = map(person_reference, honour.people)
        yield paragraph("labsite-names", *joined(names, ", "))


def list_exports(site: SiteRecords) -> Iterator[nodes.Element]:
    """Yield the exports of all publications and of each topic, feeds among them."""
    index = f"{site.publications_dir}/index"
    lists = [(index, _("Publications"), Query())]
    lists += [(t.docname, t.title, Query(topic=t.slug)) for t in site.topics]
    result = nodes.bullet_list(classes=["labsite-files"])
    for docname, title, query in lists:
        path = site.export_path(query)
        if path:
            link = paragraph("labsite-files-of", page_reference(docname, title))
            result += nodes.list_item("", link, export_links(path))
    yield result


def _figures(site: SiteRecords, *pages: str | None) -> Iterator[nodes.Element]:
    """Yield a list of numbers, each a link to the page that lists what it counts."""
    papers = site.library.publications
    figures = {
        _("publications"): len(papers),
        _("research topics"): len(site.topics),
        _("members now"): sum(not has_left(p, site.today) for p in site.people),
        _("papers with open code or data"): len([*filter(project_links, papers)]),
    }
    result = nodes.bullet_list(classes=["labsite-figures"])
    for (label, number), page in zip(figures.items(), pages, strict=True):
        if number and page:
            text = inline(None, nodes.strong("", str(number)), f" {label}")
            link = nodes.paragraph("", "", reference("page", page, text))
            result += nodes.list_item("", link)
    yield result


class FiguresDirective(RecordsDirective):
    """The lab in figures; those that are zero or have no page are left out."""

    make = staticmethod(_figures)

    def parameters(self) -> list[str | None]:
        """Return the page of each figure, or ``None`` if there is none."""
        config, site = self.env.config, get_domain(self.env).site
        topics, team = config.labsite_topics_dir, config.labsite_team_dir
        folders = (site.publications_dir, topics, team, "projects")
        known = self.env.found_docs
        return [p if p in known else None for p in (f"{f}/index" for f in folders)]


def show_timeline(site: SiteRecords) -> Iterator[nodes.Element]:
    """Yield each topic's papers by year: a dot for each, or numbers on large sites."""
    result = nodes.definition_list(classes=["labsite-timeline"])
    dots = len(site.library.publications) <= site.split_above
    for topic in site.topics:
        papers = site.select(Query(topic=topic.slug))
        if papers:
            name = page_reference(topic.docname, topic.title)
            lines = papers_by_year(papers, dots=dots)
            item = nodes.term("", "", name), nodes.definition("", *lines)
            result += nodes.definition_list_item("", *item)
    yield result


def papers_by_year(
    papers: Iterable[Publication], *, dots: bool
) -> Iterator[nodes.paragraph]:
    """Yield a line for each year, with a dot for each paper or their number."""
    for year, made in groupby(papers, key=lambda paper: paper.issued.year):
        yield _year(year, [*made], dots=dots)


def _year(year: int, papers: Sequence[Publication], *, dots: bool) -> nodes.paragraph:
    text = inline("labsite-date", str(year or _("Undated")))
    if not dots:
        return paragraph("labsite-timeline-year", text, " ", count_mark(len(papers)))
    links = [reference("ref", p.key, str(p.title), "labsite-dot") for p in papers]
    return paragraph("labsite-timeline-year", text, *links)


class TeachingDirective(SphinxDirective):
    """The courses in a data file, under their terms, newest first."""

    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        """Return a list of terms, each with its courses."""
        terms = read_argument(self, "courses", read_teaching)
        listed = (_term(term) for term in terms if term.courses)
        result = nodes.definition_list("", *listed, classes=["labsite-terms"])
        return [result] if len(result) else []


def _term(term: Term) -> nodes.definition_list_item:
    name = f"{_(term.season.capitalize())} {term.year}"
    courses = nodes.bullet_list(classes=["labsite-courses"])
    for course in term.courses:
        # Separators keep the words apart without a style sheet.
        code = (" ", inline("labsite-course-code", course.code)) if course.code else ()
        text = paragraph(
            "labsite-course",
            inline("labsite-course-name", course.name),
            *code,
            "\u00a0· ",
            inline("labsite-course-level", _(course.level.capitalize())),
        )
        courses += nodes.list_item("", text)
    definition = nodes.definition("", courses)
    return nodes.definition_list_item("", nodes.term("", name), definition)
