"""Compare two states of a site as their visitors see them."""

from __future__ import annotations

import filecmp
from dataclasses import replace
from os.path import commonprefix
from typing import TYPE_CHECKING

from labsite.diff.descriptions import Thing, describe, shorten

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from labsite.diff.snapshot import Snapshot
    from labsite.model.records import Library

_CONTEXT = 40  #: characters before the first difference of two values


def compare(before: Snapshot, after: Snapshot) -> dict[str, list[Thing]]:
    """Return the changes that visitors notice, by the title of each section.

    The notes of a thing say how it changes.
    """
    old, new = describe(before), describe(after)
    _rename(old["Papers"], new["Papers"], after.site.library)
    sections: dict[str, list[Thing]] = {}
    for kind in new:
        sections |= _compare(kind, old[kind], new[kind])
    lost, files = sorted(before.addresses - after.addresses), _find_files(before, after)
    sections["Addresses that vanish"] = [Thing(name=name) for name in lost]
    title = "Settings, styles and pictures that differ"
    sections[title] = [Thing(name=name) for name in files]
    return {title: things for title, things in sections.items() if things}


def _rename(old: dict[str, Thing], new: Mapping[str, Thing], library: Library) -> None:
    """Find earlier papers by their present keys: of ``ids``, or of the same title."""
    titles = {thing.facts["title"]: key for key, thing in new.items()}
    for former in [key for key in old if key not in new]:
        owner = library.by_key.get(former)
        key = owner.key if owner else titles.get(old[former].facts["title"])
        if key and key not in old:
            old[key] = old.pop(former)


def _compare(
    kind: str, old: Mapping[str, Thing], new: Mapping[str, Thing]
) -> dict[str, list[Thing]]:
    """Return the things that are new, gone and changed."""
    both = ((old[key], thing) for key, thing in new.items() if key in old)
    changed = (replace(now, notes=(*_list_changes(was, now),)) for was, now in both)
    return {
        f"{kind} new": [thing for key, thing in new.items() if key not in old],
        f"{kind} gone": [replace(old[k], notes=()) for k in old if k not in new],
        f"{kind} changed": [thing for thing in changed if thing.notes],
    }


def _list_changes(old: Thing, new: Thing) -> Iterator[str]:
    """Yield a line for each fact that differs."""
    for name in {**new.facts, **old.facts}:
        both = old.facts.get(name, ""), new.facts.get(name, "")
        if both[0] != both[1]:
            first = len(commonprefix(both))  # noqa: RUF071 -- as meant
            yield f"{name}: {' → '.join(_quote(text, first) for text in both)}"


def _quote(text: str, first: int) -> str:
    """Return a value for a report, if it is long from shortly before a position."""
    start = max(first - _CONTEXT, 0) if shorten(text) != text else 0
    return f"“{'…' * (start > 0)}{shorten(text[start:])}”" if text else "none"


def _find_files(before: Snapshot, after: Snapshot) -> list[str]:
    old, new = before.others, after.others
    fates = dict.fromkeys(old - new, "gone") | dict.fromkeys(new - old, "new")
    for name in old & new:
        if not filecmp.cmp(before.source / name, after.source / name, shallow=False):
            fates[name] = "changed"
    return [f"{name} ({fates[name]})" for name in sorted(fates)]
