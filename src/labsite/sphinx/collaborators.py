"""The groups with which the lab writes papers."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from docutils import nodes

from labsite.model.problems import Rule, quote
from labsite.pages.data_files import read_collaborators
from labsite.site.authorship import Authorship, Identities
from labsite.sphinx.directives import FileDirective, show_records
from labsite.sphinx.languages import count_label, current_language
from labsite.sphinx.logging import warn
from labsite.sphinx.nodes import inline, paragraph
from labsite.sphinx.topics import papers_by_year

if TYPE_CHECKING:
    from collections.abc import Iterator

    from labsite.pages.data_files import Collaborator
    from labsite.site.site import SiteRecords


def _authorship(site: SiteRecords, *groups: Collaborator) -> Authorship:
    """Match author names to the members of groups."""
    members = {person.name: person for group in groups for person in group.members}
    return Authorship(Identities(members.values()), site.library)


def _list_groups(site: SiteRecords, *groups: Collaborator) -> Iterator[nodes.Element]:
    """Yield the groups with their papers by year, the most papers first."""
    papers_of = _authorship(site, *groups).publications_of
    listed = []
    for group in groups:
        keys = {paper.key for person in group.members for paper in papers_of(person)}
        papers = [p for p in site.library.publications if p.key in keys]
        if papers:
            label = count_label("%d publication", "%d publications", len(papers))
            people = ", ".join(person.name for person in group.members)
            facts = "\u00a0· ".join(filter(None, (people, group.institution, label)))
            name: nodes.Element = inline(None, group.name)
            if group.url:
                name = nodes.reference("", "", name, refuri=group.url)
            years = papers_by_year(papers, dots=len(papers) <= site.split_above)
            shown = paragraph("labsite-collaborator", facts), *years
            definition = nodes.definition("", *shown)
            listed.append((len(papers), nodes.term("", "", name), definition))
    listed.sort(key=lambda each: -each[0])
    items = (nodes.definition_list_item("", *content) for _, *content in listed)
    if listed:
        yield nodes.definition_list("", *items, classes=["labsite-timeline"])


def _find_strangers(site: SiteRecords, *groups: Collaborator) -> Iterator[nodes.inline]:
    """Yield a message and its location for each member who has no paper."""
    authorship = _authorship(site, *groups)
    similar = authorship.identities.find_similar
    for person in authorship.identities.people:
        if authorship.publications_of(person):
            continue
        creators = (c for paper in site.library.publications for c in paper.creators)
        near = next((c.name for c in creators if person in similar(c.name)), None)
        remedy = "write the name as papers print it, or remove it"
        remedy = f"did you mean {quote(near)}?" if near else remedy
        message = f"no paper has the author {quote(person.name)}; {remedy}"
        place = f"{person.source.file}:{dict(person.source.lines)['name']}"
        yield nodes.inline(message, message, location=place)


class CollaboratorsDirective(FileDirective):
    """The groups in a data file, with the papers of their members."""

    kind = "groups"
    make = staticmethod(_list_groups)
    read = staticmethod(
        lambda path, file: read_collaborators(path, file, current_language())
    )

    def parameters(self) -> tuple[Collaborator, ...]:
        """Return the groups; report members who are authors of no paper."""
        groups = super().parameters()
        for found in show_records(self.env, _find_strangers, *groups):
            place = cast("nodes.inline", found)["location"]
            warn(Rule.BAD_VALUE, "%s", found.astext(), location=place)
        return groups
