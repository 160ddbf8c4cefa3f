"""The tables of the engine: TOML files beside the modules that use them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def read_table(module: str, name: str) -> dict[str, Any]:
    """Return the table *name* beside a module, given by its ``__file__``."""
    return tomllib.loads(Path(module).with_name(name).read_text(encoding="utf-8"))


def by_name(table: Mapping[str, str]) -> dict[str, str]:
    """Return the text for each name, of a table with the names for each text."""
    return {name: text for text, names in table.items() for name in names.split()}
