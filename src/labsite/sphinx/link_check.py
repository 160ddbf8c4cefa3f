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
    """Have the links of papers checked, whose pages are no documents.

    Lists show them too, but not all lists have items, and this says where the entry is.
    """
    builder, site = app.builder, get_domain(env).site
    if not isinstance(builder, CheckExternalLinksBuilder):
        return
    for paper in site.library.publications:
        docname, line = site.docname(paper), paper.source.line
        file = app.srcdir / paper.source.file
        # There is no public way to say where something is that is no document.
        app.project._docname_to_path[docname] = Path(paper.source.file)  # noqa: SLF001 -- see above
        for link in paper.links:
            if "://" in link.url:
                changed = app.emit_firstresult("linkcheck-process-uri", link.url)
                uri = changed or link.url
                found = Hyperlink(uri, docname, file, line)
                builder.hyperlinks.setdefault(uri, found)
