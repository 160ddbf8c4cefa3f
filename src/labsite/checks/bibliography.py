"""The bibliography as a whole: one entry for each paper, and the newest first."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from labsite.bibtex.reporting import MOST, place_of, problem
from labsite.model.problems import Rule, Severity, quote
from labsite.model.records import Kind
from labsite.site.identity import (
    divide_title,
    first_author,
    identities,
    is_one_paper,
    is_telling,
)
from labsite.text.spellings import letters

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from labsite.model.problems import Problem
    from labsite.model.records import Publication

_REMEDY = "keep one entry, and give it ids = {…} with the other key"


def check_aliases(publications: Sequence[Publication]) -> Iterator[Problem]:
    """Ask that an earlier key is one publication's alone, and no other's key."""
    owners = {publication.key.lower(): publication for publication in publications}
    for publication in publications:
        named = [
            (a, owners.setdefault(a.lower(), publication)) for a in publication.aliases
        ]
        others = [(alias, owner) for alias, owner in named if owner is not publication]
        for alias, owner in others[:MOST]:
            message = f"{quote(alias)} belongs to {owner.key}; remove it here"
            yield problem(publication, Rule.DUPLICATE_KEY, message, "ids", alias)


def check_duplicates(publications: Sequence[Publication]) -> Iterator[Problem]:
    """Ask that no paper stands in two entries.

    Two entries are of one paper if they have a DOI or an arXiv identifier in common,
    or a title: capitals, braces and punctuation aside, with a subtitle or without. The
    later one in its file is to blame. The time is proportional to the number of
    entries.
    """
    works = {v.key: p.key for p in publications for v in (p, *p.versions)}
    first: dict[str, Publication] = {}
    versions = [v for p in publications for v in (p, *p.versions)]
    in_order = sorted(versions, key=lambda p: (p.source.file, p.source.line))
    mains = {letters(str(p.title)): p for p in reversed(in_order)}
    for publication in in_order:
        for what, value in identities(publication):
            other = first.setdefault(f"{what} {value}", publication)
            tied = works[publication.key] == works[other.key]
            if not tied and is_one_paper(publication, other, what):
                yield _duplicate(publication, other, what)
                break
        else:
            yield from _check_subtitle(publication, mains, works)


def _check_subtitle(
    publication: Publication,
    titles: Mapping[str, Publication],
    works: Mapping[str, str],
) -> Iterator[Problem]:
    """Look for the entry that has only the first part of a title."""
    main = letters(divide_title(str(publication.title))[0])
    other = titles.get(main) if is_telling(main) else None
    if (
        other is not None
        and works[other.key] != works[publication.key]
        and first_author(other) == first_author(publication)
        and is_one_paper(publication, other, "title")
    ):
        later, earlier = publication, other
        if publication.source.line < other.source.line:
            later, earlier = other, publication
        yield _duplicate(later, earlier, "title")


def _duplicate(later: Publication, earlier: Publication, what: str) -> Problem:
    named = {"doi": "DOI", "arxiv": "arXiv identifier", "title": "title"}[what]
    message = f"{place_of(earlier)} has the same {named}; {_REMEDY}"
    preprint = next((p for p in (later, earlier) if p.kind is Kind.PREPRINT), None)
    if preprint and later.kind is not earlier.kind:
        message = f"{place_of(earlier)} has the same {named}; keep the entry that is "
        message += (
            "published, and give it the preprint's eprint and archiveprefix, or its "
            f"key in related = {{{preprint.key}}}"
        )
    field = {"doi": "doi", "arxiv": "eprint"}.get(what, "title")
    return problem(later, Rule.DUPLICATE_PAPER, message, field)


def check_order(
    publications: Sequence[Publication], problems: Iterable[Problem] = ()
) -> Iterator[Problem]:
    """Ask for the order of :func:`labsite.model.order.sort_publications` in each file.

    As few entries as possible are asked to move, and none that has an error in it: once
    its year or its venue is corrected it may well be where it belongs.

    :param publications: in that order
    :param problems: what other rules say of the entries
    """
    doubtful = {p.key for p in problems if p.rule.severity is Severity.ERROR}
    files: dict[str, list[Publication]] = {}
    for publication in publications:
        if publication.key not in doubtful:
            files.setdefault(publication.source.file, []).append(publication)
    for ordered in files.values():
        yield from _check_file(ordered)


def _check_file(ordered: Sequence[Publication]) -> Iterator[Problem]:
    ranks = {publication.key: rank for rank, publication in enumerate(ordered)}
    in_file = sorted(ordered, key=lambda p: p.source.line)
    staying = set(longest_rise([ranks[p.key] for p in in_file]))
    following: Publication | None = None
    misplaced: list[Problem] = []
    for rank in reversed(range(len(ordered))):
        publication = ordered[rank]
        if rank in staying:
            following = publication
            continue
        place = "to the end"
        if following:
            place = f"above {place_of(following)}"
        message = f"the newest entries stand first; move this one {place}"
        misplaced.append(problem(publication, Rule.ENTRY_ORDER, message))
    yield from reversed(misplaced)


def longest_rise(numbers: Sequence[int]) -> list[int]:
    """Return the longest rising part of *numbers*, leaving any of them out.

    This is patience sorting, in time n log n.
    """
    tops: list[int] = []  # the least last number of a rise of each length
    places: list[int] = []  # where each of these numbers stands
    before: list[int] = []  # the place of each number's predecessor, or -1
    for place, number in enumerate(numbers):
        length = bisect_left(tops, number)
        before.append(places[length - 1] if length else -1)
        tops[length : length + 1] = [number]
        places[length : length + 1] = [place]
    rise = []
    place = places[-1] if places else -1
    while place >= 0:
        rise.append(numbers[place])
        place = before[place]
    return rise[::-1]
