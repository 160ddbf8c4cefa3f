"""Write entries, and find the blocks of text that move with them.

An entry has one field in each line, with a comma behind it; names are padded to the
same width, and values are in braces or are macros.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from labsite.bibtex.parser import Entry
from labsite.text.latex_tables import brace_depths

_NAME_WIDTH = len("archiveprefix")
#: Commands that must stay above the entries that depend on them.
SETTING = re.compile(r"@\s*(?:string|preamble)\s*[{(]", re.IGNORECASE)


@dataclass(frozen=True)
class Block:
    """An entry with the comments above it."""

    key: str
    start: int
    end: int


def find_blocks(text: str, entries: Iterable[Entry]) -> Iterator[Block]:
    """Yield the block of each entry.

    Comments between two entries belong to the lower one. Of the text above the first
    entry, only the adjacent comment lines belong to it.
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
    """Return the start of the comment lines directly above the line of *position*."""
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


def render_entry(
    entry_type: str,
    key: str,
    fields: Iterable[tuple[str, str]],
    comments: Iterable[str] = (),
) -> str:
    """Return an entry below its comments; values are given with their delimiters."""
    above = "".join(f"{comment}\n" for comment in comments)
    lines = (f"  {name:<{_NAME_WIDTH}} = {in_braces(v)},\n" for name, v in fields)
    return f"{above}@{entry_type}{{{key},\n{''.join(lines)}}}"


def in_braces(value: str) -> str:
    """Return a value in braces if it is a string or a number."""
    inner = content(value)
    return value if inner is None else f"{{{inner}}}"


def content(value: str) -> str | None:
    """Return a value without its delimiters; ``None`` if it has macros."""
    if value.isdecimal():
        return value
    inner, delimiters = value[1:-1], value[:1] + value[1:][-1:]
    depths = brace_depths(inner)
    bare_quote = delimiters == '""' and ('"', 0) in zip(inner, depths, strict=False)
    closed = delimiters in {"{}", '""'} and min(depths) == depths[-1] == 0
    return inner if closed and not bare_quote else None
