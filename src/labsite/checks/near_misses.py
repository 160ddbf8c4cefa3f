"""Near misses: authors whose names look like those of the lab's people."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from labsite.bibtex.reporting import listed, problem
from labsite.checks.names import has_mark
from labsite.model.files import LOOKALIKES, name_disguised
from labsite.model.problems import Problem, Rule, quote
from labsite.text.names import parse_creator

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from labsite.model.records import Creator, Person, Publication
    from labsite.site.authorship import Identities

_NAMED = 3  #: people whom a message names


class _NearMiss(NamedTuple):
    """An author's name that looks like those of some people."""

    publication: Publication
    field: str
    position: int  #: 1-based, in the list of authors
    creator: Creator
    written: str
    people: Sequence[Person]


def check_near_misses(
    publications: Iterable[Publication], identities: Identities
) -> Iterator[Problem]:
    """Yield a problem for each spelling of an author's name that looks like a member's.

    Whoever is an author of the same publication under their own name is not meant,
    and neither is a person who says so under ``distinct_from``. A name with a mark
    in it has a rule of its own. The time is proportional to the number of names.
    """
    found: dict[tuple[str, str], list[_NearMiss]] = {}
    for publication in publications:
        authors = {person.slug for person in identities.resolve_all(publication)}
        strangers = {
            creator.name: (position, creator)
            for position, creator in enumerate(publication.creators, start=1)
            if identities.resolve(creator) is None and not has_mark(creator)
        }
        for name, (position, creator) in strangers.items():
            meant = [p for p in identities.near_to(name) if p.slug not in authors]
            if meant and not creator.identifier:
                field = _field_of_creators(publication)
                # In the order in which the entry has it, as far as that is seen.
                written = f"{creator.family}, {creator.given}"
                if written not in (publication.field(field) or ""):
                    written = name
                miss = _NearMiss(publication, field, position, creator, written, meant)
                found.setdefault((written, str(meant)), []).append(miss)
    for misses in found.values():
        yield _problem(misses, identities)


def _problem(misses: Sequence[_NearMiss], identities: Identities) -> Problem:
    """Return the problem of a spelling, at the first of its places."""
    publication, field, position, creator, written, people = misses[0]
    meant = " or ".join(f"'{p.name}' ({p.source.file})" for p in people[:_NAMED])
    remedy = (
        "write the full name, or list this spelling on the page: under 'aliases' if it "
        "is the same person, else under 'distinct_from'"
    )
    name, rule = creator.name, Rule.NEAR_MISS_NAME
    turned = _in_order(creator, people[0]) if len(people) == 1 else None
    odd = next((letter for letter in written if ord(letter) in LOOKALIKES), None)
    if odd:
        remedy = f"it has the letter {name_disguised(odd)}; retype it"
    elif turned:
        name, remedy = written, f"write '{turned}', the family name first"
    elif all(name == person.name for person in people):
        remedy = f'say which: {field}+an:id = {{{position}="{people[0].slug}"}}'
    elif identities.differ_in_initials(name, people):
        rule = Rule.MIDDLE_INITIAL
    keys = [miss.publication.key for miss in misses[1:]]
    also = f" (also in {listed(keys)})" if keys else ""
    message = f"'{name}'{also} may mean {meant}; {remedy}"
    return problem(publication, rule, message, field, written)


def check_identifiers_of_people(
    publications: Iterable[Publication], identities: Identities
) -> Iterator[Problem]:
    """Yield a problem for each author who is tied to a page that is not there."""
    for publication in publications:
        for position, creator in enumerate(publication.creators, start=1):
            if not identities.knows(creator):
                field = f"{_field_of_creators(publication)}+an:id"
                given = quote(creator.identifier or "")
                message = f"{field}: name {position} is {given}, which is not a page of"
                message += " the team; use its file's name"
                yield problem(publication, Rule.BAD_ANNOTATION, message, field)


def _field_of_creators(publication: Publication) -> str:
    names = {field.name for field in publication.source.fields}
    return "author" if "author" in names else "editor"


def _in_order(creator: Creator, person: Person) -> str | None:
    """Return the spelling of *person* that has the words of a name in another order.

    It comes as ``Family, Given``; ``None`` if there is none.
    """
    words = creator.name.casefold().split()
    for name in (person.name, *person.aliases):
        right = parse_creator(name, lambda _: None)
        known = right.name.casefold().split() if right else []
        if right and right.given and sorted(words) == sorted(known) and words != known:
            return f"{right.family}, {right.given}"
    return None
