"""One command at a time changes a site."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from labsite.cli.output import tell

if sys.platform != "win32":
    import fcntl

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def only_one(source: Path) -> Iterator[None]:
    """Wait until no other command changes the site, and keep others waiting.

    Two that read the same state would each write it with their own change alone. The
    lock is one of the site's folder, which leaves no file and ends with the process.
    Windows has no such lock.
    """
    if sys.platform == "win32" or not source.is_dir():
        yield
        return
    folder = os.open(source, os.O_RDONLY)
    try:
        _wait(folder)
        yield
    finally:
        os.close(folder)


def _wait(folder: int) -> None:
    if sys.platform != "win32":
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            tell("waiting for another command that changes this site")
            fcntl.flock(folder, fcntl.LOCK_EX)
