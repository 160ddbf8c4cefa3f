"""BibTeX and biblatex files: syntax, fields, entries, and writing them back."""

from __future__ import annotations
