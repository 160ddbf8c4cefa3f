"""HugoBlox, formerly Wowchemy and Academic: Hugo with a folder for each paper."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from labsite.importing.jekyll import make_topic
from labsite.importing.papers import buttons, link_field, make_paper, read_entries
from labsite.importing.people import make_person, one_each
from labsite.importing.records import OldNews, OldPage, OldSite, Place
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

    from labsite.importing.records import OldPaper, OldPerson
    from labsite.importing.tree import Source, Tree

NAME = "HugoBlox"
#: Pages may stand in a folder of a language.
_CONTENT = r"content/(?:[a-z]{2}(?:-[a-z]{2})?/)?"
_PAPERS = rf"{_CONTENT}publications?/[^/]+"
_RECORDS = (
    r"(?:authors?|publications?|posts?|blogs?|news|events?|talks?|slides|home|admin|tags?|"
    r"categories|publication_types)"
)
_SETTINGS = r"(?:config/_default/)?(?:config|hugo|params)\.(?:ya?ml|toml)"


def recognises(tree: Tree) -> bool:
    """Tell whether the tree is a site of this system."""
    return bool(
        tree.find(r"content/(?:.*/)?(?:authors|publications?)/.*|data/authors/.*")
    )


def read(tree: Tree) -> OldSite:
    """Return all that the site has."""
    people = one_each(_people(tree), tree)
    names = {_identity(p.place.file): str(p.values["name"]) for p in people}
    papers, macros = _papers(tree, names)
    return OldSite(
        papers=tuple(papers),
        macros=macros,
        people=tuple(people),
        topics=tuple(_topics(tree)),
        news=tuple(_news(tree)),
        pages=tuple(_pages(tree)),
        domain=tree.domain(),
        **_settings(tree),
    )


def _settings(tree: Tree) -> dict[str, str]:
    found: dict[str, Any] = {}
    for file in tree.find(_SETTINGS):
        values = tree.data(file)
        found |= {k.lower(): v for k, v in values.items()} if values else {}
    nested = [v for v in found.values() if isinstance(v, dict)]
    nested += [v["seo"] for v in nested if isinstance(v.get("seo"), dict)]
    described = (text_of(v, "description") for v in (found, *nested))
    address = text_of(found, "baseurl").rstrip("/")
    return {
        "name": text_of(found, "title"),
        "description": next(filter(None, described), ""),
        "address": address if address.startswith("http") else "",
    }


def _identity(file: str) -> str:
    """Return the name of a folder, or of a file that stands for one."""
    stem = file.rpartition("/")[2].rpartition(".")[0]
    return (file.split("/")[-2] if stem in {"index", "_index"} else stem).lower()


def _sources(tree: Tree, sections: str) -> Iterator[tuple[Source, str, Place]]:
    """Yield the pages of sections that are no drafts, with their names and places."""
    folders = rf"{_CONTENT}{sections}/(?:.*/)?"
    for file in tree.find(rf"{folders}(?:[^/]+/index|(?!_?index\.)[^/]+)\.(?:md|html)"):
        source = tree.page(file)
        name = _identity(file)
        section = re.sub(f"^{_CONTENT}", "", file).partition("/")[0]
        aliases = texts_of(source.values.get("aliases"))
        place = Place(file=file, addresses=(f"{section}/{name}", *aliases))
        if not source.values or text_of(source.values, "draft") == "true":
            tree.note(place, "is a draft, or has no front matter; left out")
        else:
            yield source, name, place


def _people(tree: Tree) -> Iterator[OldPerson | None]:
    pages = tree.find(rf"{_CONTENT}(?:authors?|people)/[^/]+/_?index\.md")
    for file in [*pages, *tree.find(r"data/authors/[^/]+\.(?:ya?ml|json|toml)")]:
        source, data = (
            (tree.page(file), None) if file in pages else (None, tree.data(file))
        )
        values = source.values if source else data if isinstance(data, dict) else {}
        known, name = renamed(values, "person"), _identity(file)
        body = source.body if source else ""
        place = Place(file=file, addresses=(f"author/{name}", f"authors/{name}"))
        if not values or text_of(values, "type") in {"landing", "widget_page"}:
            continue
        if not (body.strip() or known.keys() & {"group", "position", "body"}):
            tree.note(place, f"{name}: says nothing of a person; left out")
            continue
        pictures = tree.find(
            rf"{re.escape(file.rpartition('/')[0])}/avatar[^/]*|"
            rf"assets/media/authors/{re.escape(name)}\.\w+"
        )
        photo = {"image": pictures[0]} if pictures and source else {"image": ""}
        shown = slug_of(text_of(known, "name"))
        place = replace(place, addresses=(*place.addresses, f"author/{shown}"))
        slug = shown or name
        yield make_person(tree, {**values, **photo}, place, slug=slug, body=body)


def _papers(
    tree: Tree, people: Mapping[str, str]
) -> tuple[list[OldPaper], dict[str, str]]:
    files = tree.find(rf"{_PAPERS}/[^/]*\.bib|[^/]*\.bib|(?:data|static|bib)/.*\.bib")
    entries, macros = read_entries(tree, files)
    cited = {e.place.file.rpartition("/")[0]: e for e in reversed(entries)}
    rest = [e for e in entries if cited.get(e.place.file.rpartition("/")[0]) is not e]
    found = []
    for source, name, place in _sources(tree, "publications?"):
        folder = source.file.rpartition("/")[0]
        entry = cited.pop(folder, None) if re.fullmatch(_PAPERS, folder) else None
        found.append(_paper(tree, source, name, place, entry, people))
    return [*found, *cited.values(), *rest], macros


def _paper(  # noqa: PLR0917 -- what a folder has
    tree: Tree,
    source: Source,
    name: str,
    place: Place,
    entry: OldPaper | None,
    people: Mapping[str, str],
) -> OldPaper:
    """Return the paper of a folder: its entry, and what its page says besides."""
    values, folder = dict(source.values), source.file.rpartition("/")[0]
    block = values.get("hugoblox")
    ids = block.get("ids") if isinstance(block, dict) else None
    values = {**(ids if isinstance(ids, dict) else {}), **values}
    for field in ("publication", "publication_short"):
        values[field] = re.sub(r"[*_]|^\s*In\s+", "", text_of(values, field))
    values["type"] = next(iter(texts_of(values.get("publication_types"))), "")
    authors = texts_of(values.get("authors"))
    values["authors"] = [people.get(author.lower(), author) for author in authors]
    links = {link_field(n): text_of(values, n) for n in values if n.startswith("url_")}
    values = {n: v for n, v in values.items() if not n.startswith("url_")}
    values |= buttons(values.pop("links", None)) | {k: v for k, v in links.items() if v}
    values["selected"] = "true" if text_of(values, "featured") == "true" else ""
    pictures = tree.find(rf"{re.escape(folder)}/featured[^/]*")
    values["image"] = pictures[0] if pictures else ""
    pdf = tree.find(rf"{re.escape(folder)}/{re.escape(name)}\.pdf")
    values.setdefault("pdf", pdf[0] if pdf else "")
    made = make_paper(values, name, place)
    notes = values.get("author_notes")
    each = enumerate(notes if isinstance(notes, list) else (), start=1)
    equal = [f"{n}=equal" for n, text in each if "equal" in str(text).lower()]
    fields = {**made.fields, **(entry.fields if entry else {})}
    if len(equal) > 1:
        fields.setdefault("author+an", f"{{{'; '.join(equal)}}}")
    words = [w for n in ("projects", "tags") for w in texts_of(values.get(n))]
    return replace(
        entry or made, place=place, fields=fields, topics=tuple(words), folder=folder
    )


def _topics(tree: Tree) -> Iterator[OldPage]:
    for source, name, place in _sources(tree, r"(?:projects?|research)"):
        folder = source.file.rpartition("/")[0]
        pictures = tree.find(rf"{re.escape(folder)}/featured[^/]*")
        bundle = source.file.endswith("/index.md")
        image = pictures[0] if pictures and bundle else ""
        page = make_topic(
            tree, {**source.values, "image": image}, place, name, source.body
        )
        yield replace(page, words=(*page.words, name))


def _news(tree: Tree) -> Iterator[OldNews]:
    for source, name, place in _sources(tree, r"(?:posts?|blogs?|news|events?|talks?)"):
        known = renamed(source.values, "news")
        date = date_of(text_of(known, "date"))
        if not date:
            tree.note(place, "has no date; left out")
            continue
        body = source.body.strip() or text_of(source.values, "summary", "abstract")
        title = text_of(known, "title")
        yield OldNews(
            place=place, slug=slug_of(name), date=date, title=title, body=body
        )


def _pages(tree: Tree) -> Iterator[OldPage]:
    """Yield plain pages and landing pages, with the texts of their blocks."""
    text = r"(?:[^/]+/)*[^/]+\.md"
    lists = r"(?:people|research|projects?)/_?index\.md|home/[^/]+\.md"
    own = rf"(?!{_RECORDS}/|projects?/[^_]|research/[^_]|people/[^_]){text}"
    for file in tree.find(rf"{_CONTENT}(?:{lists}|{own})"):
        source = tree.page(file)
        inside = re.sub(f"^{_CONTENT}", "", file).rpartition(".")[0]
        path = re.sub(r"(?:^|/)_?index$", "", inside)
        home = path in {"", "home"} or path.startswith("home/")
        texts = [source.body, *_blocks(source.values)]
        body = "\n\n".join(text for text in texts if text.strip())
        draft = text_of(source.values, "draft") == "true"
        hidden = draft or text_of(source.values, "active") == "false"
        title = text_of(source.values, "title") or path.rpartition("/")[2].capitalize()
        slug = "index" if home else "-".join(map(slug_of, path.split("/")))
        yield OldPage(
            place=Place(file=file, addresses=() if home else (path,)),
            slug="" if hidden or not body.strip() else slug,
            title=title,
            body=body,
            summary=text_of(source.values, "summary", "description"),
        )


def _blocks(values: Mapping[str, Any]) -> Iterator[str]:
    """Yield the texts of the blocks of a landing page."""
    for section in mappings_of(values.get("sections")):
        content = section.get("content")
        blocks = [content] if isinstance(content, dict) else []
        blocks += [item for block in blocks for item in mappings_of(block.get("items"))]
        for block in blocks:
            text, title = block.get("text"), text_of(block, "title")
            if isinstance(text, str):
                yield f"## {title}\n\n{text}" if title else text
