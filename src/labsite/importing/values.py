"""Values of other systems, and the tables of what these call things."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from labsite.text.spellings import letters

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_DATE = re.compile(r"(\d{4})-(\d\d?)(?:-(\d\d?))?")
_LONGEST_SLUG = 80
#: Lists and mappings that are parts of a record.
_PARTS = {"links", "social", "socials", "profiles", "education", "affiliations",
          "organizations", "buttons", "extra-links", "authors", "name",
          "image"}  # fmt: skip


def read_table(name: str) -> dict[str, Any]:
    """Return a table of this package."""
    return tomllib.loads(Path(__file__).with_name(name).read_text(encoding="utf-8"))


#: What other systems call things, by what it is.
NAMES = read_table("names.toml")
PATTERNS = {n: re.compile(p, re.IGNORECASE) for n, p in NAMES["patterns"].items()}


def renamed(values: Mapping[str, Any], kind: str) -> dict[str, Any]:
    """Return the fields of a record of a kind under the names of ``names.toml``."""
    rows = NAMES[kind].items()
    found = {
        n: next((values[o] for o in old if values.get(o)), None) for n, old in rows
    }
    return {name: value for name, value in found.items() if value is not None}


def alias(kind: str, name: str) -> str:
    """Return our name for what other systems call *name*, or the name itself."""
    return next((ours for ours, names in NAMES[kind].items() if name in names), name)


def text_of(values: Mapping[str, Any], *names: str) -> str:
    """Return the first of the fields that has a text, its white space folded."""
    texts = (values[n] for n in names if isinstance(values.get(n), str))
    return " ".join(next(texts, "").split())


def texts_of(value: object) -> list[str]:
    """Return a list of texts; one text is a list too, where commas divide it."""
    if isinstance(value, str):
        return [part.strip() for part in value.split(",") if part.strip()]
    items = value if isinstance(value, list) else []
    texts = (
        text_of(i, "name", "title", "text") if isinstance(i, dict) else i for i in items
    )
    return [text for text in texts if isinstance(text, str) and text]


def mappings_of(value: object) -> list[dict[str, Any]]:
    """Return the mappings of a list, or of the values of a mapping, and lists in it."""
    items = list(value.values()) if isinstance(value, dict) else value
    items = items if isinstance(items, list) else []
    inner = (mappings_of(item) for item in items if isinstance(item, list))
    return [item for item in items if isinstance(item, dict)] + [*chain(*inner)]


def items_of(data: object, heading: str = "") -> Iterator[tuple[dict[str, Any], str]]:
    """Yield each record in a value, and the headings under which it stands."""
    for item in data if isinstance(data, list) else ():
        yield from items_of(item, heading)
    if not isinstance(data, dict):
        return
    lists = {n for n, v in data.items() if n not in _PARTS and mappings_of(v)}
    if not lists and any(isinstance(value, str) for value in data.values()):
        yield data, heading
        return
    for name, value in data.items():
        if name in lists and isinstance(value, list):
            title = text_of(data, "title", "name", "group", "role") or name
            yield from items_of(value, f"{heading} {title}".strip())
        elif isinstance(value, dict) and name not in _PARTS:
            group = bool(mappings_of(value))
            within = f"{heading} {name}".strip() if group else heading
            yield from items_of(value if group else {"name": name, **value}, within)


def date_of(text: str) -> str:
    """Return the date at the beginning of a text as ISO 8601; empty without one."""
    found = _DATE.match(text.strip())
    parts = [int(part) for part in found.groups() if part] if found else []
    try:
        whole = date(*[*parts, 1][:3]).isoformat()
    except (TypeError, ValueError):
        return ""
    return whole if found and found[3] else whole[:7]


def slug_of(text: str) -> str:
    """Return a text as the name of a file and a part of an address."""
    words = (letters(word) for word in re.findall(r"[^\W_]+", text))
    plain = ("".join(c for c in word if c.isascii()) for word in words)
    return "-".join(filter(None, plain))[:_LONGEST_SLUG].strip("-")
