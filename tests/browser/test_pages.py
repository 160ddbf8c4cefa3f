"""Every kind of page of the real site, under all checks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect
from tests.browser.checks import (
    DIALOG,
    MODE_BUTTON,
    find_errors,
    find_foreign,
    find_inaccessible,
    find_lost_without_scripts,
    find_miscopied,
    find_misfiltered,
    find_moving,
    find_overweight,
    find_printed_frame,
    find_sideways,
    find_stuck_mode,
    find_unmarked_korean,
    find_unreachable,
    find_unsearchable,
    find_violations,
    search,
    unfold,
)
from tests.browser.conftest import HEADERS, Change

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from playwright.sync_api import Locator, Route
    from tests.browser.conftest import OpenPage, Scheme, Visit
    from tests.conftest import BuiltSite

#: One page of each kind; in braces those that records make.
PAGES = (
    "index.html",
    "publications/index.html",
    "publications/awards.html",
    "{paper}.html",
    "{year}.html",
    "{venue}.html",
    "research/index.html",
    "{topic}.html",
    "team/index.html",
    "{person}.html",
    "{alumnus}.html",
    "news/index.html",
    "projects/index.html",
    "teaching/index.html",
    "join/index.html",
    "contact.html",
    "search.html",
    "404.html",
)
#: Rules of axe on colours.
COLOURS = ("color-contrast", "link-in-text-block")
#: Windows and colours, each of which lays out or paints a page in another way; those
#: that lay it out as another are asked about colours alone.
SHAPES: tuple[tuple[int, Scheme, Sequence[str]], ...] = (
    (1280, "light", ()),
    (1280, "dark", COLOURS),
    (320, "dark", ()),
    (320, "light", COLOURS),
)

#: A page, its width, what is pressed on it, and what is then to be seen.
STATES = {
    "search": ("index.html", 390, ".search-button__button", f"{DIALOG} mark"),
    "filter": (
        "publications/index.html?topic=ai-accelerators&person=nobody",
        390,
        ".labsite-filter-q input",
        ".labsite-filter-reset",
    ),
    "menu": ("{topic}.html", 390, ".primary-toggle", "#pst-primary-sidebar-modal"),
    "copied": (
        "{paper}.html",
        1280,
        ".labsite-copy-button",
        ".labsite-copy-status:not(:empty)",
    ),
}

every_page = pytest.mark.parametrize("name", PAGES)


def part(name: str) -> str:
    """Return a page as it is, or one of its kind with less in it: axe takes a while."""
    query = "?year=2025" if name == "publications/index.html" else ""
    return name.replace("{", "{typical_") + query


@every_page
def test_axe_finds_nothing(name: str, visit: Visit) -> None:
    watch = visit(part(name))
    root = watch.page.locator("html")
    for width, scheme, rules in SHAPES:
        watch.page.set_viewport_size({"width": width, "height": 800})
        watch.page.emulate_media(color_scheme=scheme)
        expect(root).to_have_attribute("data-theme", scheme)
        assert find_inaccessible(watch, rules) == [], (width, scheme)


@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing_in_any_state(
    state: str, scheme: Scheme, visit: Visit
) -> None:
    name, width, press, shown = STATES[state]
    watch = visit(name)
    page = watch.page
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)
    unfold(page)
    page.locator(press).filter(visible=True).first.click()
    if state == "search":
        page.locator(f"{DIALOG} option").nth(1).wait_for(state="attached")
        assert search(page, "memory")
    expect(page.locator(shown).first).to_be_visible()
    # Of what has scrolled half below the header, axe measures the other half.
    page.evaluate("scrollTo(0, 0)")
    assert find_inaccessible(watch) == []


@every_page
def test_everybody_can_read_it(name: str, visit: Visit) -> None:
    watch = visit(name)
    assert find_unmarked_korean(watch) == []
    assert find_moving(watch) == []
    assert find_sideways(watch) == []
    assert find_printed_frame(watch) == []


@pytest.mark.parametrize("name", [*PAGES, "ko/publications/index.html"])
def test_it_keeps_its_budget(name: str, visit: Visit) -> None:
    watch = visit(name)
    assert find_overweight(watch) == []
    assert not any("search." in r.url for r in watch.requests[1:])


@every_page
def test_it_is_complete_without_scripts(name: str, visit: Visit) -> None:
    watch = visit(name, javascript=False)
    watch.page.set_viewport_size({"width": 390, "height": 800})
    assert find_lost_without_scripts(watch) == []


@every_page
def test_nothing_it_does_breaks_the_policy(name: str, visit: Visit) -> None:
    watch = visit(name)
    page = watch.page
    unfold(page)
    for control in (
        MODE_BUTTON,
        ".labsite-copy-button",
        ".labsite-filter [type=checkbox]",
    ):
        use(page.locator(control).last)
    page.keyboard.press("Control+k")
    page.locator(f"{DIALOG} option").nth(1).wait_for(state="attached")
    assert search(page, "memory")
    assert find_violations(watch) == []
    assert find_foreign(watch) == []
    assert find_errors(watch) == []


def use(control: Locator) -> None:
    if not control.count():
        return
    control.click()


@pytest.mark.parametrize(
    "name",
    ["index.html", "{paper}.html", "{topic}.html", "team/index.html", "search.html"],
)
def test_the_keyboard_reaches_everything(name: str, visit: Visit) -> None:
    watch = visit(name)
    keep = watch.page.locator(".labsite-keep").first
    if keep.count():
        keep.click()  # a bar at the foot covers part of the page
        watch.page.reload()
    assert find_unreachable(watch) == []


def test_focus_is_seen_in_a_readers_own_colours(visit: Visit) -> None:
    watch = visit("join/index.html")
    watch.page.emulate_media(forced_colors="active")
    assert find_unreachable(watch) == []


def test_the_mode_comes_and_lasts(visit: Visit) -> None:
    watch = visit("contact.html")
    assert find_stuck_mode(watch) == []
    watch.page.emulate_media(media="print")  # paper is white, to its edges
    root = watch.page.locator("html")
    assert root.evaluate("(e) => getComputedStyle(e).colorScheme") == "normal"


def test_the_search_finds_records_of_every_kind(visit: Visit) -> None:
    assert find_unsearchable(visit("{paper}.html")) == []


def test_a_year_hides_all_others(visit: Visit) -> None:
    assert find_misfiltered(visit("publications/index.html")) == []


def test_the_entry_is_copied_as_it_is_shown(visit: Visit) -> None:
    assert find_miscopied(visit("{paper}.html")) == []


def test_an_address_that_is_lost_is_asked_of_the_search(
    open_page: OpenPage, address: Callable[[str], str]
) -> None:
    page = open_page(address("members/JinhoLe.html"))
    expect(page.locator("main input[type=search]")).to_have_value("Jinho Le")
    found = page.locator("main .labsite-search-results a").first
    expect(found).to_have_text("Jinho Lee")


def test_an_address_that_is_written_as_it_is_spoken_is_copied_as_it_is_meant(
    open_page: OpenPage, address: Callable[[str], str]
) -> None:
    page = open_page(address("contact.html"))
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.count("@") == 1
    assert " " not in copied


def test_a_laptops_first_screen_shows_papers_below_the_filter(
    open_page: OpenPage, address: Callable[[str], str]
) -> None:
    page = open_page(address("publications/index.html"))
    page.locator(".labsite-filter").wait_for()
    papers = page.locator("[data-key]").evaluate_all(
        "(all) => all.map((element) => element.getBoundingClientRect().bottom)"
    )
    assert len([bottom for bottom in papers if bottom <= 800]) >= 3


@pytest.mark.parametrize(
    ("name", "script", "starts"),
    [
        ("publications/index.html", "labsite-list.js", "place.append(button);"),
        ("{paper}.html", "labsite-copy.js", "enhance(block,source);"),
    ],
)
def test_nothing_moves_when_a_script_adds_its_part(
    name: str, script: str, starts: str, width: int, visit: Visit
) -> None:
    def height(change: Change | None) -> int:
        page = visit(name, change=change).page
        page.set_viewport_size({"width": width, "height": 800})
        found: int = page.evaluate("document.documentElement.scrollHeight")
        return found

    idle = Change(f"_static/{script}", starts, "{}")
    assert height(idle) == height(None)


@pytest.mark.parametrize("name", ["{paper}.html", "{year}.html", "{venue}.html"])
def test_a_page_of_records_belongs_to_a_part_of_the_site(
    name: str, visit: Visit
) -> None:
    current = visit(name).page.locator("#pst-header .nav-item.current")
    assert current.all_inner_texts() == ["Publications"]


# ---- Content security ----


@every_page
def test_the_page_itself_says_the_policy_before_it_loads_anything(
    name: str, address: Callable[[str], str], built: BuiltSite
) -> None:
    head = built.page(urlsplit(address(name)).path.lstrip("/")).head
    assert head
    said = head.select_one("meta[http-equiv='Content-Security-Policy']")
    assert said
    # What a page cannot say of itself is who may frame it.
    policy = f"{said['content']}; frame-ancestors 'none'"
    assert policy == HEADERS["Content-Security-Policy"]
    loaded = head.select("script[src], link[rel=stylesheet]")
    assert loaded
    assert not any(said in element.find_all_next() for element in loaded)


def test_without_a_header_the_page_itself_keeps_scripts_out(visit: Visit) -> None:
    script = "<script>document.title = 'It ran'</script></body>"

    def answer(route: Route) -> None:
        response = route.fetch()
        body = response.text().replace("</body>", script)
        route.fulfill(body=body, content_type="text/html")

    watch = visit("contact.html")
    watch.page.route("**/contact.html", answer)
    watch.page.reload()
    assert find_violations(watch) == ["script-src-elem: inline"]
    assert watch.page.title().startswith("Contact")


def test_maintainers_are_told_the_headers() -> None:
    told = (Path(__file__).parents[2] / "docs" / "maintaining.md").read_text("utf-8")
    assert [
        f"{n}: {v}" for n, v in HEADERS.items() if f"\n{n}: {v}\n" not in told
    ] == []
