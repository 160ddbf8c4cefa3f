"""House rules: what may still be wrong with an entry that could be read."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from labsite.problems import Problem, Rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from labsite.records import Library, Publication, Topic


def check_library(library: Library, topics: Sequence[Topic]) -> Iterator[Problem]:
    """Apply every rule to every publication."""
    known = [topic.slug for topic in topics]
    for publication in library.publications:
        yield from check_topics(publication, known)
    yield from check_aliases(library.publications)


def check_topics(publication: Publication, known: Sequence[str]) -> Iterator[Problem]:
    """Ask for a topic in every entry, and for a page of every topic."""
    if not known:
        return
    if not publication.topics:
        message = f"no topic; add keywords = {{…}} with one of {', '.join(known)}"
        yield problem(publication, Rule.MISSING_TOPIC, message)
    for topic in publication.topics:
        if topic not in known:
            near = get_close_matches(topic.lower(), known, n=1)
            remedy = f"did you mean '{near[0]}'?" if near else f"use {', '.join(known)}"
            message = f"unknown topic '{topic}'; {remedy}"
            yield problem(publication, Rule.UNKNOWN_TOPIC, message, "keywords")


def check_aliases(publications: Iterable[Publication]) -> Iterator[Problem]:
    """Ask that an earlier key is one publication's alone, and no other's key."""
    publications = tuple(publications)
    owners = {publication.key.lower(): publication for publication in publications}
    for publication in publications:
        for alias in publication.aliases:
            owner = owners.setdefault(alias.lower(), publication)
            if owner is not publication:
                message = f"'{alias}' belongs to {owner.key}; remove it here"
                yield problem(publication, Rule.DUPLICATE_KEY, message, "ids")


def problem(
    publication: Publication, rule: Rule, message: str, field: str | None = None
) -> Problem:
    """Return a problem that points at *field* of the entry, or at the entry."""
    source = publication.source
    where = next((f for f in source.fields if f.name == field), None)
    return Problem(
        rule=rule,
        message=message,
        file=source.file,
        line=where.line if where else source.line,
        column=where.column if where else 1,
        key=publication.key,
    )
