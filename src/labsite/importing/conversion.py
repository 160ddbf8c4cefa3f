"""From what a reader has found to the files of a site."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import yaml

from labsite.bibtex.fields import is_link_field
from labsite.bibtex.reader import read_library
from labsite.bibtex.writer import content
from labsite.editing.fix import fix_files
from labsite.importing.markup import Rewriter
from labsite.importing.papers import bibliography, merge, tidy
from labsite.importing.records import OldPage
from labsite.importing.tree import slug_of, texts_of
from labsite.model.records import PageSource, Person
from labsite.site.authorship import Identities
from labsite.text.values import parse_address, parse_arxiv, parse_doi

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from labsite.importing.records import OldNews, OldPaper, OldPerson, OldRecord, OldSite
    from labsite.importing.tree import Tree
    from labsite.model.records import Library

BIBFILE = "publications.bib"
_TOPICS_FIELD = "topics"
_FOLDERS = ("assets/pdf", "assets/img/publication_preview", "assets/img", "images", "papers", "files", "assets")
_PICTURES = {".png", ".jpg", ".jpeg", ".webp", ".gif", ".svg"}
_MOST_BYTES = 50_000_000  #: of a file that is copied
_FEWEST = 2  #: papers that make a word of theirs a topic
_MOST_TOPICS = 12  #: that are made of words of papers
_SHORT = 600  #: characters of text that stand in an item of news
_LONG_TITLE = 20  #: characters of a title that no other text has by chance
#: Addresses of lists, and the pages that have them here.
_SECTIONS = (
    (r"publications?|papers?|bibliography", "publications/index"),
    (r"people|team|members?|group|alumni|profiles|authors?|lab-members", "team/index"),
    (r"news|blog|posts?|events?|talks?|announcements", "news/index"),
    (r"research|projects?|topics?", "research/index"),
)  # fmt: skip
_KINDS = (
    ("award", r"\b(?:award|prize|honou?r|medal|fellowship|grant|scholarship)"),
    ("member", r"\b(?:join|welcome|defend|graduat|farewell|new (?:member|student|postdoc)|alumn)"),
    ("paper", r"\b(?:paper|accepted|published|preprint|appears? (?:in|at))\b"),
)


@dataclass(slots=True)
class Draft:
    """The files of the new site, before they are written."""

    #: Pages: the front matter and what precedes the text, the text, what follows it.
    pages: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    copies: dict[str, Path] = field(default_factory=dict)  #: of files of the old site
    texts: dict[str, str] = field(default_factory=dict)
    redirects: dict[str, str] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)


def convert(old: OldSite, tree: Tree) -> Draft:
    """Return the files of a site with all that the reader has found."""
    return _Conversion(old, tree).run()


class _Conversion:
    """One old site on its way."""

    def __init__(self, old: OldSite, tree: Tree) -> None:
        self.old = old
        self.tree = tree
        self.draft = Draft()
        self.places: dict[str, str] = {}  # addresses of the old site -> documents
        self.library: Library = read_library([])
        self.papers: dict[str, str] = {}  # identifiers and addresses -> keys
        self.titles: list[tuple[str, str]] = []

    def run(self) -> Draft:
        papers = [self._with_files(tidy(p)) for p in merge(self.old.papers, self.tree)]
        topics = self._topics(papers)
        papers = [self._with_topics(paper, topics) for paper in papers]
        self._add_bibliography(papers)
        for paper in papers:
            self._lead(paper, f"publications/{paper.key}")
        people = self._with_aliases(self.old.people)
        for topic in topics:
            self._lead(topic, f"research/{topic.slug}")
        for person in people:
            self._lead(person, f"team/{person.slug}")
        for item in self.old.news:
            self._lead(item, "news/index")
        sections = self._place_pages(self.old.pages)
        for person in people:
            self._add_person(person)
        used = {t for p in papers for t in texts_of(content(p.fields.get(_TOPICS_FIELD, "")))}
        for topic in topics:
            self._add_topic(topic, has_papers=topic.slug in used)
        for item in self.old.news:
            self._add_news(item)
        self._add_sections(sections, topics)
        papers_of_site = (f"publications/{p.key}.md" for p in self.library.publications)
        documents = {*self.draft.pages, *papers_of_site}
        self.draft.redirects = {
            address: docname
            for old, docname in self.places.items()
            for address in (old, f"{old}/index")
            if old and f"{address}.md" not in documents and f"{docname}.md" in documents
        }
        self.draft.counts = {
            "papers": len(papers), "people": len(people), "topics": len(topics),
            "news": len(self.old.news), "pages": len(self.draft.pages),
        }  # fmt: skip
        return self.draft

    def _lead(self, record: OldRecord, docname: str) -> None:
        for address in record.addresses:
            self.places.setdefault(_bare(address), docname)

    # Papers

    def _with_files(self, paper: OldPaper) -> OldPaper:
        fields = dict(paper.fields)
        for name, value in paper.fields.items():
            if not (is_link_field(name) or name == "preview"):
                continue
            text = re.sub(r"\\([_%&#~])", r"\1", content(value) or "").strip()
            folder = "previews" if name == "preview" else "_static/papers"
            if name != "preview" and "://" in text:
                if parse_address(text) is None:
                    self.tree.note(paper.file, f"{paper.key}: {name}: '{text[:80]}' is no address", paper.line)
                    del fields[name]
                continue
            stem = paper.key if name == "preview" else ""
            copied = self._copy(text, folder, paper.folder, *_FOLDERS, stem=stem)
            if copied and (name != "preview" or "." + copied.rpartition(".")[2].lower() in _PICTURES):
                fields[name] = f"{{{copied.removeprefix('previews/')}}}"
            else:
                self.tree.note(paper.file, f"{paper.key}: {name}: the file '{text[:80]}' is not there", paper.line)
                del fields[name]
        return replace(paper, fields=fields)

    def _copy(self, address: str, folder: str, *folders: str, stem: str = "") -> str | None:
        """Note a file of the old site to be copied; return its new path."""
        path = self.tree.find_file(address, *folders) if address else None
        if path is None or path.stat().st_size > _MOST_BYTES:
            return None
        stem = slug_of(stem or path.stem) or "file"
        numbered = (f"{folder}/{stem}{n}{path.suffix.lower()}" for n in ("", *(f"-{i}" for i in range(2, 1000))))
        name = next((n for n in numbered if self.draft.copies.get(n, path) == path), None)
        if name:
            self.draft.copies[name] = path
        return name

    def _topics(self, papers: Iterable[OldPaper]) -> list[OldPage]:
        """Return the pages of topics; without any, of the words that papers share."""
        topics = {topic.slug: topic for topic in reversed(self.old.topics) if topic.slug}
        if topics:
            return list(reversed(topics.values()))
        counts = Counter(slug_of(word) for paper in papers for word in paper.topics)
        words = {slug_of(word): word for paper in papers for word in paper.topics}
        common = [s for s, n in counts.most_common(_MOST_TOPICS) if n >= _FEWEST and s]
        return [OldPage(file="", slug=slug, title=words[slug][:1].upper() + words[slug][1:]) for slug in common]

    def _with_topics(self, paper: OldPaper, topics: Iterable[OldPage]) -> OldPaper:
        words = {slug_of(word) for word in paper.topics}
        mine = [
            t.slug
            for t in topics
            if paper.key in t.papers or not words.isdisjoint(map(slug_of, (t.slug, t.title, *t.words)))
        ]
        fields = {k: v for k, v in paper.fields.items() if k != _TOPICS_FIELD}
        return replace(paper, fields=fields | ({_TOPICS_FIELD: f"{{{', '.join(mine)}}}"} if mine else {}))

    def _add_bibliography(self, papers: Iterable[OldPaper]) -> None:
        text = bibliography(papers, dict(self.old.macros))
        fixed = fix_files([(BIBFILE, text.encode())])[0].after.decode()
        self.draft.texts[BIBFILE] = fixed
        self.library = read_library([(BIBFILE, fixed)], _TOPICS_FIELD)
        for publication in self.library.publications:
            title = " ".join(str(publication.title).split())
            if len(title) >= _LONG_TITLE and not set("`<>[]") & set(title):
                self.titles.append((title, publication.key))
            for identifier in (publication.doi, publication.arxiv):
                if identifier:
                    self.papers[identifier.lower()] = publication.key

    # Text

    def _rewrite(self, record: OldRecord, text: str, docname: str) -> str:
        folder = record.file.rpartition("/")[0]

        def link(address: str) -> str | None:
            return self._link(address, folder, docname)

        def note(message: str) -> None:
            self.tree.note(record.file, message, record.line)

        known = self.library.by_key
        return Rewriter(link=link, cites=known.__contains__, note=note).rewrite(text)

    def _link(self, address: str, folder: str, docname: str) -> str | None:
        address = address.strip()
        site = self.old.address
        if site and address.startswith(site):
            address = address[len(site) :] or "/"
        if address.startswith("//"):
            address = f"https:{address}"
        if re.match(r"https?://", address):
            identifier = parse_doi(address) or parse_arxiv(address) or ""
            key = self.papers.get(identifier.lower())
            return f"pub:{key}" if key else address if parse_address(address) else None
        if address.startswith("mailto:") and " " not in address:
            return address
        try:
            path = unquote(urlsplit(address).path)
        except ValueError:
            return None
        target = self.places.get(_bare(path)) or self.places.get(_bare(f"{folder}/{path}"))
        if path.strip("/") == "" and path:
            target = "index"
        if target and target.startswith("publications/") and target != "publications/index":
            return f"pub:{target.removeprefix('publications/')}"
        if target:
            return f"/{target}.md" if target != docname else None
        copied = self._copy(address, "_static/files", folder, *_FOLDERS) if path else None
        return f"/{copied}" if copied else None

    def _page(self, docname: str, front: Mapping[str, object], body: str, *, before: str = "", after: str = "") -> None:
        head = yaml.dump(dict(front), Dumper=_Plain, sort_keys=False, allow_unicode=True, width=10**6)
        self.draft.pages[f"{docname}.md"] = (f"---\n{head}---\n{before}", body, after)

    # Pages

    def _add_person(self, person: OldPerson) -> None:
        front = dict(person.values)
        if person.photo and person.photo.suffix.lower() in _PICTURES:
            name = f"{person.slug}{person.photo.suffix.lower()}"
            self.draft.copies[f"team/{name}"] = person.photo
            front["photo"] = name
        self._page(f"team/{person.slug}", front, self._rewrite(person, person.body, f"team/{person.slug}"), before="\n", after="\n")

    def _with_aliases(self, people: Iterable[OldPerson]) -> list[OldPerson]:
        """Propose as aliases the spellings that differ from one name in initials only."""
        identities = Identities(
            Person(slug=p.slug, name=str(p.values["name"]), role="", docname="", source=PageSource(file=""),
                   aliases=tuple(texts_of(p.values.get("aliases"))))
            for p in people
        )  # fmt: skip
        creators = (c for p in self.library.publications for c in p.creators)
        proposed: dict[str, list[str]] = {}
        for name in sorted({c.name for c in creators if not identities.resolve(c)}):
            near = identities.near_to(name)
            initials = all(len(word) == 1 for word in re.split(r"[\s.-]+", name)[:-1] if word)
            if len(near) == 1 and (initials or identities.differ_in_initials(name, near)):
                proposed.setdefault(near[0].slug, []).append(name)
        result = []
        for person in people:
            spellings = proposed.get(person.slug)
            if spellings:
                message = f"{person.values['name']}: taken for {', '.join(spellings)} in papers; look whether all are"
                self.tree.note(person.file, message, person.line)
                aliases = [*texts_of(person.values.get("aliases")), *spellings]
                person = replace(person, values={**person.values, "aliases": aliases})
            result.append(person)
        return result

    def _add_topic(self, topic: OldPage, *, has_papers: bool) -> None:
        docname = f"research/{topic.slug}"
        front: dict[str, object] = {"title": topic.title}
        front |= {"summary": topic.summary} if topic.summary else {}
        front |= {"order": topic.order} if topic.order else {}
        picture = ""
        if topic.image and topic.image.suffix.lower() in _PICTURES:
            copied = self._copy(topic.image.relative_to(self.tree.root).as_posix(), "_static/files")
            picture = f"\n![{topic.title.replace('[', '(').replace(']', ')')}](/{copied})\n\n" if copied else ""
        papers = f"\n\n## Publications\n\n```{{publications}}\n:topic: {topic.slug}\n```\n" if has_papers else "\n"
        self._page(docname, front, self._rewrite(topic, topic.body, docname), before=picture, after=papers)

    def _add_news(self, item: OldNews) -> None:
        slugs = (f"{item.date}-{item.slug}{n}"[:90] for n in ("", *(f"-{i}" for i in range(2, 1000))))
        slug = next(s for s in slugs if f"news/{s}.md" not in self.draft.pages)
        text = self._rewrite(item, item.body, "news/index")
        title = item.title.replace("[", "(").replace("]", ")")
        if len(text) > _SHORT or "\n#" in f"\n{text}" or "```" in text:
            docname = f"posts/{slug}"
            self._page(docname, {"title": item.title or slug, "orphan": True}, text, after="\n")
            text = f"[{title or slug}](/{docname}.md)"
            for address in item.addresses:
                self.places[_bare(address)] = docname
        elif title and title.casefold() not in text.casefold():
            text = f"**{title}**\n\n{text}" if text else title
        text = self._recognise(text) or item.date
        kind = next((kind for kind, pattern in _KINDS if re.search(pattern, f"{item.title} {item.body}", re.IGNORECASE)), "news")
        kind = "paper" if "{pub:ref}" in text and kind != "award" else kind
        self._page(f"news/{slug}", {"date": item.date, "kind": kind}, text, before="\n", after="\n")

    def _recognise(self, text: str) -> str:
        """Link the papers whose titles stand in a text."""
        folded = text.casefold()
        for title, key in self.titles:
            if title.casefold() not in folded:
                continue
            pattern = rf"(?<![\[`\w])[\"“*_]*({re.escape(title)})[\"”*_]*(?![\]`\w])"
            text = re.sub(pattern, lambda m, k=key: f"{{pub:ref}}`{m[1]} <{k}>`", text, count=1, flags=re.IGNORECASE)
        return text

    def _place_pages(self, pages: Iterable[OldPage]) -> dict[str, list[OldPage]]:
        """Give every plain page its document; return those that belong to sections."""
        sections: dict[str, list[OldPage]] = {}
        plain: list[tuple[str, OldPage]] = []
        for page in pages:
            names = (page.slug, page.addresses[0] if page.addresses else page.title)
            section = next((d for pattern, d in _SECTIONS for n in names if re.fullmatch(pattern, _bare(n), re.IGNORECASE)), None)
            if page.slug == "index":
                section = "index"
            if section:
                self._lead(page, section)
                sections.setdefault(section, []).append(page)
            elif page.slug:
                taken = {d for d, _page in plain}
                docname = next(n for n in (page.slug, *(f"{page.slug}-{i}" for i in range(2, 1000))) if n not in taken)
                self._lead(page, docname)
                plain.append((docname, page))
            else:
                self.tree.note(page.file, "lists or settings only; left out")
        for docname, page in plain:
            front: dict[str, object] = {"title": page.title, "orphan": True}
            front |= {"description": page.summary} if page.summary else {}
            self._page(docname, front, self._rewrite(page, page.body, docname), after="\n")
        return sections

    def _add_sections(self, sections: Mapping[str, list[OldPage]], topics: Iterable[OldPage]) -> None:
        lists = {
            "publications/index": ("Publications", "publications", ":filter:\n" if self.library.publications else None),
            "team/index": ("Team", "team", "" if self.old.people else None),
            "news/index": ("News", "news", "" if self.old.news else None),
            "research/index": ("Research", "topic-cards", "" if topics else None),
        }
        for docname, (title, directive, options) in lists.items():
            pages = [p for p in sections.get(docname, ()) if p.slug]
            body = "\n\n".join(self._rewrite(p, p.body, docname) for p in pages)
            after = "\n"
            if options is not None and f"{{{directive}}}" not in body:
                after = f"\n\n```{{{directive}}}\n{options}```\n"
            folder = docname.partition("/")[0]
            has_pages = any(n.startswith(f"{folder}/") for n in self.draft.pages) and folder != "news"
            hidden = "\n```{toctree}\n:hidden:\n:glob:\n\n*\n```\n" if has_pages else ""
            self._page(docname, {"title": title}, body, before="\n", after=after + hidden)
        home = [p for p in sections.get("index", ()) if p.slug]
        body = "\n\n".join(self._rewrite(p, p.body, "index") for p in home) or self.old.description
        after = "\n"
        if self.old.news and "{news}" not in body:
            after += "\n## News\n\n```{news}\n:limit: 5\n```\n"
        if self.library.publications and "{publications}" not in body:
            chosen = ":selected:" if any(p.selected for p in self.library.publications) else ":limit: 5"
            after += f"\n## Publications\n\n```{{publications}}\n{chosen}\n:group-by: none\n```\n"
        entries = "".join(f"{docname}\n" for docname in lists)
        after += f"\n```{{toctree}}\n:hidden:\n\n{entries}```\n"
        self._page("index", {"title": self.old.name or "Home"}, body, before="\n", after=after)


class _Plain(yaml.SafeDumper):
    """Writes no references, which pages do not have."""

    def ignore_aliases(self, _data: object) -> bool:
        return True


def _bare(address: str) -> str:
    """Return an address without slashes at its ends and without what stands for a page."""
    path = address.partition("#")[0].partition("?")[0].strip("/")
    path = re.sub(r"\.(?:html?|md|markdown)$", "", path)
    return re.sub(r"(?:^|/)_?index$", "", path)
