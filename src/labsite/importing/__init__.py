"""Import a site from another system: one reader driven by tables, and one writer.

``layouts.toml`` has the paths of each system, ``names.toml`` the names of its fields,
and ``rewriting.toml`` the conversion of its pages to MyST. The old site is not changed;
what cannot be imported is noted with its file and line.
"""

from __future__ import annotations
