"""The tables of fields and types of entries: ``fields.toml``, ``entry_types.toml``.

:class:`Field` explains the keys of the rows of fields.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from labsite.model.records import Kind
from labsite.model.tables import by_name, read_table
from labsite.text.spellings import find_nearest

#: As in BibBase, a field with any name after this prefix is a button.
NAMED_LINK_PREFIX = "url_"
#: biblatex's notation for annotations, as in ``author+an:default``.
_ANNOTATION = "+an"
#: What "eventmonth", "urlday" and "endyear" have before the name of a known field.
_DATE_PREFIX = re.compile(r"(?:event|orig|url)?(?:end)?(?=(?:year|month|day)$)")


class Datatype(StrEnum):
    """The datatypes of fields (biblatex manual, 2.2.1)."""

    NAMES = "names"  #: a name list
    LITERAL = "literal"  #: text in LaTeX
    LITERAL_LIST = "literal list"  #: texts joined by "and"
    KEY = "key"  #: a word that styles translate, or text
    KEY_LIST = "key list"
    INTEGER = "integer"  #: a number, or text
    RANGE = "range"  #: of pages or other numbers
    DATE = "date"  #: EDTF
    DATEPART = "datepart"  #: BibTeX's month, and the day
    VERBATIM = "verbatim"  #: not LaTeX
    URI = "uri"  #: an address
    DOI = "doi"  #: bare, or as an address
    TOKENS = "tokens"  #: words joined by commas ("separated values")
    ENTRY_KEYS = "entry keys"  #: of other entries
    ANNOTATIONS = "annotations"  #: of the names of another field
    FLAG = "flag"  #: true or false


LISTS = {Datatype.LITERAL_LIST, Datatype.KEY_LIST}
#: Datatypes of text other than names.
TEXTS = {Datatype.LITERAL, Datatype.KEY, Datatype.INTEGER, *LISTS}
#: Datatypes of values that are not LaTeX.
VERBATIM = {Datatype.VERBATIM, Datatype.URI, Datatype.DOI}
#: Datatypes of text in LaTeX.
PROSE = {Datatype.NAMES, Datatype.RANGE, *TEXTS} - {Datatype.KEY, Datatype.KEY_LIST}


@dataclass(frozen=True, kw_only=True)
class Field:
    """A row of the table: how a field is read, shown and exported."""

    name: str
    datatype: Datatype
    origin: str  #: the system that the name comes from
    meaning: str  #: for the documentation, in Markdown; "not used…" if it is not
    aliases: Sequence[str] = ()  #: other names
    #: Whether entries inherit it by ``crossref`` (biblatex manual, appendix B); other
    #: than in biblatex, not if it belongs to the parent alone, as its DOI.
    inherited: bool = True
    site: bool = False  #: about this site only, not about the publication
    published: bool = True  #: whether visitors can see it
    label: str | None = None  #: of its button, for datatypes URI and DOI
    project: bool = False  #: whether its button puts the paper among the projects
    #: The variable of CSL. ``make_item`` of :mod:`labsite.exports.csl_json` sets it for
    #: texts, names and dates; for another datatype it needs a line of its own there.
    csl: str | None = None
    #: The name of that variable in RIS, in HighWire Press's tags and in schema.org.
    ris: str | None = None
    highwire: str | None = None
    schema: str | None = None

    @property
    def exported(self) -> bool:
        """Whether the BibTeX for visitors has it."""
        return self.published and not self.site


_TABLE = read_table(__file__, "fields.toml")
_TYPES = {
    name: row
    for names, row in read_table(__file__, "entry_types.toml").items()
    for name in names.split()
}
#: Field of another system -> the field to write instead, or "".
FOREIGN = by_name(_TABLE.pop("foreign"))
#: All known fields by name, in the order of fields in an entry.
FIELDS: Mapping[str, Field] = {
    name: Field(name=name, **row | {"datatype": Datatype(row["datatype"])})
    for names, row in _TABLE.items()
    for name in names.split()
}
#: Other name of a field -> its name.
ALIASES = {alias: field.name for field in FIELDS.values() for alias in field.aliases}
#: Names for which another may be a misspelling.
_NAMES = frozenset({*FIELDS, *ALIASES})
#: The fields with a button, in the order of buttons.
LINK_FIELDS: Mapping[str, Field] = {n: f for n, f in FIELDS.items() if f.label}

#: Type -> kind; unknown types are :attr:`Kind.OTHER`.
KINDS: Mapping[str, Kind] = {n: Kind(t.get("kind", "other")) for n, t in _TYPES.items()}
#: Type -> the fields that BibTeX requires; each tuple has alternatives.
NEEDED: Mapping[str, tuple[tuple[str, ...], ...]] = {
    name: tuple(tuple(field.split("|")) for field in row.get("needs", ()))
    for name, row in _TYPES.items()
}
ENTRY_TYPES = frozenset(_TYPES)
_CONTENTS = {name: row["contains"] for name, row in _TYPES.items() if "contains" in row}
#: Types for entries that others inherit from only.
DATA_TYPES = {name for name, what in _CONTENTS.items() if what == "data"}
#: Types of works that consist of others. They are publications if no other entry
#: inherits from them.
CONTAINER_TYPES = {name for name, what in _CONTENTS.items() if what != "chapters"}
#: Types of whole works, from which parts inherit the title.
WHOLE_TYPES = _CONTENTS.keys() - DATA_TYPES


def canonical_name(name: str) -> str:
    """Return the name of the field for which *name* is an alias, else *name*."""
    return ALIASES.get(name, name)


def known_field(name: str) -> Field | None:
    """Return the row of a field, an alias, ``url_…`` or ``…+an``, if it is known."""
    if known := FIELDS.get(_DATE_PREFIX.sub("", canonical_name(name))):
        return known
    if name.startswith(NAMED_LINK_PREFIX):
        return FIELDS["website"]
    base, annotated, _ = name.partition(_ANNOTATION)
    return FIELDS["author+an"] if annotated and known_field(base) else None


def is_link_field(name: str) -> bool:
    """Return whether the field *name* is a button."""
    return name in LINK_FIELDS or name.startswith(NAMED_LINK_PREFIX)


@lru_cache(maxsize=1024)  # entries share a few names
def find_correct(name: str) -> str | None:
    """Return the field of which the unknown field *name* may be a misspelling."""
    # Tools number fields that they have several of: "author2", "isbn13".
    known = known_field(name) or name in FOREIGN or name[-1].isdigit()
    return None if known or name.startswith("bdsk") else find_near(name, _NAMES)


@lru_cache(maxsize=1024)  # entries share a few types
def find_near(name: str, known: frozenset[str]) -> str | None:
    """Return the *known* name of which *name* may be a misspelling."""
    near = find_nearest(name, known, 0.83)  # "auther" has 0.833
    # Not names made of another: "author-l", "xmldata", or "OPTorganization" of editors.
    return None if near and len(name) > len(near) + 1 else near
