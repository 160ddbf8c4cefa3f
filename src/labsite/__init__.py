"""A research lab's website from one BibTeX file: an extension of Sphinx."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.application import Sphinx

__version__ = "0.1.0"


def setup(app: Sphinx) -> dict[str, Any]:
    """Set up the Sphinx extension, for ``extensions = ["labsite"]``."""
    from labsite.rebuild.garbage import search_rarely

    search_rarely(app)
    # Imported here so that reading and checking data needs no Sphinx.
    from labsite.sphinx import setup_extension

    return setup_extension(app)
