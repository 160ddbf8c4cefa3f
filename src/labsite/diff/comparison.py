"""What a visitor notices of a change: two states of a site, compared thing by thing."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

from labsite.diff.things import (
    Thing,
    changed,
    name_paper,
    news_item,
    page,
    paper,
    person,
)
from labsite.site.identity import identities

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from labsite.diff.snapshot import Snapshot
    from labsite.model.records import Publication

_SUFFIXES = re.compile(r"(?:\.csl)?\.[a-z]+$")
_MOST = 50  #: items of a section; nobody reads more


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that changes, and how."""

    text: str
    details: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """Things that change in the same way."""

    title: str
    items: tuple[Item, ...]

    @property
    def heading(self) -> str:
        """The title, and how many things there are."""
        return f"{self.title}: {len(self.items)}"

    @property
    def shown(self) -> tuple[Item, ...]:
        """The items that a report lists."""
        rest = len(self.items) - _MOST
        more = (Item(f"and {rest} more"),) if rest > 0 else ()
        return (*self.items[:_MOST], *more)


def compare(before: Snapshot, after: Snapshot) -> list[Section]:
    """Return what has changed for a visitor, nothing if nothing has."""
    shared = _pair_papers(before, after)
    own = {key: key for key in shared.values()}
    people = [
        {who.slug: person(who, snapshot, keys) for who in snapshot.site.people}
        for snapshot, keys in ((before, shared), (after, own))
    ]
    sections = [
        *_compare_papers(before, after, shared),
        *_compare_things("People", *people),
        *_compare_things("News", *map(_news, (before, after))),
        *_compare_things("Courses", *map(_courses, (before, after))),
        *_compare_things("Pages", *map(_pages, (before, after))),
        _section("Addresses that vanish", _vanished(before, after)),
        _section("Settings, styles and pictures that differ", _files(before, after)),
    ]
    return [section for section in sections if section.items]


def _section(title: str, texts: Iterable[str]) -> Section:
    return Section(title, tuple(map(Item, texts)))


def _compare_things(
    kind: str, old: Mapping[Any, Thing], new: Mapping[Any, Thing]
) -> Iterator[Section]:
    """Yield what is new, gone and changed of things that both sides know by name."""
    for what, here, there in (("new", new, old), ("gone", old, new)):
        alone = [thing for name, thing in here.items() if name not in there]
        yield Section(f"{kind} {what}", tuple(Item(t.name, t.notes) for t in alone))
    both = [(old[name], thing) for name, thing in new.items() if name in old]
    found = [Item(now.name, tuple(_changes(was, now))) for was, now in both]
    yield Section(f"{kind} changed", tuple(item for item in found if item.details))


def _changes(old: Thing, new: Thing) -> Iterator[str]:
    facts = {
        name: (old.facts.get(name, ()), new.facts.get(name, ()))
        for name in dict.fromkeys([*new.facts, *old.facts])
    }
    differ = {name: both for name, both in facts.items() if both[0] != both[1]}
    for name, (was, now) in differ.items():
        if sorted(was) == sorted(now):
            yield changed(f"order of the {name}", ", ".join(was), ", ".join(now))
            continue
        comma = " " if name == "text" else ", "
        matcher = SequenceMatcher(None, was, now, autojunk=False)
        for tag, i, j, k, m in matcher.get_opcodes():
            if tag != "equal":
                yield changed(name, comma.join(was[i:j]), comma.join(now[k:m]))
    if not differ and old.rest != new.rest:
        yield "settings, lists, pictures or layout"


def _pair_papers(before: Snapshot, after: Snapshot) -> dict[str, str]:
    """Return the key that each paper has now that is on both sides, by its old key.

    A paper is known by its key unless another one has that key now, by an earlier key,
    and by its identifiers and title. One that is another's version now is not that one.
    """
    old = {p.key: p for p in before.site.library.publications}
    new = {p.key: p for p in after.site.library.publications}
    pairs: dict[str, str] = {}

    def pair(candidates: Iterable[tuple[str, str]]) -> None:
        for former, key in candidates:
            if former in old and key in new:
                pairs[former] = key
                del old[former], new[key]

    same = [(key, key) for key in new if key in old]
    pair([(k, k) for k, _ in same if _identities(old[k]) & _identities(new[k])])
    for key in _shown_with(after):
        old.pop(key, None)
    pair([(alias, key) for key, p in new.items() for alias in p.aliases])
    known = {name: key for key, p in old.items() for name in _identities(p)}
    named = [(_identities(p) & known.keys(), key) for key, p in new.items()]
    pair([(known[name], key) for names, key in named for name in sorted(names)])
    pair(same)
    return pairs


