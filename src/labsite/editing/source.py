"""Edit files at offsets, and write them atomically."""

from __future__ import annotations

import codecs
import os
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import unified_diff
from io import StringIO
from pathlib import Path

from labsite.model.files import line_of, resolve_conflicts, write_whole
from labsite.model.problems import LabsiteError


@dataclass(frozen=True)
class Edit:
    """A replacement of a part of a text."""

    start: int  #: offset in :attr:`SourceText.text`
    end: int  #: offset behind the last character that is replaced
    new: str  #: whose lines end in "\n"


class SourceText:
    r"""A text file's bytes, and the same as text whose lines end in ``\n``.

    Bytes outside the edits stay as they are: mixed line ends, a byte order mark, a last
    line without an end.

    :param file: its name in messages
    :raises LabsiteError: if *data* is not UTF-8, or has the markers of a merge
    """

    def __init__(self, data: bytes, file: str = "the text") -> None:
        self.mark = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
        try:
            text = data[len(self.mark) :].decode("utf-8")
        except UnicodeDecodeError as error:
            line = line_of(data, len(self.mark) + error.start)
            msg = f"{file}: line {line} is no text in UTF-8; save it as UTF-8"
            raise LabsiteError(msg) from None
        self._line_ends = re.findall("\r\n|[\r\n]", text) or ["\n"]
        self._usual_end = Counter(self._line_ends).most_common(1)[0][0]
        self.text = text.replace("\r\n", "\n").replace("\r", "\n")
        for problem in resolve_conflicts(self.text, file)[1]:
            msg = f"{file}: line {problem.line}: {problem.message}"
            raise LabsiteError(msg)

    def native(self, text: str) -> bytes:
        r"""Return the bytes of *text* as the file's: with its mark and line ends."""
        return self.mark + text.replace("\n", self._usual_end).encode()

    def apply(self, edits: Iterable[Edit]) -> bytes:
        """Return the file's bytes after *edits*, of which no two overlap."""
        position, pieces, line_ends = 0, [], iter(self._line_ends)
        end = Edit(len(self.text), len(self.text), "")
        for edit in [*sorted(edits, key=lambda e: (e.start, e.end)), end]:
            kept = self.text[position : edit.start]
            pieces.append(re.sub("\n", lambda _: next(line_ends), kept))
            pieces.append(edit.new.replace("\n", self._usual_end))
            for _ in range(self.text.count("\n", edit.start, edit.end)):
                next(line_ends)
            position = edit.end
        return self.mark + "".join(pieces).encode()


@dataclass(frozen=True, kw_only=True)
class Change:
    """The content of a file before and after a change."""

    file: str
    before: bytes
    after: bytes
    notes: tuple[str, ...] = ()  #: for the member


def write_atomically(path: Path, data: bytes) -> None:
    """Replace the content of a file atomically, keeping its mode and links to it.

    :raises OSError: if the file may not be written; it is then as it was
    """
    target = Path(os.path.realpath(path))
    if not os.access(target, os.W_OK):
        raise PermissionError(13, "the file may not be written", str(path))
    write_whole(target, data)


def diff(change: Change) -> str:
    """Return a unified diff of a UTF-8 file, as ``patch`` and ``git apply`` read it."""
    names = f"a/{change.file}", f"b/{change.file}"
    # In a diff only "\n" ends a line; str.splitlines has nine other line ends.
    both = (change.before, change.after)
    old, new = ([*StringIO(data.decode(), newline="\n")] for data in both)
    lines = unified_diff(old, new, *names)
    ended = (x if x.endswith("\n") else f"{x}\n\\ No newline at end of file\n"
             for x in lines)  # fmt: skip
    return "".join(ended)
