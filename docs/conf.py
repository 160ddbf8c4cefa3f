"""Settings of the engine's documentation, a site of its own: ``make docs``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import labsite

if TYPE_CHECKING:
    from sphinx.application import Sphinx

project = "labsite"
author = "The labsite authors"
copyright = author
version = release = labsite.__version__

extensions = ["myst_parser", "sphinx.ext.autodoc"]
myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 4
# Rules have anchors of their own in the tables, which MyST does not know.
suppress_warnings = ["myst.xref_missing"]
autodoc_member_order = "bysource"
autodoc_typehints = "none"
autodoc_default_options = {"members": True}

html_theme = "pydata_sphinx_theme"
html_title = "labsite"
html_sidebars: dict[str, list[str]] = {"**": []}  # no page has others below it
html_theme_options = {"show_prev_next": False, "secondary_sidebar_items": ["page-toc"]}

_REPOSITORY = "https://github.com/AIS-SNU/AIS-lab-website/blob/main/"
_OUTSIDE = re.compile(r"\]\(\.\./")


def link_to_repository(app: Sphinx, docname: str, source: list[str]) -> None:
    """Turn links to files beside the documentation into links to the repository."""
    source[0] = _OUTSIDE.sub(f"]({_REPOSITORY}", source[0])


def setup(app: Sphinx) -> None:
    """Register the handler above."""
    app.connect("source-read", link_to_repository)
