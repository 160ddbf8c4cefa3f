"""The order of publications, the same in every list and file."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from labsite.model.records import Publication


def sort_publications(publications: Iterable[Publication]) -> tuple[Publication, ...]:
    """Order publications: newest first, then by venue, title and key.

    The order is total and depends on the records alone, so the order of the file
    never shows. A date of unknown month stands after the known months of its year.
    """
    by_name = sorted(publications, key=_name_key)
    return tuple(sorted(by_name, key=lambda p: p.issued, reverse=True))


def _name_key(publication: Publication) -> tuple[str, str, str]:
    venue = publication.venue.label if publication.venue else ""
    return venue.casefold(), str(publication.title).casefold(), publication.key
