"""A renderer of formulas as MathML, which browsers draw without a script.

Sphinx's default loads MathJax from another host on each page with a formula.
"""

from __future__ import annotations

from html import escape

from docutils import nodes
from sphinx.writers.html5 import HTML5Translator

from labsite.model.problems import Rule
from labsite.sphinx.logging import warn
from labsite.text.formulas import to_mathml

#: The value of ``html_math_renderer``.
RENDERER_NAME = "mathml"


def visit_math(self: HTML5Translator, node: nodes.math | nodes.math_block) -> None:
    """Write a formula in a line of text or as a block."""
    html = convert_formula(node)
    block = self.starttag(node, "div", CLASS="math"), html, "</div>\n"
    self.body += block if isinstance(node, nodes.math_block) else [html]
    raise nodes.SkipNode


def convert_formula(node: nodes.Element) -> str:
    """Return a formula in HTML; report one that cannot be converted."""
    formula = node.astext()
    try:
        return to_mathml(formula, as_block=isinstance(node, nodes.math_block))
    except ValueError as error:
        message = "cannot convert the formula '%s': %s; write simpler LaTeX"
        warn(Rule.BAD_LATEX, message, formula, error, location=node)
        return f"<code>{escape(formula)}</code>"
