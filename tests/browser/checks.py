"""What is asked of every page, as functions that return what they find wrong.

Each takes a page that is open; an empty list means that the page is right. Tests ask
them about every kind of page; test_damage.py shows that each finds what it looks for.
"""

from __future__ import annotations

import gzip
from importlib.resources import files
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from playwright.sync_api import ConsoleMessage, Error, Page, Request, Response

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
DIALOG = "#pst-search-dialog"
MODE_BUTTON = "#pst-header .theme-switch-button"

#: KB of 1000 bytes after gzip: the HTML itself, and everything that a page loads.
#: A page that is not named has the budget of "".
BUDGETS: Mapping[str, tuple[float, float]] = {
    "": (16, 36),
    "index.html": (14, 40),
    "publications/index.html": (20, 36),
    "ko/publications/index.html": (20, 37),  # with the labels of its scripts
    "search.html": (8, 36),
}
#: Requests without whose answer nothing is painted.
MOST_BLOCKING = 3
MOST_REQUESTS = 10
#: What servers compress on the way; pictures and the like are compressed already.
_COMPRESSED = ("text/", "javascript", "json", "xml")

_NOTE_VIOLATIONS = """
window.violations = [];
addEventListener("securitypolicyviolation", (event) => {
    violations.push(`${event.effectiveDirective}: ${event.blockedURI}`);
});
"""


class Watch:
    """What a page asks for and complains of, noted from before it is opened."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.requests: list[Request] = []
        self.responses: list[Response] = []
        self.errors: list[str] = []
        page.add_init_script(_NOTE_VIOLATIONS)
        page.on("request", self._note_request)
        page.on("response", self._note_response)
        page.on("console", self._note_message)
        page.on("pageerror", self._note_error)

    def clear(self) -> None:
        """Forget what was noted."""
        for noted in (self.requests, self.responses, self.errors):
            noted.clear()

    def _note_request(self, request: Request) -> None:
        self.requests.append(request)

    def _note_response(self, response: Response) -> None:
        self.responses.append(response)

    def _note_message(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.errors.append(f"{message.text} ({message.location['url']})")

    def _note_error(self, error: Error) -> None:
        self.errors.append(str(error))


# ---- What a page loads ----


def find_errors(watch: Watch) -> list[str]:
    """Return what a page has logged as an error."""
    return watch.errors


def find_foreign(watch: Watch) -> list[str]:
    """Return the requests to other hosts than the page's own."""
    own = urlsplit(watch.page.url).netloc
    addresses = [urlsplit(request.url) for request in watch.requests]
    return [found.geturl() for found in addresses if found.netloc not in {"", own}]


def find_violations(watch: Watch) -> list[str]:
    """Return what the content security policy has kept a page from."""
    return list(watch.page.evaluate("violations"))


def find_overweight(watch: Watch) -> list[str]:
    """Return where a first visit breaks its budget, with its assets by weight."""
    page = watch.page
    page.wait_for_load_state("networkidle")
    address = page.url.partition("?")[0]
    name = urlsplit(address).path.lstrip("/")
    assets = {response.url: _weigh(response) for response in watch.responses}
    html_budget, page_budget = BUDGETS.get(name, BUDGETS[""])
    blocking = page.evaluate(
        "performance.getEntriesByType('resource')"
        ".filter((entry) => entry.renderBlockingStatus === 'blocking')"
        ".map((entry) => entry.name)"
    )
    html, total = assets[page.url], sum(assets.values())
    fonts = [r.url for r in watch.requests if r.resource_type == "font"]
    faults = {
        f"its HTML has {html:.1f} KB": html > html_budget,
        f"it moves {total:.1f} KB": total > page_budget,
        f"it makes {len(assets)} requests": len(assets) > MOST_REQUESTS,
        f"it waits for {', '.join(blocking)}": len(blocking) > MOST_BLOCKING,
        f"it loads {', '.join(fonts)}": bool(fonts),
    }
    return [f"{name}: {f}{_table(assets)}" for f, broken in faults.items() if broken]


def _weigh(response: Response) -> float:
    """Return the KB that a response takes after gzip."""
    data = response.body()
    kind = response.headers.get("content-type", "")
    packed = any(part in kind for part in _COMPRESSED)
    return len(gzip.compress(data, 6) if packed else data) / 1000


def _table(assets: Mapping[str, float]) -> str:
    ordered = sorted(assets.items(), key=lambda asset: -asset[1])
    return "".join(f"\n{weight:8.1f} KB  {url}" for url, weight in ordered)


