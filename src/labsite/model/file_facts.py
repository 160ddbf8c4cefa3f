"""What is known of files, found out again only for those that have changed.

Some work at the end of a build concerns every page of the site. After an edit nearly
all of them are as they were, and what was found in them then still holds.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from labsite import __version__
from labsite.model.files import write_whole

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


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
        #: Path -> time of change (nanoseconds), size (bytes), and what was found.
        self._known: dict[str, tuple[int, int, str]] = {}
        self._asked: dict[str, tuple[int, int, str]] = {}
        if record and record.is_file():
            known = json.loads(record.read_text(encoding="utf-8"))
            if known["by"] == __version__:
                values = known["values"]
                files = known["files"].items()
                self._known = {n: (at, size, values[i]) for n, (at, size, i) in files}

    def of(self, path: Path) -> str:
        """Return what is to be found in a file.

        :raises OSError: if it cannot be read
        """
        status = path.stat()
        state = (status.st_mtime_ns, status.st_size)
        known = self._known.get(str(path))
        if known is None or known[:2] != state:
            # What is not UTF-8 is not a page of ours, but may lie among them.
            text = path.read_text(encoding="utf-8", errors="replace")
            known = (*state, self._find(path, text))
        self._asked[str(path)] = known
        return known[2]

    def save(self) -> None:
        """Keep what was asked for, and only that."""
        if self._record is None or self._asked == self._known:
            return
        # Files of one sort often have the same facts, which are written once.
        numbers: dict[str, int] = {}
        files = {
            name: (*state, numbers.setdefault(value, len(numbers)))
            for name, (*state, value) in self._asked.items()
        }
        data = {"by": __version__, "values": list(numbers), "files": files}
        write_whole(self._record, json.dumps(data).encode())
