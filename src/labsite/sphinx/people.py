"""People: roles, references, awards, the page of the team, each person's page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any
from urllib.parse import quote

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.locale import _
from sphinx.roles import XRefRole

from labsite.checks.pages import explain_person
from labsite.model.problems import Rule
from labsite.model.records import Person, Publication, Role
from labsite.pages.people import DeclaredRole, order_people
from labsite.site.authorship import HonourGiven, honours_of
from labsite.site.query import Grouping, Query
from labsite.site.settings import PUBLICATIONS
from labsite.site.site import SiteRecords
from labsite.sphinx.directives import report, show_records
from labsite.sphinx.domain import PublicationDomain, get_domain
from labsite.sphinx.lists import export_links, list_publications
from labsite.sphinx.nodes import (
    bullet_list,
    count_mark,
    format_issued,
    inline,
    joined,
    line,
    link_line,
    make_section,
    paragraph,
    publication_reference,
    reference,
)
from labsite.sphinx.pictures import portrait
from labsite.sphinx.topics import newest_line, topic_line

#: Maximum number of names in a line.
_MOST_NAMES = 200
#: Topics on a card, the most frequent first.
_SHOWN_TOPICS = 2
#: Papers on a person's page; the page of publications lists more, with a search.
_FEW = 40


def role_labels(role: str, site: SiteRecords) -> tuple[str, str]:
    """Return the label of a role in singular and plural.

    The word itself is the label of an unknown role.
    """
    word = role.replace("-", " ").replace("_", " ").capitalize()
    known: dict[str, tuple[str, str]] = {
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
    one, several = known.get(role, (word, word))
    declared = site.settings.roles.get(role, DeclaredRole())
    several = declared.plural or declared.name or several
    return declared.name or one, several


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


def list_creators(publication: Publication, most: int) -> str:
    """Return the names of the first *most* creators of a publication."""
    names = [creator.name for creator in publication.creators]
    more = names[most:] or (names and publication.more_creators)
    return ", ".join(names[:most]) + (_(", and others") if more else "")


def person_reference(person: Person) -> nodes.Element:
    """Return a reference to a person's page."""
    return reference("page", person.docname, person.name, "labsite-person-name")


def roles_of(person: Person, site: SiteRecords) -> Iterator[str]:
    """Yield the role of a person, and the dates that are known."""
    dates = person.joined, person.left
    joined, left = (format_issued(d, site.language) if d else None for d in dates)
    if not person.has_left(site.today):
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
    links = (reference("page", f"search?q={quote(text)}", text) for text in texts)
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


def list_honours(site: SiteRecords) -> Iterator[nodes.Element]:
    """Yield awards of papers and honours of people: a section for each year."""
    for year, given in groupby(site.honours, key=lambda honour: honour.issued.year):
        listed = bullet_list("labsite-honours", (show_honour(h, site) for h in given))
        text = str(year or _("Undated"))
        yield make_section(f"year-{year or 'none'}", text, listed, number=len(listed))


def show_honour(honour: HonourGiven, site: SiteRecords) -> Iterator[nodes.paragraph]:
    """Yield its name, giver and date, papers and people."""
    yield paragraph("labsite-honour", nodes.strong("", honour.name))
    by, issued = honour.by or "", format_issued(honour.issued, site.language)
    # That of a paper is "by" its venue in a year: "HPCA 2026".
    where = [by, issued if issued not in by else ""]
    if any(where):
        yield paragraph("labsite-honour-of", ", ".join(filter(None, where)))
    for paper in honour.papers:
        yield paragraph("labsite-honour-paper", publication_reference(paper, site))
    yield from line("labsite-names", map(person_reference, honour.people), ", ")


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
    names = [f" {n}" for tag, n in person.names if tag == site.language]
    text += paragraph("labsite-person", person_reference(person), *names)
    text += [paragraph("labsite-role", role) for role in roles_of(person, site)]
    text += [*interests(person)]
    if not person.has_left(site.today):
        papers, known = site.papers_of(person), site.topics_by_slug
        counts = Counter(slug for p in papers for slug in p.topics if slug in known)
        most = [known[slug] for slug, _number in counts.most_common(_SHOWN_TOPICS)]
        text += [*topic_line(most), *newest_line(papers, site)]
    return text


def join_person(app: Sphinx, doctree: nodes.document) -> None:
    """Add a person's records above and below the text of the person's page."""
    person = get_domain(app.env).site.people_by_page.get(app.env.docname)
    section = doctree.next_node(nodes.section)
    if person and section is not None:
        profile, *record = show_records(app.env, show_person, person.slug)
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
        yield make_section("awards", _("Awards"), bullet_list("labsite-honours", items))
    total = len(written := site.papers_of(person))
    if total:
        papers = (*_papers(person, total, site), *export_links(person.docname))
        yield make_section("publications", _("Publications"), *papers, number=total)
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
        link = reference("page", address, whole)
        yield paragraph("labsite-selection", _("Here is a selection.") + " ", link)
        selected, grouping = query._replace(selected=True, limit=_FEW), Grouping.NONE
        query = selected if site.select(selected) else query._replace(limit=_FEW)
    yield from list_publications(site, query, grouping)
