"""Cards of topics, made from the front matter of their pages."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx import addnodes
from sphinx.locale import _
from sphinx.util.docutils import SphinxDirective
from sphinx_design.shared import create_component

from labsite.site.groups import topic_group
from labsite.site.views import TopicsView
from labsite.sphinx.directives import show_records
from labsite.sphinx.domain import get_domain
from labsite.sphinx.languages import count_label
from labsite.sphinx.nodes import (
    joined,
    page_reference,
    paragraph,
    publication_reference,
)
from labsite.sphinx.pictures import show_drawing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from labsite.model.records import Publication, Topic
    from labsite.site.site import SiteRecords


class TopicCardsDirective(SphinxDirective):
    """A card for each topic: drawing, title, summary and number of publications.

    The topics' pages come below the page with the cards, in the same order.
    """

    def run(self) -> list[nodes.Node]:
        """Return a grid of sphinx-design with up to two columns, and a toctree."""
        domain = get_domain(self.env)
        domain.note_view(self.env.docname, TopicsView())
        topics = domain.site.topics
        columns = "sd-row sd-row-cols-1 sd-row-cols-md-2 sd-g-4"
        row = _design("grid-row", columns, *map(self._item, topics))
        docnames = [topic.docname for topic in topics]
        toctree = addnodes.toctree(
            parent=self.env.docname,
            entries=[(None, docname) for docname in docnames],
            includefiles=docnames,
            maxdepth=1,
            caption=None,
            glob=False,
            hidden=True,
            includehidden=False,
            numbered=0,
            titlesonly=False,
        )
        self.set_source_info(toctree)
        return [
            _design("grid-container", "sd-container-fluid", row),
            nodes.compound("", toctree, classes=["toctree-wrapper"]),
        ]

    def _item(self, topic: Topic) -> nodes.container:
        body = _design("card-body", "sd-card-body")
        if topic.image:
            # The title beside it is its text alternative.
            name, page = f"/{topic.image.lstrip('/')}", f"{topic.docname}.md"
            body += [*show_drawing(self.env, name, page, decorative=True)]
        link = page_reference(topic.docname, topic.title, "sd-stretched-link")
        title = nodes.rubric("", "", link, classes=["sd-card-title"])
        title["heading-level"] = 2
        body += title
        if topic.summary:
            body += nodes.paragraph("", topic.summary, classes=["sd-card-text"])
        papers = show_records(self.env, show_papers, topic.slug)
        footer = _design("card-footer", "sd-card-footer", *papers)
        card = _design("card", "sd-card sd-w-100 labsite-topic", body, footer)
        return _design("grid-item", "sd-col sd-d-flex-row", card)


def _design(component: str, classes: str, *children: nodes.Node) -> nodes.container:
    """Return a component of sphinx-design."""
    return create_component(component, classes.split(), children=children)


def topic_line(topics: Iterable[Topic]) -> Iterator[nodes.paragraph]:
    """Yield a line of references to topics, if there are any."""
    chips = [page_reference(t.docname, t.title, "labsite-chip") for t in topics]
    if chips:
        yield paragraph("labsite-topics", *joined(chips, " "))


def newest_line(papers: Sequence[Publication]) -> Iterator[nodes.paragraph]:
    """Yield a line with the first of *papers*, if there are any."""
    for paper in papers[:1]:
        title = publication_reference(paper)
        yield paragraph("labsite-newest", _("Newest paper:") + " ", title)


def show_papers(site: SiteRecords, slug: str) -> Iterator[nodes.Element]:
    """Yield the number of papers on a topic, a bar chart, and the newest paper."""
    topic = site.topics_by_slug.get(slug)
    if topic is None:  # removed since the page was read
        return
    papers = site.select(topic_group(topic).query)
    text = count_label("%d publication", "%d publications", len(papers))
    years = Counter(paper.issued.year for paper in papers if paper.issued.year)
    yield paragraph("labsite-topic-count", text, _sparkline(years))
    yield from newest_line(papers)


def _sparkline(counts: Mapping[int, int]) -> nodes.raw:
    """Return a small bar chart of the number of papers in each year."""
    first, most = min(counts, default=0), max(counts.values(), default=1)
    bars = "".join(
        f"M{4 * (year - first) + 2} 16v{-16 * number / most:.3g}"
        for year, number in sorted(counts.items())
    )
    width = 4 * (max(counts, default=0) - first + 1)
    size = f'viewBox="0 0 {width} 16" width="{width}" height="16"'
    tag = f'<svg class="labsite-sparkline" {size} aria-hidden="true">'
    return nodes.raw("", f'{tag}<path d="{bars}"/></svg>', format="html")
