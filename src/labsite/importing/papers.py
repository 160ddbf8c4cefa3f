"""Read papers: BibTeX, citations in YAML, and a folder for each paper."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from labsite.bibtex.fields import FOREIGN, LINK_FIELDS, is_link_field
from labsite.bibtex.keys import is_key, propose_key
from labsite.bibtex.parser import BibtexText
from labsite.bibtex.reader import read_library
from labsite.bibtex.writer import content, render_entry
from labsite.editing.csl import to_bibtex
from labsite.importing import records
from labsite.importing.people import convert_marks, without_scripts
from labsite.importing.records import NAMES, PATTERNS, Paper, Source, Values
from labsite.site.identity import Work
from labsite.text.latex_encoding import encode, is_balanced
from labsite.text.names import split_names
from labsite.text.values import parse_arxiv, parse_doi

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from labsite.importing.records import Record
    from labsite.importing.tree import Tree
    from labsite.site.identity import Feature

#: Fields of a record that become fields of an entry unchanged.
_PLAIN = ("preview", "selected", "award", "abbr")
#: Fields with lists of buttons.
_BUTTONS = ("buttons", "extra-links", "links", "url_custom")
#: Fields of a citation that have another meaning in names.toml.
_AMBIGUOUS = {"id", "link", "file", "repo"}
#: Fields with keys of entries.
_REFERENCES = {"crossref", "xdata", "xref", "related"}


def read_papers(
    tree: Tree, people: Sequence[Record]
) -> tuple[list[Paper], dict[str, str]]:
    """Return the papers of an old site, and the macros of its bibliographies."""
    bibtex = BibtexText()
    for file in tree.files("bibliography"):
        bibtex.add_file(tree.text(file), file)
    for problem in bibtex.problems:
        key = f"{problem.key}: " if problem.key else ""
        place = Source(file=problem.file, line=problem.line)
        tree.note(place, f"{key}{problem.message}")
    entries = list(_to_papers(bibtex))
    names = {person.source.stem.lower(): person.title for person in people}
    beside = {e.source.folder: e for e in reversed(entries) if e.source.folder}
    pages = []
    for source in tree.sources("papers"):
        entry = beside.get(source.folder) if source.is_index else None
        entries = [other for other in entries if other is not entry]
        pages.append(_read_page(tree, source, entry, names))
    macros = {macro.name: macro.value for macro in bibtex.definitions.values()}
    papers, keys = _merge([*_read_citations(tree), *pages, *entries], tree)
    return [_clean(paper, keys) for paper in papers], macros


def _to_papers(bibtex: BibtexText) -> Iterator[Paper]:
    for entry in bibtex.entries:
        fields: dict[str, str] = {}
        for field in entry.source.fields:
            fields.setdefault(field.name, field.verbatim)
        source = Source(file=entry.source.file, line=entry.source.line)
        kind, key = entry.entry_type, entry.key
        yield Paper(source=source, entry_type=kind, key=key, fields=fields)


def _read_citations(tree: Tree) -> Iterator[Paper]:
    """Yield citations, each completed from the source of the same identifier."""
    found: dict[str, tuple[Values, Source]] = {}
    for kind in ("sources", "citations"):
        for source in tree.sources(kind):
            for item in Values(all=source.values).mappings("all"):
                words = item.text("id", "title", "link")
                key = words.lower().removeprefix("doi:")
                known = found.pop(key, (Values(), None))[0]
                known |= {name: value for name, value in item.items() if value}
                found[key] = known, tree.locate(source.file, words)
    for values, place in found.values():
        if values.text("title"):
            yield _make_citation(tree, values, place)
        else:
            shown = values.text("id") or "a citation"
            tree.note(place, f"'{shown}' has no title; labsite add may find it")


def _make_citation(tree: Tree, values: Values, source: Source) -> Paper:
    record = Values((n, v) for n, v in values.items() if n not in _AMBIGUOUS)
    named, link, repository = map(values.text, ("id", "link", "repo"))
    for name, parse in (("doi", parse_doi), ("arxiv", parse_arxiv)):
        record.setdefault(name, parse(named) or parse(link))
    if not (record["doi"] or record["arxiv"]):
        record["url"] = link
    record |= {"code": f"https://github.com/{repository}"} if repository else {}
    return _make_paper(tree, record, "", source)


def _read_page(
    tree: Tree, source: Source, entry: Paper | None, people: Mapping[str, str]
) -> Paper:
    """Return the paper of a folder, from its entry and its page."""
    values = Values(source.fields.mapping("hugoblox").mapping("ids") | source.fields)
    names, notes = values.texts("authors"), values.get("author_notes")
    names = [people.get(name.lower(), name) for name in names]
    for position, note in enumerate(notes if isinstance(notes, list) else ()):
        if "equal" in str(note).lower() and position < len(names):
            names[position] += "*"
    values |= {"authors": names, "image": tree.find_beside(source, "featured")}
    values.setdefault("pdf", tree.find_beside(source, f"{source.name}.pdf"))
    made = _make_paper(tree, values, source.name, source)
    fields = {**made.fields, **(entry.fields if entry else {})}
    return replace(entry or made, source=source, fields=fields, topics=made.topics)


def _make_paper(tree: Tree, values: Values, key: str, source: Source) -> Paper:
    """Return the paper that a record describes.

    Its fields are those of ``names.toml``, links, and :data:`_PLAIN`.
    """
    known, links = values.renamed("paper"), _find_links(tree, values)
    doi, arxiv = _find_identifiers(known, links)
    links = {name: text for name, text in links.items() if parse_doi(text) != doi}
    links.pop("url_arxiv" if arxiv else "", None)
    authors, annotations = convert_marks(known.texts("authors"))
    place = known.mapping("venue")
    kind, venue = _find_venue(known, place, arxiv)
    in_venue = kind in {"paper-conference", "article-journal", "chapter"}
    item = {
        "type": kind,
        "author": [*map(without_scripts, authors)],
        "title": known.text("title"),
        "container-title": venue if in_venue else "",
        "publisher": "" if in_venue else venue,
        **{name: place.text(name) for name in ("volume", "issue", "page")},
        "issued": known.text("date"),
        "DOI": "" if parse_arxiv(doi) else doi,
        "eprint": arxiv,
        "abstract": known.text("abstract"),
    }
    bibtex = BibtexText()
    bibtex.add_file(to_bibtex(item), source.file)
    paper = next(_to_papers(bibtex))
    fields = dict(paper.fields)
    added = {n: _strip_emphasis(known.text(n) or values.text(n)) for n in _PLAIN}
    added["author+an"] = annotations
    if paper.entry_type in {"misc", "patent"}:
        added["howpublished"] = encode(venue)
    for name, text in (added | links).items():
        if text not in {"", "0", "false"}:
            bare = text if is_balanced(text) else re.sub("[{}]", "", text)
            fields[name] = f"{{{bare}}}"
    words = (*values.texts("projects"), *values.texts("tags"))
    return replace(paper, source=source, key=key, fields=fields, topics=words)


def _find_identifiers(known: Values, links: Mapping[str, str]) -> tuple[str, str]:
    """Return the DOI and the arXiv identifier, which may be in the links alone."""
    places = (known.text("doi"), *(links.get(n, "") for n in ("url_doi", "url", "pdf")))
    doi = next(filter(None, map(parse_doi, places)), "")
    numbers = map(parse_arxiv, (known.text("arxiv"), doi, *links.values()))
    return doi, next(filter(None, numbers), "")


def _find_venue(known: Values, place: Values, arxiv: str) -> tuple[str, str]:
    """Return CSL's type of a paper, and the name of its venue."""
    kind = records.rename("types", next(iter(known.texts("kind")), ""))
    venue = _strip_emphasis(known.text("venue") or place.text("name"))
    if PATTERNS["meeting"].search(venue):
        return "paper-conference", venue
    if arxiv and (not venue or PATTERNS["preprint"].search(venue)):
        return "article", ""
    return "article-journal" if venue and kind not in NAMES["types"] else kind, venue


