"""Pages that the menu shows because of ``menu: NUMBER`` in their front matter.

The menu of a language is the first toctree of its home page. Pages beside that page and
indexes of folders follow its entries, by number; people are below the page of the team.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx

from labsite.pages.front_matter import Fields, read_page
from labsite.site.settings import TEAM
from labsite.sphinx.domain import get_domain
from labsite.sphinx.languages import home_page, page_language
from labsite.sphinx.logging import warn_problems


def join_menu(app: Sphinx, doctree: nodes.document) -> None:
    """Add the pages with the field ``menu`` to the toctree of their home page."""
    env, config, home = app.env, app.config, app.env.docname
    language = page_language(config, home)
    if home != home_page(config, language):
        return
    toctree = doctree.next_node(addnodes.toctree)
    if toctree is None:
        return
    # The home page is read again if a page is added or changed.
    env.glob_toctrees.add(home)
    asking = []
    for docname in env.found_docs - {home, *toctree["includefiles"]}:
        name = docname if language == config.language else docname.partition("/")[2]
        below = "/" in name and not name.endswith("/index")
        if below or page_language(config, docname) != language:
            continue
        file = str(env.doc2path(docname, base=False))
        env.note_dependency(file)
        document, _ = read_page(Path(env.srcdir, file), file)
        document.problems.clear()  # they are reported when the page is read
        fields = Fields(document, document.value)
        if "menu" in fields.values:
            asking.append((fields.number("menu"), docname))
            warn_problems(document.problems)
    for _, docname in sorted(asking):
        toctree["includefiles"].append(docname)
        toctree["entries"].append((None, docname))


def hidden_toctree(docname: str, pages: Sequence[str]) -> nodes.compound:
    """Return a toctree that shows nothing, and puts pages below another."""
    toctree = addnodes.toctree(
        parent=docname, entries=[(None, page) for page in pages],
        includefiles=[*pages], glob=False, hidden=True,
    )  # fmt: skip
    return nodes.compound("", toctree, classes=["toctree-wrapper"])


def join_team(app: Sphinx, doctree: nodes.document) -> None:
    """Add people whom no toctree of the page of the team names to a hidden one."""
    env = app.env
    section = doctree.next_node(nodes.section)
    if env.docname != f"{TEAM}/index" or section is None:
        return
    env.glob_toctrees.add(env.docname)  # as above
    toctrees = doctree.findall(addnodes.toctree)
    named = {page for toctree in toctrees for page in toctree["includefiles"]}
    people = [person.docname for person in get_domain(env).site.people]
    below = [p for p in people if p in env.found_docs and p not in named]
    if below:
        section += hidden_toctree(env.docname, below)
