"""Files beside the pages: the exports."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sphinx.builders.html import StandaloneHTMLBuilder

from labsite.exports import FORMATS, news_atom
from labsite.exports.bibtex import render_entry
from labsite.files import write_whole
from labsite.sphinxext.domain import get_domain
from labsite.sphinxext.exporting import find_collections
from labsite.sphinxext.news import news_feed
from labsite.sphinxext.redirects import find_redirects

if TYPE_CHECKING:
    from collections.abc import Iterator, Set

    from sphinx.application import Sphinx

    from labsite.site import SiteRecords


#: Beside the environment: what exports the output folder has.
_RECORD = "labsite-outputs.txt"


def write_outputs(app: Sphinx, exception: Exception | None) -> None:
    """Write the exports beside the pages, and remove the pages of what is gone."""
    if exception or not isinstance(app.builder, StandaloneHTMLBuilder):
        return
    site = get_domain(app.env).site
    folder = Path(app.outdir)
    wanted = dict(plan_outputs(app.builder, site))
    record = Path(app.doctreedir) / _RECORD
    before = set(record.read_text("utf-8").splitlines()) if record.is_file() else set()
    # Said before it is done: a build that is broken off leaves nothing unknown.
    _note(record, before, before | wanted.keys())
    for path, text in wanted.items():
        _write_if_changed(folder / path, text)
    for path in before - wanted.keys():
        (folder / path).unlink(missing_ok=True)
    _note(record, before | wanted.keys(), wanted.keys())
    _remove_unknown_pages(app.builder, site)


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


def _note(record: Path, before: Set[str], after: Set[str]) -> None:
    if after != before:
        lines = "".join(f"{path}\n" for path in sorted(after))
        write_whole(record, lines.encode())


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
