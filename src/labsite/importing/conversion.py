"""The state of a conversion: its records, new addresses, pages and files."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from labsite.bibtex.reader import read_library
from labsite.importing.markup import Rewriter, as_literal
from labsite.importing.records import NAMES, free_name, match_first
from labsite.scaffold import page
from labsite.text.spellings import slug_of
from labsite.text.values import parse_address, parse_arxiv, parse_doi, without_version

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from labsite.importing.records import Paper, Record, Source
    from labsite.importing.tree import Tree
    from labsite.model.records import Library

_MOST_BYTES = 50_000_000  #: of a file that is copied
_FENCE = 8  #: tildes around a page of literal text
_PAPERS = "publications/"


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the new site."""

    front: Mapping[str, Any]
    body: str = ""
    tail: str = ""  #: what follows the text
    sections: str = ""  #: those of the text, if they are below the tail

    @property
    def literal(self) -> str:
        """The file's text, with the texts as literal text."""
        texts = (self.body, self.sections)
        body, sections = (text and as_literal(text, _FENCE) for text in texts)
        return str(replace(self, body=body, sections=sections))

    def __str__(self) -> str:
        return page(self.front, self.body, self.tail, self.sections)


@dataclass(slots=True, kw_only=True)
class Conversion:
    """What was found in an old site, and the new pages made of it so far."""

    tree: Tree
    system: str
    name: str
    description: str
    language: str
    address: str  #: of the site, with its scheme
    domain: str  #: the content of the file CNAME
    papers: list[Paper]
    macros: Mapping[str, str]  #: of ``@string``
    people: list[Record]
    topics: list[Record]
    news: list[Record]
    texts: list[Record]  #: pages that are no records, and of lists the addresses
    pages: dict[str, Page] = field(default_factory=dict)  #: by document
    bibliography: str = ""
    library: Library = field(default_factory=lambda: read_library([]))
    #: By old address; a page of contacts is there in any case.
    documents: dict[str, str] = field(default_factory=lambda: {"contact": "contact"})
    #: Of papers, by key, title and identifier in lower case.
    keys: dict[str, str] = field(default_factory=dict)
    copies: dict[str, Path] = field(default_factory=dict)  #: files, by new path

    @property
    def counts(self) -> dict[str, int]:
        """The number of records of each kind."""
        kinds = ("people", "topics", "news", "pages")
        papers = {"papers": len(self.library.publications)}
        return papers | {kind: len(getattr(self, kind)) for kind in kinds}

    @property
    def redirects(self) -> dict[str, str]:
        """The document for each old address that has no page now."""
        papers = {f"{_PAPERS}{p.key}" for p in self.library.publications}
        documents = papers | self.pages.keys()
        return {
            address: docname
            for old, docname in self.documents.items()
            for address in (old, f"{old}/index")
            if old and address not in documents and docname in documents
            if not re.search(r"\.\.|[:\\]|//", old)
        }

    def redirect(self, source: Source, docname: str) -> None:
        """Map the old addresses of a source to a document, unless they are mapped."""
        for address in source.addresses:
            self.documents.setdefault(bare(address), docname)

    def rewrite(self, record: Record, docname: str) -> str:
        """Return the text of a record in MyST for the page *docname*."""
        return Rewriter(
            link=lambda address: self.resolve(address, record.source, docname),
            keys=self.keys,
            note=lambda message: self.tree.note(record.source, message),
            listed=NAMES["lists"].get(docname, [""])[0],
        ).rewrite(record.body)

    def copy(
        self, address: str, into: str, *folders: str, stem: str = ""
    ) -> str | None:
        """Plan to copy a file of the old site; return its new path.

        :param folders: where files with bare names may be
        :param stem: the new name, if another
        """
        path = self.tree.find_file(address, *folders)
        if path is None or path.stat().st_size > _MOST_BYTES:
            return None
        name, end = slug_of(stem or path.stem) or "file", path.suffix.lower()
        taken = self.copies
        new = free_name(f"{into}/{name}", lambda n: taken.get(n + end, path) != path)
        taken[new + end] = path
        return new + end

    def resolve(self, address: str, source: Source, docname: str) -> str | None:
        """Return the new address for one on the page *docname*.

        It is ``None`` for a broken link, and "pub:" and a key for a paper.
        """
        address = address.strip()
        path = address.removeprefix(self.address)
        address = (path or "/") if path[:1] in {"", *"/?#"} else address
        if re.match(r"(?:https?:)?//", address):
            address = re.sub("^//", "https://", address)
            arxiv = without_version(parse_arxiv(address) or "")
            key = self.keys.get((parse_doi(address) or arxiv).lower())
            return f"pub:{key}" if key else parse_address(address)
        if address.startswith("mailto:"):
            return None if " " in address else address
        try:
            _scheme, _host, path, _query, fragment = urlsplit(address)
        except ValueError:
            return None
        path = unquote(path)
        known = map(self.documents.get, (bare(path), bare(f"{source.folder}/{path}")))
        target = "index" if path == "/" else next(filter(None, known), None)
        target = target or match_first("sections", bare(path))
        if fragment in self.library.by_key:  # an entry in a list of papers
            target = f"{_PAPERS}{fragment}"
        if target.startswith(_PAPERS) and target != f"{_PAPERS}index":
            return f"pub:{target.removeprefix(_PAPERS)}"
        if target:
            return f"/{target}.md" if target != docname else None
        copied = self.copy(path, "_static/files", source.folder)
        return f"/{copied}" if copied else None


def bare(address: str) -> str:
    """Return an address without outer slashes, suffix and "index"."""
    path = re.sub(r"[?#].*", "", address).lstrip("./").rstrip("/")
    path = re.sub(r"\.(?:html?|md|markdown)$", "", path)
    return re.sub(r"(?:^|/)_?index$", "", path)
