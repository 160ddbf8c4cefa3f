"""The books must balance: what went in is what came out, in every list and export."""

from __future__ import annotations

import json
import re
from collections import Counter
from html import unescape
from typing import TYPE_CHECKING

from labsite.model.file_facts import FileFacts
from labsite.model.problems import Problem, Rule
from labsite.site.groups import topic_group
from labsite.site.query import Query

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from labsite.site.site import SiteRecords

#: An item of a list of publications, as the writer of HTML begins it.
_LISTED_KEY = re.compile(r'<li\b[^>]*\sdata-key="([^"]*)"')
#: An entry begins where its own line says so, as for the reader of bibliographies.
_BIBTEX_KEY = re.compile(r"^@\w+\{([^\s,]+),$", re.MULTILINE)
_RIS_KEY = re.compile(r"^ID  - (.*)$", re.MULTILINE)


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
    whole = f"{site.publications_dir}/index"
    lists = [(whole, Query())]
    lists += [(topic.docname, topic_group(topic).query) for topic in site.topics]
    for docname, query in lists:
        yield from _audit_list(site, folder, docname, query, facts)
    facts.save()


def _audit_list(
    site: SiteRecords, folder: Path, docname: str, query: Query, facts: FileFacts
) -> Iterator[Problem]:
    """Audit the page of a list, and the exports of the same list."""
    expected = [p.key for p in site.select(query)]
    pages = list(_pages(site, docname, query))
    listed: list[str] = []
    for page in pages:
        path = folder / f"{page}.html"
        if not path.is_file():
            if expected:
                message = f"this page is missing; write {page}.md with a list of papers"
                yield _problem(f"{page}.html", message)
            return
        listed += json.loads(facts.of(path))
    yield from _compare(f"{docname}.html", expected, listed)
    address = site.export_path(query)
    for suffix in _EXPORTS:
        path = folder / f"{address}{suffix}"
        if not path.is_file():
            yield _problem(path.name, "this export is missing")
        else:
            yield from _compare(path.name, expected, json.loads(facts.of(path)))


def _pages(site: SiteRecords, docname: str, query: Query) -> Iterator[str]:
    """Yield the document with a list, or those of its parts."""
    if query not in site.parts:
        yield docname
    for part in site.parts.get(query, ()):
        yield from _pages(site, site.group_docname(part), part.query)


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


def read_listed_keys(html: str) -> list[str]:
    """Return the keys of the publications that the lists of a page show, in order."""
    return list(map(unescape, _LISTED_KEY.findall(html)))


def _bibtex_keys(text: str) -> list[str]:
    return _BIBTEX_KEY.findall(text)


def _ris_keys(text: str) -> list[str]:
    return _RIS_KEY.findall(text)


def _csl_keys(text: str) -> list[str]:
    return [item["id"] for item in json.loads(text)]


def _json_keys(text: str) -> list[str]:
    return [item["key"] for item in json.loads(text)["publications"]]


#: How to read the keys of a file; the ending says what it is, the longest first.
_READERS: dict[str, Callable[[str], list[str]]] = {
    ".csl.json": _csl_keys,
    ".json": _json_keys,
    ".bib": _bibtex_keys,
    ".ris": _ris_keys,
    ".html": read_listed_keys,
}
_EXPORTS = tuple(suffix for suffix in _READERS if suffix != ".html")
