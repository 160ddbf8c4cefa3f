"""Text as an author meant it, decoded."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Style(StrEnum):
    """How a span of text is set."""

    TEXT = "text"
    EMPHASIS = "emphasis"
    STRONG = "strong"
    LITERAL = "literal"
    SUPERSCRIPT = "superscript"
    SUBSCRIPT = "subscript"
    MATH = "math"


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text in one style."""

    text: str  #: Unicode; for :attr:`Style.MATH` what stood between the dollars
    style: Style = Style.TEXT
    plain: str | None = None  #: what to write where the style cannot be shown
    target: str | None = None  #: the address that it leads to, as written

    def __str__(self) -> str:
        """Return the text for places that know no styles."""
        return self.text if self.plain is None else self.plain


@dataclass(frozen=True, slots=True)
class RichText:
    """Text as an author meant it: Unicode with a few styles and mathematics."""

    spans: tuple[Span, ...]

    def __str__(self) -> str:
        """Return plain Unicode, for metadata, exports and comparison."""
        return "".join(map(str, self.spans))
