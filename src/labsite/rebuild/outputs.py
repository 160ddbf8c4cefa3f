"""What each file of the output was made from, so that it is made again when due."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from labsite.model.files import write_if_changed, write_whole
from labsite.rebuild.parallel import share

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Set
    from pathlib import Path


#: In the output, which may outlive what is kept beside the environment.
_LISTINGS = ".labsite"


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
    anew: bool = False,
    processes: int = 1,
) -> None:
    """Make the files of a folder, as far as they are this function's, just *outputs*.

    :param record: where it keeps what it has written; a list of it stays in the folder
        for builds that lack the record. A file that is on neither is never removed
    :param outputs: by path in the folder
    :param keep: paths that now belong to somebody else
    :param anew: whether to make all of them, whatever is known of them
    """
    kind = record.stem.rpartition("-")[2]
    listing = folder / _LISTINGS / f"{kind}.txt"
    known = _load(record, listing)
    due = {
        path: output
        for path, output in outputs.items()
        if anew or known.get(path) != output.made_from or not (folder / path).is_file()
    }
    gone = known.keys() - outputs.keys()
    if not due and not gone:
        return
    # Said before it is done: a build that is broken off leaves nothing that is unknown,
    # and nothing that only seems to be up to date.
    _save(record, known | dict.fromkeys(due, ""))
    share(partial(_write, folder), list(due.items()), processes)
    for path in gone - keep:
        (folder / path).unlink(missing_ok=True)
    _save(record, {path: output.made_from for path, output in outputs.items()})
    write_if_changed(listing, "".join(f"{path}\n" for path in sorted(outputs)).encode())


def _write(folder: Path, outputs: Iterable[tuple[str, Output]]) -> None:
    for path, output in outputs:
        write_if_changed(folder / path, output.make().encode())


def _load(record: Path, listing: Path) -> dict[str, str]:
    if not record.is_file():
        paths = listing.read_text("utf-8").splitlines() if listing.is_file() else ()
        return dict.fromkeys(paths, "")
    known: dict[str, str] = json.loads(record.read_text(encoding="utf-8"))
    return known


def _save(record: Path, known: Mapping[str, str]) -> None:
    write_whole(record, json.dumps(known, sort_keys=True).encode())
