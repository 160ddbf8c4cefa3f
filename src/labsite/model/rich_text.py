"""Decoded text with styles and formulas."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Style(StrEnum):
    """The style of a span of text."""

    TEXT = "text"
    EMPHASIS = "emphasis"
    STRONG = "strong"
    LITERAL = "literal"
    SUPERSCRIPT = "superscript"
    SUBSCRIPT = "subscript"
    MATH = "math"


@dataclass(frozen=True)
class Span:
    """Text in one style."""

    text: str  #: Unicode; for :attr:`Style.MATH` the LaTeX between the dollars
    style: Style = Style.TEXT
    plain: str | None = None  #: the text without the style, if it differs
    target: str | None = None  #: the address of a link, as written

    def __str__(self) -> str:
        """Return the text without styles."""
        return self.text if self.plain is None else self.plain


@dataclass(frozen=True)
class RichText:
    """Unicode text with styles and formulas."""

    spans: tuple[Span, ...]

    def __str__(self) -> str:
        """Return plain Unicode."""
        return "".join(map(str, self.spans))
