"""Rules on the names of authors and editors."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import TypeAlias

from labsite.bibtex.reporting import find_field, listed, problem
from labsite.checks.text import ANY_MARKUP, check_remark
from labsite.model.files import LOOKALIKES, name_disguised
from labsite.model.problems import Problem, Rule, quote
from labsite.model.records import Creator, Person, Publication
from labsite.site.authorship import Identities
from labsite.text.latex import decode_plain
from labsite.text.names import EAST_ASIAN_ET_AL, parse_creator, read_name, split_names
from labsite.text.spellings import letters

#: Digits of every script and marks, among them Unicode's asterisks.
_MARK = re.compile(
    r"[\d\u00b2\u00b3\u00b9\u2070-\u2089*\u2217\u204e\u22c6†‡§¶★☆✉@|+=/[\]<>]"
)
_ET_AL = re.compile(
    rf"\bet\.?\s*al\b|…|\.\.\.|^others\.?$|(?:^|[\s,]){EAST_ASIAN_ET_AL}$",
    re.IGNORECASE,
)
_OTHERS = re.compile(r"\sand\s+others\s*$")
#: Words in the names of groups, which may contain a number: "Task 2 Consortium".
_GROUP = re.compile(
    r"\b(?:agency|associat|committee|company|consorti|collaborat|corporat|council|"
    r"foundation|group|gmbh|inc|initiative|institut|laborator|ltd|network|project|"
    r"society|team|universit)",
    re.IGNORECASE,
)
_JOINED = re.compile(r"[;\uff1b\uff0c\u3001]|(?:^|\s)\\?&\s")
#: Suffixes allowed between the commas of "Family, Jr, Given".
_SUFFIXES = {"jr", "sr", "ii", "iii", "iv", "v", "vi", "vii", "2nd", "3rd", "phd", "md"}
#: Titles before a name.
TITLES = r"(?:^|(?<=, ))(?:(?:Dr|Prof(?:essor)?)(?:\.-?Ing)?(?:\.|(?=\s))[\s~]*)+"
#: A title, suffix or degree that is read as a part of the name. Some numbers look like
#: initials: "Petrov, IV".
_BESIDE = re.compile(
    r"[\s~,](?:\{[JS]r\.?\}|[JS]r\.?|Ph\.?D\.?|III|(?<=[^\s~,].)I[IV])$|"
    rf"^(?:[JS]r\.?|I{{2,3}}|IV),|{TITLES}"
)
_KOREAN = "[\uac00-\ud7a3]{3}"
_WITH_INITIALS = r"(?:[^\W\d_]\.[\s-]?){1,4}[^\W\d_][\w'-]+"
#: Two such names, which are read as one of the form "Family, Given".
_PAIR = re.compile(
    rf"{_KOREAN}[\s,\u00b7\u318d]+{_KOREAN}|{_WITH_INITIALS},\s*{_WITH_INITIALS}"
)
_NAMED = 3  #: people named in a message
_TWO_NAMES = 4  #: words that two names have at least
#: A publication, and the position and the name of one of its authors.
_Place: TypeAlias = "tuple[Publication, int, Creator]"
#: The message of each rule on a single name, in the order of reporting.
_MESSAGES = {
    Rule.MARK_IN_NAME: "{names}: no digit or mark belongs to a name; write the name "
    "alone, and for equal contribution {field}+an = {{1=equal; 2=equal}}",
    Rule.ET_AL: "{names} is not a name; name every author",
    Rule.BAD_NAME: "{names} is more than one name, or has a title or a misplaced "
    "suffix; write 'Family, Given and Family, Given', or 'Family, Jr, Given'",
    Rule.SINGLE_NAME: "{names} has no family name; write 'Family, Given', braces round "
    "an organization, or 'family=…' for a person with one name",
    Rule.MARKUP: "{names} has markup in it; write the name alone",
}


def check_names(publication: Publication) -> Iterator[Problem]:
    """Check every name of the author and editor lists, and that the lists are whole."""
    for field in ("author", "editor"):
        own = find_field(publication.source, field)
        if own is None or not own.value:
            continue
        yield from check_remark(publication, own, "a name")
        names = [name.strip() for name in split_names(own.value)]
        bad: defaultdict[Rule, list[str]] = defaultdict(list)
        for written in names:
            if written.rstrip(" ,") != "others":
                for rule in _find_faults(written):
                    bad[rule].append(written)
        for rule, message in _MESSAGES.items():
            if rule in bad:
                shown = listed(list(map(quote, bad[rule])))
                text = f"{field}: {message.format(names=shown, field=field)}"
                yield problem(publication, rule, text, field, bad[rule][0])
        if _OTHERS.search(own.value):
            message = f"{field}: the list ends in 'and others'; name everybody"
            yield problem(publication, Rule.AND_OTHERS, message, field, "others")


@lru_cache(maxsize=2**16)  # most people have several entries
def _find_faults(written: str) -> tuple[Rule, ...]:
    """Return the rules that a name breaks; in braces only markup is a fault."""
    creator, reported = read_name(written)
    if creator is None or reported:
        return ()
    is_whole = written.startswith("{") and written.endswith("}")
    faults = [] if is_whole else [*_find_faults_of_person(written, creator)]
    if Rule.MARK_IN_NAME not in faults and ANY_MARKUP.search(written):
        faults.append(Rule.MARKUP)
    return tuple(faults)


def _find_faults_of_person(written: str, creator: Creator) -> Iterator[Rule]:
    given, family = creator.given, creator.family
    suffix = (creator.suffix or "").lower().replace(".", "").replace(",", " ")
    # In biblatex's extended format every part is as given.
    extended = "=" in written
    strange = not (extended or _SUFFIXES.issuperset(suffix.split()))
    joined = strange or _JOINED.search(written) or _BESIDE.search(written)
    abbreviated = _ET_AL.search(written)
    if joined or _PAIR.fullmatch(decode_plain(written)):
        yield Rule.BAD_NAME
    elif not abbreviated and _has_mark(creator) and not _GROUP.search(written):
        yield Rule.MARK_IN_NAME
    if abbreviated:
        yield Rule.ET_AL
    # In scripts without case a name may be one word.
    elif not (given or extended or " " in family or family.upper() == family.lower()):
        yield Rule.SINGLE_NAME


def _has_mark(creator: Creator) -> bool:
    parts = (creator.given, creator.particle, creator.family)
    return any(_MARK.search(part) for part in parts if part)


def check_authors(
    publications: Iterable[Publication], identities: Identities
) -> Iterator[Problem]:
    """Report authors with names similar to people's, or linked to no page.

    Authors of the same publication under their own name are not meant, nor are people
    who list the spelling under ``distinct_from``. Names with marks have their own rule.
    """
    found: dict[tuple[str, ...], tuple[list[Person], list[_Place]]] = {}
    for publication in publications:
        for position, creator in enumerate(publication.creators, start=1):
            if creator.identifier or len(creator.name.split()) >= _TWO_NAMES:
                yield from _check_author(publication, position, creator, identities)
            similar = identities.find_similar(creator.name)
            if not similar or creator.identifier or identities.resolve(creator):
                continue
            authors = [*map(identities.resolve, publication.creators)]
            # The name of a page that cannot be read is only that of its file.
            people = [p for p in similar if p not in authors and p.source.lines]
            if people and not _has_mark(creator):
                asked = (creator.name, *(person.slug for person in people))
                places = found.setdefault(asked, (people, []))[1]
                places.append((publication, position, creator))
    for people, places in found.values():
        yield _describe_near_miss(people, places, identities)


def _check_author(
    publication: Publication, position: int, creator: Creator, identities: Identities
) -> Iterator[Problem]:
    """Report a link to no page, and two people read as one name."""
    field = _field_of_creators(publication)
    if not identities.knows(creator):
        message = f"{field}+an:id: name {position} is {quote(creator.identifier or '')}"
        message += ", which is not a page of the team; use its file's name"
        yield problem(publication, Rule.BAD_ANNOTATION, message, f"{field}+an:id")
    if names := _find_joined(creator, identities):
        message = f"{field}: {_MESSAGES[Rule.BAD_NAME].format(names=quote(names))}"
        yield problem(publication, Rule.BAD_NAME, message, field)


def _find_joined(creator: Creator, identities: Identities) -> str | None:
    """Return the names that were read as one, if people are among them."""
    halves, words = [creator.family, creator.given or ""], creator.name.split()
    names, parts, least = ", ".join(halves), halves, 1
    if len(words) < _TWO_NAMES or creator.suffix or _PAIR.fullmatch(names):
        return None  # one name, or reported
    if not all(" " in half for half in halves):  # by white space alone
        names, parts, least = creator.name, [*map(" ".join, pairwise(words))], 2
    people = {identities.resolve(Creator(family=part)) for part in parts}
    return names if len(people - {None}) >= least else None


def _describe_near_miss(
    people: Sequence[Person], places: Sequence[_Place], identities: Identities
) -> Problem:
    """Return the problem of a spelling, at the first of its places."""
    publication, position, creator = places[0]
    field, name = _field_of_creators(publication), creator.name
    rule = Rule.NEAR_MISS_NAME
    # In the order of the entry, as far as that can be told.
    written = f"{creator.family}, {creator.given}"
    written = written if written in (publication.field(field) or "") else name
    meant = " or ".join(f"'{p.name}' ({p.source.file})" for p in people[:_NAMED])
    odd = next((letter for letter in written if ord(letter) in LOOKALIKES), None)
    if odd:
        remedy = f"it has the letter {name_disguised(odd)}; retype it"
    elif all(name == person.name for person in people):
        remedy = f'say which: {field}+an:id = {{{position}="{people[0].slug}"}}'
    else:
        alone = _inverted(people[0].name, creator) if len(people) == 1 else None
        whole = quote(alone) if alone else "the full name"
        remedy = (
            f"write {whole}, or list this spelling on the page: "
            "under 'aliases' if it is the same person, else under 'distinct_from'"
        )
        if identities.differ_in_initials(name, people):
            rule = Rule.MIDDLE_INITIAL
    keys = dict.fromkeys(paper.key for paper, *_ in places)
    others = [key for key in keys if key != publication.key]
    also = f" (also in {listed(others)})" if others else ""
    message = f"'{name}'{also} may mean {meant}; {remedy}"
    return problem(publication, rule, message, field, written)


def _inverted(name: str, creator: Creator) -> str | None:
    """Return a person's name, inverted where the author's family name begins."""
    words, family = name.split(), letters(f"{creator.particle or ''}{creator.family}")
    for place in range(1, len(words)):
        if letters("".join(words[place:])) == family:
            return f"{' '.join(words[place:])}, {' '.join(words[:place])}"
    known = parse_creator(name)
    return known.inverted_name if known else None


def _field_of_creators(publication: Publication) -> str:
    return "author" if find_field(publication.source, "author") else "editor"