# ---- Who can use a page ----


def find_inaccessible(watch: Watch, rules: Sequence[str] = ()) -> list[str]:
    """Return what axe-core finds by some rules, or by all, the size of targets too."""
    if not watch.page.evaluate("'axe' in window"):
        watch.page.evaluate(AXE)
    chosen = (
        {"runOnly": rules} if rules else {"rules": {"target-size": {"enabled": True}}}
    )
    return list(
        watch.page.evaluate(
            "(chosen) => axe.run(document, {...chosen, resultTypes: ['violations'],"
            " preload: false})"
            ".then(({violations}) => violations.map(({id, nodes}) =>"
            " [id, ...nodes.map(({html}) => html.slice(0, 200))].join('\\n  ')))",
            chosen,
        )
    )


def find_sideways(
    watch: Watch, widths: Iterable[int] = (1280, 640, 390, 320)
) -> list[str]:
    """Return what scrolls sideways, but for code and tables, at which width.

    640 is a window of 1280 CSS pixels at 200 %.
    """
    found = []
    for width in widths:
        watch.page.set_viewport_size({"width": width, "height": 800})
        wide = watch.page.evaluate(
            """
            [...document.querySelectorAll(":root, :root *")].filter((element) => {
                const scrolls = element === document.documentElement
                    || /auto|scroll/.test(getComputedStyle(element).overflowX);
                const may = element.matches("pre, .pst-scrollable-table-container");
                return scrolls && !may && element.scrollWidth > element.clientWidth;
            }).map((element) => `${element.localName}.${element.className}`)
            """
        )
        found += [f"{width}: {element}" for element in wide]
    return found


def find_unreachable(watch: Watch) -> list[str]:
    """Return what the Tab key does not reach, or reaches without showing the focus."""
    page = watch.page
    page.evaluate(_REMEMBER_CONTROLS)
    page.keyboard.press("Tab")
    found = [] if page.evaluate(_SKIPS) else ["the first key does not skip the header"]
    while seen := page.evaluate(_LOOK_AT_FOCUS):
        if not seen["outlined"]:
            found.append(f"no focus is seen: {seen['html']}")
        if seen["covered"]:
            found.append(f"something covers {seen['html']}")
        page.keyboard.press("Tab")
    unreached = page.evaluate("[...unreached].map((e) => e.outerHTML.slice(0, 120))")
    return found + [f"not reached: {control}" for control in unreached]


_REMEMBER_CONTROLS = """
window.unreached = new Set(
    [...document.querySelectorAll("a[href], button, input, select, summary")]
        .filter((element) => element.checkVisibility({ visibilityProperty: true })),
);
"""
_SKIPS = """
(() => {
    const { hash } = document.activeElement;
    return Boolean(hash && document.querySelector(hash)?.matches("main"));
})()
"""
#: After the last control the focus leaves the page. A link that is stretched over a
#: card shows the focus around the card.
_LOOK_AT_FOCUS = """
(() => {
    const element = document.activeElement;
    if (element === document.body) return null;
    unreached.delete(element);
    const outlined = [null, "::after"].some((part) => {
        const style = getComputedStyle(element, part);
        const outline = style.outlineStyle !== "none" && style.outlineWidth !== "0px";
        return outline || style.boxShadow !== "none";
    });
    const { x, y, width, height } = element.getClientRects()[0];
    const above = document.elementFromPoint(x + width / 2, y + height / 2);
    const covered = !element.contains(above) && !above?.contains(element);
    return { outlined, covered, html: element.outerHTML.slice(0, 120) };
})()
"""


def find_unmarked_korean(watch: Watch) -> list[str]:
    """Return Korean that is not marked as such, or breaks inside its words."""
    return list(
        watch.page.evaluate(
            """
            [...document.querySelectorAll("main *, footer *")].filter((element) => {
                const korean = [...element.childNodes].some(({ nodeType, data }) =>
                    nodeType === Node.TEXT_NODE && /\\p{Script=Hangul}/u.test(data));
                const breaks = getComputedStyle(element).wordBreak !== "keep-all";
                return korean && (breaks || !element.closest("[lang|=ko]"));
            }).map((element) => element.outerHTML.slice(0, 200))
            """
        )
    )


def find_moving(watch: Watch) -> list[str]:
    """Return what moves although the reader has asked for less motion."""
    return list(
        watch.page.evaluate(
            """
            [...document.querySelectorAll("*")].filter((element) => {
                const style = getComputedStyle(element);
                return parseFloat(style.transitionDuration) > 0
                    || style.animationName !== "none"
                    || style.scrollBehavior === "smooth";
            }).map((element) => element.outerHTML.slice(0, 120))
            """
        )
    )


