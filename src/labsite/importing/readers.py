"""Read all records of an old site, as ``layouts.toml`` describes its system."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain

from labsite.importing.conversion import Conversion, Page
from labsite.importing.markup import replace_blocks
from labsite.importing.papers import read_papers
from labsite.importing.people import LINKS, make_person, significant
from labsite.importing.tree import NAMES, PATTERNS, Record, Tree, Values
from labsite.model.tables import read_table
from labsite.scaffold import WORDS, Identity
from labsite.text.spellings import slug_of

_TABLE = read_table(__file__, "layouts.toml")
_POST = re.compile(r"(\d{4}-\d\d?-\d\d?)-(.+)")
_DAY = re.compile(r"^(?:(?:\d\d){1,2}-\d\d?-\d\d?|(?:\d\d){3,4})[-_]")
_HEADING = re.compile(r"\s*(?:#+\s+(.+)|\*\*(.+?)\*\*)")
_ADDRESS = re.compile(r"https?://[\w.:-]+(?:/[^\s?#]*)?")
_DOMAIN = re.compile(r"[\w-]+(?:\.[\w-]+)+")
#: Markup without text.
_TAGS = re.compile(
    r"\{%(?!-?\s*include\b[^%]*\b(?:text|link|content)\s*=).*?%\}|"
    r"\{\{.*?\}\}|<[^<>]*>|\s*\{:?[^{}\n]*#[^{}\n]*\}$",
    re.DOTALL,
)
_FEWEST = 8  #: letters of a page that is not empty
#: Fields of people, topics and news that are read.
_KINDS = (NAMES["person"], NAMES["topic"], NAMES["news"])
_READ = {*chain.from_iterable(old for names in _KINDS for old in names.values())}


def read(tree: Tree) -> Conversion | None:
    """Return all that is found in an old site; ``None`` if no system is recognized."""
    for system, row in _TABLE["systems"].items():
        if all(tree.find(_expand(mark)) for mark in row["marks"]):
            rows = _TABLE["systems"].get(row.get("like"), {}) | row
            tree.layout = {n: _expand(p) for n, p in rows.items() if n != "marks"}
            found = _read(tree, system)
            for file in tree.files("content"):
                if file not in tree.texts:
                    tree.note(Record(file=file), "is not imported")
            return found
    return None


def _expand(pattern: str) -> str:
    for name, words in _TABLE["words"].items():
        pattern = pattern.replace(f"{{{name}}}", words)
    return pattern


def _read(tree: Tree, system: str) -> Conversion:
    settings = Values()
    for record in tree.pages("settings"):
        settings |= {k.lower(): v for k, v in record.values.items() if v}
    domains = " ".join(map(tree.text, tree.files("domain"))).split()
    domain = next(filter(_DOMAIN.fullmatch, domains), "")
    base = settings.text("baseurl").rstrip("/")
    url = base if "://" in base else f"{settings.text('url').rstrip('/')}{base}"
    url = f"https://{domain}" if domain else url
    tag = settings.text("lang", "languagecode", "defaultcontentlanguage", "locale")
    language = re.split("[-_]", tag.lower())[0]
    name = settings.text("title", "name")
    if name in {"", "blank"}:  # a site of al-folio is its owner's
        parts = (settings.text(f"{n}_name") for n in ("first", "middle", "last"))
        name = " ".join(filter(None, parts)) or "Our Lab"
    identity = Identity(
        name=name,
        language=language if language in WORDS else "en",
        base_url=url if _ADDRESS.fullmatch(url) else "",
    )
    people = list(_read_people(tree))
    papers, macros = read_papers(tree, people)
    topics = [_make_topic(tree, record) for record in _records(tree, "topics")]
    pages = [*people, *topics, *_read_news(tree), *_read_pages(tree)]
    if not any(page.docname == "index" for page in pages):
        body = settings.text("description", "subtitle")
        pages.append(Page(docname="index", front={"title": name}, body=body))
    return Conversion(
        tree=tree, system=system, identity=identity, domain=domain, papers=papers,
        macros=macros, found=pages,
    )  # fmt: skip


def _records(tree: Tree, kind: str) -> Iterator[Record]:
    """Yield the pages of a kind, and the records in its data files."""
    for record in (*tree.pages(kind), *tree.items(f"{kind}_data")):
        for name in filter(record.values.get, record.values):
            text, is_read = record.values.text(name), name in _READ
            if is_read and PATTERNS["only_year"].match(text):
                tree.note(record, "only the year of this date is read", text)
            is_read |= kind == "people" and name.lower() in LINKS
            if not (is_read or PATTERNS["unseen"].fullmatch(name)):
                tree.note(record, f"the field '{name}' has no place; left out")
        yield record


def _read_people(tree: Tree) -> Iterator[Page]:
    for record in (*_records(tree, "people"), *_read_profiles(tree)):
        values, name = record.values, record.name
        known = values.renamed("person").keys() - {"name", "aliases"}
        if not (record.body.strip() or known or significant(record.section)):
            tree.note(record, f"{name}: does not describe a person; left out")
            continue
        addresses = record.addresses
        if record.section.startswith("author"):
            shown = slug_of(values.text("name", "title")) or name
            addresses = (*addresses, f"author/{shown}")
        if person := make_person(tree, replace(record, addresses=addresses)):
            yield person


def _read_profiles(tree: Tree) -> Iterator[Record]:
    """Yield the pages about people that other pages name, with the fields of both."""
    pages = {page.file.rpartition("/")[2]: page for page in tree.pages("pages")}
    profiles = (p for s in pages.values() for p in s.values.mappings("profiles"))
    for profile in profiles:
        page = pages.get(profile.text("content"))
        if page:
            values, body = Values(page.values | profile), page.body
            heading = _HEADING.match(body)
            if heading and not values.text("name", "title"):
                values["name"] = heading[1] or heading[2]
                body = body[heading.end() :]
            bare = page.name.removeprefix("about_")
            yield replace(page, name=bare, values=values, body=body)


def _make_topic(tree: Tree, record: Record) -> Page:
    known = record.values.renamed("topic")
    name = re.sub(r"[-_]", " ", record.name).capitalize()
    title = known.text("title") or name
    link, summary = known.text("link"), known.text("summary")
    body = record.body.strip() or summary
    return Page(
        source=record,
        docname=f"research/{slug_of(record.name) or 'topic'}",
        front={
            "title": title,
            "summary": re.sub(r"<[^<>]*>|[_*`]|!?\[|\]\([^()]*\)", "", summary),
            "order": known.number("order"),
        },
        body=f"{body}\n\n[{title}]({link})" if link and link not in body else body,
        picture=known.text("image") or tree.find_beside(record),
        words=(record.name, name, *known.texts("words"), *known.texts("papers")),
    )


def _read_news(tree: Tree) -> Iterator[Page]:
    for record in _records(tree, "news"):
        known, dated = record.values.renamed("news"), _POST.fullmatch(record.name)
        known.setdefault("date", dated[1] if dated else "")
        date = known.date("date")
        name, title = dated[2] if dated else record.name, known.text("title")
        usual = (f"{date.replace('-', '/')}/{name}", f"blog/{date[:4]}/{name}")
        addresses = record.addresses + (usual if dated else ())
        body = record.body.strip() or known.text("body")
        if date and (title or body):
            slug = slug_of(_DAY.sub("", _TAGS.sub("", name)))[:40]
            yield Page(
                source=replace(record, addresses=addresses),
                docname=f"news/{date}-{slug}".strip("-"),
                front={"date": date, "title": "" if title == body else title},
                body=body,
            )
        else:
            tree.note(record, "has no date or no text; left out")


def _read_pages(tree: Tree) -> Iterator[Page]:
    """Yield the plain pages, and the addresses of those with lists."""
    contents = {page.file for page in _read_profiles(tree)}
    for record in tree.pages("pages"):
        # Of built sites, and of those who keep the site.
        bare = record.file.endswith("html") or record.name.isupper()
        named = record.file in contents or PATTERNS["no_page"].search(record.name)
        if not (named or (bare and not record.values)):
            yield _make_page(record)


def _make_page(record: Record) -> Page:
    values, name, body = record.values, record.name, record.body
    folder = re.sub(r"^(?:content|_pages)/?", "", record.folder).partition("/")[0]
    home = name in {"about", "index", "_index", "home", "content"} and not folder
    home = folder == "home" or (home and values.text("permalink") in {"", "/"})
    body = re.sub(r"\A\s*#\s+.+", "", body)
    if PATTERNS["lists"].search(name):
        body = replace_blocks(body, lambda _: "")
    body = "\n\n".join(filter(str.strip, (body, *_read_blocks(values))))
    layout = PATTERNS["layouts"].search(values.text("layout"))
    short = len(re.sub(r"\W", "", _TAGS.sub("", body))) < _FEWEST
    empty = short or bool(layout) or values.text("active") == "false"
    return Page(
        source=replace(record, addresses=()) if home else record,
        docname="" if empty else "index" if home else slug_of(name),
        front={
            "title": _TAGS.sub("", values.text("title", "name") or name),
            "description": _TAGS.sub("", values.text("description", "summary")),
            "orphan": values.text("nav") == "false",  # not in the menu
        },
        body="" if empty else body,
    )


def _read_blocks(values: Values) -> Iterator[str]:
    """Yield the texts of the blocks of a landing page of HugoBlox, or of one block."""
    blocks = [s for s in values.mappings("sections") if s.get("demo") != "true"]
    for block in (values, *blocks):
        content = block.mapping("content")
        for part in (content, *content.mappings("items"), *content.mappings("slides")):
            text = part.get("text") or part.get("content")
            if isinstance(text, str):
                name, more = part.text("title"), part.text("subtitle")
                heading = f"## {name}" if name not in {"", values.text("title")} else ""
                yield "\n\n".join(filter(None, (heading, more, text)))
        address = map(str, filter(None, content.mapping("address").values()))
        contact = (", ".join(address), content.text("email"), content.text("phone"))
        yield "\n\n".join(filter(None, contact))
