"""The link by which a reader reports a mistake in an entry."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browser.conftest import OpenPage
    from tests.conftest import BuiltSite

_REPORT = ".labsite-report a"


@pytest.fixture
def wanted(built: BuiltSite) -> tuple[str, str]:
    """Return the page of a paper, and the address of its entry's line."""
    paper = built.records.library.publications[0]
    source = paper.source
    address = built.records.settings.source_url.replace("{file}", source.file)
    page = f"{built.records.docname(paper)}.html"
    return page, address.replace("{line}", str(source.line))


@pytest.mark.parametrize("turn", ["hover", "focus"])
def test_who_turns_to_the_link_gets_the_line_of_the_entry(
    open_page: OpenPage,
    address: Callable[[str], str],
    wanted: tuple[str, str],
    turn: str,
) -> None:
    page = open_page(address(wanted[0]))
    link = page.locator(_REPORT)
    before = link.get_attribute("href")
    getattr(link, turn)()
    page.wait_for_function(
        "([link, address]) => document.querySelector(link).href === address",
        arg=[_REPORT, wanted[1]],
    )
    assert before == wanted[1].partition("#")[0]


def test_the_link_leads_to_the_file_where_the_lines_are_not_to_be_had(
    open_page: OpenPage, address: Callable[[str], str], wanted: tuple[str, str]
) -> None:
    page = open_page(address(wanted[0]))
    page.route("**/lines.json", lambda route: route.fulfill(json={"entries": {}}))
    link = page.locator(_REPORT)
    with page.expect_response("**/lines.json"):
        link.hover()
    assert link.get_attribute("href") == wanted[1].partition("#")[0]


def test_a_click_that_is_quicker_than_the_answer_leads_to_the_line_too(
    open_page: OpenPage, address: Callable[[str], str], wanted: tuple[str, str]
) -> None:
    page = open_page(address(wanted[0]))
    # With an icon of its own: routes do not see that browsers ask for one.
    there = '<link rel="icon" href="data:,">An entry'
    answer = {"body": there, "content_type": "text/html"}
    page.route("https://github.com/**", lambda route: route.fulfill(**answer))
    page.locator(_REPORT).click()
    page.wait_for_url(wanted[1])
