"""Show a site in a browser, and build and reload it after every change.

The site is built by a process that is forked from one which has imported everything, so
each build starts at once and leaves nothing behind. Another process serves the output;
a line that it adds to each page listens for the end of the next build.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from contextlib import suppress
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib import import_module
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx.cmd.build import main as sphinx_build

from labsite.rebuild.last_check import look

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from multiprocessing.connection import Connection

_INTERVAL = 0.1  # seconds between two looks at the files
_EVENTS, _SCRIPT = "/_live", "/_live.js"
# A policy for what pages may run allows files of their own host alone.
_RELOAD = f'new EventSource("{_EVENTS}?%s").onmessage = () => location.reload();\n'
_TAG = f'<script src="{_SCRIPT}?%d"></script></body>'
# "fork" is quick; elsewhere it is missing, or unsafe beside the system's libraries.
_context = get_context("fork") if sys.platform == "linux" else get_context("spawn")


def serve(source: Path, target: Path, port: int) -> None:
    """Build, show and watch a site until somebody interrupts it.

    :param target: the folder for the output, the environment and the mark of a build
    :raises OSError: if the port is taken
    """
    ThreadingHTTPServer(("127.0.0.1", port), _Handler).server_close()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    server = _context.Process(target=_serve, args=(target, port), daemon=True)
    server.start()
    try:
        before = look(source)
        _build(source, target)
        while True:
            time.sleep(_INTERVAL)
            now = look(source)
            if now != before:
                if _is_loaded(path for path, _ in before.items() ^ now.items()):
                    break
                before = _settle(source, now)
                _build(source, target)
    except KeyboardInterrupt:
        return
    finally:
        server.terminate()
        server.join()
    os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606 -- itself


def _build(source: Path, target: Path) -> None:
    """Build in a process of its own, and take over what that has imported."""
    start = time.monotonic()
    receiver, sender = _context.Pipe(duplex=False)
    process = _context.Process(target=_run, args=(source, target, sender))
    process.start()
    sender.close()
    strict = False
    with suppress(EOFError):  # of a build that was killed
        strict, names = receiver.recv()
        for name in names:
            with suppress(Exception):  # what a build needs, it imports itself
                import_module(name)
    process.join()
    (target / "built").touch()
    failed = "" if strict else "; a strict build would fail at what is said above"
    _say(f"Built in {time.monotonic() - start:.1f} s{failed}")


def _run(source: Path, target: Path, sender: Connection) -> None:
    html, doctrees = target / "html", target / "doctrees"
    options = ["-n", "-q", "-W", "--keep-going", "-d", str(doctrees)]
    status = sphinx_build([*options, str(source), str(html)])
    sender.send((status == 0, [n for n in sys.modules if not n.startswith("__")]))


def _settle(
    source: Path, now: Mapping[str, tuple[int, int]]
) -> Mapping[str, tuple[int, int]]:
    """Wait until nothing has changed for a moment: editors write in several steps."""
    while True:
        time.sleep(_INTERVAL / 2)
        then, now = now, look(source)
        if then == now:
            return now


def _is_loaded(paths: Iterable[str]) -> bool:
    """Tell whether one of the files is a module that this process has imported."""
    loaded = {getattr(module, "__file__", None) for module in sys.modules.values()}
    return not loaded.isdisjoint(paths)


def _serve(target: Path, port: int) -> None:
    class Handler(_Handler):
        folder, built = target / "html", target / "built"

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    _say(f"Showing the site at http://127.0.0.1:{server.server_port}/")
    with suppress(KeyboardInterrupt):
        server.serve_forever()


def _say(message: str) -> None:
    sys.stdout.write(f"{message}\n")
    sys.stdout.flush()


class _Handler(SimpleHTTPRequestHandler):
    """Serves files as they are now, and pages with a line that reloads them."""

    folder = built = Path()

    def translate_path(self, path: str) -> str:
        """Return the file in the output, whichever folder the program runs in."""
        self.directory = str(self.folder)
        return super().translate_path(path)

    def do_GET(self) -> None:
        """Answer with a file, a page, or the end of the next build."""
        path, _, since = self.path.partition("?")
        if path == _EVENTS:
            while since == str(self._built_at()):
                time.sleep(_INTERVAL / 2)
            self._answer("data: built\n\n", "text/event-stream")
        elif path == _SCRIPT:
            self._answer(_RELOAD % since, "text/javascript")
        else:
            page = Path(self.translate_path(path))
            page = page / "index.html" if path.endswith("/") else page
            if page.suffix == ".html":
                self._show(page)
            else:
                super().do_GET()

    def _show(self, page: Path) -> None:
        since = self._built_at()
        status = HTTPStatus.OK if page.is_file() else HTTPStatus.NOT_FOUND
        page = page if page.is_file() else self.folder / "404.html"
        html = page.read_text("utf-8") if page.is_file() else "Not built yet.</body>"
        self._answer(html.replace("</body>", _TAG % since), "text/html", status)

    def _built_at(self) -> int:
        return self.built.stat().st_mtime_ns if self.built.is_file() else 0

    def _answer(self, text: str, media: str, status: int = HTTPStatus.OK) -> None:
        data = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", f"{media}; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        with suppress(ConnectionError):  # of a page that was left
            self.wfile.write(data)

    def end_headers(self) -> None:
        """Have the browser ask again each time."""
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- its name
        """Say nothing of each request."""
