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
    papers = built.records.library.publications
    years = " ".join(t for _, href, _, t in index["pages"] if "over-the-years" in href)
    assert years.startswith("Each dot is a paper")
    assert [p.key for p in papers if str(p.title) in years] == []  # the names of dots
    keys = [paper.key for paper in papers]
    assert [k for k in keys if any(k in text for text in texts)] == []