def _strip_emphasis(text: str) -> str:
    """Return a text without emphasis, as in "In *Proceedings of …*"."""
    return re.sub(r"^In\s+(?=[*_])|[*]|\b_|_\b", "", text)


def _find_links(tree: Tree, values: Values) -> dict[str, str]:
    """Return the links in the fields of a record, and in its lists of buttons."""
    found = [(_link_field(n), values.text(n)) for n in values if is_link_field(n)]
    for each in (b for name in _BUTTONS for b in values.mappings(name)):
        kind, address = each.text("type"), each.text("link", "url", "href")
        template = tree.types.get(kind, Values()).text("link")
        if address and "://" not in address and "$VALUE" in template:
            address = template.replace("$VALUE", address)
        names = (kind, each.text("label", "name", "text", "icon"), "link")
        name = next(name for name in names if name not in {"", "custom"})
        found.append((_link_field(name), address))
    return {name: address for name, address in found if address}


def _link_field(name: str) -> str:
    """Return the field for a button that another system calls *name*."""
    bare = re.sub(r"\W+", "_", name.lower()).strip("_").removeprefix("url_") or "link"
    known = bare if bare in LINK_FIELDS else records.rename("buttons", bare)
    return known if is_link_field(known) else f"url_{bare}"


def _merge(
    papers: Iterable[Paper], tree: Tree
) -> tuple[Iterable[Paper], Mapping[str, str]]:
    """Return each paper once, and the new key of each former one in lower case.

    Two records are of one paper if they share a DOI, an arXiv identifier, or a title
    and a year.
    """
    merged: dict[str, Paper] = {}  # by key in lower case
    keys: dict[str, str] = {}
    seen: dict[Feature, tuple[str, Work]] = {}
    for paper in papers:
        text = render_entry(paper.entry_type, "record", paper.fields.items())
        # What an entry inherits may tell it from others of its title.
        inherits = {"crossref", "xdata"} & paper.fields.keys()
        kinds = {"doi", "arxiv"} if inherits else {"doi", "arxiv", "title"}
        own = {
            (*feature, "" if feature[0] != "title" else str(p.issued.year)): Work(p)
            for p in read_library([("", text)]).publications
            for feature in Work(p).features
            if feature[0] in kinds
        }
        known = ((*seen[f], work) for f, work in own.items() if f in seen)
        same = (key for key, other, work in known if work.is_same_paper(other))
        key = next(same, "")
        first = merged.get(key)
        if first is None:
            unique = _free_key(paper, merged)
            key, first = unique.lower(), replace(paper, key=unique)
        elif first.source.file == paper.source.file:
            message = f"{paper.key}: is the same paper as {first.key}; merged"
            tree.note(paper.source, message)
        keys.setdefault(paper.key.lower(), first.key)
        for feature, work in own.items():
            seen.setdefault(feature, (key, work))
        addresses = dict.fromkeys(first.source.addresses + paper.source.addresses)
        merged[key] = replace(
            first,
            fields={**paper.fields, **first.fields},
            topics=tuple(dict.fromkeys(first.topics + paper.topics)),
            source=replace(first.source, addresses=tuple(addresses)),
        )
    return merged.values(), keys


