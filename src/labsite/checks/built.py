"""What visitors of built pages stumble over: dead links, weight, things without a name.

A smoke test that needs no browser. It reads the HTML as it is sent; what scripts make
of it, and how it looks, is not its business.
"""

from __future__ import annotations

import gzip
from functools import cache
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from labsite.model.problems import Problem, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: Of 1000 bytes: a page with its styles and scripts after gzip; a picture.
_MOST_KB = 150
_MOST_KB_OF_PICTURE = 1000
_CONTROLS = {"input", "select", "textarea"}
_NAMES = ("aria-label", "aria-labelledby", "title")


class _Reader(HTMLParser):
    """Notes what a page leads to and loads, and what is wrong in itself."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.links: list[tuple[int, str, str]] = []  #: line, tag, address
        self.faults: list[tuple[int, str]] = []
        self.is_redirect = False
        self._level = 0
        self._labels = 0
        #: links and buttons that are open: tag, line, whether they have a name
        self._named: list[tuple[str, int, bool]] = []

    def _fault(self, message: str, line: int = 0) -> None:
        self.faults.append((line or self.getpos()[0], message))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.is_redirect |= given.get("http-equiv", "").lower() == "refresh"
        if given.get("id") in self.ids:
            self._fault(f"two elements have the id '{given['id']}'; rename one heading")
        self.ids.add(given.get("id", ""))
        address = given.get("href") or given.get("src")
        if address and given.get("rel") != "canonical":
            self.links.append((self.getpos()[0], tag, address))
        self._check(tag, given)
        if tag in {"a", "button"} and (tag == "button" or "href" in given):
            self._named.append((tag, self.getpos()[0], False))
        if given.get("alt") or any(given.get(name) for name in _NAMES):
            self._name()
        self._labels += tag == "label"

    def _check(self, tag: str, given: dict[str, str]) -> None:
        if tag == "html" and not given.get("lang"):
            self._fault("the page has no language; set language in conf.py")
        if tag == "img" and "alt" not in given:
            self._fault(f"the picture {given.get('src')} has no alt text; write one")
        hidden = given.get("type") in {"hidden", "submit"}
        if tag in _CONTROLS and not (hidden or self._labels or given.keys() & _NAMES):
            self._fault(f"this <{tag}> has no label; put it into a <label>")
        if len(tag) == 2 and tag[0] == "h" and tag[1].isdigit():  # noqa: PLR2004 -- h1 … h6
            level = int(tag[1])
            if level > self._level + 1:
                self._fault(f"<{tag}> follows on h{self._level}; use the next level")
            self._level = level

    def handle_endtag(self, tag: str) -> None:
        self._labels -= tag == "label"
        if self._named and self._named[-1][0] == tag:
            _, line, named = self._named.pop()
            if not named:
                self._fault(f"this <{tag}> has no words; give it some", line)

    def handle_data(self, data: str) -> None:
        if data.strip():
            self._name()

    def _name(self) -> None:
        self._named = [(tag, line, True) for tag, line, _ in self._named]


def check_pages(folder: Path, base: str = "/") -> Iterator[Problem]:
    """Yield what is wrong with the pages of a built site.

    :param folder: where the site is
    :param base: the path of its address, with which links from the root begin
    """

    @cache
    def weigh(path: Path) -> float:
        return len(gzip.compress(path.read_bytes(), mtime=0)) / 1000

    pages = [p for p in folder.rglob("*.html") if "_static" not in p.parts]
    readers = {page: _read(page) for page in sorted(pages)}
    for page, reader in readers.items():
        faults, weight = list(reader.faults), weigh(page)
        for line, tag, address in reader.links:
            parts = urlsplit(address)
            if parts.scheme or parts.netloc:
                continue
            path = unquote(parts.path)
            root = folder if path.startswith("/") else page.parent
            target = (root / path.removeprefix(base)).resolve() if path else page
            target = target / "index.html" if target.is_dir() else target
            found = readers.get(target)
            fragment = unquote(parts.fragment)
            if not target.is_file():
                faults.append((line, f"{address} leads nowhere; correct the link"))
            elif fragment and found and fragment not in found.ids:
                faults.append((line, f"{address} leads to no such place on the page"))
            elif tag == "img" and target.stat().st_size > _MOST_KB_OF_PICTURE * 1000:
                faults.append((line, f"{address} is larger than 1 MB; make it smaller"))
            elif tag == "script" or target.suffix == ".css":
                weight += weigh(target)
        if weight > _MOST_KB:
            said = f"it takes {weight:.0f} KB with its styles and scripts"
            faults.append((1, f"{said}, more than {_MOST_KB}; divide the page"))
        for line, message in [] if reader.is_redirect else faults:
            name = page.relative_to(folder).as_posix()
            yield Problem(rule=Rule.BUILT_PAGE, message=message, file=name, line=line)


def _read(page: Path) -> _Reader:
    reader = _Reader()
    reader.feed(page.read_text("utf-8"))
    return reader
