"""Correct fields of entries mechanically.

Each function takes the text between a value's delimiters and returns it corrected.
Applying a function twice gives the same result as applying it once.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from unicodedata import normalize

from labsite.bibtex.fields import Datatype, known_field
from labsite.bibtex.parser import VENUE_FIELDS
from labsite.bibtex.writer import content
from labsite.editing.identifiers import parse_identifier
from labsite.model.dates import MONTH_MACROS, parse_month
from labsite.text.html import correct_entities, html_to_latex
from labsite.text.latex_encoding import is_balanced
from labsite.text.values import parse_arxiv, parse_doi

if TYPE_CHECKING:
    from collections.abc import Callable, Set
    from typing import TypeAlias

    #: Returns the macro of a venue, usable at a position in the file.
    Meaning: TypeAlias = Callable[..., str | None]

MONTHS = tuple(MONTH_MACROS)
#: Fields of paragraphs, which keep their line breaks.
_PROSE = {"abstract", "annotation", "annote", "note"}
#: Ligatures and invisible characters of text copied from a PDF.
_FROM_PDF = re.compile("[\ufb00-\ufb06\u00ad\u200b\ufeff]")
_UNSEEN = {"\u00ad", "\u200b", "\ufeff"}
#: HTML in names surrounds footnote marks, which are removed elsewhere.
_NAMES = {"author", "editor"}
_MOST_STEPS = 20
_PAGE = r"[A-Za-z]{0,2}\d[\d:.]*"
_DASH = r"\s*[-\u2010-\u2015\u2212]+\s*"
_RANGE = re.compile(rf"({_PAGE}){_DASH}({_PAGE})")
_HOSTS = re.compile(r"\s*https?://(?:[\w-]+\.)?(?:doi|arxiv)\.org/", re.IGNORECASE)
_ARXIV_FIELDS = {"eprint", "arxiv", "archiveprefix", "eprinttype"}


def correct_field(
    field: tuple[str, str], names: Set[str], meaning: Meaning
) -> list[tuple[str, str]]:
    """Return a field corrected; the address of an identifier becomes that identifier.

    :param field: the name in lower case and the value with its delimiters
    :param names: the names of all fields of the entry
    :param meaning: returns the macro that the entry may use for a venue
    """
    name, value = field
    address = content(value) or ""
    is_named = name == "url" and _HOSTS.match(address)
    found = parse_identifier(address) if is_named else None
    if found and found.doi and "doi" not in names:
        return [("doi", f"{{{found.doi}}}")]
    if found and found.arxiv and names.isdisjoint(_ARXIV_FIELDS):
        return [("eprint", f"{{{found.arxiv}}}"), ("archiveprefix", "{arXiv}")]
    return [(name, _correct_value(name, value, meaning))]


def _correct_value(name: str, value: str, meaning: Meaning) -> str:
    """Return the corrected value of a field, with its delimiters."""
    before = content(value)
    if name == "month":
        return _month_macro(before or value) or value
    if before is None:
        return value
    after = correct_text(name, before)
    if not is_balanced(after):
        return value  # A DOI may hide braces as "%7B".
    macro = meaning(after) if name in VENUE_FIELDS else None
    return macro or (value if after == before else f"{{{after}}}")


def correct_text(name: str, text: str) -> str:
    """Return the corrected text of a field."""
    # Repeat until nothing changes, since one correction may enable another.
    corrected = text
    for _ in range(_MOST_STEPS):
        before, corrected = corrected, _correct_once(name, corrected)
        if corrected == before:
            return corrected
    return text  # not a typical mistake


def _correct_once(name: str, text: str) -> str:
    field = known_field(name)
    literal = field is not None and field.is_verbatim
    text = _FROM_PDF.sub(_spell_out, text)
    words = not literal and name not in _NAMES
    text = html_to_latex(text) if words else correct_entities(text, literal=literal)
    text = _correct_spaces(text, keep_lines=name in _PROSE)
    if field and field.datatype is Datatype.DOI:
        return parse_doi(text) or text
    if name in {"eprint", "arxiv"}:
        return parse_arxiv(text) or text
    return correct_pages(text) if name == "pages" else text


def _spell_out(character: re.Match[str]) -> str:
    return "" if character[0] in _UNSEEN else normalize("NFKC", character[0])


def _correct_spaces(text: str, *, keep_lines: bool) -> str:
    """Return *text* without needless spaces."""
    # A space between backslash and brace keeps the brace from being escaped.
    ending = " " if re.search(r"(?<!\\)(?:\\\\)*\\\s+\Z", text) else ""
    if not keep_lines:
        return " ".join(text.split()) + ending
    lines = text.strip().split("\n")
    folded = [re.sub(r"(?<=\S)[^\S\n]+(?=\S)", " ", line).rstrip() for line in lines]
    return "\n".join(folded) + ending


def correct_pages(text: str) -> str:
    """Return *text* with two hyphens in every range of pages.

    A hyphen next to anything but page numbers may be a part of a number.
    """
    parts = [_RANGE.fullmatch(part) for part in re.split(r"\s*,\s*", text)]
    if all(parts):
        return ", ".join(f"{part[1]}--{part[2]}" for part in parts if part)
    return text


def _month_macro(text: str) -> str | None:
    """Return the macro of a month; ``None`` if *text* is not exactly a month."""
    found = parse_month(text) if len(re.findall(r"\w+", text)) == 1 else None
    return MONTHS[found[0] - 1] if found and not found[1] else None
