"""Projects: the publications whose code, artifact or data everybody can have."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from docutils import nodes
from sphinx.locale import _
from sphinx.util.docutils import SphinxDirective

from labsite.model.digests import digest_text
from labsite.model.rich_text import RichText, Span, Style
from labsite.sphinx.domain import get_domain
from labsite.sphinx.nodes import (
    joined,
    link_reference,
    more_reference,
    paragraph,
    reference,
    rich_text,
)
from labsite.sphinx.sections import counted_section

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sphinx.util.typing import OptionSpec

    from labsite.model.records import Link, Publication
    from labsite.site.site import SiteRecords

#: The links that make a project of a publication.
_LINKS = {"code", "artifact", "data"}
#: Characters; what stands before the colon of a title and is longer is not a name.
_LONGEST_NAME = 30


@dataclass(frozen=True, slots=True)
class ProjectsView:
    """All projects under their topics."""

    def digest(self, site: SiteRecords) -> str:
        """Digest the projects as a list shows them, and the topics' titles."""
        groups = group_projects(site)
        shown = [site.appearance(p) for _, _, found in groups for p in found]
        return digest_text(*shown, *(title for _, title, _ in groups))


class ProjectsDirective(SphinxDirective):
    """All projects, under the topics of their publications."""

    has_content = False
    option_spec: ClassVar[OptionSpec] = {}

    def run(self) -> list[nodes.Node]:
        """Return a section for each topic that has a project."""
        domain = get_domain(self.env)
        domain.note_view(self.env.docname, ProjectsView())
        content: list[nodes.Node] = []
        site, groups = domain.site, group_projects(domain.site)
        most = _most_each([len(publications) for _, _, publications in groups], site)
        for slug, title, publications in groups:
            listed = nodes.bullet_list(classes=["labsite-projects"])
            listed += [_project(publication) for publication in publications[:most]]
            anchor = f"projects-{slug or 'other'}"
            document = self.state.document
            number = len(publications)
            section = counted_section(anchor, title, listed, document, number)
            if number > most:
                topic = site.topics_by_slug.get(slug)
                index = f"{site.publications_dir}/index"
                page = topic.docname if topic else index
                section += more_reference(number - most, page)
            content.append(section)
        return content


def _most_each(numbers: Sequence[int], site: SiteRecords) -> int:
    """Return how many projects of a topic the page shows, that it stays a page."""
    if sum(numbers) <= site.split_above:
        return site.split_above
    return max(site.split_above // len(numbers), 1)


def group_projects(
    site: SiteRecords,
) -> list[tuple[str, str, tuple[Publication, ...]]]:
    """Return slug and title of each topic with projects, and these, newest first.

    A publication stands under the first of its topics that has a page. Those without
    one come last, under the empty slug.
    """
    groups: dict[str, list[Publication]] = {topic.slug: [] for topic in site.topics}
    groups[""] = []
    for publication in site.library.publications:
        if project_links(publication):
            known = (slug for slug in publication.topics if slug in groups)
            groups[next(known, "")].append(publication)
    titles = {topic.slug: topic.title for topic in site.topics}
    return [
        (slug, titles.get(slug, _("Other")), tuple(publications))
        for slug, publications in groups.items()
        if publications
    ]


def project_links(publication: Publication) -> tuple[Link, ...]:
    """Return the links to what a project offers, in the order of the buttons."""
    return tuple(link for link in publication.links if link.name in _LINKS)


def project_name(title: RichText) -> RichText:
    """Return what stands before the colon of a title, if that is a name.

    Anything longer than a name, and a title without a colon, is returned whole.
    """
    before: list[Span] = []
    for span in title.spans:
        text, colon, _rest = span.text.partition(":")
        if colon and span.style is not Style.MATH:
            name = RichText((*before, replace(span, text=text)))
            return name if 0 < len(str(name).strip()) <= _LONGEST_NAME else title
        before.append(span)
    return title


def _project(publication: Publication) -> nodes.list_item:
    name = project_name(publication.title)
    content = nodes.inline("", "", *rich_text(name))
    link = reference("ref", publication.key, content)
    item = nodes.list_item(classes=["labsite-project"])
    item += paragraph("labsite-project-name", link)
    summary = publication.text("summary")
    if summary:
        item += paragraph("labsite-project-title", nodes.Text(summary))
    elif name is not publication.title:
        item += paragraph("labsite-project-title", *rich_text(publication.title))
    item += list(_venue(publication))
    buttons = map(link_reference, project_links(publication))
    item += paragraph("labsite-links", *joined(buttons, " "))
    return item


def _venue(publication: Publication) -> Iterator[nodes.paragraph]:
    label = publication.venue.label if publication.venue else None
    year = str(publication.issued.year) if publication.issued else None
    text = " ".join(filter(None, (label, year)))
    if text:
        yield paragraph("labsite-project-venue", nodes.Text(text))
