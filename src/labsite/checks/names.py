"""Names of authors and editors: one person each, as people write themselves."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from labsite.bibtex.reporting import find_field, listed, problem
from labsite.checks.text import MARKDOWN
from labsite.model.problems import Rule, quote
from labsite.text.names import parse_creator, split_names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from labsite.model.problems import Problem
    from labsite.model.records import Creator, Publication

#: With the asterisks of Unicode, which look like the one on the keyboard.
_MARKS = frozenset("*\u2217\u204e\u22c6†‡§¶★☆✉@|+=/[]<>")
_ET_AL = re.compile(r"\bet\.?\s*al\b|…|\.\.\.|^others\.?$", re.IGNORECASE)
_OTHERS = re.compile(r"\sand\s+others\s*$")
#: Of the name of a body, to which a number may belong: "Task 2 Consortium".
_BODY = re.compile(
    r"\b(?:collaborat|consorti|group|initiative|network|team)", re.IGNORECASE
)
_JOINED = re.compile(r";|\s\\?&\s")
#: What may stand between the commas of "Family, Jr, Given".
_SUFFIXES = {"jr", "sr", "ii", "iii", "iv", "v", "vi", "vii", "2nd", "3rd", "phd", "md"}
_SHORTEST_SHOUT = 3  #: capitals that are no initials


class _Name(NamedTuple):
    """One name of a list."""

    written: str
    creator: Creator

    @property
    def is_whole(self) -> bool:
        """Whether braces say that this is a group, or a name of one part."""
        return self.written.startswith("{") and self.written.endswith("}")


def check_names(publication: Publication) -> Iterator[Problem]:
    """Ask for names of people, each complete, and for all of them."""
    for field in ("author", "editor"):
        own = find_field(publication.source, field)
        if own is None or not own.value:
            continue
        names = list(_read(publication, field, own.value))
        broken = [_broken_rules(name) for name in names]
        for rule, (_find, message) in _RULES.items() if any(broken) else ():
            bad = [
                name for name, found in zip(names, broken, strict=True) if rule in found
            ]
            if bad:
                yield _report_names(publication, rule, message, field, bad)
        yield from _check_repetition(publication, field, names)
        if _OTHERS.search(own.value):
            message = f"{field}: the list ends in 'and others'; name everybody"
            yield problem(publication, Rule.AND_OTHERS, message, field, "others")


@lru_cache(maxsize=2**14)  # most people stand in many entries
def _broken_rules(name: _Name) -> frozenset[Rule]:
    return frozenset(rule for rule, (find, _message) in _RULES.items() if find(name))


def _read(publication: Publication, field: str, text: str) -> Iterator[_Name]:
    written = [name.strip() for name in split_names(text)]
    written = [name for name in written if name and name != "others"]
    creators: Sequence[Creator | None] = publication.creators
    is_read = field == "author" or find_field(publication.source, "author") is None
    if not is_read or len(creators) != len(written):
        creators = [parse_creator(name, _hear_nothing) for name in written]
    for name, creator in zip(written, creators, strict=True):
        if creator:
            yield _Name(name, creator)


def _hear_nothing(_message: str) -> None:
    """Take what the reader has complained of already."""


def _report_names(
    publication: Publication, rule: Rule, message: str, field: str, bad: list[_Name]
) -> Problem:
    names = listed([quote(name.written) for name in bad])
    message = f"{field}: {message.format(names=names, field=field)}"
    return problem(publication, rule, message, field, bad[0].written)


def _check_repetition(
    publication: Publication, field: str, names: list[_Name]
) -> Iterator[Problem]:
    counts = Counter(name.creator.name for name in names)
    twice = [name for name, count in counts.items() if count > 1]
    if twice:
        shown = listed([quote(name) for name in twice])
        message = f"{field}: {shown} stands in the list more than once; remove one"
        yield problem(publication, Rule.REPEATED_NAME, message, field)


def has_mark(creator: Creator) -> bool:
    """Tell whether a digit or a mark stands in a name."""
    parts = (creator.given, creator.particle, creator.family)
    return any(c.isdigit() or c in _MARKS for part in parts for c in part or "")


def _is_marked(name: _Name) -> bool:
    if name.is_whole or _has_abbreviation(name) or _is_joined(name):
        return False
    return has_mark(name.creator) and not _BODY.search(name.written)


def _has_abbreviation(name: _Name) -> bool:
    return bool(_ET_AL.search(name.written))


def _is_joined(name: _Name) -> bool:
    """Tell whether these are names joined by something else than "and"."""
    if name.is_whole:
        return False
    suffix = (name.creator.suffix or "").lower().replace(".", "")
    strange_suffix = bool(suffix) and suffix not in _SUFFIXES
    return strange_suffix or bool(_JOINED.search(name.written))


def _is_single(name: _Name) -> bool:
    if name.is_whole or name.creator.given or _has_abbreviation(name):
        return False
    # Names in scripts without capitals are one word rightly.
    family = name.creator.family
    return family.upper() != family.lower() and " " not in family


def _is_shouted(name: _Name) -> bool:
    if name.is_whole or not name.creator.given:
        return False
    words = re.findall(r"[^\W\d_]+", f"{name.creator.given} {name.creator.family}")
    longest = max(words, key=len, default="")
    shouted = all(word.isupper() for word in words)
    if not shouted or len(longest) < _SHORTEST_SHOUT:
        return False
    # "Lee, JH" has initials; "LEE, JH" shouts all the same.
    return name.creator.family.isupper()


def _has_markup(name: _Name) -> bool:
    return bool(_MARKUP.search(name.written)) and not _is_marked(name)


#: Type and links, in LaTeX or Markdown.
_MARKUP = re.compile(
    r"\\(?:text(?:bf|it|sc|sl|tt|superscript|color)|emph|underline|uline|href|url|bf|"
    r"it)\b|" + MARKDOWN
)
_RULES: dict[Rule, tuple[Callable[[_Name], bool], str]] = {
    Rule.MARK_IN_NAME: (
        _is_marked,
        (
            "{names}: no digit or mark belongs to a name; write the name alone, and "
            "for equal contribution {field}+an = {{1=equal; 2=equal}}"
        ),
    ),
    Rule.ET_AL: (_has_abbreviation, "{names} is not a name; name every author"),
    Rule.BAD_NAME: (
        _is_joined,
        "{names} is more than one name; write 'Family, Given and Family, Given'",
    ),
    Rule.SINGLE_NAME: (
        _is_single,
        "{names} has no family name; write 'Family, Given', or braces round a whole",
    ),
    Rule.NAME_IN_CAPITALS: (
        _is_shouted,
        "{names} is in capitals; write it as the author does",
    ),
    Rule.MARKUP: (_has_markup, "{names} has markup in it; write the name alone"),
}
