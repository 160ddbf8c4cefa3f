"""Encode Unicode as LaTeX for values of BibTeX files."""

from __future__ import annotations

import re
from functools import cache

from pylatexenc.latexencode import unicode_to_latex

from labsite.model.records import Creator
from labsite.text.html import IN_LATEX
from labsite.text.latex import decode_plain
from labsite.text.latex_tables import PUNCTUATION, brace_depths

_PUNCTUATION, _ESCAPES = str.maketrans(dict(PUNCTUATION)), str.maketrans(IN_LATEX)
_MATHEMATICS = re.compile(r"(\$[^$]+\$)")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]")
#: BibTeX splits names at commas and at "and".
_NEEDS_BRACES = re.compile(r",|\band\b", re.IGNORECASE)


def encode_accents(latex: str) -> str:
    r"""Return LaTeX with commands for the letters that have one: ``{\~n}`` for ñ."""
    latex = _CONTROL.sub("", latex.translate(_PUNCTUATION))
    return "".join(c if c.isascii() else _encode_letter(c) for c in latex)


@cache
def _encode_letter(letter: str) -> str:
    """Return the command for a letter, or the letter if there is none for it."""
    latex: str = unicode_to_latex(
        letter,
        replacement_latex_protection="braces-almost-all",
        unknown_char_warning=False,
    )
    return latex if decode_plain(latex) == letter else letter


def encode(text: str) -> str:
    """Return plain Unicode as LaTeX; text between two dollars is LaTeX already."""
    parts = _MATHEMATICS.split(text)
    encoded = (
        part if number % 2 and is_balanced(part) else part.translate(_ESCAPES)
        for number, part in enumerate(parts)
    )
    return encode_accents("".join(encoded))


def is_balanced(latex: str) -> bool:
    """Return whether all braces are balanced."""
    depths = brace_depths(latex)
    return min(depths) == depths[-1] == 0


def delimit(latex: str) -> str:
    """Return a value in braces, without its own if these are not balanced."""
    return f"{{{latex if is_balanced(latex) else re.sub('[{}]', '', latex)}}}"


def encode_creator(creator: Creator) -> str:
    """Return a name in the form "von Family, Jr, Given"."""
    parts = (creator.particle, creator.suffix, creator.given)
    particle, suffix, given = map(_encode_part, parts)
    if creator.literal or (" " in creator.family and not any(parts)):
        return f"{{{encode(creator.family)}}}"
    family = f"{particle} {_encode_part(creator.family)}".strip()
    return ", ".join(filter(None, (family, suffix, given)))


def _encode_part(part: str | None) -> str:
    latex = encode(part or "")
    return f"{{{latex}}}" if _NEEDS_BRACES.search(latex) else latex


def encode_creators(creators: tuple[Creator, ...]) -> str:
    """Return a name list of BibTeX."""
    return " and ".join(map(encode_creator, creators))
