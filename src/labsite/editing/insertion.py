"""Insert entries and fields in order, sort files, and merge their new entries."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path

from labsite.bibtex.fields import FIELDS, canonical_name
from labsite.bibtex.parser import BibtexText
from labsite.bibtex.reader import read_library
from labsite.bibtex.writer import SETTING, Block, comment_start, find_blocks
from labsite.editing.source import Edit, SourceText
from labsite.model.order import sort_publications
from labsite.model.problems import LabsiteError, Rule
from labsite.model.records import Library

_RANKS = {name: rank for rank, name in enumerate(FIELDS)}


def ranks(library: Library) -> dict[str, int]:
    """Return the position of each key in the order of the library."""
    ordered = sort_publications(library.every_version)
    return {p.key: rank for rank, p in enumerate(ordered)}


def put_in_order(
    data: bytes, file: str, library: Library | None = None
) -> tuple[bytes, str]:
    """Return a file of a *library* with its entries in order, or as it is, and why."""
    source = SourceText(data, file)
    library = library or read_library([(file, source.text)])
    placed = BibtexText().add_file(source.text, file)
    rank = ranks(library)
    known = [rank[entry.key] for entry in placed if entry.key in rank]
    if all(upper < lower for upper, lower in pairwise(known)):
        return data, ""
    if library.entries != len(library.every_version):
        return data, "not every entry can be read"
    if any(p.rule is Rule.BAD_DATE for p in library.problems):
        return data, "not every date can be read; 'labsite check' says where"
    if any(f.name == "crossref" for entry in placed for f in entry.source.fields):
        return data, "entries refer to others by 'crossref', which must be below them"
    if SETTING.search(source.text[placed[0].start : placed[-1].end]):
        return data, "an @string or @preamble is between entries; move it to the top"
    blocks = list(find_blocks(source.text, placed))
    # Sets and data for other entries, which have no rank, come last.
    ordered = sorted(blocks, key=lambda block: rank.get(block.key, len(rank)))
    moves = zip(blocks, ordered, strict=True)
    edits = (Edit(s.start, s.end, source.text[b.start : b.end]) for s, b in moves)
    return source.apply(edits), ""


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
    texts = {file: source.text for file, source in sources.items()}
    together = "\n\n".join(new.values())
    rank = ranks(read_library([*texts.items(), ("new entries", together)]))
    bibtex = BibtexText()
    placed = {file: bibtex.add_file(text, file) for file, text in texts.items()}[target]
    text = texts[target]
    breaks = len(text) - len(text.rstrip("\n"))
    lead = "\n" * (2 - breaks) if text.strip() else ""
    edits = []
    for key in sorted(new, key=lambda key: rank.get(key, -1)):
        lower = [p for p in placed if rank.get(p.key, -1) > rank.get(key, -1)]
        if lower:
            successor = min(lower, key=lambda p: rank[p.key])
            start = comment_start(text, successor.start)
            edits.append(Edit(start, start, f"{new[key]}\n\n"))
        else:
            edits.append(Edit(len(text), len(text), f"{lead}{new[key]}\n"))
            lead = "\n"
    after = sources[target].apply(edits)
    texts[target] = SourceText(after).text
    library = read_library([*texts.items()], topics_field)
    if {publication.key for publication in library.every_version} != rank.keys():
        msg = f"the new entries could not be read back; they were\n{together}"
        raise LabsiteError(msg)
    return after, library


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


def merge(base: bytes, ours: bytes, theirs: bytes) -> bytes:
    """Return our bibliography with their changes.

    Entries that are new on their side are inserted in order; git merges the rest.

    :param base: the common ancestor
    :raises LabsiteError: if changes conflict, or one of the three cannot be edited
    """
    old, our, their = (SourceText(data) for data in (base, ours, theirs))
    known = {block.key for block in _blocks(old.text)}
    mine = {b.key: our.text[b.start : b.end] for b in _blocks(our.text)}
    rest = their.text
    new: dict[str, str] = {}
    for block in reversed(_blocks(rest)):
        text = rest[block.start : block.end]
        if block.key not in known and mine.get(block.key, text) == text:
            new |= {} if block.key in mine else {block.key: text}
            above, below = rest[: block.start], rest[block.end :].lstrip("\n")
            rest = above + below if below else above.rstrip("\n") + "\n"
    both, _ = run_merge_file(old.text.encode(), our.text.encode(), rest.encode())
    # Markers of conflicts are an error here.
    merged, _ = insert_entries([("", both)], "", new)
    return our.native(merged.decode())


def _blocks(text: str) -> list[Block]:
    """Return the blocks of a bibliography whose entries can be read and told apart."""
    bibtex = BibtexText()
    blocks = [*find_blocks(text, bibtex.add_file(text, ""))]
    if bibtex.problems or len({block.key for block in blocks}) < len(blocks):
        msg = "the bibliography cannot be divided into entries"
        raise LabsiteError(msg)
    return blocks


def run_merge_file(base: bytes, ours: bytes, theirs: bytes) -> tuple[bytes, int]:
    """Merge three texts by ``git merge-file``; return also the number of conflicts.

    :raises LabsiteError: if git cannot merge them
    """
    with tempfile.TemporaryDirectory(prefix="labsite-merge-") as name:
        for side, data in {"ours": ours, "base": base, "theirs": theirs}.items():
            Path(name, side).write_bytes(data)
        command = ["git", "merge-file", "--stdout", "ours", "base", "theirs"]
        done = subprocess.run(command, cwd=name, capture_output=True, check=False)  # noqa: S603 -- nothing of it is from a file
    if done.returncode > _MOST_CONFLICTS:
        msg = f"git merge-file failed: {done.stderr.decode(errors='replace').strip()}"
        raise LabsiteError(msg)
    return done.stdout, done.returncode
