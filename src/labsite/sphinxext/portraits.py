"""A person's picture, or a monogram in its place."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zlib import crc32

from docutils import nodes

if TYPE_CHECKING:
    from labsite.records import Person

_COLOURS = 6


def portrait(person: Person) -> nodes.Element:
    """Return the initials in a colour that the name decides."""
    words = person.name.split()
    initials = words[0][:1] + (words[-1][:1] if len(words) > 1 else "")
    colour = crc32(person.name.encode()) % _COLOURS
    classes = ["labsite-monogram", f"labsite-monogram-{colour}"]
    return nodes.container("", nodes.inline("", initials), classes=classes)
