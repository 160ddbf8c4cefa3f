"""Files beside the pages: the exports."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx.builders.html import StandaloneHTMLBuilder

from labsite import __version__
from labsite.exports import FORMATS, lines, news_atom
from labsite.exports.bibtex import render_entry
from labsite.model.digests import digest_text
from labsite.rebuild.leftovers import expected_files
from labsite.rebuild.outputs import Output, write_outputs
from labsite.rebuild.record_files import record_path
from labsite.sphinx.domain import get_domain
from labsite.sphinx.exporting import find_collections
from labsite.sphinx.news import news_feed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx

    from labsite.exports import Collection
    from labsite.site.site import SiteRecords


#: Of what exports the output folder has, and from what they were made.
_RECORD = "outputs.json"


def write_exports(app: Sphinx, exception: Exception | None) -> None:
    """Write the exports beside the pages, and remove the pages of what is gone."""
    if exception or not isinstance(app.builder, StandaloneHTMLBuilder):
        return
    domain = get_domain(app.env)
    outputs = dict(plan_outputs(app.builder, domain.site))
    record = record_path(app.builder, _RECORD)
    # If nobody knows what the pages were written from, nor does anybody of these.
    anew = not domain.written_from
    write_outputs(Path(app.outdir), record, outputs, anew=anew)
    _remove_unknown_pages(app.builder, domain.site.publications_dir)


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
        made_from = digest_text(__version__, site.digest(publication))
        entry = Output(made_from, partial(render_entry, publication))
        yield f"{site.docname(publication)}.bib", entry
    news = news_feed(builder, site)
    if news:
        yield news.address, _ready(news_atom.render(news))
    if lines.leads_to_line(site.source_url):
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


def _remove_unknown_pages(builder: StandaloneHTMLBuilder, folder: str) -> None:
    """Remove the pages of publications that are gone.

    Also those of builds of which no record has remained.
    """
    root = Path(builder.outdir)
    keep = set(expected_files(builder))
    for path in (root / folder).rglob("*.html"):
        if path.relative_to(root).as_posix() not in keep:
            path.unlink()
