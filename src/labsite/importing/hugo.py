"""HugoBlox, formerly Wowchemy and Academic: Hugo with a folder for each paper."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from labsite.importing.jekyll import make_topic
from labsite.importing.papers import buttons, link_field, make_paper, read_entries
from labsite.importing.people import make_person, one_each
from labsite.importing.records import OldNews, OldPage, OldSite
from labsite.importing.tree import date_of, mappings_of, slug_of, text_of, texts_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from labsite.importing.records import OldPaper, OldPerson
    from labsite.importing.tree import Source, Tree

NAME = "HugoBlox"
#: Numbers of Academic's types of publications, and CSL's names for them since.
_KINDS = {"1": "paper-conference", "2": "article-journal", "3": "preprint", "4": "report",
          "5": "book", "6": "chapter", "7": "thesis", "8": "patent", "article": "preprint"}  # fmt: skip
_TEXT = r"(?:index|_index)\.(?:md|markdown|html)|[^/]+\.md"
_CONTENT = r"content/(?:[a-z]{2}(?:-[a-z]{2})?/)?"
_PAPERS = rf"{_CONTENT}publications?/([^/]+)/"
_FOLDERS = r"(?:authors?|people|publications?|projects?|research|posts?|blogs?|news|events?|talks?|slides|home|admin|tags?|categories)"
_ALUMNI = re.compile(r"alum|former|past", re.IGNORECASE)


def recognises(tree: Tree) -> bool:
    """Tell whether the tree is a site of this system."""
    return bool(tree.find(r"content/(?:.*/)?(?:authors|publications?)/.*|data/authors/.*"))


def read(tree: Tree) -> OldSite:
    """Return all that the site has."""
    people, roles = one_each(_people(tree), tree)
    names = {p.file.split("/")[-2].lower(): str(p.values["name"]) for p in people}
    names |= {p.file.rpartition("/")[2].rpartition(".")[0].lower(): str(p.values["name"]) for p in people}
    papers, macros = _papers(tree, names)
    return OldSite(
        system=NAME,
        papers=tuple(papers),
        macros=tuple(macros.items()),
        people=tuple(people),
        roles=roles,
        topics=tuple(_topics(tree)),
        news=tuple(_news(tree)),
        pages=tuple(_pages(tree)),
        **_settings(tree),
    )


def _settings(tree: Tree) -> dict[str, str]:
    found: dict[str, Any] = {}
    for file in tree.find(r"(?:config/_default/)?(?:config|hugo|params)\.(?:ya?ml|toml)"):
        values = tree.data(file)
        found |= {k.lower(): v for k, v in values.items() if v} if isinstance(values, dict) else {}
    params = found.get("params")
    seo = next((v for v in (found.get("marketing"), found.get("hugoblox")) if isinstance(v, dict)), {})
    nested = seo.get("seo") if isinstance(seo.get("seo"), dict) else {}
    description = text_of(found, "description") or text_of(params if isinstance(params, dict) else {}, "description") or text_of(nested, "description")
    address = text_of(found, "baseurl").rstrip("/")
    domain = next((tree.text(f).strip() for f in tree.find(r"(?:static/)?CNAME")), "")
    return {
        "name": text_of(found, "title") or text_of(nested, "org_name", "site_name"),
        "description": description,
        "address": f"https://{domain.split()[0]}" if domain else address if address.startswith("http") else "",
    }


def _people(tree: Tree) -> Iterator[tuple[OldPerson, dict[str, str]] | None]:
    for file in tree.find(rf"{_CONTENT}(?:authors|author|people)/[^/]+/_?index\.md|data/authors/[^/]+\.(?:ya?ml|json|toml)"):
        is_data = file.startswith("data/")
        data = tree.data(file) if is_data else None
        source = None if is_data else tree.page(file)
        values = data if isinstance(data, dict) else source.values if source else {}
        slug = file.rpartition("/")[2].rpartition(".")[0] if is_data else file.split("/")[-2]
        if not values or text_of(values, "type") in {"landing", "widget_page"}:
            continue
        folder = file.rpartition("/")[0]
        pictures = tree.find(rf"{re.escape(folder)}/avatar[^/]*|assets/media/authors/{re.escape(slug)}\.\w+")
        groups = texts_of(values.get("user_groups"))
        if len(groups) == 0 and not is_data and not text_of(values, "role", "bio") and not source_body(source):
            tree.note(file, f"{text_of(values, 'title', 'name') or slug}: is in no group of the team; left out")
            continue
        photo = {"image": pictures[0]} if pictures else {}
        name = text_of(values, "title", "name") or slug if not isinstance(values.get("name"), dict) else ""
        named = {"name": name} if name and not isinstance(values.get("name"), dict) else {}
        old = (f"author/{slug_of(name) or slug}", f"authors/{slug}", f"people/{slug}")
        body = source.body if source else ""
        yield make_person(tree, {**values, **named, **photo}, file, slug=name or slug, body=body, addresses=old)


def source_body(source: Source | None) -> str:
    """Return the text of a page, if there is one."""
    return source.body.strip() if source else ""


def _papers(tree: Tree, people: Mapping[str, str]) -> tuple[list[OldPaper], dict[str, str]]:
    entries, macros = read_entries(tree, tree.find(rf"{_PAPERS}[^/]*\.bib|[^/]*\.bib|(?:data|static|bib)/.*\.bib"))
    by_folder: dict[str, OldPaper] = {}
    rest: list[OldPaper] = []
    for entry in entries:
        folder = entry.file.rpartition("/")[0]
        if re.fullmatch(_PAPERS.rstrip("/"), folder) and folder not in by_folder:
            by_folder[folder] = entry
        else:
            rest.append(entry)
    found = []
    for file in tree.find(rf"{_PAPERS}index\.(?:md|markdown|html)|{_CONTENT}publications?/(?!_?index)[^/]+\.md"):
        folder = file.rpartition("/")[0] if re.search(r"/index\.\w+$", file) else file.rpartition(".")[0]
        source = tree.page(file)
        if text_of(source.values, "draft") == "true" or not source.values:
            tree.note(file, "is a draft, or cannot be read; left out")
        else:
            found.append(_paper(tree, source, folder, by_folder.pop(folder, None), people))
    found += [replace(e, folder=f) for f, e in by_folder.items()]
    return [*found, *rest], macros


def _paper(tree: Tree, source: Source, folder: str, entry: OldPaper | None, people: Mapping[str, str]) -> OldPaper:
    """Return the paper of a folder: its entry, and what its page says besides."""
    values, slug = source.values, folder.rpartition("/")[2]
    block = values.get("hugoblox")
    ids = block.get("ids") if isinstance(block, dict) else None
    ids = ids if isinstance(ids, dict) else {}
    types = texts_of(values.get("publication_types"))
    kind = _KINDS.get(types[0], types[0]) if types else ""
    venue = re.sub(r"[*_]|^\s*In\s+", "", text_of(values, "publication"))
    short = re.sub(r"[*_]|^\s*In\s+", "", text_of(values, "publication_short"))
    authors = [people.get(a.lower(), a) for a in texts_of(values.get("authors"))]
    notes = values.get("author_notes")
    equal = [n for n, text in enumerate(notes, 1) if isinstance(text, str) and "equal" in text.lower()] if isinstance(notes, list) else []
    record: dict[str, Any] = {
        "title": text_of(values, "title") or slug,
        "authors": authors,
        "date": text_of(values, "date", "publishDate", "publishdate"),
        "venue": venue,
        "kind": kind or ("article-journal" if venue else ""),
        "doi": text_of(values, "doi") or text_of(ids, "doi"),
        "arxiv": text_of(values, "arxiv") or text_of(ids, "arxiv"),
        "abstract": text_of(values, "abstract"),
        **buttons(values.get("links")),
    }
    for name in values:
        if name.startswith("url_") and text_of(values, name):
            record[link_field(name)] = text_of(values, name)
    if text_of(values, "featured") == "true":
        record["selected"] = "true"
    if short and short != venue:
        record["abbr"] = short
    pictures = tree.find(rf"{re.escape(folder)}/featured[^/]*\.(?:png|jpe?g|webp|gif|svg)")
    if pictures:
        record["preview"] = pictures[0]
    pdf = tree.find(rf"{re.escape(folder)}/{re.escape(slug)}\.pdf")
    if pdf:
        record.setdefault("pdf", pdf[0])
    made = make_paper({k: v for k, v in record.items() if v}, slug, source.file)
    fields = {**made.fields, **entry.fields} if entry else dict(made.fields)
    if entry and "url" in entry.fields:
        fields.pop("url_link", None)
    if len(equal) > 1:
        fields.setdefault("author+an", "{" + "; ".join(f"{n}=equal" for n in equal) + "}")
    topics = (*texts_of(values.get("projects")), *texts_of(values.get("tags")))
    base = entry or made
    return replace(base, fields=fields, file=source.file, line=1, topics=topics, folder=folder, addresses=(f"publication/{slug}", f"publications/{slug}"))


def _topics(tree: Tree) -> Iterator[OldPage]:
    for file in tree.find(rf"{_CONTENT}(?:projects?|research)/(?:[^/]+/index\.md|(?!_?index)[^/]+\.md)"):
        source = tree.page(file)
        bundle = file.endswith("/index.md")
        slug = file.split("/")[-2] if bundle else file.rpartition("/")[2].rpartition(".")[0]
        section = file.split("/")[-3 if bundle else -2]
        if not source.values or text_of(source.values, "draft") == "true":
            continue
        pictures = tree.find(rf"{re.escape(file.rpartition('/')[0])}/featured[^/]*") if bundle else []
        values = {**source.values, "image": pictures[0] if pictures else ""}
        page = make_topic(tree, values, file, slug, source.body, (f"{section}/{slug}",))
        yield replace(page, words=(*page.words, slug, *texts_of(source.values.get("tags"))))


def _news(tree: Tree) -> Iterator[OldNews]:
    for file in tree.find(rf"{_CONTENT}(?:posts?|blogs?|news|events?|talks?)/(?:.*/)?(?:{_TEXT})"):
        source = tree.page(file)
        parts = file.split("/")
        stem = parts[-1].rpartition(".")[0]
        slug = parts[-2] if stem == "index" else stem
        date = date_of(text_of(source.values, "date", "publishDate", "publishdate"))
        if stem == "_index" or text_of(source.values, "draft") == "true":
            continue
        if not date:
            tree.note(file, "has no date; left out")
            continue
        section = parts[-3] if stem == "index" else parts[-2]
        summary = text_of(source.values, "summary", "abstract")
        yield OldNews(file=file, slug=slug_of(slug), date=date, title=text_of(source.values, "title"), body=source.body.strip() or summary, addresses=(f"{section}/{slug}",))


def _pages(tree: Tree) -> Iterator[OldPage]:
    for file in tree.find(rf"{_CONTENT}(?!{_FOLDERS}/)(?:[^/]+/)*(?:{_TEXT})|{_CONTENT}(?:home/[^/]+\.md)|{_CONTENT}(?:people|research|projects?)/_?index\.md"):
        source = tree.page(file)
        stem = file.rpartition("/")[2].rpartition(".")[0]
        inside = re.sub(_CONTENT, "", file).rpartition("/")[0]
        path = inside if stem in {"index", "_index"} else f"{inside}/{stem}".strip("/")
        texts = [source.body, *_sections(source.values)]
        body = "\n\n".join(t for t in texts if t.strip())
        is_home = path in {"", "home"} or path.startswith("home/")
        if not body.strip() or text_of(source.values, "draft") == "true" or text_of(source.values, "active") == "false":
            if path and not is_home:
                yield OldPage(file=file, slug="", title=path, addresses=(path,))
            continue
        title = text_of(source.values, "title") or path.rpartition("/")[2].replace("-", " ").capitalize()
        yield OldPage(file=file, slug="index" if is_home else "-".join(filter(None, map(slug_of, path.split("/")))), title=title, body=body, summary=text_of(source.values, "summary", "description"), addresses=() if is_home else (path,))


def _sections(values: Mapping[str, Any]) -> Iterator[str]:
    """Yield the texts of the blocks of a landing page."""
    for section in mappings_of(values.get("sections")):
        content = section.get("content")
        for block in (content, *(mappings_of(content.get("items")) if isinstance(content, dict) else ())):
            text = block.get("text") if isinstance(block, dict) else None
            if isinstance(text, str) and isinstance(block, dict):
                title = text_of(block, "title")
                yield f"## {title}\n\n{text}" if title else text
