"""How a site's own bibliography writes things, learnt from its records."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from labsite.editing.wording import is_meeting
from labsite.site.authorship import Identities
from labsite.site.venues import Venues
from labsite.text.names import parse_creator
from labsite.text.spellings import letters

if TYPE_CHECKING:
    from collections.abc import Iterator

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
    people: tuple[Person, ...] = ()

    @cached_property
    def keys(self) -> set[str]:
        """Every key in use, in lower case, to which those of new entries are added."""
        publications = self.library.publications
        return {key.lower() for p in publications for key in (p.key, *p.aliases)}

    @cached_property
    def macro_definitions(self) -> str:
        """The macros alone, as a BibTeX file."""
        lines = (f"@string{{{n} = {{{v}}}}}\n" for v, n in self.library.macros)
        return "".join(lines)

    @cached_property
    def venues(self) -> Venues:
        """The venues that have macros."""
        return Venues.of(self.library.macros)

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
        counted = Counter(filter(None, map(_usage_of, self._papers(macro))))
        if counted:
            return counted.most_common(1)[0][0]
        value = next((v for v, name in self.library.macros if name == macro), "")
        if entry_type == "inproceedings" or is_meeting(value):
            return Usage("inproceedings", "booktitle")
        return Usage("article", "journal")

    def month_of(self, macro: str, year: int) -> int:
        """Return the month of a venue's meeting in a year, if its entries agree."""
        dates = (p.issued for p in self._papers(macro))
        months = {date.month for date in dates if date.year == year} - {0}
        return months.pop() if len(months) == 1 else 0

    def _papers(self, macro: str) -> Iterator[Publication]:
        label = macro.replace("_", " ")
        for publication in self.library.publications:
            if publication.venue and publication.venue.short == label:
                yield publication


def _usage_of(publication: Publication) -> Usage | None:
    known = dict(publication.fields)
    name = next((name for name in ("booktitle", "journal") if name in known), None)
    kind = known.get("entrysubtype")
    return Usage(publication.entry_type, name, kind) if name else None
