"""Serve a site to a browser; build it and reload the page after every change.

Each build is a process forked from one that has imported Sphinx and the engine.
Another process serves the output; a script that it adds to each page reloads the page
as soon as its file is written, or when the build ends.
"""

from __future__ import annotations

import os
import re
import signal
import sys
import time
from contextlib import suppress
from functools import partial
from html import escape
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib import import_module
from multiprocessing import get_context
from pathlib import Path
from select import select

from sphinx.application import Sphinx, builtin_extensions
from sphinx.errors import SphinxError
from sphinx.util.docutils import docutils_namespace, patch_docutils

from labsite.model.store import look, stamp
from labsite.sphinx.outputs import write_first
from labsite.sphinx.theme import EXTENSIONS

_INTERVAL = 0.1  # seconds between two looks at the files
_EVENTS, _SCRIPT = "/_live", "/_live.js"
# A policy for what pages may run allows only files of their own host.
_RELOAD = (
    'new EventSource(document.currentScript.src.replace(".js", "")).onmessage = '
    "() => location.reload();\n"
)
#: A page of another host whose name leads here could read drafts (DNS rebinding).
_HOST = re.compile(r"(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?", re.IGNORECASE)
_TAG = f'<script src="{_SCRIPT}?%s"></script></body>'
# "fork" is quick; elsewhere it is missing, or unsafe beside the system's libraries.
_context = get_context("fork") if sys.platform == "linux" else get_context("spawn")


def serve(source: Path, target: Path, port: int) -> None:
    """Build, show and watch a site until somebody interrupts it.

    :param target: the folder for the output, the environment and notes of this module
    :raises OSError: if the port is taken
    """
    ThreadingHTTPServer(("127.0.0.1", port), _Handler).server_close()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    server = _context.Process(target=_serve, args=(target, port), daemon=True)
    server.start()
    try:
        for name in (*builtin_extensions, *EXTENSIONS):
            import_module(name)  # for the processes that build
        built, now = None, look(source)
        while True:
            then, now = now, look(source)
            if then == now != built:  # editors write in several steps
                _build(source, target)
                built = now
            time.sleep(_INTERVAL if now == built else _INTERVAL / 2)
    except KeyboardInterrupt:
        return
    finally:
        server.terminate()
        server.join()


def _build(source: Path, target: Path) -> None:
    """Build in another process."""
    start = time.time_ns()
    process = _context.Process(target=_run, args=(source.resolve(), target))
    process.start()
    process.join()
    built = target / "built"
    built.touch()
    os.utime(built, ns=(start, start))  # pages that the build has written are newer
    strict = process.exitcode == 0
    failed = "" if strict else "; a strict build would fail at what is said above"
    _say(f"Built in {(time.time_ns() - start) / 1e9:.1f} s{failed}")


def _run(source: Path, target: Path) -> None:
    shown = target / "shown"
    page = shown.read_text("utf-8") if shown.is_file() else ""
    folders, settings = (target / "html", target / "doctrees"), {"nitpicky": True}
    try:
        with patch_docutils(source), docutils_namespace():
            app = Sphinx(
                source, source, *folders, "html", settings, None, warningiserror=True
            )
            app.connect("env-get-outdated", partial(write_first, page), priority=450)
            app.build()
    except SphinxError as error:
        sys.exit(f"{error.category}: {error}")
    sys.exit(app.statuscode)


def _serve(target: Path, port: int) -> None:
    handler = partial(_Handler, directory=str(target / "html"))
    server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    _say(f"Showing the site at http://127.0.0.1:{server.server_port}/")
    with suppress(KeyboardInterrupt):
        server.serve_forever()


def _say(message: str) -> None:
    sys.stdout.write(f"{message}\n")
    sys.stdout.flush()


class _Handler(SimpleHTTPRequestHandler):
    """Serves the files of the output, and pages with a script that reloads them."""

    def do_GET(self) -> None:
        """Answer with a file, or with the message that a page has changed."""
        address, _, query = self.path.partition("?")
        if not _HOST.fullmatch(self.headers.get("Host", "localhost")):
            said = "Open the address that 'labsite live' has printed."
            self._answer(said, "text/plain", HTTPStatus.FORBIDDEN)
        elif address == _EVENTS:
            path, _, since = query.rpartition("&")
            while since == self._changed(self._page(path)):
                # The browser closes the connection when somebody leaves the page.
                if select([self.connection], [], [], _INTERVAL / 4)[0]:
                    return
            self._answer("data: built\n\n", "text/event-stream")
        elif address == _SCRIPT:
            self._answer(_RELOAD, "text/javascript")
        elif any(stamp(page := self._page(address))) and page.suffix != ".html":
            getattr(super(), f"do_{self.command}")()
        else:
            self._show(address)

    do_HEAD = do_GET  # noqa: N815 -- as its class calls it

    def _page(self, path: str) -> Path:
        page = Path(self.translate_path(path))
        return page / "index.html" if path.endswith("/") else page

    def _show(self, path: str) -> None:
        page = self._page(path)
        since, found = self._changed(page), any(stamp(page))
        if found:
            name = page.relative_to(self.directory).with_suffix("").as_posix()
            self._beside("shown").write_text(name, "utf-8")
        page = page if found else Path(self.directory, "404.html")
        # The build may still be writing the page.
        html = page.read_text("utf-8", "ignore") if page.is_file() else "Not built yet."
        html = html.partition("</body>")[0] + _TAG % escape(f"{path}&{since}")
        status = HTTPStatus.OK if found else HTTPStatus.NOT_FOUND
        self._answer(html, "text/html", status)

    def _changed(self, page: Path) -> str:
        """Return when a page was written, with its size, or the last build began after.

        A file that is begun and written within a tick of the clock keeps its time.
        """
        return "-".join(map(str, max(stamp(page), stamp(self._beside("built")))))

    def _beside(self, name: str) -> Path:
        return Path(self.directory).with_name(name)

    def _answer(self, text: str, media: str, status: int = HTTPStatus.OK) -> None:
        data = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", f"{media}; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        with suppress(ConnectionError):  # the page was left
            self.wfile.write(data if self.command == "GET" else b"")

    def end_headers(self) -> None:
        """Have the browser ask again each time."""
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- its name
        """Log no requests."""
