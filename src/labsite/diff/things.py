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
    from collections.abc import Iterable, Iterator, Mapping

    from labsite.diff.snapshot import Snapshot

    Facts = Mapping[str, tuple[str, ...]]

_ADDRESS = re.compile(r"https?://[^\s<>()\[\]\"'`{}\\]+")
_HEADING = re.compile(r"^#[ \t]+(.+?)[ \t]*#*$", re.MULTILINE)
#: A fence of colons with its options; what is more than numbers is a title.
_FENCE = re.compile(
    r"^[ \t]*:{3,}(?:\{[^}\n]*\})?(?:[ \t\d]*$|[ \t]*(.*))(?:\n[ \t]*:[\w-]+:.*)*",
    re.MULTILINE,
)
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
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
#: Fields of entries that the record of the paper covers.
_OF_RECORD = {
    "abstract", "accepted", "archiveprefix", "arxiv", "author", "author+an", "award",
    "award_name", "booktitle", "date", "doi", "editor", "entrysubtype", "eprint", "ids",
    "journal", "keywords", "month", "note", "preview", "primaryclass", "pubstate",
    "related", "relatedtype", "selected", "title", "year",
}  # fmt: skip
_LONGEST = 160  #: characters of a value in a report


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """One thing that visitors see."""

    name: str
    facts: Facts = field(default_factory=dict)  #: values by their names
    rest: str = ""  #: further content, of which a report says only that it differs
    notes: tuple[str, ...] = ()  #: remarks on a thing that is new or gone


def describe_paper(publication: Publication, notes: Iterable[str] = ()) -> Thing:
    """Return a publication as a thing, with remarks."""
    facts = _facts(publication)
    links = {link.name for link in publication.links}
    for name, value in publication.fields:
        if name not in _OF_RECORD and name.removeprefix("url_") not in links:
            facts[name] = (value,)
    return Thing(name=name_paper(publication), facts=facts, notes=tuple(notes))


def describe_people(snapshot: Snapshot, keys: Mapping[str, str]) -> dict[str, Thing]:
    """Return the people by the names of their pages.

    :param keys: for the key of each paper that both states have, its key in reports
    """
    site, things = snapshot.site, {}
    for person in site.people:
        papers = {keys.get(p.key, "") for p in site.authorship.publications_of(person)}
        former = has_left(person, site.today)
        facts, body = _facts(person), person.source.body
        facts["listed among"] = ("alumni" if former else "members",)
        facts["papers on the page"] = tuple(sorted(papers - {""}))
        name = f"{person.name} ({person.source.file})"
        facts |= _content(body)
        things[person.slug] = Thing(name=name, facts=facts, rest=_fold(body))
    return things


def describe_news(snapshot: Snapshot) -> dict[str, Thing]:
    """Return the items of news by the names of their files."""
    things = {}
    for item in snapshot.site.news:
        text = news_text(item, snapshot.site)
        facts = _facts(item) | _content(item.source.body) | {"text": (text,)}
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
        things[docname] = Thing(
            name=f"{title} ({source.file})",
            facts=topics.get(docname, {}) | _content(source.body),
            rest=f"{document.value!r}\n{_fold(source.body)}",
        )
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
    for name, (was, now) in differ.items():
        if sorted(was) == sorted(now):
            yield _line(f"order of the {name}", ", ".join(was), ", ".join(now))
            continue
        is_prose = name == "text" or any(len(value) > _LONGEST for value in was + now)
        sign = " " if is_prose else ", "
        split = _SENTENCE_END.split if is_prose else lambda value: [value]
        old_parts, new_parts = ([p for v in vs for p in split(v)] for vs in (was, now))
        matcher = SequenceMatcher(a=old_parts, b=new_parts, autojunk=False)
        for tag, i, j, k, m in matcher.get_opcodes():
            if tag != "equal":
                yield _line(name, sign.join(old_parts[i:j]), sign.join(new_parts[k:m]))
    if not differ and old.rest != new.rest:
        yield "settings, lists, pictures or layout"


def shorten(text: str) -> str:
    """Return *text* on one line of limited length."""
    folded = _fold(text)
    return folded if len(folded) <= _LONGEST else f"{folded[: _LONGEST - 1].rstrip()}…"


def _line(name: str, *values: str) -> str:
    texts = (f"“{shorten(value)}”" if value else "none" for value in values)
    return f"{name}: {' → '.join(texts)}"


def _fold(text: str) -> str:
    return " ".join(text.split())


def _facts(record: Any) -> dict[str, tuple[str, ...]]:  # noqa: ANN401 -- any record
    names = (f.name for f in fields(record) if f.name not in _UNSEEN)
    facts = {name: tuple(_words(getattr(record, name))) for name in names}
    return {_NAMES.get(n, n.replace("_", " ")): fact for n, fact in facts.items()}


def _words(value: object) -> Iterator[str]:
    """Yield the values of a field of a record as texts."""
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


def _content(body: str) -> dict[str, tuple[str, ...]]:
    """Return the text and the addresses of a page."""
    addresses = {found.rstrip(".,;:!?*_") for found in _ADDRESS.findall(body)}
    body = _FENCE.sub(r"\n\1\n", body)
    text = plain_text(body, lambda role: role.title or role.target)
    parts = tuple(text.split("\n\n"))
    return {"text": parts, "addresses in it": tuple(sorted(addresses))}
