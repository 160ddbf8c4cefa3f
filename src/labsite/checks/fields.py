"""Entries: a type that exists, fields that are spelt right and all that are needed."""

from __future__ import annotations

from dataclasses import replace
from difflib import get_close_matches
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING

from labsite.bibtex.entry_types import ENTRY_TYPES, NEEDED
from labsite.bibtex.fields import FIELDS, FOREIGN, Datatype, known_field
from labsite.bibtex.reporting import MOST, find_field, problem
from labsite.model.problems import Rule, quote
from labsite.text.spellings import with_letters_swapped

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from labsite.model.problems import Problem
    from labsite.model.records import Publication

#: What a slip may have meant.
_NAMES = frozenset(name for f in FIELDS.values() for name in (f.name, *f.aliases))
#: Where a publication of the type appears.
_VENUES = {"booktitle", "institution", "journal", "school"}
_LONGEST = 40  #: letters of a name that could be a slip
_CLOSE = 0.85  #: of 1: "booktitel" for "booktitle" is 0.89
#: Datatypes of fields that tell about something, when they are private.
_PRIVATE = {Datatype.LITERAL, Datatype.VERBATIM}
_FLAGS = {"", "true", "false", "yes", "no", "0", "1"}


def check_entry(publication: Publication) -> Iterator[Problem]:
    """Ask for a known type, for known fields, and for all that the type needs."""
    entry_type = publication.entry_type
    if entry_type not in ENTRY_TYPES:
        near = _near(entry_type, ENTRY_TYPES)
        if near:
            message = f"there is no type '@{entry_type}'; did you mean '@{near}'?"
            yield problem(publication, Rule.MISSPELT_TYPE, message)
    meant = find_misspelt(publication)
    yield from _report_names(publication, meant)
    for alternatives in NEEDED.get(entry_type, ()):
        reported = alternatives[0] in {"author", "year"}  # by the reader
        if not reported and not _has(publication, alternatives, set(meant.values())):
            yield _missing(publication, alternatives[0])


def check_flags(publication: Publication) -> Iterator[Problem]:
    """Ask that a field that is true or false is one of them."""
    text = publication.field("selected")
    if text and text.strip().lower() not in _FLAGS:
        message = f"selected: {quote(text)} is neither true nor false; write true"
        yield problem(publication, Rule.BAD_VALUE, message, "selected", text)


def find_misspelt(publication: Publication) -> dict[str, str]:
    """Return the names of fields that are slips, each with the name that is meant."""
    meant: dict[str, str] = {}
    for field in publication.source.fields:
        name = field.name
        # Tools number what they have more than one of: "author2", "isbn13".
        known = known_field(name) or name in FOREIGN or name[-1].isdigit()
        near = None if known or name.startswith("bdsk") else _near(name, _NAMES)
        if near:
            meant[name] = near
    return meant


def check_unused(publications: Iterable[Publication]) -> Iterator[Problem]:
    """Name each field once that nothing reads and nobody sees."""
    first: dict[str, Publication] = {}
    for publication in publications:
        meant = find_misspelt(publication)
        for field in publication.source.fields:
            known = known_field(field.name)
            private = known and known.datatype in _PRIVATE and not known.published
            if field.name not in meant and (known is None or private):
                first.setdefault(field.name, publication)
    for name, publication in first.items():
        if instead := FOREIGN.get(name):
            message = f"{name}: this field is not used; write '{instead}'"
            yield problem(publication, Rule.UNUSED_FIELD, message, name)
    rest = [name for name in first if not FOREIGN.get(name)]
    if rest:
        message = (
            f"no visitor sees these fields: {', '.join(rest[:MOST])}"
            f"{' and others' if len(rest) > MOST else ''}; write 'note', or "
            "'url_name' for an address, to publish what one says"
        )
        yield problem(first[rest[0]], Rule.UNUSED_FIELD, message, rest[0])


def _report_names(publication: Publication, meant: dict[str, str]) -> Iterator[Problem]:
    for name, near in islice(meant.items(), MOST):
        field = find_field(publication.source, name)
        message = f"there is no field '{name}'; did you mean '{near}'?"
        found = problem(publication, Rule.MISSPELT_FIELD, message)
        # The name is wrong, not the value.
        if field:
            yield replace(found, line=field.line, column=field.column)


def _has(publication: Publication, names: tuple[str, ...], misspelt: set[str]) -> bool:
    if publication.field(*names) is not None or not misspelt.isdisjoint(names):
        return True
    # A macro that nobody defines is no value, and has been complained of.
    written = filter(None, (find_field(publication.source, name) for name in names))
    return any(field.verbatim[0] not in '{"' for field in written)


def _missing(publication: Publication, name: str) -> Problem:
    entry_type = publication.entry_type
    example = f"write {name} = {{…}}"
    if name in _VENUES and publication.venue is None:
        message = f"no {name}: where did it appear? {example}"
        return problem(publication, Rule.MISSING_VENUE, message)
    if publication.arxiv and name in _VENUES:
        example = "write @misc for a preprint"
    message = f"no {name}, which BibTeX asks of @{entry_type}; {example}"
    return problem(publication, Rule.INCOMPLETE_ENTRY, message)


@lru_cache(maxsize=1024)  # the same few names stand in every entry of a file
def _near(name: str, known: frozenset[str]) -> str | None:
    if len(name) > _LONGEST:
        return None
    swapped = sorted(with_letters_swapped(name) & known)  # "titel" is only 0.8 near
    if swapped:
        return swapped[0]
    return next(iter(get_close_matches(name, known, n=1, cutoff=_CLOSE)), None)
