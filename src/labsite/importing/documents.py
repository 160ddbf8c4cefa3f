"""The pages of the new site, each from a record of the old one."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import yaml

from labsite.bibtex.reader import read_library
from labsite.importing.markup import Rewriter
from labsite.importing.places import Places, bare
from labsite.importing.tree import NAMES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from labsite.importing.records import OldNews, OldPage, OldPerson, OldSite, Place
    from labsite.importing.tree import Tree
    from labsite.model.records import Library

_SHORT = 600  #: characters of text that stand in an item of news
_LONG_TITLE = 20  #: characters of a title that no other text has by chance
_MOST = 10_000  #: things of one name
#: The title of each page with a list, and the directive of the list.
_LISTS = {
    "publications/index": ("Publications", "publications"),
    "team/index": ("Team", "team"),
    "news/index": ("News", "news"),
    "research/index": ("Research", "topic-cards"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page of the new site."""

    head: str  #: front matter and what precedes the text
    body: str
    tail: str = "\n"  #: what follows the text

    def __str__(self) -> str:
        """Return the file's text."""
        return f"{self.head}{self.body}{self.tail}"


@dataclass(slots=True)
class Conversion:
    """One old site on its way."""

    old: OldSite
    tree: Tree
    places: Places
    pages: dict[str, Page] = field(default_factory=dict)  #: by document
    bibliography: str = ""
    library: Library = field(default_factory=lambda: read_library([]))
    topics: list[OldPage] = field(default_factory=list)
    redirects: dict[str, str] = field(default_factory=dict)

    @property
    def counts(self) -> dict[str, int]:
        """How many things of each kind have arrived."""
        return {
            "papers": len(self.library.publications),
            "people": len(self.old.people),
            "topics": len(self.topics),
            "news": len(self.old.news),
            "pages": len(self.pages),
        }


def _rewrite(made: Conversion, place: Place, text: str, docname: str) -> str:
    return Rewriter(
        link=lambda address: made.places.resolve(address, place, docname),
        cites=made.library.by_key.__contains__,
        note=lambda message: made.tree.note(place, message),
    ).rewrite(text)


class _Plain(yaml.SafeDumper):
    """Writes no references, which pages do not have."""

    def ignore_aliases(self, _data: object) -> bool:
        return True


def _head(front: Mapping[str, object]) -> str:
    text = yaml.dump(
        dict(front), Dumper=_Plain, sort_keys=False, allow_unicode=True, width=10**6
    )
    return f"---\n{text}---\n\n"


def add_person(made: Conversion, person: OldPerson) -> None:
    """Add the page of a person."""
    docname, front = f"team/{person.slug}", dict(person.values)
    if person.photo:
        name = f"{person.slug}{person.photo.suffix.lower()}"
        made.places.copies[f"team/{name}"] = person.photo
        front["photo"] = name
    body = _rewrite(made, person.place, person.body, docname)
    made.pages[docname] = Page(head=_head(front), body=body)


def add_topic(made: Conversion, topic: OldPage, *, has_papers: bool) -> None:
    """Add the page of a topic."""
    docname = f"research/{topic.slug}"
    facts = {"title": topic.title, "summary": topic.summary, "order": topic.order}
    body = _rewrite(made, topic.place, topic.body, docname)
    if topic.image:
        path = topic.image.relative_to(made.tree.root).as_posix()
        copied = made.places.copy(path, "_static/files")
        body = f"![{_words(topic.title)}](/{copied})\n\n{body}" if copied else body
    papers = f"\n\n## Publications\n\n```{{publications}}\n:topic: {topic.slug}\n```\n"
    made.pages[docname] = Page(
        head=_head({name: value for name, value in facts.items() if value}),
        body=body,
        tail=papers if has_papers else "\n",
    )


def _words(text: str) -> str:
    """Return a text that can stand in square brackets."""
    return text.replace("[", "(").replace("]", ")")


def add_news(made: Conversion, item: OldNews) -> None:
    """Add an item of news; a long one becomes a page, to which the item leads."""
    name = f"{item.date}-{item.slug}"[:80].strip("-")
    numbered = (name, *(f"{name}-{number}" for number in range(2, _MOST)))
    slug = next(n for n in numbered if f"news/{n}" not in made.pages)
    text = _rewrite(made, item.place, item.body, "news/index")
    title = _words(item.title)
    if len(text) > _SHORT or re.search(r"^#|```|~~~|:::", text, re.MULTILINE):
        docname = f"posts/{slug}"
        front = {"title": item.title or slug, "orphan": True}
        made.pages[docname] = Page(head=_head(front), body=text)
        made.places.lead(item.place, docname, anew=True)
        text = f"[{title or slug}](/{docname}.md)"
    elif title and title.casefold() not in text.casefold():
        text = f"**{title}**\n\n{text}" if text else title
    text = _with_references(made.library, text) or item.date
    kind = _kind(f"{item.title} {item.body}")
    kind = "paper" if "{pub:ref}" in text and kind != "award" else kind
    front = {"date": item.date, "kind": kind}
    made.pages[f"news/{slug}"] = Page(head=_head(front), body=text)


