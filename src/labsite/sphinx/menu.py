"""Pages that the menu shows because of ``menu: NUMBER`` in their front matter.

The menu is the first toctree of the root document. Pages at the root and indexes of
folders can join it; they follow the entries of the toctree in the order of the numbers.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sphinx import addnodes

from labsite.pages.front_matter import Fields, read_page

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx


def join_menu(app: Sphinx, doctree: nodes.document) -> None:
    """Add the pages with the field ``menu`` to the toctree of the root document."""
    env = app.env
    if env.docname != app.config.root_doc:
        return
    toctree = next(iter(doctree.findall(addnodes.toctree)), None)
    if toctree is None:
        return
    # The root document is read again if a page is added or changed.
    env.glob_toctrees.add(env.docname)
    asking = []
    for docname in sorted(env.found_docs - {env.docname, *toctree["includefiles"]}):
        if "/" in docname and not docname.endswith("/index"):
            continue
        path = Path(env.doc2path(docname))
        env.note_dependency(path.as_posix())
        document, _ = read_page(path, docname)
        fields = Fields(document, document.value)
        if "menu" in fields.values:
            asking.append((fields.number("menu"), docname))
    for _, docname in sorted(asking):
        toctree["includefiles"].append(docname)
        toctree["entries"].append((None, docname))
