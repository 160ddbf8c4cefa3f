"""The order of an entry's fields."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

#: The fields an entry has, in their order; links without a place here stand before
#: ``note``. Everything else that an export has is dropped: the publisher's keywords,
#: ``isbn``, ``issn``, ``series``, ``location``, ``address``, ``numpages``,
#: ``articleno``, ``publisher`` of a paper, ``primaryclass``, ``timestamp`` and so on.
KEPT = (
    "author", "author+an", "editor", "title", "booktitle", "journal", "school",
    "institution", "type", "publisher", "howpublished", "volume", "number", "pages",
    "year", "month", "doi", "eprint", "archiveprefix", "url", "code", "artifact",
    "data", "slides", "poster", "video", "pdf", "supp", "award", "note",
    "entrysubtype", "pubstate", "accepted", "selected", "related", "ids",
    "abstract", "keywords",
)  # fmt: skip


def merge_fields(
    fields: Sequence[tuple[str, str]], new: Iterable[tuple[str, str]]
) -> list[tuple[str, str]]:
    """Return *fields* with those of *new* in their values or in their places."""
    merged = dict(fields)
    merged.update((name, value) for name, value in new if name in merged)
    found = list(merged.items())
    for name, value in new:
        if name not in merged:
            after = (i for i, (f, _) in enumerate(found) if _rank(f) > _rank(name))
            found.insert(next(after, len(found)), (name, value))
    return found


def _rank(name: str) -> int:
    """Return the place of a field in an entry; other links stand before ``note``."""
    return KEPT.index(name) * 2 if name in KEPT else KEPT.index("note") * 2 - 1
