"""The blocks in which entries stand in a text, and the one layout entries have.

The layout: the entry's type in lower case, a field to a line, indented by two spaces,
its name padded to the width of the longest customary one, the value in braces or a
macro's name, a comma after every field, and the closing brace alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from labsite.bibtex.parser import Entry

_NAME_WIDTH = len("archiveprefix")
#: What must stay where it is, because of what follows it.
_SETTING = re.compile(r"@\s*(?:string|preamble)\s*[{(]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Block:
    """An entry with the comments above it: what moves as one."""

    key: str
    start: int
    end: int


def find_blocks(text: str, entries: Iterable[Entry]) -> Iterator[Block]:
    """Yield each entry as the block it moves in.

    Comments between two entries belong to the lower one. Of what stands above the
    first entry only the comment lines right above it do: the rest is the file's.
    """
    end_of_last = -1
    for entry in entries:
        start, line_end = entry.start, text.find("\n", entry.end)
        if end_of_last < 0:
            start = comment_start(text, start)
        else:
            gap = text[end_of_last:start]
            first = gap.find("\n") + 1
            lead = len(gap[first:]) - len(gap[first:].lstrip())
            start = min(start, end_of_last + first + lead)
        rest = text[entry.end : line_end if line_end >= 0 else len(text)]
        end = entry.end if "@" in rest else entry.end + len(rest)
        yield Block(entry.key, start, end)
        end_of_last = end


def comment_start(text: str, position: int) -> int:
    """Return where the comment lines right above the line of *position* begin."""
    start = text.rfind("\n", 0, position) + 1
    if text[start:position].strip():
        return position
    begin = position
    while start > 0:
        above = text.rfind("\n", 0, start - 1) + 1
        if not text[above:start].lstrip().startswith("%"):
            break
        begin = start = above
    return begin


def has_setting(text: str) -> bool:
    """Tell whether *text* holds an ``@string`` or ``@preamble``."""
    return _SETTING.search(text) is not None


def render_entry(entry_type: str, key: str, fields: Iterable[tuple[str, str]]) -> str:
    """Return an entry in the one layout, without a line end behind it.

    :param fields: names and values, these with their delimiters
    """
    lines = (f"  {render_field(*field)},\n" for field in fields)
    return f"@{entry_type}{{{key},\n{''.join(lines)}}}"


def render_field(name: str, value: str) -> str:
    """Return a field as a line of the layout has it, without indentation and comma."""
    return f"{name:<{_NAME_WIDTH}} = {in_braces(value)}"


def in_braces(value: str) -> str:
    """Return a value in braces if it is one string or number, else as it is."""
    inner = content(value)
    return value if inner is None else f"{{{inner}}}"


def content(value: str) -> str | None:
    """Return what a value's delimiters enclose; ``None`` for macros and sums."""
    if value.isdecimal():
        return value
    if value[:1] not in {"{", '"'}:
        return None
    return value[1:-1] if _closes_at_end(value) else None


def _closes_at_end(value: str) -> bool:
    """Tell whether the delimiter that opens *value* is closed by its last character.

    BibTeX counts every brace, with a backslash before it or not.
    """
    quoted, depth = value[0] == '"', 0
    for position, character in enumerate(value[1:], start=1):
        if depth == 0 and character == ('"' if quoted else "}"):
            return position == len(value) - 1
        depth += (character == "{") - (character == "}")
    return False
