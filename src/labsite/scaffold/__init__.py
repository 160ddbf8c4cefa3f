"""The repository of a new site: settings, pages, an example of each record."""

from __future__ import annotations

from labsite.scaffold.writing import Identity, write_site

__all__ = ["Identity", "write_site"]
