"""Make the documents of a new site from the records of an old one."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from labsite.bibtex.fields import is_link_field
from labsite.bibtex.reader import read_library
from labsite.bibtex.writer import content, render_entry
from labsite.editing.fix import fix_files
from labsite.importing.conversion import (
    BIBFILE,
    TOPICS_FIELD,
    Conversion,
    Page,
    Paper,
    bare,
    free_name,
)
from labsite.importing.markup import anchors_of, keep_anchors, list_of
from labsite.importing.tree import NAMES, match_first
from labsite.model.records import Library
from labsite.scaffold import WORDS
from labsite.text.spellings import slug_of
from labsite.text.values import doi_address, parse_address, parse_doi

_FEWEST = 2  #: papers with a word that becomes a topic
_MOST_TOPICS = 12  #: made of words of papers
_SHORT = 600  #: characters of a text within an item of news
_LONG_TITLE = 20  #: characters of a title that no text contains by chance
#: Code, references, links and pictures.
_KEPT = r"`[^`]*`|\[(?:[^\[\]]|\[[^\[\]]*\])*\]\([^()]*\)"


def convert(made: Conversion) -> None:
    """Make the pages and the bibliography of the new site."""
    news = made.find("news")
    papers = [_with_files(made, paper) for paper in made.papers]
    people = [*map(made.place, made.find("team"))]
    topics = [*map(made.place, made.find("research") or _make_topics(papers))]
    _add_bibliography(made, [_with_topics(paper, topics) for paper in papers])
    for paper in papers:
        made.redirect(paper.source, f"publications/{paper.key}")
    for item in news:
        made.redirect(item.source, "news/index")
    placed = _place_pages(made)
    for item in map(made.place, news):
        _add_news(made, item)
    for person in people:
        _add_person(made, person)
    for topic in topics:
        _add_topic(made, topic)
    for docname, pages in placed.items():
        texts = (made.rewrite(page, docname) for page in pages)
        text = "\n\n".join(filter(None, texts))
        if docname in NAMES["lists"]:
            _add_list(made, docname, text)
        elif docname != "index":
            made.pages[docname] = replace(pages[0], body=text)
        else:
            _add_home(made, text, placed)
    anchors = {name: anchors_of(page.text()) for name, page in made.pages.items()}
    for name, page in made.pages.items():
        parts = [keep_anchors(t, name, anchors) for t in (page.body, page.sections)]
        made.pages[name] = replace(page, body=parts[0], sections=parts[1])


def _with_files(made: Conversion, paper: Paper) -> Paper:
    """Return a paper with the new paths of its files, without missing ones."""
    fields, place = dict(paper.fields), paper.source
    folders = (place.folder, made.tree.layout.get("files", ""))
    for name in (n for n in paper.fields if n == "preview" or is_link_field(n)):
        text = re.sub(r"\\([_%&#~])", r"\1", content(fields[name]) or "").strip()
        if "://" in text and name != "preview":
            new = parse_address(text) and text
        elif name == "preview":
            new = made.copy(text, "previews", *folders, stem=paper.key)
        elif doi := parse_doi(text):
            new = doi_address(doi)
        else:
            new = made.copy(text, "_static/papers", *folders)
        if new:
            fields[name] = fields[name] if new == text else f"{{{new}}}"
        else:
            what = f"{paper.key}: {name}: '{text[:80]}'"
            made.tree.note(place, f"{what} is no file that can be copied; left out")
            del fields[name]
    return replace(paper, fields=fields)


def _make_topics(papers: Sequence[Paper]) -> list[Page]:
    """Return the words that papers share as topics."""
    words = {slug_of(word): word for paper in papers for word in paper.topics}
    slugs = (dict.fromkeys(map(slug_of, paper.topics)) for paper in papers)
    counts = Counter(slug for each in slugs for slug in each if slug)
    common = (s for s, n in counts.most_common(_MOST_TOPICS) if n >= _FEWEST)
    titles = ((slug, words[slug][:1].upper() + words[slug][1:]) for slug in common)
    return [Page(docname=f"research/{s}", front={"title": t}) for s, t in titles]


def _with_topics(paper: Paper, topics: Iterable[Page]) -> Paper:
    words = {*map(slug_of, (*paper.topics, paper.key))}
    mine = [t.name for t in topics if words & {*map(slug_of, (t.name, *t.words))}]
    fields = {n: v for n, v in paper.fields.items() if n != TOPICS_FIELD}
    fields |= {TOPICS_FIELD: f"{{{', '.join(mine)}}}"} if mine else {}
    return replace(paper, fields=fields)


def _add_bibliography(made: Conversion, papers: Iterable[Paper]) -> None:
    macros = (f"@string{{{n} = {{{v}}}}}" for n, v in made.macros.items())
    entries = (render_entry(p.entry_type, p.key, p.fields.items()) for p in papers)
    text = "\n".join([*macros, "", "\n\n".join(entries), ""])
    made.bibliography = fix_files([(BIBFILE, text.encode())])[0].after.decode()
    made.library = read_library([(BIBFILE, made.bibliography)], TOPICS_FIELD)


def _place_pages(made: Conversion) -> dict[str, list[Page]]:
    """Return the old pages of each new one.

    A page with a list may have several, those after the first as sections.
    """
    placed: dict[str, list[Page]] = {n: [] for n in (*NAMES["lists"], "index")}
    by_depth = sorted(made.find(""), key=lambda page: page.source.file.count("/"))
    for page in sorted(by_depth, key=lambda p: f"{p.docname}/index" not in placed):
        title = "" if page.docname == "index" else page.front["title"]
        names = (title, page.docname, *map(bare, page.source.addresses[:1]))
        listed = (match_first("sections", name) for name in names)
        docname = next(filter(None, listed), page.docname)
        if docname == page.docname and docname not in {"", "index"}:
            docname = free_name(page.docname, placed.__contains__)
        if docname:
            made.redirect(page.source, docname)
            if docname in NAMES["lists"] and placed[docname]:
                body = f"## {page.front['title']}\n\n{page.body}"
                page = replace(page, body=body)  # noqa: PLW2901 -- with a heading
            placed.setdefault(docname, []).append(page)
        else:
            made.tree.note(page.source, "consists of lists or settings; left out")
    return placed


def _add_news(made: Conversion, item: Page) -> None:
    """Add an item of news; a long text becomes a page of its own."""
    date, title = item.front["date"], re.sub(r"[\[\]]", "", item.front["title"])
    text = made.rewrite(item, "news/index")
    told = re.sub(r"\]\([^()]*\)", "]", f"{item.front['title']} {text}")
    if len(text) > _SHORT or re.search(r"^#|```|~~~|:::", text, re.MULTILINE):
        page = item.docname.replace("news/", "posts/", 1)
        front = {"title": title or date, "orphan": True}
        made.pages[page] = replace(item, front=front, body=text)
        made.documents |= dict.fromkeys(map(bare, item.source.addresses), page)
        text, told = f"[{title or date}](/{page}.md)", item.front["title"]
    elif title and title.casefold() not in text.casefold():
        text = f"**{title}**\n\n{text}".strip()
    text = _with_references(made.library, text)
    kind = match_first("news_kinds", told) or "news"
    kind = "paper" if "{pub:ref}" in text and kind != "award" else kind
    front = {"date": date, "kind": kind}
    made.pages[item.docname] = replace(item, front=front, body=text)


def _with_references(library: Library, text: str) -> str:
    """Return a text with references in place of titles of papers, but not in links."""
    papers = [*reversed(library.publications)]  # of equal titles the newest counts
    keys = {" ".join(str(p.title).split()).lower(): p.key for p in papers}
    # A title may begin with another paper's.
    by_length = sorted(keys, key=len, reverse=True)
    words = "|".join(re.escape(t) for t in by_length if len(t) >= _LONG_TITLE)

    def refer(found: re.Match[str]) -> str:
        key = keys.get((found[1] or "").lower())
        title = re.sub(r"[`<>\\]", "", found[1] or "")
        return f"{{pub:ref}}`{title} <{key}>`" if key else found[0]

    pattern = rf"{_KEPT}|(?<![\[\w])[\"“*_]*({words})[\"”*_]*(?![\]\w])"
    return re.sub(pattern, refer, text, flags=re.IGNORECASE) if words else text


def _add_person(made: Conversion, person: Page) -> None:
    front = {"name": "", "role": "member", **person.front}
    body, picture = made.rewrite(person, person.docname), person.picture
    photo = made.copy(picture, "team", person.source.folder, stem=person.name)
    if photo:
        front["photo"] = photo.removeprefix("team/")
    elif picture:
        what = f"the picture '{picture[:80]}' is no file that can be copied"
        made.tree.note(person.source, what)
    made.pages[person.docname] = replace(person, front=front, body=body)


def _add_topic(made: Conversion, topic: Page) -> None:
    if topic.picture:
        words = re.sub(r"[\[\]]", "", topic.front["title"])
        picture = f"![{words}]({topic.picture.replace(' ', '%20')})"
        topic = replace(topic, body=f"{picture}\n\n{topic.body}")
    known = any(topic.name in paper.topics for paper in made.library.publications)
    title = WORDS[made.identity.language]["publications"]
    papers = f"## {title}\n\n{list_of('publications', f':topic: {topic.name}')}"
    body = made.rewrite(topic, topic.docname)
    made.pages[topic.docname] = replace(topic, body=body, tail=papers if known else "")


def _add_list(made: Conversion, docname: str, text: str) -> None:
    """Add a page with a list, which is before the sections of its text."""
    body, heading, sections = f"\n{text}".partition("\n## ")
    made.pages[docname] = Page(
        docname=docname,
        front={"title": WORDS[made.identity.language][docname.partition("/")[0]]},
        body=body.strip(),
        tail=list_of(*NAMES["lists"][docname]),
        sections=heading.lstrip() + sections,
    )


def _add_home(
    made: Conversion, text: str, placed: Mapping[str, Sequence[Page]]
) -> None:
    """Add the home page, with a menu of the other pages."""
    words, body, parts = WORDS[made.identity.language], text, []
    if made.find("news") and "{news}" not in body:
        parts.append(f"## {words['news']}\n\n{list_of('news', ':limit: 5')}")
    if made.library.publications and "{publications}" not in body:
        chosen = any(paper.selected for paper in made.library.publications)
        option = ":selected:" if chosen else ":limit: 5"
        papers = list_of("publications", f"{option}\n:group-by: none")
        parts.append(f"## {words['selected' if chosen else 'newest']}\n\n{papers}")
    entries = "\n".join(_menu(made, placed))
    parts.append(list_of("toctree", f":hidden:\n\n{entries}"))
    front = {"title": made.identity.name}
    tail = "\n\n".join(parts)
    made.pages["index"] = Page(docname="index", front=front, body=body, tail=tail)


def _menu(made: Conversion, placed: Mapping[str, Sequence[Page]]) -> list[str]:
    """Return the pages of the menu, those first that have a place in the old one."""
    known = (*NAMES["lists"], "index", "contact")
    more = [n for n in placed if n not in known and not placed[n][0].front["orphan"]]
    fields = {name: pages[0].source.values for name, pages in placed.items() if pages}
    weights = {name: values.number("nav_order") or values.mapping("nav").number("order")
               for name, values in fields.items()}  # fmt: skip
    for record in made.tree.pages("menus"):
        for row in record.values.mappings("main"):
            address = bare(row.text("url", "pageRef"))
            docname = made.documents.get(address) or match_first("sections", address)
            weights[docname] = row.number("weight")
    names = [*NAMES["lists"], *more, "contact"]
    return sorted(names, key=lambda name: weights.get(name) or math.inf)
