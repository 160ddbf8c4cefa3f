"""Files that have been changed, also by an older file that took their place.

Sphinx reads a document again if the document, or a file it depends on, is newer than
the last reading. A file that was moved or copied there with its time of change, as
``mv`` and ``cp -p`` do, may be older, and then Sphinx goes on showing the former one.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx.application import ENV_PICKLE_FILENAME

from labsite.rebuild.state import get_state

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment


def replaced_documents(env: BuildEnvironment) -> Iterator[str]:
    """Yield the documents of which a file is no longer the one that was read."""
    for docname, stamp in get_state(env).data["stamps"].items():
        if docname in env.found_docs and stamp != _stamp(_files(env, docname)):
            yield docname


def half_read_documents(env: BuildEnvironment) -> Iterator[str]:
    """Yield the documents that were read later than the environment tells of.

    That was a build that did not come to saving its environment. What it has read may
    have been changed back since.
    """
    folder = Path(env.doctreedir)
    try:
        saved = (folder / ENV_PICKLE_FILENAME).stat().st_mtime_ns
    except OSError:
        return  # then every document is read
    for docname in env.found_docs & env.all_docs.keys():
        doctree = folder / f"{docname}.doctree"
        if doctree.is_file() and doctree.stat().st_mtime_ns >= saved:
            yield docname


def note_reading(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Note which documents are about to be read, and when that begins."""
    state = get_state(env)
    state.reading = tuple(docnames)
    state.reading_since = time.time_ns()


def note_stamps(env: BuildEnvironment) -> None:
    """Note what the files are of the documents that have been read.

    A file that was changed since reading began may have been read as it was before;
    its document is read again next time.
    """
    state = get_state(env)
    for docname in state.reading:
        stamp = _stamp(_files(env, docname), state.reading_since)
        state.data["stamps"][docname] = stamp


def _files(env: BuildEnvironment, docname: str) -> list[Path]:
    needed = (Path(path) for path in env.dependencies.get(docname, ()))
    return sorted({Path(env.doc2path(docname)), *needed})


def _stamp(paths: Iterable[Path], since: int | None = None) -> tuple[int, ...]:
    """Return time of change, in nanoseconds, and size of each file; 0 for none.

    :param since: a file that was changed then or later counts as none
    """
    stamp: list[int] = []
    for path in paths:
        try:
            found = path.stat()
        except OSError:
            stamp += (0, 0)
            continue
        known = since is None or found.st_mtime_ns < since
        stamp += (found.st_mtime_ns, found.st_size) if known else (0, 0)
    return tuple(stamp)
