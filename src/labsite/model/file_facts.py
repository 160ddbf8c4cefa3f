"""What is known of files, found out again only for those that have changed.

Some work at the end of a build concerns every page of the site. After an edit nearly
all of them are as they were, and what was found in them then still holds.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from labsite import __version__
from labsite.model.files import write_whole

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
            # What is not UTF-8 is not a page of ours, but may lie among them.
            text = path.read_text(encoding="utf-8", errors="replace")
            found = self._find(path, text)
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
        data = {"by": __version__, "values": list(numbers), "files": files}
        write_whole(self._record, json.dumps(data).encode())


def _load(record: Path | None) -> Iterator[tuple[str, _Fact]]:
    if record is None or not record.is_file():
        return
    known = json.loads(record.read_text(encoding="utf-8"))
    files = known["files"] if known["by"] == __version__ else {}
    for name, (changed, size, number) in files.items():
        yield name, _Fact(changed, size, known["values"][number])
