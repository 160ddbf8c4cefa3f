"""The links of the papers, for Sphinx's builder ``linkcheck``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sphinx.builders.linkcheck import CheckExternalLinksBuilder, Hyperlink

from labsite.sphinx.domain import get_domain

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment


def check_links(app: Sphinx, env: BuildEnvironment) -> None:
    """Add the links of papers, whose pages are not documents, with their entries."""
    builder, site = app.builder, get_domain(env).site
    if not isinstance(builder, CheckExternalLinksBuilder):
        return
    for paper in site.library.publications:
        docname, source = site.docname(paper), paper.source
        # There is no public way to name the file of a page that is not a document.
        app.project._docname_to_path[docname] = Path(source.file)  # noqa: SLF001 -- see above
        for link in paper.links:
            if "://" in link.url:
                uri = app.emit_firstresult("linkcheck-process-uri", link.url)
                place = docname, app.srcdir / source.file, source.line
                found = Hyperlink(uri or link.url, *place)
                builder.hyperlinks.setdefault(found.uri, found)
