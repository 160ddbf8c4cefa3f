"""The places of records in their source files."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple


class FieldSource(NamedTuple):
    """A field of an entry as written in the file."""

    name: str  #: lower case
    value: str  #: macros resolved, white space folded, LaTeX not decoded
    name_at: int  #: offset of the name in the entry's text
    value_at: int  #: offset of the value in the entry's text
    verbatim: str  #: the value with its delimiters, as written
    literal: bool  #: whether the value has no macros but those of months


@dataclass(frozen=True, kw_only=True)
class EntrySource:
    """An entry as written in the file."""

    file: str  #: its name in messages, with forward slashes
    line: int  #: of the ``@``, 1-based
    column: int = 1  #: of the ``@``, 1-based
    text: str  #: verbatim, from the ``@`` to the closing brace
    fields: tuple[FieldSource, ...] = ()
    #: Identifies the macros above it, which its values may contain.
    defined: str = field(default="", compare=False, repr=False)

    def place(self, position: int) -> tuple[int, int]:
        """Return the line and the column of an offset in the text, both 1-based."""
        *above, last = self.text[:position].split("\n")
        return self.line + len(above), len(last) + (1 if above else self.column)


@dataclass(frozen=True, kw_only=True)
class PageSource:
    """A page whose front matter is a record."""

    file: str  #: relative to the site's source directory, with forward slashes
    #: Front matter key -> its 1-based line; deeper ones by path: "awards.0.name".
    lines: tuple[tuple[str, int], ...] = ()
    body: str = ""  #: the text after the front matter, verbatim
    body_line: int = 1  #: 1-based line of the body's first line

    @property
    def docname(self) -> str:
        """The page's document name."""
        return self.file.removesuffix(".md")

    @property
    def slug(self) -> str:
        """The page's file name without its ending."""
        return self.docname.rpartition("/")[2]
