"""Papers before and after: new, gone, moved, changed, and under another key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from labsite.diff.report import Item, Section, changed, listed
from labsite.site.identity import identities

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from labsite.diff.snapshot import Snapshot
    from labsite.model.records import Publication

#: What a record says, in the order in which a page shows it.
_FACTS: tuple[tuple[str, Callable[[Publication], str | None]], ...] = (
    ("title", lambda p: str(p.title)),
    ("kind", lambda p: p.kind.value),
    ("award", lambda p: p.award),
    ("note", lambda p: str(p.note) if p.note else None),
    ("abstract", lambda p: str(p.abstract) if p.abstract else None),
    ("picture", lambda p: p.preview),
    ("selected", lambda p: "yes" if p.selected else "no"),
    ("to appear", lambda p: "yes" if p.forthcoming else "no"),
)
#: Fields of which :data:`_FACTS` and the functions below say what has changed.
_SAID = {
    "abstract", "archiveprefix", "arxiv", "author", "author+an", "award", "award_name",
    "booktitle", "date", "doi", "editor", "entrysubtype", "eprint", "ids", "journal",
    "keywords", "month", "note", "preview", "primaryclass", "pubstate", "selected",
    "title", "year", "accepted",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pair:
    """A paper before and after."""

    old: Publication
    new: Publication

    @property
    def renamed(self) -> bool:
        """Whether its key is another one now."""
        return self.old.key != self.new.key


@dataclass(frozen=True, slots=True)
class Pairing:
    """Which papers are the same before and after, and which have no match."""

    pairs: tuple[Pair, ...]
    new: tuple[Publication, ...]
    gone: tuple[Publication, ...]


def pair_papers(before: Snapshot, after: Snapshot) -> Pairing:
    """Find the papers that are on both sides.

    A paper is known by its key unless another one has that key now, by an earlier key,
    and by its identifiers and title.
    """
    old = {p.key: p for p in before.site.library.publications}
    new = {p.key: p for p in after.site.library.publications}
    pairs: list[Pair] = []

    def pair(candidates: dict[str, str]) -> None:
        for key, former in candidates.items():
            if key in new and former in old:
                pairs.append(Pair(old.pop(former), new.pop(key)))

    same = {key: key for key in new if key in old}
    pair({key: key for key in same if _identities(old[key]) & _identities(new[key])})
    of_paper: tuple[Callable[[Publication], set[Any]], ...] = (
        _earlier_keys,
        _identities,
    )
    for names in of_paper:
        known = {name: key for key, p in old.items() for name in names(p)}
        found = {k: [known[n] for n in names(p) if n in known] for k, p in new.items()}
        pair({key: former[0] for key, former in found.items() if former})
    pair(same)
    return Pairing(tuple(pairs), tuple(new.values()), tuple(old.values()))


def _earlier_keys(publication: Publication) -> set[str]:
    return set(publication.aliases)


def _identities(publication: Publication) -> set[tuple[str, str]]:
    return set(identities(publication))


def compare_papers(
    before: Snapshot, after: Snapshot, pairing: Pairing
) -> Iterator[Section]:
    """Yield what has become of the papers."""
    new = (Item(_name(p), tuple(_where(p, after))) for p in pairing.new)
    gone = (Item(_name(p), tuple(_why_gone(p, before, after))) for p in pairing.gone)
    renamed = (_renamed(p, after) for p in pairing.pairs if p.renamed)
    moved, other = [], []
    for pair in pairing.pairs:
        moves = list(_moves(pair, before, after))
        details = list(_details(pair))
        if moves and not details:
            moved.append(Item(_name(pair.new), tuple(moves)))
        elif details:
            other.append(Item(_name(pair.new), (*moves, *details)))
    yield Section("New papers", tuple(new))
    yield Section("Papers gone", tuple(gone))
    yield Section("Papers moved", tuple(moved))
    yield Section("Papers changed", tuple(other))
    yield Section("Keys renamed", tuple(renamed))


def _name(publication: Publication) -> str:
    venue = publication.venue.label if publication.venue else ""
    year = str(publication.issued.year or "")
    place = " ".join(filter(None, (venue, year)))
    return f"{publication.title} ({', '.join(filter(None, (place, publication.key)))})"


def _where(publication: Publication, after: Snapshot) -> Iterator[str]:
    topics = _topics(publication.topics, after)
    yield f"in {_topics_said(topics)}" if topics else "in no topic"
    authors = after.site.authorship.authors[publication.key]
    if authors:
        yield f"on the pages of {listed([person.name for person in authors], 20)}"


def _topics(slugs: Iterable[str], snapshot: Snapshot) -> list[str]:
    known = snapshot.site.topics_by_slug
    return [known[slug].title if slug in known else f"'{slug}'" for slug in slugs]


def _topics_said(titles: list[str]) -> str:
    return f"the topic{'s' if len(titles) > 1 else ''} {listed(titles)}"


def _why_gone(
    publication: Publication, before: Snapshot, after: Snapshot
) -> Iterator[str]:
    """Yield the mistake that hides the paper, if it is one."""
    key = publication.key.lower()
    mistakes = [p for p in after.problems if (p.key or "").lower() == key]
    known = {(p.rule, p.message) for p in before.problems}
    for problem in mistakes:
        if (problem.rule, problem.message) not in known:
            yield f"{problem.file}:{problem.line}: {problem.message} [{problem.rule}]"


def _renamed(pair: Pair, after: Snapshot) -> Item:
    old, new = pair.old.key, pair.new.key
    text = f"{old} is now {new} ({pair.new.title})"
    if after.site.alias_pagename(old) and old in pair.new.aliases:
        return Item(text, ("the former address leads to the new one",))
    return Item(text, (f"the former address is lost; add ids = {{{old}}} to {new}",))


def _moves(pair: Pair, before: Snapshot, after: Snapshot) -> Iterator[str]:
    """Yield the lists that the paper leaves and joins."""
    old, new = pair.old, pair.new
    joined = _topics((t for t in new.topics if t not in old.topics), after)
    left = _topics((t for t in old.topics if t not in new.topics), before)
    if joined:
        yield f"joins {_topics_said(joined)}"
    if left:
        yield f"leaves {_topics_said(left)}"
    if old.issued != new.issued:
        yield changed("date", old.issued.isoformat(), new.issued.isoformat())
    if old.venue != new.venue:
        yield changed("venue", *(_venue(p) for p in (old, new)))


def _venue(publication: Publication) -> str | None:
    venue = publication.venue
    if venue is None or venue.short is None:
        return venue.name if venue else None
    return f"{venue.short}: {venue.name}"


def _details(pair: Pair) -> Iterator[str]:
    """Yield what a page says of the paper otherwise than before."""
    old, new = pair.old, pair.new
    for what, read in _FACTS:
        if read(old) != read(new):
            yield changed(what, read(old), read(new))
    yield from _people(old, new)
    yield from _links(old, new)
    was, now = dict(old.fields), dict(new.fields)
    links = {link.name for p in (old, new) for link in p.links}
    for name in sorted(was.keys() | now.keys()):
        link = name.removeprefix("url_") in links
        if name not in _SAID and not link and was.get(name) != now.get(name):
            yield changed(name, was.get(name), now.get(name))


def _people(old: Publication, new: Publication) -> Iterator[str]:
    was, now = ([c.name for c in p.creators] for p in (old, new))
    gained = [name for name in now if name not in was]
    lost = [name for name in was if name not in now]
    if gained or lost:
        yield changed("authors", listed(lost), listed(gained))
    elif was != now:
        yield changed("order of the authors", ", ".join(was), ", ".join(now))
    equal = [[c.name for c in p.creators if c.equal] for p in (old, new)]
    if equal[0] != equal[1]:
        yield changed("equal contribution", *(listed(names, 20) for names in equal))


def _links(old: Publication, new: Publication) -> Iterator[str]:
    was, now = ({link.name: link for link in p.links} for p in (old, new))
    for name in dict.fromkeys([*was, *now]):
        before, after = was.get(name), now.get(name)
        if before != after:
            label = (after or before or new.links[0]).label
            addresses = (link.url if link else None for link in (before, after))
            yield changed(label, *addresses)