def _kind(text: str) -> str:
    kinds = NAMES["news_kinds"].items()
    found = (k for k, pattern in kinds if re.search(pattern, text, re.IGNORECASE))
    return next(found, "news")


def _with_references(library: Library, text: str) -> str:
    """Return a text with a reference where the title of a paper stands."""
    folded = text.casefold()
    for publication in library.publications:
        title = " ".join(str(publication.title).split())
        if len(title) < _LONG_TITLE or title.casefold() not in folded:
            continue
        pattern = rf"(?<![\[`\w])[\"“*_]*({re.escape(title)})[\"”*_]*(?![\]`\w]| <)"
        reference = f"{{pub:ref}}`{re.sub('[`<>]', '', title)} <{publication.key}>`"
        text = re.sub(
            pattern, reference.replace("\\", r"\\"), text, count=1, flags=re.IGNORECASE
        )
    return text


def place_pages(made: Conversion) -> dict[str, list[OldPage]]:
    """Give every plain page its document; return those that belong to lists."""
    sections: dict[str, list[OldPage]] = {}
    plain: dict[str, OldPage] = {}
    for page in made.old.pages:
        names = (page.slug, *(bare(a) for a in page.place.addresses[:1]))
        docname = "index" if page.slug == "index" else _section(names)
        if docname:
            sections.setdefault(docname, []).append(page)
        elif page.slug:
            numbered = (f"{page.slug}-{number}" for number in range(2, _MOST))
            docname = next(n for n in (page.slug, *numbered) if n not in plain)
            plain[docname] = page
        else:
            made.tree.note(page.place, "consists of lists or settings; left out")
            continue
        made.places.lead(page.place, docname)
    for docname, page in plain.items():
        facts = {"title": page.title, "orphan": True, "description": page.summary}
        front = {name: value for name, value in facts.items() if value}
        body = _rewrite(made, page.place, page.body, docname)
        made.pages[docname] = Page(head=_head(front), body=body)
    return sections


def _section(names: Iterable[str]) -> str:
    """Return the page with the list that a page of one of the names was about."""
    for docname, pattern in NAMES["sections"].items():
        if any(re.fullmatch(pattern, name, re.IGNORECASE) for name in names):
            return str(docname)
    return ""


def add_lists(made: Conversion, sections: Mapping[str, list[OldPage]]) -> None:
    """Add the pages with lists, below the texts that they had."""
    counts = made.counts
    for docname, (title, directive) in _LISTS.items():
        section = docname.partition("/")[0]
        known = {"publications": "papers", "team": "people", "research": "topics"}
        body = _joined(made, sections.get(docname, []), docname)
        tail = "\n"
        if counts[known.get(section, section)] and f"{{{directive}}}" not in body:
            options = ":filter:\n" if directive == "publications" else ""
            tail = f"\n\n```{{{directive}}}\n{options}```\n"
        if section in {"team", "research"} and counts[known[section]]:
            tail += "\n```{toctree}\n:hidden:\n:glob:\n\n*\n```\n"
        made.pages[docname] = Page(head=_head({"title": title}), body=body, tail=tail)


def _joined(made: Conversion, pages: Iterable[OldPage], docname: str) -> str:
    texts = (_rewrite(made, p.place, p.body, docname) for p in pages if p.slug)
    return "\n\n".join(texts)


def add_home(made: Conversion, pages: Iterable[OldPage]) -> None:
    """Add the home page: its old text, then news and papers."""
    body = _joined(made, pages, "index") or made.old.description
    tail = "\n"
    if made.old.news and "{news}" not in body:
        tail += "\n## News\n\n```{news}\n:limit: 5\n```\n"
    if made.library.publications and "{publications}" not in body:
        chosen = any(paper.selected for paper in made.library.publications)
        option = ":selected:" if chosen else ":limit: 5"
        title = "Selected publications" if chosen else "Publications"
        tail += f"\n## {title}\n\n```{{publications}}\n{option}\n:group-by: none\n```\n"
    entries = "\n".join(_LISTS)
    tail += f"\n```{{toctree}}\n:hidden:\n\n{entries}\n```\n"
    head = _head({"title": made.old.name or "Home"})
    made.pages["index"] = Page(head=head, body=body, tail=tail)
