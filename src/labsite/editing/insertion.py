"""A new entry into its place: a file gains lines and loses none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from labsite.bibtex.parser import BibtexText
from labsite.bibtex.reader import read_library
from labsite.bibtex.writer import comment_start, read_placed
from labsite.editing.ordering import ranks
from labsite.editing.source import Edit, SourceText

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from labsite.bibtex.writer import PlacedEntry
    from labsite.editing.importing import NewEntry
    from labsite.model.records import Library, Publication


@dataclass(frozen=True, slots=True, kw_only=True)
class Inserted:
    """A file with a new entry."""

    after: bytes
    publication: Publication  #: the new entry, read back from where it now stands
    library: Library  #: all that is read now


class InsertionError(RuntimeError):
    """The entry would not be read back, or would take another with it."""


def insert_entry(
    files: Sequence[tuple[str, bytes]], target: str, new: NewEntry
) -> Inserted:
    """Put an entry above the first one that is to follow it.

    :param files: name and content of each file of the bibliography
    :param target: which of them gets the entry
    :raises SourceError: if a file cannot be edited
    :raises InsertionError: if reading the files again does not give one entry more
    """
    texts = [(file, SourceText(data, file).text) for file, data in files]
    before = read_library(texts)
    rank = ranks(read_library([*texts, ("new entry", new.text)]))
    bibtex = BibtexText()
    placed: list[PlacedEntry] = []
    for file, text in texts:
        entries = read_placed(text, file, bibtex)
        placed = entries if file == target else placed
    source = SourceText(dict(files)[target])
    edit = _insertion(source, placed, rank, new)
    after = source.apply([edit])
    text = SourceText(after).text
    library = read_library([(f, text if f == target else t) for f, t in texts])
    publication = library.by_key.get(new.key)
    gained = len(library.every_version) - len(before.every_version)
    if publication is None or gained != 1:
        msg = f"the new entry could not be read back; it was\n{new.text}"
        raise InsertionError(msg)
    return Inserted(after=after, publication=publication, library=library)


def _insertion(
    source: SourceText,
    placed: Sequence[PlacedEntry],
    rank: Mapping[str, int],
    new: NewEntry,
) -> Edit:
    text, own = source.text, rank.get(new.key, -1)
    lower = [p for p in placed if rank.get(p.key, -1) > own]
    if lower:
        successor = min(lower, key=lambda p: rank[p.key])
        start = comment_start(text, successor.start)
        line_start = text.rfind("\n", 0, start) + 1
        lead = "\n" if text[line_start:start].strip() else ""
        return Edit(start, start, source.native(f"{lead}{new.text}\n\n"))
    end = len(text)
    ended = not text or text.endswith("\n")
    blank = not text.strip() or text.endswith("\n\n")
    lead = ("" if ended else "\n") + ("" if blank else "\n")
    return Edit(end, end, source.native(f"{lead}{new.text}\n"))
