"""The page of the team, and the page of each person."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING
from urllib.parse import quote

from docutils import nodes
from sphinx.locale import _
from sphinx.transforms import SphinxTransform

from labsite.pages.people import has_left, order_people
from labsite.site.authorship import honours_of
from labsite.site.query import Grouping, Query
from labsite.site.settings import PUBLICATIONS
from labsite.sphinx.directives import show_records
from labsite.sphinx.domain import get_domain
from labsite.sphinx.lists import export_links, list_publications
from labsite.sphinx.nodes import (
    bullet_list,
    inline,
    joined,
    link_line,
    make_section,
    paragraph,
    reference,
)
from labsite.sphinx.overviews import show_honour
from labsite.sphinx.people import (
    contacts_of,
    counted_names,
    interests,
    person_reference,
    role_labels,
    roles_of,
)
from labsite.sphinx.pictures import portrait
from labsite.sphinx.topics import newest_line, topic_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from labsite.model.records import Person
    from labsite.site.site import SiteRecords

#: Topics on a card.
_SHOWN_TOPICS = 2
#: Papers on a person's page; the page of publications lists more, with a search.
_FEW = 40


def list_people(site: SiteRecords) -> Iterator[nodes.Element]:
    """Yield a section of cards for each role of members, and one for alumni."""
    members, alumni = order_people(site.people, site.today, site.settings.roles)
    for role, group in groupby(members, key=lambda person: person.role):
        people = [*group]
        title = role_labels(role, site)[len(people) > 1]
        yield make_section(role, title, _cards(people, site))
    if alumni:
        yield make_section("alumni", _("Alumni"), _cards(alumni, site))


def _cards(people: Iterable[Person], site: SiteRecords) -> nodes.bullet_list:
    items = ((portrait(person, site), _card_text(person, site)) for person in people)
    return bullet_list("labsite-people", items, "labsite-card")


def _card_text(person: Person, site: SiteRecords) -> nodes.container:
    text = nodes.container(classes=["labsite-person-text"])
    text += paragraph("labsite-person", person_reference(person))
    text += [paragraph("labsite-role", role) for role in roles_of(person, site)]
    text += [*interests(person)]
    if not has_left(person, site.today):
        text += [*_work(person, site)]
    return text


def _work(person: Person, site: SiteRecords) -> Iterator[nodes.paragraph]:
    """Yield the person's most frequent topics and newest paper."""
    papers, known = site.papers_of(person), site.topics_by_slug
    counts = Counter(slug for p in papers for slug in p.topics if slug in known)
    yield from topic_line(known[slug] for slug, _n in counts.most_common(_SHOWN_TOPICS))
    yield from newest_line(papers)


class PersonPageTransform(SphinxTransform):
    """Add the records of a person to the text of the person's page."""

    # Before what collects titles, references and text.
    default_priority = 100

    def apply(self, **_kwargs: object) -> None:
        """Add them above and below the text, if the document is a person's page."""
        people, docname = get_domain(self.env).site.people, self.env.docname
        person = next((p for p in people if p.docname == docname), None)
        section = self.document.next_node(nodes.section)
        if person and section is not None:
            profile, *record = show_records(self.env, show_person, person.slug)
            section.insert(1, profile)
            section += record


def show_person(site: SiteRecords, slug: str) -> Iterator[nodes.Element]:
    """Yield a profile, then sections: awards, publications, co-authors."""
    person = site.people_by_name.get(slug)
    if person is None:
        return
    classes = ["labsite-profile-facts"]
    facts = nodes.container("", *_facts(person, site), classes=classes)
    picture = portrait(person, site)
    yield nodes.container("", picture, facts, classes=["labsite-profile"])
    if person.awards:
        given = honours_of([person], site.library)
        items = (show_honour(replace(each, people=()), site) for each in given)
        awards = bullet_list("labsite-honours", items)
        yield make_section("awards", _("Awards"), awards)
    total = len(written := site.papers_of(person))
    if total:
        papers = (*_papers(person, total, site), *export_links(person.docname))
        title = _("Publications")
        yield make_section("publications", title, *papers, number=total)
        ranked = site.rank_authors(written)
        together = [pair for pair in ranked if pair[0].slug != person.slug]
        if together:
            names = paragraph("labsite-names", *counted_names(together))
            yield make_section("with", _("Co-authors in the lab"), names)


def _facts(person: Person, site: SiteRecords) -> Iterator[nodes.Node]:
    for language, name in person.names:
        # For a paragraph docutils would want the language's quotation marks.
        yield paragraph("labsite-name-ko", inline(f"language-{language}", name))
    roles = (*roles_of(person, site), person.department, *person.affiliations)
    yield from (paragraph("labsite-role", role) for role in roles if role)
    if person.mentors:
        known = ((name, site.people_by_name.get(name)) for name in person.mentors)
        mentors = (person_reference(p) if p else nodes.Text(name) for name, p in known)
        by = _("Mentored by") + " "
        yield paragraph("labsite-role", by, *joined(mentors, ", "))
    yield from interests(person)
    if person.office:
        office = _("Office") + ": " + person.office
        yield paragraph("labsite-contact-line", office)
    for contact in contacts_of(person):
        yield paragraph("labsite-contact-line", _("E-mail") + ": ", contact)
    yield from link_line(person.links)


def _papers(person: Person, total: int, site: SiteRecords) -> Iterator[nodes.Node]:
    """Yield the list; of a long one the selected or newest, and a link to all."""
    query, grouping = Query(person=person.slug), Grouping.YEAR
    # Once it is divided, the list of all publications has no filter to link to.
    if _FEW < total <= site.settings.split_lists_above and Query() not in site.parts:
        whole = _("All %d publications") % total
        address = f"{PUBLICATIONS}/index?person={quote(person.name)}"
        link = reference("query", address, whole)
        yield paragraph("labsite-selection", _("Here is a selection.") + " ", link)
        selected, grouping = replace(query, selected=True, limit=_FEW), Grouping.NONE
        query = selected if site.select(selected) else replace(query, limit=_FEW)
    yield from list_publications(site, query, grouping, person)
