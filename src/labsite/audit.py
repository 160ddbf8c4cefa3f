"""The books must balance: what went in is what came out, in every list and export."""

from __future__ import annotations

import json
from collections import Counter
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import rispy

from labsite.groups import topic_group
from labsite.problems import Problem, Rule
from labsite.query import Query, select
from labsite.reader import read_library

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from labsite.site import SiteRecords


def audit(site: SiteRecords, folder: Path) -> Iterator[Problem]:
    """Compare a built site with the records; yield every difference.

    :param folder: where Sphinx's builder "html" has put the site
    """
    library = site.library
    lost = library.entries - len(library.publications)
    if lost:
        yield _problem("", f"{lost} of {library.entries} entries could not be read")
    for publication in library.publications:
        if site.topics and not set(publication.topics) & site.topics_by_slug.keys():
            yield _problem("", "is on no topic's list", publication.key)
    whole = f"{site.publications_dir}/index"
    yield from _audit_list(site, folder, whole, Query())
    for topic in site.topics:
        yield from _audit_list(site, folder, topic.docname, topic_group(topic).query)


def _audit_list(
    site: SiteRecords, folder: Path, docname: str, query: Query
) -> Iterator[Problem]:
    """Audit the page of a list, and the exports of the same list."""
    expected = [p.key for p in select(site.library, query)]
    parts = site.parts_by_year(query)
    pages = [site.group_docname(part) for part in parts] or [docname]
    listed: list[str] = []
    for page in pages:
        path = folder / f"{page}.html"
        if not path.is_file():
            yield _problem(f"{page}.html", "this page is missing")
            return
        listed += read_listed_keys(path.read_text(encoding="utf-8"))
    undated = [p.key for p in select(site.library, query) if parts and not p.issued]
    yield from _compare(f"{docname}.html", expected, [*listed, *undated])
    address = site.export_path(query)
    for suffix, read in _READERS.items():
        path = folder / f"{address}{suffix}"
        if not path.is_file():
            yield _problem(path.name, "this export is missing")
        else:
            yield from _compare(path.name, expected, read(path.read_text("utf-8")))


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


class _ListedKeys(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.keys: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "li":
            self.keys += [
                value for name, value in attrs if name == "data-key" and value
            ]


def read_listed_keys(html: str) -> list[str]:
    """Return the keys of the publications that the lists of a page show, in order."""
    parser = _ListedKeys()
    parser.feed(html)
    return parser.keys


def _bibtex_keys(text: str) -> list[str]:
    return [p.key for p in read_library([("export", text)]).publications]


def _ris_keys(text: str) -> list[str]:
    return [str(entry["id"]) for entry in rispy.loads(text)]


def _csl_keys(text: str) -> list[str]:
    return [item["id"] for item in json.loads(text)]


def _json_keys(text: str) -> list[str]:
    return [item["key"] for item in json.loads(text)["publications"]]


_READERS: dict[str, Callable[[str], list[str]]] = {
    ".bib": _bibtex_keys,
    ".ris": _ris_keys,
    ".csl.json": _csl_keys,
    ".json": _json_keys,
}
