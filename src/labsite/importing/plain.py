"""A bibliography without a site: one ``.bib`` file, or a folder of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labsite.importing.papers import read_entries
from labsite.importing.records import OldSite

if TYPE_CHECKING:
    from labsite.importing.tree import Tree

NAME = "BibTeX"


def recognises(tree: Tree) -> bool:
    """Tell whether there is a bibliography."""
    return bool(tree.find(r".*\.bib"))


def read(tree: Tree) -> OldSite:
    """Return the papers."""
    papers, macros = read_entries(tree, tree.find(r".*\.bib"))
    return OldSite(papers=tuple(papers), macros=macros)
