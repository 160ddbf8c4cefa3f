"""BibTeX: each entry as its author wrote it, without what only this site reads.

Nothing is decoded and encoded again: values are cut from the source at the parser's
offsets. What is written differently is only what would not survive outside the file: a
value that needs one of its macros is resolved, and what an entry inherits is written
out. So every exported entry stands alone, for BibTeX and for biber.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from labsite.bibtex.fields import canonical_name, known_field
from labsite.model.dates import MONTH_MACROS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from labsite.exports.collection import Collection
    from labsite.model.records import Publication
    from labsite.model.sources import FieldSource

#: A month's name, to which pybtex resolves it -> the macro that every style knows.
_MONTH_MACROS = {name: macro for macro, name in MONTH_MACROS.items()}


def render(collection: Collection) -> str:
    """Return the entries of all publications, a blank line between two."""
    return "\n".join(collection.write_items("bibtex", lambda p, _: render_entry(p)))


def render_entry(publication: Publication) -> str:
    """Return the entry of one publication, with a line end after its last brace."""
    fields = [*_own_fields(publication), *_inherited_fields(publication)]
    width = max(len(name) for name, _ in fields)
    lines = [f"  {name:<{width}} = {value},\n" for name, value in fields]
    return f"@{publication.entry_type}{{{publication.key},\n{''.join(lines)}}}\n"


def _own_fields(publication: Publication) -> Iterator[tuple[str, str]]:
    """Yield name and value, in BibTeX's notation, of what the entry itself says."""
    resolved = dict(publication.fields)
    local = _local_links(publication)
    # Of two fields of one name the first counts, also if it is empty.
    first = {field.name: field for field in reversed(publication.source.fields)}
    for field in publication.source.fields:
        counts = field is first[field.name] and _was_read(field, resolved)
        if not counts or _is_for_site(field.name, local):
            continue
        if field.literal:
            yield field.name, field.verbatim
        else:
            yield field.name, _in_braces(field.name, field.value)


def _inherited_fields(publication: Publication) -> Iterator[tuple[str, str]]:
    """Yield name and value of what the entry takes over from those it refers to."""
    own = {canonical_name(name) for name, _ in _own_fields(publication)}
    local = _local_links(publication)
    for name, value in publication.fields:
        if name not in own and not _is_for_site(name, local):
            yield name, _in_braces(name, value)


def _was_read(field: FieldSource, resolved: dict[str, str]) -> bool:
    """Tell whether the field, under its name or a synonym, is part of the record.

    It is not if it is empty, or if the entry has it twice and this is the second.
    """
    if field.name in resolved:
        return resolved[field.name] == field.value
    return field.value in resolved.values()


def _local_links(publication: Publication) -> set[str]:
    """Return the links that mean nothing away from this site."""
    return {link.name for link in publication.links if "://" not in link.url}


def _is_for_site(name: str, local: set[str]) -> bool:
    """Tell whether visitors do not get a field: all but what the table allows."""
    known = known_field(name)
    return known is None or not known.exported or name in local


def _in_braces(name: str, value: str) -> str:
    """Write a resolved value; biber takes no month's name, but its macro."""
    macro = _MONTH_MACROS.get(value) if name == "month" else None
    return macro or f"{{{value}}}"
