"""Decide whether two entries are of one paper, or of two versions of one work."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

from labsite.model.records import Kind, Publication
from labsite.text.spellings import letters
from labsite.text.values import without_version

#: A name and values: entries with the same feature may be of one work.
Feature: TypeAlias = "tuple[str, ...]"
#: What two entries with a common feature have in common, by its name.
SHARED = {
    "doi": "has the same DOI",
    "arxiv": "has the same arXiv identifier",
    "title": "has the same title",
    "short": "has the same title",
    "part": "has the same title without the words before or after the colon",
    "name": "has the same name before the colon of its title",
}
#: The beginning of arXiv's own DOIs (https://info.arxiv.org/help/doi.html).
ARXIV_DOI = "10.48550/"
_SUBTITLE = re.compile(r"\s*(?::|\s[-\u2013\u2014]\s)\s*")
_MOST = 10  #: entries with one feature that are compared, such as a common title
_FEWEST_LETTERS = 16  #: in a title that is one paper's alone
#: A name that somebody coined has a capital or a digit behind its first letter.
_COINED = re.compile(
    r"(?!(?:POSTER|DEMO|WIP|ERRATUM|CORRIGENDUM)$)[^\W_]\S*[A-Z0-9]\S*"
)
#: Kinds of papers that are not published yet, and of works that are no papers.
UNPUBLISHED = {Kind.PREPRINT, Kind.OTHER}
_NO_PAPERS = {Kind.PATENT, Kind.SOFTWARE, Kind.THESIS}


@dataclass(frozen=True)
class Work:
    """An entry with the features that identify its work."""

    publication: Publication

    @cached_property
    def title(self) -> str:
        """The letters of the title."""
        return letters(str(self.publication.title))

    @cached_property
    def families(self) -> list[str]:
        """The letters of the authors' family names."""
        return [letters(creator.family) for creator in self.publication.creators]

    @cached_property
    def features(self) -> Mapping[Feature, None]:
        """The features of the entry, the surest first."""
        return dict.fromkeys(_features(self))

    def shares_author(self, other: Work) -> bool:
        """Return whether both have an author in common."""
        return not set(self.families).isdisjoint(other.families)

    def is_same_paper(self, other: Work) -> bool:
        """Return whether both are of one paper, or one is the preprint of the other.

        A paper and the article that extends it may share a title, and so may the
        editorials of several people or issues.
        """
        shared = (feature for feature in self.features if feature in other.features)
        what, *values = next(shared, ("name",))
        is_short = len(values) > 1
        if what in {"doi", "arxiv", "name"}:
            return what != "name"
        if what == "part":
            whole = next((each for each in (self, other) if each.title in values), None)
            if not whole or not _extends(other if whole is self else self, whole):
                return False
        if self.families and other.families and not self.shares_author(other):
            return False
        both = (self.publication, other.publication)
        kinds = {p.kind for p in both}
        if len(kinds) > 1:  # DBLP writes a preprint's identifier as its volume
            return kinds.isdisjoint(_NO_PAPERS) and not kinds.isdisjoint(UNPUBLISHED)
        places = [
            (_own_doi(p), p.field("volume"), p.field("number"),
             # As of introductions and editorials.
             is_short and p.pages, is_short and p.kind is Kind.BOOK and p.venue)
            for p in both
        ]  # fmt: skip
        differ = any(a and b and a != b for a, b in zip(*places, strict=True))
        years = {p.issued.year for p in both if p.issued}
        venues = {p.venue.name for p in both if p.venue}
        # Editorials and editions of books have the same title each year.
        again = len(years) > 1 and (len(venues) > 1 or kinds == {Kind.BOOK})
        return not (what == "short" or differ or again)


class Works:
    """Entries by their features, in which those of one work are found."""

    def __init__(self, known: Iterable[Work] = ()) -> None:
        self._known: defaultdict[Feature, list[Work]] = defaultdict(list)
        for work in known:
            self.add(work)

    def add(self, work: Work) -> None:
        """Add an entry."""
        for feature in work.features:
            self._known[feature].append(work)

    def find(self, work: Work, *, paper: bool = False) -> Iterator[tuple[str, Work]]:
        """Yield the entries of the same work, or of the same *paper* only.

        Each has its name in :data:`SHARED` before it; the surest come first.
        """
        for feature in work.features:
            if paper and feature[0] == "name":  # which alone no paper has
                continue
            for other in self._known.get(feature, ())[:_MOST]:
                if not paper or work.is_same_paper(other):
                    yield feature[0], other


def _extends(work: Work, known: Work) -> bool:
    """Return whether the title of a work is that of another with a subtitle or a name.

    Preprints get names when they are published, but the papers of a series may also
    differ in their names, and corrections have another first word.
    """
    publication, other = work.publication, known.publication
    name, rest = _divide(str(publication.title))
    if letters(name) == known.title:
        return first_author(publication) == first_author(other)
    same_people = sorted(work.families) == sorted(known.families)
    named = _COINED.fullmatch(name) and letters(rest) == known.title
    return bool(named) and same_people and publication.kind is not other.kind


def _features(work: Work) -> Iterator[Feature]:
    publication, title = work.publication, work.title
    if doi := _own_doi(publication):
        yield "doi", doi
    if publication.arxiv:
        yield "arxiv", without_version(publication.arxiv)
    if len(title) >= _FEWEST_LETTERS:
        yield "title", title
    elif title:
        yield "title", title, first_author(publication), str(publication.issued.year)
        yield from (("short", title, family) for family in work.families)
    name, rest = _divide(str(publication.title))
    for part in (title, letters(name), letters(rest)):
        if len(part) >= _FEWEST_LETTERS:
            yield "part", part
    if _COINED.fullmatch(name):
        name = letters(name)
        yield from (("name", name, family) for family in work.families)


def _divide(title: str) -> tuple[str, str]:
    """Return the parts of a title before and after its colon or dash, or "" twice."""
    found = _SUBTITLE.search(title)
    return (title[: found.start()], title[found.end() :]) if found else ("", "")


def _own_doi(publication: Publication) -> str | None:
    """Return the DOI that only this version of the work has, in lower case."""
    doi = publication.doi
    return None if not doi or doi.startswith(ARXIV_DOI) else doi.lower()


def first_author(publication: Publication) -> str:
    """Return the letters of the first author's family name."""
    return letters(publication.creators[0].family) if publication.creators else ""


def is_published_later(record: Publication, known: Publication) -> bool:
    """Return whether *record* is the published version of the preprint *known*."""
    is_paper = record.kind not in UNPUBLISHED | _NO_PAPERS
    return known.kind in UNPUBLISHED and is_paper
