"""The order of publications in all lists and files."""

from __future__ import annotations

from collections.abc import Iterable

from labsite.model.records import Publication


def sort_publications(publications: Iterable[Publication]) -> tuple[Publication, ...]:
    """Sort publications: newest first, then by venue, title and key.

    The order of the file has no influence; a year alone comes after its months.
    """

    def name(publication: Publication) -> tuple[str, str, str]:
        venue = publication.venue.label if publication.venue else ""
        return venue.casefold(), str(publication.title).casefold(), publication.key

    by_name = sorted(publications, key=name)
    return tuple(sorted(by_name, key=lambda p: p.issued, reverse=True))
