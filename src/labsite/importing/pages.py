"""Readers of topics, news and plain pages, after what ``layouts.toml`` says."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from labsite.importing.markup import without_lists
from labsite.importing.records import Record
from labsite.importing.tree import (
    PATTERNS,
    date_of,
    mappings_of,
    renamed,
    slug_of,
    text_of,
    texts_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from labsite.importing.records import Place
    from labsite.importing.tree import Source, Tree

_POST = re.compile(r"(\d{4}-\d\d?-\d\d?)-(.+)")
_TAGS = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|<[^<>]*>", re.DOTALL)
_FEWEST = 8  #: letters of a page that says something


def _items(tree: Tree, pattern: str) -> Iterator[tuple[dict[str, Any], Place]]:
    """Yield the mappings of data files, and where each stands."""
    for source in tree.sources(pattern):
        for item in mappings_of(source.values):
            words = text_of(item, "id", "title", "name", "headline", "text")
            yield item, tree.place_of(source.place.file, words)


def read_profiles(tree: Tree, layout: Mapping[str, str]) -> Iterator[tuple[Any, str]]:
    """Yield the profiles that pages have, and the pages."""
    for source in tree.sources(layout.get("pages", "")):
        for profile in mappings_of(source.values.get("profiles")):
            yield profile, source.place.file


def read_topics(tree: Tree, layout: Mapping[str, str]) -> Iterator[Record]:
    """Yield projects and subjects of research."""
    for source in tree.sources(layout.get("topics", "")):
        yield _topic(tree, source.values, source.place, source.name, source.body)
    for item, place in _items(tree, layout.get("topics_data", "")):
        title = text_of(item, "title", "name")
        if title:
            yield _topic(tree, item, place, title, "")


def _topic(
    tree: Tree, values: Mapping[str, Any], place: Place, name: str, body: str
) -> Record:
    known = renamed(values, "topic")
    title = text_of(known, "title") or re.sub(r"[-_]", " ", name).capitalize()
    link, order = text_of(known, "link"), text_of(known, "order")
    summary = re.sub(r"<[^<>]*>|[_*`]", "", text_of(known, "summary"))
    number = int(order) if re.fullmatch(r"\d{1,4}", order) else 0
    facts = {"title": title, "summary": summary, "order": number}
    more = link.startswith("http") and link not in body
    words = (name, title, *texts_of(known.get("words")), *texts_of(known.get("papers")))
    return Record(
        place=place,
        slug=slug_of(name),
        front={field: value for field, value in facts.items() if value},
        body=f"{body}\n\n[{link}]({link})" if more else body,
        picture=tree.find_picture(text_of(known, "image"), place),
        words=words,
    )


def read_news(tree: Tree, layout: Mapping[str, str]) -> Iterator[Record]:
    """Yield items of news, and posts."""
    for source in tree.sources(layout.get("news", "")):
        dated = _POST.fullmatch(source.name)
        known, bare = renamed(source.values, "news"), dated[2] if dated else source.name
        date = date_of(text_of(known, "date")) or (date_of(dated[1]) if dated else "")
        usual = (f"{date.replace('-', '/')}/{bare}", f"blog/{date[:4]}/{bare}")
        place = source.place
        place = replace(place, addresses=place.addresses + (usual if dated else ()))
        title = text_of(source.values, "title")
        body = source.body.strip() or text_of(source.values, "summary", "abstract")
        yield from _item(tree, place, date, slug_of(bare), title, body)
    for values, place in _items(tree, layout.get("news_data", "")):
        known = renamed(values, "news")
        date, body = date_of(text_of(known, "date")), text_of(known, "body")
        yield from _item(tree, place, date, slug_of(body)[:40], "", body)


def _item(  # noqa: PLR0917 -- what an item consists of
    tree: Tree, place: Place, date: str, slug: str, title: str, body: str
) -> Iterator[Record]:
    if date and (title or body):
        front = {"date": date, "title": title}
        yield Record(place=place, slug=slug, front=front, body=body)
    else:
        tree.note(place, "has no date or no text; left out")


def read_pages(tree: Tree, layout: Mapping[str, str]) -> Iterator[Record]:
    """Yield the plain pages, and of lists the addresses."""
    contents = {
        text_of(profile, "content") for profile, _file in read_profiles(tree, layout)
    }
    for source in tree.sources(layout.get("pages", "")):
        file, values = source.place.file.rpartition("/")[2], source.values
        html = file.endswith("html") and not values
        if html or file in contents or PATTERNS["no_page"].search(source.name):
            continue
        yield _page(source, values)


def _page(source: Source, values: Mapping[str, Any]) -> Record:
    folder = re.sub(r"^(?:content|_pages)/?", "", source.place.folder).partition("/")[0]
    root = not folder or folder == "home"
    home = (
        source.name in {"about", "index", "_index", "home", "content"}
        or folder == "home"
    )
    home = home and root and text_of(values, "permalink") in {"", "/"}
    heading = re.match(r"\s*#\s+(.+)", source.body)
    body = source.body[heading.end() :] if heading else source.body
    body = without_lists(body) if PATTERNS["lists"].search(source.name) else body
    body = "\n\n".join(filter(str.strip, (body, *_blocks(values))))
    empty = len(re.sub(r"\W", "", _TAGS.sub("", body))) < _FEWEST
    empty = empty or bool(PATTERNS["layouts"].search(text_of(values, "layout")))
    empty = empty or text_of(values, "active") == "false"
    title = text_of(values, "title") or (heading[1] if heading else source.name)
    place = replace(source.place, addresses=()) if home else source.place
    return Record(
        place=place,
        slug="index" if home and not empty else "" if empty else slug_of(source.name),
        front={
            "title": _TAGS.sub("", title).strip(),
            "description": _TAGS.sub("", text_of(values, "description", "summary")),
        },
        body=body,
    )


def _blocks(values: Mapping[str, Any]) -> Iterator[str]:
    """Yield the texts of the blocks of a landing page of HugoBlox."""
    for section in mappings_of(values.get("sections")):
        content = section.get("content")
        blocks = [content] if isinstance(content, dict) else []
        blocks += [item for block in blocks for item in mappings_of(block.get("items"))]
        for block in blocks:
            text, title = block.get("text"), text_of(block, "title")
            if isinstance(text, str):
                yield f"## {title}\n\n{text}" if title else text
