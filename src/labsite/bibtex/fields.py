"""The one table of the fields that the engine knows, read from ``fields.toml``.

A new field is a line there. What the words mean is said by :class:`Field`.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

#: BibBase's rule: a field of any name after this becomes a button of that name.
NAMED_LINK_PREFIX = "url_"
#: biblatex's notation of remarks on names and items, as in ``author+an:default``.
_ANNOTATION = "+an"


class Datatype(StrEnum):
    """What the value of a field is (biblatex manual, 2.2.1)."""

    NAMES = "names"  #: a name list
    LITERAL = "literal"  #: text in LaTeX
    LITERAL_LIST = "literal list"  #: such texts, joined by "and"
    KEY = "key"  #: a word that styles translate, or text
    KEY_LIST = "key list"
    INTEGER = "integer"  #: a number, or text in its place
    RANGE = "range"  #: of pages or other numbers
    DATE = "date"  #: EDTF
    DATEPART = "datepart"  #: BibTeX's month, and the day
    VERBATIM = "verbatim"  #: no LaTeX
    URI = "uri"  #: an address
    DOI = "doi"  #: bare, or as an address
    TOKENS = "tokens"  #: words joined by commas ("separated values")
    ENTRY_KEYS = "entry keys"  #: of other entries
    ANNOTATIONS = "annotations"  #: of the names of another field
    FLAG = "flag"  #: true or false


LISTS = {Datatype.LITERAL_LIST, Datatype.KEY_LIST}
#: Words or a number, other than names.
TEXTS = {Datatype.LITERAL, Datatype.KEY, Datatype.INTEGER, *LISTS}
_PROSE = {Datatype.NAMES, Datatype.LITERAL, Datatype.LITERAL_LIST}


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field: how it is read, and what it is in other formats."""

    name: str
    datatype: Datatype
    origin: str  #: the system that named it
    meaning: str  #: what the engine makes of it, in Markdown, for the documentation
    aliases: tuple[str, ...] = ()  #: other names that mean the same
    #: Whether a ``crossref`` lends it (biblatex manual, appendix B); what belongs to
    #: the parent itself, such as its DOI, is not lent, other than in biblatex.
    inherited: bool = True
    site: bool = False  #: about this site alone, not about the publication
    published: bool = True  #: whether visitors may see it at all
    label: str | None = None  #: the text of its button
    project: bool = False  #: whether its button puts the paper among the projects
    csl: str | None = None  #: the variable of CSL
    #: The name of that variable in RIS, in HighWire Press's tags and in schema.org.
    ris: str | None = None
    highwire: str | None = None
    schema: str | None = None

    @property
    def exported(self) -> bool:
        """Whether the BibTeX that visitors get has it."""
        return self.published and not self.site

    @property
    def is_read(self) -> bool:
        """Whether the engine makes anything of it."""
        return self.published and not self.meaning.startswith("nothing")

    @property
    def is_prose(self) -> bool:
        """Whether it is made of words in LaTeX, names included."""
        return self.published and self.datatype in _PROSE

    @property
    def is_verbatim(self) -> bool:
        """Whether a program takes its value as it stands, so that it has no LaTeX."""
        return self.datatype in {Datatype.VERBATIM, Datatype.URI, Datatype.DOI}


def _make_field(name: str, row: Mapping[str, Any]) -> Field:
    datatype, aliases = Datatype(row["datatype"]), tuple(row.get("aliases", ()))
    return Field(name=name, **{**row, "datatype": datatype, "aliases": aliases})


_TABLE = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
#: Fields of other systems -> the field to write instead, or the empty text.
FOREIGN: Mapping[str, str] = _TABLE.pop("foreign")
#: Every known field by its name, in the order in which an entry has them.
FIELDS: Mapping[str, Field] = {n: _make_field(n, row) for n, row in _TABLE.items()}
_NAMES = {alias: field.name for field in FIELDS.values() for alias in field.aliases}
#: The fields with a button of their own, in the order in which buttons stand.
LINK_FIELDS: Mapping[str, Field] = {n: f for n, f in FIELDS.items() if f.label}


def canonical_name(name: str) -> str:
    """Return the name under which the engine knows the field *name*."""
    return _NAMES.get(name, name)


def known_field(name: str) -> Field | None:
    """Return what is known of the field *name*, ``None`` if nothing is.

    :param name: in lower case; an alias, ``url_…`` or ``…+an`` too
    """
    if known := FIELDS.get(canonical_name(name)):
        return known
    if name.startswith(NAMED_LINK_PREFIX):
        return FIELDS["website"]
    return FIELDS["author+an"] if _ANNOTATION in name else None


def is_link_field(name: str) -> bool:
    """Tell whether the field *name* makes a button."""
    return name in LINK_FIELDS or name.startswith(NAMED_LINK_PREFIX)
