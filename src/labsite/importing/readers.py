"""Read all records of an old site, as ``layouts.toml`` describes its system."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from labsite.importing import records
from labsite.importing.conversion import Conversion
from labsite.importing.markup import without_lists
from labsite.importing.papers import read_papers
from labsite.importing.people import deduplicate, make_person
from labsite.importing.records import PATTERNS, Record, Source, Values
from labsite.model.tables import read_table
from labsite.scaffold import WORDS
from labsite.text.spellings import slug_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from labsite.importing.tree import Tree

_TABLE = read_table(__file__, "layouts.toml")
_POST = re.compile(r"(\d{4}-\d\d?-\d\d?)-(.+)")
_DAY = re.compile(r"^(?:(?:\d\d){1,2}-\d\d?-\d\d?|(?:\d\d){3,4})[-_]")
_HEADING = re.compile(r"\s*(?:#+\s+(.+)|\*\*(.+?)\*\*)")
_ADDRESS = re.compile(r"https?://[^\s/?#][^\s?#]*")
_DOMAIN = re.compile(r"[\w-]+(?:\.[\w-]+)+")
#: Markup without text.
_TAGS = re.compile(
    r"\{%(?!-?\s*include\b[^%]*\b(?:text|link|content)\s*=).*?%\}|"
    r"\{\{.*?\}\}|<[^<>]*>",
    re.DOTALL,
)
_FEWEST = 8  #: letters of a page that is not empty


def read(tree: Tree) -> Conversion | None:
    """Return all that is found in an old site; ``None`` if no system is recognised."""
    for system, row in _TABLE["systems"].items():
        if all(tree.find(_expand(mark)) for mark in row["marks"]):
            rows = _TABLE["systems"].get(row.get("like"), {}) | row
            tree.layout = {n: _expand(p) for n, p in rows.items() if n != "marks"}
            found = _read(tree, system)
            tree.note_unread()
            return found
    return None


def _expand(pattern: str) -> str:
    for name, words in _TABLE["words"].items():
        pattern = pattern.replace(f"{{{name}}}", words)
    return _expand(pattern) if "{PEOPLE}" in pattern else pattern


def _read(tree: Tree, system: str) -> Conversion:
    settings = _read_settings(tree)
    people = deduplicate(_read_people(tree), tree)
    papers, macros = read_papers(tree, people)
    domains = " ".join(map(tree.text, tree.files("domain"))).split()
    base = settings.text("baseurl").rstrip("/")
    url = base if "://" in base else f"{settings.text('url').rstrip('/')}{base}"
    tag = settings.text("lang", "languagecode", "defaultcontentlanguage", "locale")
    language = re.split("[-_]", tag.lower())[0]
    name = settings.text("title", "name")
    if name in {"", "blank"}:  # a site of al-folio is its owner's
        parts = (settings.text(f"{n}_name") for n in ("first", "middle", "last"))
        name = " ".join(filter(None, parts))
    return Conversion(
        tree=tree,
        system=system,
        name=name,
        description=settings.text("description", "subtitle"),
        language=language if language in WORDS else "en",
        address=url if _ADDRESS.fullmatch(url) else "",
        domain=next(filter(_DOMAIN.fullmatch, domains), ""),
        papers=papers,
        macros=macros,
        people=people,
        topics=[_make_topic(tree, source) for source in tree.records("topics")],
        news=list(_read_news(tree)),
        texts=list(_read_pages(tree)),
    )


def _read_settings(tree: Tree) -> Values:
    """Return the settings; nested ones only where no outer one has the name."""
    found = Values()
    for source in tree.sources("settings"):
        nested = [v for v in source.fields.values() if isinstance(v, dict)]
        nested += [v for each in nested for v in each.values() if isinstance(v, dict)]
        for each in (*reversed(nested), source.fields):
            found |= {k.lower(): v for k, v in each.items() if v}
    return found


def _read_people(tree: Tree) -> Iterator[Record | None]:
    for source in (*tree.records("people"), *_read_profiles(tree)):
        values, name = source.fields, source.name
        known = values.renamed("person").keys() - {"name", "aliases"}
        described = source.body.strip() or known or records.significant(source.section)
        if not described or re.search("template|example", name) or "widget" in values:
            tree.note(source, f"{name}: does not describe a person; left out")
            continue
        addresses = source.addresses
        if source.section.startswith("author"):
            shown = f"author/{slug_of(values.text('name', 'title')) or name}"
            addresses = (*addresses, shown)
        yield make_person(tree, replace(source, addresses=addresses))


def _read_profiles(tree: Tree) -> Iterator[Source]:
    """Yield the pages about people that other pages name, with the fields of both."""
    pages = {page.file.rpartition("/")[2]: page for page in tree.sources("pages")}
    profiles = (p for s in pages.values() for p in s.fields.mappings("profiles"))
    for profile in profiles:
        page = pages.get(profile.text("content"))
        if page:
            values, body = Values(page.fields | profile), page.body
            heading = _HEADING.match(body)
            if heading and not values.text("name", "title"):
                values["name"] = heading[1] or heading[2]
                body = body[heading.end() :]
            bare = page.name.removeprefix("about_")
            yield replace(page, name=bare, values=values, body=body)


def _make_topic(tree: Tree, source: Source) -> Record:
    known = source.fields.renamed("topic")
    name = re.sub(r"[-_]", " ", source.name).capitalize()
    title = known.text("title") or name
    link, summary = known.text("link"), known.text("summary")
    body = source.body.strip() or summary
    return Record(
        source=source,
        slug=slug_of(source.name),
        front={
            "title": title,
            "summary": re.sub(r"<[^<>]*>|[_*`]|!?\[|\]\([^()]*\)", "", summary),
            "order": known.number("order"),
        },
        body=f"{body}\n\n[{title}]({link})" if link and link not in body else body,
        picture=tree.find_picture(known.text("image"), source),
        words=(source.name, name, *known.texts("words"), *known.texts("papers")),
    )


def _read_news(tree: Tree) -> Iterator[Record]:
    for source in tree.records("news"):
        known, dated = source.fields.renamed("news"), _POST.fullmatch(source.name)
        known.setdefault("date", dated[1] if dated else "")
        date = known.date("date")
        name, title = dated[2] if dated else source.name, known.text("title")
        usual = (f"{date.replace('-', '/')}/{name}", f"blog/{date[:4]}/{name}")
        addresses = source.addresses + (usual if dated else ())
        posted = replace(source, addresses=addresses)
        body = source.body.strip() or known.text("body")
        heading = re.fullmatch(r"#+\s+(.+)", body)
        title, body = (heading[1], "") if heading else (title, body)
        front = {"date": date, "title": "" if title == body else title}
        if date and (title or body):
            slug = slug_of(_DAY.sub("", _TAGS.sub("", name)))[:40]
            yield Record(source=posted, slug=slug, front=front, body=body)
        else:
            tree.note(source, "has no date or no text; left out")


def _read_pages(tree: Tree) -> Iterator[Record]:
    """Yield the plain pages, and the addresses of those with lists."""
    contents = {page.file for page in _read_profiles(tree)}
    for source in tree.sources("pages"):
        file = source.file
        # Of built sites, and of those who keep the site.
        bare = file.endswith("html") or source.name.isupper()
        bare = bare and not source.fields
        if not (bare or file in contents or PATTERNS["no_page"].search(source.name)):
            yield _make_page(source)


def _make_page(source: Source) -> Record:
    values, name, body = source.fields, source.name, source.body
    folder = re.sub(r"^(?:content|_pages)/?", "", source.folder).partition("/")[0]
    home = name in {"about", "index", "_index", "home", "content"} and not folder
    home = folder == "home" or (home and values.text("permalink") in {"", "/"})
    heading = re.match(r"\s*#\s+(.+)", body)
    body = body[heading.end() :] if heading else body
    body = without_lists(body) if PATTERNS["lists"].search(name) else body
    body = "\n\n".join(filter(str.strip, (body, *_read_blocks(values))))
    empty = (
        len(re.sub(r"\W", "", _TAGS.sub("", body))) < _FEWEST
        or values.text("active") == "false"
        or bool(PATTERNS["layouts"].search(values.text("layout")))
    )
    title = values.text("title") or (heading[1] if heading else name)
    summary = values.text("description", "summary")
    return Record(
        source=replace(source, addresses=()) if home else source,
        slug="" if empty else "index" if home else slug_of(name),
        front={
            "title": _TAGS.sub("", title),
            "description": _TAGS.sub("", summary),
            "orphan": values.text("nav") == "false",  # not in the menu
        },
        body=body,
    )


def _read_blocks(values: Values) -> Iterator[str]:
    """Yield the texts of the blocks of a landing page of HugoBlox, or of one block."""
    sections = [s for s in values.mappings("sections") if s.get("demo") != "true"]
    for content in (part.mapping("content") for part in (values, *sections)):
        parts = (*content.mappings("items"), *content.mappings("slides"))
        for block in (content, *parts):
            title, text = block.text("title"), block.get("text") or block.get("content")
            if isinstance(text, str):
                heading = f"## {title}" if title else ""
                told = (heading, block.text("subtitle"), text)
                yield "\n\n".join(filter(None, told))
        address = map(str, filter(None, content.mapping("address").values()))
        contact = (", ".join(address), content.text("email"), content.text("phone"))
        yield "\n\n".join(filter(None, contact))
