"""Match author names to people, and find the awards of people and papers."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from labsite.model.dates import PartialDate
from labsite.model.records import Creator, Library, Person, Publication
from labsite.text.spellings import Spelling, fold

#: How many people of one family name are compared, so that a name that everybody has
#: does not make the work grow with the square of their number.
_REACH = 100
_ORCID = re.compile(r"\d{4}-\d{4}-\d{4}-\d{3}[\dx]")
#: A suffix, which has a comma before it and a point behind it, or not.
_SUFFIX = re.compile(r",? ([JS]r|I{2,3}|IV)\.?$")
_UMLAUTS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ø": "oe",
     "Ø": "Oe", "å": "aa", "Å": "Aa"}
)  # fmt: skip


class Identities:
    """Match author names to people.

    A name matches a person if it is one of that person's spellings: the name, an alias
    or the name in the person's own script. A spelling that two people share matches
    neither; the entry may name the person by page or ORCID.
    """

    def __init__(self, people: Iterable[Person]) -> None:
        self.people = tuple(people)
        self._by_identifier: dict[str, Person] = {}
        self._owners: dict[str, Person | None] = {}
        #: By family name, and by all letters.
        self._members: defaultdict[str, list[tuple[Person, Spelling]]] = defaultdict(
            list
        )
        self._similar: dict[str, tuple[Person, ...]] = {}
        self._resolved: dict[Creator, Person | None] = {}
        for person in self.people:
            for identifier in filter(None, (person.slug.lower(), _orcid(person))):
                self._by_identifier[identifier] = person
            for spelling in _spellings(person):
                owner = self._owners.setdefault(spelling, person)
                if owner is not person:
                    self._owners[spelling] = None
            for name in _transliterated(person.name, *person.aliases):
                member = Spelling.of(name)
                for key in dict.fromkeys((member.family, *member.rotations)):
                    if len(self._members[key]) < _REACH:
                        self._members[key].append((person, member))

    def resolve(self, creator: Creator) -> Person | None:
        """Return the person that *creator* is; ``None`` for others."""
        if creator not in self._resolved:
            self._resolved[creator] = self._resolve(creator)
        return self._resolved[creator]

    def _resolve(self, creator: Creator) -> Person | None:
        identifier = creator.identifier or ""
        if person := self._by_identifier.get(identifier):
            return person
        # An East Asian name may be in two words, in the order of Latin names.
        turned = _unspaced(f"{creator.given or ''}{creator.family}")
        by_name = self._owners.get(_fold(creator.name)) or self._owners.get(turned)
        # Somebody else's ORCID is not that of a person who has one.
        is_other = by_name and _ORCID.fullmatch(identifier) and _orcid(by_name)
        return None if is_other else by_name

    def knows(self, creator: Creator) -> bool:
        """Return whether an identifier of *creator* is a page's or an ORCID."""
        name = creator.identifier or ""
        return bool(not name or name in self._by_identifier or _ORCID.fullmatch(name))

    def find_similar(self, name: str) -> tuple[Person, ...]:
        """Return the people with a spelling similar to *name*.

        Those who list *name* under ``distinct_from`` are not among them.
        """
        if name not in self._similar:
            spelling = fold(name)
            found = {
                person.slug: person
                for author in map(Spelling.of, _transliterated(name))
                for key in (author.family, *author.rotations[-1:])
                for person, member in self._members.get(key, ())
                if author.likeness(member)
                and spelling not in map(fold, person.distinct_from)
            }
            self._similar[name] = tuple(found[slug] for slug in sorted(found))
        return self._similar[name]

    def differ_in_initials(self, name: str, people: Iterable[Person]) -> bool:
        """Return whether *name* differs from *people* only in middle initials.

        Such people are as often two as one.
        """
        author = Spelling.of(name)
        spellings = (Spelling.of(name) for p in people for name in (p.name, *p.aliases))
        found = {author.likeness(spelling) for spelling in spellings}
        return "word" in found and "letters" not in found


def _spellings(person: Person) -> Iterator[str]:
    own = (person.name, *person.aliases)
    for name in map(_fold, (*own, *(name for _language, name in person.names))):
        yield name
        family, comma, given = name.partition(",")
        if comma:
            yield fold(f"{given} {family}")
        if name.upper() == name.lower():  # in a script without case
            yield _unspaced(name)


def _orcid(person: Person) -> str | None:
    """Return the ORCID on a person's page in lower case."""
    urls = (link.url for link in person.links if link.name == "orcid")
    return next((url.rpartition("/")[2].lower() for url in urls), None)


def _transliterated(*names: str) -> dict[str, None]:
    """Return names, and those with umlauts as they are written without them too."""
    return dict.fromkeys((*names, *(name.translate(_UMLAUTS) for name in names)))


def _fold(name: str) -> str:
    return _SUFFIX.sub(r" \1", fold(name))


def _unspaced(name: str) -> str:
    return fold("".join(name.split()))


@dataclass(frozen=True, kw_only=True)
class HonourGiven:
    """An award for papers, for people, or for both."""

    name: str
    issued: PartialDate  #: of the award; else of the paper
    by: str | None
    people: tuple[Person, ...] = ()
    papers: tuple[Publication, ...] = ()


def find_honours(people: Iterable[Person], library: Library) -> tuple[HonourGiven, ...]:
    """Return all awards, newest first; a shared award once.

    Two of one name are one award if they have a paper in common, or if they name no
    paper and have the same date and giver.
    """
    found: dict[tuple[object, ...], HonourGiven] = {}
    for honour in (*honours_of(people, library), *_of_papers(library)):
        name, by = honour.name.casefold(), (honour.by or "").casefold()
        keys: list[tuple[object, ...]] = [(name, p.key) for p in honour.papers]
        keys = keys or [(name, honour.issued, by)]
        same = [*(found[key] for key in keys if key in found), honour]
        papers = {paper.key: paper for each in same for paper in each.papers}
        named = dict.fromkeys(person for each in same for person in each.people)
        issued = next((each.issued for each in same if each.issued), honour.issued)
        joint = replace(
            same[0], issued=issued, people=tuple(named), papers=tuple(papers.values())
        )
        found |= dict.fromkeys([*keys, *((name, key) for key in papers)], joint)
    unique = {id(honour): honour for honour in found.values()}.values()
    return tuple(sorted(unique, key=lambda h: h.issued.parts, reverse=True))


def with_awards(library: Library, people: Iterable[Person]) -> Library:
    """Return a bibliography with the awards that people name for their papers."""
    given = {p.key: h.name for h in honours_of(people, library) for p in h.papers}
    papers = (
        replace(p, award=given[p.key]) if p.key in given and not p.award else p
        for p in library.publications
    )
    return replace(library, publications=tuple(papers))


def honours_of(people: Iterable[Person], library: Library) -> Iterator[HonourGiven]:
    """Yield the awards that the pages of people name, in their order."""
    for person in people:
        for own in person.awards:
            papers = tuple(filter(None, map(library.by_key.get, own.papers)))
            yield HonourGiven(name=own.name, issued=own.issued, by=own.by,
                              people=(person,), papers=papers)  # fmt: skip


def _of_papers(library: Library) -> Iterator[HonourGiven]:
    for paper in library.publications:
        if paper.award:
            by, issued = paper.where or None, paper.issued
            yield HonourGiven(name=paper.award, issued=issued, by=by, papers=(paper,))
