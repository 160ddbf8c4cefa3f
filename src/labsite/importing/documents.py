"""The pages of the new site, each from a record of the old one."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import yaml

from labsite.bibtex.reader import read_library
from labsite.importing.markup import Rewriter
from labsite.importing.places import Places, bare, section_of
from labsite.importing.values import NAMES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from labsite.importing.records import OldSite, Record
    from labsite.importing.tree import Tree
    from labsite.model.records import Library

_SHORT = 600  #: characters of text that stand in an item of news
_LONG_TITLE = 20  #: characters of a title that no other text has by chance
_MOST = 10_000  #: things of one name
#: The title of each page with a list, and the directive of the list.
LISTS = {
    "publications/index": ("Publications", "publications"),
    "team/index": ("Team", "team"),
    "news/index": ("News", "news"),
    "research/index": ("Research", "topic-cards"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page of the new site."""

    head: str  #: front matter
    body: str
    tail: str = ""  #: what follows the text

    def __str__(self) -> str:
        """Return the file's text."""
        return "\n\n".join(filter(None, (self.head, self.body, self.tail))) + "\n"


@dataclass(slots=True)
class Conversion:
    """One old site on its way."""

    old: OldSite
    tree: Tree
    places: Places
    pages: dict[str, Page] = field(default_factory=dict)  #: by document
    bibliography: str = ""
    library: Library = field(default_factory=lambda: read_library([]))
    topics: list[Record] = field(default_factory=list)
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

    def add(self, docname: str, record: Record, tail: str = "") -> None:
        """Add the page of a record."""
        body = self.rewrite(record, docname)
        self.pages[docname] = Page(head=head(record.front), body=body, tail=tail)

    def rewrite(self, record: Record, docname: str) -> str:
        """Return the text of a record as the page *docname* writes it."""
        return Rewriter(
            link=lambda address: self.places.resolve(address, record.place, docname),
            cites=self.library.by_key.__contains__,
            note=lambda message: self.tree.note(record.place, message),
        ).rewrite(record.body)

    def free(self, docname: str) -> str:
        """Return the name of a document that is not there yet."""
        numbered = (f"{docname}-{number}" for number in range(2, _MOST))
        return next(n for n in (docname, *numbered) if n not in self.pages)


class _Plain(yaml.SafeDumper):
    """Writes no references, which pages do not have."""

    def ignore_aliases(self, _data: object) -> bool:
        return True


def head(front: Mapping[str, object]) -> str:
    """Return front matter, without fields that say nothing."""
    said = {name: value for name, value in front.items() if value}
    text = yaml.dump(
        said, Dumper=_Plain, sort_keys=False, allow_unicode=True, width=10**6
    )
    return f"---\n{text}---"


def add_news(made: Conversion, item: Record) -> None:
    """Add an item of news; a long one becomes a page, to which the item leads."""
    date, title = item.front["date"], re.sub(r"[\[\]]", "", item.title)
    docname = made.free(f"news/{f'{date}-{item.slug}'[:80].strip('-')}")
    text = made.rewrite(item, "news/index")
    if len(text) > _SHORT or re.search(r"^#|```|~~~|:::", text, re.MULTILINE):
        page = docname.replace("news/", "posts/", 1)
        front = {"title": title or date, "orphan": True}
        made.pages[page] = Page(head=head(front), body=text)
        made.places.lead(item.place, page, anew=True)
        text = f"[{title or date}](/{page}.md)"
    elif title and title.casefold() not in text.casefold():
        text = f"**{title}**\n\n{text}".strip()
    text = _with_references(made.library, text)
    kinds = NAMES["news_kinds"].items()
    said = f"{item.title} {item.body}"
    found = (k for k, pattern in kinds if re.search(pattern, said, re.IGNORECASE))
    kind = next(found, "news")
    kind = "paper" if "{pub:ref}" in text and kind != "award" else kind
    front = {"date": date, "kind": kind}
    made.pages[docname] = Page(head=head(front), body=text)


def _with_references(library: Library, text: str) -> str:
    """Return a text with a reference where the title of a paper stands."""
    folded = text.casefold()
    for publication in library.publications:
        title = " ".join(str(publication.title).split())
        if len(title) < _LONG_TITLE or title.casefold() not in folded:
            continue
        pattern = rf"(?<![\[`\w])[\"“*_]*{re.escape(title)}[\"”*_]*(?![\]`\w]| <)"
        reference = f"{{pub:ref}}`{re.sub('[`<>]', '', title)} <{publication.key}>`"
        found = re.search(pattern, text, re.IGNORECASE)
        if found:
            text = text[: found.start()] + reference + text[found.end() :]
    return text


def place_pages(made: Conversion) -> dict[str, list[Record]]:
    """Add the plain pages; return those whose texts belong to pages with lists."""
    sections: dict[str, list[Record]] = {}
    plain: dict[str, Record] = {}
    for page in made.old.pages:
        names = (page.slug, *(bare(a) for a in page.place.addresses[:1]))
        docname = "index" if page.slug == "index" else section_of(*names)
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
        body = made.rewrite(page, docname)
        front = {**page.front, "orphan": True}
        made.pages[docname] = Page(head=head(front), body=body)
    return sections


def add_lists(made: Conversion, sections: Mapping[str, list[Record]]) -> None:
    """Add the pages with lists, below the texts that they had, and the home page."""
    counts = {"publications": "papers", "team": "people", "research": "topics"}
    for docname, (title, directive) in LISTS.items():
        section = docname.partition("/")[0]
        known = made.counts[counts.get(section, section)]
        body = _joined(made, sections.get(docname, []), docname)
        options = ":filter:\n" if directive == "publications" else ""
        shown = known and f"{{{directive}}}" not in body
        tail = f"```{{{directive}}}\n{options}```" if shown else ""
        if section in {"team", "research"} and known:
            tail += "\n\n```{toctree}\n:hidden:\n:glob:\n\n*\n```"
        made.pages[docname] = Page(head=head({"title": title}), body=body, tail=tail)
    body = _joined(made, sections.get("index", []), "index") or made.old.description
    tail = ""
    if made.old.news and "{news}" not in body:
        tail += "## News\n\n```{news}\n:limit: 5\n```\n\n"
    if made.library.publications and "{publications}" not in body:
        chosen = any(paper.selected for paper in made.library.publications)
        option = ":selected:" if chosen else ":limit: 5"
        title = "Selected publications" if chosen else "Publications"
        tail += f"## {title}\n\n```{{publications}}\n{option}\n:group-by: none\n```\n\n"
    entries = "\n".join((*LISTS, "contact"))
    tail += f"```{{toctree}}\n:hidden:\n\n{entries}\n```"
    title = head({"title": made.old.name or "Home"})
    made.pages["index"] = Page(head=title, body=body, tail=tail)


def _joined(made: Conversion, pages: Iterable[Record], docname: str) -> str:
    return "\n\n".join(made.rewrite(page, docname) for page in pages if page.slug)
