"""A list of all feeds and files that a site offers."""

from __future__ import annotations

from docutils import nodes
from sphinx.locale import _
from sphinx.util.docutils import SphinxDirective

from labsite.site.query import Query
from labsite.site.views import TopicsView
from labsite.sphinx.domain import get_domain
from labsite.sphinx.lists import export_links
from labsite.sphinx.nodes import page_reference, paragraph


class ExportsDirective(SphinxDirective):
    """The exports of all publications and of each topic's, feeds among them."""

    has_content = False

    def run(self) -> list[nodes.Node]:
        """Return a list of the lists, each with its files."""
        domain = get_domain(self.env)
        domain.note_view(self.env.docname, TopicsView())
        site = domain.site
        index = f"{site.publications_dir}/index"
        lists = [(index, _("Publications"), Query())]
        lists += [(t.docname, t.title, Query(topic=t.slug)) for t in site.topics]
        result = nodes.bullet_list(classes=["labsite-files"])
        for docname, title, query in lists:
            path = site.export_path(query)
            if path:
                link = paragraph("labsite-files-of", page_reference(docname, title))
                result += nodes.list_item("", link, export_links(path))
        return [result]
