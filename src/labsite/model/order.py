"""The order of publications in all lists and files."""

from __future__ import annotations

from collections.abc import Iterable

from labsite.model.records import Publication


def sort_publications(publications: Iterable[Publication]) -> tuple[Publication, ...]:
    """Sort publications: newest first, then by venue, title and key.

    The order of the file has no influence; a year alone comes after its months.
    """

    def place(p: Publication) -> tuple[int | str, ...]:
        date = (-p.issued.year, -p.issued.month, -p.issued.day)
        venue = p.venue.label.casefold() if p.venue else ""
        return *date, venue, str(p.title).casefold(), p.key

    return tuple(sorted(publications, key=place))
