"""Return whether two entries are of one paper, or of two versions of one work."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from labsite.model.records import Kind
from labsite.text.spellings import letters
from labsite.text.values import without_version

if TYPE_CHECKING:
    from collections.abc import Iterator

    from labsite.model.records import Publication

_SUBTITLE = re.compile(r"\s*(?::|\s[-\u2013\u2014]\s)\s*")
_FEWEST_LETTERS = 16  #: in a title that is one paper's alone
#: Kinds of papers that are not published yet.
_UNPUBLISHED = {Kind.PREPRINT, Kind.OTHER}


def identities(publication: Publication) -> Iterator[tuple[str, str]]:
    """Yield the identifiers of a paper, the surest first: "doi", "arxiv", "title"."""
    if publication.doi:
        yield "doi", publication.doi.lower()
    if publication.arxiv:
        yield "arxiv", without_version(publication.arxiv)
    title = letters(str(publication.title))
    if not is_telling(title):
        title += f" {first_author(publication)} {publication.issued.year}"
    yield "title", title


def is_telling(letters_of_title: str) -> bool:
    """Return whether a title is long enough to be one paper's alone."""
    return len(letters_of_title) >= _FEWEST_LETTERS


def divide_title(title: str) -> tuple[str, str]:
    """Return the parts of a title before and after its colon or dash, or "" twice."""
    found = _SUBTITLE.search(title)
    return (title[: found.start()], title[found.end() :]) if found else ("", "")


def first_author(publication: Publication) -> str:
    """Return the letters of the first author's family name."""
    return letters(publication.creators[0].family) if publication.creators else ""


def families(publication: Publication) -> frozenset[str]:
    """Return the letters of the family names of all authors."""
    return frozenset(letters(creator.family) for creator in publication.creators)


def is_one_paper(publication: Publication, other: Publication, what: str) -> bool:
    """Return whether two publications with a common identity are one paper.

    A paper and the article that extends it may share a title, and so may the editorials
    of several people or issues.

    :param what: the identity of :func:`identities` that they share
    """
    if what != "title":
        return True
    both = (publication, other)
    people = [families(p) for p in both]
    if all(people) and not people[0] & people[1]:
        return False
    if publication.doi and other.doi:
        return False  # they differ
    kinds = {p.kind for p in both}
    if len(kinds) > 1:  # DBLP writes a preprint's identifier as its volume
        return not kinds.isdisjoint(_UNPUBLISHED)
    issues = [(p.field("volume"), p.field("number")) for p in both]
    return not any(a and b and a != b for a, b in zip(*issues, strict=True))


def is_published_later(record: Publication, known: Publication) -> bool:
    """Return whether *record* is the published version of the preprint *known*."""
    return known.kind in _UNPUBLISHED and record.kind not in _UNPUBLISHED
