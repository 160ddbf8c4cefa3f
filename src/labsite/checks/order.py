"""Order: the newest entry first, as lists have it."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from labsite.bibtex.reporting import place_of, problem
from labsite.model.problems import Rule, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from labsite.model.problems import Problem
    from labsite.model.records import Publication


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
