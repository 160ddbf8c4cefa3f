"""Merge two changes of one bibliography by entries instead of lines."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

from labsite.bibtex.parser import BibtexText
from labsite.bibtex.reader import read_library
from labsite.bibtex.writer import find_blocks
from labsite.editing.insertion import insertions, ranks
from labsite.editing.source import Edit, SourceText
from labsite.model.problems import LabsiteError

#: ``git merge-file`` counts so far; a higher exit status is an error.
_MOST_CONFLICTS = 127


class _Side:
    """A version of a bibliography, divided into its head and a block per entry."""

    def __init__(self, data: bytes) -> None:
        self.source = SourceText(data)
        bibtex = BibtexText()
        text = self.source.text
        self.placed = bibtex.add_file(text, "")
        self.spans = {b.key: (b.start, b.end) for b in find_blocks(text, self.placed)}
        # Entries of one key cannot be told apart.
        self.readable = not bibtex.problems and len(self.spans) == len(self.placed)
        self.blocks = {key: text[start:end] for key, (start, end) in self.spans.items()}
        self.top = min((start for start, _ in self.spans.values()), default=len(text))
        self.head = text[: self.top]  #: macros and comments


def merge(base: bytes, ours: bytes, theirs: bytes) -> bytes | None:
    """Return our bibliography with their changes, ``None`` if these conflict.

    :param base: the common ancestor
    :raises LabsiteError: if one of them cannot be edited
    """
    sides = old, our, their = [_Side(data) for data in (base, ours, theirs)]
    if not all(side.readable for side in sides):
        return None
    new = {}
    base, ours, theirs = (side.head.encode() for side in sides)
    head, _ = run_merge_file(base, ours, theirs, "--union")
    edits = [Edit(0, our.top, our.source.native(head.decode()))]
    for key in dict.fromkeys([*old.blocks, *their.blocks]):
        before, mine, wanted = (side.blocks.get(key) for side in sides)
        if wanted in {before, mine}:
            continue  # only we have changed it, or both alike
        if before != mine:
            return None
        if mine is None:
            new[key] = wanted or ""
        else:
            edits.append(_replace(our, key, wanted))
    both = f"{our.source.text}\n\n{their.source.text}"
    rank = ranks(read_library([("theirs", both)]))
    edits += insertions(our.source, our.placed, rank, new)
    merged = our.source.apply(edits)
    # The result has the entries of both, without those that either has removed.
    gone = old.blocks.keys() - (our.blocks.keys() & their.blocks.keys())
    whole = (our.blocks.keys() | their.blocks.keys()) - gone
    side = _Side(merged)
    return merged if side.readable and side.blocks.keys() == whole else None


def _replace(side: _Side, key: str, text: str | None) -> Edit:
    start, end = side.spans[key]
    if text is not None:
        return Edit(start, end, side.source.native(text))
    behind = side.source.text[end:]
    return Edit(start, end + len(behind) - len(behind.lstrip("\n")), "")


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
