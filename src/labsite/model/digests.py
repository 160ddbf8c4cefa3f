"""Short names for texts, to tell whether one has changed."""

from __future__ import annotations

import hashlib


def digest_text(*parts: str) -> str:
    """Return 32 hexadecimal digits that differ for different *parts*."""
    # Not for security. The length keeps ("ab", "c") apart from ("a", "bc").
    digest = hashlib.blake2b(digest_size=16)
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        digest.update(b"%d:" % len(data) + data)
    return digest.hexdigest()
