"""Versions of one work, such as a conference paper and the article it grew into.

The entry that readers are to cite names the others in biblatex's ``related``. They have
no line, no page and no count of their own; their keys lead to the page of the work.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from labsite.bibtex.reporting import find_place
from labsite.model.problems import Problem, Rule, quote
from labsite.text.values import parse_tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from labsite.model.records import Publication

#: Of ``relatedtype`` (biblatex manual, 3.4), those that name the same work; without
#: one, and with "versionof", an entry and those it names are versions.
_SAME_WORK = {
    "", "version", "versionof", "versions", "origpubas", "origpubin", "reprintas",
    "reprintfrom", "reprintof", "translationas", "translationfrom", "translationof",
}  # fmt: skip


def tie_versions(
    publications: Iterable[Publication],
) -> tuple[list[Publication], list[Problem]]:
    """Return the works, each with its other versions, and what is wrong with ties.

    Where entries name each other, the first one is the version to cite.

    :param publications: in the order in which they are listed
    """
    known = {p.key.lower(): p for p in publications}
    problems = [x for p in known.values() for x in _unknown(p, known)]
    named = {key for p in known.values() for key in _related(p) if key != p.key.lower()}
    roots = sorted(known, key=lambda key: key in named)  # stable: others in their order
    versions: dict[str, list[Publication]] = {}
    taken: set[str] = set()
    for root in roots:
        if root not in taken:
            taken.add(root)
            versions[root] = [*_collect(known[root], known, taken)]
    works = [
        _with_versions(p, versions[key]) for key, p in known.items() if key in versions
    ]
    return works, problems


def _collect(
    root: Publication, known: Mapping[str, Publication], taken: set[str]
) -> Iterator[Publication]:
    waiting = [*_related(root)]
    while waiting:
        key = waiting.pop(0)
        if key in known and key not in taken:
            taken.add(key)
            yield known[key]
            waiting += _related(known[key])


def _with_versions(lead: Publication, others: list[Publication]) -> Publication:
    if not others:
        return lead
    keys = [key for other in others for key in (other.key, *other.aliases)]
    return replace(lead, versions=tuple(others), aliases=(*lead.aliases, *keys))


def _related(publication: Publication) -> tuple[str, ...]:
    kind = (publication.field("relatedtype") or "").strip().lower()
    tokens = parse_tokens(publication.field("related") or "")
    return tuple(key.lower() for key in tokens) if kind in _SAME_WORK else ()


def _unknown(
    publication: Publication, known: Mapping[str, Publication]
) -> Iterator[Problem]:
    for key in _related(publication):
        if key not in known:
            source = publication.source
            line, column = find_place(source, "related", key)
            yield Problem(
                rule=Rule.UNKNOWN_KEY,
                message=f"related: no entry has the key {quote(key)}; write the key of "
                "another version of this paper",
                file=source.file,
                line=line,
                column=column,
                key=publication.key,
            )
