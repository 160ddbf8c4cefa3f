"""What a first visit to each kind of page moves, held against one table of budgets."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page, Response
    from tests.browser.conftest import OpenPage
    from tests.conftest import BuiltSite

#: KB of 1000 bytes after gzip: the HTML itself, and everything that a page loads.
#: A page that is not named has the budget of "".
BUDGETS = {
    "": (20, 45),
    "index.html": (16, 45),
    "publications/index.html": (40, 80),
    "search.html": (8, 45),
}
#: Requests without whose answer nothing is painted.
MOST_BLOCKING = 3
MOST_REQUESTS = 10
#: One page of each kind; those made from records are chosen by the test.
PAGES = (
    "index.html",
    "publications/index.html",
    "publications/awards.html",
    "research/index.html",
    "team/index.html",
    "news/index.html",
    "projects/index.html",
    "teaching/index.html",
    "join/index.html",
    "contact.html",
    "search.html",
    "404.html",
)
#: What servers compress on the way; pictures and the like are compressed already.
_COMPRESSED = ("text/", "javascript", "json", "xml")


def weigh(response: Response) -> float:
    """Return the KB that a response takes after gzip."""
    data = response.body()
    kind = response.headers.get("content-type", "")
    packed = any(part in kind for part in _COMPRESSED)
    return len(gzip.compress(data, 6) if packed else data) / 1000


class Visit:
    """What a first visit to a page moved."""

    def __init__(self, page: Page, responses: list[Response]) -> None:
        page.wait_for_load_state("networkidle")
        self.assets = {response.url: weigh(response) for response in responses}
        self.types = {r.url: r.request.resource_type for r in responses}
        self.blocking = page.evaluate(
            "performance.getEntriesByType('resource')"
            ".filter((entry) => entry.renderBlockingStatus === 'blocking')"
            ".map((entry) => entry.name)"
        )

    def table(self) -> str:
        """Return the assets, the heaviest first."""
        ordered = sorted(self.assets.items(), key=lambda asset: -asset[1])
        return "".join(f"\n{weight:8.1f} KB  {url}" for url, weight in ordered)


@pytest.fixture
def visit(
    built: BuiltSite, serve: Callable[[Path], str], open_page: OpenPage
) -> Callable[[str], Visit]:
    """Return a function that visits a page for the first time."""

    def visit(name: str) -> Visit:
        responses: list[Response] = []

        def listen(page: Page) -> None:
            page.on("response", lambda response: responses.append(response))  # noqa: PLW0108 -- Playwright marks the function

        page = open_page(serve(built.folder) + name, prepare=listen)
        return Visit(page, responses)

    return visit


def pages_of_records(built: BuiltSite) -> list[str]:
    """Return the heaviest page of each kind that records make, by its HTML."""
    records = built.records
    kinds: list[list[str]] = [
        [records.docname(paper) for paper in records.library.publications],
        [records.group_docname(group) for group in records.groups.values()],
        [topic.docname for topic in records.topics],
        [person.docname for person in records.people],
    ]
    pages = [[f"{docname}.html" for docname in names] for names in kinds]
    return [max(p, key=lambda n: (built.folder / n).stat().st_size) for p in pages]


def check(name: str, visit: Visit, address: str) -> None:
    html_budget, page_budget = BUDGETS.get(name, BUDGETS[""])
    html, total = visit.assets[address + name], sum(visit.assets.values())
    foreign = [url for url in visit.assets if not url.startswith(address)]
    fonts = [url for url, kind in visit.types.items() if kind == "font"]
    assert foreign == [], f"{name} asks other hosts"
    assert fonts == [], f"{name} loads a font"
    assert html <= html_budget, f"the HTML of {name} has {html:.1f} KB"
    assert total <= page_budget, f"{name} moves {total:.1f} KB:{visit.table()}"
    assert len(visit.blocking) <= MOST_BLOCKING, visit.blocking
    assert len(visit.assets) <= MOST_REQUESTS, visit.table()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_keeps_its_budget(
    name: str,
    built: BuiltSite,
    visit: Callable[[str], Visit],
    serve: Callable[[Path], str],
) -> None:
    check(name, visit(name), serve(built.folder))


@pytest.mark.parametrize("kind", range(4), ids=["paper", "group", "topic", "person"])
def test_the_heaviest_page_of_its_kind_keeps_the_budget(
    kind: int,
    built: BuiltSite,
    visit: Callable[[str], Visit],
    serve: Callable[[Path], str],
) -> None:
    name = pages_of_records(built)[kind]
    check(name, visit(name), serve(built.folder))


def test_the_search_costs_nothing_until_it_is_opened(
    visit: Callable[[str], Visit],
) -> None:
    assert [url for url in visit("index.html").assets if "search" in url] == []


def test_a_page_that_grew_breaks_its_budget(
    built: BuiltSite, visit: Callable[[str], Visit], serve: Callable[[Path], str]
) -> None:
    found: Any = visit("contact.html")
    address = serve(built.folder)
    heavy = f"{address}_static/heavy.js"
    found.assets[heavy] = 60.0
    with pytest.raises(AssertionError, match=r"(?s)contact\.html moves .*heavy\.js"):
        check("contact.html", found, address)
