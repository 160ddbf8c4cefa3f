"""Read two states of a site's repository: records, pages, addresses, other files."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from labsite.checks import load
from labsite.exports import made_files
from labsite.model.problems import LabsiteError
from labsite.model.repository import leads_outside, matches, source_files
from labsite.model.sources import PageSource
from labsite.pages.front_matter import read_page
from labsite.pages.yaml_lines import Document
from labsite.site.settings import make_settings
from labsite.site.site import SiteRecords

#: Files that pages show or lead to.
_MEDIA = (".avif", ".gif", ".jpeg", ".jpg", ".pdf", ".png", ".svg", ".webp", ".zip")
#: Settings that name folders of other files.
_FOLDERS = ("html_static_path", "html_extra_path", "templates_path")
#: The index of git for a revision; by its name it marks the folder as a repository,
#: out of which no link may lead.
_INDEX = ".git"


@dataclass(frozen=True)
class Snapshot:
    """A site as its files make it."""

    source: Path
    values: Mapping[str, Any]  #: of ``conf.py``, with defaults

    @cached_property
    def files(self) -> list[str]:
        """The files, relative to the source, without links out of the repository."""
        ignored = set()
        with suppress(LabsiteError):  # a revision's files are no repository
            options = ("-z", "--others", "--ignored", "--exclude-standard")
            ignored = set(_git(self.source, "ls-files", *options).split("\0"))
        files = source_files(self.source)
        found = {n.as_posix() for n in files if not leads_outside(self.source / n)}
        return sorted(found - ignored)

    @cached_property
    def site(self) -> SiteRecords:
        """The records."""
        return load(make_settings(self.source, self.values)).site

    def match(self, *suffixes: str, included: Iterable[str] = ("**",)) -> list[str]:
        """Return the files with a suffix that are not excluded from the site."""
        excluded = self.values.get("exclude_patterns") or ()
        return [
            name
            for name in self.files
            if name.lower().endswith(suffixes) and matches(name, included)
            if not matches(name, excluded)
        ]

    @cached_property
    def pages(self) -> Mapping[str, tuple[Document, PageSource]]:
        """The pages that somebody wrote, by their document names."""
        included = self.values.get("include_patterns") or ("**",)
        pages = self.match(".md", included=included)
        return {n.removesuffix(".md"): read_page(self.source / n, n) for n in pages}

    @cached_property
    def addresses(self) -> frozenset[str]:
        """The address of every page and export, from the site's root."""
        documents = [*self.pages, *self.site.settings.redirects]
        return made_files(self.site) | {f"{document}.html" for document in documents}

    @cached_property
    def others(self) -> set[str]:
        """The names of settings, styles, templates and pictures."""
        roots = [r for name in _FOLDERS for r in self.values.get(name) or ()]
        folders = tuple(f"{root}/" for root in roots)
        named = {"conf.py", "requirements.txt", "synonyms.txt", *roots}
        found = (n for n in self.files if n in named or n.startswith(folders))
        return {*found, *self.match(*_MEDIA)}


def check_out(
    source: Path, revision: str, into: Path, values: Mapping[str, Any]
) -> Snapshot:
    """Write the repository as it is in a revision, and read its site.

    :param source: the site's folder in the working tree
    :param into: an empty folder
    :param values: of the ``conf.py`` in *source*: that of the revision is not run
    :raises LabsiteError: if there is no git, no repository, or no site in the revision
    """
    top = source / _git(source, "rev-parse", "--show-cdup").strip()
    name = ("--verify", "--end-of-options", f"{revision}^{{tree}}")
    try:
        tree = _git(source, "rev-parse", *name).strip()
    except LabsiteError as error:
        msg = (
            f"there is no revision '{revision}' here; look at its spelling, or fetch "
            "it first (git fetch origin …): a shallow clone has only the last ones"
        )
        raise LabsiteError(msg) from error
    index = into / _INDEX
    _git(top, "read-tree", tree, index=index)
    _git(top, "checkout-index", "--all", f"--prefix={into}/", index=index)
    folder = into / source.resolve().relative_to(top.resolve())
    if not (folder / "conf.py").is_file():
        msg = f"cannot read the site of revision '{revision}': it has no conf.py"
        raise LabsiteError(msg)
    # An absolute path in conf.py leads to the working tree.
    own, names = f"{source.resolve()}{os.sep}", values["bibtex_bibfiles"] or ()
    theirs = {**values, "bibtex_bibfiles": [name.removeprefix(own) for name in names]}
    return Snapshot(folder, theirs)


def _git(folder: Path, *arguments: str, index: Path | None = None) -> str:
    command = ["git", "-C", str(folder), *arguments]
    more = {"GIT_INDEX_FILE": str(index)} if index else {}
    try:
        done = subprocess.run(  # noqa: S603 -- git itself
            command, env={**os.environ, **more}, capture_output=True, check=True
        )
    except OSError as error:
        msg = "git is not installed; install it to compare revisions"
        raise LabsiteError(msg) from error
    except subprocess.CalledProcessError as error:
        msg = error.stderr.decode(errors="replace").strip().removeprefix("fatal: ")
        raise LabsiteError(msg) from error
    return os.fsdecode(done.stdout)
