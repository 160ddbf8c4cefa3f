"""What the search finds first, for all that people may type; see ``queries.txt``.

The site is opened from its folder, as ``make html`` offers it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from playwright.sync_api import Browser
    from tests.conftest import BuiltSite

_FIRST = """
(query) => {
    const [first] = globalThis.labsiteSearch.index.find(query).entries;
    return first ? `${first.kind}: ${first.title}` : "none";
}
"""


def _queries() -> Iterator[tuple[str, tuple[str, ...]]]:
    text = Path(__file__).with_name("queries.txt").read_text("utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            query, answers = line.split(" | ")
            yield query, tuple(answers.split(" / "))


@pytest.fixture(scope="module")
def first_results(built: BuiltSite, chromium: Browser) -> Mapping[str, str]:
    """Return the first result of each query."""
    page = chromium.new_page()
    page.goto((built.folder / "index.html").as_uri())
    page.keyboard.press("/")
    page.locator("#pst-search-dialog option").nth(1).wait_for(state="attached")
    found = {query: page.evaluate(_FIRST, query) for query, _answers in _queries()}
    page.close()
    return found


@pytest.mark.parametrize(("query", "answers"), list(_queries()))
def test_the_best_is_found_first(
    query: str, answers: tuple[str, ...], first_results: Mapping[str, str]
) -> None:
    assert first_results[query].startswith(answers)
