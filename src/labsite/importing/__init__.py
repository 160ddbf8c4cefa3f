"""Import a site from another system: one reader driven by tables, and one writer.

The old site is not changed; what cannot be imported is noted with its file and line.
"""
