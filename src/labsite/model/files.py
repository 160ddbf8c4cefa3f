"""Data files to text, whatever they were saved as."""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING

from labsite.model.problems import Problem, Rule

if TYPE_CHECKING:
    from pathlib import Path

_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
#: Characters that XML may not hold (its specification, 2.2) or that nobody sees.
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")


def read_text(path: Path, file: str) -> tuple[str, tuple[Problem, ...]]:
    r"""Return the text of a data file with its lines ending in ``\\n``.

    :param file: the name that problems give the file
    """
    return decode_text(path.read_bytes(), file)


def decode_text(data: bytes, file: str) -> tuple[str, tuple[Problem, ...]]:
    r"""Return the text that *data* is with its lines ending in ``\\n``.

    A file that is not UTF-8 is still read, as UTF-16 if it says so and otherwise as
    Windows-1252, so that no entry is lost; it is reported all the same. So are control
    characters, which are taken out: no feed could hold them.

    :param file: the name that problems give the file
    """
    problems: tuple[Problem, ...] = ()
    if data.startswith(_UTF16_MARKS):
        text = data.decode("utf-16", errors="replace")
        problems = (_not_utf8(file, 1, "UTF-16"),)
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            text = data.decode("cp1252", errors="replace")
            line = line_of(data, error.start)
            problems = (_not_utf8(file, line, "another encoding"),)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    unseen = _UNSEEN.search(text)
    if unseen:
        line = text.count("\n", 0, unseen.start()) + 1
        problems = (*problems, _unseen(file, line, unseen[0]))
        text = _UNSEEN.sub("", text)
    return text, problems


def line_of(data: bytes, position: int) -> int:
    """Return the 1-based line of a position, whatever the lines end in."""
    before = data[:position]
    pairs = before.count(b"\r\n")
    return before.count(b"\n") + before.count(b"\r") - pairs + 1


def _unseen(file: str, line: int, character: str) -> Problem:
    message = f"control character U+{ord(character):04X}; delete it, and save as UTF-8"
    return Problem(rule=Rule.ENCODING, message=message, file=file, line=line)


def _not_utf8(file: str, line: int, found: str) -> Problem:
    message = f"the file is saved as {found}; save it as UTF-8"
    return Problem(rule=Rule.ENCODING, message=message, file=file, line=line)


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that it has all of *data* or is as it was, whatever happens."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.part")
    partial.write_bytes(data)
    partial.replace(path)


def write_if_changed(path: Path, data: bytes) -> None:
    """Write a file unless it is so already.

    What has not changed keeps its time, by which servers and browsers tell.
    """
    if not path.is_file() or path.read_bytes() != data:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
