"""Pages that the menu shows because of ``menu: NUMBER`` in their front matter.

The menu is the first toctree of the root document. Pages at the root and indexes of
folders can join it; they follow the entries of the toctree in the order of the numbers.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sphinx import addnodes

from labsite.pages.front_matter import Fields, read_page
from labsite.sphinx.logging import warn_problem

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx


def join_menu(app: Sphinx, doctree: nodes.document) -> None:
    """Add the pages with the field ``menu`` to the toctree of the root document."""
    env, root = app.env, app.config.root_doc
    toctree = doctree.next_node(addnodes.toctree)
    if env.docname != root or toctree is None:
        return
    # The root document is read again if a page is added or changed.
    env.glob_toctrees.add(root)
    asking = []
    for docname in env.found_docs - {root, *toctree["includefiles"]}:
        if "/" in docname and not docname.endswith("/index"):
            continue
        file = str(env.doc2path(docname, base=False))
        env.note_dependency(file)
        document, _ = read_page(Path(env.srcdir, file), file)
        document.problems.clear()  # they are reported when the page is read
        fields = Fields(document, document.value)
        if "menu" in fields.values:
            asking.append((fields.number("menu"), docname))
            for problem in document.problems:
                warn_problem(problem)
    for _, docname in sorted(asking):
        toctree["includefiles"].append(docname)
        toctree["entries"].append((None, docname))
