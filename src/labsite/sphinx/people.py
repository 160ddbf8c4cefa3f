"""People's pages, the team page, and who works on a topic."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, ClassVar

from docutils import nodes
from sphinx.locale import _
from sphinx.roles import XRefRole
from sphinx.transforms import SphinxTransform
from sphinx.util.docutils import SphinxDirective

from labsite.model.digests import digest_text
from labsite.model.problems import Rule
from labsite.model.records import DeclaredRole, Person, Role
from labsite.pages.people import has_left, order_people
from labsite.site.query import Grouping
from labsite.site.views import ListView, list_shape
from labsite.sphinx.domain import PublicationDomain, get_domain
from labsite.sphinx.lists import export_links, list_content
from labsite.sphinx.logging import warn
from labsite.sphinx.nodes import (
    format_issued,
    joined,
    link_reference,
    page_reference,
    paragraph,
    publication_reference,
)
from labsite.sphinx.pictures import portrait

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sphinx.util.typing import OptionSpec

    from labsite.model.records import Honour
    from labsite.site.site import SiteRecords


#: What ``now`` says of somebody with more than a place's name.
_IN_WORDS = re.compile(
    r"\b(?:at|@|with)\s|^(?:an?|the|adjunct|assistant|associate|chief|co-?founder|data|"
    r"director|doctoral|engineer|faculty|founder|full|graduate|intern|lecturer|m\.?s\.?c?|"
    r"manager|ph\.?d\.?|post-?doc\w*|principal|professor|reader|research(?:er)?|scientist|"
    r"senior|software|staff|student|visiting|working)\b(?!\s+(?:institute|center|centre|"
    r"council|university|lab|foundation))",
    re.IGNORECASE,
)
#: Names in a line; where several lines are, in each of them.
_MOST_NAMES, _FEW_NAMES = 200, 20


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
        shown += map(list_shape, papers)
        return digest_text(*shown, *map(site.appearance, rewarded))


@dataclass(frozen=True, slots=True)
class TeamView:
    """Everybody, as cards."""

    def digest(self, site: SiteRecords) -> str:
        """Digest the people in the order of the team page."""
        pictures = [site.pictures.of(person) for person in site.people]
        ordered = order_people(site.people, site.today, site.roles)
        return digest_text(repr(ordered), repr(site.roles), repr(pictures))


@dataclass(frozen=True, slots=True)
class TopicPeopleView:
    """Who works on each topic."""

    topic: str | None

    def digest(self, site: SiteRecords) -> str:
        """Digest topics and names."""
        return digest_text(
            *(
                f"{topic.title}: {_members(topic.slug, site)!r}"
                for topic in site.topics
                if self.topic in {None, topic.slug}
            )
        )


def role_labels(role: str, site: SiteRecords) -> tuple[str, str]:
    """Return what one person of a role is called, and what several are.

    Where nobody says, it is the role's own word.
    """
    word = role.replace("-", " ").replace("_", " ").capitalize()
    one, several = _known_roles().get(role, (word, word))
    declared = site.roles.get(role, DeclaredRole())
    several = declared.plural or declared.name or several
    return declared.name or one, several


def _known_roles() -> dict[str, tuple[str, str]]:
    return {
        Role.PI: (_("Principal investigator"), _("Principal investigators")),
        Role.PROFESSOR: (_("Professor"), _("Professors")),
        Role.POSTDOC: (_("Postdoctoral researcher"), _("Postdoctoral researchers")),
        Role.PHD: (_("PhD student"), _("PhD students")),
        Role.MSPHD: (
            _("Integrated MS/PhD student"),
            _("Integrated MS/PhD students"),
        ),
        Role.MS: (_("MS student"), _("MS students")),
        Role.INTERN: (_("Intern"), _("Interns")),
        Role.STAFF: (_("Staff"), _("Staff")),
        Role.VISITOR: (_("Visitor"), _("Visitors")),
        Role.MEMBER: (_("Member"), _("Members")),
    }


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


class TopicPeopleDirective(SphinxDirective):
    """Who works on a topic now, or on each of them."""

    has_content = False
    optional_arguments = 1
    option_spec: ClassVar[OptionSpec] = {}

    def run(self) -> list[nodes.Node]:
        """Return the names of one topic, or a list of all topics with names."""
        domain = get_domain(self.env)
        slug = self.arguments[0] if self.arguments else None
        domain.note_view(self.env.docname, TopicPeopleView(slug))
        if slug is not None and slug not in domain.site.topics_by_slug:
            message = "unknown topic '%s'; there are %s"
            known = ", ".join(domain.site.topics_by_slug)
            place = self.get_location()
            warn(Rule.BAD_QUERY, message, slug, known, location=place)
            return []
        if slug is not None:
            return list(_working_on(slug, domain.site))
        result = nodes.definition_list(classes=["labsite-topic-people"])
        for topic in domain.site.topics:
            members = _members(topic.slug, domain.site)
            names = _names(members, _FEW_NAMES, topic.docname)
            term = nodes.term("", "", page_reference(topic.docname, topic.title))
            definition = nodes.definition("", paragraph("labsite-names", *names))
            result += nodes.definition_list_item("", term, definition)
        return [result]


class PersonRole(XRefRole):
    """A reference to a person's page, by name or by the page's file name."""

    def __init__(self) -> None:
        super().__init__(warn_dangling=True, innernodeclass=nodes.inline)

    def result_nodes(
        self, document: nodes.document, env: object, node: nodes.Element, is_ref: bool
    ) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Hand the reference to the domain that knows the people."""
        node["refdomain"], node["reftype"] = PublicationDomain.name, "person"
        return [node], []


