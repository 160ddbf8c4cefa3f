"""A sitemap of the whole site, whatever part of it a build has written."""

from __future__ import annotations

from queue import SimpleQueue
from typing import TYPE_CHECKING

import sphinx_sitemap

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def replace_queue(app: Sphinx) -> None:
    """Put a plain queue in the place of sphinx-sitemap's, which a process manages.

    What pages say to it is thrown away, see :func:`complete_sitemap`. The process would
    stay until Python happens to clear the application away, and meanwhile keep every
    file open that was open when it started.
    """
    # The queue's place is theirs: sphinx_sitemap.record_builder_type puts it there.
    app.sitemap_links = SimpleQueue()  # type: ignore[attr-defined]


def complete_sitemap(app: Sphinx, exception: Exception | None) -> None:
    """Hand sphinx-sitemap every document, in order, before it writes.

    It collects the pages that this build writes, in the order in which processes
    finish them; after an edit its sitemap would hold the few pages written again.
    """
    if exception or app.builder.format != "html":
        return
    replace_queue(app)
    for docname in sorted(app.env.found_docs):
        sphinx_sitemap.add_html_link(app, docname, "", {}, None)
