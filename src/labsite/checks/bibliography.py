"""Rules on the bibliography as a whole: duplicates and order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from labsite.bibtex.reporting import MOST, place_of, problem
from labsite.model.problems import Problem, Rule, Severity, quote
from labsite.model.records import Kind, Publication
from labsite.site.identity import SHARED, Work, Works


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
    """Report papers that have two entries, at the later one."""
    mains = {v.key: p.key for p in publications for v in (p, *p.versions)}
    versions = [v for p in publications for v in (p, *p.versions)]
    known = Works()
    for publication in sorted(versions, key=lambda v: (v.source.file, v.source.line)):
        work, main = Work(publication), mains[publication.key]
        for what, other in known.find(work, paper=True):
            if mains[other.publication.key] != main:
                yield _describe_duplicate(publication, other.publication, what)
                break
        known.add(work)


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
    """Report the first entry of each file that is not in the given order.

    Entries with errors need not move: a corrected year or venue changes their place.
    """
    doubtful = {p.key for p in problems if p.rule.severity is Severity.ERROR}
    files: defaultdict[str, list[Publication]] = defaultdict(list)
    for publication in publications:
        if publication.key not in doubtful:
            files[publication.source.file].append(publication)
    for ordered in files.values():
        in_file = sorted(ordered, key=lambda p: p.source.line)
        for right, here, following in zip(ordered, in_file, in_file[1:], strict=False):
            if right is not here:
                moving = here if following is right else right
                below = ordered[ordered.index(moving) + 1 :]
                place = f"above {place_of(below[0])}" if below else "to the end"
                message = (
                    "the newest come first, then by venue and title; move it "
                    f"{place}, or let 'labsite fix' sort the file"
                )
                yield problem(moving, Rule.ENTRY_ORDER, message)
                break
