"""A site whose every field is hostile runs nothing and asks nobody in a browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page, Request
    from tests.browser.conftest import OpenPage
    from tests.conftest import TwinSites

_PAGES = ("index.html", "404.html", "team/index.html", "news/index.html",
          "projects/index.html", "teaching/index.html", "publications/index.html",
          "publications/awards.html")  # fmt: skip


@pytest.fixture
def visit(
    open_page: OpenPage, serve: Callable[[Path], str], twin_sites: TwinSites
) -> Callable[..., Page]:
    """Return a function that opens a page of the site, on the watch.

    A planted script, a dialog and a request to another host are errors of the page,
    which fail the test.
    """
    address = serve(twin_sites.hostile / "_build/html")

    def watch(page: Page) -> None:
        def check(request: Request) -> None:
            if not request.url.startswith((address, "data:")):
                page.evaluate("url => console.error('asked for ' + url)", request.url)

        page.add_init_script("window.planted = n => console.error('planted ' + n)")
        page.on("request", check)
        page.on("dialog", lambda dialog: pytest.fail(dialog.message))

    def open_watched(path: str) -> Page:
        return open_page(f"{address}{path}", prepare=watch)

    return open_watched


def test_nothing_runs_on_any_page(
    visit: Callable[..., Page], twin_sites: TwinSites
) -> None:
    page = visit(_PAGES[0])
    root = page.url.removesuffix(_PAGES[0])
    papers = [f"publications/paper{n}.html" for n in range(len(twin_sites.payloads))]
    others = [
        f"{p}{n}.html" for n in (0, 1, 7, 9, 10, 24) for p in ("team/p", "research/t")
    ]
    for path in (*_PAGES[1:], *papers, *others):
        page.goto(f"{root}{path}")
        assert page.locator("[onmouseover], [onfocus], [onerror]").count() == 0
    assert page.locator("main").count() >= 1


@pytest.mark.parametrize("words", ["planted", "script", "evil", "Paper"])
def test_what_the_search_finds_is_text(visit: Callable[..., Page], words: str) -> None:
    page = visit(f"search.html?q={words}")
    page.locator("main li a").first.wait_for()
    assert (
        page.locator("main [onerror], main script:not([src]), main svg[onload]").count()
        == 0
    )
    assert "<" in page.locator("main").inner_text()


def test_what_is_searched_for_is_text(visit: Callable[..., Page]) -> None:
    hostile = "%3Cimg%20src%3Dx%20onerror%3Dplanted(99)%3E%22%20onload%3D%22planted(98)"
    page = visit(f"search.html?q={hostile}")
    page.locator("main").first.wait_for()
    assert page.locator("[onerror], [onload]").count() == 0


def test_what_the_filter_shows_is_text(visit: Callable[..., Page]) -> None:
    page = visit("publications/index.html")
    page.locator(".labsite-filter [name=q]").fill("planted")
    page.locator(".labsite-filter [name=q]").fill("<img src=x onerror=planted(97)>")
    page.locator("output.labsite-filter-count").wait_for()
    assert page.locator("main [onerror], main [onload]").count() == 0
