"""What visitors see of a site as things: papers, people, news, pages, each in facts."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

from labsite.model.dates import PartialDate
from labsite.model.records import Creator, Honour, Link, Publication, Venue
from labsite.pages.people import has_left
from labsite.site.news import news_text
from labsite.text.markup import plain_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from labsite.diff.snapshot import Page, Snapshot
    from labsite.model.records import NewsItem, Person
    from labsite.text.markup import Role

_ADDRESS = re.compile(r"https?://[^\s<>()\[\]\"'`{}\\]+")
#: What a report calls fields of records that have another name there.
_NAMES = {
    "creators": "authors", "more_creators": "and others", "issued": "date",
    "preview": "picture", "forthcoming": "to appear",
}  # fmt: skip
#: Fields that visitors do not see, or of which other facts say all.
_UNSEEN = {
    "aliases", "arxiv", "contributors", "dates", "distinct_from", "docname", "doi",
    "drafted", "entry_type", "fields", "key", "language", "pages", "papers", "slug",
    "source", "texts",
}  # fmt: skip
#: Fields of entries of which the record of the paper says all.
_OF_RECORD = {
    "abstract", "accepted", "archiveprefix", "arxiv", "author", "author+an", "award",
    "award_name", "booktitle", "date", "doi", "editor", "entrysubtype", "eprint", "ids",
    "journal", "keywords", "month", "note", "preview", "primaryclass", "pubstate",
    "related", "relatedtype", "selected", "title", "year",
}  # fmt: skip


_LONGEST = 160
_CONTEXT = 24  #: characters of what has not changed, before and behind what has


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """One thing that visitors see."""

    name: str
    #: What it says, by what that is called; one value, or several, or none.
    facts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    rest: str = ""  #: what else it shows; nobody is told more than that it differs
    notes: tuple[str, ...] = ()  #: what to say where it is new, or gone


def paper(publication: Publication, notes: Iterable[str] = ()) -> Thing:
    """Return a publication as a thing, and *notes* on it."""
    facts = _facts(publication)
    links = {link.name for link in publication.links}
    for name, value in publication.fields:
        if name not in _OF_RECORD and name.removeprefix("url_") not in links:
            facts[name] = (value,)
    return Thing(name=name_paper(publication), facts=facts, notes=tuple(notes))


def person(who: Person, snapshot: Snapshot, shared: Mapping[str, str]) -> Thing:
    """Return a person as a thing.

    :param shared: key of each paper that is on both sides -> one that both sides know
    """
    site = snapshot.site
    papers = {shared.get(p.key, "") for p in site.authorship.publications_of(who)}
    facts = _facts(who) | {
        "listed among": ("alumni" if has_left(who, site.today) else "members",),
        "papers on the page": tuple(sorted(papers - {""})),
        **_said_by(who.source.body),
    }
    name = f"{who.name} ({who.source.file})"
    return Thing(name=name, facts=facts, rest=" ".join(who.source.body.split()))


def news_item(item: NewsItem, snapshot: Snapshot) -> Thing:
    """Return an item of news as a thing."""
    text = news_text(item, snapshot.site)
    name = f"{item.issued.isoformat()}: {shorten(text)}"
    return Thing(
        name=name, facts=_facts(item) | _said_by(item.source.body) | {"text": (text,)}
    )


def page(written: Page, snapshot: Snapshot) -> Thing:
    """Return a page that somebody wrote as a thing."""
    topics = (t for t in snapshot.site.topics if t.docname == written.docname)
    facts = next(map(_facts, topics), {}) | _said_by(written.source.body)
    rest = f"{written.front_matter}\n{' '.join(written.source.body.split())}"
    name = f"{written.title} ({written.source.file})"
    return Thing(name=name, facts=facts, rest=rest)


def name_paper(publication: Publication) -> str:
    """Return what a report calls a paper."""
    venue = publication.venue.label if publication.venue else ""
    year = str(publication.issued.year or "")
    place = " ".join(filter(None, (venue, year)))
    return f"{publication.title} ({', '.join(filter(None, (place, publication.key)))})"


def _facts(record: Any) -> dict[str, tuple[str, ...]]:  # noqa: ANN401 -- any record
    return {
        _NAMES.get(f.name, f.name.replace("_", " ")): tuple(
            _words(getattr(record, f.name))
        )
        for f in fields(record)
        if f.name not in _UNSEEN
    }


def _words(value: object) -> Iterator[str]:
    """Yield what a field of a record says, each of many for itself."""
    match value:
        case tuple():
            for each in value:
                yield from _words(each)
        case PartialDate() if value:
            yield value.isoformat()
        case Link():
            yield f"{value.label} {value.url}"
        case Creator():
            yield f"{value.name}{' (equal contribution)' if value.equal else ''}"
        case Venue():
            yield f"{value.short}: {value.name}" if value.short else value.name
        case Honour():
            yield ", ".join(_words((value.name, value.by, value.issued)))
        case Publication():
            yield name_paper(value)
        case True:
            yield "yes"
        case _ if value:
            yield str(value)


def _said_by(body: str) -> dict[str, tuple[str, ...]]:
    """Return what the text of a page says, and where it leads."""
    addresses = {found.rstrip(".,;:!?*_") for found in _ADDRESS.findall(body)}
    return {
        "text": tuple(plain_text(body, _said).split("\n\n")),
        "addresses in it": tuple(sorted(addresses)),
    }


def _said(role: Role) -> str:
    return role.title or role.target


def shorten(text: str, limit: int = _LONGEST) -> str:
    """Return *text* in one line of at most *limit* characters."""
    folded = " ".join(text.split())
    return folded if len(folded) <= limit else f"{folded[: limit - 1].rstrip()}…"


def changed(what: str, before: str, after: str) -> str:
    """Return what was and what is now; "none" stands for nothing."""
    texts = map(shorten, _around_change(before, after))
    return f"{what}: {' → '.join(f'“{text}”' if text else 'none' for text in texts)}"


def _around_change(before: str, after: str) -> tuple[str, str]:
    """Return two texts; of long ones what is not the same, with its context."""
    old, new = " ".join(before.split()), " ".join(after.split())
    if max(len(old), len(new)) <= _LONGEST:
        return old, new
    start = _same(old, new)
    end = min(_same(old[::-1], new[::-1]), min(len(old), len(new)) - start)
    first = old.rfind(" ", 0, max(start - _CONTEXT, 0)) + 1
    behind = old.find(" ", len(old) - end + _CONTEXT) if end > _CONTEXT else -1
    rest = len(old) - behind if behind >= 0 else 0
    return _cut(old, first, rest), _cut(new, first, rest)


def _same(old: str, new: str) -> int:
    """Return how many characters two texts begin with in common."""
    pairs = enumerate(zip(old, new, strict=False))
    return next((i for i, (a, b) in pairs if a != b), min(len(old), len(new)))


def _cut(text: str, first: int, rest: int) -> str:
    middle = text[first : len(text) - rest]
    return f"{'…' if first else ''}{middle}{'…' if rest else ''}"
