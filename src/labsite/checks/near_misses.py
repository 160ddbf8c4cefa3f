"""Near misses: authors whose names look like those of the lab's people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labsite.bibtex.reporting import problem
from labsite.checks.names import has_mark
from labsite.model.problems import Problem, Rule
from labsite.text.names import parse_creator

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from labsite.model.records import Creator, Person, Publication
    from labsite.site.authorship import Identities

_NAMED = 3  #: people whom a message names


def check_near_misses(
    publications: Iterable[Publication], identities: Identities
) -> Iterator[Problem]:
    """Yield a problem for each author's name that looks like a member's.

    Whoever is an author of the same publication under their own name is not meant,
    and neither is a person who says so under ``distinct_from``. A name with a mark
    in it has a rule of its own. The time is proportional to the number of names.
    """
    for publication in publications:
        authors = {person.slug for person in identities.resolve_all(publication)}
        strangers = {
            creator.name: creator
            for creator in publication.creators
            if identities.resolve(creator) is None and not has_mark(creator)
        }
        for name, creator in strangers.items():
            meant = [p for p in identities.near_to(name) if p.slug not in authors]
            if meant:
                yield _near_miss(publication, creator, meant)


def _near_miss(
    publication: Publication, creator: Creator, people: Sequence[Person]
) -> Problem:
    names = {field.name for field in publication.source.fields}
    field = "author" if "author" in names else "editor"
    meant = " or ".join(f"'{p.name}' ({p.source.file})" for p in people[:_NAMED])
    remedy = (
        "write the full name, or list this spelling on the page: under 'aliases' if it "
        "is the same person, else under 'distinct_from'"
    )
    name, written = creator.name, _as_written(publication, field, creator)
    turned = _in_order(creator, people[0]) if len(people) == 1 else None
    if turned:
        name, remedy = written, f"write '{turned}', the family name first"
    message = f"'{name}' may mean {meant}; {remedy}"
    return problem(publication, Rule.NEAR_MISS_NAME, message, field, written)


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


def _as_written(publication: Publication, field: str, creator: Creator) -> str:
    """Return a name in the order in which the entry has it, as far as that is seen."""
    family_first = f"{creator.family}, {creator.given}"
    value = publication.field(field) or ""
    return family_first if family_first in value else creator.name
