"""Whether a paper is in the bibliography already, and what its entry could gain."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from labsite.editing.identifiers import find_identifiers
from labsite.model.records import Kind
from labsite.site.identity import (
    divide_title,
    families,
    identities,
    is_one_paper,
    is_published_later,
    is_telling,
)
from labsite.text.spellings import letters

if TYPE_CHECKING:
    from collections.abc import Sequence

    from labsite.editing.importing import NewEntry
    from labsite.model.records import Publication

#: What an entry may gain from another record of its paper, each with what goes along.
_GAINS = (("doi",), ("eprint", "archiveprefix"))
_SAID = {
    "doi": "has the same DOI",
    "arxiv": "has the same arXiv identifier",
    "title": "has the same title",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Duplicate:
    """An entry of the same paper, or of another version of the work."""

    publication: Publication
    reason: str  #: what the two have in common, e.g. "has the same DOI"
    certain: bool  #: whether the authors, too, say that it is the same work
    version: bool  #: whether the record is another version of the paper
    published: bool  #: whether the record is what the entry, a preprint, has become


@dataclass(frozen=True, slots=True)
class Known:
    """An entry of the bibliography, with what tells its paper from others."""

    publication: Publication
    identities: frozenset[tuple[str, str]]
    title: str  #: its letters
    main: str  #: the letters of the title without the name before its colon
    families: frozenset[str]  #: of the authors

    @classmethod
    def of(cls, publication: Publication) -> Known:
        """Return the entry with the identifiers that its addresses may hide."""
        found = find_identifiers(publication)
        whole = replace(publication, doi=found.doi, arxiv=found.arxiv)
        title = str(publication.title)
        main = letters(divide_title(title)[1] or title)
        same = frozenset(identities(whole))
        return cls(whole, same, letters(title), main, families(publication))


def find_duplicate(record: Publication, known: Sequence[Known]) -> Duplicate | None:
    """Return the entry of *known* that *record* would repeat, or is a version of.

    The same title under another DOI may be another version of the work, such as the
    journal's of a conference paper. So may the same title with another name before its
    colon, by the same authors.
    """
    new = Known.of(record)
    for what, value in identities(new.publication):
        for other in known:
            if (what, value) in other.identities:
                return _duplicate(new, other, what, _SAID[what])
    for other in known:
        if new.title and new.title == other.title:
            return _duplicate(new, other, "title", _SAID["title"])
        same = (new.main, new.families) == (other.main, other.families)
        if same and is_telling(new.main):
            reason = "has the same authors and, but for its first words, the same title"
            return _duplicate(new, other, "title", reason)
    return None


def _duplicate(new: Known, other: Known, what: str, reason: str) -> Duplicate:
    record, entry = new.publication, other.publication
    title, known = str(record.title), str(entry.title)
    if what != "title" and letters(title) != letters(known):
        reason += f", and another title: '{known}', not '{title}'"
    return Duplicate(
        publication=entry,
        reason=reason,
        certain=what != "title" or bool(new.families & other.families),
        version=what == "title" and not is_one_paper(record, entry, what),
        published=is_published_later(record, entry),
    )


def gains(known: Publication, new: NewEntry) -> list[tuple[str, str]]:
    """Return the identifiers that the entry of *known* lacks and *new* has."""
    old, values = find_identifiers(known), dict(new.fields)
    own = {"doi": old.doi, "eprint": old.arxiv}
    if known.kind is not Kind.PREPRINT and new.entry_type == "misc":
        values.pop("doi", None)  # that of the preprint is not the paper's
    return [
        (name, values[name])
        for group in _GAINS
        for name in group
        if group[0] in values and own[group[0]] is None
    ]
