"""Edit a bibliography in its own style, with small changes."""

from __future__ import annotations
