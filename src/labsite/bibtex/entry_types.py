"""The types of entries, read from ``entry_types.toml``."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

from labsite.model.records import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

_TABLE = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
#: Type -> kind, where the type says it; every other one is :attr:`Kind.OTHER`.
KINDS: Mapping[str, Kind] = {name: Kind(row["kind"]) for name, row in _TABLE.items()}
#: Type -> the fields that BibTeX asks of it; any of the names of one tuple will do.
NEEDED: Mapping[str, tuple[tuple[str, ...], ...]] = {
    name: tuple(tuple(field.split("|")) for field in row["needs"])
    for name, row in _TABLE.items()
}
#: Every type that somebody knows.
ENTRY_TYPES = frozenset(_TABLE) | frozenset({
    "artwork", "audio", "bibnote", "commentary", "electronic", "image", "jurisdiction",
    "legal", "legislation", "letter", "manual", "misc", "movie", "music", "online",
    "performance", "periodical", "set", "standard", "video", "www", "xdata",
})  # fmt: skip
#: Types that only hold what others take over.
DATA_TYPES = frozenset({"xdata", "set"})
#: Types of works that are made of others. They are publications where no other entry
#: takes over what they say.
CONTAINER_TYPES = frozenset({"proceedings", "mvproceedings", "collection",
                             "mvcollection", "reference", "mvreference",
                             "periodical", *DATA_TYPES})  # fmt: skip
#: Types of whole works, to whose parts they lend their title.
WHOLE_TYPES = CONTAINER_TYPES - DATA_TYPES | {"book", "mvbook"}
