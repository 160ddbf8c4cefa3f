"""LaTeX, HTML, Markdown, names and identifiers."""

from __future__ import annotations
