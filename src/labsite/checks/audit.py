"""Check a built site: its lists and exports against the records, and its pages.

Pages are read as files, without a browser: neither scripts nor layout are checked.
"""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from functools import cache
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from labsite.exports import FORMATS
from labsite.model.problems import Problem, Rule
from labsite.model.store import FileFacts
from labsite.pictures.metadata import SUFFIXES, has_position
from labsite.site.groups import topic_group
from labsite.site.query import Query
from labsite.site.settings import PUBLICATIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from labsite.site.site import SiteRecords

#: An item of a list of publications in the output of the HTML writer.
_LISTED_KEY = re.compile(r'<li\b[^>]*\sdata-key="([^"]*)"')
#: A suffix -> the function that returns the citation keys in such a file.
_EXPORTS = {known.suffix: known.find_keys for known in FORMATS if known.find_keys}
_READERS: dict[str, Callable[[str], list[str]]] = _EXPORTS | {
    ".html": lambda text: list(map(unescape, _LISTED_KEY.findall(text))),
}
#: In kilobytes: a page with its styles and scripts after gzip; a picture.
_MOST_KB = 150
_MOST_KB_OF_PICTURE = 1000
#: The target of an address that cannot be one; it is not a file.
_NOWHERE = Path()
_CONTROLS = {"input", "select", "textarea"}
_NAMES = {"aria-label", "aria-labelledby", "title"}


def audit(
    site: SiteRecords, folder: Path, record: Path | None = None
) -> Iterator[Problem]:
    """Yield every difference between the lists of a built site and the records.

    :param folder: the output of Sphinx's builder "html"
    :param record: a file for the keys that were read, to reuse them next time
    """
    facts = FileFacts(_find_keys, record)
    library = site.library
    lost = library.entries - len(library.every_version)
    if lost:
        yield _problem("", f"{lost} of {library.entries} entries could not be read")
    lists = [(f"{PUBLICATIONS}/index", Query())]
    lists += [(topic.docname, topic_group(topic).query) for topic in site.topics]
    for docname, query in lists:
        yield from _audit_list(site, folder, docname, query, facts)
    facts.save()


def _audit_list(
    site: SiteRecords, folder: Path, docname: str, query: Query, facts: FileFacts
) -> Iterator[Problem]:
    """Audit the pages of a list, and its exports."""
    expected = [p.key for p in site.select(query)]
    listed: list[str] = []
    for page in _find_pages(site, docname, query):
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


def _find_pages(site: SiteRecords, docname: str, query: Query) -> Iterator[str]:
    """Yield the documents with a list or its parts."""
    if query not in site.parts:
        yield docname
    for part in site.parts.get(query, ()):
        yield from _find_pages(site, site.group_docname(part), part.query)


def _compare(
    file: str, expected: Sequence[str], found: Sequence[str]
) -> Iterator[Problem]:
    counts = Counter(found)
    for key in expected:
        if counts[key] != 1:
            times = f"is here {counts[key]} times instead of once"
            yield _problem(file, times if counts[key] else "is missing here", key)
    for key in counts.keys() - set(expected):
        yield _problem(file, "does not belong here", key)


def _problem(file: str, message: str, key: str | None = None) -> Problem:
    return Problem(rule=Rule.AUDIT, message=message, file=file, line=1, key=key)


def _find_keys(path: Path, text: str) -> str:
    """Return the keys in a page or an export as a JSON array."""
    suffix = next(suffix for suffix in _READERS if path.name.endswith(suffix))
    return json.dumps(_READERS[suffix](text))


