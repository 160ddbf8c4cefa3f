"""Choosing, ordering and grouping publications: pure functions over records."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, fields
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from labsite.model.records import Kind
from labsite.text.values import parse_tokens

if TYPE_CHECKING:
    from collections.abc import (
        Iterable,
        Iterator,
        Mapping,
        Sequence,
    )

    from labsite.model.records import Person, Publication

    _Trait = tuple[str, object]


class Grouping(StrEnum):
    """What a list can be divided by."""

    YEAR = "year"
    VENUE = "venue"
    KIND = "kind"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What a publication must be to be on a list; ``None`` asks nothing."""

    topic: str | None = None  #: an exact token of ``keywords``
    person: str | None = None  #: an author's full name; a slug for somebody of the team
    year: int | None = None
    venue: str | None = None  #: short or full name, in any case
    kind: Kind | None = None
    selected: bool | None = None
    award: bool | None = None
    keys: tuple[str, ...] | None = None  #: only these, by key or earlier key
    without: tuple[str, ...] = ()  #: none of these
    field: tuple[str, str] | None = None  #: a field's name, and what it has to say
    limit: int | None = None  #: at most so many, the newest

    def traits(self) -> Iterator[list[_Trait]]:
        """Yield alternatives: of each, a publication that is asked for has one."""
        for name in ("topic", "person", "year", "kind", "selected", "award"):
            value = getattr(self, name)
            if value is not None:
                yield [(name, value)]
        if self.venue is not None:
            yield [("venue", self.venue.casefold())]
        if self.keys is not None:
            yield [("key", key) for key in self.keys]

    def leaves(self, publication: Publication) -> bool:
        """Tell whether what no trait says keeps *publication* on the list."""
        named = {publication.key, *publication.aliases}
        said = self.field is None or _says(publication, *self.field)
        return said and named.isdisjoint(self.without)


def _says(publication: Publication, name: str, asked: str) -> bool:
    """Tell whether a field is what is asked for, or has it among its values."""
    value = publication.field(name)
    if value is None or not asked:
        return value is not None
    return asked.casefold() in (value.casefold(), *parse_tokens(value.casefold()))


def parse_query(text: str) -> Query:
    """Return the query that ``name=value; name=value`` says; ``all`` asks nothing.

    :raises ValueError: if *text* is no query; the message says why
    """
    asked: dict[str, str] = {}
    if text.strip() != "all":
        for item in text.strip().removesuffix(";").split(";"):
            name, equals, value = map(str.strip, item.partition("="))
            if not equals:
                msg = f"'{name}' is not a condition; write topic=… or 'all'"
                raise ValueError(msg)
            if name in asked:
                msg = f"{name} is asked for twice; a list has one of it"
                raise ValueError(msg)
            asked[name] = value
    return make_query(asked)


def make_query(asked: Mapping[str, str]) -> Query:
    """Return the query with each condition given as text.

    :raises ValueError: for an unknown condition or a value of the wrong shape
    """
    known = [field.name for field in fields(Query)]
    unknown = sorted(asked.keys() - set(known))
    if unknown:
        msg = f"unknown condition '{unknown[0]}'; there are {', '.join(known)}"
        raise ValueError(msg)
    return Query(**{name: _read(name, text) for name, text in asked.items()})


def _read(name: str, text: str) -> Any:  # noqa: ANN401 -- as the condition's type is
    """Return the value of a condition."""
    match name:
        case "year" | "limit":
            if text.isdecimal():
                return int(text)
            msg = f"{name} is a number, not '{text}'"
        case "kind":
            if text in list(Kind):
                return Kind(text)
            msg = f"unknown kind '{text}'; there are {', '.join(Kind)}"
        case "selected" | "award":
            if text.lower() in {"", "true", "yes", "false", "no"}:
                return text.lower() not in {"false", "no"}
            msg = f"{name} is true or false, not '{text}'"
        case "keys" | "without":
            return tuple(text.replace(",", " ").split())
        case "field":
            field, _equals, value = map(str.strip, text.partition("="))
            return (field.lower(), value) if field else None
        case _:
            if text:
                return text
            msg = f"{name} has no value; write {name}=…"
    raise ValueError(msg)


class PublicationIndex:
    """Answers queries without looking at every publication, each only once."""

    def __init__(
        self,
        publications: Sequence[Publication],
        members: Mapping[str, Sequence[Person]] = MappingProxyType({}),
    ) -> None:
        """Note what each publication is.

        :param members: its authors of the team, by its key
        """
        self._publications = publications
        self._positions: defaultdict[_Trait, set[int]] = defaultdict(set)
        self._found: dict[Query, tuple[Publication, ...]] = {}
        for position, publication in enumerate(publications):
            for trait in _traits(publication, members.get(publication.key, ())):
                self._positions[trait].add(position)

    def select(self, query: Query) -> tuple[Publication, ...]:
        """Return what *query* asks for, in the order of the library."""
        found = self._found.get(query)
        if found is None:
            positions = set(range(len(self._publications)))
            for alternatives in query.traits():
                having = (self._positions.get(trait, set()) for trait in alternatives)
                positions &= set().union(*having)
            among = (self._publications[position] for position in sorted(positions))
            found = tuple(filter(query.leaves, among))[: query.limit]
            self._found[query] = found
        return found


def _traits(publication: Publication, members: Iterable[Person]) -> Iterator[_Trait]:
    yield "year", publication.issued.year
    yield "kind", publication.kind
    yield "selected", publication.selected
    yield "award", publication.award is not None
    yield from (("key", key) for key in (publication.key, *publication.aliases))
    yield from (("topic", topic) for topic in publication.topics)
    yield from (("person", creator.name) for creator in publication.creators)
    yield from (("person", person.slug) for person in members)
    if publication.venue:
        yield "venue", publication.venue.name.casefold()
        yield "venue", publication.venue.label.casefold()


def group_publications(
    publications: Iterable[Publication], grouping: Grouping
) -> list[tuple[str, tuple[Publication, ...]]]:
    """Divide publications under headings, keeping their order within each.

    Years come newest first, venues and kinds by how many they have, then by name.
    A publication without a year or a venue comes last, under an empty heading.
    """
    groups: dict[str, list[Publication]] = {}
    for publication in publications:
        groups.setdefault(_heading(publication, grouping), []).append(publication)
    found = [(heading, tuple(members)) for heading, members in groups.items()]
    if grouping in {Grouping.VENUE, Grouping.KIND}:
        found.sort(
            key=lambda group: (not group[0], -len(group[1]), group[0].casefold())
        )
    return found


def _heading(publication: Publication, grouping: Grouping) -> str:
    year, venue = publication.issued.year, publication.venue
    headings = {
        Grouping.YEAR: str(year or ""),
        Grouping.VENUE: venue.label if venue else "",
        Grouping.KIND: publication.kind.value,
    }
    return headings.get(grouping, "")
