"""Papers of each system: BibTeX, citations in YAML, and a folder for each paper."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from labsite.importing.papers import make_paper, read_entries
from labsite.importing.values import mappings_of, text_of, texts_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from labsite.importing.records import Paper, Place, Record, Source
    from labsite.importing.tree import Tree

#: Fields of a citation that are not what names.toml takes them for.
_OTHERWISE = {"id", "link", "file", "repo"}


def read_papers(
    tree: Tree, people: Sequence[Record]
) -> tuple[list[Paper], dict[str, str]]:
    """Return the papers of an old site, and the macros of its bibliographies."""
    entries, macros = read_entries(tree, tree.files("bibliography"))
    names = {person.place.name.lower(): person.title for person in people}
    beside = {e.place.folder: e for e in reversed(entries) if e.place.folder}
    pages = []
    for source in tree.sources("papers"):
        own = source.place.is_index
        entry = beside.get(source.place.folder) if own else None
        entries = [other for other in entries if other is not entry]
        pages.append(_page_of_paper(tree, source, entry, names))
    return [*_citations(tree), *pages, *entries], macros


def _citations(tree: Tree) -> Iterator[Paper]:
    """Yield citations, with what the sources of the same identifier say besides."""
    found: dict[str, tuple[dict[str, Any], Place]] = {}
    for kind in ("sources", "citations"):
        for source in tree.sources(kind):
            for item in mappings_of(source.values):
                key = text_of(item, "id") or text_of(item, "title", "link")
                place = tree.place_of(source.place.file, key)
                before, _place = found.pop(key.lower(), ({}, place))
                known = {name: value for name, value in item.items() if value}
                found[key.lower()] = ({**before, **known}, place)
    for values, place in found.values():
        if text_of(values, "title"):
            yield _citation(values, place)
        else:
            said = text_of(values, "id") or "a citation"
            tree.note(place, f"'{said}' has no title; labsite add may find it")


def _citation(values: Mapping[str, Any], place: Place) -> Paper:
    record = {name: v for name, v in values.items() if name not in _OTHERWISE}
    scheme, _colon, identifier = text_of(values, "id").partition(":")
    link, repository = text_of(values, "link"), text_of(values, "repo")
    for name, host in (("doi", "doi.org/"), ("arxiv", "arxiv.org/")):
        if scheme == name or host in link:
            record[name] = identifier if scheme == name else link
    if link and not {"doi", "arxiv"} & record.keys():
        record["url"] = link
    record |= {"code": f"https://github.com/{repository}"} if repository else {}
    return make_paper(record, "", place)


def _page_of_paper(
    tree: Tree, source: Source, entry: Paper | None, people: Mapping[str, str]
) -> Paper:
    """Return the paper of a folder: its entry, and what its page says besides."""
    block = mappings_of([source.fields.get("hugoblox")])
    ids = mappings_of([b.get("ids") for b in block])
    values = {**(ids[0] if ids else {}), **source.fields}
    authors = texts_of(values.get("authors"))
    values["authors"] = [people.get(author.lower(), author) for author in authors]
    values["image"] = tree.beside(source.place, "featured")
    values.setdefault("pdf", tree.beside(source.place, rf"{source.name}\.pdf"))
    made = make_paper(values, source.name, source.place)
    notes = values.get("author_notes")
    each = enumerate(notes if isinstance(notes, list) else (), start=1)
    equal = [f"{n}=equal" for n, text in each if "equal" in str(text).lower()]
    fields = {**made.fields, **(entry.fields if entry else {})}
    if len(equal) > 1:
        fields.setdefault("author+an", f"{{{'; '.join(equal)}}}")
    return replace(entry or made, place=source.place, fields=fields, topics=made.topics)
