"""Topics: their cards, and their papers by year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from itertools import accumulate, groupby

from docutils import nodes
from sphinx.locale import _
from sphinx.util.docutils import SphinxDirective
from sphinx_design.shared import create_component

from labsite.model.records import Publication, Topic
from labsite.site.query import Query
from labsite.site.site import SiteRecords
from labsite.sphinx.directives import show_records, show_topics
from labsite.sphinx.domain import get_domain
from labsite.sphinx.languages import count_label, language_class
from labsite.sphinx.menu import hidden_toctree
from labsite.sphinx.nodes import (
    bullet_list,
    count_mark,
    definition_list,
    inline,
    line,
    paragraph,
    publication_reference,
    reference,
)
from labsite.sphinx.pictures import show_drawing

#: Parts of a bar in the chart: the theme has as many colours.
_MOST_SERIES = 6


class TopicCardsDirective(SphinxDirective):
    """A card for each topic: drawing, title, summary and number of publications.

    The topics' pages come below the page with the cards, in the same order.
    """

    def run(self) -> list[nodes.Node]:
        """Return a grid of sphinx-design with up to two columns, and a toctree."""
        show_records(self.env, show_topics)
        topics = get_domain(self.env).site.topics
        columns = "sd-row sd-row-cols-1 sd-row-cols-md-2 sd-g-4"
        row = _design("grid-row", columns, *map(self._item, topics))
        pages = hidden_toctree(self.env.docname, [topic.docname for topic in topics])
        self.set_source_info(pages[0])
        return [_design("grid-container", "sd-container-fluid", row), pages]

    def _item(self, topic: Topic) -> nodes.container:
        body = _design("card-body", "sd-card-body")
        if topic.image:
            # The title beside it is its text alternative.
            page = f"{topic.docname}.md:1"
            body += [*show_drawing(self.env, f"/{topic.image}", page, decorative=True)]
        link = reference("page", topic.docname, topic.title, "sd-stretched-link")
        title = nodes.rubric("", "", link, classes=["sd-card-title"])
        title["heading-level"] = 2
        body += title
        if topic.summary:
            body += nodes.paragraph("", topic.summary, classes=["sd-card-text"])
        papers = show_records(self.env, summarize_topic, topic.slug)
        footer = _design("card-footer", "sd-card-footer", *papers)
        card = _design("card", "sd-card sd-w-100 labsite-topic", body, footer)
        return _design("grid-item", "sd-col sd-d-flex-row", card)


def _design(component: str, classes: str, *children: nodes.Node) -> nodes.container:
    """Return a component of sphinx-design."""
    return create_component(component, classes.split(), children=children)


def topic_line(topics: Iterable[Topic]) -> Iterator[nodes.paragraph]:
    """Yield a line of references to topics, if there are any."""
    chips = (reference("page", t.docname, t.title, "labsite-chip") for t in topics)
    return line("labsite-topics", chips)


def newest_line(
    papers: Sequence[Publication], site: SiteRecords
) -> Iterator[nodes.paragraph]:
    """Yield a line with the first of *papers*, if there are any."""
    for paper in papers[:1]:
        title = publication_reference(paper, site)
        yield paragraph("labsite-newest", _("Newest paper:") + " ", title)


def summarize_topic(site: SiteRecords, slug: str) -> Iterator[nodes.Element]:
    """Yield the number of papers on a topic, a bar chart, and the newest paper."""
    topic = site.topics_by_slug.get(slug)
    if topic is None:  # removed since the page was read
        return
    papers = site.select(Query(topic=topic.slug))
    text = count_label("%d publication", "%d publications", len(papers))
    years = Counter(paper.issued.year for paper in papers if paper.issued.year)
    yield paragraph("labsite-topic-count", text, _sparkline(years))
    yield from newest_line(papers, site)


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


def first_topic(paper: Publication, site: SiteRecords) -> str:
    """Return the first topic of a paper that has a page, or ""."""
    return next((slug for slug in paper.topics if slug in site.topics_by_slug), "")


def show_timeline(site: SiteRecords) -> Iterator[nodes.Element]:
    """Yield each topic's papers by year: a dot for each, or numbers on large sites."""
    dots = len(site.library.publications) <= site.settings.split_lists_above
    items = (
        (reference("page", t.docname, t.title), papers_by_year(papers, site, dots=dots))
        for t in site.topics
        if (papers := site.select(Query(topic=t.slug)))
    )
    yield definition_list("labsite-timeline", items)


