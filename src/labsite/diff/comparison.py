"""Compare two states of a site as their visitors see them."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from labsite.diff import things
from labsite.diff.things import Thing, describe_paper, name_paper
from labsite.site.identity import identities

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from labsite.diff.snapshot import Snapshot
    from labsite.model.records import Publication

_SUFFIXES = re.compile(r"(?:\.csl)?\.[a-z]+$")
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
    described = {
        "People": [
            things.describe_people(before, pairs), things.describe_people(after, own)
        ],
        "News": map(things.describe_news, (before, after)),
        "Courses": (_named(snapshot.courses) for snapshot in (before, after)),
        "Pages": map(things.describe_pages, (before, after)),
    }  # fmt: skip
    vanished, files = _named(_vanished(before, after)), _named(_files(before, after))
    sections = [
        *_compare_papers(before, after, pairs),
        *(s for kind, both in described.items() for s in _compare_things(kind, *both)),
        Section("Addresses that vanish", (*vanished.values(),)),
        Section("Settings, styles and pictures that differ", (*files.values(),)),
    ]
    return [section for section in sections if section.items]


def _named(names: Iterable[str]) -> dict[str, Thing]:
    return {name: Thing(name=name) for name in names}


def _compare_things(
    kind: str, old: Mapping[str, Thing], new: Mapping[str, Thing]
) -> Iterator[Section]:
    """Yield the things that are new, gone and changed."""
    for what, here, there in (("new", new, old), ("gone", old, new)):
        alone = (thing for name, thing in here.items() if name not in there)
        yield Section(f"{kind} {what}", (*alone,))
    both = ((old[name], thing) for name, thing in new.items() if name in old)
    found = (replace(now, notes=(*things.list_changes(was, now),)) for was, now in both)
    changed = (thing for thing in found if thing.notes)
    yield Section(f"{kind} changed", (*changed,))


def _pair_papers(before: Snapshot, after: Snapshot) -> dict[str, str]:
    """Return the present key of each paper that both states have, by its old key."""
    shown = _shown_with(after)  # as versions of other papers
    papers = before.site.library.publications
    old = {p.key: p for p in papers if p.key not in shown}
    new = {p.key: p for p in after.site.library.publications}
    by_identity = {name: p.key for p in old.values() for name in identities(p)}
    pairs: dict[str, str] = {}

    def same_work(paper: Publication) -> list[str]:
        return [by_identity[i] for i in identities(paper) if i in by_identity]

    ways: tuple[Callable[[Publication], Iterable[str]], ...] = (
        # A key may have gone to another paper: at first the work has to be the same.
        lambda paper: [key for key in same_work(paper) if key == paper.key],
        lambda paper: paper.aliases,
        same_work,
        lambda paper: [paper.key],
    )
    for way in ways:
        for paper in list(new.values()):
            found = next((key for key in way(paper) if key in old), None)
            if found:
                pairs[found] = paper.key
                del old[found], new[paper.key]
    return pairs


def _shown_with(snapshot: Snapshot) -> dict[str, str]:
    """Return for each version of a paper the key of the paper that shows it."""
    papers = snapshot.site.library.publications
    return {version.key: p.key for p in papers for version in p.versions}


def _compare_papers(
    before: Snapshot, after: Snapshot, pairs: Mapping[str, str]
) -> Iterator[Section]:
    was, now = _shown_with(before), _shown_with(after)
    old, tied = {}, []
    for p in before.site.library.publications:
        if p.key in pairs:
            old[pairs[p.key]] = describe_paper(p)
        elif p.key in now:
            note = f"now a version of {now[p.key]}, to whose page its address leads"
            tied.append(Thing(name=name_paper(p), notes=(note,)))
        else:  # the space keeps the key apart from another paper's
            old[f" {p.key}"] = describe_paper(p, _new_problems(p, before, after))
    new = {
        p.key: describe_paper(p, _places(p, after, was.get(p.key)))
        for p in after.site.library.publications
    }
    yield from _compare_things("Papers", old, new)
    yield Section("Papers that are versions of others now", (*tied,))
    renamed = (_renamed(*both, after) for both in pairs.items() if both[0] != both[1])
    yield Section("Keys renamed", (*renamed,))


def _places(paper: Publication, after: Snapshot, was: str | None) -> Iterator[str]:
    """Yield where visitors find a new paper."""
    if was:
        yield f"was a version of {was} before"
    known = after.site.topics_by_slug
    topics = [known[t].title if t in known else f"'{t}'" for t in paper.topics]
    several = "s" if len(topics) > 1 else ""
    yield f"in the topic{several} {', '.join(topics)}" if topics else "in no topic"
    authors = after.site.authorship.authors[paper.key]
    if authors:
        yield f"on the pages of {', '.join(person.name for person in authors)}"


def _new_problems(
    paper: Publication, before: Snapshot, after: Snapshot
) -> Iterator[str]:
    """Yield the new mistakes in an entry, which may hide the paper."""
    known = {(p.rule, p.message) for p in before.problems}
    for problem in after.problems:
        ours = (problem.key or "").lower() == paper.key.lower()
        if ours and (problem.rule, problem.message) not in known:
            yield f"{problem.file}:{problem.line}: {problem.message} [{problem.rule}]"


def _renamed(former: str, key: str, after: Snapshot) -> Thing:
    paper = after.site.library.by_key[key]
    remedy = f"the former address is lost; add ids = {{{former}}} to {key}"
    if after.site.alias_pagename(former) and former in paper.aliases:
        remedy = "the former address leads to the new one"
    return Thing(name=f"{former} is now {key} ({paper.title})", notes=(remedy,))


def _vanished(before: Snapshot, after: Snapshot) -> Iterator[str]:
    """Yield the addresses that are lost, a page and its exports as one."""
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
