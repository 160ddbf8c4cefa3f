"""Read one state of a site: records, pages, courses, addresses and other files."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import tarfile
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
from labsite.site.configuration import run_configuration
from labsite.site.defaults import fill_in
from labsite.site.query import Query
from labsite.site.settings import find_teaching_files, make_settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path
    from typing import Any

    from labsite.model.problems import Problem
    from labsite.model.sources import PageSource
    from labsite.pages.yaml_lines import Document
    from labsite.site.site import SiteRecords

#: Files that pages show or lead to.
_MEDIA = (".avif", ".gif", ".jpeg", ".jpg", ".pdf", ".png", ".svg", ".webp", ".zip")
#: Where the engine is, in the repository that it shares with a site.
_ENGINE = "src/labsite/"


@dataclass(frozen=True)
class Snapshot:
    """A site as its files make it."""

    source: Path
    files: tuple[str, ...]  #: every file that counts, relative to *source*
    values: Mapping[str, Any]  #: what ``conf.py`` says
    site: SiteRecords
    problems: tuple[Problem, ...]

    @cached_property
    def pages(self) -> Mapping[str, tuple[Document, PageSource]]:
        """The pages that somebody wrote, by their document names."""
        included = self.values.get("include_patterns") or ("**",)
        names = [name for name in self.files if name.endswith(".md")]
        wanted = [n for n in names if _matches(n, included) and not self._excludes(n)]
        return {n.removesuffix(".md"): read_page(self.source / n, n) for n in wanted}

    def _excludes(self, name: str) -> bool:
        return _matches(name, self.values.get("exclude_patterns") or ())

    @cached_property
    def courses(self) -> Sequence[str]:
        """A line for each course that pages show, newest first."""
        paths = find_teaching_files(self.source, self.site.publications_dir)
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
        """The content of settings, styles, templates, pictures and other files."""
        folders = ("html_static_path", "html_extra_path", "templates_path")
        roots = [r for name in folders for r in self.values.get(name) or ()]
        found = {
            name: (self.source / name).read_bytes()
            for name in self.files
            if name == "conf.py"
            or any(name == root or name.startswith(f"{root}/") for root in roots)
            or (name.lower().endswith(_MEDIA) and not self._excludes(name))
        }
        code = [name for name in self.files if name.startswith(_ENGINE)]
        if code:
            contents = b"\0".join((self.source / name).read_bytes() for name in code)
            found[f"{_ENGINE} (the engine; look at the built site)"] = contents
        return found


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


def _matches(name: str, patterns: Iterable[str]) -> bool:
    """Tell whether a pattern of Sphinx matches a file, or one of its folders."""
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
    _git(source, "rev-parse", "--is-inside-work-tree")
    data = _git(source, "archive", "--format=tar", _resolve(source, revision))
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
    paths = sorted({os.fsdecode(path) for path in listed.split(b"\0") if path})
    found = ((path, source / path) for path in paths)
    return [name for name, path in found if path.is_file() and not path.is_symlink()]


def _resolve(source: Path, revision: str) -> str:
    options = ("--verify", "--quiet", "--end-of-options")
    try:
        found = _git(source, "rev-parse", *options, f"{revision}^{{commit}}")
    except LabsiteError as error:
        msg = (
            f"there is no revision '{revision}' here; in a shallow clone, fetch it "
            "first (git fetch origin …)"
        )
        raise LabsiteError(msg) from error
    return found.decode().strip()


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