def papers_by_year(
    papers: Iterable[Publication], site: SiteRecords, *, dots: bool
) -> Iterator[nodes.paragraph]:
    """Yield a line for each year, with a dot for each paper or their number."""

    def dot(paper: Publication) -> nodes.Element:
        classes = f"labsite-dot {language_class(paper, site)}"
        return reference("ref", paper.key, str(paper.title), classes)

    for year, found in groupby(papers, key=lambda paper: paper.issued.year):
        made = [*found]
        text = inline("labsite-date", str(year or _("Undated")))
        shown: Iterable[nodes.Node | str] = " ", count_mark(len(made))
        if dots:
            shown = map(dot, made)
        yield paragraph("labsite-timeline-year", text, *shown)


def _papers_per_year(site: SiteRecords) -> tuple[list[str], dict[int, list[int]]]:
    """Return the names of topics, and the number of papers of each by year."""
    names = {**{topic.slug: topic.title for topic in site.topics}, "": _("Other")}
    by_year = groupby(site.library.publications, key=lambda paper: paper.issued.year)
    counts = {
        year: Counter(first_topic(paper, site) for paper in papers)
        for year, papers in by_year
        if year
    }
    shown = [slug for slug in names if any(found[slug] for found in counts.values())]
    rows = {year: [found[slug] for slug in shown] for year, found in counts.items()}
    return [names[slug] for slug in shown], rows


def draw_chart(site: SiteRecords) -> Iterator[nodes.Element]:
    """Yield a bar for each year, newest first, divided by topic, with a legend."""
    names, rows = _papers_per_year(site)
    if len(names) > _MOST_SERIES:
        most = _MOST_SERIES - 1
        names = [*names[:most], _("Other")]
        rows = {year: [*n[:most], sum(n[most:])] for year, n in rows.items()}
    longest = max(map(sum, rows.values()), default=0)
    bars = ([_bar(year, rows[year], names, longest)] for year in rows)
    legend = (
        [paragraph(None, inline(f"ls-series-{place}", name))]
        for place, name in enumerate(names, 1)
    )
    years = bullet_list("labsite-chart-years", bars)
    topics = bullet_list("labsite-chart-legend", legend)
    if rows:
        yield nodes.container("", years, topics, classes=["labsite-chart"])


def _bar(
    year: int, numbers: Sequence[int], names: Sequence[str], longest: int
) -> nodes.paragraph:
    """Return a year with its bar, which has a width of 1 for each paper."""
    ends = [0, *accumulate(numbers)]
    parts = (
        f'<rect class="ls-series-{place}" x="{ends[place - 1]}" width="{number}" '
        f'height="1"><title>{escape(name)}: {number}</title></rect>'
        for place, (number, name) in enumerate(zip(numbers, names, strict=True), 1)
        if number
    )
    size = f'viewBox="0 0 {longest} 1" preserveAspectRatio="none" height="16"'
    svg = f'<svg {size} aria-hidden="true">{"".join(parts)}</svg>'
    drawing = nodes.raw("", svg, format="html")
    date = inline("labsite-date", str(year))
    return paragraph(None, date, " ", drawing, " ", count_mark(ends[-1]))


def make_table(site: SiteRecords) -> Iterator[nodes.Element]:
    """Yield papers per year and topic as a table, newest year first, with sums."""
    names, rows = _papers_per_year(site)
    sums = [sum(column) for column in zip(*rows.values(), strict=True)]
    heads = [_("Year"), *names, _("All")]
    counted = (_("All"), sums), *rows.items()
    body = [_row([label, *numbers, sum(numbers)]) for label, numbers in counted]
    columns = [nodes.colspec("", colwidth=max(len(head), 4)) for head in heads]
    columns[0]["stub"] = True
    content = *columns, nodes.thead("", _row(heads)), nodes.tbody("", *body)
    if rows:
        group = nodes.tgroup("", *content, cols=len(heads))
        yield nodes.table("", group, classes=["labsite-numbers"])


def _row(cells: Iterable[object]) -> nodes.row:
    entries = (nodes.entry("", nodes.paragraph("", str(cell))) for cell in cells)
    return nodes.row("", *entries)
