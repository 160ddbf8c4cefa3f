"""The lab-website-template of Greene Lab: a Jekyll theme with citations in YAML."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from labsite.importing import jekyll
from labsite.importing.papers import buttons, make_paper, read_entries
from labsite.importing.people import one_each
from labsite.importing.records import OldSite
from labsite.importing.tree import mappings_of, text_of, texts_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from labsite.importing.records import OldPaper, Place
    from labsite.importing.tree import Tree

NAME = "greenelab lab-website-template"
_PAGES = r"index\.(?:md|html)|(?!_)[\w-]+/index\.(?:md|html)|[a-z][\w-]*\.md"


def recognises(tree: Tree) -> bool:
    """Tell whether the tree is a site of this system."""
    own = tree.find(r"_data/(?:citations|sources)\.ya?ml|_cite/.*|_members/.*")
    return bool(tree.find(r"_config\.ya?ml") and own)


def read(tree: Tree) -> OldSite:
    """Return all that the site has."""
    entries, macros = read_entries(tree, tree.find(r"(?:_data|files|papers)/.*\.bib"))
    return OldSite(
        papers=(*_papers(tree), *entries),
        macros=macros,
        people=tuple(one_each(jekyll.people(tree), tree)),
        topics=tuple(jekyll.topics(tree)),
        news=tuple(jekyll.news(tree)),
        pages=tuple(jekyll.pages(tree, _PAGES)),
        **jekyll.settings(tree),
    )


def _papers(tree: Tree) -> Iterator[OldPaper]:
    """Yield citations, with what the sources of the same identifier say besides."""
    sources: dict[str, tuple[dict[str, Any], Place]] = {}
    for file, data in tree.data_files("sources.*", "research-input"):
        for source in mappings_of(data):
            key = text_of(source, "id") or text_of(source, "title")
            sources.setdefault(key.lower(), (source, tree.place_of(file, key)))
    for file, data in tree.data_files("citations.*", "research-output"):
        for citation in mappings_of(data):
            key = text_of(citation, "id") or text_of(citation, "title")
            said, _place = sources.pop(key.lower(), ({}, None))
            known = {name: value for name, value in citation.items() if value}
            place = tree.place_of(file, key or text_of(citation, "link"))
            yield from _paper(tree, {**said, **known}, place)
    for source, place in sources.values():
        yield from _paper(tree, source, place)


def _paper(tree: Tree, values: dict[str, Any], place: Place) -> Iterator[OldPaper]:
    if not text_of(values, "title"):
        said = text_of(values, "id") or "a citation"
        tree.note(place, f"'{said}' has no title; labsite add may find it")
        return
    record = {
        k: v for k, v in values.items() if k not in {"id", "link", "file", "repo"}
    }
    scheme, _colon, identifier = text_of(values, "id").partition(":")
    link, repository = text_of(values, "link"), text_of(values, "repo")
    if scheme == "doi" or "doi.org/" in link:
        record["doi"] = identifier if scheme == "doi" else link
    if scheme == "arxiv" or "arxiv.org/" in link:
        record["arxiv"] = identifier if scheme == "arxiv" else link
    if link and not {"doi", "arxiv"} & record.keys():
        record["url"] = link
    record |= {"code": f"https://github.com/{repository}"} if repository else {}
    for name in ("buttons", "extra-links"):
        record |= buttons(values.get(name))
    paper = make_paper(record, "", place)
    yield replace(paper, topics=tuple(texts_of(values.get("tags"))), folder="images")
