"""BibTeX: each entry as written, without the fields for this site only.

Values are copied from the source, never decoded and encoded again. Only macros of the
file are resolved and inherited fields are written out, so that each entry is complete
for BibTeX and biber.
"""

from __future__ import annotations

from collections.abc import Iterator

from labsite.bibtex.fields import canonical_name, known_field
from labsite.exports.collection import Collection
from labsite.model.dates import MONTH_MACROS
from labsite.model.records import Publication

#: Name of a month -> its macro.
_MONTH_MACROS = {name: macro for macro, name in MONTH_MACROS.items()}


def render(collection: Collection) -> str:
    """Return the entries of all publications, separated by blank lines."""
    return "\n".join(collection.write_items("bibtex", lambda p, _: render_entry(p)))


def render_entry(publication: Publication) -> str:
    """Return the entry of a publication, with a line end."""
    # A path of a file of this site is useless elsewhere.
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
    """Yield the names and values of own and inherited fields in BibTeX's notation."""
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
    """Return a resolved value in BibTeX's notation; biber needs macros for months."""
    macro = _MONTH_MACROS.get(value) if name == "month" else None
    return macro or f"{{{value}}}"
