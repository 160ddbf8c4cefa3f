"""The types of entries, from ``entry_types.toml``."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

from labsite.model.records import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

_TABLE = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
#: Type -> kind; other types are :attr:`Kind.OTHER`.
KINDS: Mapping[str, Kind] = {name: Kind(row["kind"]) for name, row in _TABLE.items()}
#: Type -> the fields that BibTeX requires; each tuple has alternatives.
NEEDED: Mapping[str, tuple[tuple[str, ...], ...]] = {
    name: tuple(tuple(field.split("|")) for field in row["needs"])
    for name, row in _TABLE.items()
}
#: All known types.
ENTRY_TYPES = frozenset(_TABLE) | frozenset({
    "artwork", "audio", "bibnote", "commentary", "electronic", "image", "jurisdiction",
    "legal", "legislation", "letter", "manual", "misc", "movie", "music", "online",
    "performance", "periodical", "set", "standard", "video", "www", "xdata",
})  # fmt: skip
#: Types for entries that others inherit from only.
DATA_TYPES = frozenset({"xdata", "set"})
#: Types of works that consist of others. They are publications if no other entry
#: inherits from them.
CONTAINER_TYPES = frozenset({"proceedings", "mvproceedings", "collection",
                             "mvcollection", "reference", "mvreference",
                             "periodical", *DATA_TYPES})  # fmt: skip
#: Types of whole works, from which parts inherit the title.
WHOLE_TYPES = CONTAINER_TYPES - DATA_TYPES | {"book", "mvbook"}
