"""Describe what visitors see of a site: papers, people, news and pages."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from labsite.pages.yaml_lines import read_data
from labsite.site.news import news_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from labsite.diff.snapshot import Snapshot
    from labsite.model.records import Publication

_HEADING = re.compile(r"^#[ \t]+(.+?)[ \t]*#*$", re.MULTILINE)
_COMMENT = re.compile(r"^[ \t]*%.*\n?", re.MULTILINE)
#: Fields of front matter that visitors do not see.
_UNSEEN = {"distinct_from", "original"}
#: Texts of entries that other facts repeat.
_REPEATED = {"archiveprefix", "booktitle", "journal", "year"}
_LONGEST = 160  #: characters of a value in a report


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """One thing that visitors see."""

    name: str
    facts: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()  #: where a new thing is, or the changes of another


def describe(snapshot: Snapshot) -> Mapping[str, dict[str, Thing]]:
    """Return the things of each kind by what they are found by in the other state."""
    people = {person.docname for person in snapshot.site.people}
    pages = dict(_describe_pages(snapshot))
    return {
        "Papers": dict(_describe_papers(snapshot)),
        "People": {name: page for name, page in pages.items() if name in people},
        "News": dict(_describe_news(snapshot)),
        "Pages": {name: page for name, page in pages.items() if name not in people},
    }


def _describe_papers(snapshot: Snapshot) -> Iterator[tuple[str, Thing]]:
    for main in snapshot.site.library.publications:
        for paper in (main, *main.versions):
            facts = _facts(paper)
            places = [f"topics: {facts['topics'] or 'none'}"]
            if paper is not main:
                facts["shown on the page of"] = main.key
            elif members := snapshot.site.authors[main.key]:
                names = ", ".join(person.name for person in members)
                places.append(f"on the pages of: {names}")
            yield paper.key, Thing(name=_name(paper), facts=facts, notes=(*places,))


def _facts(paper: Publication) -> dict[str, str]:
    facts = {name: text for name, text in paper.texts if name not in _REPEATED}
    for each in paper.contributors:
        names = [f"{c.name}{' (equal contribution)' * c.equal}" for c in each.names]
        facts[each.role] = ", ".join([*names, *["and others"] * each.more])
    facts |= {link.label: link.url for link in paper.links}
    venue = paper.venue
    return facts | {
        "title": str(paper.title),
        "key": paper.key,
        "kind": paper.kind.value,
        "venue": ": ".join(filter(None, (venue.short, venue.name))) if venue else "",
        "date": paper.issued.isoformat(),
        "topics": ", ".join(paper.topics),
        "pages": ", ".join("-".join(each) for each in paper.pages),
        "award": paper.award or "",
        "selected": "yes" if paper.selected else "",
        "picture": paper.preview or "",
    }


def _name(paper: Publication) -> str:
    venue, year = (paper.venue.label if paper.venue else ""), paper.issued.year
    place = " ".join(filter(None, (venue, str(year or ""))))
    return f"{paper.title} ({', '.join(filter(None, (place, paper.key)))})"


def _describe_news(snapshot: Snapshot) -> Iterator[tuple[str, Thing]]:
    for item in snapshot.site.news:
        day, text = item.issued.isoformat(), shorten(news_text(item, snapshot.site))
        facts = {"date": day, "kind": item.kind, "text": _fold(item.text)}
        yield item.slug, Thing(name=f"{day}: {text}", facts=facts)


def _describe_pages(snapshot: Snapshot) -> Iterator[tuple[str, Thing]]:
    """Yield the pages that somebody wrote, and the YAML files that they name."""
    for docname, (document, source) in snapshot.pages.items():
        front = document.value if isinstance(document.value, dict) else {}
        heading = _HEADING.search(source.body) or ["", docname]
        title = front.get("title") or front.get("name") or heading[1]
        facts = {n: _flatten(v) for n, v in front.items() if n not in _UNSEEN}
        facts["text"] = _fold(_COMMENT.sub("", source.body))
        yield docname, Thing(name=f"{title} ({source.file})", facts=facts)
    text = "".join(source.body for _document, source in snapshot.pages.values())
    for file in snapshot.match(".yaml", ".yml"):
        if file.rpartition("/")[2] in text:
            data = _flatten(read_data(snapshot.source / file, file).value)
            yield file, Thing(name=file, facts={"text": data})


def _flatten(value: object) -> str:
    """Return the values in a value of YAML as one text."""
    if isinstance(value, (dict, list)):
        inner = value.values() if isinstance(value, dict) else value
        return ", ".join(filter(None, map(_flatten, inner)))
    return "" if value is None else _fold(str(value))


def _fold(text: str) -> str:
    return " ".join(text.split())


def shorten(text: str) -> str:
    """Return *text* on one line of limited length."""
    text = _fold(text)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1].rstrip()}…"
