"""Whether a paper is in the bibliography already, and what its entry could gain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from labsite.editing.identifiers import find_identifiers
from labsite.model.records import Kind
from labsite.text.spellings import letters

if TYPE_CHECKING:
    from labsite.editing.importing import NewEntry
    from labsite.model.records import Library, Publication

#: What an entry may gain from another record of its paper, each with what goes along.
_GAINS = (("doi",), ("eprint", "archiveprefix"))


@dataclass(frozen=True, slots=True)
class Duplicate:
    """An entry of the same paper."""

    publication: Publication
    reason: str  #: what the two have in common, e.g. "has the same DOI"
    certain: bool = True  #: whether it cannot be another paper


def find_duplicate(record: Publication, library: Library) -> Duplicate | None:
    """Return the entry that *record* would repeat.

    The same title under another DOI may be another version of the work, such as the
    journal's of a conference paper, and is not certain.
    """
    new, title = find_identifiers(record), letters(str(record.title))
    for known in library.publications:
        old = find_identifiers(known)
        if new.doi and old.doi and new.doi.casefold() == old.doi.casefold():
            return Duplicate(known, "has the same DOI")
        if new.arxiv and new.arxiv == old.arxiv:
            return Duplicate(known, "has the same arXiv identifier")
    for known in library.publications:
        if letters(str(known.title)) == title:
            published = find_identifiers(known).doi and new.doi
            return Duplicate(known, "has the same title", certain=not published)
    return None


def gains(known: Publication, new: NewEntry) -> list[tuple[str, str]]:
    """Return the fields that the entry of *known* lacks and *new* has.

    Besides identifiers that is the venue, where *known* is the preprint only.
    """
    old, values = find_identifiers(known), dict(new.fields)
    own = {"doi": old.doi, "eprint": old.arxiv}
    found = [
        (name, values[name])
        for group in _GAINS
        for name in group
        if group[0] in values and own[group[0]] is None
    ]
    if known.kind is Kind.PREPRINT and new.entry_type != "misc":
        names = ("booktitle", "journal", "entrysubtype")
        found = [(n, values[n]) for n in names if n in values] + found
    return found
