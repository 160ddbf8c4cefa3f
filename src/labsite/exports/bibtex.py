"""BibTeX: each entry as its author wrote it, without what only this site reads.

Nothing is decoded and encoded again: values are cut from the source at the parser's
offsets. What is written differently is only what would not survive outside the file: a
value that needs one of its macros is resolved, and what an entry inherits is written
out. So every exported entry stands alone, for BibTeX and for biber.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from labsite.bibtex.fields import canonical_name, known_field
from labsite.model.dates import MONTH_MACROS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from labsite.exports.collection import Collection
    from labsite.model.records import Publication

#: An entry of an export begins at the start of a line.
_KEY = re.compile(r"^@\w+\{([^\s,]+),$", re.MULTILINE)
#: A month's name, to which pybtex resolves it -> the macro that every style knows.
_MONTH_MACROS = {name: macro for macro, name in MONTH_MACROS.items()}


def render(collection: Collection) -> str:
    """Return the entries of all publications, a blank line between two."""
    return "\n".join(collection.write_items("bibtex", lambda p, _: render_entry(p)))


def find_keys(text: str) -> list[str]:
    """Return the citation keys in an export."""
    return _KEY.findall(text)


def render_entry(publication: Publication) -> str:
    """Return the entry of one publication, with a line end after its last brace."""
    # A link to a file of this site means nothing away from it.
    local = {link.name for link in publication.links if "://" not in link.url}
    fields = {
        name: value
        for name, value in _fields(publication)
        if name not in local and (known := known_field(name)) and known.exported
    }
    width = max(map(len, fields))
    lines = [f"  {name:<{width}} = {value},\n" for name, value in fields.items()]
    return f"@{publication.entry_type}{{{publication.key},\n{''.join(lines)}}}\n"


def _fields(publication: Publication) -> Iterator[tuple[str, str]]:
    """Yield name and value, in BibTeX's notation, of what is written or inherited.

    Of fields with one meaning only the first is part of the record.
    """
    rest = dict(publication.fields)
    for field in publication.source.fields:
        name = canonical_name(field.name)
        if rest.get(name) == field.value:
            del rest[name]
            resolved = _in_braces(field.name, field.value)
            yield field.name, field.verbatim if field.literal else resolved
    for name, value in rest.items():
        yield name, _in_braces(name, value)


def _in_braces(name: str, value: str) -> str:
    """Write a resolved value; biber takes no month's name, but its macro."""
    macro = _MONTH_MACROS.get(value) if name == "month" else None
    return macro or f"{{{value}}}"
