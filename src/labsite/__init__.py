"""A research lab's website from one BibTeX file: an extension of Sphinx."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.application import Sphinx

__version__ = "0.1.0"


def setup(app: Sphinx) -> dict[str, Any]:
    """Set up the Sphinx extension, for ``extensions = ["labsite"]``."""
    gc.disable()  # until the extension makes the search for garbage rare
    # Imported here so that reading and checking data needs no Sphinx.
    from labsite.sphinx import setup_extension

    return setup_extension(app)
