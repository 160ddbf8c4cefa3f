"""The frame of the real site in a browser: search, colour mode, keyboard, drawers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect
from tests.browser.checks import DIALOG, search

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page, Route
    from tests.browser.conftest import OpenPage, Visit
    from tests.conftest import BuiltSite


@pytest.fixture
def opened(open_page: OpenPage, address: Callable[[str], str]) -> Page:
    """Return a page with its search open and loaded."""
    page = open_page(address("{topic}.html"))
    page.keyboard.press("/")
    page.locator(f"{DIALOG} .labsite-search-bar").wait_for(state="attached")
    page.locator(f"{DIALOG} option").nth(1).wait_for(state="attached")
    return page


# ---- Search ----


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("smart-infinity", "Smart-Infinity"),  # a word of the title
        ("hyeyoon lee adversarial", "DataFreeShield"),  # an author
        ("hpca 2024", "Smart-Infinity"),  # venue and year
        ("dataf", "DataFreeShield"),  # the beginning of a word
        ("peña", "Refined classification"),  # an accent, or
        ("pena", "Refined classification"),  # none
    ],
)
def test_a_paper_is_found(opened: Page, query: str, title: str) -> None:
    found = search(opened, query)
    assert any(title.casefold() in text.casefold() for text in found[:5]), found


def test_a_person_is_found_first_by_name(opened: Page) -> None:
    assert search(opened, "kanghyun choi")[0] == "Kanghyun Choi"


def test_pages_are_found_by_korean_words(opened: Page) -> None:
    assert "Join us" in search(opened, "하드웨어")


@pytest.mark.parametrize("query", ["하드웨어", "시스템을", "구성원은"])
def test_korean_that_is_found_is_cut_and_broken_between_words(
    opened: Page, built: BuiltSite, query: str
) -> None:
    search(opened, query)
    found = opened.locator(f"{DIALOG} .labsite-search-results p")
    breaks = found.evaluate_all(
        "(all) => all.map((e) => getComputedStyle(e).wordBreak)"
    )
    assert set(breaks) == {"keep-all"}
    pages = " ".join(built.page(name).get_text() for name in built.pages)
    pages = pages.replace("\u2060", "")  # which keeps words on one line
    # An excerpt leaves out what a sentence cites, "(Lee et al., 2026)".
    whole = {*re.findall(r"\w+", pages + re.sub(r"\s*\([^()]*\d{4}\)", "", pages))}
    shown = re.findall(r"\w+", " ".join(found.all_inner_texts()))
    assert [word for word in shown if word not in whole] == []


def test_what_is_found_says_its_language(
    open_page: OpenPage, address: Callable[[str], str]
) -> None:
    page = open_page(address("ko/search.html") + "?q=memory")
    found = page.locator("main .labsite-search-results a")
    found.first.wait_for()
    said = found.evaluate_all("(all) => all.map((a) => [a.lang, a.textContent])")
    assert {lang for lang, _title in said} == {"en", "ko"}
    hangul = re.compile("[가-힣]")
    assert all((lang == "ko") == bool(hangul.search(title)) for lang, title in said)


def test_what_is_found_can_be_narrowed_by_kind(opened: Page) -> None:
    every = search(opened, "memory")
    opened.locator(f"{DIALOG} button", has_text="Papers").click()
    groups = opened.locator(f"{DIALOG} .labsite-search-results h2")
    assert groups.all_inner_texts() == ["Papers"]
    found = opened.locator(f"{DIALOG} .labsite-search-results a").all_inner_texts()
    assert set(found) - set(every), "the rest of the papers is shown, too"


def test_what_is_found_can_be_narrowed_by_topic(opened: Page) -> None:
    every = search(opened, "memory")
    topics = opened.locator(f"{DIALOG} select")
    topics.select_option(index=1)
    assert (
        0 < opened.locator(f"{DIALOG} .labsite-search-results a").count() < len(every)
    )


def test_a_result_leads_to_its_page_from_any_depth(opened: Page) -> None:
    search(opened, "kanghyun choi")
    opened.keyboard.press("ArrowDown")
    opened.keyboard.press("Enter")
    opened.wait_for_url("**/team/kanghyun-choi.html")
    assert opened.locator("h1").inner_text().startswith("Kanghyun Choi")


def test_enter_opens_the_first_result(opened: Page) -> None:
    search(opened, "kanghyun choi")
    opened.keyboard.press("Enter")
    opened.wait_for_url("**/team/kanghyun-choi.html")


def test_a_search_that_finds_nothing_says_so(opened: Page) -> None:
    assert search(opened, "xyzzy") == []
    assert opened.locator(f"{DIALOG} .labsite-search-status").inner_text()


def test_what_did_not_arrive_is_loaded_by_the_next_try(visit: Visit) -> None:
    page = visit("publications/index.html").page  # an error is logged here
    for name in ("search", "filter"):
        address = f"**/labsite-{name}.js*"
        page.route(address, lambda route: route.abort(), times=1)
    field = page.locator(".labsite-filter [name=q]")
    with page.expect_event("requestfailed"):
        field.focus()
    field.blur()
    field.fill("gradpim")
    page.locator("output", has_text="of").wait_for()
    with page.expect_event("requestfailed"):
        page.keyboard.press("Control+k")
    page.keyboard.press("Escape")
    page.locator(DIALOG).wait_for(state="hidden")
    page.keyboard.press("Control+k")
    page.locator(f"{DIALOG} option").nth(1).wait_for(state="attached")
    assert search(page, "kanghyun choi")[0] == "Kanghyun Choi"


def test_every_script_is_loaded_by_its_version(
    open_page: OpenPage, address: Callable[[str], str]
) -> None:
    loaded: list[str] = []

    def listen(page: Page) -> None:
        page.on("request", lambda request: loaded.append(request.url))

    page = open_page(address("publications/index.html"), prepare=listen)
    page.keyboard.press("/")
    page.locator(f"{DIALOG} option").nth(1).wait_for(state="attached")
    # The index is data: the browser asks whether it has changed.
    named = re.compile(r"(?<!search-index)\.js$")
    scripts = [url for url in loaded if named.search(urlsplit(url).path)]
    assert any("/labsite-search.js" in url for url in scripts)
    assert [url for url in scripts if not urlsplit(url).query.startswith("v=")] == []


@pytest.mark.parametrize("key", ["/", "Control+k", "Meta+k"])
def test_keys_open_the_search_and_escape_closes_it(
    key: str, open_page: OpenPage, address: Callable[[str], str]
) -> None:
    page = open_page(address("index.html"))
    page.keyboard.press(key)
    assert page.locator(f"{DIALOG} input").evaluate("(e) => e.matches(':focus')")
    page.keyboard.press("Escape")
    assert not page.locator(DIALOG).is_visible()


def test_a_slash_in_a_field_is_a_slash(
    open_page: OpenPage, address: Callable[[str], str]
) -> None:
    page = open_page(address("publications/index.html"))
    field = page.locator(".labsite-filter input").first
    field.press("/")
    assert field.input_value() == "/"
    assert not page.locator(DIALOG).is_visible()


def test_the_page_of_results_answers_its_address(
    open_page: OpenPage, address: Callable[[str], str]
) -> None:
    page = open_page(address("search.html") + "?q=smart-infinity")
    first = page.locator("main .labsite-search-results a").first
    first.wait_for()
    assert "Smart-Infinity" in first.inner_text()


def test_the_page_for_lost_addresses_finds_from_any_depth(
    built: BuiltSite, open_page: OpenPage, address: Callable[[str], str]
) -> None:
    lost = (built.folder / "404.html").read_text("utf-8")

    def answer(route: Route) -> None:
        route.fulfill(body=lost, content_type="text/html")

    def listen(page: Page) -> None:
        page.route("**/gone/**", answer)

    page = open_page(address("gone/for/good"), prepare=listen)
    page.locator("main input").fill("kanghyun choi")
    page.locator("main .labsite-search-results a").first.click()
    page.wait_for_url(address("team/kanghyun-choi.html"))


def test_without_scripts_the_page_of_results_names_the_lists(
    open_page: OpenPage, address: Callable[[str], str]
) -> None:
    page = open_page(address("search.html"), javascript=False)
    assert "Publications" in page.locator("noscript a, main ul a").all_inner_texts()


# ---- Colour mode ----


def test_the_mode_is_chosen_and_kept(
    open_page: OpenPage, address: Callable[[str], str]
) -> None:
    page = open_page(address("index.html"), scheme="light")
    root = page.locator("html")
    button = page.locator("#pst-header .theme-switch-button")
    seen = []
    for _ in range(3):
        button.click()
        seen.append((root.get_attribute("data-mode"), root.get_attribute("data-theme")))
    assert seen == [("light", "light"), ("dark", "dark"), ("auto", "light")]
    button.click()
    button.click()
    page.goto(address("contact.html"))
    assert root.get_attribute("data-theme") == "dark"
    # Chosen on another page, from which the reader comes back.
    page.evaluate("localStorage.setItem('mode', 'light')")
    page.evaluate("dispatchEvent(new Event('pageshow'))")
    assert root.get_attribute("data-theme") == "light"


def test_without_a_choice_the_mode_is_the_systems(
    open_page: OpenPage, address: Callable[[str], str]
) -> None:
    page = open_page(address("index.html"), scheme="dark")
    root = page.locator("html")
    assert root.get_attribute("data-theme") == "dark"
    page.emulate_media(color_scheme="light")
    page.wait_for_function("document.documentElement.dataset.theme === 'light'")


def test_the_button_says_which_mode_is_on(
    open_page: OpenPage, address: Callable[[str], str]
) -> None:
    button = open_page(address("index.html")).locator(
        "#pst-header .theme-switch-button"
    )
    before = button.get_attribute("aria-label")
    button.click()
    assert button.get_attribute("aria-label") != before
    assert button.locator("svg:visible").count() == 1


# ---- Keyboard and narrow windows ----


def test_the_first_key_leads_past_the_header(
    open_page: OpenPage, address: Callable[[str], str]
) -> None:
    page = open_page(address("{paper}.html"))
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Skip to main content"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.locator(":focus").evaluate("(e) => Boolean(e.closest('main'))")


def test_a_drawer_opens_and_closes_by_keyboard(
    open_page: OpenPage, address: Callable[[str], str]
) -> None:
    page = open_page(address("{topic}.html"), width=390)
    toggle = page.locator(".primary-toggle")
    toggle.press("Enter")
    drawer = page.locator("#pst-primary-sidebar-modal")
    assert drawer.is_visible()
    assert drawer.locator("a:visible").count() > 2
    assert toggle.get_attribute("aria-expanded") == "true"
    page.keyboard.press("Escape")
    assert not drawer.is_visible()
    assert toggle.get_attribute("aria-expanded") == "false"
    assert toggle.evaluate("(e) => e.matches(':focus')")


def test_a_drawer_has_a_button_that_closes_it(
    open_page: OpenPage, address: Callable[[str], str]
) -> None:
    page = open_page(address("{topic}.html"), width=390)
    toggle = page.locator(".primary-toggle")
    drawer = page.get_by_role("dialog", name=str(toggle.get_attribute("aria-label")))
    for _ in range(2):
        toggle.press("Enter")
        page.keyboard.press("Tab")
        assert page.locator(":focus").inner_text() == "Close"
        page.keyboard.press("Enter")
        assert not drawer.is_visible()
        assert toggle.evaluate("(e) => e.matches(':focus')")
    toggle.press("Enter")
    page.evaluate("dispatchEvent(new Event('pagehide'))")
    assert not drawer.is_visible()  # who comes back to the page sees it
    page.set_viewport_size({"width": 1280, "height": 800})
    assert page.get_by_text("Close", exact=True).count() == 0


@pytest.mark.parametrize("width", [390, 960, 1024, 1100, 1280])
def test_every_part_of_the_site_is_in_the_menu(
    open_page: OpenPage, address: Callable[[str], str], width: int
) -> None:
    page = open_page(address("teaching/index.html"), width=width)
    toggle = page.locator(".primary-toggle")
    if toggle.is_visible():
        toggle.click()
    parts = page.locator("a.nav-link:visible")
    assert parts.all_inner_texts() == [
        "Research", "Publications", "Team", "Projects", "News", "Teaching", "Join us",
        "Contact",
    ]  # fmt: skip
    if width > 390:
        header = page.locator("#pst-header").bounding_box()
        assert header
        assert header["height"] < 60  # one line


def test_the_list_of_more_parts_closes_when_the_reader_leaves_it(
    open_page: OpenPage, address: Callable[[str], str]
) -> None:
    page = open_page(address("contact.html"), width=1280)
    # As in a header that has no room for all parts.
    page.locator("#pst-header .navbar-nav").evaluate(
        "(menu) => menu.insertAdjacentHTML('beforeend',"
        "`<li><details class=labsite-more><summary>More</summary>"
        "<ul><li><a href='#'>Last</a></li></ul></details></li>`)"
    )
    opener, last = page.get_by_text("More"), page.get_by_role("link", name="Last")
    opener.click()
    expect(last).to_be_visible()
    page.keyboard.press("Escape")
    expect(last).to_be_hidden()
    expect(opener).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(last).to_be_focused()
    page.keyboard.press("Tab")
    expect(last).to_be_hidden()


def test_a_drawer_closes_when_the_window_becomes_wide(
    open_page: OpenPage, address: Callable[[str], str]
) -> None:
    page = open_page(address("{topic}.html"), width=390)
    page.locator(".primary-toggle").click()
    page.set_viewport_size({"width": 1280, "height": 800})
    page.locator("#pst-primary-sidebar-modal").wait_for(state="hidden")
    assert page.locator("#pst-primary-sidebar a:visible").count() > 2


def test_the_list_of_headings_follows_the_reader(
    open_page: OpenPage, address: Callable[[str], str]
) -> None:
    page = open_page(address("{topic}.html"))
    marked = page.locator("#pst-page-toc-nav a[aria-current]")
    for place in (1, 2):
        link = page.locator("#pst-page-toc-nav > ul > li > a").nth(place)
        link.click()
        page.wait_for_function(
            "(link) => link.getAttribute('aria-current') === 'true'",
            arg=link.element_handle(),
        )
        assert marked.count() == 1


def test_a_courses_code_stays_on_one_line(
    open_page: OpenPage, address: Callable[[str], str]
) -> None:
    page = open_page(address("teaching/index.html"))
    code = page.locator(".labsite-course-code").first
    for width in range(320, 420, 4):
        page.set_viewport_size({"width": width, "height": 800})
        assert code.evaluate("(element) => element.getClientRects().length") == 1


@pytest.mark.parametrize("width", [768, 1280])
def test_headings_of_two_languages_are_side_by_side(
    open_page: OpenPage, address: Callable[[str], str], width: int
) -> None:
    page = open_page(address("join/index.html"), width=width)
    tops = page.locator(".labsite-hiring .rubric").evaluate_all(
        "(titles) => titles.map((title) => title.getBoundingClientRect().top)"
    )
    half = len(tops) // 2
    assert half > 1
    assert tops[:half] == tops[half:]
