"""The groups of publications that have a page: by year, by venue, with an award."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from labsite.model.digests import digest_text
from labsite.site.query import PublicationIndex, Query

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from labsite.model.records import Library, Topic


class GroupKind(StrEnum):
    """What the publications of a group have in common."""

    YEAR = "year"
    VENUE = "venue"
    AWARD = "award"
    TOPIC = "topic"


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Publications with something in common, and the page that lists them."""

    kind: GroupKind
    slug: str  #: what the page's address ends in
    title: str
    query: Query

    @property
    def path(self) -> str:
        """Where the page is, below the folder of generated pages."""
        return "awards" if self.kind is GroupKind.AWARD else f"{self.kind}/{self.slug}"


def find_groups(
    library: Library, index: PublicationIndex, topics: Iterable[Topic], split: int
) -> list[Group]:
    """Return every group of the library that gets a page of its own.

    :param split: a group with more publications than this is divided into a group
        for each year besides, so that no page grows without bound
    """
    groups = [*_years(index), *_venues(library)]
    if any(p.award for p in library.publications):
        award = GroupKind.AWARD
        groups.append(Group(kind=award, slug="", title="", query=Query(award=True)))
    by_topic = [topic_group(topic) for topic in topics]
    large = [
        group
        for group in (*groups, *by_topic)
        if group.kind in {GroupKind.VENUE, GroupKind.TOPIC}
        and len(index.select(group.query)) > split
    ]
    return [*groups, *(part for group in large for part in by_year(group, index))]


def topic_group(topic: Topic) -> Group:
    """Return the group of a topic, which has a page written by hand."""
    query = Query(topic=topic.slug)
    return Group(kind=GroupKind.TOPIC, slug=topic.slug, title=topic.title, query=query)


def by_year(group: Group, index: PublicationIndex) -> Iterator[Group]:
    """Yield the parts of a group, one for each year, newest first."""
    for year in _count_years(index, group.query):
        yield replace(
            group,
            slug=f"{group.slug}/{year}" if group.slug else str(year),
            title=f"{group.title}, {year}",
            query=replace(group.query, year=year),
        )


def _count_years(index: PublicationIndex, query: Query) -> list[int]:
    years = {p.issued.year for p in index.select(query) if p.issued}
    return sorted(years, reverse=True)


def _years(index: PublicationIndex) -> Iterator[Group]:
    for year in _count_years(index, Query()):
        query = Query(year=year)
        yield Group(kind=GroupKind.YEAR, slug=str(year), title=str(year), query=query)


def _venues(library: Library) -> Iterator[Group]:
    labels = Counter(p.venue.label for p in library.publications if p.venue)
    taken: set[str] = set()
    for label, _count in sorted(labels.items(), key=lambda i: (i[0].casefold(), i[0])):
        slug = re.sub(r"[^a-z0-9]+", "-", label.casefold()).strip("-")[:60]
        if not slug or slug in taken:
            slug = f"{slug}-{digest_text(label)[:8]}".lstrip("-")
        taken.add(slug)
        query = Query(venue=label)
        yield Group(kind=GroupKind.VENUE, slug=slug, title=label, query=query)
