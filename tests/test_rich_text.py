"""Text of records as nodes of a page."""

from __future__ import annotations

from docutils import nodes
from pybtex_docutils import Backend

from labsite.sphinx.citations import to_pybtex
from labsite.sphinx.nodes import rich_text
from labsite.text.latex import decode


def test_a_link_leads_where_a_page_may_link_to_and_nowhere_else() -> None:
    text = r"\href{https://a.example}{good} \href{javascript:alert(1)}{bad}"
    made = rich_text(decode(text), links=True)
    links = [node for node in made if isinstance(node, nodes.reference)]
    assert [(link["refuri"], link.astext()) for link in links] == [
        ("https://a.example", "good")
    ]
    bare = rich_text(decode(text))
    assert not any(isinstance(node, nodes.reference) for node in bare)


def test_a_formula_that_cannot_be_drawn_is_text() -> None:
    drawn, said = rich_text(decode(r"$x^2$")), rich_text(decode(r"$\nonsense x$"))
    assert [type(node) for node in drawn] == [nodes.math]
    assert [type(node) for node in said] == [nodes.Text]
    assert said[0].astext() == "nonsense x"


def test_a_bibliography_shows_formulas_as_formulas() -> None:

    made = to_pybtex(decode(r"Of $O(n^2)$")).render(Backend())
    assert [node.astext() for node in made if isinstance(node, nodes.math)] == [
        "O(n^2)"
    ]
