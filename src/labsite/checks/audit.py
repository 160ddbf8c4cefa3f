"""A built site: every paper on every list, once, and pages that nobody stumbles over.

Pages are read as they are sent, without a browser; what scripts make of them, and how
they look, is not looked at.
"""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from functools import cache
from html import unescape
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from labsite.exports import FORMATS
from labsite.model.files import FileFacts
from labsite.model.problems import Problem, Rule
from labsite.pictures.metadata import SUFFIXES, has_position
from labsite.site.groups import topic_group
from labsite.site.query import Query

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from labsite.site.site import SiteRecords

#: An item of a list of publications, as the writer of HTML begins it.
_LISTED_KEY = re.compile(r'<li\b[^>]*\sdata-key="([^"]*)"')
#: A suffix -> the function that returns the citation keys in such a file.
_EXPORTS = {known.suffix: known.find_keys for known in FORMATS if known.find_keys}
_READERS: dict[str, Callable[[str], list[str]]] = _EXPORTS | {
    ".html": lambda text: list(map(unescape, _LISTED_KEY.findall(text))),
}
#: Of 1000 bytes: a page with its styles and scripts after gzip; a picture.
_MOST_KB = 150
_MOST_KB_OF_PICTURE = 1000
_CONTROLS = {"input", "select", "textarea"}
_NAMES = ("aria-label", "aria-labelledby", "title")


def audit(
    site: SiteRecords, folder: Path, record: Path | None = None
) -> Iterator[Problem]:
    """Compare a built site with the records; yield every difference.

    :param folder: where Sphinx's builder "html" has put the site
    :param record: where to keep, for the next time, what the files list
    """
    facts = FileFacts(_find_keys, record)
    library = site.library
    lost = library.entries - len(library.every_version)
    if lost:
        yield _problem("", f"{lost} of {library.entries} entries could not be read")
    for publication in library.publications:
        if site.topics and not set(publication.topics) & site.topics_by_slug.keys():
            yield _problem("", "is on no topic's list", publication.key)
    lists = [(f"{site.publications_dir}/index", Query())]
    lists += [(topic.docname, topic_group(topic).query) for topic in site.topics]
    for docname, query in lists:
        yield from _audit_list(site, folder, docname, query, facts)
    facts.save()


def _audit_list(
    site: SiteRecords, folder: Path, docname: str, query: Query, facts: FileFacts
) -> Iterator[Problem]:
    """Audit the page of a list, and the exports of the same list."""
    expected = [p.key for p in site.select(query)]
    listed: list[str] = []
    for page in _pages_of(site, docname, query):
        path = folder / f"{page}.html"
        if not path.is_file():
            if expected:
                message = f"this page is missing; write {page}.md with a list of papers"
                yield _problem(f"{page}.html", message)
            return
        listed += json.loads(facts.of(path))
    yield from _compare(f"{docname}.html", expected, listed)
    for suffix in _EXPORTS:
        path = folder / f"{site.export_path(query)}{suffix}"
        if not path.is_file():
            yield _problem(path.name, "this export is missing")
        else:
            yield from _compare(path.name, expected, json.loads(facts.of(path)))


def _pages_of(site: SiteRecords, docname: str, query: Query) -> Iterator[str]:
    """Yield the document with a list, or those of its parts."""
    if query not in site.parts:
        yield docname
    for part in site.parts.get(query, ()):
        yield from _pages_of(site, site.group_docname(part), part.query)


def _compare(
    file: str, expected: Sequence[str], found: Sequence[str]
) -> Iterator[Problem]:
    wanted, counts = set(expected), Counter(found)
    for key in expected:
        if counts[key] != 1:
            times = f"stands here {counts[key]} times instead of once"
            yield _problem(file, times if counts[key] else "is missing here", key)
    for key in counts.keys() - wanted:
        yield _problem(file, "does not belong here", key)


def _problem(file: str, message: str, key: str | None = None) -> Problem:
    return Problem(rule=Rule.AUDIT, message=message, file=file, line=1, key=key)


def _find_keys(path: Path, text: str) -> str:
    """Return the keys that a page or an export lists, as a JSON array."""
    suffix = next(suffix for suffix in _READERS if path.name.endswith(suffix))
    return json.dumps(_READERS[suffix](text))


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
        if re.fullmatch("h[1-6]", tag):
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


def check_pages(folder: Path, base: str = "/", host: str = "") -> Iterator[Problem]:
    """Yield what is wrong with the pages and pictures of a built site.

    :param folder: where the site is
    :param base: the path of its address, with which links from the root begin
    :param host: the host of its address, of which links are links to its own files
    """
    weigh = cache(_weigh)  # most pages load the same files
    pages = [p for p in folder.rglob("*.html") if "_static" not in p.parts]
    readers = {page: _read(page) for page in sorted(pages)}
    for page, reader in readers.items():
        faults, weight = list(reader.faults), weigh(page)
        for line, tag, address in reader.links:
            target = _target(address, page, folder, base, host)
            if target is None:
                continue
            found = readers.get(target)
            fragment = unquote(urlsplit(address).fragment)
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
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in SUFFIXES and has_position(path.read_bytes()):
            message = (
                "the picture says where it was taken; let 'labsite fix' take it out"
            )
            name = path.relative_to(folder).as_posix()
            yield Problem(rule=Rule.BUILT_PAGE, message=message, file=name, line=1)


def _target(
    address: str, page: Path, folder: Path, base: str, host: str
) -> Path | None:
    """Return the file to which an address on a page leads, if that is of the site."""
    parts = urlsplit(address)
    path = unquote(parts.path)
    if parts.netloc:
        path = path or "/"
        own = parts.netloc.lower() == host.lower() and path.startswith(base)
        if not own or parts.scheme not in {"", "http", "https"}:
            return None
    elif parts.scheme:
        return None
    root = folder if path.startswith("/") else page.parent
    target = (root / path.removeprefix(base)).resolve() if path else page
    return target / "index.html" if target.is_dir() else target


def _weigh(path: Path) -> float:
    return len(gzip.compress(path.read_bytes(), mtime=0)) / 1000


def _read(page: Path) -> _Reader:
    reader = _Reader()
    reader.feed(page.read_text("utf-8"))
    return reader
