"""Where in a file something stands that an entry says."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from labsite.values import FIELD_SYNONYMS

if TYPE_CHECKING:
    from labsite.records import EntrySource, FieldSource


def find_field(source: EntrySource, name: str) -> FieldSource | None:
    """Return the entry's own field of that name, or of a synonym of it."""
    wanted = FIELD_SYNONYMS.get(name, name)
    named = (f for f in source.fields if FIELD_SYNONYMS.get(f.name, f.name) == wanted)
    return next(named, None)


def find_place(
    source: EntrySource, field: FieldSource | str | None, words: str | None = None
) -> tuple[int, int]:
    """Return the line and the column, both 1-based, that a problem points at.

    That is where *words* stand in the value of a field; the value, if they are not
    found there; and the entry, if it has no such field itself.

    :param field: one of the entry's own, or the name of one
    """
    if isinstance(field, str):
        field = find_field(source, field)
    if field is None:
        return source.line, 1
    named, start = _offsets(source, field)
    if start < 0:
        return field.line, field.column
    position = start + max(_find_words(field.verbatim, words), 0)
    line = field.line + source.text.count("\n", named, position)
    line_start = source.text.rfind("\n", 0, position) + 1
    if line == field.line:
        return line, field.column + position - named
    return line, position - line_start + 1


def _offsets(source: EntrySource, field: FieldSource) -> tuple[int, int]:
    """Return where in the entry's text a field's name and its value begin."""
    text = source.text
    before = 0
    for _ in range(field.line - source.line):
        before = text.find("\n", before) + 1
    # Where the entry itself stands in its first line is not known; after that it is.
    named = before + field.column - 1 if before else 0
    value = text.find(field.verbatim, named + len(field.name))
    if not before:
        named = text.lower().rfind(field.name, 0, max(value, 0))
    return max(named, 0), value


def _find_words(verbatim: str, words: str | None) -> int:
    """Return where *words* are, whatever white space is between them."""
    if not words:
        return 0
    position = verbatim.find(words)
    if position >= 0:
        return position
    found = re.search(r"\s+".join(map(re.escape, words.split())), verbatim)
    return found.start() if found else -1
