"""Values of other systems, and the tables of what these call things."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_DATE = re.compile(r"(\d{4})-(\d\d?)(?:-(\d\d?))?")


def read_table(name: str) -> dict[str, Any]:
    """Return a table of this package."""
    return tomllib.loads(Path(__file__).with_name(name).read_text(encoding="utf-8"))


#: What other systems call things, by what it is.
NAMES = read_table("names.toml")
PATTERNS = {n: re.compile(p, re.IGNORECASE) for n, p in NAMES["patterns"].items()}


def renamed(values: Mapping[str, Any], kind: str) -> dict[str, Any]:
    """Return the fields of a record of a kind under the names of ``names.toml``."""
    rows = NAMES[kind].items()
    found = {ours: next(filter(None, map(values.get, old)), None) for ours, old in rows}
    return {name: value for name, value in found.items() if value}


def alias(kind: str, name: str) -> str:
    """Return our name for what other systems call *name*, or the name itself."""
    return next((ours for ours, names in NAMES[kind].items() if name in names), name)


def first_of(kind: str, text: str) -> str:
    """Return the first name of a table whose pattern is found in a text, or nothing."""
    rows = NAMES[kind].items()
    return next((n for n, p in rows if re.search(p, text, re.IGNORECASE)), "")


def text_of(values: Mapping[str, Any], *names: str) -> str:
    """Return the first of the fields that has a text, its white space folded."""
    texts = (values[n] for n in names if isinstance(values.get(n), str))
    return " ".join(next(texts, "").split())


def number_of(values: Mapping[str, Any], name: str) -> int:
    """Return a field that is a number; 0 if it is none."""
    text = text_of(values, name)
    return int(text) if re.fullmatch(r"-?[0-9]{1,6}", text) else 0


def texts_of(value: object) -> list[str]:
    """Return a list of texts; one text is a list too, where commas divide it."""
    items = value.split(",") if isinstance(value, str) else value
    texts = [
        text_of(item, "name", "title", "text") if isinstance(item, dict) else item
        for item in (items if isinstance(items, list) else ())
    ]
    return [t.strip() for t in texts if isinstance(t, str) and t.strip()]


def mappings_of(value: object) -> list[dict[str, Any]]:
    """Return the mappings of a list, or of the values of a mapping, and lists in it."""
    items = list(value.values()) if isinstance(value, dict) else value
    found, deeper = [], []
    for item in items if isinstance(items, list) else ():
        found += [item] if isinstance(item, dict) else []
        deeper += mappings_of(item) if isinstance(item, list) else []
    return found + deeper


def items_of(data: object, heading: str = "") -> Iterator[tuple[dict[str, Any], str]]:
    """Yield each record in a value, and the headings under which it stands."""
    for item in data if isinstance(data, list) else ():
        yield from items_of(item, heading)
    if not isinstance(data, dict):
        return
    inner = {n: v for n, v in data.items() if not PATTERNS["parts"].search(n)}
    groups = {name for name, value in inner.items() if mappings_of(value)}
    if not groups and any(isinstance(value, str) for value in data.values()):
        yield data, heading
        return
    for name, value in inner.items():
        title = f"{heading} {name}".strip()
        if name in groups and isinstance(value, list):
            said = text_of(data, "title", "name", "group", "role")
            yield from items_of(value, f"{heading} {said}".strip() if said else title)
        elif name in groups:
            yield from items_of(value, title)
        elif isinstance(value, dict):
            yield from items_of({"name": name, **value}, heading)


def date_of(text: str) -> str:
    """Return the date at the beginning of a text as ISO 8601; empty without one."""
    found = _DATE.match(text.strip())
    year, month, day = found.groups() if found else ("0", "0", "")
    try:
        whole = date(int(year), int(month), int(day or 1)).isoformat()
    except ValueError:
        return ""
    return whole if day else whole[:7]