def person_reference(person: Person) -> nodes.Element:
    """Return a reference to a person's page."""
    return page_reference(person.docname, person.name, "labsite-person-name")


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
        for text in (*_roles(person, site), person.department, *person.affiliations)
        if text
    ]
    if person.mentors:
        mentors = joined(_mentors(person, site), ", ")
        by = nodes.Text(_("Mentored by") + " ")
        facts += paragraph("labsite-role", by, *mentors)
    if person.interests:
        text = ", ".join(person.interests)
        facts += paragraph("labsite-interests", nodes.Text(text))
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


def _roles(person: Person, site: SiteRecords) -> Iterator[str]:
    """Yield what the person is or was here, with what is known of when."""
    joined, left = (
        format_issued(date, site.language) if date else None
        for date in (person.joined, person.left)
    )
    if not has_left(person, site.today):
        role = person.position or role_labels(person.role, site)[0]
        yield role
        # When the role itself began, nobody says.
        if joined:
            yield _("In the lab since %s") % joined
        return
    got = f" ({person.degree})" if person.degree else ""
    # "Alumnus" is said of men, and "graduate" of those with a degree.
    yield _("Former member") + got
    if joined and left:
        yield f"{joined} \u2013 {left}"
    elif joined:
        yield _("Joined %s") % joined
    elif left:
        yield _("Until %s") % left
    if person.now:
        now = _("Now") if _IN_WORDS.search(person.now) else _("Now at")
        yield f"{now} {person.now}"


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
    papers = list_content(query, Grouping.YEAR, site, document, person)
    if not papers:
        return
    counts = site.authorship.counts_by_year(person)
    total = sum(number for _year, number in counts)
    count = nodes.inline("", str(total), classes=["labsite-count"])
    title = nodes.title("", "", nodes.Text(_("Publications") + " "), count)
    exports = export_links(person.docname)
    yield nodes.section("", title, *papers, exports, ids=["publications"])
    together = site.authorship.coauthors_in_lab(person)
    if together:
        names = paragraph("labsite-names", *_names(together))
        yield _section("with", _("Co-authors in the lab"), names)


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


def _cards(
    anchor: str, title: str, people: Iterable[Person], site: SiteRecords
) -> nodes.section:
    cards = nodes.bullet_list(classes=["labsite-people"])
    for person in people:
        text = nodes.container(classes=["labsite-person-text"])
        text += paragraph("labsite-person", person_reference(person))
        text += [paragraph("labsite-role", nodes.Text(t)) for t in _roles(person, site)]
        if person.interests:
            interests = nodes.Text(", ".join(person.interests))
            text += paragraph("labsite-interests", interests)
        cards += nodes.list_item(
            "", portrait(person, site), text, classes=["labsite-card"]
        )
    return _section(anchor, title, cards)


def _members(slug: str, site: SiteRecords) -> tuple[tuple[Person, int], ...]:
    return site.authorship.people_of_topic(slug, site.today)


def _working_on(slug: str, site: SiteRecords) -> Iterator[nodes.Node]:
    members = _members(slug, site)
    if members:
        label = nodes.strong("", _("Present members with papers on this:"))
        yield paragraph("labsite-names", label, nodes.Text(" "), *_names(members))


def _names(
    people: Sequence[tuple[Person, int]], most: int = _MOST_NAMES, others: str = ""
) -> Iterator[nodes.Node]:
    """Return at most so many names, each with a number.

    :param others: the document that has more of them
    """
    counted: list[nodes.Node] = [
        nodes.inline(
            "",
            "",
            person_reference(person),
            nodes.Text(" "),
            nodes.inline("", str(number), classes=["labsite-count"]),
        )
        for person, number in people[:most]
    ]
    if len(people) > most:
        more = _("%d more") % (len(people) - most)
        counted.append(
            page_reference(others, more) if others else nodes.inline("", more)
        )
    return joined(counted, ", ")
