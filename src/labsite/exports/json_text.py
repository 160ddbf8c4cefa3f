"""JSON as files of this site have it: a record on a line, its names in order.

A line for each record is what people compare versions by, and all that a script needs
to find a record. It is also what Python's encoder writes quickest.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def dump(value: object) -> str:
    """Return *value* as JSON on one line (RFC 8259)."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def dump_array(texts: Iterable[str]) -> str:
    """Return an array of values that are JSON already, each on a line of its own."""
    lines = ",\n".join(texts)
    return f"[\n{lines}\n]" if lines else "[]"
