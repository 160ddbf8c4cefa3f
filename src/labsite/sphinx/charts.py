"""The numbers of papers, as a drawing and as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from docutils import nodes
from sphinx.locale import _
from sphinx.util.docutils import SphinxDirective

from labsite.site.chart import stacked_bars
from labsite.site.query import Query
from labsite.site.statistics import papers_per_year
from labsite.site.views import ShapeView, TopicsView
from labsite.sphinx.domain import get_domain
from labsite.sphinx.drawings import drawing

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from labsite.site.chart import Chart


class _NumbersDirective(SphinxDirective):
    has_content = False

    def chart(self) -> Chart:
        """Return the numbers, and note that the page shows them."""
        domain = get_domain(self.env)
        domain.note_view(self.env.docname, ShapeView(Query()))
        domain.note_view(self.env.docname, TopicsView())
        return papers_per_year(
            domain.site.library.publications,
            domain.site.topics,
            title=_("Papers per year and topic"),
            description=_("The same numbers stand in a table on this page."),
            other=_("Other"),
        )


class ChartDirective(_NumbersDirective):
    """Papers per year and topic as stacked bars."""

    def run(self) -> list[nodes.Node]:
        """Return the drawing and its legend."""
        chart = self.chart()
        svg = ET.tostring(stacked_bars(chart), encoding="unicode")
        legend = nodes.bullet_list(classes=["labsite-chart-legend"])
        for class_name, name in chart.legend:
            text = nodes.paragraph("", "", nodes.inline("", name, classes=[class_name]))
            legend += nodes.list_item("", text)
        picture = drawing(svg=svg)
        return [nodes.container("", picture, legend, classes=["labsite-chart"])]


class TableDirective(_NumbersDirective):
    """Papers per year and topic as a table."""

    def run(self) -> list[nodes.Node]:
        """Return the table, the newest year first, sums in the last column."""
        chart = self.chart()
        heads = [_("Year"), *(part.name for part in chart.series), _("All")]
        columns = [chart.categories, *(s.values for s in chart.series), chart.totals]
        rows = list(zip(*columns, strict=True))
        sums = [_("All"), *map(sum, columns[1:])]  # type: ignore[arg-type]  # numbers
        return [_table(heads, [sums, *reversed(rows)])]


def _table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> nodes.table:
    group = nodes.tgroup("", cols=len(heads))
    # The first column names the rows.
    group += nodes.colspec("", colwidth=1, stub=1)
    group += [nodes.colspec("", colwidth=1) for _head in heads[1:]]
    group += nodes.thead("", _row(heads))
    group += nodes.tbody("", *map(_row, rows))
    return nodes.table("", group, classes=["labsite-numbers"])


def _row(cells: Iterable[object]) -> nodes.row:
    entries = (nodes.entry("", nodes.paragraph("", str(cell))) for cell in cells)
    return nodes.row("", *entries)
