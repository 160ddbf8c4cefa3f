"""The shelf: papers that a reader keeps, in the browser alone."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page, Route
    from tests.browser.conftest import OpenPage


@pytest.fixture
def page(open_page: OpenPage, address: Callable[[str], str]) -> Page:
    """Return the list of publications with two papers kept."""
    page = open_page(address("publications/index.html"))
    for key in ("jang2024smartinfinity", "kim2021gradpim"):
        page.locator(f"[data-key={key}] .labsite-keep").click()
    return page


def _saved(page: Page, name: str, folder: Path) -> str:
    with page.expect_download() as download:
        page.get_by_role("button", name=name).click()
    path = folder / "saved"
    download.value.save_as(path)
    return path.read_text("utf-8")


def test_what_is_kept_can_be_saved_in_each_format_and_copied(
    page: Page, tmp_path: Path
) -> None:
    bibtex = _saved(page, "Save BibTeX", tmp_path)
    assert bibtex.count("@inproceedings{") == 2
    assert "{kim2021gradpim," in bibtex
    assert _saved(page, "Save RIS", tmp_path).count("ER  -") == 2
    text = _saved(page, "Save TXT", tmp_path).split("\n\n")
    assert len(text) == 2
    assert text[0].startswith("Hongsun Jang, ")
    assert text[0].endswith(", 2024. https://doi.org/10.1109/HPCA57654.2024.00034")
    items = json.loads(_saved(page, "Save CSL-JSON", tmp_path))
    assert {item["id"] for item in items} == {
        "jang2024smartinfinity",
        "kim2021gradpim",
    }

    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    routes: list[Route] = []

    def hold(route: Route) -> None:
        routes.append(route)

    page.route("**/*.bib", hold)
    page.evaluate(
        """() => {
          const write = navigator.clipboard.write.bind(navigator.clipboard);
          navigator.clipboard.write = (items) => {
            document.title = "asked";
            return write(items);
          };
        }"""
    )
    page.get_by_role("button", name="Copy BibTeX").click()
    # Before the file has come: Safari lets a page copy at the press alone.
    expect(page).to_have_title("asked")
    routes[0].continue_()
    expect(page.get_by_role("region", name="Papers kept")).to_contain_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == bibtex


def test_every_button_is_named_by_its_paper_and_the_shelf_is_one_line(
    page: Page,
) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.get_by_role("button", name="Keep: Piccolo: Large-Scale").count() == 1
    kept = page.get_by_role("button", name="Kept: GradPIM")
    expect(kept).to_have_attribute("aria-pressed", "true")
    expect(kept).to_have_text("Kept")
    shelf = page.get_by_role("region", name="Papers kept").bounding_box()
    assert shelf
    assert shelf["height"] < 48


def test_it_lasts_on_other_pages_and_can_be_shared_and_emptied(
    page: Page, address: Callable[[str], str]
) -> None:
    page.goto(address("publications/kim2021gradpim.html"))
    shelf = page.get_by_role("region", name="Papers kept")
    expect(shelf).to_contain_text("2 kept")
    keep = page.locator(".labsite-paper > .labsite-links .labsite-keep")
    expect(keep).to_have_attribute("aria-pressed", "true")
    expect(keep).to_have_accessible_name("Kept")  # on its own page it is the one
    shelf.get_by_role("link", name="Show as a list").click()
    expect(page.locator("output")).to_contain_text("2 of")
    shelf.get_by_role("button", name="Empty").click()
    # Who uses a keyboard is not thrown back to the page's beginning.
    expect(page.locator(".labsite-keep").filter(visible=True).first).to_be_focused()
    expect(shelf).to_be_hidden()
    expect(page.locator(".labsite-keep[aria-pressed=true]")).to_have_count(0)


def test_a_paper_is_kept_though_the_reader_leaves_at_once(
    open_page: OpenPage, address: Callable[[str], str]
) -> None:
    page = open_page(address("publications/kim2021gradpim.html"))
    page.route("**/labsite-shelf.js*", lambda _route: None)  # it does not come
    page.locator(".labsite-paper > .labsite-links .labsite-keep").click()
    page.unroute_all(behavior="ignoreErrors")
    page.reload()
    shelf = page.get_by_role("region", name="Papers kept")
    expect(shelf).to_contain_text("1 kept")


def test_a_paper_without_links_has_its_button_below_its_facts(
    open_page: OpenPage, address: Callable[[str], str]
) -> None:
    page = open_page(address("publications/kim2026starlinc.html"))
    expect(page.locator(".labsite-keep + .labsite-paper-columns")).to_be_visible()


@pytest.mark.parametrize("change", ["pageshow", "storage"])
def test_what_is_kept_elsewhere_is_shown_when_the_reader_comes_back(
    change: str, open_page: OpenPage, address: Callable[[str], str]
) -> None:
    page = open_page(address("publications/kim2021gradpim.html"))
    for keys, pressed in (['["kim2021gradpim"]', "true"], ["[]", "false"]):
        page.evaluate("(keys) => localStorage.setItem('labsite-shelf', keys)", keys)
        page.evaluate("(change) => dispatchEvent(new Event(change))", change)
        keep = page.locator(".labsite-paper > .labsite-links .labsite-keep")
        expect(keep).to_have_attribute("aria-pressed", pressed)


def test_all_that_the_filter_shows_can_be_kept(page: Page) -> None:
    page.locator(".labsite-filter details[data-menu=year] summary").click()
    page.locator(".labsite-filter input[name=year][value='2024']").check()
    page.get_by_role("button", name="Keep all shown").click()
    shown = page.locator("[data-key]").filter(visible=True).count()
    kept = page.locator("[data-key] .labsite-keep[aria-pressed=true]").count()
    assert kept == shown + 1  # one of the two is of that year


def test_a_line_of_a_field_does_not_end_the_entry(page: Page, tmp_path: Path) -> None:
    def answer(route: Route) -> None:
        start = "{kim2021gradpim,\n"
        text = route.fetch().text()
        field = "  note = {first\n@last{x, y}},\n"
        route.fulfill(body=text.replace(start, start + field))

    page.route("**/*.bib", answer)
    bibtex = _saved(page, "Save BibTeX", tmp_path)
    assert bibtex.count("@inproceedings{") == 2
    entry = bibtex[bibtex.index("{kim2021gradpim,") :]
    assert "\n@last{x, y}},\n" in entry
    assert "  title " in entry
