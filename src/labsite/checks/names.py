"""Names of authors and editors: one person each, and of the lab's people their own."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from labsite.bibtex.reporting import find_field, listed, problem
from labsite.checks.text import ANY_MARKUP
from labsite.model.files import LOOKALIKES, name_disguised
from labsite.model.problems import Problem, Rule, quote
from labsite.text.names import parse_creator, split_names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from labsite.model.records import Creator, Person, Publication
    from labsite.site.authorship import Identities

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
_NAMED = 3  #: people whom a message names


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
        for rule, (find, message) in _RULES.items():
            bad = [name.written for name in names if _breaks(find, name)]
            if bad:
                said = message.format(names=listed(list(map(quote, bad))), field=field)
                yield problem(publication, rule, f"{field}: {said}", field, bad[0])
        counts = Counter(name.creator.name for name in names)
        twice = [quote(name) for name, count in counts.items() if count > 1]
        if twice:
            message = f"{field}: {listed(twice)} stands in the list more than once; "
            message += "remove one"
            yield problem(publication, Rule.REPEATED_NAME, message, field)
        if _OTHERS.search(own.value):
            message = f"{field}: the list ends in 'and others'; name everybody"
            yield problem(publication, Rule.AND_OTHERS, message, field, "others")


@lru_cache(maxsize=2**16)  # most people stand in many entries
def _breaks(find: Callable[[_Name], bool], name: _Name) -> bool:
    return find(name)


def _read(publication: Publication, field: str, text: str) -> Iterator[_Name]:
    written = [name.strip() for name in split_names(text)]
    written = [name for name in written if name and name != "others"]
    creators: Sequence[Creator | None] = publication.creators
    is_read = field == "author" or find_field(publication.source, "author") is None
    if not is_read or len(creators) != len(written):
        # The reader has complained of what is wrong with them already.
        creators = [parse_creator(name, lambda _message: None) for name in written]
    for name, creator in zip(written, creators, strict=True):
        if creator:
            yield _Name(name, creator)


def _has_mark(creator: Creator) -> bool:
    """Tell whether a digit or a mark stands in a name."""
    parts = (creator.given, creator.particle, creator.family)
    return any(c.isdigit() or c in _MARKS for part in parts for c in part or "")


def _is_marked(name: _Name) -> bool:
    if name.is_whole or _has_abbreviation(name) or _is_joined(name):
        return False
    return _has_mark(name.creator) and not _BODY.search(name.written)


def _has_abbreviation(name: _Name) -> bool:
    return bool(_ET_AL.search(name.written))


def _is_joined(name: _Name) -> bool:
    """Tell whether these are names joined by something else than "and"."""
    suffix = (name.creator.suffix or "").lower().replace(".", "").replace(",", " ")
    # biblatex's "suffix=" says that it is one.
    strange = not _SUFFIXES.issuperset(suffix.split()) and "=" not in name.written
    return not name.is_whole and (strange or bool(_JOINED.search(name.written)))


def _is_single(name: _Name) -> bool:
    if name.is_whole or name.creator.given or _has_abbreviation(name):
        return False
    # Names in scripts without capitals are one word rightly.
    family = name.creator.family
    return family.upper() != family.lower() and " " not in family


def _is_shouted(name: _Name) -> bool:
    """Tell whether a name is in capitals: "LEE, JH" is, "Lee, JH" has initials."""
    given, family = name.creator.given, name.creator.family
    if name.is_whole or not given or not family.isupper():
        return False
    words = re.findall(r"[^\W\d_]+", f"{given} {family}")
    longest = max(map(len, words), default=0)
    return longest >= _SHORTEST_SHOUT and all(map(str.isupper, words))


def _has_markup(name: _Name) -> bool:
    return bool(ANY_MARKUP.search(name.written)) and not _is_marked(name)


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


class _NearMiss(NamedTuple):
    """An author's name that looks like those of some people."""

    publication: Publication
    field: str
    position: int  #: 1-based, in the list of authors
    creator: Creator
    written: str
    people: Sequence[Person]


