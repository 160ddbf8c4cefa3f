"""A site at one moment: its records, pages, addresses, links and exports."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from labsite.checks.site import load
from labsite.exports import FORMATS, Collection, Site, bibtex, records_json
from labsite.pages.front_matter import read_page
from labsite.pages.teaching import read_teaching
from labsite.site.configuration import run_configuration
from labsite.site.defaults import fill_in
from labsite.site.published_files import find_teaching_files
from labsite.site.query import Query
from labsite.site.settings import make_settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path
    from typing import Any

    from labsite.model.problems import Problem
    from labsite.model.sources import PageSource
    from labsite.site.site import SiteRecords

_SUFFIX = ".md"
_HEADING = re.compile(r"^#[ \t]+(.+?)[ \t]*#*$", re.MULTILINE)
_ADDRESS = re.compile(r"https?://[^\s<>()\[\]\"'`{}\\]+")
#: An address that nobody has; what is compared has the same one before and after.
_BASE = "https://site.invalid/"
#: Files that pages show or lead to.
_MEDIA = (".avif", ".gif", ".jpeg", ".jpg", ".pdf", ".png", ".svg", ".webp", ".zip")


@dataclass(frozen=True, slots=True)
class Page:
    """A page that somebody wrote."""

    docname: str
    title: str
    front_matter: str  #: what it says for Sphinx or the records, as ``repr``
    source: PageSource


@dataclass(frozen=True)
class Snapshot:
    """A site as its files make it."""

    source: Path
    files: tuple[str, ...]  #: every file that counts, relative to *source*
    values: Mapping[str, Any]  #: what ``conf.py`` says
    site: SiteRecords
    problems: tuple[Problem, ...]

    @cached_property
    def pages(self) -> Mapping[str, Page]:
        """Every page that somebody wrote, by its document name."""
        names = (name for name in self.files if name.endswith(_SUFFIX))
        wanted = filter(_PagePatterns(self.values).match, names)
        return {page.docname: page for page in map(self._read_page, wanted)}

    def _read_page(self, file: str) -> Page:
        document, source = read_page(self.source / file, file)
        docname = file.removesuffix(_SUFFIX)
        named = document.value if isinstance(document.value, dict) else {}
        heading = _HEADING.search(source.body)
        title = named.get("title") or named.get("name") or (heading and heading[1])
        return Page(docname, str(title or docname), repr(document.value), source)

    @cached_property
    def courses(self) -> frozenset[str]:
        """Every course of every term that pages show, in words."""
        found = set()
        for path in find_teaching_files(self.source, self.site.publications_dir):
            for term in read_teaching(path, path.name)[0]:
                for course in term.courses:
                    what = f"{term.year} {term.season}: {course.name}, {course.level}"
                    found.add(f"{what}, {course.code}" if course.code else what)
        return frozenset(found)

    @cached_property
    def addresses(self) -> frozenset[str]:
        """The address of every page and export, from the site's root."""
        return frozenset(self._addresses())

    def _addresses(self) -> Iterator[str]:
        site = self.site
        documents = [*self.pages, *map(site.docname, site.library.publications)]
        documents += map(site.group_docname, site.groups.values())
        aliases = (a for p in site.library.publications for a in p.aliases)
        documents += filter(None, map(site.alias_pagename, aliases))
        yield from (f"{document}.html" for document in documents)
        yield from (f"{site.docname(p)}.bib" for p in site.library.publications)
        for path in self.exports:
            yield from (f"{path}{known.suffix}" for known in FORMATS)

    @cached_property
    def links(self) -> Mapping[str, str]:
        """Every address that leaves the site, and where one finds it first."""
        return dict(reversed(list(self._links())))

    def _links(self) -> Iterator[tuple[str, str]]:
        for publication in self.site.library.publications:
            for link in publication.links:
                yield link.url, f"{link.label} of {publication.key}"
        for person in self.site.people:
            for link in person.links:
                yield link.url, f"{link.label} of {person.name}"
        for page in self.pages.values():
            for address in _ADDRESS.findall(page.source.body):
                yield address.rstrip(".,;:!?*_"), f"in {page.source.file}"
        for item in self.site.news:
            for address in _ADDRESS.findall(item.source.body):
                yield address.rstrip(".,;:!?*_"), f"in {item.source.file}"

    @cached_property
    def exports(self) -> Mapping[str, str]:
        """What the exports of each list say, by their address without suffix.

        White space means nothing there.
        """
        rendered = {
            c.path: bibtex.render(c) + records_json.render(c) for c in self._lists()
        }
        return {path: " ".join(text.split()) for path, text in rendered.items()}

    def _lists(self) -> Iterator[Collection]:
        records = self.site
        site = Site(
            title="",
            base_url=_BASE,
            publication_path=lambda p: f"{records.docname(p)}.html",
            language=records.language,
            topics=records.topics,
        )
        queries = [Query(), *(Query(topic=topic.slug) for topic in records.topics)]
        queries += map(records.by_person, records.people)
        for query in queries:
            path = records.export_path(query)
            if path:
                found = records.select(query)
                yield Collection(
                    title="", path=path, page="", publications=found, site=site
                )

    @cached_property
    def machinery(self) -> Mapping[str, bytes]:
        """The content of what shapes pages without being one, and of what they show."""
        folders = ("html_static_path", "html_extra_path", "templates_path")
        roots = [r for name in folders for r in self.values.get(name) or ()]
        ignored = _Patterns(self.values.get("exclude_patterns") or ())
        names = [
            name
            for name in self.files
            if name == "conf.py"
            or any(name == root or name.startswith(f"{root}/") for root in roots)
            or (name.lower().endswith(_MEDIA) and not ignored.match(name))
        ]
        return {name: (self.source / name).read_bytes() for name in names}


def take_snapshot(
    source: Path, files: Sequence[str], settings: Path | None = None
) -> Snapshot:
    """Read the site in a folder.

    :param files: the paths in it that count, relative to it
    :param settings: the folder of the ``conf.py`` that is run, if it is another one
    :raises ConfigurationError: if it has no ``conf.py`` that can be used
    """
    values = fill_in(source, run_configuration(settings or source))
    loaded = load(make_settings(source, values))
    return Snapshot(source, tuple(files), values, loaded.site, loaded.problems)


class _Patterns:
    """Sphinx's patterns of files: ``**`` goes through folders, ``*`` does not.

    A pattern means the folder of its name, too.
    """

    def __init__(self, patterns: Sequence[str]) -> None:
        self._patterns = [re.compile(_translate(pattern)) for pattern in patterns]

    def match(self, name: str) -> bool:
        parts = name.split("/")
        starts = ["/".join(parts[: i + 1]) for i in range(len(parts))]
        return any(p.fullmatch(start) for p in self._patterns for start in starts)


class _PagePatterns:
    """Which files a configuration makes pages of."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._included = _Patterns(values.get("include_patterns") or ("**",))
        self._excluded = _Patterns(values.get("exclude_patterns") or ())

    def match(self, name: str) -> bool:
        return self._included.match(name) and not self._excluded.match(name)


def _translate(pattern: str) -> str:
    known = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    parts = re.split(r"(\*\*/|\*\*|\*|\?|\[[^\]]+\])", pattern)
    return "".join(
        known.get(part)
        or (part.replace("[!", "[^/") if part.startswith("[") else re.escape(part))
        for part in parts
    )
