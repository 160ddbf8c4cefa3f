"""The title of a page that is a record: the record's, and text whatever it holds."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from labsite.pages.front_matter import parse_page
from labsite.sphinx.domain import get_domain

if TYPE_CHECKING:
    from sphinx.application import Sphinx

#: What could be more than text to Markdown and MyST within a heading.
_MARKUP = re.compile(r"[\\`*_{}\[\]<>!&$#^~|]")


def write_title(app: Sphinx, docname: str, content: list[str]) -> None:
    """Make the name of a person or the title of a topic the title of its page.

    MyST makes a heading of ``title`` (with ``myst_title_to_header``) and reads Markdown
    in it. That a person's record calls it ``name`` is no reason to write it twice.
    """
    site = get_domain(app.env).site
    for person in site.people:
        if person.docname == docname:
            content[0] = set_title(content[0], "name", person.name)
    for topic in site.topics:
        if topic.docname == docname:
            content[0] = set_title(content[0], "title", topic.title)


def set_title(text: str, key: str, title: str) -> str:
    """Return a page with *title* as the ``title`` of its front matter, as plain text.

    The body stays in its lines.

    :param key: the field whose place it takes; a page without it stays as it is
    """
    document, source = parse_page(text, "")
    start = document.lines.get(key)
    if start is None:
        return text
    lines = text.split("\n")
    end = source.body_line - 2
    others = [line for path, line in document.lines.items() if path not in {"", key}]
    stop = min((line for line in others if line > start), default=end + 1)
    kept = [*lines[1 : start - 1], *lines[stop - 1 : end]]
    if start in others:  # fields on one line: a mapping in braces
        kept = []
    escaped = _MARKUP.sub(r"\\\g<0>", title)
    # Of two fields of one name MyST takes the last.
    kept.append(f"title: {json.dumps(escaped, ensure_ascii=False)}")
    return "\n".join([lines[0], *kept, *[""] * (end - 1 - len(kept)), *lines[end:]])
