"""Duplicates: one paper, one entry; one key, one paper."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from labsite.bibtex.reporting import MOST, place_of, problem
from labsite.model.problems import Rule, quote
from labsite.model.records import Kind
from labsite.text.spellings import letters

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from labsite.model.problems import Problem
    from labsite.model.records import Publication

_SUBTITLE = re.compile(r"\s*(?::|\s[-\u2013\u2014]\s)\s*")
_FEWEST_LETTERS = 16  #: in a shorter title two papers may well be the same
_REMEDY = "keep one entry, and give it ids = {…} with the other key"


def check_aliases(publications: Iterable[Publication]) -> Iterator[Problem]:
    """Ask that an earlier key is one publication's alone, and no other's key."""
    publications = tuple(publications)
    owners = {publication.key.lower(): publication for publication in publications}
    for publication in publications:
        yield from islice(_check_aliases(publication, owners), MOST)


def _check_aliases(
    publication: Publication, owners: dict[str, Publication]
) -> Iterator[Problem]:
    for alias in publication.aliases:
        owner = owners.setdefault(alias.lower(), publication)
        if owner is not publication:
            message = f"{quote(alias)} belongs to {owner.key}; remove it here"
            yield problem(publication, Rule.DUPLICATE_KEY, message, "ids", alias)


def check_duplicates(publications: Sequence[Publication]) -> Iterator[Problem]:
    """Ask that no paper stands in two entries.

    Two entries are of one paper if they have a DOI or an arXiv identifier in common,
    or a title: capitals, braces and punctuation aside, with a subtitle or without. The
    later one in its file is to blame. The time is proportional to the number of
    entries.
    """
    first: dict[str, Publication] = {}
    in_order = sorted(publications, key=lambda p: (p.source.file, p.source.line))
    mains = {letters(str(p.title)): p for p in reversed(in_order)}
    for publication in in_order:
        for what, value in _identities(publication):
            other = first.setdefault(f"{what} {value}", publication)
            if other is not publication and _may_be_one(publication, other, what):
                yield _duplicate(publication, other, what)
                break
        else:
            yield from _check_subtitle(publication, mains)


def _check_subtitle(
    publication: Publication, titles: dict[str, Publication]
) -> Iterator[Problem]:
    """Look for the entry that has only the first part of a title."""
    main, colon, _ = _divide(str(publication.title))
    other = titles.get(letters(main)) if colon else None
    if (
        other is not None
        and other is not publication
        and len(letters(main)) >= _FEWEST_LETTERS
        and _first_author(other) == _first_author(publication)
        and _may_be_one(publication, other, "title")
    ):
        later, earlier = publication, other
        if publication.source.line < other.source.line:
            later, earlier = other, publication
        yield _duplicate(later, earlier, "title")


def _divide(title: str) -> tuple[str, str, str]:
    found = _SUBTITLE.search(title)
    if not found:
        return title, "", ""
    return title[: found.start()], found[0], title[found.end() :]


def _identities(publication: Publication) -> Iterator[tuple[str, str]]:
    """Yield what no two papers share, the surest first."""
    if publication.doi:
        yield "doi", publication.doi.lower()
    if publication.arxiv:
        yield "arxiv", re.sub(r"v\d+$", "", publication.arxiv)
    title = letters(str(publication.title))
    if len(title) < _FEWEST_LETTERS:
        title += f" {_first_author(publication)} {publication.issued.year}"
    yield "title", title


def _first_author(publication: Publication) -> str:
    return letters(publication.creators[0].family) if publication.creators else ""


def _may_be_one(publication: Publication, other: Publication, what: str) -> bool:
    """Tell apart what shares a title: a paper and the article it grew into."""
    if what != "title":
        return True
    if publication.doi and other.doi:
        return False  # they differ, or the DOI had told
    kinds = {publication.kind, other.kind}
    return len(kinds) == 1 or not kinds.isdisjoint({Kind.PREPRINT, Kind.OTHER})


def _duplicate(later: Publication, earlier: Publication, what: str) -> Problem:
    named = {"doi": "DOI", "arxiv": "arXiv identifier", "title": "title"}[what]
    message = f"{place_of(earlier)} has the same {named}; {_REMEDY}"
    preprint = next((p for p in (later, earlier) if p.kind is Kind.PREPRINT), None)
    if preprint and later.kind is not earlier.kind:
        message = f"{place_of(earlier)} has the same {named}; keep the entry that is "
        message += "published, and give it the preprint's eprint and archiveprefix"
    field = {"doi": "doi", "arxiv": "eprint"}.get(what, "title")
    return problem(later, Rule.DUPLICATE_PAPER, message, field)
