"""Describe what visitors see of a site: papers, people, news, data and pages."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

from labsite.model.dates import PartialDate
from labsite.model.records import Creator, Honour, Link, Publication, Venue
from labsite.pages.people import has_left
from labsite.pages.yaml_lines import read_data
from labsite.site.news import news_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from labsite.diff.snapshot import Snapshot

_HEADING = re.compile(r"^#[ \t]+(.+?)[ \t]*#*$", re.MULTILINE)
_COMMENT = re.compile(r"^[ \t]*%.*\n?", re.MULTILINE)
_SENTENCE_END = re.compile(r"\n\s*\n|(?<=[.!?])\s+")
#: Fields of records that a report calls by another name.
_NAMES = {
    "creators": "authors", "more_creators": "and others", "issued": "date",
    "preview": "picture", "forthcoming": "to appear",
}  # fmt: skip
#: Fields that visitors do not see, or that other facts repeat.
_UNSEEN = {
    "aliases", "arxiv", "contributors", "dates", "distinct_from", "docname", "doi",
    "drafted", "entry_type", "fields", "key", "language", "original", "pages", "papers",
    "slug", "source", "texts",
}  # fmt: skip
#: Texts of entries that other facts repeat.
_REPEATED = {"archiveprefix", "booktitle", "journal", "year"}
_LONGEST = 160  #: characters of a value in a report
_CONTEXT = 40  #: characters before a difference of two values


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """One thing that visitors see."""

    key: str  #: by which it is found in the other state
    name: str
    facts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()  #: remarks on a new thing, or the changes of another


def describe_papers(snapshot: Snapshot, keys: Mapping[str, str]) -> Iterator[Thing]:
    """Yield the papers.

    :param keys: for the key of each paper that both states have, its key in reports
    """
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
            yield Thing(key=key, name=name_paper(paper), facts=facts, notes=(*notes,))


def _places(paper: Publication, snapshot: Snapshot) -> Iterator[str]:
    """Yield where visitors find a paper."""
    known = snapshot.site.topics_by_slug
    topics = [known[t].title if t in known else f"'{t}'" for t in paper.topics]
    several = "s" if len(topics) > 1 else ""
    yield f"in the topic{several} {', '.join(topics)}" if topics else "in no topic"
    authors = snapshot.site.authors.get(paper.key)
    if authors:
        yield f"on the pages of {', '.join(person.name for person in authors)}"


def name_paper(publication: Publication) -> str:
    """Return the name of a paper in reports."""
    venue = publication.venue.label if publication.venue else ""
    year = str(publication.issued.year or "")
    place = " ".join(filter(None, (venue, year)))
    return f"{publication.title} ({', '.join(filter(None, (place, publication.key)))})"


def describe_people(snapshot: Snapshot, keys: Mapping[str, str]) -> Iterator[Thing]:
    """Yield the people, with papers as named by *keys*."""
    site = snapshot.site
    for person in site.people:
        papers = {keys.get(p.key, "") for p in site.papers_of(person)}
        former = has_left(person, site.today)
        facts = _facts(person) | {"text": _sentences(person.source.body)}
        facts["listed among"] = ("alumni" if former else "members",)
        facts["papers on the page"] = tuple(sorted(papers - {""}))
        name = f"{person.name} ({person.source.file})"
        yield Thing(key=person.slug, name=name, facts=facts)


def describe_news(snapshot: Snapshot) -> Iterator[Thing]:
    """Yield the items of news."""
    for item in snapshot.site.news:
        facts = _facts(item) | {"text": _sentences(item.text)}
        name = f"{item.issued.isoformat()}: {shorten(news_text(item, snapshot.site))}"
        yield Thing(key=item.slug, name=name, facts=facts)


def describe_data(snapshot: Snapshot) -> Iterator[Thing]:
    """Yield the entries of YAML files that pages name, such as courses."""
    text = "".join(source.body for _document, source in snapshot.pages.values())
    for file in snapshot.match(".yaml", ".yml"):
        if file.rpartition("/")[2] in text:
            for row in _rows(read_data(snapshot.source / file, file).value):
                yield Thing(key=f"{row} ({file})", name=f"{row} ({file})")


def _rows(value: object, above: str = "") -> Iterator[str]:
    """Yield a line for each mapping and item of a list, with the texts above it."""
    inner = value if isinstance(value, list) else []
    if isinstance(value, dict):
        inner = [each for each in value.values() if isinstance(each, (dict, list))]
        value = ", ".join(str(v) for v in value.values() if v and v not in inner)
    if value and not isinstance(value, list):
        above = f"{above}: {value}" if above else str(value)
        yield above
    for each in inner:
        yield from _rows(each, above)


def describe_pages(snapshot: Snapshot) -> Iterator[Thing]:
    """Yield the pages that somebody wrote, but those of people."""
    people = {person.docname for person in snapshot.site.people}
    for docname, (document, source) in snapshot.pages.items():
        if docname in people:
            continue
        front = document.value if isinstance(document.value, dict) else {}
        heading = _HEADING.search(source.body) or ["", docname]
        title = front.get("title") or front.get("name") or heading[1]
        facts = {n: (*_words(v),) for n, v in front.items() if n not in _UNSEEN}
        facts["text"] = _sentences(source.body)
        yield Thing(key=docname, name=f"{title} ({source.file})", facts=facts)


def list_changes(old: Thing, new: Thing) -> Iterator[str]:
    """Yield a line for each difference of a thing."""
    for name in dict.fromkeys([*new.facts, *old.facts]):
        was, now = old.facts.get(name, ()), new.facts.get(name, ())
        changes = SequenceMatcher(a=was, b=now).get_opcodes()
        if sorted(was) == sorted(now) and was != now:  # only the order differs
            changes = [("replace", 0, len(was), 0, len(now))]
        sign = " " if name == "text" else ", "
        for tag, i, j, k, m in changes:
            if tag != "equal":
                both = sign.join(was[i:j]), sign.join(now[k:m])
                yield f"{name}: {' → '.join(_quote(*both))}"


def _quote(*both: str) -> Iterator[str]:
    """Yield two values for a report, from shortly before the first difference."""
    equal = [a == b for a, b in zip(*both, strict=False)]
    first = equal.index(False) if False in equal else 0
    for text in both:
        start = max(first - _CONTEXT, 0) if len(text) > _LONGEST else 0
        shown = "…" * (start > 0) + text[start:]
        yield f"“{shorten(shown)}”" if text else "none"


def shorten(text: str) -> str:
    """Return *text* on one line of limited length."""
    folded = " ".join(text.split())
    return folded if len(folded) <= _LONGEST else f"{folded[: _LONGEST - 1].rstrip()}…"


def _sentences(body: str) -> tuple[str, ...]:
    """Return the sentences of a page, with markup, without comments."""
    parts = _SENTENCE_END.split(_COMMENT.sub("", body))
    return tuple(filter(None, (" ".join(part.split()) for part in parts)))


def _facts(record: Any) -> dict[str, tuple[str, ...]]:  # noqa: ANN401 -- any record
    names = (f.name for f in fields(record) if f.name not in _UNSEEN)
    facts = {name: tuple(_words(getattr(record, name))) for name in names}
    return {_NAMES.get(n, n.replace("_", " ")): fact for n, fact in facts.items()}


def _words(value: object) -> Iterator[str]:
    """Yield the values of a field of a record as texts, a long one by its sentences."""
    match value:
        case tuple() | list():
            for each in value:
                yield from _words(each)
        case dict():
            yield from _rows(value)
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
            yield from _sentences(text)
        case _ if value:
            yield str(value)
