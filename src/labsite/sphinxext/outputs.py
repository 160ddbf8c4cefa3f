"""Files beside the pages: the exports."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sphinx.builders.html import StandaloneHTMLBuilder

from labsite.exports import FORMATS, news_atom
from labsite.exports.bibtex import render_entry
from labsite.sphinxext.domain import get_domain
from labsite.sphinxext.exporting import find_collections
from labsite.sphinxext.news import news_feed
from labsite.sphinxext.redirects import find_redirects

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx

    from labsite.site import SiteRecords


def write_outputs(app: Sphinx, exception: Exception | None) -> None:
    """Write the exports beside the pages, and remove the pages of what is gone."""
    if exception or not isinstance(app.builder, StandaloneHTMLBuilder):
        return
    site = get_domain(app.env).site
    folder = Path(app.outdir)
    wanted = dict(plan_outputs(app.builder, site))
    for path, text in wanted.items():
        _write_if_changed(folder / path, text)
    _prune(app.builder, site, {folder / path for path in wanted})


def plan_outputs(
    builder: StandaloneHTMLBuilder, site: SiteRecords
) -> Iterator[tuple[str, str]]:
    """Yield path, relative to the output folder, and text of every export."""
    for collection in find_collections(builder, site):
        for known in FORMATS:
            yield known.path(collection), known.render(collection)
    for publication in site.library.publications:
        yield f"{site.docname(publication)}.bib", render_entry(publication)
    news = news_feed(builder, site)
    if news:
        yield news.address, news_atom.render(news)


def _write_if_changed(path: Path, text: str) -> None:
    data = text.encode()
    if not path.is_file() or path.read_bytes() != data:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def remove_page(app: Sphinx, docname: str) -> None:
    """Remove what earlier builds wrote for a document that has vanished.

    Sphinx forgets the document, but leaves its page for visitors to find.
    """
    if isinstance(app.builder, StandaloneHTMLBuilder):
        source = f"{docname}.md{app.config.html_sourcelink_suffix}"
        Path(app.builder.get_outfilename(docname)).unlink(missing_ok=True)
        (Path(app.outdir) / "_sources" / source).unlink(missing_ok=True)


def _prune(
    builder: StandaloneHTMLBuilder, site: SiteRecords, wanted: set[Path]
) -> None:
    """Remove pages and exports of publications that are gone.

    Also those of a build that was broken off before it could tell what had vanished.
    """
    redirects = (pagename for pagename, _ in find_redirects(site))
    names = (*builder.env.found_docs, *redirects)
    folder = Path(builder.outdir) / site.publications_dir
    keep = {Path(builder.get_outfilename(name)) for name in names} | wanted
    for path in (*folder.rglob("*.html"), *folder.rglob("*.bib")):
        if path not in keep:
            path.unlink()
