"""A person's page: what the records say, round the text that somebody wrote."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import quote

from docutils import nodes
from sphinx.locale import _
from sphinx.transforms import SphinxTransform

from labsite.model.digests import digest_text
from labsite.pages.people import has_left
from labsite.site.query import Grouping
from labsite.site.views import ListView, list_shape
from labsite.sphinx.domain import get_domain
from labsite.sphinx.lists import export_links, list_content
from labsite.sphinx.nodes import (
    format_issued,
    joined,
    link_reference,
    paragraph,
    publication_reference,
    reference,
)
from labsite.sphinx.people import counted_names, interests, person_reference, roles_of
from labsite.sphinx.pictures import portrait

if TYPE_CHECKING:
    from collections.abc import Iterator

    from labsite.model.records import Honour, Person
    from labsite.site.query import Query
    from labsite.site.site import SiteRecords

#: A list of more papers is on the page of publications, where it can be searched.
_FEW = 40


@dataclass(frozen=True, slots=True)
class PersonView:
    """A person with papers, co-authors and awards, as on the person's own page."""

    slug: str

    def digest(self, site: SiteRecords) -> str:
        """Digest all of it; empty if there is no such person."""
        person = site.people_by_name.get(self.slug)
        if person is None:
            return ""
        # Of two people with one name, both pages list what the name has written.
        papers = site.select(site.by_person(person))
        together = site.authorship.coauthors_in_lab(person)
        left = has_left(person, site.today)
        picture = site.pictures.of(person)
        mentors = [site.people_by_name.get(name) for name in person.mentors]
        shown = [repr(person), repr(picture), repr(left), repr(together)]
        shown += [repr(mentors), repr(site.roles.get(person.role))]
        keys = (key for honour in person.awards for key in honour.papers)
        known = site.library.by_key
        rewarded = [known[key] for key in keys if key in known]
        shown += (f"{list_shape(paper)}{paper.selected}" for paper in papers)
        return digest_text(*shown, *map(site.appearance, rewarded))


class PersonPageTransform(SphinxTransform):
    """Put what the records say of a person round the text on the person's page."""

    # Early: what is put in is then collected like anything a member wrote.
    default_priority = 100

    def apply(self, **_kwargs: object) -> None:
        """Do it, if the document is a person's page."""
        domain = get_domain(self.env)
        docname = self.env.docname
        person = next((p for p in domain.site.people if p.docname == docname), None)
        section = self.document.next_node(nodes.section)
        if person is None or section is None:
            return
        domain.note_view(docname, PersonView(person.slug))
        domain.note_items(docname, ListView(domain.site.by_person(person)))
        section.insert(1, list(_introduction(person, domain.site)))
        section += list(_record(person, domain.site, self.document))


def _introduction(person: Person, site: SiteRecords) -> Iterator[nodes.Node]:
    """Yield what stands between a person's name and text."""
    card = nodes.container(classes=["labsite-profile"])
    card += portrait(person, site)
    facts = nodes.container(classes=["labsite-profile-facts"])
    for language, name in person.names:
        other = paragraph("labsite-name-ko", nodes.Text(name))
        other["classes"].append(f"language-{language}")
        facts += other
    facts += [
        paragraph("labsite-role", nodes.Text(text))
        for text in (*roles_of(person, site), person.department, *person.affiliations)
        if text
    ]
    if person.mentors:
        mentors = joined(_mentors(person, site), ", ")
        by = nodes.Text(_("Mentored by") + " ")
        facts += paragraph("labsite-role", by, *mentors)
    facts += interests(person)
    contact = [(_("Office"), person.office)]
    if person.contact or not person.email:
        contact.append((_("E-mail"), person.contact))
    for label, value in contact:
        if value:
            facts += paragraph("labsite-contact-line", nodes.Text(f"{label}: {value}"))
    if person.email:
        address = f"mailto:{person.email}"
        link = nodes.reference("", person.email, refuri=address)
        label = nodes.Text(_("E-mail") + ": ")
        facts += paragraph("labsite-contact-line", label, link)
    if person.links:
        links = (link_reference(link) for link in person.links)
        facts += paragraph("labsite-links", *joined(links, " "))
    card += facts
    yield card


def _mentors(person: Person, site: SiteRecords) -> Iterator[nodes.Node]:
    for name in person.mentors:
        mentor = site.people_by_name.get(name)
        yield person_reference(mentor) if mentor else nodes.Text(name)


def _record(
    person: Person, site: SiteRecords, document: nodes.document
) -> Iterator[nodes.Node]:
    """Yield what stands below a person's text: awards, co-authors, papers."""
    if person.awards:
        awards = nodes.bullet_list(classes=["labsite-honours"])
        awards += [_honour(award, site) for award in person.awards]
        yield _section("awards", _("Awards"), awards)
    query = site.by_person(person)
    total = len(site.select(query))
    if not total:
        return
    if _FEW < total <= site.split_above:
        papers = _selection(query, total, site, document, person)
    else:
        papers = list_content(query, Grouping.YEAR, site, document, person)
    count = nodes.inline("", str(total), classes=["labsite-count"])
    title = nodes.title("", "", nodes.Text(_("Publications") + " "), count)
    exports = export_links(person.docname)
    yield nodes.section("", title, *papers, exports, ids=["publications"])
    together = site.authorship.coauthors_in_lab(person)
    if together:
        names = paragraph("labsite-names", *counted_names(together))
        yield _section("with", _("Co-authors in the lab"), names)


def _selection(
    query: Query,
    total: int,
    site: SiteRecords,
    document: nodes.document,
    person: Person,
) -> list[nodes.Node]:
    """Return the papers marked as selected, or the newest, and the way to all."""
    selected = replace(query, selected=True, limit=_FEW)
    if not site.select(selected):
        selected = replace(query, limit=_FEW)
    listed = list_content(selected, Grouping.NONE, site, document, person)
    whole = nodes.inline("", _("All %d publications") % total)
    address = f"{site.publications_dir}/index?person={quote(person.name)}"
    link = reference("query", address, whole)
    says = nodes.Text(_("Here is a selection.") + " ")
    return [paragraph("labsite-selection", says, link), *listed]


def _honour(honour: Honour, site: SiteRecords) -> nodes.list_item:
    parts: list[nodes.Node] = [nodes.strong("", honour.name)]
    if honour.by:
        parts.append(nodes.Text(f", {honour.by}"))
    if honour.issued:
        parts.append(nodes.Text(f", {format_issued(honour.issued, site.language)}"))
    for key in honour.papers:
        publication = site.library.by_key.get(key)
        if publication:
            parts += [nodes.Text(": "), publication_reference(publication)]
    return nodes.list_item("", paragraph("labsite-honour", *parts))


def _section(anchor: str, title: str, *content: nodes.Node) -> nodes.section:
    return nodes.section("", nodes.title("", title), *content, ids=[anchor])
