"""Select, relate and group publications."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from itertools import islice
from typing import Any, NamedTuple, TypeAlias

from labsite.model.records import Kind, Person, Publication
from labsite.text.values import parse_tokens

_Trait: TypeAlias = tuple[str, object]
#: How far to look along a shared topic or author, so that an author of every paper does
#: not make the work grow with the square of their number.
_REACH = 24
#: Condition of a query -> the values of a publication.
_TRAITS: Mapping[str, Callable[[Publication], Iterable[object]]] = {
    "topic": lambda p: p.topics,
    "person": lambda p: (creator.name for creator in p.creators),
    "year": lambda p: (p.issued.year,),
    "kind": lambda p: (p.kind,),
    "selected": lambda p: (p.selected,),
    "award": lambda p: (p.award is not None,),
    "venue": lambda p: map(
        str.casefold, (p.venue.name, p.venue.label) if p.venue else ()
    ),
    "keys": lambda p: (p.key, *p.aliases),
}


class Grouping(StrEnum):
    """The headings into which a list is divided."""

    YEAR = "year"
    VENUE = "venue"
    KIND = "kind"
    NONE = "none"


class Query(NamedTuple):
    """The conditions for publications on a list; ``None`` is no condition."""

    topic: str | None = None  #: an exact token of ``keywords``
    person: str | None = None  #: an author's full name, or a slug of the team
    year: int | None = None
    venue: str | None = None  #: short or full name, in any case
    kind: Kind | None = None
    selected: bool | None = None
    award: bool | None = None
    keys: tuple[str, ...] | None = None  #: only these, by key or earlier key
    without: tuple[str, ...] = ()  #: none of these
    #: A field's name and value, alone or in a list; any value if it is empty.
    field: tuple[str, str] | None = None
    limit: int | None = None  #: the newest so many

    def traits(self) -> Iterator[list[_Trait]]:
        """Yield alternative traits; a selected publication has one of each."""
        for name in _TRAITS:
            value = getattr(self, name)
            if value is not None:
                values = value if name == "keys" else [value]
                yield [(name, v.casefold() if name == "venue" else v) for v in values]

    def admits(self, publication: Publication) -> bool:
        """Return whether a publication meets the conditions that are not traits."""
        if not {publication.key, *publication.aliases}.isdisjoint(self.without):
            return False
        if self.field is None:
            return True
        name, asked = self.field
        value = publication.field(name)
        if value is None or not asked:
            return value is not None
        return asked.casefold() in (value.casefold(), *parse_tokens(value.casefold()))


#: The names of all conditions.
CONDITIONS = Query._fields


def parse_query(text: str) -> Query:
    """Return the query ``name=value; name=value``; ``all`` has no condition.

    :raises ValueError: if *text* is not a query; the message says why
    """
    asked: dict[str, str] = {}
    if text.strip() != "all":
        for item in text.strip().removesuffix(";").split(";"):
            name, equals, value = map(str.strip, item.partition("="))
            if not equals:
                msg = f"'{name}' is not a condition; write topic=… or 'all'"
                raise ValueError(msg)
            if name in asked:
                msg = f"{name} is given twice; write it once"
                raise ValueError(msg)
            asked[name] = value
    return make_query(asked)


def make_query(asked: Mapping[str, str]) -> Query:
    """Return the query of conditions given as texts.

    :raises ValueError: for an unknown condition or a value of the wrong shape
    """
    unknown = sorted(asked.keys() - {*CONDITIONS})
    if unknown:
        msg = f"unknown condition '{unknown[0]}'; write one of {', '.join(CONDITIONS)}"
        raise ValueError(msg)
    return Query(**{name: _read(name, text) for name, text in asked.items()})


def _read(name: str, text: str) -> Any:  # noqa: ANN401 -- as the condition's type is
    """Parse the value of a condition."""
    match name:
        case "year" | "limit":
            if text.isdecimal():
                return int(text)
            msg = f"{name}: '{text}' is not a number; write digits alone"
        case "kind":
            if text in list(Kind):
                return Kind(text)
            msg = f"unknown kind '{text}'; write one of {', '.join(Kind)}"
        case "selected" | "award":
            if text.lower() in {"", "true", "yes", "false", "no"}:
                return text.lower() not in {"false", "no"}
            msg = f"{name}: '{text}' is neither 'yes' nor 'no'; write one of these"
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
    """Finds publications by their traits, without scanning all of them."""

    def __init__(
        self,
        publications: Sequence[Publication],
        members: Mapping[str, Sequence[Person]],
    ) -> None:
        """Index publications.

        :param members: the people of the lab who wrote each, by its key
        """
        self._publications = publications
        self._own = {p.key: position for position, p in enumerate(publications)}
        #: Trait -> the positions of the publications that have it, in order.
        self._positions: defaultdict[_Trait, list[int]] = defaultdict(list)
        self._selected: dict[Query, tuple[Publication, ...]] = {}
        for position, publication in enumerate(publications):
            people = members.get(publication.key, ())
            of_members = (("person", person.slug) for person in people)
            for trait in dict.fromkeys((*_traits(publication, _TRAITS), *of_members)):
                self._positions[trait].append(position)

    def select(self, query: Query) -> tuple[Publication, ...]:
        """Return the publications of a query in the order of the library."""
        found = self._selected.get(query)
        if found is None:
            among, traits = self._publications, list(query.traits())
            if traits:
                having = self._positions.get
                sets = [{i for t in each for i in having(t, ())} for each in traits]
                among = [among[i] for i in sorted(set.intersection(*sets))]
            found = tuple(islice(filter(query.admits, among), query.limit))
            self._selected[query] = found
        return found

    def find_related(
        self, publication: Publication, limit: int = 5
    ) -> tuple[Publication, ...]:
        """Return at most *limit* publications that share topics or authors.

        The closest come first. What two publications share counts the more, the fewer
        share it: an author of all says nothing.
        """
        every, own = self._publications, self._own[publication.key]
        closeness: defaultdict[int, float] = defaultdict(float)
        for trait in dict.fromkeys(_traits(publication, ("topic", "person"))):
            sharing = near = self._positions[trait]
            if len(sharing) > 2 * _REACH:  # "related" holds in both directions
                place = bisect_left(sharing, own)
                near = sharing[max(0, place - _REACH) : place + _REACH + 1]
            for position in near:
                closeness[position] += 1 / len(sharing)
        closeness.pop(own, None)
        # Only these are rounded, which takes longer than the rest.
        least = min(sorted(closeness.values())[-limit:], default=0) - 1e-8
        closest = ((v, i) for i, v in closeness.items() if v > least)
        ranked = sorted((-round(value, 9), i) for value, i in closest)
        return tuple(every[position] for _value, position in ranked[:limit])


def _traits(publication: Publication, names: Iterable[str]) -> Iterator[_Trait]:
    return ((name, value) for name in names for value in _TRAITS[name](publication))


def group_publications(
    publications: Iterable[Publication], grouping: Grouping
) -> list[tuple[str, tuple[Publication, ...]]]:
    """Group publications under headings, in their order within each.

    Years are in descending order; venues and kinds by their number of publications,
    then by name. Publications without a year or a venue come last, under "".
    """
    headings: dict[Grouping, Callable[[Publication], str]] = {
        Grouping.YEAR: lambda p: str(p.issued.year or ""),
        Grouping.VENUE: lambda p: p.venue.label if p.venue else "",
        Grouping.KIND: lambda p: p.kind.value,
        Grouping.NONE: lambda _: "",
    }
    groups: defaultdict[str, list[Publication]] = defaultdict(list)
    for publication in publications:
        groups[headings[grouping](publication)].append(publication)
    found = [(heading, tuple(members)) for heading, members in groups.items()]
    if grouping in {Grouping.VENUE, Grouping.KIND}:
        found.sort(key=lambda g: (not g[0], -len(g[1]), g[0].casefold()))
    return found
