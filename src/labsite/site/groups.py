"""Pages of publications: their names, and the groups that have one."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

from labsite.model.repository import is_plain_name, plain_name
from labsite.site.query import PublicationIndex, Query

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from labsite.model.records import Library, Topic

T = TypeVar("T")
#: Names in the folder of paper pages that belong to other pages.
RESERVED_SLUGS = {"index", "awards", "venues", "year", "venue", "topic", "person"}


class GroupKind(StrEnum):
    """What the publications of a group have in common."""

    YEAR = "year"
    VENUE = "venue"
    AWARD = "award"
    TOPIC = "topic"
    PERSON = "person"


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Publications with something in common, and the page that lists them."""

    kind: GroupKind
    slug: str  #: what the page's address ends in
    title: str = ""  #: that of the whole, if this is a part
    query: Query
    number: int = 0  #: of a part of a year, counted from the oldest

    @property
    def path(self) -> str:
        """Where the page is, below the folder of generated pages."""
        folder = "awards" if self.kind is GroupKind.AWARD else self.kind.value
        return f"{folder}/{self.slug}".rstrip("/")

    @property
    def is_part(self) -> bool:
        """Whether it is a part of another group."""
        of_year = self.kind is GroupKind.YEAR
        return bool(self.number) if of_year else self.query.year is not None


def find_groups(library: Library, index: PublicationIndex) -> Iterator[Group]:
    """Yield every group of the library that gets a page of its own."""
    for year in _years(index, Query()):
        if year:
            yield _year(year)
    yield from _venues(library)
    if any(p.award for p in library.publications):
        yield Group(kind=GroupKind.AWARD, slug="", query=Query(award=True))


def topic_group(topic: Topic) -> Group:
    """Return the group of a topic, which has a page written by hand."""
    query = Query(topic=topic.slug)
    return Group(kind=GroupKind.TOPIC, slug=topic.slug, title=topic.title, query=query)


def divide(group: Group | None, index: PublicationIndex, most: int) -> list[Group]:
    """Return the parts of a group with more than *most* publications, newest first.

    They are its years; those of a year are of so many publications each.

    :param group: None for all publications
    """
    query = group.query if group else Query()
    found = index.select(query)
    if len(found) <= most or (group and group.number):
        return []
    if group and query.year is not None:
        return [
            replace(
                group,
                slug=f"{group.slug}/{number}",
                query=replace(query, keys=tuple(p.key for p in members)),
                number=number,
            )
            for number, members in in_chunks(found, most)
        ]
    years = map(_year, _years(index, query))
    return [
        replace(
            group,
            slug=f"{group.slug}/{year.slug}".lstrip("/"),
            query=replace(query, year=year.query.year),
        )
        if group
        else year
        for year in years
    ]


def in_chunks(items: Sequence[T], most: int) -> list[tuple[int, Sequence[T]]]:
    """Divide what stands newest first into parts of *most*, newest first.

    Each comes with its number, which it keeps when newer items come.
    """
    ends = range(len(items), 0, -most)
    parts = [items[max(end - most, 0) : end] for end in ends]
    return list(enumerate(parts, 1))[::-1]


def _year(year: int) -> Group:
    slug = str(year or "undated")
    return Group(kind=GroupKind.YEAR, slug=slug, query=Query(year=year))


def _years(index: PublicationIndex, query: Query) -> list[int]:
    return sorted({p.issued.year for p in index.select(query)}, reverse=True)


def _venues(library: Library) -> Iterator[Group]:
    labels = Counter(p.venue.label for p in library.publications if p.venue)
    taken: set[str] = set()
    for label, _count in sorted(labels.items(), key=lambda i: (i[0].casefold(), i[0])):
        slug = re.sub(r"[^a-z0-9]+", "-", label.casefold()).strip("-")[:60]
        if not is_plain_name(slug) or slug in taken:
            slug = plain_name(label).lower()
        taken.add(slug)
        query = Query(venue=label)
        yield Group(kind=GroupKind.VENUE, slug=slug, title=label, query=query)


def paper_slugs(keys: Sequence[str]) -> dict[str, str]:
    """Return the file name of each key's page: the key itself wherever it can be."""
    taken = {key.casefold() for key in keys}
    slugs = {}
    for key in keys:
        slugs[key] = key
        if not is_plain_name(key) or key.casefold() in RESERVED_SLUGS:
            slug = plain_name(key)
            # Nobody's key is like this, unless somebody wants another's address.
            slugs[key] = plain_name(slug) if slug in taken else slug
    return slugs
