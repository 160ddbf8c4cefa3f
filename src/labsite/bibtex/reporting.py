"""Locate a field, or words in it, in its source file, and say what is wrong there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from labsite.bibtex.fields import canonical_name
from labsite.model.problems import Problem, Rule

if TYPE_CHECKING:
    from collections.abc import Sequence

    from labsite.bibtex.parser import Entry
    from labsite.model.records import Publication
    from labsite.model.sources import EntrySource, FieldSource

#: Problems of a rule that are told of in one entry; more would say nothing new.
MOST = 10
_LISTED = 3


def problem(
    record: Publication | Entry,
    rule: Rule,
    message: str,
    field: FieldSource | str | None = None,
    words: str | None = None,
) -> Problem:
    """Return a problem that points at a field of the entry, or at the entry.

    :param words: what to point at within the value of *field*
    """
    line, column = find_place(record.source, field, words)
    return Problem(rule=rule, message=message, file=record.source.file, line=line,
                   column=column, key=record.key, severity=rule.severity)  # fmt: skip


def listed(things: Sequence[str]) -> str:
    """Return things as a phrase: the first few, and how many more there are."""
    shown = ", ".join(things[:_LISTED])
    more = len(things) - _LISTED
    return f"{shown} and {more} more" if more > 0 else shown


def place_of(publication: Publication) -> str:
    """Return the key and the place of another entry, for a message."""
    source = publication.source
    return f"{publication.key} ({source.file}:{source.line})"


def find_field(source: EntrySource, name: str) -> FieldSource | None:
    """Return the entry's own field of that name, or of a synonym of it."""
    for field in source.fields:  # as nearly all are asked for
        if field.name == name:
            return field
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
    position = field.value_at + _find_words(field.verbatim, words)
    line = field.line + source.text.count("\n", named, position)
    if line == field.line:
        return line, field.column + position - named
    return line, position - source.text.rfind("\n", named, position)


def _find_words(verbatim: str, words: str | None) -> int:
    """Return where *words* are, whatever white space is between them."""
    position = verbatim.find(words or "")
    if position >= 0:
        return position
    found = re.search(r"\s+".join(map(re.escape, (words or "").split())), verbatim)
    return found.start() if found else 0
