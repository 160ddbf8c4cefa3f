"""Which other papers a reader of one paper may want."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from labsite.model.records import Publication

#: How far to look along a shared topic or author. It bounds the work, so that an author
#: of every paper does not make it grow with the square of their number.
_REACH = 24


class RelatedIndex:
    """Finds related papers by shared topics and authors.

    What two papers share counts the more, the fewer papers share it: an author of all
    papers says nothing, two authors of two papers say much.
    """

    def __init__(self, publications: Sequence[Publication]) -> None:
        self._publications = publications
        self._position = {p.key: i for i, p in enumerate(publications)}
        self._sharing: defaultdict[str, list[int]] = defaultdict(list)
        for position, publication in enumerate(publications):
            for trait in _traits(publication):
                self._sharing[trait].append(position)
        #: A page's are asked for when it is made, and to tell whether it has to be.
        self._found: dict[tuple[str, int], tuple[Publication, ...]] = {}

    def find(self, publication: Publication, limit: int = 5) -> tuple[Publication, ...]:
        """Return at most *limit* papers, the closest first, ties in list order."""
        asked = publication.key, limit
        if asked not in self._found:
            self._found[asked] = tuple(self._rank(publication))[:limit]
        return self._found[asked]

    def _rank(self, publication: Publication) -> Iterator[Publication]:
        own = self._position[publication.key]
        closeness: defaultdict[int, float] = defaultdict(float)
        for trait in _traits(publication):
            sharing = self._sharing[trait]
            for position in _around(sharing, own):
                closeness[position] += 1 / len(sharing)
        closeness.pop(own, None)
        ranked = sorted((-round(value, 9), i) for i, value in closeness.items())
        return (self._publications[i] for _value, i in ranked)


def _traits(publication: Publication) -> Iterator[str]:
    yield from dict.fromkeys(f"topic {topic}" for topic in publication.topics)
    yield from dict.fromkeys(f"person {c.name}" for c in publication.creators)


def _around(sharing: list[int], own: int) -> list[int]:
    if len(sharing) <= 2 * _REACH:
        return sharing
    # The list is in order, so the neighbours are the papers nearest in time. Reaching
    # equally far both ways makes "related" hold in both directions.
    place = bisect_left(sharing, own)
    return sharing[max(0, place - _REACH) : place + _REACH + 1]
