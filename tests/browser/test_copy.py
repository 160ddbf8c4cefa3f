"""The copy button of BibTeX entries; what was copied is pasted to see it."""

from __future__ import annotations

import shutil
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator, Page

STATIC = Path(__file__).parents[2] / "src/labsite/theme/static"

ENTRIES = (
    '@article{lee2026,\n  title = {{DéjàVu} & <b>\\alpha</b> "</script>"},\n}\n',
    "@misc{kim2025,\n  title = {그래프},\n}\n",
)

POLICY = "default-src 'none'; script-src 'self'; img-src 'self'"
ICON = '<svg xmlns="http://www.w3.org/2000/svg"/>'


def write_page(folder: Path, labels: str = "{}") -> Path:
    """Write a page with two entries, one of them coloured, and a place to paste."""
    shutil.copy(STATIC / "labsite-copy.js", folder)
    (folder / "icon.svg").write_text(ICON, encoding="utf-8")
    blocks = "".join(
        f'<div class="labsite-bibtex"><div class="highlight"><pre>'
        f'<span></span><span class="nc">{escape(entry[:8])}</span>{escape(entry[8:])}'
        "</pre></div></div>"
        for entry in ENTRIES
    )
    page = folder / "paper.html"
    page.write_text(
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        '<link rel="icon" href="icon.svg"><title>Paper</title>'
        f'<script type="application/json" id="labsite-labels">{labels}</script>'
        '<script defer src="labsite-copy.js"></script></head>'
        f"<body>{blocks}<textarea></textarea></body></html>",
        encoding="utf-8",
    )
    return page


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, serve: Callable[[Path], str]) -> str:
    """Return the address of the page."""
    page = write_page(tmp_path_factory.mktemp("copy"))
    return serve(page.parent) + page.name


def buttons(page: Page) -> Locator:
    return page.get_by_role("button", name="Copy BibTeX")


def paste(page: Page) -> str:
    """Return what the reader's clipboard holds, by pasting it."""
    page.locator("textarea").fill("")
    page.locator("textarea").press("Control+V")
    return page.locator("textarea").input_value()


def forbid_copying(page: Page) -> None:
    """Take away both ways, as an old or locked browser does."""
    page.add_init_script(
        "Object.defineProperty(navigator, 'clipboard', { value: undefined });"
        "document.execCommand = () => false;"
    )


def test_the_button_copies_its_entry_and_says_so(
    open_page: Callable[..., Page], site: str
) -> None:
    page = open_page(site)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    for place, entry in enumerate(ENTRIES):
        buttons(page).nth(place).click()
        expect(page.get_by_role("status").nth(place)).to_have_text("Copied")
        assert paste(page) == entry


def test_it_copies_where_the_connection_is_not_secure(
    open_page: Callable[..., Page], site: str, insecure: Callable[[str], str]
) -> None:
    page = open_page(insecure(site))
    assert page.evaluate("navigator.clipboard === undefined")
    buttons(page).first.click()
    expect(page.get_by_role("status").first).to_have_text("Copied")
    assert page.evaluate("getSelection().toString()") == ""
    assert paste(page).rstrip("\n") == ENTRIES[0].rstrip("\n")


def test_it_copies_from_a_folder_without_a_server(
    open_page: Callable[..., Page], tmp_path: Path
) -> None:
    page = open_page(write_page(tmp_path).as_uri())
    buttons(page).last.click()
    expect(page.get_by_role("status").last).to_have_text("Copied")
    assert paste(page).rstrip("\n") == ENTRIES[1].rstrip("\n")


def test_the_keyboard_reaches_it_and_keeps_the_focus(
    open_page: Callable[..., Page], site: str
) -> None:
    page = open_page(site)
    page.keyboard.press("Tab")
    expect(buttons(page).first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_have_text("Copied")
    expect(buttons(page).first).to_be_focused()


def test_a_second_copy_is_announced_again(
    open_page: Callable[..., Page], site: str
) -> None:
    page = open_page(site)
    status = page.get_by_role("status").first
    page.evaluate(
        """() => {
            window.said = [];
            const status = document.querySelector("[role=status]");
            const note = () => said.push(status.textContent);
            new MutationObserver(note).observe(status, { childList: true });
        }"""
    )
    buttons(page).first.click()
    expect(status).to_have_text("Copied")
    buttons(page).first.click()
    page.wait_for_function("said.length === 3")
    assert page.evaluate("said") == ["Copied", "", "Copied"]


def test_where_nothing_works_the_text_is_selected_and_the_button_goes(
    open_page: Callable[..., Page], site: str
) -> None:
    page = open_page(site, prepare=forbid_copying)
    buttons(page).first.click()
    expect(buttons(page)).to_have_count(1)
    expect(page.get_by_role("status").first).to_contain_text("the text is selected")
    selected = page.evaluate("getSelection().toString()")
    assert selected.rstrip("\n") == ENTRIES[0].rstrip("\n")


def test_labels_can_be_translated(
    open_page: Callable[..., Page], tmp_path: Path
) -> None:
    labels = '{"Copy BibTeX": "<복사>", "Copied": "복사함"}'
    page = open_page(write_page(tmp_path, labels).as_uri())
    page.get_by_role("button", name="<복사>").first.click()
    expect(page.get_by_role("status").first).to_have_text("복사함")


def test_without_javascript_the_entries_stand_alone(
    open_page: Callable[..., Page], site: str
) -> None:
    page = open_page(site, javascript=False)
    expect(page.get_by_role("button")).to_have_count(0)
    assert page.locator("pre").first.inner_text().strip() == ENTRIES[0].strip()