def _identities(publication: Publication) -> set[tuple[str, str]]:
    return set(identities(publication))


def _shown_with(snapshot: Snapshot) -> dict[str, str]:
    """Return the key of the paper with which each other version of it is shown."""
    papers = snapshot.site.library.publications
    return {version.key: p.key for p in papers for version in p.versions}


def _compare_papers(
    before: Snapshot, after: Snapshot, shared: Mapping[str, str]
) -> Iterator[Section]:
    """Yield what has become of the papers; of one that is gone, why."""
    was, now = _shown_with(before), _shown_with(after)
    old: dict[Any, Thing] = {}
    tied = []
    for p in before.site.library.publications:
        if p.key in shared:
            old[shared[p.key]] = paper(p)
        elif p.key in now:
            note = f"now a version of {now[p.key]}, to whose page its address leads"
            tied.append(Item(name_paper(p), (note,)))
        else:  # a tuple is no other paper's key
            old[p.key,] = paper(p, _why_gone(p, before, after))
    new = {
        p.key: paper(p, _where(p, after, was.get(p.key)))
        for p in after.site.library.publications
    }
    yield from _compare_things("Papers", old, new)
    yield Section("Papers that are versions of others now", tuple(tied))
    known = after.site.library.by_key
    renamed = [(a, b) for a, b in shared.items() if a != b]
    items = (_renamed(former, known[key], after) for former, key in renamed)
    yield Section("Keys renamed", tuple(items))


def _where(publication: Publication, after: Snapshot, was: str | None) -> Iterator[str]:
    """Yield where visitors find a new paper."""
    if was:
        yield f"was a version of {was} before"
    known = after.site.topics_by_slug
    topics = [known[t].title if t in known else f"'{t}'" for t in publication.topics]
    several = "s" if len(topics) > 1 else ""
    yield f"in the topic{several} {', '.join(topics)}" if topics else "in no topic"
    authors = after.site.authorship.authors[publication.key]
    if authors:
        yield f"on the pages of {', '.join(person.name for person in authors)}"


def _why_gone(
    publication: Publication, before: Snapshot, after: Snapshot
) -> Iterator[str]:
    """Yield the mistake that hides the paper, if it is one."""
    known = {(p.rule, p.message) for p in before.problems}
    for problem in after.problems:
        ours = (problem.key or "").lower() == publication.key.lower()
        if ours and (problem.rule, problem.message) not in known:
            yield f"{problem.file}:{problem.line}: {problem.message} [{problem.rule}]"


def _renamed(former: str, publication: Publication, after: Snapshot) -> Item:
    key = publication.key
    remedy = f"the former address is lost; add ids = {{{former}}} to {key}"
    if after.site.alias_pagename(former) and former in publication.aliases:
        remedy = "the former address leads to the new one"
    return Item(f"{former} is now {key} ({publication.title})", (remedy,))


def _news(snapshot: Snapshot) -> dict[str, Thing]:
    return {item.slug: news_item(item, snapshot) for item in snapshot.site.news}


def _courses(snapshot: Snapshot) -> dict[str, Thing]:
    return {course: Thing(name=course) for course in snapshot.courses}


def _pages(snapshot: Snapshot) -> dict[str, Thing]:
    people = {who.docname for who in snapshot.site.people}
    pages = snapshot.pages.items()
    return {name: page(p, snapshot) for name, p in pages if name not in people}


def _vanished(before: Snapshot, after: Snapshot) -> Iterator[str]:
    """Yield the addresses that answer no more, a page and its exports as one."""
    gone: defaultdict[str, list[str]] = defaultdict(list)
    for address in sorted(before.addresses - after.addresses):
        stem = _SUFFIXES.sub("", address)
        gone[stem].append(address[len(stem) :])
    for stem, suffixes in gone.items():
        rest = ", ".join(suffix for suffix in suffixes if suffix != ".html")
        if ".html" in suffixes:
            yield f"{stem}.html{f' (also {rest})' if rest else ''}"
        else:
            yield stem + rest


def _files(before: Snapshot, after: Snapshot) -> Iterator[str]:
    old, new = before.machinery, after.machinery
    for name in sorted(old.keys() | new.keys()):
        if old.get(name) != new.get(name):
            fate = "gone" if name not in new else "changed" if name in old else "new"
            yield f"{name} ({fate})"
