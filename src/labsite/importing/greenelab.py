"""The lab-website-template of Greene Lab: a Jekyll theme with citations in YAML."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from labsite.importing import jekyll
from labsite.importing.papers import buttons, make_paper, read_entries
from labsite.importing.records import OldSite
from labsite.importing.tree import mappings_of, slug_of, text_of, texts_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from labsite.importing.records import OldPaper
    from labsite.importing.tree import Tree

NAME = "greenelab lab-website-template"
_PREPRINTS = re.compile(r"arxiv|biorxiv|medrxiv|chemrxiv|preprint|research square|ssrn", re.IGNORECASE)
_MEETINGS = re.compile(r"proceedings|conference|symposium|workshop|meeting|congress", re.IGNORECASE)


def recognises(tree: Tree) -> bool:
    """Tell whether the tree is a site of this system."""
    cited = tree.find(r"_data/(?:citations|sources)\.ya?ml|_cite/.*|auto-cite/.*")
    return bool(tree.find(r"_config\.ya?ml") and (cited or tree.find(r"_members/.*")))


def read(tree: Tree) -> OldSite:
    """Return all that the site has."""
    people, roles = jekyll.people(tree)
    entries, macros = read_entries(tree, tree.find(r"(?:_data|_bibliography|files)/.*\.bib"))
    return OldSite(
        system=NAME,
        papers=(*_papers(tree), *entries),
        macros=tuple(macros.items()),
        people=tuple(people),
        roles=roles,
        topics=tuple(jekyll.topics(tree)),
        news=tuple(jekyll.news(tree)),
        pages=tuple(jekyll.pages(tree, r"index\.(?:md|html)|[\w-]+/index\.(?:md|html)|[a-z][\w-]*\.(?:md|markdown)")),
        **jekyll.settings(tree),
    )


def _papers(tree: Tree) -> Iterator[OldPaper]:
    """Yield citations, with what the sources of the same identifier say besides."""
    sources: dict[str, dict[str, Any]] = {}
    for file, data in tree.data_files("sources.*", "research-input"):
        for source in mappings_of(data):
            key = text_of(source, "id").lower() or f"{file} {text_of(source, 'title')}"
            sources.setdefault(key, {**source, "file of": file})
    cited = set()
    for file, data in tree.data_files("citations.*", "research-output", "research"):
        text = tree.text(file)
        for citation in mappings_of(data):
            identifier = text_of(citation, "id").lower()
            cited.add(identifier or text_of(citation, "title"))
            said = sources.get(identifier, {})
            both = {**said, **{k: v for k, v in citation.items() if v}}
            found = text.find(text_of(citation, "title")[:40])
            paper = _paper(tree, both, file, text.count("\n", 0, max(found, 0)) + 1)
            if paper:
                yield paper
    for key, source in sources.items():
        file = source["file of"]
        if key not in cited and text_of(source, "title") not in cited:
            paper = _paper(tree, source, file) if text_of(source, "title") else None
            if paper:
                yield paper
            else:
                tree.note(file, f"'{text_of(source, 'id')}' is in no citations file; add it with labsite add")


def _paper(tree: Tree, values: Mapping[str, Any], file: str, line: int = 1) -> OldPaper | None:
    title = text_of(values, "title")
    if not title:
        tree.note(file, "a citation has no title; left out", line)
        return None
    scheme, _colon, identifier = text_of(values, "id").partition(":")
    venue, kind = text_of(values, "publisher", "journal", "venue", "container-title"), text_of(values, "type").lower()
    record: dict[str, Any] = {
        "title": title,
        "authors": values.get("authors") or values.get("author"),
        "date": text_of(values, "date", "year"),
        "venue": venue,
        "abstract": text_of(values, "abstract", "description"),
        "award": text_of(values, "award"),
        "preview": text_of(values, "image"),
        **buttons(values.get("buttons") or values.get("extra-links")),
    }
    link = text_of(values, "link")
    if scheme == "doi" or "doi.org/" in link:
        record["doi"] = identifier if scheme == "doi" else link
    if scheme == "arxiv" or "arxiv.org/" in link:
        record["arxiv"] = identifier if scheme == "arxiv" else link
    if "doi" not in record and "arxiv" not in record and link:
        record["url"] = link
    if text_of(values, "repo"):
        record.setdefault("code", f"https://github.com/{text_of(values, 'repo')}")
    if _MEETINGS.search(venue) or kind in {"conference", "proceedings-article"}:
        record["kind"] = "paper-conference"
    elif _PREPRINTS.search(venue):
        record["kind"] = "preprint" if "arxiv" in record or "rxiv" not in venue.lower() else "article-journal"
    tags = tuple(t for t in texts_of(values.get("tags")) if slug_of(t))
    paper = make_paper(record, "", file, line)
    return type(paper)(**{name: getattr(paper, name) for name in ("entry_type", "key", "fields", "file", "line")}, topics=tags, folder="images")
