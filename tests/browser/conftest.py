"""A Chromium, a server and pages for the tests that need a real browser.

``serve(folder)`` gives a folder an address, ``open_page(address)`` opens it; a page
that logs an error fails its test. ``visit(page)`` opens a page of the real site and
notes what it loads and logs, for the checks. ``width`` and ``scheme`` repeat a test for
a laptop and a phone, in light and in dark. Nothing but the machine itself can be
reached, and every page is served with the headers of docs/maintaining.md.
"""

from __future__ import annotations

import os
import shutil
import threading
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NoReturn, Protocol, TypeAlias

import pytest
from tests.browser.checks import Watch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from playwright.sync_api import Browser, Locator, Page, Route
    from tests.conftest import BuiltSite

    Scheme: TypeAlias = Literal["light", "dark"]

CHROMIUM = shutil.which("chromium")

_MISSING = "no Chromium on this machine: the pages are not tried in a browser"

#: A name for the machine that, unlike 127.0.0.1, browsers do not take for secure.
INSECURE_HOST = "insecure.test"

#: All other names lead nowhere: no test depends on the network.
_HOSTS = f"MAP {INSECURE_HOST} 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
_ARGUMENTS = (
    "--no-sandbox",  # containers run as root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-proxy-server",
    f"--host-resolver-rules={_HOSTS}",
)


#: What a server should add to every page: see "Headers" in docs/maintaining.md.
HEADERS = {
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; "
    "form-action 'self'; object-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "X-Content-Type-Options": "nosniff",
}


class OpenPage(Protocol):
    """What the fixture ``open_page`` returns."""

    def __call__(
        self,
        url: str,
        *,
        width: int = 1280,
        height: int = 800,
        scheme: Scheme = "light",
        javascript: bool = True,
        prepare: Callable[[Page], None] | None = None,
    ) -> Page:
        """Open *url* as a new visitor does.

        :param width: of the window, in CSS pixels
        :param prepare: called with the empty page before it goes to *url*
        """


class _SkippedModule(pytest.Module):
    """A test module where there is no Chromium: skipped as a whole."""

    def collect(self) -> NoReturn:
        """Skip instead of collecting."""
        pytest.skip(_MISSING, allow_module_level=True)


def pytest_pycollect_makemodule(
    module_path: Path, parent: pytest.Collector
) -> pytest.Module | None:
    """Skip the modules beside this file where there is no Chromium, but not in CI."""
    if CHROMIUM or os.environ.get("CI") == "true":
        return None
    skipped: pytest.Module = _SkippedModule.from_parent(parent, path=module_path)
    return skipped


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests beside this file, before ``-m`` chooses."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker("browser")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Return a browser for the whole session."""
    if CHROMIUM is None:
        pytest.fail(_MISSING, pytrace=False)
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only with Chromium

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=_ARGUMENTS)
        yield browser
        browser.close()


