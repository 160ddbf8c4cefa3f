"""Describe what visitors see of a site: papers, people, news, courses and pages."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

from labsite.model.dates import PartialDate
from labsite.model.records import Creator, Honour, Link, Publication, Venue
from labsite.pages.people import has_left
from labsite.site.news import news_text
from labsite.text.markup import plain_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from labsite.diff.snapshot import Snapshot

_ADDRESS = re.compile(r"https?://[^\s<>()\[\]\"'`{}\\]+")
_HEADING = re.compile(r"^#[ \t]+(.+?)[ \t]*#*$", re.MULTILINE)
#: A fence of colons with its options; what is more than numbers is a title.
_FENCE = re.compile(
    r"^[ \t]*:{3,}(?:\{[^}\n]*\})?(?:[ \t\d]*$|[ \t]*(.*))(?:\n[ \t]*:[\w-]+:.*)*",
    re.MULTILINE,
)
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
_LAYOUT = "settings, lists, pictures or layout"
#: Fields of records that a report calls by another name.
_NAMES = {
    "creators": "authors", "more_creators": "and others", "issued": "date",
    "preview": "picture", "forthcoming": "to appear",
}  # fmt: skip
#: Fields that visitors do not see, or that other facts repeat.
_UNSEEN = {
    "aliases", "arxiv", "contributors", "dates", "distinct_from", "docname", "doi",
    "drafted", "entry_type", "fields", "key", "language", "pages", "papers", "slug",
    "source", "texts",
}  # fmt: skip
#: Texts of entries that other facts repeat.
_REPEATED = {"archiveprefix", "booktitle", "journal", "year"}
_LONGEST = 160  #: characters of a value in a report


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """One thing that visitors see."""

    name: str
    facts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()  #: remarks on a new thing, or the changes of another


def describe_papers(snapshot: Snapshot, keys: Mapping[str, str]) -> dict[str, Thing]:
    """Return the papers by their keys.

    :param keys: for the key of each paper that both states have, its key in reports
    """
    things = {}
    for main in snapshot.site.library.publications:
        for paper in (main, *main.versions):
            others = [c for c in paper.contributors if c.names != paper.creators]
            facts = {n: (*_words(x),) for n, x in paper.texts if n not in _REPEATED}
            facts |= {each.role: (*_words(each.names),) for each in others}
            facts |= _facts(paper)
            facts["pages"] = tuple("-".join(each) for each in paper.pages)
            if paper is not main:
                facts["shown on the page of"] = (main.key,)
            # The space keeps the key apart from another paper's.
            key, notes = keys.get(paper.key, f" {paper.key}"), _places(paper, snapshot)
            things[key] = Thing(name=name_paper(paper), facts=facts, notes=(*notes,))
    return things


def _places(paper: Publication, snapshot: Snapshot) -> Iterator[str]:
    """Yield where visitors find a paper."""
    known = snapshot.site.topics_by_slug
    topics = [known[t].title if t in known else f"'{t}'" for t in paper.topics]
    several = "s" if len(topics) > 1 else ""
    yield f"in the topic{several} {', '.join(topics)}" if topics else "in no topic"
    authors = snapshot.site.authors.get(paper.key)
    if authors:
        yield f"on the pages of {', '.join(person.name for person in authors)}"


def describe_people(snapshot: Snapshot, keys: Mapping[str, str]) -> dict[str, Thing]:
    """Return the people by the names of their pages, with papers as named by *keys*."""
    site, things = snapshot.site, {}
    for person in site.people:
        papers = {keys.get(p.key, "") for p in site.papers_of(person)}
        former = has_left(person, site.today)
        facts = _facts(person) | _content(person.source.body)
        facts["listed among"] = ("alumni" if former else "members",)
        facts["papers on the page"] = tuple(sorted(papers - {""}))
        name = f"{person.name} ({person.source.file})"
        things[person.slug] = Thing(name=name, facts=facts)
    return things


def describe_news(snapshot: Snapshot) -> dict[str, Thing]:
    """Return the items of news by the names of their files."""
    things = {}
    for item in snapshot.site.news:
        text = news_text(item, snapshot.site)
        facts = _facts(item) | _content(item.source.body)
        facts["text"] = tuple(_SENTENCE_END.split(text))
        name = f"{item.issued.isoformat()}: {shorten(text)}"
        things[item.slug] = Thing(name=name, facts=facts)
    return things


def describe_pages(snapshot: Snapshot) -> dict[str, Thing]:
    """Return the pages that somebody wrote, but those of people, by document name."""
    site, things = snapshot.site, {}
    topics = {topic.docname: _facts(topic) for topic in site.topics}
    people = {person.docname for person in site.people}
    for docname, (document, source) in snapshot.pages.items():
        if docname in people:
            continue
        named = document.value if isinstance(document.value, dict) else {}
        heading = _HEADING.search(source.body) or ["", docname]
        title = named.get("title") or named.get("name") or heading[1]
        facts = topics.get(docname, {}) | _content(source.body)
        facts[_LAYOUT] += (repr(named),)
        things[docname] = Thing(name=f"{title} ({source.file})", facts=facts)
    return things


def name_paper(publication: Publication) -> str:
    """Return the name of a paper in reports."""
    venue = publication.venue.label if publication.venue else ""
    year = str(publication.issued.year or "")
    place = " ".join(filter(None, (venue, year)))
    return f"{publication.title} ({', '.join(filter(None, (place, publication.key)))})"


def list_changes(old: Thing, new: Thing) -> Iterator[str]:
    """Yield a line for each difference of a thing."""
    names = dict.fromkeys([*new.facts, *old.facts])
    differ = {n: (old.facts.get(n, ()), new.facts.get(n, ())) for n in names}
    differ = {name: both for name, both in differ.items() if both[0] != both[1]}
    if differ.keys() == {_LAYOUT}:
        yield _LAYOUT
    for name, (was, now) in differ.items():
        matcher = SequenceMatcher(a=was, b=now)
        changes = matcher.get_opcodes()
        if sorted(was) == sorted(now):  # only the order differs
            changes = [("replace", 0, len(was), 0, len(now))]
        for tag, i, j, k, m in changes:
            if tag != "equal" and name != _LAYOUT:
                sign = " " if name == "text" else ", "
                yield f"{name}: {_join(was[i:j], sign)} → {_join(now[k:m], sign)}"


def _join(values: Sequence[str], sign: str) -> str:
    return f"“{shorten(sign.join(values))}”" if values else "none"


def shorten(text: str) -> str:
    """Return *text* on one line of limited length."""
    folded = _fold(text)
    return folded if len(folded) <= _LONGEST else f"{folded[: _LONGEST - 1].rstrip()}…"


def _fold(text: str) -> str:
    return " ".join(text.split())


def _facts(record: Any) -> dict[str, tuple[str, ...]]:  # noqa: ANN401 -- any record
    names = (f.name for f in fields(record) if f.name not in _UNSEEN)
    facts = {name: tuple(_words(getattr(record, name))) for name in names}
    return {_NAMES.get(n, n.replace("_", " ")): fact for n, fact in facts.items()}


def _words(value: object) -> Iterator[str]:
    """Yield the values of a field of a record as texts, a long one by its sentences."""
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
        case _ if len(text := str(value or "")) > _LONGEST:
            yield from _SENTENCE_END.split(text)
        case _ if value:
            yield str(value)


def _content(body: str) -> dict[str, tuple[str, ...]]:
    """Return the text and the addresses of a page, and the whole for its layout."""
    addresses = {found.rstrip(".,;:!?*_") for found in _ADDRESS.findall(body)}
    text = plain_text(
        _FENCE.sub(r"\n\1\n", body), lambda role: role.title or role.target
    )
    parts = (p for part in text.split("\n\n") for p in _SENTENCE_END.split(part))
    return {
        "text": tuple(parts),
        "addresses in it": tuple(sorted(addresses)),
        _LAYOUT: (_fold(body),),
    }