def check_near_misses(
    publications: Iterable[Publication], identities: Identities
) -> Iterator[Problem]:
    """Yield a problem for each spelling of an author's name that looks like a member's.

    Whoever is an author of the same publication under their own name is not meant,
    and neither is a person who says so under ``distinct_from``. A name with a mark
    in it has a rule of its own. The time is proportional to the number of names.
    """
    found: dict[tuple[str, str], list[_NearMiss]] = {}
    for publication in publications:
        authors = {person.slug for person in identities.resolve_all(publication)}
        strangers = {
            creator.name: (position, creator)
            for position, creator in enumerate(publication.creators, start=1)
            if identities.resolve(creator) is None and not _has_mark(creator)
        }
        for name, (position, creator) in strangers.items():
            meant = [p for p in identities.near_to(name) if p.slug not in authors]
            if meant and not creator.identifier:
                field = _field_of_creators(publication)
                # In the order in which the entry has it, as far as that is seen.
                written = f"{creator.family}, {creator.given}"
                if written not in (publication.field(field) or ""):
                    written = name
                miss = _NearMiss(publication, field, position, creator, written, meant)
                found.setdefault((written, str(meant)), []).append(miss)
    for misses in found.values():
        yield _near_miss(misses, identities)


def _near_miss(misses: Sequence[_NearMiss], identities: Identities) -> Problem:
    """Return the problem of a spelling, at the first of its places."""
    publication, field, position, creator, written, people = misses[0]
    meant = " or ".join(f"'{p.name}' ({p.source.file})" for p in people[:_NAMED])
    remedy = (
        "write the full name, or list this spelling on the page: under 'aliases' if it "
        "is the same person, else under 'distinct_from'"
    )
    name, rule = creator.name, Rule.NEAR_MISS_NAME
    turned = _in_order(creator, people[0]) if len(people) == 1 else None
    odd = next((letter for letter in written if ord(letter) in LOOKALIKES), None)
    if odd:
        remedy = f"it has the letter {name_disguised(odd)}; retype it"
    elif turned:
        name, remedy = written, f"write '{turned}', the family name first"
    elif all(name == person.name for person in people):
        remedy = f'say which: {field}+an:id = {{{position}="{people[0].slug}"}}'
    elif identities.differ_in_initials(name, people):
        rule = Rule.MIDDLE_INITIAL
    keys = [miss.publication.key for miss in misses[1:]]
    also = f" (also in {listed(keys)})" if keys else ""
    message = f"'{name}'{also} may mean {meant}; {remedy}"
    return problem(publication, rule, message, field, written)


def check_identifiers_of_people(
    publications: Iterable[Publication], identities: Identities
) -> Iterator[Problem]:
    """Yield a problem for each author who is tied to a page that is not there."""
    for publication in publications:
        for position, creator in enumerate(publication.creators, start=1):
            if not identities.knows(creator):
                field = f"{_field_of_creators(publication)}+an:id"
                given = quote(creator.identifier or "")
                message = f"{field}: name {position} is {given}, which is not a page of"
                message += " the team; use its file's name"
                yield problem(publication, Rule.BAD_ANNOTATION, message, field)


def _field_of_creators(publication: Publication) -> str:
    names = {field.name for field in publication.source.fields}
    return "author" if "author" in names else "editor"


def _in_order(creator: Creator, person: Person) -> str | None:
    """Return the spelling of *person* that has the words of a name in another order.

    It comes as ``Family, Given``; ``None`` if there is none.
    """
    words = creator.name.casefold().split()
    for name in (person.name, *person.aliases):
        right = parse_creator(name, lambda _: None)
        known = right.name.casefold().split() if right else []
        if right and right.given and sorted(words) == sorted(known) and words != known:
            return f"{right.family}, {right.given}"
    return None
