"""The groups with which the lab writes papers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from docutils import nodes

from labsite.model.digests import digest_text
from labsite.model.problems import Problem, Rule, quote
from labsite.pages.data_files import read_collaborators
from labsite.site.authorship import Authorship, Identities
from labsite.sphinx.directives import FileDirective
from labsite.sphinx.domain import get_domain
from labsite.sphinx.languages import count_label, current_language
from labsite.sphinx.logging import warn_problem
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


@dataclass(frozen=True, slots=True)
class _StrangersView:
    """The members who are authors of no paper: a page reports them when it is read."""

    groups: tuple[Collaborator, ...]

    def problems(self, site: SiteRecords) -> list[Problem]:
        """Return a problem for each."""
        return [*_find_strangers(_authorship(site, *self.groups))]

    def digest(self, site: SiteRecords) -> tuple[str, str]:
        """Digest their names."""
        return digest_text(*map(str, self.problems(site))), ""


class CollaboratorsDirective(FileDirective):
    """The groups in a data file, with the papers of their members."""

    kind = "groups"
    make = staticmethod(_list_groups)
    read = staticmethod(
        lambda path, file: read_collaborators(path, file, current_language())
    )

    def parameters(self) -> tuple[Collaborator, ...]:
        """Return the groups; report members who are authors of no paper."""
        groups, domain = super().parameters(), get_domain(self.env)
        view = _StrangersView(groups)
        domain.note_view(self.env.docname, view)
        for problem in view.problems(domain.site):
            warn_problem(problem)
        return groups


def _find_strangers(authorship: Authorship) -> Iterator[Problem]:
    """Yield a problem for each person who is the author of no paper."""
    similar = authorship.identities.find_similar
    papers = authorship.library.publications
    for person in authorship.identities.people:
        if not authorship.publications_of(person):
            authors = (creator.name for paper in papers for creator in paper.creators)
            near = next((name for name in authors if person in similar(name)), None)
            remedy = "write the name as papers print it, or remove it"
            remedy = f"did you mean {quote(near)}?" if near else remedy
            yield Problem(
                rule=Rule.BAD_VALUE,
                message=f"no paper has the author {quote(person.name)}; {remedy}",
                file=person.source.file,
                line=dict(person.source.lines)["name"],
            )
