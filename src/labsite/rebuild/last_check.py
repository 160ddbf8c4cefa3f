"""The result of the last check of a site, which holds until something has changed.

Nothing here needs Sphinx, or reads the site: to look when its files were changed takes
a hundredth of the time that a check takes.
"""

from __future__ import annotations

import json
import os
import sys
import sysconfig
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import labsite
from labsite.model.digests import digest_text
from labsite.model.files import write_whole
from labsite.model.problems import Problem, Rule, Severity
from labsite.model.repository import repository_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

#: In the site's folder: what checks keep for the next one.
FOLDER = "_build/check"
_RECORD = "result.json"
_ENGINE = Path(labsite.__file__).parent
#: Folders of tools and of what was built; those with a dot at the beginning are others.
_UNWATCHED = {"_build", "__pycache__", "node_modules", "venv"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What a check has found."""

    entries: int  #: how many the bibliography has
    problems: tuple[Problem, ...]
    #: Absolute paths of further files that it read, outside the site's folder.
    files: tuple[str, ...] = ()


def note_state(source: Path) -> str:
    """Return a digest of all that a check follows from, but for further files."""
    packages = Path(sysconfig.get_path("purelib"))
    installed = packages.stat().st_mtime_ns if packages.is_dir() else 0
    # Some rules depend on the day.
    day = os.environ.get("SOURCE_DATE_EPOCH", date.today())  # noqa: DTZ011 -- as builds
    # Beside the source may be what conf.py imports, or names.
    files = sorted(look(repository_of(source)).items())
    return digest_text(repr((sys.version, installed, str(day), files)))


def recall(source: Path, state: str) -> Checked | None:
    """Return the result of the last check, if it holds.

    :param state: of the site now
    """
    try:
        data = json.loads((source / FOLDER / _RECORD).read_text("utf-8"))
        if data["state"] != state or data["stamp"] != _stamp(data["files"]):
            return None
        problems = tuple(map(_read_problem, data["problems"]))
    except (OSError, ValueError, KeyError, TypeError):  # none, or of another version
        return None
    return Checked(entries=data["entries"], problems=problems)


def remember(source: Path, state: str, checked: Checked) -> None:
    """Keep a result for the next check, if all that it follows from is there.

    :param state: of the site before the check began
    """
    with suppress(OSError):
        data = {"state": state, "stamp": _stamp(checked.files), **asdict(checked)}
        write_whole(source / FOLDER / _RECORD, json.dumps(data).encode())


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


def _read_problem(data: dict[str, Any]) -> Problem:
    rule, severity = Rule(data["rule"]), Severity(data["severity"])
    return Problem(**data | {"rule": rule, "severity": severity})


def _stamp(files: Iterable[str]) -> list[list[int]]:
    found = [Path(name).stat() for name in files]
    return [[status.st_mtime_ns, status.st_size] for status in found]
