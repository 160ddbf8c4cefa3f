"""The page of the team: everybody as cards, members under their roles."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.locale import _
from sphinx.util.docutils import SphinxDirective

from labsite.model.digests import digest_text
from labsite.pages.people import has_left, order_people
from labsite.sphinx.domain import get_domain
from labsite.sphinx.nodes import (
    joined,
    page_reference,
    paragraph,
    publication_reference,
)
from labsite.sphinx.people import (
    interests,
    person_reference,
    role_labels,
    roles_of,
)
from labsite.sphinx.pictures import portrait

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from labsite.model.records import Person, Publication, Topic
    from labsite.site.site import SiteRecords

#: How many topics a card has.
_SHOWN_TOPICS = 2


@dataclass(frozen=True, slots=True)
class TeamView:
    """Everybody, as cards."""

    def digest(self, site: SiteRecords) -> str:
        """Digest the people in the order of the team page."""
        pictures = [site.pictures.of(person) for person in site.people]
        ordered = order_people(site.people, site.today, site.roles)
        work = [_work(person, site) for person in ordered[0]]
        return digest_text(
            *map(repr, (ordered, site.roles, pictures)),
            *(
                repr(topics) + site.appearance(paper)
                for topics, paper in filter(None, work)
            ),
        )


class TeamDirective(SphinxDirective):
    """Everybody: members under their roles, then alumni."""

    has_content = False

    def run(self) -> list[nodes.Node]:
        """Return a section for each role, and one for alumni."""
        domain = get_domain(self.env)
        domain.note_view(self.env.docname, TeamView())
        site = domain.site
        members, alumni = order_people(site.people, site.today, site.roles)
        content: list[nodes.Node] = []
        for role, group in groupby(members, key=lambda person: person.role):
            of_role = list(group)
            title = role_labels(role, site)[len(of_role) > 1]
            content.append(_cards(nodes.make_id(role), title, of_role, site))
        if alumni:
            content.append(_cards("alumni", _("Alumni"), alumni, domain.site))
        return content


def _cards(
    anchor: str, title: str, people: Iterable[Person], site: SiteRecords
) -> nodes.section:
    cards = nodes.bullet_list(classes=["labsite-people"])
    for person in people:
        text = nodes.container(classes=["labsite-person-text"])
        text += paragraph("labsite-person", person_reference(person))
        text += [
            paragraph("labsite-role", nodes.Text(t)) for t in roles_of(person, site)
        ]
        text += interests(person)
        text += list(_recent(person, site))
        cards += nodes.list_item(
            "", portrait(person, site), text, classes=["labsite-card"]
        )
    return nodes.section("", nodes.title("", title), cards, ids=[anchor])


def _work(person: Person, site: SiteRecords) -> tuple[list[Topic], Publication] | None:
    """Return a member's most frequent topics and newest paper; nothing of others."""
    papers = site.select(site.by_person(person))
    if not papers or has_left(person, site.today):
        return None
    known = site.topics_by_slug
    counts = Counter(slug for p in papers for slug in p.topics if slug in known)
    topics = [known[slug] for slug, _number in counts.most_common(_SHOWN_TOPICS)]
    return topics, papers[0]


def _recent(person: Person, site: SiteRecords) -> Iterator[nodes.Node]:
    work = _work(person, site)
    if work:
        topics, paper = work
        chips = [page_reference(t.docname, t.title, "labsite-chip") for t in topics]
        if chips:
            yield paragraph("labsite-topics", *joined(chips, " "))
        label = nodes.Text(_("Newest paper:") + " ")
        yield paragraph("labsite-newest", label, publication_reference(paper))
