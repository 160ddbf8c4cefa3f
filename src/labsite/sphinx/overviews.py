"""Overviews of what a site has: honours by year, feeds and files."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.locale import _
from sphinx.util.docutils import SphinxDirective

from labsite.model.digests import digest_text
from labsite.pages.people import has_left
from labsite.site.honours import HonourGiven, find_honours
from labsite.site.query import Query
from labsite.site.views import ListView, TopicsView
from labsite.sphinx.domain import get_domain
from labsite.sphinx.lists import export_links
from labsite.sphinx.nodes import (
    format_issued,
    joined,
    page_reference,
    paragraph,
    publication_reference,
    reference,
)
from labsite.sphinx.people import person_reference
from labsite.sphinx.projects import project_links
from labsite.sphinx.sections import counted_section

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sphinx.application import Sphinx

    from labsite.model.records import Publication
    from labsite.site.site import SiteRecords


@dataclass(frozen=True, slots=True)
class HonoursView:
    """All honours, with the names of who has them."""

    def digest(self, site: SiteRecords) -> str:
        """Digest what is shown of each."""
        return digest_text(
            *(
                repr((h.name, h.issued, h.by, [p.name for p in h.people]))
                + repr([(p.key, p.title) for p in h.papers])
                for h in find_honours(site)
            )
        )


def register_overviews(app: Sphinx) -> None:
    """Add the directives."""
    app.add_directive("honours", HonoursDirective)
    app.add_directive("exports", ExportsDirective)
    app.add_directive("figures", FiguresDirective)
    app.add_directive("timeline", TimelineDirective)


class HonoursDirective(SphinxDirective):
    """Awards of papers, candidates, prizes and scholarships, newest year first."""

    has_content = False

    def run(self) -> list[nodes.Node]:
        """Return a section for each year."""
        domain = get_domain(self.env)
        domain.note_view(self.env.docname, HonoursView())
        sections: list[nodes.Node] = []
        honours = find_honours(domain.site)
        for year, given in groupby(honours, key=lambda honour: honour.issued.year):
            listed = nodes.bullet_list(classes=["labsite-honours"])
            listed += [_item(honour, domain.site) for honour in given]
            anchor, text = f"year-{year or 'none'}", str(year or _("Undated"))
            sections.append(counted_section(anchor, text, listed, self.state.document))
        return sections


def _item(honour: HonourGiven, site: SiteRecords) -> nodes.list_item:
    where = [honour.by] if honour.by else []
    if honour.issued.month:
        where.append(format_issued(honour.issued, site.language))
    item = nodes.list_item(
        "", paragraph("labsite-honour", nodes.strong("", honour.name))
    )
    if where:
        item += paragraph("labsite-honour-of", nodes.Text(", ".join(where)))
    item += list(_receivers(honour))
    return item


def _receivers(honour: HonourGiven) -> Iterator[nodes.paragraph]:
    for paper in honour.papers:
        yield paragraph("labsite-honour-paper", publication_reference(paper))
    if honour.people:
        names = map(person_reference, honour.people)
        yield paragraph("labsite-names", *joined(names, ", "))


class ExportsDirective(SphinxDirective):
    """The exports of all publications and of each topic's, feeds among them."""

    has_content = False

    def run(self) -> list[nodes.Node]:
        """Return a list of the lists, each with its files."""
        domain = get_domain(self.env)
        domain.note_view(self.env.docname, TopicsView())
        site = domain.site
        index = f"{site.publications_dir}/index"
        lists = [(index, _("Publications"), Query())]
        lists += [(t.docname, t.title, Query(topic=t.slug)) for t in site.topics]
        result = nodes.bullet_list(classes=["labsite-files"])
        for docname, title, query in lists:
            path = site.export_path(query)
            if path:
                link = paragraph("labsite-files-of", page_reference(docname, title))
                result += nodes.list_item("", link, export_links(path))
        return [result]


class FiguresDirective(SphinxDirective):
    """The lab in figures, each a link to what it counts."""

    has_content = False

    def run(self) -> list[nodes.Node]:
        """Return a list; what is none, or has no page, is left out."""
        domain = get_domain(self.env)
        domain.note_view(self.env.docname, FiguresView())
        config, site = self.env.config, domain.site
        pages = {
            _("publications"): site.publications_dir,
            _("research topics"): config.labsite_topics_dir,
            _("members now"): config.labsite_team_dir,
            _("papers with open code or data"): "projects",
        }
        result = nodes.bullet_list(classes=["labsite-figures"])
        for number, (label, folder) in zip(_count(site), pages.items(), strict=True):
            docname = f"{folder}/index"
            if number and docname in self.env.found_docs:
                content = nodes.inline(
                    "", "", nodes.strong("", str(number)), nodes.Text(f" {label}")
                )
                link = reference("page", docname, content)
                result += nodes.list_item("", nodes.paragraph("", "", link))
        return [result]


class TimelineDirective(SphinxDirective):
    """Each topic's papers by year, a dot for each that leads to its page.

    Where papers are too many for one page, it is their numbers.
    """

    has_content = False

    def run(self) -> list[nodes.Node]:
        """Return a list of the topics that have papers."""
        domain = get_domain(self.env)
        domain.note_view(self.env.docname, TopicsView())
        domain.note_view(self.env.docname, ListView(Query()))
        result = nodes.definition_list(classes=["labsite-timeline"])
        site = domain.site
        dots = len(site.library.publications) <= site.split_above
        for topic in site.topics:
            papers = site.select(Query(topic=topic.slug))
            if papers:
                name = page_reference(topic.docname, topic.title)
                years = groupby(papers, key=lambda paper: paper.issued.year)
                lines = [_year(year, list(made), dots=dots) for year, made in years]
                result += nodes.definition_list_item(
                    "", nodes.term("", "", name), nodes.definition("", *lines)
                )
        return [result]


def _year(year: int, papers: Sequence[Publication], *, dots: bool) -> nodes.paragraph:
    text = nodes.inline("", str(year or _("Undated")), classes=["labsite-date"])
    if not dots:
        number = nodes.inline("", str(len(papers)), classes=["labsite-count"])
        return paragraph("labsite-timeline-year", text, nodes.Text(" "), number)
    links = [
        reference("ref", paper.key, nodes.inline("", str(paper.title)), "labsite-dot")
        for paper in papers
    ]
    return paragraph("labsite-timeline-year", text, *links)


@dataclass(frozen=True, slots=True)
class FiguresView:
    """The figures of the lab."""

    def digest(self, site: SiteRecords) -> str:
        """Digest the figures."""
        return repr(_count(site))


def _count(site: SiteRecords) -> tuple[int, ...]:
    """Count papers, topics, present members, and papers with a project."""
    papers = site.library.publications
    members = [person for person in site.people if not has_left(person, site.today)]
    projects = [paper for paper in papers if project_links(paper)]
    return len(papers), len(site.topics), len(members), len(projects)
