"""Titles in the theme's navigation, as text."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

from docutils import nodes

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

_GENERATE = "generate_header_nav_html"
_MARKUP = re.compile("[&<>]")


def escape_navigation(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Escape the titles of pages where the theme writes its navigation.

    pydata-sphinx-theme puts the text of a title into HTML as it is.
    """
    unsafe = _unsafe_titles(app.env) if _GENERATE in context else {}
    if not unsafe:
        return
    generate: Callable[..., object] = context[_GENERATE]
    escaped = {page: _escaped(title) for page, title in unsafe.items()}

    def generate_escaped(*arguments: object, **options: object) -> object:
        app.env.titles.update(escaped)
        try:
            return generate(*arguments, **options)
        finally:
            app.env.titles.update(unsafe)

    context[_GENERATE] = generate_escaped


def _unsafe_titles(env: BuildEnvironment) -> dict[str, nodes.title]:
    pages = env.toctree_includes.get(env.config.root_doc, ())
    titles = {page: env.titles[page] for page in pages if page in env.titles}
    return {p: title for p, title in titles.items() if _MARKUP.search(title.astext())}


def _escaped(title: nodes.title) -> nodes.title:
    # A formula too: the theme does not escape it either.
    return nodes.title("", "", nodes.Text(escape(title.astext())))
