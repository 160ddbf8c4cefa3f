"""Rules on the bibliography as a whole: duplicates and order."""

from __future__ import annotations

from bisect import bisect
from collections import defaultdict
from typing import TYPE_CHECKING

from labsite.bibtex.reporting import MOST, place_of, problem
from labsite.model.problems import Rule, Severity, quote
from labsite.model.records import Kind
from labsite.site.identity import SHARED, Work

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from labsite.model.problems import Problem
    from labsite.model.records import Publication
    from labsite.site.identity import Feature


def few(publications: Sequence[Publication]) -> int:
    """Return the number of entries that may break a rule by mistake."""
    return max(5, len(publications) // 3)


def check_aliases(publications: Sequence[Publication]) -> Iterator[Problem]:
    """Report earlier keys that belong to another publication."""
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
    """Report papers that have two entries, at the later one.

    The time is proportional to the number of entries.
    """
    keys = {v.key: p.key for p in publications for v in (p, *p.versions)}
    versions = [v for p in publications for v in (p, *p.versions)]
    known: defaultdict[Feature, list[Work]] = defaultdict(list)
    for publication in sorted(versions, key=lambda p: (p.source.file, p.source.line)):
        work = Work(publication)
        # Papers that share no more than a name are never the same.
        features = [f for f in work.features if f[0] != "name"]
        others = [w for feature in features for w in known[feature][:MOST]]
        for feature in features:
            known[feature].append(work)
        for other in others:
            tied = keys[publication.key] == keys[other.publication.key]
            if not tied and work.is_same_paper(other):
                what, *_ = work.share(other)
                yield _describe_duplicate(publication, other.publication, what)
                break


def _describe_duplicate(later: Publication, earlier: Publication, what: str) -> Problem:
    remedy = "keep one entry, and give it ids = {…} with the other key"
    preprint = next((p for p in (later, earlier) if p.kind is Kind.PREPRINT), None)
    if preprint and later.kind is not earlier.kind:
        remedy = "keep the entry that is published, and give it the preprint's eprint "
        remedy += f"and archiveprefix, or its key in related = {{{preprint.key}}}"
    message = f"{place_of(earlier)} {SHARED[what]}; {remedy}"
    field = {"doi": "doi", "arxiv": "eprint"}.get(what, "title")
    return problem(later, Rule.DUPLICATE_PAPER, message, field)


def check_order(
    publications: Sequence[Publication], problems: Iterable[Problem] = ()
) -> Iterator[Problem]:
    """Check the order of entries in each file.

    Entries with errors need not move: a corrected year or venue changes their place.

    :param publications: in the order of :func:`labsite.model.order.sort_publications`
    :param problems: those of other rules
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
    in_file = [ranks[p.key] for p in sorted(ordered, key=lambda p: p.source.line)]
    # The longest increasing subsequence stays.
    ends: list[int] = []  # of increasing subsequences, by their lengths
    before: dict[int, list[int]] = {}
    for rank in in_file:
        length = bisect(ends, rank)
        before[rank] = ends[:length][-1:]
        ends[length : length + 1] = [rank]
    moving, last = {*in_file}, ends[-1:]
    while last:
        moving -= {*last}
        last = before[last[0]]
    if len(moving) > few(ordered):
        message = "the entries are not in order, the newest first; let 'labsite fix' "
        message += "sort them"
        yield problem(ordered[0], Rule.ENTRY_ORDER, message)
        return
    place, found = "to the end", []
    for rank, publication in reversed(list(enumerate(ordered))):
        if rank in moving:
            message = f"the newest come first, then by venue and title; move it {place}"
            found.append(problem(publication, Rule.ENTRY_ORDER, message))
        else:
            place = f"above {place_of(publication)}"
    yield from reversed(found)
