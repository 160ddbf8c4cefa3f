"""The page of the team: everybody as cards, members under their roles."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.locale import _

from labsite.pages.people import has_left, order_people
from labsite.sphinx.directives import RecordsDirective
from labsite.sphinx.nodes import (
    joined,
    page_reference,
    paragraph,
    publication_reference,
)
from labsite.sphinx.people import interests, person_reference, role_labels, roles_of
from labsite.sphinx.pictures import portrait

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from labsite.model.records import Person
    from labsite.site.site import SiteRecords

#: How many topics a card has.
_SHOWN_TOPICS = 2


class TeamDirective(RecordsDirective):
    """Everybody: members under their roles, then alumni."""

    @staticmethod
    def make(site: SiteRecords) -> Iterator[nodes.Element]:
        """Yield a section for each role, and one for alumni."""
        members, alumni = order_people(site.people, site.today, site.roles)
        for role, group in groupby(members, key=lambda person: person.role):
            of_role = list(group)
            title = role_labels(role, site)[len(of_role) > 1]
            yield _cards(nodes.make_id(role), title, of_role, site)
        if alumni:
            yield _cards("alumni", _("Alumni"), alumni, site)


def _cards(
    anchor: str, title: str, people: Iterable[Person], site: SiteRecords
) -> nodes.section:
    cards = nodes.bullet_list(classes=["labsite-people"])
    for person in people:
        text = nodes.container(classes=["labsite-person-text"])
        text += paragraph("labsite-person", person_reference(person))
        text += [paragraph("labsite-role", role) for role in roles_of(person, site)]
        text += interests(person)
        if not has_left(person, site.today):
            text += list(_work(person, site))
        picture = portrait(person, site)
        cards += nodes.list_item("", picture, text, classes=["labsite-card"])
    return nodes.section("", nodes.title("", title), cards, ids=[anchor])


def _work(person: Person, site: SiteRecords) -> Iterator[nodes.paragraph]:
    """Yield the person's most frequent topics and newest paper."""
    papers, known = site.select(site.by_person(person)), site.topics_by_slug
    counts = Counter(slug for p in papers for slug in p.topics if slug in known)
    topics = [known[slug] for slug, _number in counts.most_common(_SHOWN_TOPICS)]
    if topics:
        links = (page_reference(t.docname, t.title, "labsite-chip") for t in topics)
        yield paragraph("labsite-topics", *joined(links, " "))
    if papers:
        newest = publication_reference(papers[0])
        yield paragraph("labsite-newest", _("Newest paper:") + " ", newest)
