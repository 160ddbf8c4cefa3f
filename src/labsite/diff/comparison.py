"""Compare two states of a site as their visitors see them."""

from __future__ import annotations

import filecmp
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from labsite.diff import descriptions
from labsite.diff.descriptions import Thing, list_changes
from labsite.site.identity import Work

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from labsite.diff.snapshot import Snapshot


def compare(before: Snapshot, after: Snapshot) -> dict[str, list[Thing]]:
    """Return the changes that visitors notice, by the title of each section.

    The notes of a thing say how it changes.
    """
    pairs = _pair_papers(before, after)
    own = {key: key for key in pairs.values()}
    both, named = (before, after), ((before, pairs), (after, own))
    kinds = {
        "Papers": [descriptions.describe_papers(*each) for each in named],
        "People": [descriptions.describe_people(*each) for each in named],
        "News": map(descriptions.describe_news, both),
        "Data": map(descriptions.describe_data, both),
        "Pages": map(descriptions.describe_pages, both),
    }
    sections: dict[str, list[Thing]] = {}
    for kind, states in kinds.items():
        sections |= _compare(kind, *({t.key: t for t in state} for state in states))
        if kind == "Papers":
            sections["Keys renamed"] = [*_list_new_keys(pairs, after)]
    lost, files = sorted(before.addresses - after.addresses), _find_files(before, after)
    sections["Addresses that vanish"] = [Thing(key="", name=name) for name in lost]
    title = "Settings, styles and pictures that differ"
    sections[title] = [Thing(key="", name=name) for name in files]
    return {title: things for title, things in sections.items() if things}


def _compare(
    kind: str, old: Mapping[str, Thing], new: Mapping[str, Thing]
) -> dict[str, list[Thing]]:
    """Return the things that are new, gone and changed."""
    both = ((old[name], thing) for name, thing in new.items() if name in old)
    changed = (replace(now, notes=(*list_changes(was, now),)) for was, now in both)
    return {
        f"{kind} new": [thing for name, thing in new.items() if name not in old],
        f"{kind} gone": [replace(old[n], notes=()) for n in old if n not in new],
        f"{kind} changed": [thing for thing in changed if thing.notes],
    }


def _pair_papers(before: Snapshot, after: Snapshot) -> dict[str, str]:
    """Return the present key of each paper that both states have, by its old key."""
    works = {p.key: Work(p) for p in before.site.library.every_version}
    having: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
    for key, work in works.items():
        for feature in work.features:
            having[feature].append(key)
    found = []
    for paper in after.site.library.every_version:
        work = Work(paper)
        alike = (key for feature in work.features for key in having.get(feature, ()))
        same = [key for key in alike if work.is_same_paper(works[key])]
        # A key may have gone to another paper, so at first it has to be the same one.
        both = [key for key in same if key == paper.key]
        for rank, keys in enumerate((both, paper.aliases, same, [paper.key])):
            found += [(rank, key, paper.key) for key in keys if key in works]
    pairs: dict[str, str] = {}
    taken: set[str] = set()
    for _rank, former, key in sorted(found, key=lambda each: each[0]):
        if former not in pairs and key not in taken:
            pairs[former] = key
            taken.add(key)
    return pairs


def _list_new_keys(pairs: Mapping[str, str], after: Snapshot) -> Iterator[Thing]:
    for former, key in pairs.items():
        paper = after.site.library.by_key[key]
        remedy = f"the former address is lost; add ids = {{{former}}} to {key}"
        if after.site.alias_pagename(former) and former in paper.aliases:
            remedy = "the former address leads to the new one"
        if former != key:
            name = f"{former} is now {key} ({paper.title})"
            yield Thing(key=key, name=name, notes=(remedy,))


def _find_files(before: Snapshot, after: Snapshot) -> list[str]:
    old, new = before.others, after.others
    fates = dict.fromkeys(old - new, "gone") | dict.fromkeys(new - old, "new")
    for name in old & new:
        if not filecmp.cmp(before.source / name, after.source / name, shallow=False):
            fates[name] = "changed"
    return [f"{name} ({fates[name]})" for name in sorted(fates)]
