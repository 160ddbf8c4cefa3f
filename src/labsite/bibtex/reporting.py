"""Locate a field, or words in it, in its source file, and make its problems."""

from __future__ import annotations

import re
from collections.abc import Sequence

from labsite.bibtex.fields import canonical_name
from labsite.bibtex.parser import Entry
from labsite.model.problems import Problem, Rule
from labsite.model.records import Publication
from labsite.model.sources import EntrySource, FieldSource

#: Limit of problems of one rule in one entry.
MOST = 10
_LISTED = 3


def problem(
    record: Publication | Entry,
    rule: Rule,
    message: str,
    field: FieldSource | str | None = None,
    words: str | None = None,
) -> Problem:
    """Return a problem of an entry, at *words* in its *field* if they are given."""
    place = record.source.file, *find_place(record.source, field, words)
    return Problem(rule, message, *place, record.key, rule.severity)


def listed(things: Sequence[str]) -> str:
    """Return the first few of several things, and the number of the others."""
    shown = ", ".join(things[:_LISTED])
    more = len(things) - _LISTED
    return f"{shown} and {more} more" if more > 0 else shown


def place_of(publication: Publication) -> str:
    """Return the key and the place of an entry, for a message."""
    source = publication.source
    return f"{publication.key} ({source.file}:{source.line})"


def find_field(source: EntrySource, name: str) -> FieldSource | None:
    """Return the entry's own field with a name, or with an alias of it."""
    for field in source.fields:  # nearly always found
        if field.name == name:
            return field
    wanted = canonical_name(name)
    named = (f for f in source.fields if canonical_name(f.name) == wanted)
    return next(named, None)


def find_place(
    source: EntrySource, field: FieldSource | str | None, words: str | None = None
) -> tuple[int, int]:
    """Return the line and the column, both 1-based, of *words* in a field's value.

    Without them it is the place of the value; without the field, that of the entry.
    """
    if isinstance(field, str):
        field = find_field(source, field)
    if field is None:
        return source.line, 1
    offset = field.verbatim.find(words or "")
    if offset < 0:  # The words can have other white space between them.
        wanted = r"\s+".join(map(re.escape, (words or "").split()))
        found = re.search(wanted, field.verbatim)
        offset = found.start() if found else 0
    return source.place(field.value_at + offset)
