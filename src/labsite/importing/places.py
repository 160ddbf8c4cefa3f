"""Where addresses of the old site lead now, and the files that come along."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from labsite.importing.values import NAMES, slug_of
from labsite.text.values import parse_address, parse_arxiv, parse_doi

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from labsite.importing.records import Place
    from labsite.importing.tree import Tree

_FOLDERS = ("assets/pdf", "assets/img/publication_preview", "assets/img", "images",
            "papers", "files", "assets")  # fmt: skip
_MOST_BYTES = 50_000_000  #: of a file that is copied
_PAPERS = "publications/"


@dataclass(slots=True, kw_only=True)
class Places:
    """What is known of the old site's addresses and files."""

    tree: Tree
    site: str = ""  #: the address of the old site
    documents: dict[str, str] = field(default_factory=dict)  #: by old address
    papers: dict[str, str] = field(default_factory=dict)  #: keys, by identifier
    copies: dict[str, Path] = field(default_factory=dict)  #: files, by new path

    def lead(self, place: Place, docname: str, *, anew: bool = False) -> None:
        """Let the old addresses of something lead to a document."""
        for address in place.addresses:
            if anew or bare(address) not in self.documents:
                self.documents[bare(address)] = docname

    def redirects(self, documents: Collection[str]) -> dict[str, str]:
        """Return the redirects for addresses where nothing is now.

        :param documents: of the new site
        """
        return {
            address: docname
            for old, docname in self.documents.items()
            for address in (old, f"{old}/index")
            if old and address not in documents and docname in documents
        }

    def copy(
        self, address: str, into: str, *folders: str, stem: str = ""
    ) -> str | None:
        """Note a file of the old site to be copied; return its new path.

        :param folders: where files with bare names may be
        :param stem: the new name, if it is not the old one
        """
        path = self.tree.find_file(address, *folders, *_FOLDERS) if address else None
        if path is None or path.stat().st_size > _MOST_BYTES:
            return None
        name = f"{into}/{slug_of(stem or path.stem) or 'file'}"
        numbers = ("", *(f"-{number}" for number in range(2, len(self.copies) + 3)))
        names = (f"{name}{number}{path.suffix.lower()}" for number in numbers)
        new = next(n for n in names if self.copies.get(n, path) == path)
        self.copies[new] = path
        return new

    def resolve(self, address: str, place: Place, docname: str) -> str | None:
        """Return what the page *docname* writes for an address that it had.

        ``None`` means that it leads nowhere; "pub:" and a key means a paper.
        """
        address = address.strip()
        if self.site and address.startswith(self.site):
            address = address[len(self.site) :] or "/"
        address = f"https:{address}" if address.startswith("//") else address
        if re.match(r"https?://", address):
            identifier = parse_doi(address) or parse_arxiv(address) or ""
            key = self.papers.get(identifier.lower())
            return f"pub:{key}" if key else parse_address(address)
        if address.startswith("mailto:"):
            return None if " " in address else address
        try:
            path = unquote(urlsplit(address).path)
        except ValueError:
            return None
        folder = place.folder
        known = (self.documents.get(bare(p)) for p in (path, f"{folder}/{path}"))
        target = "index" if path == "/" else next(filter(None, known), None)
        target = target or section_of(bare(path))
        if target and target.startswith(_PAPERS) and target != f"{_PAPERS}index":
            return f"pub:{target.removeprefix(_PAPERS)}"
        if target:
            return f"/{target}.md" if target != docname else None
        copied = self.copy(path, "_static/files", folder)
        return f"/{copied}" if copied else None


def bare(address: str) -> str:
    """Return an address without slashes at its ends and without what means a page."""
    path = address.partition("#")[0].partition("?")[0].strip("/")
    path = re.sub(r"\.(?:html?|md|markdown)$", "", path)
    return re.sub(r"(?:^|/)_?index$", "", path)


def section_of(*names: str) -> str:
    """Return the page with the list that pages of these names had; empty for others."""
    for docname, pattern in NAMES["sections"].items():
        if any(re.fullmatch(pattern, name, re.IGNORECASE) for name in names):
            return str(docname)
    return ""
