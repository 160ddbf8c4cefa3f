"""The theme: templates, styles and scripts."""

from __future__ import annotations

from pathlib import Path

#: Holds "templates" and "static" for every theme, and the theme "labsite".
FOLDER = Path(__file__).parent
