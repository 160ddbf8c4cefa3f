"""Titles: capitals that stay, and no more than the title."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from labsite.bibtex.reporting import find_field, listed, problem
from labsite.checks.text import MARKDOWN
from labsite.model.problems import Rule, quote
from labsite.text.titles import is_shouting

if TYPE_CHECKING:
    from collections.abc import Iterator

    from labsite.model.problems import Problem
    from labsite.model.records import Publication

_WORD = re.compile(r"[^\W_]+")
_MATH = re.compile(r"(?<!\\)\$[^$]*\$")
_COMMAND = re.compile(r"\\(?:[A-Za-z]+|.)")
#: Markdown and LaTeX that no title needs; emphasis and scripts may be meant.
_MARKUP = re.compile(
    r"\\(?:href|url|footnote|thanks|color|textcolor|uline|underline|textbf|bf)\b|"
    + MARKDOWN
)
_REMARK = re.compile(
    r"\b(?:best|outstanding|distinguished)\s+(?:[\w-]+\s+){0,4}?"
    r"(?:award|candidate|nominee|nomination|runner[- ]up|finalist)s?\b|"
    r"\bhonou?rable\s+mention\b|"
    r"[(\[](?:oral|spotlight|highlight|poster|demo|invited|to appear|in press|accepted|"
    r"best|industry track|acceptance rate|top \d+%?)(?!\w)[^)\]]{0,60}[)\]]",
    re.IGNORECASE,
)


def check_title(publication: Publication) -> Iterator[Problem]:
    """Ask for a title in words of which only names and acronyms keep capitals."""
    field = find_field(publication.source, "title")
    if field is None:
        return
    remark = find_remark(field.value)
    if remark:
        message = f"title: {quote(remark)} is not part of a title; {REMARK_REMEDY}"
        yield problem(publication, Rule.MISPLACED_REMARK, message, "title", remark)
    markup = _MARKUP.search(field.value)
    if markup:
        message = f"title: {quote(markup[0])} is markup; write the title alone"
        yield problem(publication, Rule.MARKUP, message, "title", markup[0])
    if is_shouting(str(publication.title)):
        message = "the title is in capitals; write it in ordinary letters"
        yield problem(publication, Rule.SHOUTING_TITLE, message, "title")
    elif field.literal:
        yield from _check_capitals(publication, field.verbatim)


REMARK_REMEDY = "write award = {…} for an award, note = {…} for a track"


def find_remark(text: str) -> str | None:
    """Return what *text* says of an award, a track or its fate, if it does."""
    found = _REMARK.search(text)
    return found[0] if found else None


def _check_capitals(publication: Publication, verbatim: str) -> Iterator[Problem]:
    words = dict.fromkeys(filter(_has_capitals, unprotected_words(verbatim)))
    if words:
        shown = listed([f"{{{word}}}" for word in words])
        message = f"title: write {shown}; without braces styles take the capitals away"
        first = next(iter(words))
        yield problem(publication, Rule.UNPROTECTED_CAPITALS, message, "title", first)


def unprotected_words(verbatim: str) -> list[str]:
    """Return the words of a value that no braces protect, with its delimiters on."""
    depth = 0
    bare: list[str] = []
    text = _MATH.sub("{}", verbatim[1:-1])
    for character in _COMMAND.sub("{}", text):
        depth += (character == "{") - (character == "}")
        bare.append(character if depth <= 0 and character != "}" else "{")
    return _WORD.findall("".join(bare))


def _has_capitals(word: str) -> bool:
    """Tell whether a style that lowers all but the first letter spoils *word*."""
    if not word.isascii():
        return False
    capitals = sum(map(str.isupper, word))
    numbered = any(map(str.isdigit, word)) and capitals > 0
    return numbered or capitals > 1 or (capitals == 1 and word[0].islower())
