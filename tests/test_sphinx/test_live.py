"""The preview that builds and reloads after every change."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
from html import unescape
from typing import TYPE_CHECKING
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.test_sphinx.conftest import Site


@pytest.fixture
def address(site: Site) -> Iterator[str]:
    command = [sys.executable, "-m", "labsite", "live", "--port", "0", "--source"]
    process = subprocess.Popen(
        [*command, str(site.source)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    found = re.search(r"http://\S+/", process.stdout.readline())
    assert found
    yield found[0]
    process.terminate()
    process.communicate()


def get(address: str) -> tuple[int, str]:
    """Return status and text of an answer."""
    try:
        with urlopen(address, timeout=60) as answer:  # noqa: S310 -- of this machine
            return answer.status, answer.read().decode()
    except HTTPError as error:
        with error:
            return error.code, error.read().decode()


def script_of(page: str) -> str:
    """Return the address of the script that reloads a page."""
    script = re.search(r'<script src="/(_live.js[?][^"]+)"></script></body>', page)
    assert script
    return unescape(script[1])


def wait_for_change(address: str, page: str) -> None:
    """Wait until a page has changed, as its script does."""
    url = address + script_of(page)
    assert "location.reload()" in get(url)[1]
    assert get(url.replace(".js", "")) == (200, "data: built\n\n")


def show(address: str, path: str) -> str:
    """Return a page once it is there, to its end."""
    status, page = get(address + path)
    while status == 404 or "footer" not in page:
        wait_for_change(address, page)
        status, page = get(address + path)
    return page


@pytest.mark.parametrize(
    "path", ["publications/index.html", "publications/poe2022other.html"]
)
def test_a_change_is_shown_when_it_is_built(
    path: str, site: Site, address: str
) -> None:
    page = show(address, path)
    assert "Another Paper" in page
    site.edit("publications.bib", "Another Paper", "Another Title")
    wait_for_change(address, page)
    page = show(address, path)
    assert "Another Title" in page
    # A page that is not written again may use a file that has changed.
    site.write("_static/new.css", "p { color: red }")
    wait_for_change(address, page)
    # The files themselves stay as they are published.
    assert "_live" not in (site.source / "_build/live/html/index.html").read_text()


def ask(address: str, request: str) -> bytes:
    """Return the beginning of the answer to a request that no page sends."""
    place = urlsplit(address)
    with socket.create_connection((place.hostname, place.port), timeout=60) as browser:
        browser.sendall(f"{request}\r\n\r\n".encode())
        browser.shutdown(socket.SHUT_WR)
        return browser.recv(12)


def test_odd_requests_are_refused_or_watched_no_longer(address: str) -> None:
    events = script_of(show(address, "index.html")).replace(".js", "")
    assert ask(address, f"GET /{events} HTTP/1.0") == b""
    for name in ("%00", "%ed%a0%80", "a" * 300):
        for method in ("GET", "HEAD"):
            assert ask(address, f"{method} /{name} HTTP/1.0") == b"HTTP/1.0 404"
    # A page of another host whose name leads to this machine: DNS rebinding.
    for host in ("example.org:8000", "127.0.0.1.example.org", "localhost@example.org"):
        for method in ("GET", "HEAD"):
            request = f"{method} /index.html HTTP/1.1\r\nHost: {host}"
            assert ask(address, request) == b"HTTP/1.0 403"
    for host in ("localhost:8", "LOCALHOST", "127.0.0.1", "[::1]:8000"):
        assert ask(address, f"HEAD / HTTP/1.1\r\nHost: {host}") == b"HTTP/1.0 200"
