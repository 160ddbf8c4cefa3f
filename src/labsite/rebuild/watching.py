"""When the files of a site, and of the engine, were last changed."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import labsite

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_ENGINE = Path(labsite.__file__).parent
#: Folders of tools and of what was built; those with a dot at the beginning are others.
_UNWATCHED = {"_build", "__pycache__", "node_modules", "venv"}


def look(source: Path) -> Mapping[str, tuple[int, int]]:
    """Return when each file was changed, in nanoseconds since 1970, and its size."""
    found = {}
    for folder in {source.resolve(), _ENGINE}:
        for entry in _files(str(folder)):
            with suppress(OSError):  # a file that has just gone
                status = entry.stat()
                found[entry.path] = (status.st_mtime_ns, status.st_size)
    return found


def _files(folder: str) -> Iterator[os.DirEntry[str]]:
    with suppress(OSError):  # a folder that has just gone
        for entry in list(os.scandir(folder)):
            if entry.name.startswith(".") or entry.name in _UNWATCHED:
                continue
            if entry.is_dir(follow_symlinks=False):
                yield from _files(entry.path)
            elif entry.is_file():
                yield entry
