"""Two changes of one bibliography to one: by entries, where git knows only lines."""

from __future__ import annotations

import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from labsite.bibtex.parser import BibtexText
from labsite.bibtex.reader import read_library
from labsite.bibtex.writer import find_blocks
from labsite.editing.insertion import insertions
from labsite.editing.ordering import ranks
from labsite.editing.source import Edit, SourceText


@dataclass(frozen=True, slots=True)
class _Block:
    """An entry with the comments above it, as one side has it."""

    key: str
    text: str


class _Side:
    """A bibliography in blocks, and what stands above the first of them."""

    def __init__(self, data: bytes) -> None:
        self.source = SourceText(data)
        bibtex = BibtexText()
        self.placed = bibtex.add_file(self.source.text, "")
        self.readable = not bibtex.problems
        text = self.source.text
        self.spans = {
            block.key: (block.start, block.end)
            for block in find_blocks(text, self.placed)
        }
        self.blocks = {key: text[start:end] for key, (start, end) in self.spans.items()}
        self.top = min((start for start, _ in self.spans.values()), default=len(text))

    @property
    def head(self) -> str:
        """The macros and comments above the entries."""
        return self.source.text[: self.top]


def merge(base: bytes, ours: bytes, theirs: bytes) -> bytes | None:
    """Return our bibliography with their changes, ``None`` if the two contradict.

    :param base: what both have been made from
    :raises SourceError: if one of them cannot be edited
    """
    sides = [_Side(data) for data in (base, ours, theirs)]
    if not all(side.readable for side in sides):
        return None
    old, our, their = sides
    new = []
    edits = []
    for key in dict.fromkeys([*old.blocks, *their.blocks]):
        texts = [side.blocks.get(key) for side in sides]
        if texts[0] == texts[2] or texts[1] == texts[2]:
            continue  # they have not changed it, or as we have
        if texts[0] != texts[1]:
            return None
        if texts[1] is None:
            new.append(_Block(key, texts[2] or ""))
        else:
            edits.append(_replace(our, key, texts[2]))
    head, _ = run_merge_file(old.head, our.head, their.head, "--union")
    edits.append(Edit(0, our.top, our.source.native(head)))
    rank = ranks(
        read_library([("theirs", f"{our.source.text}\n\n{their.source.text}")])
    )
    new.sort(key=lambda block: rank.get(block.key, -1))
    edits += insertions(our.source, our.placed, rank, new)
    merged = our.source.apply(edits)
    return merged if _has_all(merged, our, their, old) else None


def _replace(side: _Side, key: str, text: str | None) -> Edit:
    start, end = side.spans[key]
    if text is not None:
        return Edit(start, end, side.source.native(text))
    behind = side.source.text[end:]
    return Edit(start, end + len(behind) - len(behind.lstrip("\n")), "")


def _has_all(merged: bytes, our: _Side, their: _Side, old: _Side) -> bool:
    """Tell whether the result reads as the entries of both, without those removed."""
    side = _Side(merged)
    gone = {
        key for key in old.blocks if key not in our.blocks or key not in their.blocks
    }
    return (
        side.readable
        and side.blocks.keys() == (our.blocks.keys() | their.blocks.keys()) - gone
    )


def run_merge_file(base: str, ours: str, theirs: str, *options: str) -> tuple[str, int]:
    """Return what ``git merge-file`` makes of three texts, and how many conflicts."""
    with tempfile.TemporaryDirectory(prefix="labsite-merge-") as name:
        paths = [Path(name, side) for side in ("ours", "base", "theirs")]
        for path, text in zip(paths, (ours, base, theirs), strict=True):
            path.write_text(text, "utf-8")
        command = ["git", "merge-file", "--stdout", *options, *map(str, paths)]
        done = subprocess.run(  # noqa: S603 -- nothing of it is from a file
            command,
            capture_output=True,
            text=True,
            check=False,
        )
    return done.stdout, done.returncode
