"""Awards of papers and people."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from labsite.model.dates import PartialDate
    from labsite.model.records import Person, Publication
    from labsite.site.site import SiteRecords


@dataclass(frozen=True, slots=True, kw_only=True)
class HonourGiven:
    """An award for papers, for people, or for both."""

    name: str
    issued: PartialDate  #: of the award; else of the paper
    by: str | None
    people: tuple[Person, ...] = ()
    papers: tuple[Publication, ...] = ()


def find_honours(site: SiteRecords) -> tuple[HonourGiven, ...]:
    """Return all awards, newest first; a shared award once."""
    found: dict[tuple[object, ...], HonourGiven] = {}
    for honour in (*_of_people(site), *_of_papers(site)):
        paper = honour.papers[0].key if honour.papers else None
        known = honour.name, paper or (honour.issued, honour.by)
        first = found.setdefault(known, honour)
        people = dict.fromkeys((*first.people, *honour.people))
        papers = {p.key: p for p in (*first.papers, *honour.papers)}
        found[known] = replace(
            first, people=tuple(people), papers=tuple(papers.values())
        )
    return tuple(sorted(found.values(), key=lambda h: h.issued.parts, reverse=True))


def _of_people(site: SiteRecords) -> Iterator[HonourGiven]:
    for person in site.people:
        for own in person.awards:
            papers = tuple(filter(None, map(site.library.by_key.get, own.papers)))
            name, issued, by = own.name, own.issued, own.by
            yield HonourGiven(
                name=name, issued=issued, by=by, people=(person,), papers=papers
            )


def _of_papers(site: SiteRecords) -> Iterator[HonourGiven]:
    for paper in site.library.publications:
        if paper.award:
            venue = paper.venue.label if paper.venue else None
            by = " ".join(str(part) for part in (venue, paper.issued.year) if part)
            yield HonourGiven(
                name=paper.award, issued=paper.issued, by=by or None, papers=(paper,)
            )