class _Handler(SimpleHTTPRequestHandler):
    """Serves files as docs/maintaining.md says, without a word on the terminal."""

    def end_headers(self) -> None:
        """Add what every page should have."""
        for name, value in HEADERS.items():
            self.send_header(name, value)
        super().end_headers()

    def send_error(
        self, code: int, message: str | None = None, explain: str | None = None
    ) -> None:
        """Answer with the page for lost addresses, as hosts do, but for the status."""
        page = Path(self.directory, "404.html")
        if code != HTTPStatus.NOT_FOUND or not page.is_file():
            super().send_error(code, message, explain)
            return
        self.send_response(HTTPStatus.OK)  # browsers log others as errors
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(page.read_bytes())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    """A server whose visitors may leave in the middle of a file."""

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: a file that did not arrive is an error of the page."""


@contextmanager
def _served(folder: Path) -> Iterator[str]:
    handler = partial(_Handler, directory=str(folder))
    with _Server(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="session")
def serve() -> Iterator[Callable[[Path], str]]:
    """Return a function from a folder to the address, with a slash, where it is."""
    addresses: dict[Path, str] = {}
    with ExitStack() as servers:

        def serve_folder(folder: Path) -> str:
            if folder not in addresses:
                addresses[folder] = servers.enter_context(_served(folder))
            return addresses[folder]

        yield serve_folder


class _Visitor:
    """A page that tests use one after another, each as a new visitor.

    A new page takes Chromium five times as long as the next address on one that is
    there. Nothing that is loaded is kept, and :meth:`leave` forgets the rest.
    """

    def __init__(self, chromium: Browser, *, javascript: bool) -> None:
        self.context = chromium.new_context(java_script_enabled=javascript)
        page = self.context.new_page()
        page.set_default_timeout(20_000)
        self.watch = Watch(page)
        self.session = self.context.new_cdp_session(page)
        self.session.send("Network.enable")
        self.session.send("Network.setCacheDisabled", {"cacheDisabled": True})

    def come(self, width: int, height: int, scheme: Scheme) -> Watch:
        """Return the page, with nothing on it and nothing noted."""
        self.watch.clear()
        self.watch.page.set_viewport_size({"width": width, "height": height})
        self.watch.page.emulate_media(
            media="null",
            color_scheme=scheme,
            reduced_motion="reduce",
            forced_colors="none",
        )
        return self.watch

    def leave(self) -> None:
        """Leave the page, and nothing behind."""
        page = self.watch.page
        page.unroute_all(behavior="ignoreErrors")
        page.goto("about:blank")
        page.mouse.move(-1, -1)
        self.context.clear_permissions()
        everything = {"origin": "*", "storageTypes": "all"}
        self.session.send("Storage.clearDataForOrigin", everything)
        self.session.send("Page.resetNavigationHistory")


@pytest.fixture(scope="session")
def visitors() -> Mapping[bool, list[_Visitor]]:
    """Return the visitors that no test has, with scripts and without."""
    return {True: [], False: []}


@pytest.fixture
def come(
    chromium: Browser, visitors: Mapping[bool, list[_Visitor]]
) -> Iterator[Callable[..., Watch]]:
    """Return a function that gives a page until the end of the test.

    With *strict* an error on it then fails the test. What is done to a page in
    *prepare* cannot be taken back, so no other test has it.
    """
    lent: list[tuple[list[_Visitor] | None, _Visitor, bool]] = []

    def come(
        width: int = 1280,
        height: int = 800,
        scheme: Scheme = "light",
        *,
        javascript: bool = True,
        prepare: Callable[[Page], None] | None = None,
        strict: bool = False,
    ) -> Watch:
        free = None if prepare else visitors[javascript]
        visitor = free.pop() if free else _Visitor(chromium, javascript=javascript)
        lent.append((free, visitor, strict))
        watch = visitor.come(width, height, scheme)
        if prepare:
            prepare(watch.page)
        return watch

    yield come
    errors: list[str] = []
    for free, visitor, strict in lent:
        if free is None:
            visitor.context.close()
        else:
            visitor.leave()
            free.append(visitor)
        errors += visitor.watch.errors if strict else []
    if errors:
        pytest.fail("the page logged errors:\n" + "\n".join(errors), pytrace=False)


@pytest.fixture
def open_page(come: Callable[..., Watch]) -> OpenPage:
    """Return a function that opens pages; an error on one fails the test at its end."""

    def open_page(url: str, **how: Any) -> Page:  # noqa: ANN401 - see OpenPage
        page = come(strict=True, **how).page
        page.goto(url)
        return page

    return open_page


@dataclass(frozen=True, slots=True)
class Change:
    """A file of the site, made worse on its way to the browser."""

    file: str  #: from the site's root, as in an address
    old: str  #: what has to be in it
    new: str  #: what takes the place of that


class Visit(Protocol):
    """What the fixture ``visit`` returns."""

    def __call__(
        self, page: str, *, javascript: bool = True, change: Change | None = None
    ) -> Watch:
        """Open a page of the real site and note what it loads and logs.

        :param page: from the site's root; ``{paper}``, ``{topic}`` and the like are
            one page of each kind that records make
        :param change: of a file that the page loads, or of the page
        """


@pytest.fixture
def visit(come: Callable[..., Watch], address: Callable[[str], str]) -> Visit:
    """Return a function that visits pages of the real site for the first time."""

    def visit(
        page: str, *, javascript: bool = True, change: Change | None = None
    ) -> Watch:
        watch = come(javascript=javascript)
        if change:
            _put_into(watch.page, address(change.file), change)
        watch.page.goto(address(page))
        return watch

    return visit


def _put_into(page: Page, address: str, change: Change) -> None:
    def answer(route: Route) -> None:
        response = route.fetch()
        text = response.text()
        # A change that changes nothing proves nothing: the page fails to load.
        found = change.old in text
        body = text.replace(change.old, change.new) if found else "changed nothing"
        route.fulfill(response=response, status=200 if found else 500, body=body)

    page.route(lambda url: url.partition("?")[0] == address, answer)


@pytest.fixture(scope="session")
def address(built: BuiltSite, serve: Callable[[Path], str]) -> Callable[[str], str]:
    """Return a function to the address of a page of the real site.

    Of each kind that records make, the page is the one with the most in it, or, for
    what takes a while, one as most are: ``{paper}`` and ``{typical_paper}``.
    """
    site = built.records
    groups = site.groups.values()
    kinds: dict[str, list[str]] = {
        "paper": [site.docname(paper) for paper in site.library.publications],
        "year": [g.docname for g in groups if g.query.year],
        "venue": [g.docname for g in groups if g.query.venue],
        "topic": [topic.docname for topic in site.topics],
        "person": [p.docname for p in site.people if p.left is None],
        "alumnus": [p.docname for p in site.people if p.left is not None],
    }

    def size(docname: str) -> int:
        return (built.folder / f"{docname}.html").stat().st_size

    names: dict[str, str] = {}
    for kind, docnames in kinds.items():
        ordered = sorted(docnames, key=size)
        names |= {kind: ordered[-1], f"typical_{kind}": ordered[len(ordered) // 2]}
    return lambda name: serve(built.folder) + name.format(**names)


@pytest.fixture(params=["light", "dark"])
def scheme(request: pytest.FixtureRequest) -> Scheme:
    """Return each colour scheme that a reader may prefer."""
    chosen: Scheme = request.param
    return chosen


@pytest.fixture(params=[1280, 390], ids=["laptop", "phone"])
def width(request: pytest.FixtureRequest) -> int:
    """Return the widths every page is made for, in CSS pixels."""
    chosen: int = request.param
    return chosen


@pytest.fixture(scope="session")
def insecure() -> Callable[[str], str]:
    """Return a function to the same address, by a name that is not secure."""
    return lambda url: url.replace("127.0.0.1", INSECURE_HOST, 1)


@pytest.fixture(scope="session")
def sideways() -> Callable[[Page], int]:
    """Return a function that tells how far a page scrolls sideways, in CSS pixels."""

    def measure(page: Page) -> int:
        extent: int = page.evaluate(
            "(root) => root.scrollWidth - root.clientWidth",
            page.query_selector(":root"),
        )
        return extent

    return measure


@pytest.fixture(scope="session")
def small_targets() -> Callable[[Locator], list[str]]:
    """Return a function that names the controls under 24 by 24 CSS pixels.

    The size is that of WCAG 2.2, success criterion 2.5.8, which excepts links in text.
    """

    def find(controls: Locator) -> list[str]:
        found = controls.filter(visible=True).all()
        boxes = [(each.bounding_box(), each) for each in found]
        return [
            str(each.evaluate("(element) => element.outerHTML"))
            for box, each in boxes
            if box and min(box["width"], box["height"]) < 24
        ]

    return find
