"""Files beside the pages: the exports."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sphinx.builders.html import StandaloneHTMLBuilder

from labsite.exports import FORMATS
from labsite.exports.bibtex import render_entry
from labsite.sphinxext.domain import get_domain
from labsite.sphinxext.exporting import find_collections

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
    _prune(folder / site.publications_dir, app, set(wanted))


def plan_outputs(
    builder: StandaloneHTMLBuilder, site: SiteRecords
) -> Iterator[tuple[str, str]]:
    """Yield path, relative to the output folder, and text of every export."""
    for collection in find_collections(builder, site):
        for known in FORMATS:
            yield known.path(collection), known.render(collection)
    for publication in site.library.publications:
        yield f"{site.docname(publication)}.bib", render_entry(publication)


def _write_if_changed(path: Path, text: str) -> None:
    data = text.encode()
    if not path.is_file() or path.read_bytes() != data:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def _prune(folder: Path, app: Sphinx, wanted: set[str]) -> None:
    """Remove what earlier builds wrote of publications that are gone.

    Sphinx forgets a document that has vanished, but leaves its page.
    """
    pages = {app.builder.get_outfilename(name) for name in app.env.found_docs}  # type: ignore[attr-defined]  # HTML builders have it
    keep = {Path(page) for page in pages} | {Path(app.outdir) / path for path in wanted}
    for path in (*folder.rglob("*.html"), *folder.rglob("*.bib")):
        if path not in keep:
            path.unlink()
