"""Rules on text: titles, venues, and traces of HTML, PDF and LaTeX."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from html.entities import html5
from itertools import islice, product
from typing import TypeAlias

from labsite.bibtex.fields import PROSE, known_field
from labsite.bibtex.reporting import MOST, find_field, listed, problem
from labsite.model.files import DISGUISED, name_disguised
from labsite.model.problems import Problem, Rule, quote
from labsite.model.records import Kind, Publication
from labsite.model.rich_text import Style
from labsite.model.sources import FieldSource
from labsite.site.venues import Venues, dated_part
from labsite.text.formulas import find_fault
from labsite.text.html import ENTITY, TAGS, unescape_tags
from labsite.text.latex import decode, decode_plain
from labsite.text.latex_tables import unknown_commands
from labsite.text.titles import is_shouting

_NAMES = {"author", "editor"}
_TAG = re.compile(
    rf"</?(?:{'|'.join(sorted(TAGS))})(?::[\w-]+)?(?:\s[^<>]*)?/?>|<!--",
    re.IGNORECASE | re.ASCII,
)
_LIGATURE = re.compile("\\w{0,40}[\ufb00-\ufb06]\\w{0,40}")
_BROKEN_WORD = re.compile(r"\b([^\W\d_]{2,40})- ([a-z]{2,40})\b")
#: Words that may follow a hyphen and a space: "pre- and post-training".
_AFTER_HYPHEN = {"and", "as", "bis", "but", "en", "et", "nor", "och", "oder", "og",
                 "or", "ou", "sowie", "through", "to", "und", "versus",
                 "vs"}  # fmt: skip
#: Markdown, but neither accents nor quotation marks.
_MARKDOWN = r"\*\*|__|(?<![\\`?!])`[^`'\s][^`']*(?<![\\`])`(?!`)|\]\("
#: Fonts and links, in LaTeX or Markdown; a title may have emphasis and superscripts.
MARKUP = re.compile(
    r"\\(?:href|url|footnote|thanks|(?:text)?color|uline|underline|textbf|bf)\b|"
    + _MARKDOWN
)
_STYLED = re.compile(rf"{MARKUP.pattern}|\\(?:text(?:it|sc|sl|tt)|emph|it)\b")
ANY_MARKUP = re.compile(rf"{_STYLED.pattern}|\\textsuperscript\b")
_MATH = re.compile(r"(?<!\\)\$[^$]*\$|\\\([^)]{0,300}\\\)")
_FORMULA = re.compile(r"\$|\\[(\[]|\\(?:ensuremath|begin)\b|<mml|<math")
#: Commands with addresses or formulas of chemistry; with escapes and mathematics.
_ADDRESS = re.compile(r"\\(?:url|href|path|ce)\s*\{(?:[^{}]|\{[^{}]*\})*\}")
_ESCAPED = re.compile(
    rf"{_MATH.pattern}|{_ADDRESS.pattern}|\\verb\*?([^\w\s*]).*?\1|"
    r"\\[^A-Za-z]|&#?\w{1,32};"
)
_SPECIAL = re.compile(r"[&%#_^$]")
_REMEDIES = {
    "_": r"write \_, or mathematics between dollars: $x_2$",
    "^": "write mathematics between dollars: $x^2$",
    "$": r"write \$, or add the other one of the formula",
}
_WORD = re.compile(r"[^\W_]+")
_BRACES = re.compile(r"\{[^{}]*\}")
#: A word that a style spoils which lowers all letters but the first of the title.
_CAPITALS = re.compile(r"\w+[A-Z]|[A-Z]\w*\d")
_COMMAND = re.compile(r"\\(?:[A-Za-z]+|.)")
_REMARK = re.compile(
    r"\b(?:best|outstanding|distinguished)\s+(?:[\w-]+\s+){0,4}?(?:award|"
    # Not "the best drug candidates".
    r"(?:paper|poster|demo|presentation|talk|student|thesis|dissertation|artifact)\s+"
    r"(?:candidate|nominee|nomination|runner[- ]up|finalist))s?\b|"
    r"\bhonou?rable\s+mention\b|"
    r"[(\[](?:(?:oral|spotlight|highlight|poster|demo|invited|to appear|accepted|"
    r"in press|industry track|submitted|in submission|under(?: [\w-]+){0,2} review)"
    r"(?:[\s-]+(?:paper|presentation|talk|track|session|at|in|to)\b[^)\]]{0,60})?|"
    r"(?:acceptance rate|top \d+%|best (?:student |paper|poster|demo))[^)\]]{0,60})"
    r"[)\]]",
    re.IGNORECASE,
)
#: Series with a year in their names, which are not venues of papers.
_SERIES = re.compile(r"\blecture notes\b", re.IGNORECASE)


def check_text(publication: Publication) -> Iterator[Problem]:
    """Check the text of prose fields, and the content of a title."""
    if title := find_field(publication.source, "title"):
        yield from _check_content(publication, title, MARKUP, "a title")
    # The value of a macro is checked at its first use, as a venue.
    fields = [field for field in publication.source.fields if field.literal]
    words = list(filter(_is_prose, fields))
    # A tag around a mark at a name is reported as a mark.
    unnamed = [field for field in words if field.name not in _NAMES]
    for rule, (needed, find) in _RULES.items():
        among = unnamed if rule is Rule.HTML_TAG else words
        among = fields if rule in _ANYWHERE else among
        found = (
            (field.name, *fault)
            for field in among
            if needed.search(field.value)
            for fault in islice(find(field), 1)
        )
        for name, part, message in islice(found, MOST):
            yield problem(publication, rule, f"{name}: {message}", name, part)


def _is_prose(field: FieldSource) -> bool:
    known = known_field(field.name)
    return bool(known and known.published and known.datatype in PROSE)


def check_commands(publications: Sequence[Publication]) -> Iterator[Problem]:
    """Report each unknown command of LaTeX once, at its first place."""
    found: dict[str, dict[str, tuple[Publication, str]]] = defaultdict(dict)
    for publication in publications:
        for field in publication.source.fields:
            if "\\" in field.value and _is_prose(field):
                text = _ADDRESS.sub("", _MATH.sub("", field.value))
                for command in unknown_commands(text)[:MOST]:
                    place = publication, field.name
                    found[command].setdefault(publication.key, place)
    for command, places in found.items():
        publication, name = next(iter(places.values()))
        message = f"{name}: the command '{command}' is not known here and is left out; "
        message += "write the character itself, or the words without it"
        if len(places) > 1:
            message += f"; the same in {len(places) - 1} more"
        yield problem(publication, Rule.BAD_LATEX, message, name, command)


#: Parts of a field, each with what is wrong with it.
_Faults: TypeAlias = "Iterator[tuple[str, str]]"


def _find_tags(field: FieldSource) -> _Faults:
    for tag in _TAG.findall(_MATH.sub("", unescape_tags(field.value))):
        yield tag, f"{quote(tag)} is HTML; write LaTeX, or the text alone"


def _find_entities(field: FieldSource) -> _Faults:
    for found in ENTITY.finditer(field.value):
        if f"{found[1]};" in html5 or found[1].startswith("#"):
            yield found[0], f"'{found[0]}' is HTML; write the character, & as \\&"


def _find_invisible(field: FieldSource) -> _Faults:
    for found in DISGUISED.finditer(field.verbatim):
        before = field.verbatim[max(found.start() - 20, 0) : found.start()].lstrip('{"')
        after = f" after {quote(before)}" if before.strip() else ""
        message = f"there is the character {name_disguised(found[0])}{after}"
        yield found[0], f"{message}; retype the words there"


def _find_ligatures(field: FieldSource) -> _Faults:
    for word in _LIGATURE.findall(field.value):
        plain = quote(unicodedata.normalize("NFKC", word))
        yield word, f"{quote(word)} has joined letters from a PDF; write {plain}"


def _find_broken_words(field: FieldSource) -> _Faults:
    for found in _BROKEN_WORD.finditer(field.value):
        start, end = found.groups()
        if end not in _AFTER_HYPHEN:
            message = f"'{found[0]}' was broken at the end of a line; write "
            yield found[0], f"{message}'{start}{end}' or '{start}-{end}'"


def _find_formula(field: FieldSource) -> _Faults:
    for span in decode(field.value).spans:
        fault = find_fault(span.text) if span.style is Style.MATH else None
        if fault:
            message = f"cannot convert the formula {quote(span.text)}: {fault}; write "
            yield span.text, f"{message}simpler LaTeX, such as $O(n^2)$"


def _find_special(field: FieldSource) -> _Faults:
    if field.name == "abstract" or "sort" in field.name:  # no style prints them
        return
    bare = _ESCAPED.sub(lambda escaped: "\0" * len(escaped[0]), field.value)
    for found in _SPECIAL.finditer(bare):
        remedy = _REMEDIES.get(found[0], f"write \\{found[0]}")
        start, end = found.span()
        context = quote(field.value[max(start - 15, 0) : end + 15])
        message = f"'{found[0]}' in {context} is a command in LaTeX; {remedy}"
        yield field.value[start : end + 40], message


_ANYWHERE = {Rule.HTML_ENTITY, Rule.INVISIBLE_CHARACTER}
#: Of each rule, the characters without which a text cannot break it, and the function
#: that finds the message and the part to point at.
_RULES = {
    Rule.BAD_LATEX: (_FORMULA, _find_formula),
    Rule.HTML_ENTITY: (re.compile("&"), _find_entities),
    Rule.INVISIBLE_CHARACTER: (re.compile(r"[^\x00-\x7f]"), _find_invisible),
    Rule.HTML_TAG: (re.compile("<|less|lt"), _find_tags),
    Rule.LIGATURE: (re.compile("[\ufb00-\ufb06]"), _find_ligatures),
    Rule.LINE_WRAP_HYPHEN: (re.compile("- "), _find_broken_words),
    Rule.UNESCAPED_CHARACTER: (_SPECIAL, _find_special),
}


def check_capitals(publication: Publication) -> Iterator[Problem]:
    """Check the capitals of a title."""
    field = find_field(publication.source, "title")
    if field and is_shouting(str(publication.title)):
        message = "the title is in capitals; write it in ordinary letters"
        yield problem(publication, Rule.SHOUTING_TITLE, message, "title")
    elif field and field.literal:
        bare = dict.fromkeys(unprotected_words(field.verbatim))
        if words := [w for w in bare if w.isascii() and _CAPITALS.match(w)]:
            shown = listed([f"{{{word}}}" for word in words])
            rule, message = Rule.UNPROTECTED_CAPITALS, f"title: write {shown}; without "
            message += "braces styles take the capitals away"
            yield problem(publication, rule, message, "title", words[0])


def _check_content(
    publication: Publication, field: FieldSource, pattern: re.Pattern[str], what: str
) -> Iterator[Problem]:
    """Report remarks and markup in *what*."""
    yield from check_remark(publication, field, what)
    if markup := pattern.search(field.value):
        alone = what.rpartition(" ")[2]
        message = f"{field.name}: {quote(markup[0])} is markup; write the {alone} alone"
        yield problem(publication, Rule.MARKUP, message, field.name, markup[0])


def check_remark(
    publication: Publication, field: FieldSource, what: str
) -> Iterator[Problem]:
    """Report an award or a track in *what*."""
    if remark := _REMARK.search(field.value):
        message = (
            f"{field.name}: {quote(remark[0])} is not part of {what}; write award = "
            "{…} for an award, note = {…} for other remarks"
        )
        rule = Rule.MISPLACED_REMARK
        yield problem(publication, rule, message, field.name, remark[0])


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
    for publication, name in product(publications, ("booktitle", "journal")):
        field = find_field(publication.source, name)
        if not field or not field.value or (not field.literal and field.value in known):
            continue
        known.add(field.value)
        found = list(_check_content(publication, field, _STYLED, "a venue's name"))
        # A book is named as its title is, and journals may have a number in their name.
        is_book = publication.kind is Kind.BOOK
        if venues and venues.macros and field.literal and not (found or is_book):
            found += _check_macro(publication, field, venues)
        part = dated_part(field.value) or ""
        numbered = field.name == "journal" and not part[-2:].isdecimal()
        is_preprint = publication.kind is Kind.PREPRINT  # of arXiv:2003.01234
        known_name = is_book or is_preprint or numbered or _SERIES.search(field.value)
        if part and not (found or known_name):
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
    if meant := venues.meaning(field.value):
        rule = Rule.SPELT_OUT_VENUE
        message = f"a macro means this venue; write {meant.macro}, without braces"
    else:
        rule, name = Rule.UNKNOWN_VENUE, decode_plain(field.value)
        remedy = 'define one with @string{NAME = "…"} at the head of the file'
        if part := dated_part(name):
            remedy += f", without {quote(part)}"
        if near := venues.nearest(name):
            remedy = f"did you mean {near.macro}, {quote(near.name)}?"
        message = f"no macro means {quote(name)}; {remedy}"
    yield problem(publication, rule, f"{field.name}: {message}", field.name)
