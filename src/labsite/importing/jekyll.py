"""What sites made with Jekyll have in common, whatever their theme."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from labsite.importing.markup import without_lists
from labsite.importing.people import make_person
from labsite.importing.records import OldNews, OldPage, Place
from labsite.importing.tree import (
    date_of,
    mappings_of,
    renamed,
    slug_of,
    text_of,
    texts_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from labsite.importing.records import OldPerson
    from labsite.importing.tree import Source, Tree

_PEOPLE = (
    r"(?:our_?|lab_?)?(?:members?|people|person|team|profiles?|authors?|students?|"
    r"alumn[iu]s?|staff|faculty|group)"
)
_PEOPLE_DATA = (
    rf"{_PEOPLE}(?:_?(?:members?|list|current|past|former))?|phds?|postdocs?|visitors?|"
    r"(?:current|past|former)_?(?:members?|students?)|interns?|undergrads?"
)
_TOPICS = r"(?:projects?|research|topics?|themes?|areas?)"
_GROUPS = re.compile(r"alum|former|past|students|staff|faculty", re.IGNORECASE)
_POST = re.compile(r"(\d{4}-\d\d?-\d\d?)-(.+)")
_MARKDOWN = r"\.(?:md|markdown)"
#: Pages of themes that consist of lists, and pages about the repository.
_LISTS = re.compile(
    r"publications?|papers?|projects?|people|team|members?|news|blog|research|alumni|tags?|"
    r"categor(?:y|ies)|archive|posts?|bibliography|profiles|repositories|teaching|index",
    re.IGNORECASE,
)
_NO_PAGES = re.compile(
    r"404|search|sitemap|feed|bookshelf|dropdown|submenus|cv|readme|license|contributing|"
    r"changelog|code_of_conduct|install|customize|faq|security|agents|claude|todo",
    re.IGNORECASE,
)
_LAYOUTS = {"profiles", "cv", "bookshelf", "redirect"}
_FEWEST = 8  #: letters of a page that says something


def settings(tree: Tree) -> dict[str, str]:
    """Return the name, the description and the address of the site."""
    values = configuration(tree)
    name = text_of(values, "title", "name")
    name = owner(values) if name in {"", "blank"} else name
    url, base = (
        text_of(values, "url").rstrip("/"),
        text_of(values, "baseurl").strip("/"),
    )
    return {
        "name": name,
        "description": text_of(values, "description", "subtitle"),
        "address": f"{url}/{base}".rstrip("/") if url.startswith("http") else "",
        "domain": tree.domain(),
    }


def configuration(tree: Tree) -> Mapping[str, Any]:
    """Return what ``_config.yml`` says."""
    files = tree.find(r"_config\.ya?ml")
    values = tree.data(files[0]) if files else None
    return values if isinstance(values, dict) else {}


def owner(values: Mapping[str, Any]) -> str:
    """Return the name of a person that the configuration has in parts."""
    parts = (text_of(values, n) for n in ("first_name", "middle_name", "last_name"))
    return " ".join(filter(None, parts))


def _addresses(source: Source, usual: str) -> tuple[str, ...]:
    """Return where the old site showed a page: as it says itself, or as usual."""
    said = text_of(source.values, "permalink")
    known = [said if said and ":" not in said else usual]
    return (*known, *texts_of(source.values.get("redirect_from")))


def _collection(tree: Tree, names: str) -> Iterator[tuple[Source, str, str, Place]]:
    """Yield the pages of collections: also the collection, the name and the place."""
    for file in tree.find(rf"(?:collections/)?_{names}/(?:.*/)?[^/]+{_MARKDOWN}"):
        source = tree.page(file)
        stem = file.rpartition("/")[2].rpartition(".")[0]
        collection = file.removeprefix("collections/").partition("/")[0].lstrip("_")
        place = Place(file=file, addresses=_addresses(source, f"{collection}/{stem}"))
        if text_of(source.values, "published") == "false":
            tree.note(place, "is not published; left out")
        else:
            yield source, collection, stem, place


def people(tree: Tree) -> Iterator[OldPerson | None]:
    """Yield the people of collections and of data files."""
    roles = {
        key.lower(): text_of(value, "description", "text")
        for _file, data in tree.data_files("types", "roles")
        for key, value in (data.items() if isinstance(data, dict) else ())
        if isinstance(value, dict) and text_of(value, "description", "text")
    }
    for source, collection, stem, place in _collection(tree, _PEOPLE):
        if not source.values or re.search(r"template|example", stem):
            tree.note(place, "is no person; left out")
            continue
        group = collection if _GROUPS.search(collection) else ""
        named = {"name": stem.replace("-", " ").title(), **source.values}
        yield make_person(
            tree, named, place, slug=stem, group=group, body=source.body, roles=roles
        )
    for file, data in tree.data_files(_PEOPLE_DATA):
        stem = file.rpartition("/")[2].rpartition(".")[0]
        plain = re.fullmatch(_PEOPLE, stem) and not _GROUPS.search(stem)
        for values, group in _people_in(data, "" if plain else stem):
            place = tree.place_of(file, text_of(values, "name", "title"))
            yield make_person(tree, values, place, group=group, roles=roles)


def _people_in(data: object, group: str) -> Iterator[tuple[Mapping[str, Any], str]]:
    """Yield each mapping with a name, and the headings under which it stands."""
    if isinstance(data, list):
        for item in data:
            yield from _people_in(item, group)
    if not isinstance(data, dict):
        return
    lists = {k: v for k, v in data.items() if isinstance(v, list) and mappings_of(v)}
    lists = {
        k: v for k, v in lists.items() if k not in {"links", "social", "education"}
    }
    title = text_of(data, "name", "first_name", "title", "group", "role")
    if title and not lists:
        yield data, group
        return
    for key, value in data.items():
        if key in lists:
            known = key in {"members", "people", "list", "items", "persons"}
            yield from _people_in(value, f"{group} {title if known else key}".strip())
        elif isinstance(value, dict):
            named = value if text_of(value, "name") or mappings_of(value) else {
                "name": key, **value}  # fmt: skip
            yield from _people_in(named, group)


def news(tree: Tree) -> Iterator[OldNews]:
    """Yield the items of news, and posts."""
    for source, collection, stem, place in _collection(
        tree, r"(?:news|posts|announcements)"
    ):
        dated = _POST.fullmatch(stem)
        written = text_of(source.values, "date")
        date = date_of(written) or (date_of(dated[1]) if dated else "")
        bare = dated[2] if dated else stem
        if collection == "posts" and len(place.addresses) == 1:
            usual = (f"{date.replace('-', '/')}/{bare}", f"blog/{date[:4]}/{bare}")
            place = Place(file=place.file, addresses=usual)  # noqa: PLW2901 -- its own
        if date:
            title = text_of(source.values, "title")
            slug = slug_of(bare)
            yield OldNews(
                place=place, slug=slug, date=date, title=title, body=source.body
            )
        else:
            tree.note(place, "has no date; left out")
    for file, data in tree.data_files("news", "announcements"):
        for item in mappings_of(data):
            known = renamed(item, "news")
            date, body = date_of(text_of(known, "date")), text_of(known, "body")
            place = tree.place_of(file, body)
            if date and body:
                yield OldNews(
                    place=place, slug=slug_of(body)[:40], date=date, body=body
                )
            else:
                tree.note(place, "an item has no date or no text; left out")


def topics(tree: Tree) -> Iterator[OldPage]:
    """Yield projects and subjects of research."""
    for source, _collection_name, stem, place in _collection(tree, _TOPICS):
        yield make_topic(tree, source.values, place, stem, source.body)
    for file, data in tree.data_files(_TOPICS):
        for item in mappings_of(data):
            title = text_of(item, "title", "name")
            if title:
                yield make_topic(tree, item, tree.place_of(file, title), title, "")


def make_topic(
    tree: Tree, values: Mapping[str, Any], place: Place, slug: str, body: str
) -> OldPage:
    """Return the page of a project."""
    known = renamed(values, "topic")
    title = text_of(known, "title") or re.sub(r"[-_]", " ", slug).capitalize()
    link, order = text_of(known, "link"), text_of(known, "order")
    more = link.startswith("http") and link not in body
    return OldPage(
        place=place,
        slug=slug_of(slug),
        title=title,
        body=f"{body}\n\n[{link}]({link})" if more else body,
        summary=re.sub(r"<[^<>]*>|[_*`]", "", text_of(known, "summary")),
        image=tree.find_picture(text_of(known, "image"), place, "images", "assets/img"),
        order=int(order) if re.fullmatch(r"\d{1,4}", order) else 0,
        papers=tuple(texts_of(known.get("papers"))),
        words=tuple(texts_of(known.get("words"))),
    )


def pages(tree: Tree, pattern: str) -> Iterator[OldPage]:
    """Yield the plain pages among the files that match, and of lists the addresses."""
    for file in tree.find(pattern):
        source = tree.page(file)
        stem = file.rpartition("/")[2].rpartition(".")[0]
        folder = file.rpartition("/")[0].rpartition("/")[2]
        stem = folder if stem == "index" and folder else stem
        if _NO_PAGES.fullmatch(stem) or (file.endswith("html") and not source.values):
            continue
        home = stem in {"about", "index", "home"}
        home = home and text_of(source.values, "permalink") in {"", "/"}
        heading = re.match(r"\s*#\s+(.+)", source.body)
        body = source.body[heading.end() :] if heading else source.body
        body = without_lists(body) if _LISTS.fullmatch(stem) else body
        said = re.sub(r"\{%.*?%\}|\{\{.*?\}\}|<[^<>]*>|\W", "", body, flags=re.DOTALL)
        empty = len(said) < _FEWEST or text_of(source.values, "layout") in _LAYOUTS
        title = text_of(source.values, "title") or (heading[1] if heading else stem)
        yield OldPage(
            place=Place(file=file, addresses=() if home else _addresses(source, stem)),
            slug="index" if home else "" if empty else slug_of(stem),
            title=re.sub(r"\{%.*?%\}", "", title).strip(),
            body=body,
            summary=re.sub(r"<[^<>]*>", "", text_of(source.values, "description")),
        )
