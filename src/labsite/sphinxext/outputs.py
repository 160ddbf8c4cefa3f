"""Files beside the pages: the exports."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx.builders.html import StandaloneHTMLBuilder

from labsite import __version__
from labsite.digests import digest_text
from labsite.exports import FORMATS, lines, news_atom
from labsite.exports.bibtex import render_entry
from labsite.ledger import Output, write_outputs
from labsite.sphinxext.domain import get_domain
from labsite.sphinxext.exporting import find_collections
from labsite.sphinxext.news import news_feed
from labsite.sphinxext.redirects import find_redirects

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx

    from labsite.exports import Collection
    from labsite.site import SiteRecords


#: Beside the environment: what exports the output folder has, and from what.
_RECORD = "labsite-outputs.json"


def write_exports(app: Sphinx, exception: Exception | None) -> None:
    """Write the exports beside the pages, and remove the pages of what is gone."""
    if exception or not isinstance(app.builder, StandaloneHTMLBuilder):
        return
    domain = get_domain(app.env)
    outputs = dict(plan_outputs(app.builder, domain.site))
    record = Path(app.doctreedir) / _RECORD
    write_outputs(Path(app.outdir), record, outputs, anew=domain.is_new)
    _remove_unknown_pages(app.builder, domain.site)


def plan_outputs(
    builder: StandaloneHTMLBuilder, site: SiteRecords
) -> Iterator[tuple[str, Output]]:
    """Yield path, relative to the output folder, and what to write, of every export."""
    for collection in find_collections(builder, site):
        made_from = _digest(collection, site)
        for known in FORMATS:
            output = Output(made_from, partial(known.render, collection))
            yield known.path(collection), output
    for publication in site.library.publications:
        entry = Output(site.digest(publication), partial(render_entry, publication))
        yield f"{site.docname(publication)}.bib", entry
    news = news_feed(builder, site)
    if news:
        yield news.address, _ready(news_atom.render(news))
    if site.source_url:
        yield f"{site.publications_dir}/{lines.NAME}", _ready(lines.render(site))


def _ready(text: str) -> Output:
    """Return an output that costs less to make than to say what it is made from."""
    return Output(digest_text(text), lambda: text)


def _digest(collection: Collection, records: SiteRecords) -> str:
    site = collection.site
    shared = (site.title, site.base_url, site.language, site.description, site.topics)
    own = (collection.title, collection.path, collection.page)
    return digest_text(
        __version__,
        repr((*shared, *own)),
        *map(site.publication_path, collection.publications),
        *map(records.digest, collection.publications),
    )


def remove_page(app: Sphinx, docname: str) -> None:
    """Remove what earlier builds wrote for a document that has vanished.

    Sphinx forgets the document, but leaves its page for visitors to find.
    """
    if isinstance(app.builder, StandaloneHTMLBuilder):
        source = f"{docname}.md{app.config.html_sourcelink_suffix}"
        Path(app.builder.get_outfilename(docname)).unlink(missing_ok=True)
        (Path(app.outdir) / "_sources" / source).unlink(missing_ok=True)


def _remove_unknown_pages(builder: StandaloneHTMLBuilder, site: SiteRecords) -> None:
    """Remove the pages of publications that are gone.

    Also those of a build that was broken off before it could tell what had vanished.
    """
    redirects = (pagename for pagename, _ in find_redirects(site))
    names = (*builder.env.found_docs, *redirects)
    keep = {Path(builder.get_outfilename(name)) for name in names}
    for path in (Path(builder.outdir) / site.publications_dir).rglob("*.html"):
        if path not in keep:
            path.unlink()
