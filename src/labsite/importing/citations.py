"""Papers of each system: BibTeX, citations in YAML, and a folder for each paper."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from labsite.importing.papers import buttons, link_field, make_paper, read_entries
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
    folder = tree.layout.get("files", "")
    entries = [replace(e, folder=folder or e.place.folder) for e in entries]
    names = {_identity(person.place): person.title for person in people}
    beside = {e.place.folder: e for e in reversed(entries) if e.place.folder}
    found = []
    for source in tree.sources("papers"):
        own = source.place.file.rpartition("/")[2].startswith("index.")
        entry = beside.get(source.place.folder) if own else None
        entries = [other for other in entries if other is not entry]
        found.append(_page_of_paper(tree, source, entry, names))
    cited = [replace(p, folder=folder) for p in _citations(tree)]
    return [*cited, *found, *entries], macros


def _identity(place: Place) -> str:
    """Return the word by which papers name a person: a folder's, or a file's."""
    name = place.file.rpartition("/")[2].rpartition(".")[0]
    folder = place.folder.rpartition("/")[2]
    return (folder if name in {"index", "_index"} else name).lower()


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
        yield from _citation(tree, values, place)


def _citation(tree: Tree, values: dict[str, Any], place: Place) -> Iterator[Paper]:
    if not text_of(values, "title"):
        said = text_of(values, "id") or "a citation"
        tree.note(place, f"'{said}' has no title; labsite add may find it")
        return
    record = {name: v for name, v in values.items() if name not in _OTHERWISE}
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
    yield make_paper(record, "", place)


def _page_of_paper(
    tree: Tree, source: Source, entry: Paper | None, people: Mapping[str, str]
) -> Paper:
    """Return the paper of a folder: its entry, and what its page says besides."""
    values, folder = dict(source.fields), source.place.folder
    block = values.get("hugoblox")
    ids = block.get("ids") if isinstance(block, dict) else None
    values = {**(ids if isinstance(ids, dict) else {}), **values}
    for field in ("publication", "publication_short"):
        values[field] = re.sub(r"[*_]|^\s*In\s+", "", text_of(values, field))
    values["type"] = next(iter(texts_of(values.get("publication_types"))), "")
    authors = texts_of(values.get("authors"))
    values["authors"] = [people.get(author.lower(), author) for author in authors]
    custom = values.get("url_custom")
    links = {link_field(n): text_of(values, n) for n in values if n.startswith("url_")}
    values = {n: v for n, v in values.items() if not n.startswith("url_")}
    values |= (
        buttons(values.pop("links", None))
        | buttons(custom)
        | {k: v for k, v in links.items() if v}
    )
    values["selected"] = "true" if text_of(values, "featured") == "true" else ""
    beside = re.escape(folder)
    values["image"] = next(iter(tree.find(rf"{beside}/featured[^/]*")), "")
    pdf = tree.find(rf"{beside}/{re.escape(source.name)}\.pdf")
    values.setdefault("pdf", next(iter(pdf), ""))
    made = make_paper(values, source.name, source.place)
    notes = values.get("author_notes")
    each = enumerate(notes if isinstance(notes, list) else (), start=1)
    equal = [f"{n}=equal" for n, text in each if "equal" in str(text).lower()]
    fields = {**made.fields, **(entry.fields if entry else {})}
    if len(equal) > 1:
        fields.setdefault("author+an", f"{{{'; '.join(equal)}}}")
    words = [w for n in ("projects", "tags") for w in texts_of(values.get(n))]
    whole = replace(entry or made, place=source.place, fields=fields)
    return replace(whole, topics=tuple(words), folder=folder)
