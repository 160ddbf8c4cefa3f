"""Roles, references and interests of people, and the people of topics."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from docutils import nodes
from sphinx.locale import _
from sphinx.roles import XRefRole

from labsite.checks.pages import explain_person
from labsite.model.problems import Rule
from labsite.model.records import DeclaredRole, Person, Role
from labsite.pages.people import has_left
from labsite.sphinx.directives import report
from labsite.sphinx.domain import PublicationDomain
from labsite.sphinx.nodes import (
    count_mark,
    definition_list,
    format_issued,
    inline,
    joined,
    line,
    paragraph,
    reference,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from labsite.site.site import SiteRecords

#: Maximum numbers of names in a single line, and in each of several lines.
_MOST_NAMES, _FEW_NAMES = 200, 20


def role_labels(role: str, site: SiteRecords) -> tuple[str, str]:
    """Return the label of a role in singular and plural.

    The word itself is the label of an unknown role.
    """
    word = role.replace("-", " ").replace("_", " ").capitalize()
    one, several = _known_roles().get(role, (word, word))
    declared = site.settings.roles.get(role, DeclaredRole())
    several = declared.plural or declared.name or several
    return declared.name or one, several


def _known_roles() -> dict[str, tuple[str, str]]:
    return {
        Role.PI: (_("Principal investigator"), _("Principal investigators")),
        Role.PROFESSOR: (_("Professor"), _("Professors")),
        Role.POSTDOC: (_("Postdoctoral researcher"), _("Postdoctoral researchers")),
        Role.PHD: (_("PhD student"), _("PhD students")),
        Role.MSPHD: (_("Integrated MS/PhD student"), _("Integrated MS/PhD students")),
        Role.MS: (_("MS student"), _("MS students")),
        Role.INTERN: (_("Intern"), _("Interns")),
        Role.STAFF: (_("Staff"), _("Staff")),
        Role.VISITOR: (_("Visitor"), _("Visitors")),
        Role.MEMBER: (_("Member"), _("Members")),
    }


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


def person_role(_name: str, *arguments: Any) -> Any:  # noqa: ANN401 -- Sphinx's types
    """Refer to a person's page, by name or by the page's file name."""
    role = XRefRole(warn_dangling=True, innernodeclass=nodes.inline)
    return role(f"{PublicationDomain.name}:person", *arguments)


def show_contact(site: SiteRecords, name: str, role: str) -> Iterator[nodes.Element]:
    """Yield the office, or the contact or else the e-mail address, of a person."""
    person = site.people_by_name.get(name)
    if person is None:
        yield report(Rule.UNKNOWN_KEY, explain_person(name, site.people_by_name))
        return
    found, field = [*contacts_of(person)], "contact' or 'email"
    if role == "office":
        found, field = [inline(None, person.office)] if person.office else [], role
    message = f"{person.source.file} has no '{field}'; add it to the page"
    yield found[0] if found else report(Rule.UNKNOWN_KEY, message)


def contacts_of(person: Person) -> Iterator[nodes.Element]:
    """Yield the contact of a person, and the e-mail address with a link."""
    if person.contact:
        yield inline("labsite-contact", person.contact)
    if person.email:
        yield nodes.reference("", person.email, refuri=f"mailto:{person.email}")


def person_reference(person: Person) -> nodes.Element:
    """Return a reference to a person's page."""
    return reference("page", person.docname, person.name, "labsite-person-name")


def roles_of(person: Person, site: SiteRecords) -> Iterator[str]:
    """Yield the role of a person, and the dates that are known."""
    dates = person.joined, person.left
    joined, left = (format_issued(d, site.language) if d else None for d in dates)
    if not has_left(person, site.today):
        yield person.position or role_labels(person.role, site)[0]
        # The start date of the role itself is unknown.
        if joined:
            yield _("In the lab since %s") % joined
        return
    got = f" ({person.degree})" if person.degree else ""
    # "Alumnus" is masculine, and a "graduate" has a degree.
    yield _("Former member") + got
    if joined and left:
        yield f"{joined} \u2013 {left}"
    elif joined:
        yield _("Joined %s") % joined
    elif left:
        yield _("Until %s") % left
    if person.now:
        yield _("Now:") + f" {person.now}"


def interests(person: Person) -> Iterator[nodes.paragraph]:
    """Yield a line of interests, each with a link to its search results."""
    texts = person.interests
    links = (reference("query", f"search?q={quote(text)}", text) for text in texts)
    return line("labsite-interests", links, ", ")


def counted_names(
    people: Sequence[tuple[Person, int]], most: int = _MOST_NAMES, others: str = ""
) -> Iterator[nodes.Node]:
    """Yield references to people, each with a number of papers.

    :param most: maximum number of references
    :param others: document with all of them
    """
    counted: list[nodes.Node] = [
        inline(None, person_reference(person), " ", count_mark(number))
        for person, number in people[:most]
    ]
    if len(people) > most:
        more = _("%d more") % (len(people) - most)
        link = reference("page", others, more) if others else inline(None, more)
        counted.append(link)
    return joined(counted, ", ")
