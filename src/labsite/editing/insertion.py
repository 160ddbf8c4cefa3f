"""Insert entries and fields in order, sort files, and merge them by entries."""

from __future__ import annotations

import subprocess
import tempfile
from itertools import groupby, pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from labsite.bibtex.fields import FIELDS, canonical_name
from labsite.bibtex.parser import BibtexText
from labsite.bibtex.reader import read_library
from labsite.bibtex.writer import comment_start, find_blocks, has_setting, render_entry
from labsite.editing.source import Edit, SourceText
from labsite.model.order import sort_publications
from labsite.model.problems import LabsiteError, Rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from labsite.bibtex.parser import Entry
    from labsite.model.records import Library

_RANKS = {name: rank for rank, name in enumerate(FIELDS)}


def ranks(library: Library) -> dict[str, int]:
    """Return the position of each key in the order of the library."""
    ordered = sort_publications(library.every_version)
    return {p.key: rank for rank, p in enumerate(ordered)}


def put_in_order(data: bytes, file: str, library: Library | None = None) -> bytes | str:
    """Return a file with its entries in order, or the reason against moving them.

    :param library: the bibliography of the file
    """
    source = SourceText(data, file)
    library = library or read_library([(file, source.text)])
    placed = BibtexText().add_file(source.text, file)
    rank = ranks(library)
    known = [rank[entry.key] for entry in placed if entry.key in rank]
    if all(upper < lower for upper, lower in pairwise(known)):
        return data
    if library.entries != len(library.every_version):
        return "not every entry can be read"
    if any(p.rule is Rule.BAD_DATE for p in library.problems):
        return "not every date can be read; 'labsite check' says where"
    if any(f.name == "crossref" for entry in placed for f in entry.source.fields):
        return "entries refer to others by 'crossref', which must be below them"
    if has_setting(source.text[placed[0].start : placed[-1].end]):
        return "an @string or @preamble is between entries; move it to the top"
    blocks = list(find_blocks(source.text, placed))
    # Sets and data for other entries, which have no rank, come last.
    ordered = sorted(blocks, key=lambda block: rank.get(block.key, len(rank)))
    moves = zip(blocks, ordered, strict=True)
    return source.apply(
        Edit(slot.start, slot.end, source.text[block.start : block.end])
        for slot, block in moves
    )


def insert_entries(
    files: Sequence[tuple[str, bytes]],
    target: str,
    new: Mapping[str, str],
    topics_field: str = "",
) -> tuple[bytes, Library]:
    """Return the file with each entry above the first one that follows it in order.

    :param target: the one of *files* that gets the entries, *new* by their keys
    :returns: also the whole bibliography, read again
    :raises LabsiteError: if a file cannot be edited, or the entries not be read back
    """
    sources = {file: SourceText(data, file) for file, data in files}
    texts = [(file, source.text) for file, source in sources.items()]
    together = "\n\n".join(new.values())
    rank = ranks(read_library([*texts, ("new entries", together)]))
    bibtex = BibtexText()
    placed = {file: bibtex.add_file(text, file) for file, text in texts}[target]
    text = dict(texts)[target]
    edits = []
    keys = sorted(new, key=lambda key: rank.get(key, -1))
    for successor, group in groupby(keys, lambda key: _successor(placed, rank, key)):
        entries = "\n\n".join(new[key] for key in group)
        if successor:
            start = comment_start(text, successor.start)
            edits.append(Edit(start, start, f"{entries}\n\n"))
            continue
        breaks = len(text) - len(text.rstrip("\n"))
        lead = "\n" * (2 - breaks) if text.strip() else ""
        edits.append(Edit(len(text), len(text), f"{lead}{entries}\n"))
    after = sources[target].apply(edits)
    texts = [*(dict(texts) | {target: SourceText(after).text}).items()]
    library = read_library(texts, topics_field)
    if {publication.key for publication in library.every_version} != rank.keys():
        msg = f"the new entries could not be read back; they were\n{together}"
        raise LabsiteError(msg)
    return after, library


def _successor(
    placed: Sequence[Entry], rank: Mapping[str, int], key: str
) -> Entry | None:
    """Return the first entry that follows *key* in order."""
    lower = [p for p in placed if rank.get(p.key, -1) > rank.get(key, -1)]
    return min(lower, key=lambda p: rank[p.key], default=None)


def merge_fields(
    fields: Iterable[tuple[str, str]], new: Iterable[tuple[str, str]]
) -> list[tuple[str, str]]:
    """Return *fields* with the values of *new*, additional ones in their order."""
    found = dict(fields)
    names = [*found]
    for name, value in new:
        if name not in found:
            places = (i for i, n in enumerate(names) if _rank(n) > _rank(name))
            names.insert(next(places, len(names)), name)
        found[name] = value
    return [(name, found[name]) for name in names]