def find_printed_frame(watch: Watch) -> list[str]:
    """Return what is on paper though nobody can press it there."""
    watch.page.emulate_media(media="print")
    return _visible(watch.page, "nav, form, button, header, footer, aside, dialog")


def find_lost_without_scripts(watch: Watch) -> list[str]:
    """Return what a page that runs no scripts hides, or offers in vain."""
    page = watch.page
    menu = page.locator("#pst-header a.nav-link:visible").all_inner_texts()
    hidden = page.evaluate(
        """
        [...document.querySelectorAll(".bd-article :is(h1,h2,h3,p,li,dt,dd,pre)")]
            .filter((element) => element.textContent.trim())
            .filter((element) => !element.closest("details"))
            .filter((element) => !element.checkVisibility({ visibilityProperty: true }))
            .map((element) => element.outerHTML.slice(0, 120))
        """
    )
    return [
        *([] if "Publications" in menu else ["the menu is hidden"]),
        *(f"hidden: {element}" for element in hidden),
        *(f"answers nothing: {button}" for button in _visible(page, "button")),
    ]


def _visible(page: Page, selector: str) -> list[str]:
    return list(
        page.locator(selector)
        .filter(visible=True)
        .evaluate_all("(all) => all.map((element) => element.outerHTML.slice(0, 120))")
    )


# ---- What a page does ----


def find_stuck_mode(watch: Watch) -> list[str]:
    """Return the colour modes that do not come when asked for, or do not last."""
    page = watch.page
    root = page.locator("html")
    found = []
    for mode in ("light", "dark"):
        page.locator(MODE_BUTTON).click()
        if root.get_attribute("data-theme") != mode:
            found.append(f"{mode} does not come")
        page.reload()
        if root.get_attribute("data-theme") != mode:
            found.append(f"{mode} does not last")
    return found


def find_unsearchable(watch: Watch) -> list[str]:
    """Return the queries, of each kind of record, that do not find what they should."""
    page = watch.page
    page.keyboard.press("/")
    page.locator(f"{DIALOG} .labsite-search-topic option").nth(1).wait_for(
        state="attached"
    )
    expected = {
        "kanghyun choi": "People: Kanghyun Choi",
        "smart-infinity hpca 2024": "Papers: Smart-Infinity",
        "humantech gold": "News: ",
        "하드웨어": "Pages: Join us",
    }
    return [
        f"{query} finds no {title}"
        for query, title in expected.items()
        if not any(found.startswith(title) for found in _search_by_kind(page, query))
    ]


def _search_by_kind(page: Page, query: str) -> list[str]:
    search(page, query)
    groups = page.locator(f"{DIALOG} .labsite-search-group").all()
    return [
        f"{group.locator('h2').inner_text()}: {title}"
        for group in groups
        for title in group.locator("a").all_inner_texts()
    ]


def search(page: Page, query: str) -> list[str]:
    """Type a query into the open dialog and return the titles of what is found."""
    page.locator(f"{DIALOG} input").fill(query)
    return page.locator(f"{DIALOG} .labsite-search-results a").all_inner_texts()


def find_misfiltered(watch: Watch) -> list[str]:
    """Return the papers that a chosen year hides or shows wrongly."""
    page = watch.page
    year = page.locator(".labsite-filter details[data-menu=year]")
    year.locator("summary").click()
    box = year.locator("input").nth(2)
    box.check()
    chosen = box.get_attribute("value")
    return list(
        page.evaluate(
            """
            (year) => [...document.querySelectorAll(".labsite-filterable [data-key]")]
                .filter((paper) =>
                    paper.checkVisibility() !== (paper.dataset.year === year))
                .map((paper) => paper.dataset.key)
            """,
            chosen,
        )
    )


def unfold(page: Page) -> None:
    """Open whatever is folded."""
    page.locator("details").evaluate_all(
        "(all) => all.forEach((each) => { each.open = true; })"
    )


def find_miscopied(watch: Watch) -> list[str]:
    """Return what the button of a BibTeX entry copies, if it is not the entry."""
    page = watch.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    unfold(page)
    page.locator(".labsite-bibtex .labsite-copy-button").first.click()
    page.locator(".labsite-copy-status:not(:empty)").first.wait_for()
    copied: str = page.evaluate("navigator.clipboard.readText()")
    entry = page.locator(".labsite-bibtex pre").first.text_content()
    return [] if copied == entry else [copied]
