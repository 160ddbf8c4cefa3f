"""Read and write BibTeX and biblatex files."""

from __future__ import annotations