def _free_key(paper: Paper, taken: Collection[str]) -> str:
    key = re.sub(r"[\s,{}()\"'#%~\\=]+", "-", paper.key).strip("-")
    if is_key(key) and key.lower() not in taken:
        return key
    texts = {n: " ".join((content(v) or "").split()) for n, v in paper.fields.items()}
    return propose_key(paper.entry_type, texts, taken)


def _clean(paper: Paper, keys: Mapping[str, str]) -> Paper:
    """Return a paper without private fields, and with marks as annotations.

    :param keys: the new key of each former one
    """
    fields: dict[str, str] = {}
    for name, value in paper.fields.items():
        is_button = records.rename("buttons", name) != name and name not in LINK_FIELDS
        new = _link_field(name) if is_button else FOREIGN.get(name, name)
        text = content(value)
        named = (keys.get(k.strip().lower(), k) for k in (text or "").split(","))
        kept = f"{{{','.join(named)}}}" if name in _REFERENCES else value
        if new and not PATTERNS["private"].search(name) and text != "":
            fields.setdefault(new, kept)
    for name in ("author", "editor"):
        names = " ".join((content(fields.get(name, "")) or "").split())
        bare, annotations = convert_marks(split_names(names))
        if annotations:
            fields[name] = f"{{{' and '.join(bare)}}}"
            fields.setdefault(f"{name}+an", f"{{{annotations}}}")
    return replace(paper, fields=fields)
