"""A person's page: what the records say, round the text that somebody wrote."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import quote

from docutils import nodes
from sphinx.locale import _
from sphinx.transforms import SphinxTransform

from labsite.site.query import Grouping, Query
from labsite.site.views import ListView
from labsite.sphinx.directives import RecordsDirective, Shown
from labsite.sphinx.domain import get_domain
from labsite.sphinx.lists import export_links, list_content
from labsite.sphinx.nodes import (
    as_nodes,
    count_mark,
    format_issued,
    inline,
    joined,
    link_reference,
    paragraph,
    publication_reference,
    reference,
)
from labsite.sphinx.people import counted_names, interests, person_reference, roles_of
from labsite.sphinx.pictures import portrait

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from labsite.model.records import Honour, Person
    from labsite.site.site import SiteRecords

#: A list of more papers is on the page of publications, where it can be searched.
_FEW = 40


class PersonPageTransform(SphinxTransform):
    """Put what the records say of a person round the text on the person's page."""

    # Early: what is put in is then collected like anything a member wrote.
    default_priority = 100

    def apply(self, **_kwargs: object) -> None:
        """Do it, if the document is a person's page."""
        domain, docname = get_domain(self.env), self.env.docname
        person = next((p for p in domain.site.people if p.docname == docname), None)
        section = self.document.next_node(nodes.section)
        if person is None or section is None:
            return
        shown = Shown(PersonPage, (person.slug,))
        domain.note_view(docname, shown)
        domain.note_view(docname, ListView(domain.site.by_person(person)), "item_views")
        introduction, *record = shown.make(domain.site)
        section.insert(1, introduction)
        section += record


class PersonPage(RecordsDirective):
    """What the records say of a person."""

    @staticmethod
    def make(site: SiteRecords, slug: str) -> Iterator[nodes.Element]:
        """Yield what stands above the person's text, then the sections below it."""
        person = site.people_by_name.get(slug)
        if person:
            facts = nodes.container("", *_facts(person, site))
            facts["classes"].append("labsite-profile-facts")
            picture = portrait(person, site)
            yield nodes.container("", picture, facts, classes=["labsite-profile"])
            yield from _record(person, site)


def _facts(person: Person, site: SiteRecords) -> Iterator[nodes.Node]:
    for language, name in person.names:
        # Of a paragraph docutils would want the language's quotation marks.
        yield paragraph("labsite-name-ko", inline(f"language-{language}", name))
    roles = (*roles_of(person, site), person.department, *person.affiliations)
    yield from (paragraph("labsite-role", role) for role in roles if role)
    if person.mentors:
        known = ((name, site.people_by_name.get(name)) for name in person.mentors)
        mentors = (person_reference(p) if p else nodes.Text(name) for name, p in known)
        by = _("Mentored by") + " "
        yield paragraph("labsite-role", by, *joined(mentors, ", "))
    yield from interests(person)
    label = _("E-mail") + ": "
    if person.office:
        yield paragraph("labsite-contact-line", f"{_('Office')}: {person.office}")
    if person.contact:
        spoken = inline("labsite-contact", person.contact)
        yield paragraph("labsite-contact-line", label, spoken)
    if person.email:
        link = nodes.reference("", person.email, refuri=f"mailto:{person.email}")
        yield paragraph("labsite-contact-line", label, link)
    if person.links:
        links = (link_reference(link) for link in person.links)
        yield paragraph("labsite-links", *joined(links, " "))


def _record(person: Person, site: SiteRecords) -> Iterator[nodes.section]:
    """Yield what stands below a person's text: awards, papers, co-authors."""
    if person.awards:
        items = (nodes.list_item("", _honour(each, site)) for each in person.awards)
        awards = nodes.bullet_list("", *items, classes=["labsite-honours"])
        yield _section("awards", (_("Awards"),), awards)
    total = len(site.select(site.by_person(person)))
    if total:
        papers = _papers(person, total, site)
        title = _("Publications") + " ", count_mark(total)
        yield _section("publications", title, *papers, export_links(person.docname))
        together = site.authorship.coauthors_in_lab(person)
        if together:
            names = paragraph("labsite-names", *counted_names(together))
            yield _section("with", (_("Co-authors in the lab"),), names)


def _papers(person: Person, total: int, site: SiteRecords) -> Iterator[nodes.Node]:
    """Yield the list; of a long one the selected or newest, and the way to all."""
    query, grouping = site.by_person(person), Grouping.YEAR
    # Divided, the list of all has no filter to lead to.
    if _FEW < total <= site.split_above and Query() not in site.parts:
        whole = _("All %d publications") % total
        address = f"{site.publications_dir}/index?person={quote(person.name)}"
        link = reference("query", address, whole)
        yield paragraph("labsite-selection", _("Here is a selection.") + " ", link)
        selected, grouping = replace(query, selected=True, limit=_FEW), Grouping.NONE
        query = selected if site.select(selected) else replace(query, limit=_FEW)
    yield from list_content(query, grouping, site, None, person)


def _honour(honour: Honour, site: SiteRecords) -> nodes.paragraph:
    issued = format_issued(honour.issued, site.language) if honour.issued else ""
    parts: list[nodes.Node | str] = [nodes.strong("", honour.name)]
    parts += [f", {fact}" for fact in (honour.by, issued) if fact]
    for key in honour.papers:
        paper = site.library.by_key.get(key)
        parts += [": ", publication_reference(paper)] if paper else []
    return paragraph("labsite-honour", *parts)


def _section(
    anchor: str, title: Iterable[nodes.Node | str], *content: nodes.Node
) -> nodes.section:
    heading = nodes.title("", "", *as_nodes(title))
    return nodes.section("", heading, *content, ids=[anchor])
