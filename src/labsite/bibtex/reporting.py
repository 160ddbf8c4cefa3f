"""How a rule says what is wrong with an entry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labsite.bibtex.source import find_place
from labsite.model.problems import Problem, Rule

if TYPE_CHECKING:
    from collections.abc import Sequence

    from labsite.model.records import Publication

#: Problems of a rule that are told of in one entry; more would say nothing new.
MOST = 10
_LISTED = 3


def problem(
    publication: Publication,
    rule: Rule,
    message: str,
    field: str | None = None,
    words: str | None = None,
) -> Problem:
    """Return a problem that points at a field of the entry, or at the entry.

    :param words: what to point at within the value of *field*
    """
    line, column = find_place(publication.source, field, words)
    return Problem(
        rule=rule,
        message=message,
        file=publication.source.file,
        line=line,
        column=column,
        key=publication.key,
        severity=rule.severity,
    )


def listed(things: Sequence[str]) -> str:
    """Return things as a phrase: the first few, and how many more there are."""
    shown = ", ".join(things[:_LISTED])
    more = len(things) - _LISTED
    return f"{shown} and {more} more" if more > 0 else shown


def place_of(publication: Publication) -> str:
    """Return the key and the place of another entry, for a message."""
    source = publication.source
    return f"{publication.key} ({source.file}:{source.line})"
