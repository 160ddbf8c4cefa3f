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
from labsite.model.files import write_if_changed
from labsite.model.store import FileFacts
from labsite.rebuild.state import record_path
from labsite.site.defaults import THEME
from labsite.sphinx.css_rules import (
    combine,
    find_names,
    find_properties,
    find_words,
)
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
        paths = _sources(app.builder)
        address = f"{PLACE}?v={_version(app.builder, paths)}"
        context["labsite_stylesheet"] = context["pathto"](address, 1)
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
    texts = [(path, (folder / path).read_text("utf-8")) for path in _sources(builder)]
    pages = FileFacts(
        lambda _path, page: " ".join(sorted(find_names(page))),
        record_path(builder, "pages-facts.pickle"),
    )
    names = _used_names(folder, pages)
    for path in folder.glob("_static/**/*.css"):  # some pages may have others besides
        if path.relative_to(folder).as_posix() not in {PLACE, *dict(texts)}:
            names |= {*find_properties(path.read_text("utf-8", "replace"))}
    pages.save()
    write_if_changed(folder / PLACE, combine(texts, names, PLACE).encode())


def _minify_scripts(folder: Path) -> None:
    """Remove comments and blanks, a third of their weight, from the theme's scripts."""
    for part in (FOLDER / "static", FOLDER / THEME / "static"):
        for source in part.rglob("*.js"):
            script, copy = source.read_text("utf-8"), folder / source.relative_to(part)
            # A site may have put its own in the place.
            if copy.is_file() and copy.read_text("utf-8") == script:
                copy.write_text(jsmin(script), "utf-8")


@lru_cache(maxsize=1)  # of the builder, hence of one build
def _sources(builder: StandaloneHTMLBuilder) -> tuple[str, ...]:
    """Return the path of each stylesheet that every page has, in their order."""
    added = sorted(
        # There is no public way to those of all pages.
        builder._orig_css_files,  # noqa: SLF001
        key=lambda css: css.priority,
    )
    plain = (_path(css) for css in added if set(css.attributes) <= {"rel", "type"})
    return tuple(p for p in dict.fromkeys(plain) if Path(builder.outdir, p).is_file())


def _path(css: _CascadingStyleSheet | str) -> str:
    return str(getattr(css, "filename", css))


@lru_cache(maxsize=1)  # of the builder, hence of one build
def _version(builder: StandaloneHTMLBuilder, paths: tuple[str, ...]) -> str:
    texts = ((Path(builder.outdir) / path).read_text("utf-8") for path in paths)
    return digest_text(*paths, *texts)[:8]


def _used_names(folder: Path, pages: FileFacts) -> set[str]:
    """Return what the pages have, and what scripts may set.

    What is in ``_static`` is not a page: themes leave templates there.
    """
    names: set[str] = set()
    found = (path.relative_to(folder) for path in folder.rglob("*.html"))
    for words in {pages.of(folder / p) for p in found if p.parts[0] != "_static"}:
        names.update(words.split())
    for path in folder.glob("_static/**/*.js"):
        names.update(find_words(path.read_text("utf-8", "replace")))
    return names
