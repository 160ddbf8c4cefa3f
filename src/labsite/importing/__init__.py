"""Moving a lab's site from another system: one reader, after tables, and one writer.

``layouts.toml`` says where each system keeps what, ``names.toml`` what it calls things,
and ``rewriting.toml`` how its pages become MyST. Nothing is written into the old site,
and whatever cannot be used is noted with its file and line.
"""

from __future__ import annotations
