"""What sites made with Jekyll have in common, whatever their theme."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from labsite.importing.markup import without_lists
from labsite.importing.people import make_person, one_each
from labsite.importing.records import OldNews, OldPage, OldPerson
from labsite.importing.tree import date_of, mappings_of, slug_of, text_of, texts_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from labsite.importing.tree import Source, Tree

_PEOPLE = r"(?:our_?)?(?:members?|people|person|team|profiles?|authors?|students?|alumni|alumnus|staff|faculty|lab_?members?|group)"
_PEOPLE_DATA = rf"{_PEOPLE}(?:_?(?:members?|list|current|past|former))?|(?:current|past|former)_?(?:members?|students?)|phds?|postdocs?|visitors?|interns?|undergrads?"
_TOPICS = r"(?:projects?|research|topics?|themes?|areas?)"
_ALUMNI = re.compile(r"alum|former|past", re.IGNORECASE)
_POST = re.compile(r"(\d{4}-\d\d?-\d\d?)-(.+)")
#: Pages of themes that consist of lists and of settings.
_LISTS = re.compile(
    r"publications?|papers?|projects?|people|team|members?|news|blog|research|alumni|tags?|"
    r"category|categories|archive|posts?|bibliography|profiles|404|search|sitemap|feed|"
    r"repositories|bookshelf|dropdown|submenus|cv|teaching|calendar|index|readme|license|"
    r"contributing|changelog|code_of_conduct|install|customize|faq|security",
    re.IGNORECASE,
)


def settings(tree: Tree) -> dict[str, str]:
    """Return the name, the description and the address of the site."""
    (values,) = [tree.data(f) for f in tree.find(r"_config\.ya?ml")[:1]] or [{}]
    values = values if isinstance(values, dict) else {}
    name = text_of(values, "title", "name")
    if name in {"", "blank"}:
        name = " ".join(filter(None, (text_of(values, n) for n in ("first_name", "middle_name", "last_name"))))
    url = text_of(values, "url").rstrip("/")
    domain = next((tree.text(f).strip() for f in tree.find("CNAME")), "")
    if domain:
        url = f"https://{domain.split()[0]}"
    elif url and text_of(values, "baseurl").strip("/"):
        url = f"{url}/{text_of(values, 'baseurl').strip('/')}"
    return {"name": name, "description": text_of(values, "description", "subtitle"), "address": url if url.startswith("http") else ""}


def addresses(source: Source, *otherwise: str) -> tuple[str, ...]:
    """Return where the old site showed a page, from its front matter or as usual."""
    known = [text_of(source.values, "permalink")] or []
    known += texts_of(source.values.get("redirect_from"))
    found = [a for a in known if a and ":" not in a] if known[0] else [*otherwise, *known[1:]]
    return tuple(dict.fromkeys(a.strip("/") for a in found if a.strip("/")))


def people(tree: Tree) -> tuple[list[OldPerson], dict[str, str]]:
    """Return the people of collections and of data files, and roles of the site's own."""
    roles = _role_names(tree)

    def found() -> Iterator[tuple[OldPerson, dict[str, str]] | None]:
        for file in tree.find(rf"(?:collections/)?_{_PEOPLE}/(?:.*/)?[^/]+\.(?:md|markdown|html)"):
            source = tree.page(file)
            slug = file.rpartition("/")[2].rpartition(".")[0]
            folder = file.split("/")[-2].lstrip("_")
            values = source.values
            if re.search(r"template|example", slug) or not values or text_of(values, "published") == "false":
                tree.note(file, "is no person; left out")
                continue
            old = addresses(source, f"{file.split('/')[0].lstrip('_')}/{slug}")
            group = folder if _ALUMNI.search(folder) or folder in {"students", "staff", "faculty"} else ""
            yield make_person(tree, {"name": slug.replace("-", " ").title(), **values}, file, slug=slug, group=group, body=source.body, addresses=old, roles=roles)
        for file, data in tree.data_files(_PEOPLE_DATA):
            stem = file.rpartition("/")[2].rpartition(".")[0]
            group = "" if re.fullmatch(_PEOPLE, stem) and not _ALUMNI.search(stem) else stem
            lines = tree.text(file)
            for values, heading in _people_in(data, group):
                name = text_of(values, "name", "title")
                line = lines.count("\n", 0, max(lines.find(name), 0)) + 1
                yield make_person(tree, values, file, line=line, group=heading, roles=roles)

    return one_each(found(), tree)


def _role_names(tree: Tree) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for _file, data in tree.data_files("types", "roles"):
        for key, value in data.items() if isinstance(data, dict) else ():
            if isinstance(value, dict) and text_of(value, "description", "text"):
                found[key.lower()] = text_of(value, "description", "text")
    return found


def _people_in(data: object, group: str) -> Iterator[tuple[Mapping[str, Any], str]]:
    """Yield each mapping with a name, and the heading under which it stands."""
    if isinstance(data, dict) and not text_of(data, "name"):
        for key, value in data.items():
            if isinstance(value, dict) and text_of(value, "name") == "" and not mappings_of(value):
                yield {"name": key, **value}, group
            else:
                yield from _people_in(value, f"{group} {key}".strip() if isinstance(value, list) else group)
        return
    for item in data if isinstance(data, list) else [data]:
        if not isinstance(item, dict):
            continue
        inner = next((item[n] for n in ("members", "people", "list", "items", "persons") if isinstance(item.get(n), list)), None)
        if inner is not None:
            yield from _people_in(inner, f"{group} {text_of(item, 'title', 'name', 'group', 'role')}".strip())
        elif text_of(item, "name", "first_name", "title"):
            yield item, group


