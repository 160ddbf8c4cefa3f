"""Sections that directives make: a heading with a number, and an id of their own."""

from __future__ import annotations

from docutils import nodes


def counted_section(
    anchor: str,
    text: str,
    listed: nodes.bullet_list,
    document: nodes.document,
    number: int = 0,
) -> nodes.section:
    """Return a section with a list, and how many items that has in its heading.

    :param anchor: the id that the section gets if *document* has none like it
    :param number: how many there are, where the list has not all of them
    """
    count = nodes.inline("", str(number or len(listed)), classes=["labsite-count"])
    title = nodes.title("", "", nodes.Text(f"{text} "), count, translatable=False)
    return nodes.section("", title, listed, ids=[free_id(anchor, document)])


def free_id(wanted: str, document: nodes.document) -> str:
    """Return an id that no other part of the document has."""
    base = nodes.make_id(wanted)
    number, found = 1, base
    while found in document.ids:
        number += 1
        found = f"{base}-{number}"
    document.ids[found] = document
    return found
