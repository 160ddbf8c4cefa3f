"""Text in the forms data files have it: LaTeX, names, identifiers, markup."""

from __future__ import annotations
