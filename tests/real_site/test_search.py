"""What the search reads of the real site."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.conftest import BuiltSite


def test_excerpts_of_pages_are_prose(built: BuiltSite) -> None:
    index = json.loads((built.folder / "search.json").read_text("utf-8"))
    texts = [text for *_, text in index["pages"]]
    assert any("Smart-Infinity" in text for text in texts)
    keys = [paper.key for paper in built.records.library.publications]
    assert [k for k in keys if any(k in text for text in texts)] == []
