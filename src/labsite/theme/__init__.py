"""The theme: templates, styles and scripts."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from labsite.model.digests import digest_text

#: Holds "templates" and "static" for every theme, and the theme "labsite".
FOLDER = Path(__file__).parent


@cache  # of what belongs to the package
def scripts_version() -> str:
    """Return the version in the address of scripts that other scripts load.

    Sphinx gives them none. Without one, a browser's copy of one script may meet a newer
    one of another.
    """
    scripts = sorted((FOLDER / "static").glob("*.js"))
    return digest_text(*(script.read_text("utf-8") for script in scripts))[:8]
