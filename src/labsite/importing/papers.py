"""Read papers: BibTeX, citations in YAML, and a folder for each paper."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from typing import TYPE_CHECKING, Any

from labsite.bibtex.fields import LINK_FIELDS, is_link_field
from labsite.bibtex.parser import BibtexText
from labsite.editing.csl import to_bibtex
from labsite.importing.records import (
    NAMES,
    PATTERNS,
    Paper,
    Place,
    mappings_of,
    rename,
    rename_fields,
    text_of,
    texts_of,
)
from labsite.text.latex_encoding import encode, is_balanced
from labsite.text.values import parse_arxiv, parse_doi

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from labsite.importing.records import Record, Source
    from labsite.importing.tree import Tree

#: Fields of a record that become fields of an entry unchanged.
_PLAIN = ("preview", "selected", "award", "abbr")
#: Fields with lists of buttons.
_BUTTONS = ("buttons", "extra-links", "links", "url_custom")
#: Fields of a citation that have another meaning in names.toml.
#: A venue, a volume and pages, and a year: "Phys. Rev. B 100, 104506 (2019)".
_DATED = re.compile(
    r"(.+?)(?:\s+(\d+),\s*(\d[\w\u2013-]*))?[\s,(]+((?:19|20)\d\d)\)?\s*"
)
_AMBIGUOUS = {"id", "link", "file", "repo"}


def read_papers(
    tree: Tree, people: Sequence[Record]
) -> tuple[list[Paper], dict[str, str]]:
    """Return the papers of an old site, and the macros of its bibliographies."""
    bibtex = BibtexText()
    for file in tree.files("bibliography"):
        bibtex.add_file(tree.text(file), file)
    for problem in bibtex.problems:
        key = f"{problem.key}: " if problem.key else ""
        place = Place(file=problem.file, line=problem.line)
        tree.note(place, f"{key}{problem.message}")
    entries = list(_to_papers(bibtex))
    names = {person.place.name.lower(): person.title for person in people}
    beside = {e.place.folder: e for e in reversed(entries) if e.place.folder}
    pages = []
    for source in tree.sources("papers"):
        own = source.place.is_index
        entry = beside.get(source.place.folder) if own else None
        entries = [other for other in entries if other is not entry]
        pages.append(_read_page(tree, source, entry, names))
    macros = {name: value for value, name in bibtex.macro_names.items()}
    return [*_read_citations(tree), *pages, *entries], macros


def _to_papers(bibtex: BibtexText) -> Iterator[Paper]:
    for entry in bibtex.entries:
        fields: dict[str, str] = {}
        for field in entry.source.fields:
            fields.setdefault(field.name, field.verbatim)
        place = Place(file=entry.source.file, line=entry.source.line)
        yield Paper(
            place=place, entry_type=entry.entry_type, key=entry.key, fields=fields
        )


def _read_citations(tree: Tree) -> Iterator[Paper]:
    """Yield citations, each completed from the source of the same identifier."""
    found: dict[str, tuple[dict[str, Any], Place]] = {}
    for kind in ("sources", "citations"):
        for source in tree.sources(kind):
            for item in mappings_of(source.values):
                key = text_of(item, "id") or text_of(item, "title", "link")
                before, _place = found.pop(key.lower(), ({}, None))
                known = {name: value for name, value in item.items() if value}
                place = tree.locate(source.place.file, key)
                found[key.lower()] = ({**before, **known}, place)
    for values, place in found.values():
        if text_of(values, "title"):
            yield _make_citation(values, place)
        else:
            shown = text_of(values, "id") or "a citation"
            tree.note(place, f"'{shown}' has no title; labsite add may find it")


def _make_citation(values: Mapping[str, Any], place: Place) -> Paper:
    nested = values["link"] if isinstance(values.get("link"), dict) else {}
    values = {**values, **nested}
    record = {name: v for name, v in values.items() if name not in _AMBIGUOUS}
    scheme, _colon, identifier = text_of(values, "id").partition(":")
    link, repository = text_of(values, "link"), text_of(values, "repo")
    for name, host in (("doi", "doi.org/"), ("arxiv", "arxiv.org/")):
        if scheme == name or host in link:
            record[name] = identifier if scheme == name else link
    if link and not {"doi", "arxiv"} & record.keys():
        record["url"] = link
    record |= {"code": f"https://github.com/{repository}"} if repository else {}
    return _make_paper(record, "", place)


def _read_page(
    tree: Tree, source: Source, entry: Paper | None, people: Mapping[str, str]
) -> Paper:
    """Return the paper of a folder, from its entry and its page."""
    block = mappings_of([source.fields.get("hugoblox")])
    ids = mappings_of([b.get("ids") for b in block])
    values = {**(ids[0] if ids else {}), **source.fields}
    authors = texts_of(values.get("authors"))
    values["authors"] = [people.get(author.lower(), author) for author in authors]
    values["image"] = tree.find_beside(source.place, "featured")
    values.setdefault("pdf", tree.find_beside(source.place, rf"{source.name}\.pdf"))
    made = _make_paper(values, source.name, source.place)
    notes = values.get("author_notes")
    each = enumerate(notes if isinstance(notes, list) else (), start=1)
    equal = [f"{n}=equal" for n, text in each if "equal" in str(text).lower()]
    fields = {**made.fields, **(entry.fields if entry else {})}
    if len(equal) > 1:
        fields.setdefault("author+an", f"{{{'; '.join(equal)}}}")
    return replace(entry or made, place=source.place, fields=fields, topics=made.topics)


def _make_paper(values: Mapping[str, Any], key: str, place: Place) -> Paper:
    """Return the paper that a record describes.

    Its fields are those of ``names.toml``, links, and :data:`_PLAIN`.
    """
    known = rename_fields(values, "paper")
    venue = _strip_emphasis(text_of(known, "venue"))
    date = text_of(known, "date")
    volume = pages = ""
    if not date and (dated := _DATED.fullmatch(venue)):
        venue, volume, pages, date = dated.groups("")
    doi = parse_doi(text_of(known, "doi")) or ""
    arxiv = parse_arxiv(text_of(known, "arxiv")) or parse_arxiv(doi) or ""
    kind = rename("types", next(iter(texts_of(known.get("kind"))), ""))
    if PATTERNS["meeting"].search(venue):
        kind = "paper-conference"
    elif arxiv and (not venue or PATTERNS["preprint"].search(venue)):
        kind, venue = "article", ""
    elif venue and kind not in NAMES["types"]:
        kind = "article-journal"
    item = {
        "type": kind,
        "author": _split_authors(known.get("authors")),
        "title": text_of(known, "title"),
        "container-title": venue,
        "publisher": venue,
        "volume": volume,
        "page": pages,
        "issued": date,
        "DOI": doi,
        "eprint": arxiv,
        "abstract": text_of(known, "abstract"),
    }
    bibtex = BibtexText()
    bibtex.add_file(to_bibtex(item), place.file)
    paper = next(_to_papers(bibtex))
    added = {
        name: _strip_emphasis(text_of(known, name) or text_of(values, name))
        for name in _PLAIN
    }
    if paper.entry_type in {"misc", "patent"}:
        added["howpublished"] = encode(venue)
    links = _find_links(values)
    added = {n: t for n, t in (added | links).items() if t not in {"", "0", "false"}}
    return replace(
        paper,
        place=place,
        key=key,
        fields={**paper.fields, **{n: _delimit(t) for n, t in added.items()}},
        topics=tuple(w for n in ("projects", "tags") for w in texts_of(values.get(n))),
    )


def _strip_emphasis(text: str) -> str:
    """Return a text without emphasis, as in "In *Proceedings of …*"."""
    return re.sub(r"^In\s+(?=[*_])|[*]|\b_|_\b", "", text)


def _split_authors(value: object) -> list[str]:
    """Return names; in one text, semicolons, "and" or commas separate them."""
    if not isinstance(value, str):
        return texts_of(value)
    text = re.sub(r"\s*</?sup>", "", unescape(value))
    names = re.split(r";|\band\b|&", text)
    inverted = all(name.count(",") == 1 for name in names)
    inverted &= len(names) > 1 or " " not in text.strip().partition(",")[0]
    names = names if inverted or ";" in text else ",".join(names).split(",")
    return [name.strip() for name in names if name.strip()]


def _delimit(text: str) -> str:
    return f"{{{text if is_balanced(text) else re.sub('[{}]', '', text)}}}"


def _find_links(values: Mapping[str, Any]) -> dict[str, str]:
    """Return the links in the fields of a record, and in its lists of buttons."""
    found = [
        (link_field(name) if name.startswith("url_") else name, text_of(values, name))
        for name in filter(is_link_field, values)
    ]
    for each in (b for name in _BUTTONS for b in mappings_of(values.get(name))):
        name = text_of(each, "type", "name", "text", "icon") or "link"
        found.append((link_field(name), text_of(each, "link", "url", "href")))
    return {name: address for name, address in found if address}


def link_field(name: str) -> str:
    """Return the field for a button that another system calls *name*."""
    bare = re.sub(r"\W+", "_", name.lower()).strip("_").removeprefix("url_") or "link"
    known = bare if bare in LINK_FIELDS else rename("buttons", bare)
    return known if is_link_field(known) else f"url_{bare}"
