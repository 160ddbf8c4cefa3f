"""Groups of publications with a page, and the names of pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple, TypeVar

from labsite.model.records import Library
from labsite.model.repository import is_plain_name, plain_name
from labsite.site.query import PublicationIndex, Query
from labsite.site.settings import PUBLICATIONS
from labsite.text.spellings import slug_of

T = TypeVar("T")
#: Names of other pages in the folder of paper pages.
RESERVED_SLUGS = {"index", "awards", "venues", "year", "venue", "topic", "person"}


class Group(NamedTuple):
    """The publications that a query selects, and the page that lists them."""

    query: Query
    docname: str  #: the document that lists them
    folder: str  #: of the pages of its parts
    title: str = ""  #: of the whole, if this is a part; empty for all publications
    exports: str = ""  #: the path of its exports, without suffix
    number: int = 0  #: of a part of a year; 1 is the oldest


#: All publications, whose parts are the years.
EVERYTHING = Group(
    Query(), f"{PUBLICATIONS}/index", f"{PUBLICATIONS}/year", exports=PUBLICATIONS
)


def find_groups(library: Library, index: PublicationIndex) -> Iterator[Group]:
    """Yield every group with a generated page."""
    yield from (year for year in divide(EVERYTHING, index, 0) if year.query.year)
    yield from _venues(library)
    if any(p.award for p in library.publications):
        awards = f"{PUBLICATIONS}/awards"
        yield Group(Query(award=True), awards, awards)


def divide(group: Group, index: PublicationIndex, most: int) -> list[Group]:
    """Return the parts of a group with more than *most* publications, newest first.

    The parts are years; those of a year have *most* publications each.
    """
    query, found = group.query, index.select(group.query)
    if len(found) <= most or group.number:
        return []
    if query.year is None:
        years = sorted({p.issued.year for p in found}, reverse=True)
        parts = [(0, str(y or "undated"), query._replace(year=y)) for y in years]
    else:
        chunks = [(n, tuple(p.key for p in part)) for n, part in in_chunks(found, most)]
        parts = [(n, str(n), query._replace(keys=keys)) for n, keys in chunks]
    divided = []
    for number, name, part in parts:
        page = f"{group.folder}/{name}"
        named = group._replace(docname=page, folder=page, exports="")
        divided.append(named._replace(query=part, number=number))
    return divided


def in_chunks(items: Sequence[T], most: int) -> list[tuple[int, Sequence[T]]]:
    """Divide items, newest first, into numbered parts of *most*.

    A part keeps its number when newer items are added.
    """
    ends = range(len(items), 0, -most)
    parts = [items[max(end - most, 0) : end] for end in ends]
    return list(enumerate(parts, 1))[::-1]


def _venues(library: Library) -> Iterator[Group]:
    labels = {p.venue.label for p in library.publications if p.venue}
    taken: set[str] = set()
    for label in sorted(labels, key=lambda label: (label.casefold(), label)):
        slug = slug_of(label)[:60]
        if not is_plain_name(slug) or slug in taken:
            slug = plain_name(label).lower()
        taken.add(slug)
        page = f"{PUBLICATIONS}/venue/{slug}"
        yield Group(Query(venue=label), page, page, label)


def paper_slugs(keys: Sequence[str]) -> dict[str, str]:
    """Return the file name of each key's page: the key itself if it is a safe name."""
    taken = {key.casefold() for key in keys}
    slugs = {}
    for key in keys:
        slugs[key] = key
        if not is_plain_name(key) or key.casefold() in RESERVED_SLUGS:
            slug = plain_name(key)
            # No key looks like this, unless it imitates another's address.
            slugs[key] = plain_name(slug) if slug in taken else slug
    return slugs