def _rank(name: str) -> int:
    """Return the position of a field in an entry; unknown ones go with links."""
    return _RANKS.get(canonical_name(name), _RANKS["website"])


#: ``git merge-file`` counts so far; a higher exit status is an error.
_MOST_CONFLICTS = 127


class _Side:
    """A version of a bibliography, divided into its head and a block per entry."""

    def __init__(self, data: bytes) -> None:
        self.source = SourceText(data)
        text, bibtex = self.source.text, BibtexText()
        placed = bibtex.add_file(text, "")
        self.entries = {entry.key: entry for entry in placed}
        blocks = list(find_blocks(text, placed))
        top = blocks[0].start if blocks else len(text)
        #: The places of the blocks by their keys; "" is the head with the macros.
        self.spans = {"": (0, top)} | {b.key: (b.start, b.end) for b in blocks}
        self.texts = {key: text[start:end] for key, (start, end) in self.spans.items()}
        # Entries of one key cannot be told apart.
        self.readable = not bibtex.problems and len(self.spans) == len(blocks) + 1


def merge(base: bytes, ours: bytes, theirs: bytes) -> bytes | None:
    """Return our bibliography with their changes, ``None`` if these conflict.

    :param base: the common ancestor
    :raises LabsiteError: if one of them cannot be edited
    """
    sides = old, our, their = [_Side(data) for data in (base, ours, theirs)]
    if not all(side.readable for side in sides):
        return None
    edits, new = [], {}
    for key in old.texts | their.texts:
        before, mine, wanted = (side.texts.get(key) for side in sides)
        if wanted in {before, mine}:
            continue  # only we have changed it, or both alike
        if before != mine:
            if before is None or mine is None or wanted is None:
                return None
            texts = (before.encode(), mine.encode(), wanted.encode())
            both, conflicts = run_merge_file(*texts, *([] if key else ["--union"]))
            wanted = _merge_entry(sides, key) if conflicts else both.decode()
            if wanted is None:
                return None
        if mine is None:
            new[key] = wanted or ""
            continue
        start, end = our.spans[key]
        if wanted is None:  # the empty lines behind it go too
            behind = our.source.text[end:]
            end += len(behind) - len(behind.lstrip("\n"))
        edits.append(Edit(start, end, wanted or ""))
    merged, _ = insert_entries([("", our.source.apply(edits))], "", new)
    # The result has the entries of both, without those that either has removed.
    gone = old.texts.keys() - (our.texts.keys() & their.texts.keys())
    whole = (our.texts.keys() | their.texts.keys()) - gone
    side = _Side(merged)
    return merged if side.readable and side.texts.keys() == whole else None


def _merge_entry(sides: Sequence[_Side], key: str) -> str | None:
    """Merge an entry by its fields, ``None`` if both sides have changed the same one.

    For git, changes of adjacent lines are a conflict.
    """
    old, mine, their = (side.entries[key] for side in sides)
    before, ours, theirs = (dict(entry.written) for entry in (old, mine, their))
    names = [n for n in before | theirs if before.get(n) != theirs.get(n)]
    rest = [s.texts[key].replace(s.entries[key].source.text, "") for s in sides]
    other = old.entry_type != their.entry_type or rest[0] != rest[2]
    # One of two fields of a name would be lost.
    other |= len(ours) < len(mine.written) or len(theirs) < len(their.written)
    if other or any(ours.get(n) not in {before.get(n), theirs.get(n)} for n in names):
        return None
    kept = [(n, value) for n, value in mine.written if n in theirs or n not in names]
    fields = merge_fields(kept, [(n, theirs[n]) for n in names if n in theirs])
    text = render_entry(mine.entry_type, key, fields, mine.comments)
    return sides[1].texts[key].replace(mine.source.text, text)


def run_merge_file(
    base: bytes, ours: bytes, theirs: bytes, *options: str
) -> tuple[bytes, int]:
    """Merge three texts by ``git merge-file``; return also the number of conflicts.

    :raises LabsiteError: if git cannot merge them
    """
    with tempfile.TemporaryDirectory(prefix="labsite-merge-") as name:
        paths = [Path(name, side) for side in ("ours", "base", "theirs")]
        for path, data in zip(paths, (ours, base, theirs), strict=True):
            path.write_bytes(data)
        command = ["git", "merge-file", "--stdout", *options, *map(str, paths)]
        done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603 -- nothing of it is from a file
    if done.returncode > _MOST_CONFLICTS:
        msg = f"git merge-file failed: {done.stderr.decode(errors='replace').strip()}"
        raise LabsiteError(msg)
    return done.stdout, done.returncode
