"""Write files only when what they are made from has changed."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from sphinx.util.parallel import ParallelTasks, parallel_available

from labsite.model.files import write_if_changed, write_whole

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
    from pathlib import Path

#: Fewer files are not worth the start of a process.
_ENOUGH = 500


@dataclass(frozen=True, slots=True)
class Output:
    """A file to be written."""

    made_from: str  #: differs when the file has to be made again
    make: Callable[[], str]  #: returns its text


def are_current(folder: Path, record: Path, state: str) -> bool:
    """Tell whether all files were written from the same state, and are still there."""
    known = _read(record)
    paths = known["made_from"] if known["state"] == state else [""]
    return all((folder / path).is_file() for path in paths)


def write_outputs(
    folder: Path,
    record: Path,
    outputs: Mapping[str, Output],
    *,
    keep: Set[str] = frozenset(),
    state: str = "",
    processes: int = 1,
) -> None:
    """Write the files that have changed, and remove those that are no longer wanted.

    :param record: where it stores what they were made from; all are made without it
    :param outputs: by path in the folder
    :param keep: paths that now belong to others
    :param state: what :func:`are_current` compares
    """
    known = _read(record)["made_from"]
    due = [
        (path, output)
        for path, output in outputs.items()
        if known.get(path) != output.made_from or not (folder / path).is_file()
    ]
    # After a build that is interrupted, all files are made again.
    record.unlink(missing_ok=True)
    with listed(folder, record.stem, outputs.keys()) as gone:
        _write(folder, due, processes)
        for path in gone - keep:
            (folder / path).unlink(missing_ok=True)
    made_from = {path: output.made_from for path, output in outputs.items()}
    write_whole(record, json.dumps({"state": state, "made_from": made_from}).encode())


def _read(record: Path) -> dict[str, Any]:
    if record.is_file():
        known: dict[str, Any] = json.loads(record.read_text("utf-8"))
        return known
    return {"state": None, "made_from": {}}


@contextmanager
def listed(folder: Path, kind: str, wanted: Set[str]) -> Iterator[Set[str]]:
    """List the files of a folder there, as other records may be removed.

    A file on no list is never removed; a file is listed before it is written.

    :returns: the paths that are listed and no longer wanted
    """
    listing = folder / ".labsite" / f"{kind}.txt"
    text = listing.read_text("utf-8", "surrogateescape") if listing.is_file() else ""
    before = set(text.splitlines())
    _save(listing, before | wanted)
    yield before - wanted
    _save(listing, wanted)


def _save(listing: Path, paths: Iterable[str]) -> None:
    lines = "".join(f"{path}\n" for path in sorted(paths))
    write_if_changed(listing, lines.encode("utf-8", "surrogateescape"))


def _write(folder: Path, due: Sequence[tuple[str, Output]], processes: int) -> None:
    """Write files, in several processes if there are many."""
    if processes > 1 and len(due) >= _ENOUGH and parallel_available:
        tasks = ParallelTasks(processes)
        for start in range(processes):
            tasks.add_task(partial(_write, folder, processes=1), due[start::processes])
        tasks.join()
        return
    for path, output in due:
        write_if_changed(folder / path, output.make().encode())