def news(tree: Tree) -> Iterator[OldNews]:
    """Yield the items of news, and posts."""
    for file in tree.find(r"(?:collections/)?_(?:news|posts|announcements)/(?:.*/)?[^/]+\.(?:md|markdown)"):
        source = tree.page(file)
        stem = file.rpartition("/")[2].rpartition(".")[0]
        dated = _POST.fullmatch(stem)
        date = date_of(text_of(source.values, "date")) or (date_of(dated[1]) if dated else "")
        if text_of(source.values, "published") == "false":
            tree.note(file, "is not published; left out")
        elif not date:
            tree.note(file, "has no date; left out")
        else:
            bare = dated[2] if dated else stem
            collection = file.split("/")[-2].lstrip("_")
            post = f"blog/{date[:4]}/{bare}", f"{date.replace('-', '/')}/{bare}"
            usual = post if collection == "posts" else (f"{collection}/{stem}",)
            yield OldNews(
                file=file, slug=slug_of(bare), date=date, body=source.body,
                title=text_of(source.values, "title"), addresses=addresses(source, *usual),
            )  # fmt: skip
    for file, data in tree.data_files("news", "announcements"):
        for number, item in enumerate(mappings_of(data), start=1):
            date = date_of(text_of(item, "date"))
            body = text_of(item, "headline", "text", "content", "description", "title", "news")
            if date and body:
                yield OldNews(file=file, slug=f"{slug_of(body)[:40]}", date=date, body=body)
            else:
                tree.note(file, f"item {number} has no date or no text; left out")


def topics(tree: Tree) -> Iterator[OldPage]:
    """Yield projects and subjects of research."""
    for file in tree.find(rf"(?:collections/)?_{_TOPICS}/(?:.*/)?[^/]+\.(?:md|markdown)"):
        source = tree.page(file)
        slug = file.rpartition("/")[2].rpartition(".")[0]
        collection = file.split("/")[-2].lstrip("_")
        yield make_topic(tree, source.values, file, slug, source.body, addresses(source, f"{collection}/{slug}"))
    for file, data in tree.data_files(_TOPICS):
        for item in mappings_of(data):
            title = text_of(item, "title", "name")
            if title:
                yield make_topic(tree, item, file, slug_of(title), "", ())


def make_topic(tree: Tree, values: Mapping[str, Any], file: str, slug: str, body: str, old: tuple[str, ...]) -> OldPage:
    """Return the page of a project."""
    title = text_of(values, "title", "name") or slug.replace("-", " ").replace("_", " ").capitalize()
    summary = text_of(values, "description", "summary", "subtitle", "excerpt")
    image = text_of(values, "img", "image", "thumbnail", "preview")
    order = text_of(values, "importance", "weight", "order")
    link = text_of(values, "link", "redirect", "url", "external_link")
    more = f"\n\n[{link}]({link})" if link.startswith("http") and link not in body else ""
    image_path = tree.find_file(image, "images", "assets/img", file.rpartition("/")[0]) if image else None
    if image and not image_path:
        tree.note(file, f"the picture '{image}' is not there")
    return OldPage(
        file=file, slug=slug_of(slug) or slug_of(title), title=title, body=body + more,
        summary=re.sub(r"<[^<>]*>", "", summary), image=image_path,
        order=int(order) if re.fullmatch(r"\d{1,4}", order) else 0, addresses=old,
        papers=tuple(texts_of(values.get("related_publications"))),
        words=tuple(filter(None, (text_of(values, "tag", "id"), text_of(values, "repo")))),
    )  # fmt: skip


def pages(tree: Tree, pattern: str) -> Iterator[OldPage]:
    """Yield the plain pages among the files that match, and of lists the addresses."""
    for file in tree.find(pattern):
        source = tree.page(file)
        stem = file.rpartition("/")[2].rpartition(".")[0]
        if stem == "index":
            stem = file.split("/")[-2] if "/" in file else "index"
        if not source.values and not file.endswith(("md", "markdown")):
            continue
        title = text_of(source.values, "title", "name")
        heading = re.match(r"\s*#\s+(.+)", source.body)
        if heading:
            title, body = title or heading[1].strip(), source.body[heading.end() :]
        else:
            body = source.body
        layout = text_of(source.values, "layout")
        is_home = stem in {"about", "index", "home"} and (text_of(source.values, "permalink") in {"", "/"})
        slug = "index" if is_home else slug_of(stem)
        is_list = _LISTS.fullmatch(stem) is not None
        body = without_lists(body) if is_list else body
        bare = re.sub(r"\{%.*?%\}|\{\{.*?\}\}|<[^<>]*>|[#*\-\s]", "", body, flags=re.DOTALL)
        if not is_home and (len(bare) < 8 or layout in {"profiles", "cv"} or stem in {"404", "search"}):
            yield OldPage(file=file, slug="", title=stem, addresses=addresses(source, stem))
            continue
        old = () if is_home else addresses(source, stem)
        yield OldPage(file=file, slug=slug, title=title or stem.capitalize(), body=body, summary=re.sub(r"<[^<>]*>", "", text_of(source.values, "description")), addresses=old)
