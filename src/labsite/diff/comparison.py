"""Compare what visitors see of two states of a site: papers, people, news, pages."""

from __future__ import annotations

import filecmp
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from os.path import commonprefix

from labsite.diff.snapshot import Snapshot
from labsite.model.records import Library, Publication
from labsite.pages.yaml_lines import read_data
from labsite.site.news import news_text
from labsite.text.spellings import fold

_HEADING = re.compile(r"^#[ \t]+(.+?)[ \t]*#*$", re.MULTILINE)
_COMMENT = re.compile(r"^[ \t]*%.*\n?", re.MULTILINE)
#: Fields of front matter that visitors do not see.
_UNSEEN = {"distinct_from", "original"}
#: Texts of entries that other facts repeat.
_REPEATED = {"archiveprefix", "booktitle", "journal", "year"}
_LONGEST = 160  #: characters of a value in a report
_CONTEXT = 40  #: characters before the first difference of two values


@dataclass(frozen=True, kw_only=True)
class Thing:
    """One thing that visitors see."""

    name: str
    facts: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()  #: where a new thing is, or the changes of another


def compare(before: Snapshot, after: Snapshot) -> dict[str, list[Thing]]:
    """Return the changes that visitors notice, by the title of each section.

    The notes of a thing say how it changes.
    """
    old, new = _describe(before), _describe(after)
    _match_papers(old["Papers"], new["Papers"], before.site.library, after.site.library)
    sections: dict[str, list[Thing]] = {}
    for kind, things in new.items():
        was = old[kind]
        both = ((was[key], thing) for key, thing in things.items() if key in was)
        changed = (
            replace(now, notes=(*_list_changes(then, now),)) for then, now in both
        )
        sections[f"{kind} new"] = [things[key] for key in things if key not in was]
        gone = [was[key] for key in was if key not in things]
        sections[f"{kind} gone"] = [replace(thing, notes=()) for thing in gone]
        sections[f"{kind} changed"] = [thing for thing in changed if thing.notes]
    lost, files = sorted(before.addresses - after.addresses), _find_files(before, after)
    sections["Addresses that vanish"] = [Thing(name=name) for name in lost]
    title = "Settings, styles and pictures that differ"
    sections[title] = [Thing(name=name) for name in files]
    return {title: things for title, things in sections.items() if things}


def _match_papers(
    old: dict[str, Thing], new: dict[str, Thing], before: Library, after: Library
) -> None:
    """Find earlier papers by their present keys, of versions or ``ids``, or by titles.

    A paper that is tied to another one is neither new nor gone.
    """
    titles = {thing.facts["title"]: key for key, thing in new.items()}
    for former in [key for key in old if key not in new]:
        keys = (former, *before.by_key[former].aliases)
        owner = next(filter(None, map(after.by_key.get, keys)), None)
        key = owner.key if owner else titles.get(old[former].facts["title"])
        if key and (owner or key not in old):
            old.setdefault(key, old.pop(former))
    for key in before.by_key.keys() & new.keys() - old.keys():
        del new[key]


def _list_changes(old: Thing, new: Thing) -> Iterator[str]:
    """Yield a line for each fact that differs."""
    for name in {**new.facts, **old.facts}:
        both = old.facts.get(name, ""), new.facts.get(name, "")
        if both[0] != both[1]:
            first = len(commonprefix(both))  # noqa: RUF071 -- as meant
            yield f"{name}: {' → '.join(_quote(text, first) for text in both)}"


def _quote(text: str, first: int) -> str:
    """Return a value for a report, if it is long from shortly before a position."""
    start = max(first - _CONTEXT, 0) if _shorten(text) != text else 0
    return f"“{'…' * (start > 0)}{_shorten(text[start:])}”" if text else "none"


def _find_files(before: Snapshot, after: Snapshot) -> list[str]:
    old, new = before.others, after.others
    fates = dict.fromkeys(old - new, "gone") | dict.fromkeys(new - old, "new")
    for name in old & new:
        if not filecmp.cmp(before.source / name, after.source / name, shallow=False):
            fates[name] = "changed"
    return [f"{name} ({fates[name]})" for name in sorted(fates)]


def _describe(snapshot: Snapshot) -> Mapping[str, dict[str, Thing]]:
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
    for paper in snapshot.site.library.publications:
        facts = _facts(paper)
        for version in paper.versions:
            texts = (_name(version), *_facts(version).values())
            facts[f"version {version.key}"] = ", ".join(filter(None, texts))
        places = [f"topics: {facts['topics'] or 'none'}"]
        if members := snapshot.site.authors[paper.key]:
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
    return f"{paper.title} ({', '.join(filter(None, (paper.where, paper.key)))})"


def _describe_news(snapshot: Snapshot) -> Iterator[tuple[str, Thing]]:
    for item in snapshot.site.news:
        day, text = item.issued.isoformat(), _shorten(news_text(item, snapshot.site))
        facts = {"date": day, "kind": item.kind, "text": fold(item.text)}
        yield item.slug, Thing(name=f"{day}: {text}", facts=facts)


def _describe_pages(snapshot: Snapshot) -> Iterator[tuple[str, Thing]]:
    """Yield the pages that somebody wrote, and the YAML files that they name."""
    for docname, (document, source) in snapshot.pages.items():
        front = document.value if isinstance(document.value, dict) else {}
        heading = _HEADING.search(source.body) or ["", docname]
        title = front.get("title") or front.get("name") or heading[1]
        facts = {n: _flatten(v) for n, v in front.items() if n not in _UNSEEN}
        facts["text"] = fold(_COMMENT.sub("", source.body))
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
    return "" if value is None else fold(str(value))


def _shorten(text: str) -> str:
    """Return *text* on one line of limited length."""
    text = fold(text)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1].rstrip()}…"
