"""Rules on the bibliography as a whole: duplicates and order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from labsite.bibtex.reporting import MOST, place_of, problem
from labsite.model.problems import Problem, Rule, Severity, quote
from labsite.model.records import Kind, Publication
from labsite.site.identity import SHARED, Feature, Work


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
    versions = [(v, p) for p in publications for v in (p, *p.versions)]
    versions.sort(key=lambda pair: (pair[0].source.file, pair[0].source.line))
    known: defaultdict[Feature, list[tuple[Work, Publication]]] = defaultdict(list)
    for publication, main in versions:
        work = Work(publication)
        # Papers that share no more than a name are never the same.
        features = [f for f in work.features if f[0] != "name"]
        others = [w for feature in features for w in known[feature][:MOST]]
        for feature in features:
            known[feature].append((work, main))
        for other, its_main in others:
            if its_main is not main and work.is_same_paper(other):
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
