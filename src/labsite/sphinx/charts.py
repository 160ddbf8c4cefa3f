"""Numbers of papers as a chart and as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.locale import _

from labsite.site.chart import papers_per_year, stacked_bars
from labsite.sphinx.nodes import bullet_list, inline, paragraph

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from labsite.site.chart import Chart
    from labsite.site.site import SiteRecords


def _chart(site: SiteRecords) -> Chart:
    return papers_per_year(
        site.library.publications,
        site.topics,
        title=_("Papers per year and topic"),
        description=_("The same numbers stand in a table on this page."),
        other=_("Other"),
    )


def draw_chart(site: SiteRecords) -> Iterator[nodes.Element]:
    """Yield papers per year and topic as stacked bars, with a legend."""
    chart = _chart(site)
    svg = stacked_bars(chart)
    names = ([paragraph(None, inline(*each))] for each in chart.legend)
    legend = bullet_list("labsite-chart-legend", names)
    drawing = nodes.raw("", svg, format="html")
    yield nodes.container("", drawing, legend, classes=["labsite-chart"])


def make_table(site: SiteRecords) -> Iterator[nodes.Element]:
    """Yield papers per year and topic as a table, newest year first, with sums."""
    chart = _chart(site)
    heads = [_("Year"), *(part.name for part in chart.series), _("All")]
    columns = [chart.categories, *(s.values for s in chart.series), chart.totals]
    rows = list(zip(*columns, strict=True))
    sums = [_("All"), *map(sum, columns[1:])]  # type: ignore[arg-type]  # numbers
    yield _table(heads, [sums, *reversed(rows)])


def _table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> nodes.table:
    group = nodes.tgroup("", cols=len(heads))
    # The first column holds the row headers.
    group += nodes.colspec("", colwidth=1, stub=1)
    group += [nodes.colspec("", colwidth=1) for _head in heads[1:]]
    group += nodes.thead("", _row(heads))
    group += nodes.tbody("", *map(_row, rows))
    return nodes.table("", group, classes=["labsite-numbers"])


def _row(cells: Iterable[object]) -> nodes.row:
    entries = (nodes.entry("", nodes.paragraph("", str(cell))) for cell in cells)
    return nodes.row("", *entries)
