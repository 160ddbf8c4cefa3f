"""What the files of the output were made from, so that they are made again when due."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from sphinx.util.parallel import ParallelTasks, parallel_available

from labsite.model.files import write_if_changed, write_whole

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
    from pathlib import Path

#: Fewer files are not worth the start of a process.
_ENOUGH = 500
#: Shares of each process: one that has had short ones takes another share.
_SHARES = 3


@dataclass(frozen=True, slots=True)
class Output:
    """A file to be written."""

    made_from: str  #: differs when the file has to be made again
    make: Callable[[], str]  #: returns its text


def write_outputs(
    folder: Path,
    record: Path,
    outputs: Mapping[str, Output],
    *,
    keep: Set[str] = frozenset(),
    processes: int = 1,
) -> None:
    """Make the files of a folder, as far as they are this function's, just *outputs*.

    :param record: where it keeps what they were made from; all are made without it
    :param outputs: by path in the folder
    :param keep: paths that now belong to somebody else
    """
    known = json.loads(record.read_text("utf-8")) if record.is_file() else {}
    made_from = {path: output.made_from for path, output in outputs.items()}
    due = [
        (path, output)
        for path, output in outputs.items()
        if known.get(path) != output.made_from or not (folder / path).is_file()
    ]
    if not due and known == made_from:
        return
    # Of a build that is broken off nothing only seems to be up to date.
    record.unlink(missing_ok=True)
    with listed(folder, record.stem, outputs.keys()) as gone:
        _write(folder, due, processes)
        for path in gone - keep:
            (folder / path).unlink(missing_ok=True)
    write_whole(record, json.dumps(made_from).encode())


@contextmanager
def listed(folder: Path, kind: str, wanted: Set[str]) -> Iterator[Set[str]]:
    """Keep a list of files in their folder, which may outlive what is kept elsewhere.

    What is on no list is never removed, and what was begun is on it.

    :returns: the paths that were listed and are not wanted any more
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
    """Write files; what several processes warn of is logged by this one."""
    if processes > 1 and len(due) >= _ENOUGH and parallel_available:
        tasks, number = ParallelTasks(processes), processes * _SHARES
        for start in range(number):
            tasks.add_task(partial(_write, folder, processes=1), due[start::number])
        tasks.join()
        return
    for path, output in due:
        write_if_changed(folder / path, output.make().encode())
