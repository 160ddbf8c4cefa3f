"""Read one state of a site: records, pages, courses, addresses and other files."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import tarfile
from collections import defaultdict
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING

from labsite.checks import load
from labsite.exports import FORMATS
from labsite.model.problems import LabsiteError
from labsite.pages.data_files import read_teaching
from labsite.pages.front_matter import read_page
from labsite.site.configuration import fill_in, run_configuration
from labsite.site.query import Query
from labsite.site.settings import find_teaching_files, make_settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path
    from typing import Any

    from labsite.model.sources import PageSource
    from labsite.pages.yaml_lines import Document
    from labsite.site.site import SiteRecords

#: Files that pages show or lead to.
_MEDIA = (".avif", ".gif", ".jpeg", ".jpg", ".pdf", ".png", ".svg", ".webp", ".zip")
#: Settings that name folders of other files.
_FOLDERS = ("html_static_path", "html_extra_path", "templates_path")
#: The engine, in a repository that it shares with a site.
_ENGINE = "src/labsite"


@dataclass(frozen=True)
class Snapshot:
    """A site as its files make it."""

    source: Path
    files: frozenset[str]  #: every file that counts, relative to *source*
    values: Mapping[str, Any]  #: what ``conf.py`` says
    site: SiteRecords

    def _match(self, included: Sequence[str], suffixes: tuple[str, ...]) -> list[str]:
        """Return the files that Sphinx includes, as its patterns say."""
        excluded = self.values.get("exclude_patterns") or ()
        named = (name for name in self.files if name.lower().endswith(suffixes))
        return [
            name
            for name in sorted(named)
            if _matches(name, included) and not _matches(name, excluded)
        ]

    @cached_property
    def pages(self) -> Mapping[str, tuple[Document, PageSource]]:
        """The pages that somebody wrote, by their document names."""
        pages = self._match(self.values.get("include_patterns") or ("**",), (".md",))
        return {n.removesuffix(".md"): read_page(self.source / n, n) for n in pages}

    @cached_property
    def courses(self) -> Sequence[str]:
        """A line for each course that pages show, newest first."""
        paths = find_teaching_files(self.source)
        terms = [term for path in paths for term in read_teaching(path, path.name)[0]]
        found = [
            f"{term.year} {term.season}: "
            + ", ".join(filter(None, (course.name, course.level, course.code)))
            for term in terms
            for course in term.courses
        ]
        return sorted(found, reverse=True)

    @cached_property
    def addresses(self) -> frozenset[str]:
        """The address of every page and export, from the site's root."""
        site = self.site
        papers = [site.docname(p) for p in site.library.publications]
        aliases = (a for p in site.library.publications for a in p.aliases)
        documents = [*self.pages, *papers]
        documents += map(site.group_docname, site.groups.values())
        documents += filter(None, map(site.alias_pagename, aliases))
        queries = [Query(), *(Query(topic=topic.slug) for topic in site.topics)]
        queries += map(site.by_person, site.people)
        paths = filter(None, map(site.export_path, queries))
        lists = [f"{path}{form.suffix}" for path in paths for form in FORMATS]
        found = [f"{document}.html" for document in documents]
        return frozenset([*found, *lists, *(f"{paper}.bib" for paper in papers)])

    @cached_property
    def machinery(self) -> Mapping[str, bytes]:
        """The content of settings, styles, templates, pictures and the engine."""
        roots = [r for name in _FOLDERS for r in self.values.get(name) or ()]
        folders = tuple(f"{root}/" for root in (*roots, _ENGINE))
        found = {"conf.py", *roots} & self.files
        found |= {name for name in self.files if name.startswith(folders)}
        found.update(self._match(("**",), _MEDIA))
        contents: defaultdict[str, bytes] = defaultdict(bytes)
        for name in sorted(found):
            shown = _ENGINE if name.startswith(f"{_ENGINE}/") else name
            contents[shown] += (self.source / name).read_bytes()
        return contents


def take_snapshot(
    source: Path, files: Sequence[str], settings: Path | None = None
) -> Snapshot:
    """Read the site in a folder.

    :param files: the paths in it that count, relative to it
    :param settings: the folder of the ``conf.py`` that is run, if it is another one
    :raises ConfigurationError: if it has no ``conf.py`` that can be used
    """
    values = fill_in(source, run_configuration(settings or source))
    site = load(make_settings(source, values)).site
    return Snapshot(source, frozenset(files), values, site)


def _matches(name: str, patterns: Iterable[str]) -> bool:
    """Return whether a pattern of Sphinx matches a file, or one of its folders."""
    starts = list(accumulate(name.split("/"), "{}/{}".format))
    # Other than fnmatch's, only "**" of Sphinx's wildcards matches "/".
    return any(
        fnmatchcase(start, p) and ("**" in p or p.count("/") == start.count("/"))
        for p in patterns
        for start in starts
    )


def check_out(source: Path, revision: str, into: Path) -> list[str]:
    """Write the files of a revision into a folder; return their paths in it.

    Only those in *source* and below are written, wherever in the repository that is;
    links are not, since they could lead out of the folder.

    :param source: a folder of the working tree
    :raises LabsiteError: if there is no git, no repository or no such revision
    """
    try:
        data = _git(source, "archive", "--format=tar", "--end-of-options", revision)
    except LabsiteError as error:
        msg = (
            f"there is no revision '{revision}' here ({error}); in a shallow clone, "
            "fetch it first (git fetch origin …)"
        )
        raise LabsiteError(msg) from error
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        # Before Python 3.11.4 it has no filter, and git has no paths like "../x".
        archive.extraction_filter = getattr(tarfile, "data_filter", None)
        files = [member for member in archive if member.isreg()]
        archive.extractall(into, files)  # noqa: S202 -- regular files alone
    return [member.name for member in files]


def list_working_files(source: Path) -> list[str]:
    """Return the paths of the working tree's files, but links and what git ignores."""
    chosen = ("--cached", "--others", "--exclude-standard")
    listed = _git(source, "ls-files", "-z", *chosen)
    found = ((os.fsdecode(path), source / os.fsdecode(path))
             for path in listed.split(b"\0"))  # fmt: skip
    return [name for name, path in found if path.is_file() and not path.is_symlink()]


def _git(folder: Path, *arguments: str) -> bytes:
    program = shutil.which("git")
    if program is None:
        msg = "git is not installed; install it to compare revisions"
        raise LabsiteError(msg)
    command = [program, "-C", str(folder), *arguments]
    done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603 -- git itself
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().removeprefix("fatal: ")
        raise LabsiteError(said or f"git {arguments[0]} failed")
    return done.stdout
