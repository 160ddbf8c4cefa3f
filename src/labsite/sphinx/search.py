"""The search: an index of records and pages, and the page of results.

With the theme ``labsite`` it takes the place of Sphinx's search, whose index holds
every word of every page and so is several times as large, and knows neither authors
nor venues.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.locale import _

from labsite.model.files import read_text, write_if_changed
from labsite.sphinx.domain import get_domain
from labsite.sphinx.search_index import (
    FURTHER_PATH,
    read_sections,
    read_synonyms,
    render_index,
)
from labsite.theme import FOLDER, scripts_version

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docutils import nodes
    from sphinx.application import Sphinx

#: The page of results, in place of Sphinx's own.
PAGENAME = "search"
_TEMPLATE = "labsite-search.html"


def register_search(app: Sphinx) -> None:
    """Register the index and the page of results."""
    app.connect("builder-inited", replace_search)
    app.connect("html-collect-pages", add_results_page)
    # After sphinx-notfound-page, which makes the addresses of its page absolute.
    app.connect("html-page-context", add_script, priority=900)
    app.connect("build-finished", write_index)


def replace_search(app: Sphinx) -> None:
    """Turn off the search index of Sphinx."""
    if isinstance(app.builder, StandaloneHTMLBuilder):
        app.builder.search = False


def add_script(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Add the address of the form's script."""
    address = f"_static/labsite-search.js?v={scripts_version()}"
    context["labsite_search_script"] = context["pathto"](address, 1)


def add_results_page(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Yield the page of results."""
    if isinstance(app.builder, StandaloneHTMLBuilder):
        yield PAGENAME, {"title": _("Search")}, _TEMPLATE


def write_index(app: Sphinx, exception: Exception | None) -> None:
    """Write the index, and remove the parts of a larger one."""
    builder = app.builder
    if exception or not isinstance(builder, StandaloneHTMLBuilder):
        return
    folder = Path(builder.outdir)
    site, sections = get_domain(app.env).site, read_sections(builder)
    stale = set(folder.glob(FURTHER_PATH.format(number="*")))
    parts = render_index(site, builder.get_target_uri, sections, _synonyms(app))
    for path, text in parts:
        write_if_changed(folder / path, text.encode())
        stale.discard(folder / path)
    for part in stale:
        part.unlink()


def _synonyms(app: Sphinx) -> list[list[str]]:
    """Return the groups of synonyms of the engine and of the site."""
    name: str = app.config.labsite_synonyms
    own = Path(app.confdir) / name
    texts = [(FOLDER / "synonyms.txt").read_text("utf-8")]
    if own.is_file():
        texts.append(read_text(own, name)[0])
    return [group for text in texts for group in read_synonyms(text)]
