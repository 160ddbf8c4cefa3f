"""Check a built site: its lists and exports against the records, and its pages.

Pages are read as files, without a browser: neither scripts nor layout are checked.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import unescape
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote, unquote, urljoin, urlsplit

from labsite.exports import FORMATS
from labsite.model.problems import Problem, Rule
from labsite.site.groups import Group
from labsite.site.site import SiteRecords

#: An item of a list of publications in the output of the HTML writer.
_LISTED_KEY = re.compile(r'<li\b[^>]*\sdata-key="([^"]*)"')
#: A suffix -> what matches each citation key in such a file.
_EXPORTS = {f.suffix: f.key_pattern for f in FORMATS if f.key_pattern}
_LARGEST_PICTURE = 1_000_000  # bytes
#: The target of an address that cannot be one; it is not a file.
_NOWHERE = Path()
_LINKS = "//*[@href[. != ''] or @src[. != '']][not(@rel = 'canonical')]"
_REDIRECT = "//meta[translate(@http-equiv, 'REFSH', 'refsh') = 'refresh']"
_NAMED = "@aria-label[. != ''] or @aria-labelledby[. != ''] or @title[. != '']"
#: XPath of elements with a fault -> the message.
_FAULTS = {
    "//img[@src and not(@alt)]": "the picture {1} has no alt text; write one",
    "//*[self::a[@href] or self::button][not(normalize-space(translate(., '\xa0', ''))"
    f" or descendant-or-self::*[@alt[. != ''] or {_NAMED}])]": "this <{0}> has no "
    "words; give it some",
}


def audit(site: SiteRecords, folder: Path) -> Iterator[Problem]:
    """Yield every difference between the lists of a site, built in *folder*, and it."""
    library = site.library
    lost = library.entries - len(library.every_version)
    if lost:
        file = next(iter(site.settings.bibfiles), "")
        message = f"{lost} of {library.entries} entries could not be read"
        yield Problem(Rule.AUDIT, message, file)
    for group in site.exported.values():
        if not group.query.person:
            yield from _audit_list(site, folder, group)


def _audit_list(site: SiteRecords, folder: Path, group: Group) -> Iterator[Problem]:
    """Audit the pages of a list, and its exports."""
    expected, topic = [p.key for p in site.select(group.query)], group.query.topic
    listed: list[str] = []
    for page in _find_pages(site, group):
        path = folder / f"{page}.html"
        if not path.is_file():
            if expected:
                message = f"this page is missing; write {page}.md with a list of papers"
                yield Problem(Rule.AUDIT, message, f"{page}.html")
            return
        listed += map(unescape, _LISTED_KEY.findall(_read(path)))
    if expected and not listed:
        narrowed = f" with ':topic: {topic}'" if topic else ""
        message = (
            f"this page lists no papers; add the directive 'publications'{narrowed}"
        )
        yield Problem(Rule.AUDIT, message, f"{group.docname}.html")
    else:
        yield from _compare(f"{group.docname}.html", expected, listed)
    for suffix, key_pattern in _EXPORTS.items():
        path = folder / f"{group.exports}{suffix}"
        if not path.is_file():
            yield Problem(Rule.AUDIT, "this export is missing", path.name)
        else:
            keys = re.findall(key_pattern, _read(path), re.MULTILINE)
            yield from _compare(path.name, expected, keys)


def _find_pages(site: SiteRecords, group: Group) -> Iterator[str]:
    """Yield the documents with a list or its parts."""
    if group.query not in site.parts:
        yield group.docname
    for part in site.parts.get(group.query, ()):
        yield from _find_pages(site, part)


def _compare(
    file: str, expected: Sequence[str], found: Sequence[str]
) -> Iterator[Problem]:
    counts = Counter(found)
    for key in expected:
        if counts[key] != 1:
            times = f"is here {counts[key]} times instead of once"
            message = times if counts[key] else "is missing here"
            yield Problem(Rule.AUDIT, message, file, key=key)
    for key in counts.keys() - set(expected):
        message = "does not belong here; correct its entry"
        yield Problem(Rule.AUDIT, message, file, key=key)


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


class _Page(NamedTuple):
    """The ids, links and faults of a page."""

    ids: set[str]
    links: list[tuple[int, str, str]]  #: line, tag, address
    faults: list[tuple[int, str]]  #: line, message


def _read_page(path: Path) -> _Page | None:
    """Return a page, unless it is a redirect or empty."""
    from lxml import etree  # noqa: PLC0415 -- few commands need it

    # In UTF-8 also where the page is not: its letters need not be right.
    data = _read(path).encode()
    root: Any = etree.HTML(data, etree.HTMLParser(encoding="utf-8", huge_tree=True))
    if root is None or root.xpath(_REDIRECT):
        return None
    return _Page(
        ids={"", *root.xpath("//@id")},  # an address without a fragment
        links=[
            (link.sourceline or 1, link.tag, link.get("href") or link.get("src"))
            for link in root.xpath(_LINKS)
        ],
        faults=[
            (element.sourceline or 1, message.format(element.tag, element.get("src")))
            for faulty, message in _FAULTS.items()
            for element in root.xpath(faulty)
        ],
    )


def check_pages(folder: Path, base: str = "/", host: str = "") -> Iterator[Problem]:
    """Yield the faults of a built site's pages; *base* is the path of its address."""
    paths = (p for p in sorted(folder.rglob("*.html")) if "_static" not in p.parts)
    pages = {path: read for path in paths if (read := _read_page(path))}
    for path, page in pages.items():
        name = path.relative_to(folder).as_posix()
        place = f"https://{host}{base}{quote(name)}"
        links = [
            (line, tag, address, target)
            for line, tag, address in page.links
            if (target := _find_target(address, place, folder, base))
        ]
        for line, message in (*page.faults, *_check_links(links, pages)):
            yield Problem(Rule.BUILT_PAGE, message, name, line)


def _check_links(
    links: Iterable[tuple[int, str, str, Path]], pages: Mapping[Path, _Page]
) -> Iterator[tuple[int, str]]:
    for line, tag, address, target in links:
        page = pages.get(target)
        if not target.is_file():
            yield line, f"{address} is a broken link; correct it"
        elif page and unquote(urlsplit(address).fragment) not in page.ids:
            yield line, f"{address}: the page has no such heading or label; correct it"
        elif tag == "img" and target.stat().st_size > _LARGEST_PICTURE:
            yield line, f"{address} is larger than 1 MB; make it smaller"


def _find_target(address: str, page: str, folder: Path, base: str) -> Path | None:
    """Return the site's file to which a page links, both by address, if it is one."""
    try:
        own, target = urlsplit(page), urlsplit(urljoin(page, address))
        web = target.scheme in {"http", "https"}
        if not web or target.netloc.lower() != own.netloc.lower():
            return None
        if not target.path.startswith(base):
            return None if urlsplit(address).netloc else _NOWHERE
        path = (folder / unquote(target.path.removeprefix(base))).resolve()
        return path / "index.html" if path.is_dir() else path
    except (OSError, ValueError):  # no address, or a name that no file can have
        return _NOWHERE
