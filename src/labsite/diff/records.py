"""Everything besides papers: people, news, topics, pages, addresses, links."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import fields
from difflib import SequenceMatcher
from pathlib import Path
from typing import TYPE_CHECKING

import labsite
from labsite.diff.papers import Pairing, compare_papers, pair_papers
from labsite.diff.report import Item, Section, changed, listed, shorten
from labsite.exports import FORMATS
from labsite.pages.people import has_left
from labsite.site.news import news_text
from labsite.text.markup import plain_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from labsite.diff.snapshot import Page, Snapshot
    from labsite.model.records import NewsItem, Person, Topic
    from labsite.text.markup import Role

_SUFFIXES = re.compile(r"(?:\.csl)?\.[a-z]+$")
_LONGEST_LIST = 30  #: of addresses; nobody reads more
#: What a visitor does not see of a person, or what is said in other words.
_UNSEEN = {"slug", "docname", "source", "left", "distinct_from", "aliases"}


def compare(before: Snapshot, after: Snapshot) -> list[Section]:
    """Return what has changed for a visitor, nothing if nothing has."""
    pairing = pair_papers(before, after)
    sections = [
        *compare_papers(before, after, pairing),
        *_compare_people(before, after, pairing),
        *_compare_news(before, after),
        *_compare_courses(before, after),
        *_compare_pages(before, after),
        _vanished(before, after),
        _lost_links(before, after),
        _exports(before, after),
        _machinery(before, after),
    ]
    return [section for section in sections if section.items]


def _compare_people(
    before: Snapshot, after: Snapshot, pairing: Pairing
) -> Iterator[Section]:
    old = {person.slug: person for person in before.site.people}
    new = {person.slug: person for person in after.site.people}
    yield Section("People new", tuple(_person(new[s]) for s in new if s not in old))
    yield Section("People gone", tuple(_person(old[s]) for s in old if s not in new))
    keys = {pair.old.key: pair.new.key for pair in pairing.pairs}
    items = []
    for slug in new.keys() & old.keys():
        details = [
            *_record_changes(old[slug], new[slug]),
            *_standing(old[slug], new[slug], before, after),
            *_credits(old[slug], new[slug], before, after, keys),
        ]
        if details:
            items.append(Item(new[slug].name, tuple(details)))
    items.sort(key=lambda item: item.text)
    yield Section("People changed", tuple(items))


def _compare_courses(before: Snapshot, after: Snapshot) -> Iterator[Section]:
    old, new = before.courses, after.courses
    yield Section("Courses new", tuple(map(Item, sorted(new - old, reverse=True))))
    yield Section("Courses gone", tuple(map(Item, sorted(old - new, reverse=True))))


def _person(person: Person) -> Item:
    return Item(f"{person.name} ({person.source.file})")


def _record_changes(old: Person | Topic, new: Person | Topic) -> Iterator[str]:
    for field in fields(new):
        was, now = getattr(old, field.name), getattr(new, field.name)
        if field.name not in _UNSEEN and was != now:
            yield changed(field.name.replace("_", " "), _words(was), _words(now))


def _words(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(filter(None, map(_words, value)))
    for name in ("isoformat", "name"):
        said = getattr(value, name, None)
        if said is not None and not isinstance(value, str):
            text = said() if callable(said) else str(said)
            url = getattr(value, "url", None)
            return f"{text} {url}" if url else str(text)
    return str(value) if value is not None else ""


def _standing(
    old: Person, new: Person, before: Snapshot, after: Snapshot
) -> Iterator[str]:
    was, now = has_left(old, before.site.today), has_left(new, after.site.today)
    if was != now:
        yield "now among the alumni" if now else "now among the members"
    elif old.left != new.left:
        dates = (p.left.isoformat() if p.left else None for p in (old, new))
        yield changed("left", *dates)


def _credits(
    old: Person,
    new: Person,
    before: Snapshot,
    after: Snapshot,
    keys: Mapping[str, str],
) -> Iterator[str]:
    """Yield the papers that are on the person's page though they are not new, or not.

    :param keys: earlier key of each paper that is on both sides -> its key now
    """
    was = {keys.get(p.key) for p in before.site.authorship.publications_of(old)}
    now = {p.key for p in after.site.authorship.publications_of(new)}
    kept = set(keys.values())
    for verb, found in (("gains", (now - was) & kept), ("loses", was & kept - now)):
        if found:
            yield f"the page {verb} {listed(sorted(filter(None, found)))}"


def _compare_news(before: Snapshot, after: Snapshot) -> Iterator[Section]:
    old = {item.slug: item for item in before.site.news}
    new = {item.slug: item for item in after.site.news}
    yield Section("News new", tuple(_news(new[s], after) for s in new if s not in old))
    yield Section(
        "News gone", tuple(_news(old[s], before) for s in old if s not in new)
    )
    items = []
    for slug in (slug for slug in new if slug in old):
        was, now = old[slug], new[slug]
        details = []
        if was.issued != now.issued:
            dates = (was.issued.isoformat(), now.issued.isoformat())
            details.append(changed("date", *dates))
        if was.kind != now.kind:
            details.append(changed("kind", was.kind, now.kind))
        texts = news_text(was, before.site), news_text(now, after.site)
        if texts[0] != texts[1]:
            details.append(changed("text", *texts))
        if details:
            items.append(Item(slug, tuple(details)))
    yield Section("News changed", tuple(items))


def _news(item: NewsItem, snapshot: Snapshot) -> Item:
    text = shorten(news_text(item, snapshot.site))
    return Item(f"{item.issued.isoformat()}: {text}")


def _compare_pages(before: Snapshot, after: Snapshot) -> Iterator[Section]:
    old, new = before.pages, after.pages
    people = {p.docname for s in (before, after) for p in s.site.people}
    added = (_page(p) for n, p in new.items() if n not in old and n not in people)
    gone = (_page(p) for n, p in old.items() if n not in new and n not in people)
    yield Section("Pages new", tuple(added))
    yield Section("Pages gone", tuple(gone))
    topics = {topic.docname: topic for topic in before.site.topics}
    now = {topic.docname: topic for topic in after.site.topics}
    items = []
    for name in (name for name in new if name in old):
        details = list(_page_changes(old[name], new[name]))
        if name in topics and name in now:
            details = [*_record_changes(topics[name], now[name]), *details]
        elif old[name].front_matter != new[name].front_matter and name not in people:
            details.insert(0, "the settings above its text")
        if details:
            items.append(Item(_page(new[name]).text, tuple(details)))
    yield Section("Pages changed", tuple(items))


def _page(page: Page) -> Item:
    return Item(f"{page.title} ({page.source.file})")


def _page_changes(old: Page, new: Page) -> Iterator[str]:
    """Yield each paragraph that is another one now, and what is not text."""
    if old.source.body.split() == new.source.body.split():
        return
    was, now = _paragraphs(old), _paragraphs(new)
    matcher = SequenceMatcher(None, was, now, autojunk=False)
    if was == now:
        yield "lists, pictures or layout"
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag != "equal":
            yield changed("text", " ".join(was[i:j]), " ".join(now[k:m]))


def _paragraphs(page: Page) -> list[str]:
    return plain_text(page.source.body, _said).split("\n\n")


def _said(role: Role) -> str:
    return role.title or role.target


def _vanished(before: Snapshot, after: Snapshot) -> Section:
    """Return the addresses that answer no more, a page and its exports as one."""
    gone: defaultdict[str, list[str]] = defaultdict(list)
    for address in sorted(before.addresses - after.addresses):
        stem = _SUFFIXES.sub("", address)
        gone[stem].append(address[len(stem) :])
    texts = []
    for stem, suffixes in gone.items():
        page = ".html" in suffixes
        rest = [suffix for suffix in suffixes if suffix != ".html"]
        also = f" (also {', '.join(rest)})" if page and rest else ""
        texts.append(f"{stem}.html{also}" if page else stem + ", ".join(rest))
    return Section("Addresses that vanish", tuple(_limited(texts)), len(texts))


def _lost_links(before: Snapshot, after: Snapshot) -> Section:
    gone = sorted(before.links.keys() - after.links.keys())
    items = [f"{address} ({before.links[address]})" for address in gone]
    return Section("Links gone", tuple(_limited(items)), len(items))


def _exports(before: Snapshot, after: Snapshot) -> Section:
    differ = [
        path
        for path, text in after.exports.items()
        if path in before.exports and text != before.exports[path]
    ]
    suffixes = ", ".join(known.suffix for known in FORMATS)
    items = (Item(listed(differ, 8), (f"each as {suffixes}",)),) if differ else ()
    return Section("Lists whose exports differ", items, len(differ))


def _machinery(before: Snapshot, after: Snapshot) -> Section:
    old, new = before.machinery, after.machinery
    names = sorted(n for n in old.keys() | new.keys() if old.get(n) != new.get(n))
    items = [f"{name} ({_fate(name, old, new)})" for name in names]
    engine = Path(labsite.__file__).parent
    if engine.is_relative_to(after.source.resolve()):
        folder = engine.relative_to(after.source.resolve())
        if _tree(before, folder.as_posix()) != _tree(after, folder.as_posix()):
            items.append(f"{folder.as_posix()} (the engine; look at the built site)")
    title = "Settings, styles and pictures that differ"
    return Section(title, tuple(_limited(items)), len(items))


def _fate(name: str, old: Mapping[str, bytes], new: Mapping[str, bytes]) -> str:
    if name not in old:
        return "new"
    return "changed" if name in new else "gone"


def _tree(snapshot: Snapshot, folder: str) -> dict[str, bytes]:
    names = (name for name in snapshot.files if name.startswith(f"{folder}/"))
    return {name: (snapshot.source / name).read_bytes() for name in names}


def _limited(texts: list[str]) -> Iterator[Item]:
    yield from (Item(text) for text in texts[:_LONGEST_LIST])
    if len(texts) > _LONGEST_LIST:
        yield Item(f"and {len(texts) - _LONGEST_LIST} more")
