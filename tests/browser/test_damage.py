"""A page made worse on purpose: each check finds what it looks for."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from tests.browser.checks import (
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
)
from tests.browser.conftest import Change

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browser.checks import Watch
    from tests.browser.conftest import Visit

#: Of no use to gzip, and the same in every process, as pytest-xdist wants it.
NOISE = random.Random(1).randbytes(30_000).hex()  # noqa: S311 -- no secret
SHEET = "_static/labsite.css"
FRAME = "_static/labsite/frame.js"
PAPER = "{paper}.html"
LIST = "publications/index.html"


@dataclass(frozen=True, slots=True)
class Damage:
    """What is done to a page, and what is then found."""

    check: Callable[[Watch], list[str]]
    page: str
    change: Change
    finding: str  #: part of what the check returns


def styled(rule: str) -> Change:
    """Return the addition of a rule to the stylesheet that outdoes the others."""
    return Change(SHEET, "@media", f"{rule} @media")


def in_body(page: str, html: str) -> Change:
    """Return the addition of an element at the end of a page."""
    return Change(page, "</body>", f"{html}</body>")


DAMAGES = {
    "an error is logged": Damage(
        find_errors,
        "contact.html",
        Change(FRAME, '"use strict";', '"use strict"; console.error("I am broken");'),
        "I am broken",
    ),
    "an error is thrown": Damage(
        find_errors,
        "contact.html",
        Change(FRAME, '"use strict";', '"use strict"; throw new Error("I am broken");'),
        "I am broken",
    ),
    "another host is asked": Damage(
        find_foreign,
        "contact.html",
        in_body("contact.html", '<img src="https://elsewhere.test/a.png" alt="">'),
        "https://elsewhere.test/a.png",
    ),
    "a script stands in the page": Damage(
        find_violations,
        "contact.html",
        in_body("contact.html", "<script>document.title = 'It ran'</script>"),
        "script-src-elem: inline",
    ),
    "an element answers by itself": Damage(
        find_violations,
        "contact.html",
        in_body("contact.html", '<img src="none.png" onerror="alert()" alt="">'),
        "script-src-attr: inline",
    ),
    "a style stands in the page": Damage(
        find_violations,
        "contact.html",
        in_body("contact.html", '<p style="color: red">Red</p>'),
        "style-src-attr: inline",
    ),
    "the HTML is heavy": Damage(
        find_overweight,
        "contact.html",
        in_body("contact.html", f"<!-- {NOISE} -->"),
        "contact.html: its HTML has",
    ),
    "an asset is heavy": Damage(
        find_overweight,
        "contact.html",
        Change(FRAME, '"use strict";', f'"use strict"; /* {NOISE} */'),
        "labsite/frame.js",
    ),
    "much is waited for": Damage(
        find_overweight,
        "contact.html",
        Change(
            "contact.html",
            "</title>",
            "</title>"
            + "".join(
                f'<script src="_static/labsite/mode.js?{i}"></script>' for i in "abc"
            ),
        ),
        "contact.html: it waits for",
    ),
    "a font is loaded": Damage(
        find_overweight,
        "contact.html",
        styled(
            "@font-face { font-family: Heavy; src: url(heavy.woff2); }"
            "body { font-family: Heavy !important; }"
        ),
        "contact.html: it loads",
    ),
    "the language is not said": Damage(
        find_inaccessible,
        "contact.html",
        Change("contact.html", '<html lang="en"', "<html"),
        "html-has-lang",
    ),
    "words are pale": Damage(
        find_inaccessible,
        "contact.html",
        styled("main p { color: #aaa !important; }"),
        "color-contrast",
    ),
    "a heading is left out": Damage(
        find_inaccessible,
        PAPER,
        Change(PAPER, "<h2>", "<h4>"),
        "heading-order",
    ),
    "targets are small": Damage(
        find_inaccessible,
        PAPER,
        styled(
            ".labsite-links { gap: 0 !important }"
            ".labsite-link { font-size: 5px !important; line-height: 5px !important;"
            " min-height: 0 !important; min-width: 0 !important;"
            " padding: 0 !important }"
        ),
        "target-size",
    ),
    "a part is too wide": Damage(
        find_sideways,
        "contact.html",
        styled("main p { min-width: 30rem !important; }"),
        "390: ",
    ),
    "focus is not seen": Damage(
        find_unreachable,
        "contact.html",
        styled(
            ":focus-visible { box-shadow: none !important; outline: 0 !important; }"
        ),
        "no focus is seen: ",
    ),
    "focus is below something": Damage(
        find_unreachable,
        "contact.html",
        styled(".bd-header { block-size: 90vh !important }"),
        "something covers <a",
    ),
    "a button is left out by the keyboard": Damage(
        find_unreachable,
        "contact.html",
        Change(
            "contact.html",
            '<button type="button" class="pst-navbar-icon theme-switch-button',
            '<button type="button" tabindex="-1" class="theme-switch-button',
        ),
        "not reached: ",
    ),
    "the header is not skipped": Damage(
        find_unreachable,
        "contact.html",
        Change("contact.html", 'href="#main-content"', 'href="#elsewhere"'),
        "the first key does not skip the header",
    ),
    "Korean is not marked": Damage(
        find_unmarked_korean,
        "join/index.html",
        Change("join/index.html", 'lang="ko"', 'lang="en"'),
        "연구",
    ),
    "Korean breaks inside words": Damage(
        find_unmarked_korean,
        "join/index.html",
        Change(SHEET, "word-break:keep-all", "word-break:normal"),
        "연구",
    ),
    "something moves": Damage(
        find_moving,
        "contact.html",
        styled("main p { transition: all 1s !important }"),
        "<p>",
    ),
    "the foot is printed": Damage(
        find_printed_frame,
        "contact.html",
        styled(".bd-footer { display: flex !important }"),
        "<footer",
    ),
    "the mode does not come": Damage(
        find_stuck_mode,
        "contact.html",
        Change(FRAME, "root.dataset.theme=mode", "root.dataset.lost=mode"),
        "dark does not come",
    ),
    "the mode is forgotten": Damage(
        find_stuck_mode,
        "contact.html",
        Change(FRAME, 'localStorage.setItem("mode",mode);', ""),
        "dark does not last",
    ),
    "the search finds nothing": Damage(
        find_unsearchable,
        "contact.html",
        Change("_static/labsite-find.js", "level*pairs", "0*pairs"),
        "하드웨어 finds no Pages: Join us",
    ),
    "the search knows no people": Damage(
        find_unsearchable,
        "contact.html",
        Change("search-index.js", '"people":', '"people":[],"nobody":'),
        "kanghyun choi finds no People: Kanghyun Choi",
    ),
    "the filter hides nothing": Damage(
        find_misfiltered,
        LIST,
        Change("_static/labsite-filter.js", "element.hidden=hidden", "0"),
        "kim2026starlinc",
    ),
    "the button copies something else": Damage(
        find_miscopied,
        PAPER,
        Change("_static/labsite-copy.js", "source.textContent??", ""),
        "",
    ),
}

#: The same for a page that runs no scripts.
WITHOUT_SCRIPTS = {
    "papers wait for a script": (
        LIST,
        styled(".labsite-publications { display: none !important }"),
        "hidden: ",
    ),
    "the menu waits for a script": (
        "contact.html",
        styled(".bd-header .navbar-header-items { display: none !important }"),
        "the menu is hidden",
    ),
    "buttons wait for a script": (
        "contact.html",
        Change("contact.html", " pst-js-only", ""),
        "answers nothing: ",
    ),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_a_page_made_worse_is_found(name: str, visit: Visit) -> None:
    damage = DAMAGES[name]
    watch = visit(damage.page, change=damage.change)
    found = damage.check(watch)
    assert any(damage.finding in finding for finding in found), found


@pytest.mark.parametrize("name", WITHOUT_SCRIPTS)
def test_what_waits_for_a_script_is_found(name: str, visit: Visit) -> None:
    page, change, finding = WITHOUT_SCRIPTS[name]
    watch = visit(page, javascript=False, change=change)
    watch.page.set_viewport_size({"width": 390, "height": 800})
    found = find_lost_without_scripts(watch)
    assert any(finding in each for each in found), found


def test_a_file_that_never_comes_is_found(visit: Visit) -> None:
    watch = visit("teaching/index.html")
    watch.page.route("**/frame.js*", lambda route: route.abort())
    watch.page.reload()
    assert any("frame.js" in error for error in find_errors(watch))
    watch.page.set_viewport_size({"width": 390, "height": 800})
    assert find_lost_without_scripts(watch) == []
