"""Digests of texts, to detect changes."""

from __future__ import annotations

import hashlib
import sys
from functools import cache
from pathlib import Path


def digest_text(*parts: str) -> str:
    """Return a digest of *parts*, as 32 hexadecimal digits; not for security."""
    # The length distinguishes ("ab", "c") from ("a", "bc").
    digest = hashlib.blake2b(digest_size=16)
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        digest.update(b"%d:" % len(data) + data)
    return digest.hexdigest()


def original_digest(text: str) -> str:
    """Return the digest of a page's text that its translations name in ``original``."""
    return digest_text(text)[:8]


@cache  # an update does not change the code that this process has loaded
def number_engine() -> int:
    """Return a digest of the engine's files, and of the packages that are installed.

    It invalidates what other versions of the engine, Sphinx or Python have stored.
    """
    places = (Path(name) for name in sys.path)
    packages = sorted(p.name for place in places for p in place.glob("*-info"))
    folder = Path(__file__).parents[1]
    suffixes = {".py", ".toml", ".xml", ".po"}
    files = (path for path in sorted(folder.rglob("*")) if path.suffix in suffixes)
    texts = (path.read_text("utf-8") for path in files)
    return int(digest_text(sys.version, *packages, *texts)[:12], 16)
