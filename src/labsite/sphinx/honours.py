"""All honours of the lab and its members, by year."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.locale import _
from sphinx.util.docutils import SphinxDirective

from labsite.model.digests import digest_text
from labsite.site.honours import HonourGiven, find_honours
from labsite.sphinx.domain import get_domain
from labsite.sphinx.nodes import (
    format_issued,
    joined,
    paragraph,
    publication_reference,
)
from labsite.sphinx.people import person_reference
from labsite.sphinx.sections import counted_section

if TYPE_CHECKING:
    from collections.abc import Iterator

    from labsite.site.site import SiteRecords


@dataclass(frozen=True, slots=True)
class HonoursView:
    """All honours, with the names of who has them."""

    def digest(self, site: SiteRecords) -> str:
        """Digest what is shown of each."""
        return digest_text(
            *(
                repr((h.name, h.issued, h.by, [p.name for p in h.people]))
                + repr([(p.key, p.title) for p in h.papers])
                for h in find_honours(site)
            )
        )


class HonoursDirective(SphinxDirective):
    """Awards of papers, candidates, prizes and scholarships, newest year first."""

    has_content = False

    def run(self) -> list[nodes.Node]:
        """Return a section for each year."""
        domain = get_domain(self.env)
        domain.note_view(self.env.docname, HonoursView())
        sections: list[nodes.Node] = []
        honours = find_honours(domain.site)
        for year, given in groupby(honours, key=lambda honour: honour.issued.year):
            listed = nodes.bullet_list(classes=["labsite-honours"])
            listed += [_item(honour, domain.site) for honour in given]
            anchor, text = f"year-{year or 'none'}", str(year or _("Undated"))
            sections.append(counted_section(anchor, text, listed, self.state.document))
        return sections


def _item(honour: HonourGiven, site: SiteRecords) -> nodes.list_item:
    where = [honour.by] if honour.by else []
    if honour.issued.month:
        where.append(format_issued(honour.issued, site.language))
    item = nodes.list_item(
        "", paragraph("labsite-honour", nodes.strong("", honour.name))
    )
    if where:
        item += paragraph("labsite-honour-of", nodes.Text(", ".join(where)))
    for reference in _receivers(honour):
        item += reference
    return item


def _receivers(honour: HonourGiven) -> Iterator[nodes.paragraph]:
    for paper in honour.papers:
        yield paragraph("labsite-honour-paper", publication_reference(paper))
    if honour.people:
        names = map(person_reference, honour.people)
        yield paragraph("labsite-names", *joined(names, ", "))
