"""Compare two states of a site as their visitors see them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from labsite.diff import descriptions
from labsite.diff.descriptions import Thing, list_changes
from labsite.site.identity import Work

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from labsite.diff.snapshot import Snapshot
    from labsite.model.records import Publication
    from labsite.site.identity import Feature

_MOST = 50  #: items of a section in a report


@dataclass(frozen=True, slots=True)
class Section:
    """Changes of one kind; the notes of a thing say how it changes."""

    title: str
    items: tuple[Thing, ...]

    @property
    def heading(self) -> str:
        """The title with the number of items."""
        return f"{self.title}: {len(self.items)}"

    @property
    def shown(self) -> tuple[Thing, ...]:
        """The items that a report lists."""
        rest = len(self.items) - _MOST
        more = (Thing(name=f"and {rest} more"),) if rest > 0 else ()
        return (*self.items[:_MOST], *more)


def compare(before: Snapshot, after: Snapshot) -> list[Section]:
    """Return the changes that visitors notice."""
    pairs = _pair_papers(before, after)
    own = {key: key for key in pairs.values()}
    renamed = (_describe_new_key(*both, after) for both in pairs.items())
    both, named = (before, after), ((before, pairs), (after, own))
    sections = [
        *_compare("Papers", *(descriptions.describe_papers(*each) for each in named)),
        Section("Keys renamed", (*filter(None, renamed),)),
        *_compare("People", *(descriptions.describe_people(*each) for each in named)),
        *_compare("News", *map(descriptions.describe_news, both)),
        *_compare("Courses", *({c: Thing(name=c) for c in s.courses} for s in both)),
        *_compare("Pages", *map(descriptions.describe_pages, both)),
        _list("Addresses that vanish", sorted(before.addresses - after.addresses)),
        _list("Settings, styles and pictures that differ", _find_files(before, after)),
    ]
    return [section for section in sections if section.items]


def _list(title: str, names: Iterable[str]) -> Section:
    return Section(title, tuple(Thing(name=name) for name in names))


def _compare(
    kind: str, old: Mapping[str, Thing], new: Mapping[str, Thing]
) -> Iterator[Section]:
    """Yield the things that are new, gone and changed."""
    yield Section(f"{kind} new", tuple(new[name] for name in new if name not in old))
    gone = (replace(old[name], notes=()) for name in old if name not in new)
    yield Section(f"{kind} gone", (*gone,))
    both = ((old[name], thing) for name, thing in new.items() if name in old)
    found = (replace(now, notes=(*list_changes(was, now),)) for was, now in both)
    yield Section(f"{kind} changed", tuple(thing for thing in found if thing.notes))


def _pair_papers(before: Snapshot, after: Snapshot) -> dict[str, str]:
    """Return the present key of each paper that both states have, by its old key."""
    old, new = (
        {p.key: p for p in s.site.library.every_version} for s in (before, after)
    )
    works = {key: Work(paper) for key, paper in old.items()}
    having: defaultdict[Feature, list[str]] = defaultdict(list)
    for key, work in works.items():
        for feature in work.features:
            having[feature].append(key)
    pairs: dict[str, str] = {}

    def same_paper(paper: Publication) -> list[str]:
        work = Work(paper)
        found = (key for f in work.features for key in having.get(f, ()))
        return [key for key in found if work.is_same_paper(works[key])]

    ways: tuple[Callable[[Publication], Iterable[str]], ...] = (
        # A key may have gone to another paper, so at first it has to be the same one.
        lambda paper: [key for key in same_paper(paper) if key == paper.key],
        lambda paper: paper.aliases,
        same_paper,
        lambda paper: [paper.key],
    )
    for way in ways:
        for paper in list(new.values()):
            former = next((key for key in way(paper) if key in old), None)
            if former:
                pairs[former] = paper.key
                del old[former], new[paper.key]
    return pairs


def _describe_new_key(former: str, key: str, after: Snapshot) -> Thing | None:
    paper = after.site.library.by_key[key]
    if former == key:
        return None
    remedy = f"the former address is lost; add ids = {{{former}}} to {key}"
    if after.site.alias_pagename(former) and former in paper.aliases:
        remedy = "the former address leads to the new one"
    return Thing(name=f"{former} is now {key} ({paper.title})", notes=(remedy,))


def _find_files(before: Snapshot, after: Snapshot) -> Iterator[str]:
    old, new = before.machinery, after.machinery
    for name in sorted(old.keys() | new.keys()):
        if old.get(name) != new.get(name):
            fate = "gone" if name not in new else "changed" if name in old else "new"
            yield f"{name} ({fate})"