class _PageParser(HTMLParser):
    """Collects the ids, links and faults of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.ids = {""}  # an address without a fragment
        self.links: list[tuple[int, str, str]] = []  #: line, tag, address
        self.faults: list[tuple[int, str]] = []
        self.is_redirect = False
        self._level = 0
        self._labels = 0
        self._names = 0
        #: Open links and buttons: tag, line, the number of names before.
        self._open: list[tuple[str, int, int]] = []

    def _report(self, message: str, line: int = 0) -> None:
        self.faults.append((line or self.getpos()[0], message))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        line = self.getpos()[0]
        self.is_redirect |= given.get("http-equiv", "").lower() == "refresh"
        if given.get("id") and given["id"] in self.ids:
            message = f"two elements have the id '{given['id']}'; rename one heading"
            self._report(message)
        self.ids.add(given.get("id", ""))
        address = given.get("href") or given.get("src")
        if address and given.get("rel") != "canonical":
            self.links.append((line, tag, address))
        if tag == "button" or (tag == "a" and "href" in given):
            self._open.append((tag, line, self._names))
        self._names += any(given.get(name) for name in ("alt", *_NAMES))
        self._labels += tag == "label"
        self._check_attributes(tag, given)

    def _check_attributes(self, tag: str, given: dict[str, str]) -> None:
        if tag == "html" and not given.get("lang"):
            self._report("the page has no language; set language in conf.py")
        if tag == "img" and "alt" not in given:
            self._report(f"the picture {given.get('src')} has no alt text; write one")
        labelled = self._labels or given.get("type") in {"hidden", "submit"}
        if tag in _CONTROLS and not (labelled or given.keys() & _NAMES):
            self._report(f"this <{tag}> has no label; put it into a <label>")
        if re.fullmatch("h[1-6]", tag):
            if int(tag[1]) > self._level + 1:
                self._report(f"<{tag}> follows on h{self._level}; use the next level")
            self._level = int(tag[1])

    def handle_endtag(self, tag: str) -> None:
        self._labels -= tag == "label"
        if self._open and self._open[-1][0] == tag:
            _, line, names = self._open.pop()
            if names == self._names:
                self._report(f"this <{tag}> has no words; give it some", line)

    def handle_data(self, data: str) -> None:
        self._names += not data.isspace()


def check_pages(folder: Path, base: str = "/", host: str = "") -> Iterator[Problem]:
    """Yield the faults of the pages and pictures of a built site.

    :param base: the path of the site's address
    :param host: the host of the site's address
    """
    weigh = cache(_weigh)  # most pages load the same files
    parsers: dict[Path, _PageParser] = {}
    for page in sorted(folder.rglob("*.html")):
        if "_static" not in page.parts:
            parsers[page] = _PageParser()
            parsers[page].feed(page.read_text("utf-8", "replace"))
    for page, parser in parsers.items():
        if parser.is_redirect:
            continue
        links = [
            (line, tag, address, target)
            for line, tag, address in parser.links
            if (target := _find_target(address, page, folder, base, host))
        ]
        loaded = [t for _, tag, _, t in links if tag == "script" or t.suffix == ".css"]
        weight = sum(map(weigh, [page, *filter(Path.is_file, loaded)]))
        faults = [*parser.faults, *_check_links(links, parsers)]
        if weight > _MOST_KB:
            message = f"it takes {weight:.0f} KB with its styles and scripts"
            faults.append((1, f"{message}, more than {_MOST_KB}; divide the page"))
        for line, message in faults:
            yield _page_problem(folder, page, message, line)
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in SUFFIXES and has_position(path.read_bytes()):
            message = "the picture says where it was taken; let 'labsite fix' remove it"
            yield _page_problem(folder, path, message)


def _check_links(
    links: Iterable[tuple[int, str, str, Path]], parsers: Mapping[Path, _PageParser]
) -> Iterator[tuple[int, str]]:
    for line, tag, address, target in links:
        page = parsers.get(target)
        if not target.is_file():
            yield line, f"{address} is a broken link; correct it"
        elif page and unquote(urlsplit(address).fragment) not in page.ids:
            yield line, f"{address} names no place on the page"
        elif tag == "img" and target.stat().st_size > _MOST_KB_OF_PICTURE * 1000:
            yield line, f"{address} is larger than 1 MB; make it smaller"


def _page_problem(folder: Path, path: Path, message: str, line: int = 1) -> Problem:
    name = path.relative_to(folder).as_posix()
    return Problem(rule=Rule.BUILT_PAGE, message=message, file=name, line=line)


def _find_target(
    address: str, page: Path, folder: Path, base: str, host: str
) -> Path | None:
    """Return the file of the site at an address on a page; ``None`` for other sites."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return _NOWHERE
    path = unquote(parts.path) or ("/" if parts.netloc else "")
    own = parts.netloc.lower() == host.lower() and path.startswith(base)
    web = parts.scheme in {"", "http", "https"}
    if not (own and web) if parts.netloc else parts.scheme:
        return None
    root = folder if path.startswith("/") else page.parent
    try:
        target = (root / path.removeprefix(base)).resolve() if path else page
        return target / "index.html" if target.is_dir() else target
    except (OSError, ValueError):  # a name that no file can have
        return _NOWHERE


def _weigh(path: Path) -> float:
    return len(gzip.compress(path.read_bytes(), mtime=0)) / 1000
