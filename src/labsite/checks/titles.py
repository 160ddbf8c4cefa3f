"""Rules on titles and venues."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from labsite.bibtex.reporting import find_field, listed, problem
from labsite.checks.text import ANY_MARKUP, MARKUP
from labsite.model.problems import Rule, quote
from labsite.model.records import Kind
from labsite.site.venues import Venues, dated_part
from labsite.text.latex import decode_plain
from labsite.text.titles import is_shouting

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from labsite.model.problems import Problem
    from labsite.model.records import Publication
    from labsite.model.sources import FieldSource

_VENUE_FIELDS = ("booktitle", "journal")
_WORD = re.compile(r"[^\W_]+")
_BRACES = re.compile(r"\{[^{}]*\}")
#: A word that a style spoils which lowers all letters but the first of the title.
_CAPITALS = re.compile(r"\w+[A-Z]|[A-Z]\w*\d")
_MATH = re.compile(r"(?<!\\)\$[^$]*\$")
_COMMAND = re.compile(r"\\(?:[A-Za-z]+|.)")
_REMARK = re.compile(
    r"\b(?:best|outstanding|distinguished)\s+(?:[\w-]+\s+){0,4}?"
    r"(?:award|candidate|nominee|nomination|runner[- ]up|finalist)s?\b|"
    r"\bhonou?rable\s+mention\b|"
    r"[(\[](?:oral|spotlight|highlight|poster|demo|invited|to appear|in press|accepted|"
    r"best|industry track|acceptance rate|top \d+%?)(?!\w)[^)\]]{0,60}[)\]]",
    re.IGNORECASE,
)
#: Series with a year in their names, which are not venues of papers.
_SERIES = re.compile(r"\blecture notes\b", re.IGNORECASE)


def check_title(publication: Publication) -> Iterator[Problem]:
    """Check the content of a title and its capitals."""
    field = find_field(publication.source, "title")
    if field is None:
        return
    yield from _check_content(publication, field, MARKUP, "a title", "title")
    if is_shouting(str(publication.title)):
        message = "the title is in capitals; write it in ordinary letters"
        yield problem(publication, Rule.SHOUTING_TITLE, message, "title")
    elif field.literal:
        bare = unprotected_words(field.verbatim)
        words = list(
            dict.fromkeys(w for w in bare if _CAPITALS.match(w) and w.isascii())
        )
        shown = listed([f"{{{word}}}" for word in words])
        message = f"title: write {shown}; without braces styles take the capitals away"
        rule = Rule.UNPROTECTED_CAPITALS
        yield from (problem(publication, rule, message, "title", w) for w in words[:1])


def find_remark(text: str) -> str | None:
    """Return the remark on an award, a track or acceptance in *text*, if any."""
    found = _REMARK.search(text)
    return found[0] if found else None


def _check_content(
    publication: Publication,
    field: FieldSource,
    pattern: re.Pattern[str],
    what: str,
    name: str,
) -> Iterator[Problem]:
    """Report remarks and markup in *what*."""
    remark = find_remark(field.value)
    if remark:
        message = (
            f"{field.name}: {quote(remark)} is not part of {what}; write award = {{…}} "
            "for an award, note = {…} for a track"
        )
        yield problem(publication, Rule.MISPLACED_REMARK, message, field.name, remark)
    markup = pattern.search(field.value)
    if markup:
        message = f"{field.name}: {quote(markup[0])} is markup; write the {name} alone"
        yield problem(publication, Rule.MARKUP, message, field.name, markup[0])


def unprotected_words(verbatim: str) -> list[str]:
    """Return the words of a value, given with its delimiters, outside of braces."""
    text = _COMMAND.sub("{}", _MATH.sub("{}", verbatim[1:-1]))
    count = 1
    while count:
        text, count = _BRACES.subn("\0", text)
    return _WORD.findall(text)


def check_venues(
    publications: Sequence[Publication], venues: Venues | None
) -> Iterator[Problem]:
    """Check the names of venues, and that those with macros use them.

    The value of a macro is checked once, at its first use.
    """
    known: set[str] = set()
    places = ((p, find_field(p.source, n)) for p in publications for n in _VENUE_FIELDS)
    for publication, field in places:
        if not field or not field.value or (not field.literal and field.value in known):
            continue
        known.add(field.value)
        found = list(
            _check_content(publication, field, ANY_MARKUP, "a venue's name", "name")
        )
        if venues and venues.macros and field.literal and not found:
            found += _check_macro(publication, field, venues)
        part = dated_part(field.value)
        if not found and part and not _SERIES.search(field.value):
            message = f"{field.name}: {quote(part)} is not part of the venue's name; "
            message += "leave out what changes with each meeting"
            rule = Rule.DATE_IN_VENUE
            found.append(problem(publication, rule, message, field.name, part))
        yield from found


def _check_macro(
    publication: Publication, field: FieldSource, venues: Venues
) -> Iterator[Problem]:
    if publication.kind is Kind.PREPRINT or publication.field("shortjournal", "abbr"):
        return
    name, rule = decode_plain(field.value), Rule.SPELT_OUT_VENUE
    meant = venues.meaning(field.value)
    near = None if meant else venues.nearest(name)
    if meant:
        message = f"a macro means this venue; write {meant.macro}, without braces"
    else:
        rule = Rule.UNKNOWN_VENUE
        remedy = 'define one with @string{NAME = "…"} at the head of the file'
        if near:
            remedy = f"did you mean {near.macro}, {quote(near.name)}?"
        message = f"no macro means {quote(name)}; {remedy}"
    yield problem(publication, rule, f"{field.name}: {message}", field.name)
