"""Overviews: groups, projects, people of topics, files, numbers, courses, labs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.locale import _

from labsite.model.problems import Rule, quote
from labsite.model.records import Publication
from labsite.model.rich_text import RichText, Span, Style
from labsite.pages.data_files import (
    Collaborator,
    Course,
    Term,
    read_collaborators,
    read_teaching,
)
from labsite.site.settings import PUBLICATIONS, TEAM, TOPICS
from labsite.site.site import SiteRecords
from labsite.sphinx.directives import FileDirective, RecordsDirective, report
from labsite.sphinx.domain import page_title
from labsite.sphinx.languages import (
    count_label,
    current_language,
    language_class,
    plural_label,
)
from labsite.sphinx.lists import export_links, group_list
from labsite.sphinx.nodes import (
    bullet_list,
    definition_list,
    inline,
    link_line,
    make_section,
    more_reference,
    paragraph,
    project_links,
    reference,
    rich_text,
)
from labsite.sphinx.people import counted_names
from labsite.sphinx.topics import first_topic, papers_by_year

#: Maximum number of names in each of several lines.
_FEW_NAMES = 20
#: Characters; the text before the colon of a title is not a name if it is longer.
_LONGEST_NAME = 30


def list_groups(site: SiteRecords, kind: str) -> Iterator[nodes.Element]:
    """Yield references to the groups of a kind; years in order, venues by size.

    :raises ValueError: for another kind than "year" and "venue"
    """
    kind = directives.choice(kind, ["year", "venue"])
    groups = [g for g in site.whole_groups if getattr(g.query, kind)]
    if kind == "venue":
        groups.sort(key=lambda group: -len(site.select(group.query)))
    yield group_list(((group, page_title(group)) for group in groups), site)


def list_projects(site: SiteRecords) -> Iterator[nodes.Element]:
    """Yield the papers with code, an artifact or data: a section for each topic.

    Papers without a topic come last.
    """
    groups: dict[str, list[Publication]] = {t.slug: [] for t in site.topics}
    groups[""] = []
    for paper in filter(project_links, site.library.publications):
        groups[first_topic(paper, site)].append(paper)
    most = site.settings.split_lists_above
    if sum(map(len, groups.values())) > most:  # too many for one page
        most = max(most // len(groups), 1)
    for slug, papers in groups.items():
        if not papers:
            continue
        shown = (_project(paper, site) for paper in papers[:most])
        listed = bullet_list("labsite-projects", shown, "labsite-project")
        topic, number = site.topics_by_slug.get(slug), len(papers)
        title = topic.title if topic else _("Other")
        anchor = f"projects-{slug or 'other'}"
        section = make_section(anchor, title, listed, number=number)
        if number > most:
            page = topic.docname if topic else f"{PUBLICATIONS}/index"
            section += more_reference(number - most, page)
        yield section


def _project(paper: Publication, site: SiteRecords) -> Iterator[nodes.paragraph]:
    """Yield its name, summary or title, venue and year, and links."""
    name, summary = project_name(paper.title), paper.text("summary")
    language = language_class(paper, site)
    link = reference("ref", paper.key, inline(None, *rich_text(name)), language)
    yield paragraph("labsite-project-name", link)
    if summary:
        yield paragraph("labsite-project-title", summary)
    elif name is not paper.title:
        classes = f"labsite-project-title {language}"
        yield paragraph(classes, *rich_text(paper.title))
    if paper.where:
        yield paragraph("labsite-project-venue", paper.where)
    yield from link_line(project_links(paper))


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


def list_topic_people(
    site: SiteRecords, slug: str | None = None
) -> Iterator[nodes.Element]:
    """Yield the current members with papers on one topic, or on each topic.

    :raises ValueError: if there is no such topic
    """
    if slug is not None:
        known = site.topics_by_slug
        if slug not in known:
            there = f"there are {', '.join(known)}" if known else "there are none"
            msg = f"unknown topic '{slug}'; {there}"
            raise ValueError(msg)
        members = site.members_on(slug)
        label = nodes.strong("", _("Current members with papers on this:"))
        if members:
            yield paragraph("labsite-names", label, " ", *counted_names(members))
        return
    items = []
    for topic in site.topics:
        if members := site.members_on(topic.slug):
            names = counted_names(members, _FEW_NAMES, topic.docname)
            shown = paragraph("labsite-names", *names)
            items.append((reference("page", topic.docname, topic.title), [shown]))
    yield definition_list("labsite-topic-people", items)


def list_exports(site: SiteRecords) -> Iterator[nodes.Element]:
    """Yield the exports of all publications and of each topic, feeds among them."""
    items = []
    for group in site.exported.values():
        if not group.query.person:
            title = group.title or _("Publications")
            page = reference("page", group.docname, title)
            links = export_links(group.exports)
            items.append([paragraph("labsite-files-of", page), *links])
    yield bullet_list("labsite-files", items)


def _figures(site: SiteRecords, *indexes: str) -> Iterator[nodes.Element]:
    """Yield a list of numbers, each a link to the page that lists what it counts."""
    papers, topics = site.library.publications, site.topics
    members = [p for p in site.people if not p.has_left(site.today)]
    with_code = [*filter(project_links, papers)]
    labels = (
        plural_label("publication", "publications", len(papers)),
        plural_label("research topic", "research topics", len(topics)),
        plural_label("current member", "current members", len(members)),
        plural_label(
            "paper with open code or data",
            "papers with open code or data",
            len(with_code),
        ),
    )
    numbers = map(len, (papers, topics, members, with_code))
    items = []
    folders = PUBLICATIONS, TOPICS, TEAM, "projects"
    for label, number, folder in zip(labels, numbers, folders, strict=True):
        if number and f"{folder}/index" in indexes:
            text = inline(None, nodes.strong("", str(number)), f" {label}")
            items.append([paragraph(None, reference("page", f"{folder}/index", text))])
    yield bullet_list("labsite-figures", items)


class FiguresDirective(RecordsDirective):
    """The lab in figures; those that are zero or have no page are left out."""

    make = staticmethod(_figures)

    def parameters(self) -> list[str]:
        """Return the index pages of the site."""
        return [d for d in sorted(self.env.found_docs) if d.endswith("/index")]


def _list_terms(_site: SiteRecords, *terms: Term) -> Iterator[nodes.Element]:
    """Yield the courses under their terms, newest first."""
    items = []
    for term in (each for each in terms if each.courses):
        season = _(term.season.capitalize())
        name = _("{season} {year}").format(season=season, year=term.year)
        listed = bullet_list("labsite-courses", ([_course(c)] for c in term.courses))
        items.append((name, [listed]))
    yield definition_list("labsite-terms", items)


def _course(course: Course) -> nodes.paragraph:
    name = inline("labsite-course-name", course.name)
    # Separators keep the words apart without a style sheet.
    code = (" ", inline("labsite-course-code", course.code)) if course.code else ()
    level = inline("labsite-course-level", _(course.level.capitalize()))
    return paragraph("labsite-course", name, *code, "\u00a0· ", level)


class TeachingDirective(FileDirective):
    """The courses in a data file."""

    kind = "courses"
    make = staticmethod(_list_terms)
    read = staticmethod(read_teaching)


def _list_groups(site: SiteRecords, *groups: Collaborator) -> Iterator[nodes.Element]:
    """Yield the groups with their papers by year, the most papers first."""
    members = {person.name: person for group in groups for person in group.members}
    theirs = replace(site, people=tuple(members.values()))
    yield from _find_strangers(theirs)
    listed = []
    for group in groups:
        slugs = {person.slug for person in group.members}  # others may list them, too
        papers = [
            paper
            for paper in site.library.publications
            if any(author.slug in slugs for author in theirs.authors[paper.key])
        ]
        label = count_label("%d publication", "%d publications", len(papers))
        people = ", ".join(person.name for person in group.members)
        facts = "\u00a0· ".join(filter(None, (people, group.institution, label)))
        name: nodes.Element = inline(None, group.name)
        if group.url:
            name = nodes.reference("", "", name, refuri=group.url)
        if papers:
            few = len(papers) <= site.settings.split_lists_above
            years = papers_by_year(papers, site, dots=few)
            shown = paragraph("labsite-collaborator", facts), *years
            listed.append((len(papers), (name, shown)))
    listed.sort(key=lambda each: -each[0])
    yield definition_list("labsite-timeline", (item for _number, item in listed))


def _find_strangers(theirs: SiteRecords) -> Iterator[nodes.problematic]:
    """Yield a warning for each person who has no paper."""
    similar = theirs.identities.find_similar
    found = {author.slug for authors in theirs.authors.values() for author in authors}
    for person in theirs.people:
        if person.slug in found:
            continue
        creators = (c for paper in theirs.library.publications for c in paper.creators)
        near = next((c.name for c in creators if person in similar(c.name)), None)
        remedy = "write the name as papers print it, or remove it"
        remedy = f"did you mean {quote(near)}?" if near else remedy
        message = f"no paper has the author {quote(person.name)}; {remedy}"
        place = f"{person.source.file}:{dict(person.source.lines)['name']}"
        yield report(Rule.BAD_VALUE, message, place)


class CollaboratorsDirective(FileDirective):
    """The groups in a data file, with the papers of their members."""

    kind = "groups"
    make = staticmethod(_list_groups)
    read = staticmethod(
        lambda path, file: read_collaborators(path, file, current_language())
    )
