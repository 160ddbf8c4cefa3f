"""A preview of a proposed change on a host that adds its own script to pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labsite.site.configuration import fill_in

if TYPE_CHECKING:
    from pathlib import Path

    import pytest
    from playwright.sync_api import Page, Route
    from tests.browser.conftest import OpenPage

#: What the add-ons of Read the Docs do: ask the host, compile a schema, style a part.
ADD_ONS = """
const answer = await (await fetch("/_/addons/")).json();
const name = new Function("data", "return data.name")(answer);
const part = document.body.appendChild(document.createElement("readthedocs-part"));
const root = part.attachShadow({mode: "open"});
const sheet = new CSSStyleSheet();
sheet.replaceSync("b { color: rgb(1, 2, 3) }");
root.adoptedStyleSheets = [sheet];
root.innerHTML = `<style>b { margin-top: 7px }</style><b style="left: 5px">${name}</b>`;
"""
PAGE = """<!doctype html><html lang="en"><head><title>T</title>
<link rel="icon" href="data:,"><meta http-equiv="Content-Security-Policy" content="{}">
<script type="module" src="/_/static/add-ons.js"></script></head><body></body></html>"""


def test_the_policy_of_a_preview_lets_add_ons_work(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("READTHEDOCS_VERSION_TYPE", "external")
    values = fill_in(tmp_path, {"html_theme": "labsite"})
    policy = values["html_context"]["content_security_policy"]
    files = {
        "https://preview.test/": ("text/html", PAGE.format(policy)),
        "https://preview.test/_/static/add-ons.js": ("text/javascript", ADD_ONS),
        "https://preview.test/_/addons/": ("application/json", '{"name": "preview"}'),
    }

    def answer(route: Route) -> None:
        kind, text = files[route.request.url]
        route.fulfill(content_type=kind, body=text)

    def prepare(page: Page) -> None:
        page.route("https://preview.test/**", answer)

    page = open_page("https://preview.test/", prepare=prepare)
    said = page.locator("readthedocs-part b")
    said.wait_for()
    names = ("color", "marginTop", "left")
    style = "(e, names) => names.map((name) => getComputedStyle(e)[name])"
    assert said.text_content() == "preview"
    assert said.evaluate(style, names) == ["rgb(1, 2, 3)", "7px", "5px"]
