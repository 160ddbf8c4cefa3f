"""One stylesheet for the site, with only what its pages use.

The theme's template finds its address in ``labsite_stylesheet``; it is written after
all pages are, from those that are there, whichever of them this build has written.
"""

from __future__ import annotations

import shutil
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rjsmin import jsmin
from sphinx.builders.html import StandaloneHTMLBuilder

from labsite.model.digests import digest_text
from labsite.model.files import FileFacts, write_if_changed
from labsite.rebuild.state import record_path
from labsite.site.defaults import THEME
from labsite.sphinx.css_rules import combine, find_names, find_words
from labsite.theme import FOLDER

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx
    from sphinx.builders.html._assets import _CascadingStyleSheet

#: Where the stylesheet is, from the site's root.
PLACE = "_static/labsite.css"
#: What pydata-sphinx-theme brings: styles, scripts and fonts of icons.
_UNUSED = ("scripts", "styles", "vendor")


def register_stylesheet(app: Sphinx) -> None:
    """Register the stylesheet."""
    # After the handlers that add stylesheets to a page.
    app.connect("html-page-context", add_address, priority=900)
    # After the theme's handler at 500, which writes the colours of code.
    app.connect("build-finished", write_static_files, priority=700)


def add_address(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Tell the template where the stylesheet is, and what is not in it.

    The address changes with the stylesheets it is made from. What the pages use is
    known only after they are written; a copy that a browser keeps from before such a
    change lacks the style of what is new, for as long as the server lets it be kept.
    """
    if isinstance(app.builder, StandaloneHTMLBuilder):
        paths, version = _sources(app.builder)
        context["labsite_stylesheet"] = context["pathto"](f"{PLACE}?v={version}", 1)
        # Those that this page alone has, or that are for some media.
        context["css_files"] = [
            css for css in context["css_files"] if _path(css) not in paths
        ]


def write_static_files(app: Sphinx, exception: Exception | None) -> None:
    """Write the stylesheet; remove what no page loads, and minify scripts."""
    builder = app.builder
    if exception or not isinstance(builder, StandaloneHTMLBuilder):
        return
    folder = Path(app.outdir)
    for name in _UNUSED:
        shutil.rmtree(folder / "_static" / name, ignore_errors=True)
    (folder / "_static/webpack-macros.html").unlink(missing_ok=True)
    _minify_scripts(folder / "_static")
    sheets = [
        (path, (folder / path).read_text("utf-8")) for path in _sources(builder)[0]
    ]
    combined = combine(sheets, _used_names(builder), PLACE)
    write_if_changed(folder / PLACE, combined.encode())


def _minify_scripts(folder: Path) -> None:
    """Remove comments and blanks, a third of their weight, from the theme's scripts."""
    for part in (FOLDER / "static", FOLDER / THEME / "static"):
        for source in part.rglob("*.js"):
            script, copy = source.read_text("utf-8"), folder / source.relative_to(part)
            # A site may have put its own in the place.
            if copy.is_file() and copy.read_text("utf-8") == script:
                copy.write_text(jsmin(script), "utf-8")


@lru_cache(maxsize=1)  # of the builder, hence of one build
def _sources(builder: StandaloneHTMLBuilder) -> tuple[tuple[str, ...], str]:
    """Return the paths of the stylesheets that every page has, and their version."""
    folder = Path(builder.outdir)
    added = sorted(
        # There is no public way to those of all pages.
        builder._orig_css_files,  # noqa: SLF001
        key=lambda css: css.priority,
    )
    plain = (_path(css) for css in added if set(css.attributes) <= {"rel", "type"})
    paths = tuple(p for p in dict.fromkeys(plain) if (folder / p).is_file())
    texts = ((folder / path).read_text("utf-8") for path in paths)
    return paths, digest_text(*paths, *texts)[:8]


def _path(css: _CascadingStyleSheet | str) -> str:
    return str(getattr(css, "filename", css))


def _used_names(builder: StandaloneHTMLBuilder) -> set[str]:
    """Return every class and id of the pages, and the words of scripts."""
    folder, names = Path(builder.outdir), set[str]()
    pages = FileFacts(
        lambda _path, page: " ".join(sorted(find_names(page))),
        record_path(builder, "pages-facts.json"),
    )
    found = (path.relative_to(folder) for path in folder.rglob("*.html"))
    # Themes leave templates in "_static".
    for words in {pages.of(folder / p) for p in found if p.parts[0] != "_static"}:
        names.update(words.split())
    pages.save()
    for path in folder.glob("_static/**/*.js"):
        names.update(find_words(path.read_text("utf-8", "replace")))
    return names
