"""Find the entry of a paper in the bibliography, and the fields that it lacks."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from labsite.bibtex.reporting import place_of
from labsite.editing.identifiers import find_identifiers
from labsite.model.records import Kind
from labsite.site import identity
from labsite.text.spellings import letters

if TYPE_CHECKING:
    from collections.abc import Sequence

    from labsite.editing.importing import NewEntry
    from labsite.model.records import Publication

#: Fields that another record of the same paper may add.
_GAINS = {"volume", "number", "pages", "month", "doi", "eprint", "archiveprefix",
          "abstract"}  # fmt: skip
_OF_ARCHIVE = {"eprint", "archiveprefix"}
_SAID = {
    "doi": "has the same DOI",
    "arxiv": "has the same arXiv identifier",
    "title": "has the same title",
    "main": "has the same authors and, but for its first words, the same title",
    "name": "has the same name before the colon of its title",
}
#: A name that somebody coined has a capital or a digit behind its first letter.
_COINED = re.compile(r"^[^\W_][^\s]*[A-Z0-9]\S*$")


@dataclass(frozen=True, slots=True)
class Duplicate:
    """An entry of the same work."""

    publication: Publication
    reason: str  #: the place of the entry, and what both have in common
    certain: bool  #: whether the work is the same without doubt
    version: bool  #: whether the record is another version of the paper
    published: bool  #: whether the record is of the published paper of a preprint


@dataclass(frozen=True, slots=True)
class Known:
    """An entry with the features that identify its paper."""

    publication: Publication
    identities: frozenset[tuple[str, str]]
    title: str  #: its letters
    main: str  #: the letters of the title behind its colon
    families: frozenset[str]  #: of the authors
    name: str  #: the letters of a coined name before the title's colon

    @classmethod
    def of(cls, publication: Publication) -> Known:
        """Return the features of an entry, with identifiers from its addresses."""
        found = find_identifiers(publication)
        whole = replace(publication, doi=found.doi, arxiv=found.arxiv)
        title = str(publication.title)
        name, rest = identity.divide_title(title)
        main = letters(rest or title)
        coined = letters(name) if _COINED.search(name) else ""
        people, same = identity.families(publication), identity.identities(whole)
        return cls(whole, frozenset(same), letters(title), main, people, coined)

    def shares(self, other: Known) -> str:
        """Return the surest feature that both have in common, or ""."""
        shared = {what for what, _ in self.identities & other.identities}
        if self.title == other.title and self.title:
            shared.add("title")
        same = {self.main, self.title} & {other.main, other.title}
        if self.families == other.families and any(map(identity.is_telling, same)):
            shared.add("main")
        if self.name and self.name == other.name and self.families & other.families:
            shared.add("name")
        return next((what for what in _SAID if what in shared), "")

    def is_same_paper(self, other: Known) -> bool:
        """Return whether both are of one paper, or one is the preprint of the other."""
        what = self.shares(other)
        same_kind = self.publication.kind is other.publication.kind
        if what in {"", "name"} and same_kind:
            return False
        told = what if what in {"doi", "arxiv"} else "title"
        return identity.is_one_paper(self.publication, other.publication, told)


def find_duplicate(record: Publication, known: Sequence[Known]) -> Duplicate | None:
    """Return the entry of *known* that is of the same work as *record*.

    The same title with another DOI is another version, such as the journal version of a
    conference paper. The same title and authors with another name before the colon may
    be a version too, since preprints get names when they are published; but the papers
    of a series may also differ in that name alone.
    """
    new = Known.of(record)
    found: dict[str, Known] = {}
    for other in known:
        what = new.shares(other)
        if what:
            found.setdefault(what, other)
    what = next((what for what in _SAID if what in found), "")
    return _compare(new, found[what], what) if what else None


def _compare(new: Known, other: Known, what: str) -> Duplicate:
    record, entry = new.publication, other.publication
    reason = f"{place_of(entry)} {_SAID[what]}"
    title, known = str(record.title), str(entry.title)
    if what in {"doi", "arxiv"} and new.title != other.title:
        reason += f", and another title: '{known}', not '{title}'"
    published = identity.is_published_later(record, entry)
    certain = what != "title" or bool(new.families & other.families)
    if not certain:
        reason += ", but no author"
    if what == "name":
        certain = False
    elif what == "main":
        certain = published and new.main in {new.title, other.title}
    return Duplicate(
        publication=entry,
        reason=reason,
        certain=certain,
        version=not new.is_same_paper(other),
        published=published,
    )


def gains(known: Publication, new: NewEntry) -> list[tuple[str, str]]:
    """Return the fields of *new* that the entry *known* of the same paper lacks."""
    found = find_identifiers(known)
    had = {name for name, _ in known.fields} | ({"doi"} if found.doi else set())
    had |= _OF_ARCHIVE if found.arxiv else set()
    if "date" in had:
        had.add("month")
    # Of a paper's preprint only the number is of use.
    lent = new.entry_type == "misc" and known.kind is not Kind.PREPRINT
    wanted = (_OF_ARCHIVE if lent else _GAINS) - had
    return [(name, value) for name, value in new.fields if name in wanted]
