"""How our own nodes look in HTML; every other builder takes them for their parents."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from docutils import nodes

from labsite.sphinx.drawings import drawing
from labsite.sphinx.nodes import filterable_list

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.docutils import SphinxTranslator
    from sphinx.writers.html5 import HTML5Translator


def register_nodes(app: Sphinx) -> None:
    """Announce the nodes with their visitors."""
    skip = (skip_node, None)
    app.add_node(filterable_list, html=(visit_filterable_list, depart_filterable_list))
    app.add_node(
        drawing,
        html=(visit_drawing, None),
        latex=skip,
        text=skip,
        man=skip,
        texinfo=skip,
    )


def visit_filterable_list(self: HTML5Translator, node: nodes.Element) -> None:
    """Open the part of a page that a script may filter."""
    attributes = {
        f"data-{name}": json.dumps(node[name], ensure_ascii=False)
        for name in ("topics", "kinds")
    }
    self.body.append(self.starttag(node, "div", "\n", False, **attributes))


def depart_filterable_list(self: HTML5Translator, node: nodes.Element) -> None:
    """Close it."""
    self.body.append("</div>\n")


def visit_drawing(self: HTML5Translator, node: nodes.Element) -> None:
    """Put the drawing's SVG, checked when it was read, into the page."""
    self.body.append(node["svg"])
    raise nodes.SkipNode


def skip_node(self: SphinxTranslator, node: nodes.Element) -> None:
    """Leave the node out, where there is no way to show it."""
    raise nodes.SkipNode
