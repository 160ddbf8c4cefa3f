"""Where in a file something stands that an entry says."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from labsite.bibtex.fields import canonical_name

if TYPE_CHECKING:
    from labsite.model.records import EntrySource, FieldSource


def find_field(source: EntrySource, name: str) -> FieldSource | None:
    """Return the entry's own field of that name, or of a synonym of it."""
    wanted = canonical_name(name)
    named = (f for f in source.fields if canonical_name(f.name) == wanted)
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
    named = field.name_at
    position = field.value_at + max(_find_words(field.verbatim, words), 0)
    line = field.line + source.text.count("\n", named, position)
    if line == field.line:
        return line, field.column + position - named
    return line, position - source.text.rfind("\n", named, position)


def _find_words(verbatim: str, words: str | None) -> int:
    """Return where *words* are, whatever white space is between them."""
    if not words:
        return 0
    position = verbatim.find(words)
    if position >= 0:
        return position
    found = re.search(r"\s+".join(map(re.escape, words.split())), verbatim)
    return found.start() if found else -1
