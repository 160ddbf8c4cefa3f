"""New entries into their places: a file gains lines and loses none."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Protocol

from labsite.bibtex.parser import BibtexText
from labsite.bibtex.reader import read_library
from labsite.bibtex.writer import comment_start
from labsite.editing.ordering import ranks
from labsite.editing.source import Edit, SourceText

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from labsite.bibtex.parser import Entry
    from labsite.editing.importing import NewEntry
    from labsite.model.records import Library, Publication


@dataclass(frozen=True, slots=True, kw_only=True)
class Inserted:
    """A file with new entries."""

    after: bytes
    #: The new entries, read back from where they now stand.
    publications: tuple[Publication, ...]
    library: Library  #: all that is read now


class Block(Protocol):
    """An entry to put somewhere."""

    @property
    def key(self) -> str:
        """The citation key."""

    @property
    def text(self) -> str:
        """The entry, and perhaps comments above it."""


class InsertionError(RuntimeError):
    """The entries would not be read back, or would take another with them."""


def insert_entries(
    files: Sequence[tuple[str, bytes]], target: str, new: Sequence[NewEntry]
) -> Inserted:
    """Put each entry above the first one that is to follow it.

    :param files: name and content of each file of the bibliography
    :param target: which of them gets the entries
    :raises SourceError: if a file cannot be edited
    :raises InsertionError: if reading the files again does not give so many more
    """
    texts = [(file, SourceText(data, file).text) for file, data in files]
    before = read_library(texts)
    together = "\n\n".join(entry.text for entry in new)
    rank = ranks(read_library([*texts, ("new entries", together)]))
    bibtex = BibtexText()
    placed: list[Entry] = []
    for file, text in texts:
        entries = bibtex.add_file(text, file)
        placed = entries if file == target else placed
    source = SourceText(dict(files)[target])
    ordered = sorted(new, key=lambda entry: rank.get(entry.key, -1))
    after = source.apply(insertions(source, placed, rank, ordered))
    text = SourceText(after).text
    library = read_library([(f, text if f == target else t) for f, t in texts])
    read = {publication.key: publication for publication in library.every_version}
    gained = len(library.every_version) - len(before.every_version)
    if gained != len(new) or not all(entry.key in read for entry in new):
        msg = f"the new entries could not be read back; they were\n{together}"
        raise InsertionError(msg)
    found = tuple(read[entry.key] for entry in new)
    return Inserted(after=after, publications=found, library=library)


def insertions(
    source: SourceText,
    placed: Sequence[Entry],
    rank: Mapping[str, int],
    new: Sequence[Block],
) -> Iterator[Edit]:
    """Yield an edit for each place where entries go, which are in order."""
    text = source.text
    for successor, group in groupby(new, lambda e: _successor(placed, rank, e.key)):
        together = "\n\n".join(entry.text for entry in group)
        if successor:
            start = comment_start(text, successor.start)
            line_start = text.rfind("\n", 0, start) + 1
            lead = "\n" if text[line_start:start].strip() else ""
            yield Edit(start, start, source.native(f"{lead}{together}\n\n"))
            continue
        ended = not text or text.endswith("\n")
        blank = not text.strip() or text.endswith("\n\n")
        lead = ("" if ended else "\n") + ("" if blank else "\n")
        yield Edit(len(text), len(text), source.native(f"{lead}{together}\n"))


def _successor(
    placed: Sequence[Entry], rank: Mapping[str, int], key: str
) -> Entry | None:
    """Return the entry above which the one with *key* belongs."""
    lower = [p for p in placed if rank.get(p.key, -1) > rank.get(key, -1)]
    return min(lower, key=lambda p: rank[p.key], default=None)
