"""Store values until a file that they were made from changes."""

from __future__ import annotations

import os
import pickle
import re
import sys
import sysconfig
import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any, TypeAlias

import labsite
from labsite.model.digests import digest_text
from labsite.model.files import write_whole
from labsite.model.repository import SETTINGS

Stamp: TypeAlias = tuple[int, int]
#: In a site's folder: what checks store.
FOLDER = "_build/check"
#: Folders of tools and of built files, besides hidden ones of the source itself.
_UNWATCHED = {"_build", "__pycache__", "node_modules", "venv", ".git", ".venv"}
_MINUTE = 60_000_000_000  # nanoseconds
_ENGINE = Path(labsite.__file__).parent


def stamp(path: str | Path) -> Stamp:
    """Return the time of change, in nanoseconds, and the size; zeros for no file."""
    with suppress(OSError, ValueError):  # no name for a file
        status = os.stat(path)  # noqa: PTH116 -- Path takes longer
        return status.st_mtime_ns, status.st_size
    return 0, 0


def recall(record: Path, state: str | None = None) -> Any:  # noqa: ANN401 -- what was stored
    """Return what :func:`remember` stored; ``None`` for nothing, or another state."""
    # A damaged file may raise any exception.
    with suppress(Exception), record.open("rb") as file:
        if pickle.load(file) == state or state is None:  # noqa: S301 -- beside Sphinx's own pickles
            stamps, known = pickle.load(file)  # noqa: S301 -- as above
            return known if {name: stamp(name) for name in stamps} == stamps else None
    return None


def remember(
    record: Path, state: str, known: object, files: Iterable[str] = ()
) -> None:
    """Store what holds in a state, while some files do not change."""
    with suppress(OSError):
        stamps = {name: stamp(name) for name in files}
        # A file that has just changed may have been read before that.
        recent = time.time_ns() - _MINUTE
        lasting = {n: s if s[0] < recent else None for n, s in stamps.items()}
        write_whole(record, pickle.dumps(state) + pickle.dumps((lasting, known)))


def look(source: Path, also: Iterable[Path] = ()) -> Mapping[str, Stamp]:
    """Return the stamps of all files of a site, the engine, and others, by path."""
    inside = chain(_files(str(source.resolve())), _files(str(_ENGINE)))
    return {path: stamp(path) for path in chain(inside, map(str, also))}


def _files(folder: str, *, top: bool = True) -> Iterator[str]:
    with suppress(OSError):  # the folder has just been removed
        for entry in list(os.scandir(folder)):
            hidden = entry.name.startswith(".")
            if entry.name in _UNWATCHED:
                continue
            if entry.is_dir(follow_symlinks=False):
                if not (top and hidden):
                    yield from _files(entry.path, top=False)
                continue
            # Editors keep hidden files beside those that they show.
            if entry.is_file() and (not hidden or entry.name in SETTINGS):
                yield entry.path
            # Links and pipes count as such: their times are of others, or change.
            if entry.is_symlink() or not entry.is_file():
                yield f"{entry.path}\0"


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
