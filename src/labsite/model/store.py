"""Store values until a file that they were made from changes."""

from __future__ import annotations

import os
import pickle
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeAlias

from labsite import __version__
from labsite.model.files import write_whole

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

Stamp: TypeAlias = tuple[int, int]


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
        content = {name: stamp(name) for name in files}, known
        write_whole(record, pickle.dumps(state) + pickle.dumps(content))


class FileFacts:
    """Remember what *find* returns of each file, in the file *record* if there is one.

    A file counts as unchanged if its time of change and its size are the same.
    """

    def __init__(
        self, find: Callable[[Path, str], str], record: Path | None = None
    ) -> None:
        self._find, self._record = find, record
        self._known = (recall(record, __version__) if record else None) or {}
        self._asked: dict[tuple[str, Stamp], str] = {}

    def of(self, path: Path) -> str:
        """Return the fact about a file."""
        key = str(path), stamp(path)
        if key not in self._known:
            # Other files, which need not be UTF-8, can be among the pages.
            text = path.read_text(encoding="utf-8", errors="replace")
            # Many files have the same fact, which is stored once.
            self._known[key] = sys.intern(self._find(path, text))
        return self._asked.setdefault(key, self._known[key])

    def save(self) -> None:
        """Store the facts that were asked for."""
        if self._record:
            remember(self._record, __version__, self._asked)
