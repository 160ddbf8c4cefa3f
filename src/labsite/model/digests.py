"""Short names for texts, to tell whether one has changed."""

from __future__ import annotations

import hashlib
from pathlib import Path


def digest_text(*parts: str) -> str:
    """Return 32 hexadecimal digits that differ for different *parts*."""
    # Not for security. The length keeps ("ab", "c") apart from ("a", "bc").
    digest = hashlib.blake2b(digest_size=16)
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        digest.update(b"%d:" % len(data) + data)
    return digest.hexdigest()


def number_engine() -> int:
    """Return a number that differs for different sources of the engine.

    It keeps what one engine has stored from another, which may read it otherwise.
    """
    folder = Path(__file__).parents[1]
    files = (p for p in sorted(folder.rglob("*")) if p.suffix in {".py", ".toml"})
    return int(digest_text(*(path.read_text("utf-8") for path in files))[:12], 16)
