"""The order of entries in their file."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from labsite.bibtex.writer import find_blocks, has_setting
from labsite.editing.source import Edit
from labsite.model.order import sort_publications
from labsite.model.problems import Rule

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from labsite.bibtex.parser import Entry
    from labsite.editing.source import SourceText
    from labsite.model.records import Library


def ranks(library: Library) -> dict[str, int]:
    """Return the place of each key in the order of the library."""
    ordered = sort_publications(library.every_version)
    return {p.key: rank for rank, p in enumerate(ordered)}


def is_ordered(entries: Sequence[Entry], rank: Mapping[str, int]) -> bool:
    """Tell whether entries stand in order; those without a rank do not count."""
    known = [rank[placed.key] for placed in entries if placed.key in rank]
    return all(upper < lower for upper, lower in pairwise(known))


def why_not_orderable(
    source: SourceText, entries: Sequence[Entry], library: Library
) -> str | None:
    """Return why moving the entries of a file might change what they mean, if it might.

    :param library: what was read from the file, and from those that belong to it
    """
    if library.entries != len(library.every_version):
        return "not every entry can be read"
    if any(p.rule is Rule.BAD_DATE for p in library.problems):
        return "not every date can be read; 'labsite check' says where"
    if any(f.name == "crossref" for entry in entries for f in entry.source.fields):
        return "entries refer to others by 'crossref', which must stand below them"
    between = source.text[entries[0].start : entries[-1].end]
    if has_setting(between):
        return "an @string or @preamble stands between entries; move it to the top"
    return None


def order_edits(
    source: SourceText, entries: Sequence[Entry], rank: Mapping[str, int]
) -> list[Edit]:
    """Return the edits that bring entries, of which each has a rank, into order."""
    blocks = list(find_blocks(source.text, entries))
    ordered = sorted(blocks, key=lambda block: rank[block.key])
    return [
        Edit(slot.start, slot.end, source.cut(block.start, block.end))
        for slot, block in zip(blocks, ordered, strict=True)
        if slot is not block
    ]
