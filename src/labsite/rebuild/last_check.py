"""Tell whether a file that a check depends on has changed since the last one.

Nothing here imports Sphinx or reads the site: comparing times and sizes of all files
takes a hundredth of the time of a check.
"""

from __future__ import annotations

import os
import re
import sys
import sysconfig
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import labsite
from labsite.model.digests import digest_text
from labsite.model.store import Stamp, stamp

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from labsite.model.problems import Problem
    from labsite.site.loading import PagesRead

#: In the site's folder: what checks keep for the next one.
FOLDER = "_build/check"
_ENGINE = Path(labsite.__file__).parent
#: Folders of tools and of built files; the names of others begin with a dot.
_UNWATCHED = {"_build", "__pycache__", "node_modules", "venv"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """The result of a check."""

    problems: tuple[Problem, ...] = ()
    entries: int = 0  #: the number of entries of the bibliography
    files: tuple[str, ...] = ()  #: absolute paths of files that it read elsewhere
    facts: frozenset[str] = frozenset()  #: what it used of the bibliography
    pages: PagesRead | None = None


def note_state(
    source: Path, files: Mapping[str, Stamp], without: Collection[str] = ()
) -> str:
    """Return a digest of all that a check depends on.

    :param files: those of the repository, as conf.py may import or name any of them
    :param without: absolute paths of files and folders to leave out
    """
    packages = stamp(sysconfig.get_path("purelib"))
    # Some rules depend on the day.
    day = os.environ.get("SOURCE_DATE_EPOCH", date.today())  # noqa: DTZ011 -- as builds
    folders = tuple(f"{path}{os.sep}" for path in without)
    kept = (f for f in files.items() if f[0] not in without)
    watched = sorted(f for f in kept if not f[0].startswith(folders))
    read = _variables(source)
    return digest_text(repr((sys.version, packages[0], str(day), read, watched)))


def _variables(source: Path) -> list[tuple[str, str]]:
    """Return the environment variables that conf.py names."""
    with suppress(OSError):
        words = re.findall(r"\w+", (source / "conf.py").read_text("utf-8", "replace"))
        return sorted((n, os.environ[n]) for n in os.environ.keys() & words)
    return []


def look(source: Path, also: Iterable[Path] = ()) -> Mapping[str, Stamp]:
    """Return the stamps of all files of a site and of the engine by their paths.

    :param also: files that may be elsewhere
    """
    inside = chain(_files(str(source.resolve())), _files(str(_ENGINE)))
    return {path: stamp(path) for path in chain(inside, map(str, also))}


def _files(folder: str) -> Iterator[str]:
    with suppress(OSError):  # the folder has just been removed
        for entry in list(os.scandir(folder)):
            if entry.name.startswith(".") or entry.name in _UNWATCHED:
                continue
            if entry.is_dir(follow_symlinks=False):
                yield from _files(entry.path)
            elif entry.is_file():
                yield entry.path
