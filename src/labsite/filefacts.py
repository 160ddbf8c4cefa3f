"""What is known of files, found out again only for those that have changed.

Some work at the end of a build concerns every page of the site. After an edit nearly
all of them are as they were, and what was found in them then still holds.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


class _Fact(NamedTuple):
    changed: int  #: time of the file's last change, nanoseconds
    size: int  #: bytes
    value: str


class FileFacts:
    """Something about the text of each file, kept from build to build.

    A file with the same time of change and size as before has the same text.

    :param find: what to find out, from a file's path and text
    :param record: where to keep it; ``None``: nowhere
    """

    def __init__(
        self, find: Callable[[Path, str], str], record: Path | None = None
    ) -> None:
        self._find = find
        self._record = record
        self._known = dict(_load(record))
        self._asked: dict[str, _Fact] = {}

    def of(self, path: Path) -> str:
        """Return what is to be found in a file.

        :raises OSError: if it cannot be read
        """
        name, status = str(path), path.stat()
        state = (status.st_mtime_ns, status.st_size)
        known = self._known.get(name)
        if known is None or known[:2] != state:
            found = self._find(path, path.read_text(encoding="utf-8"))
            known = _Fact(*state, found)
        self._asked[name] = known
        return known.value

    def save(self) -> None:
        """Keep what was asked for, and only that."""
        if self._record is None or self._asked == self._known:
            return
        # Files of one sort often have the same facts, which are written once.
        numbers: dict[str, int] = {}
        files = {
            name: [
                fact.changed,
                fact.size,
                numbers.setdefault(fact.value, len(numbers)),
            ]
            for name, fact in self._asked.items()
        }
        data = {"values": list(numbers), "files": files}
        self._record.write_text(json.dumps(data), encoding="utf-8")


def _load(record: Path | None) -> Iterator[tuple[str, _Fact]]:
    """Yield what was kept; nothing, if a build was broken off while it was written."""
    if record is None or not record.is_file():
        return
    try:
        known = json.loads(record.read_text(encoding="utf-8"))
    except ValueError:
        return
    for name, (changed, size, number) in known["files"].items():
        yield name, _Fact(changed, size, known["values"][number])
