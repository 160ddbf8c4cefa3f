"""What the search reads of the real site."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.conftest import BuiltSite


def test_excerpts_of_pages_are_prose(built: BuiltSite) -> None:
    text = (built.folder / "search-index.js").read_text("utf-8")
    index = json.loads(text.removeprefix("labsiteSearch.add(").removesuffix(");\n"))
    texts = [text for *_, text in index["pages"]]
    assert any("Smart-Infinity" in text for text in texts)
    headings = {heading for _, href, heading, _ in index["pages"] if "honours" in href}
    assert "2026" in headings  # without the number of honours
    keys = [paper.key for paper in built.records.library.publications]
    assert [k for k in keys if any(k in text for text in texts)] == []
