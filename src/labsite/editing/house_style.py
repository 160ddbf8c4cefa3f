"""How a site's own bibliography writes things, learnt from its records."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from labsite.bibtex.parser import BibtexText
from labsite.editing.wording import is_meeting
from labsite.site.authorship import Identities
from labsite.site.venues import Venues
from labsite.text.names import parse_creator
from labsite.text.spellings import letters

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from labsite.model.records import Creator, Library, Person, Publication


@dataclass(frozen=True, slots=True)
class Usage:
    """How entries of a venue are written."""

    entry_type: str
    field: str  #: the one with the venue
    subtype: str | None = None  #: their ``entrysubtype``


@dataclass(frozen=True)
class HouseStyle:
    """What an entry has to be like to fit in."""

    library: Library = field(repr=False)
    macros: Mapping[str, str] = field(default_factory=dict)
    #: value of each ``@string`` -> its name
    people: tuple[Person, ...] = ()
    reserved: frozenset[str] = frozenset()  #: keys of entries that are to be added

    @classmethod
    def of(
        cls,
        texts: Sequence[tuple[str, str]],
        library: Library,
        people: tuple[Person, ...],
    ) -> HouseStyle:
        """Return the house of a bibliography.

        :param texts: name and text of each of its files
        """
        bibtex = BibtexText()
        for file, text in texts:
            bibtex.add_file(text, file)
        return cls(library, bibtex.macro_names, people)

    @cached_property
    def keys(self) -> frozenset[str]:
        """Every key in use, earlier ones too, in lower case."""
        publications = self.library.publications
        used = [key for p in publications for key in (p.key, *p.aliases)]
        return frozenset(key.lower() for key in used) | self.reserved

    def with_key(self, key: str) -> HouseStyle:
        """Return this house with one more key in use."""
        return replace(self, reserved=self.reserved | {key.lower()})

    @cached_property
    def macro_definitions(self) -> str:
        """The macros alone, as a BibTeX file."""
        lines = (f"@string{{{n} = {{{v}}}}}\n" for v, n in self.macros.items())
        return "".join(lines)

    @cached_property
    def venues(self) -> Venues:
        """The venues that have macros."""
        return Venues.of(self.macros.items())

    @cached_property
    def identities(self) -> Identities:
        """Who the names of authors mean."""
        return Identities(self.people)

    def spell(self, creator: Creator) -> Creator:
        """Return *creator* as the team spells the name, if it is a member's.

        A name of other words, such as one from before a marriage, is what the paper
        has, and stays.
        """
        person = self.identities.resolve(creator)
        main = person and parse_creator(person.name, lambda _: None)
        same = main and letters(main.family) == letters(creator.family)
        return main if main and same else creator

    def usage(self, macro: str, entry_type: str) -> Usage:
        """Return how entries of a venue are written: as most of them are.

        :param entry_type: what the new entry says it is; counts for a new venue's first
        """
        counted = self._usages.get(macro.replace("_", " "))
        if counted:
            return counted.most_common(1)[0][0]
        value = next((v for v, name in self.macros.items() if name == macro), "")
        if entry_type == "inproceedings" or is_meeting(value):
            return Usage("inproceedings", "booktitle")
        return Usage("article", "journal")

    def month_of(self, macro: str, year: int) -> int | None:
        """Return the month of a venue's meeting in a year, if its entries agree."""
        label = macro.replace("_", " ")
        months = {
            p.issued.month
            for p in self.library.publications
            if p.venue and p.venue.short == label and p.issued.year == year
        } - {0}
        return months.pop() if len(months) == 1 else None

    @cached_property
    def _usages(self) -> Mapping[str, Counter[Usage]]:
        found: defaultdict[str, Counter[Usage]] = defaultdict(Counter)
        for publication in self.library.publications:
            usage = _usage_of(publication)
            if usage and publication.venue and publication.venue.short:
                found[publication.venue.short][usage] += 1
        return found


def _usage_of(publication: Publication) -> Usage | None:
    known = dict(publication.fields)
    name = next((name for name in ("booktitle", "journal") if name in known), None)
    if name is None:
        return None
    return Usage(publication.entry_type, name, known.get("entrysubtype"))
