"""Records and functions that all other packages share."""

from __future__ import annotations
