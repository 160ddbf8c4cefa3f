"""Versions of one work, such as a conference paper and the article it grew into.

The entry that readers are to cite names the others in biblatex's ``related``. They have
no line, no page and no count of their own; their keys lead to the page of the work.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from labsite.bibtex.reporting import problem
from labsite.model.problems import Problem, Rule, quote
from labsite.text.values import parse_tokens

if TYPE_CHECKING:
    from collections.abc import Iterable

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
    related = {key: _related(p) for key, p in known.items()}
    named = {other for key, keys in related.items() for other in keys if other != key}
    works: dict[str, Publication] = {}
    taken: set[str] = set()
    for root in sorted(known, key=named.__contains__):
        if root in taken:
            continue
        versions, waiting = [], [root]
        for key in waiting:  # grows meanwhile
            if key in known and key not in taken:
                taken.add(key)
                versions.append(known[key])
                waiting += related[key]
        works[root] = _with_versions(*versions)
    message = "write the key of another version of this paper"
    problems = [
        problem(known[key], Rule.UNKNOWN_KEY,
                f"related: no entry has the key {quote(other)}; {message}",
                "related", other)
        for key, keys in related.items() for other in keys if other not in known
    ]  # fmt: skip
    return [works[key] for key in known if key in works], problems


def _with_versions(lead: Publication, *others: Publication) -> Publication:
    keys = [key for other in others for key in (other.key, *other.aliases)]
    return replace(lead, versions=others, aliases=(*lead.aliases, *keys))


def _related(publication: Publication) -> tuple[str, ...]:
    kind = (publication.field("relatedtype") or "").strip().lower()
    related = publication.field("related") if kind in _SAME_WORK else None
    return parse_tokens((related or "").lower())
