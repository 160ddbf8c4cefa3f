"""Read papers: BibTeX, citations in YAML, and a folder for each paper."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from labsite.bibtex.fields import FOREIGN, LINK_FIELDS, is_link_field
from labsite.bibtex.keys import propose_key
from labsite.bibtex.parser import BibtexText
from labsite.bibtex.reader import read_library
from labsite.bibtex.writer import content, render_entry
from labsite.editing.csl import to_bibtex
from labsite.editing.house_style import convert_marks
from labsite.importing.conversion import Page, Paper
from labsite.importing.people import split_scripts
from labsite.importing.tree import NAMES, PATTERNS, Record, Tree, Values, rename
from labsite.site.identity import Work, Works, is_published_later
from labsite.text.latex_encoding import delimit, encode
from labsite.text.names import split_names
from labsite.text.values import parse_arxiv, parse_doi

#: Fields of a record that become fields of an entry unchanged.
_PLAIN = ("preview", "selected", "award", "abbr")
#: Fields with lists of buttons.
_BUTTONS = ("buttons", "links", "url_custom")
#: Of buttons with an address such as "lab/code".
_HOSTS = {"github": "https://github.com/"}
#: Fields with keys of entries.
_REFERENCES = {"crossref", "xdata", "xref", "related"}
#: Fields of which an entry needs one.
_ALTERNATIVES = ({"date", "year"}, {"booktitle", "howpublished", "journal"})


def read_papers(
    tree: Tree, people: Sequence[Page]
) -> tuple[list[Paper], dict[str, str]]:
    """Return the papers of an old site, and the macros of its bibliographies."""
    bibtex = BibtexText()
    for file in tree.files("bibliography"):
        bibtex.add_file(tree.text(file), file)
    for problem in bibtex.problems:
        key = f"{problem.key}: " if problem.key else ""
        tree.note(problem, f"{key}{problem.message}")
    entries = list(_to_papers(bibtex))
    names = {person.source.name.lower(): person.front["name"] for person in people}
    beside = {e.source.folder: e for e in reversed(entries) if e.source.folder}
    pages = []
    for record in tree.pages("papers"):
        entry = beside.get(record.folder) if record.is_index else None
        entries = [other for other in entries if other is not entry]
        pages.append(_read_page(tree, record, entry, names))
    macros = {macro.name: macro.value for macro in bibtex.definitions.values()}
    papers = [*map(_clean, (*_read_citations(tree), *pages, *entries))]
    return list(_with_keys(_merge(papers))), macros


def _to_papers(bibtex: BibtexText) -> Iterator[Paper]:
    for entry in bibtex.entries:
        fields: dict[str, str] = {}
        for field in entry.source.fields:
            fields.setdefault(field.name, field.verbatim)
        source = Record(file=entry.source.file, line=entry.source.line)
        kind, key = entry.entry_type, entry.key
        yield Paper(source=source, entry_type=kind, key=key, fields=fields)


def _read_citations(tree: Tree) -> Iterator[Paper]:
    """Yield citations, each completed from the source of the same identifier."""
    found: dict[str, Record] = {}
    for record in (*tree.items("sources"), *tree.items("citations")):
        named = record.values.text("id", "title", "link")
        key = named.lower().removeprefix("doi:")
        known = found.pop(key, record).values
        told = {name: value for name, value in record.values.items() if value}
        found[key] = replace(record, values=Values(known | told))
    for record in found.values():
        values, link = Values(record.values), record.values.text("link")
        for name, parse in (("doi", parse_doi), ("arxiv", parse_arxiv)):
            values.setdefault(name, parse(values.text("id")) or parse(link))
        if not (values["doi"] or values["arxiv"]):
            values["url"] = link
        if values.text("title"):
            yield _make_paper(values, "", record)
        else:
            note = f"'{values.text('id')}' has no title; labsite add may find it"
            tree.note(record, note)


def _read_page(
    tree: Tree, record: Record, entry: Paper | None, people: dict[str, str]
) -> Paper:
    """Return the paper of a folder, from its entry and its page."""
    values = Values(record.values.mapping("hugoblox").mapping("ids") | record.values)
    notes = values.get("author_notes")
    names = [people.get(name.lower(), name) for name in values.texts("authors")]
    for position, note in enumerate(notes if isinstance(notes, list) else ()):
        if "equal" in str(note).lower() and position < len(names):
            names[position] += "*"
    pdf = tree.find_beside(record, rf"{re.escape(record.name)}\.pdf")
    values = Values({"pdf": pdf, **values, "authors": names})
    values["image"] = tree.find_beside(record)
    made = _make_paper(values, record.name, record)
    fields = {**made.fields, **(entry.fields if entry else {})}
    return replace(entry or made, source=record, fields=fields, topics=made.topics)


def _make_paper(values: Values, key: str, source: Record) -> Paper:
    """Return the paper that a record describes."""
    known, links = values.renamed("paper"), _find_links(values)
    places = (known.text("doi"), *(links.get(n, "") for n in ("url_doi", "url", "pdf")))
    doi = next(filter(None, map(parse_doi, places)), "")
    numbers = map(parse_arxiv, (known.text("arxiv"), doi, *links.values()))
    arxiv = next(filter(None, numbers), "")
    links = {name: text for name, text in links.items() if parse_doi(text) != doi}
    links.pop("url_arxiv" if arxiv else "", None)
    authors, annotations = convert_marks(known.texts("authors"))
    kind, venue = _find_venue(known, arxiv)
    in_venue = kind in {"paper-conference", "article-journal", "chapter"}
    item = {
        **known.mapping("venue"),  # volume, issue and page
        "type": kind,
        "author": [split_scripts(name)[0] for name in authors],
        "title": known.text("title"),
        "container-title": venue if in_venue else "",
        "publisher": "" if in_venue else venue,
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
            fields[name] = delimit(text)
    words = (*values.texts("projects"), *values.texts("tags"))
    return replace(paper, source=source, key=key, fields=fields, topics=words)


def _find_venue(known: Values, arxiv: str) -> tuple[str, str]:
    """Return CSL's type of a paper, and the name of its venue."""
    kind = rename("types", next(iter(known.texts("kind")), ""))
    venue = known.text("venue") or known.mapping("venue").text("name")
    venue = _strip_emphasis(venue)
    if PATTERNS["meeting"].search(venue):
        return "paper-conference", venue
    if arxiv and (not venue or PATTERNS["preprint"].search(venue)):
        return "article", ""
    return "article-journal" if venue and kind not in NAMES["types"] else kind, venue


def _strip_emphasis(text: str) -> str:
    """Return a text without emphasis, as in "In *Proceedings of …*"."""
    return re.sub(r"^In\s+(?=[*_])|[*]|\b_|_\b", "", text)


def _find_links(values: Values) -> dict[str, str]:
    """Return the links in the fields of a record, and in its lists of buttons."""
    found = [(name, values.text(name)) for name in values if is_link_field(name)]
    found += [*values.links(*_BUTTONS), ("github", values.text("repo"))]
    full = ((n, a if "://" in a else _HOSTS.get(n, "") + a) for n, a in found if a)
    return {_link_field(name): address for name, address in full}


def _link_field(name: str) -> str:
    """Return the field for a button that another system calls *name*."""
    bare = re.sub(r"\W+", "_", name.lower()).strip("_").removeprefix("url_") or "link"
    known = bare if bare in LINK_FIELDS else rename("buttons", bare)
    return known if is_link_field(known) else f"url_{bare}"


def _clean(paper: Paper) -> Paper:
    """Return a paper without private fields, and with marks as annotations."""
    fields: dict[str, str] = {}
    for name, value in paper.fields.items():
        is_button = rename("buttons", name) != name and name not in LINK_FIELDS
        new = _link_field(name) if is_button else FOREIGN.get(name, name)
        keys = ",".join(map(_valid_key, (content(value) or "").split(",")))
        if new and not PATTERNS["private"].search(name) and content(value) != "":
            fields.setdefault(new, f"{{{keys}}}" if name in _REFERENCES else value)
    for name in ("author", "editor"):
        names = " ".join((content(fields.get(name, "")) or "").split())
        bare, annotations = convert_marks(split_names(names))
        if annotations:
            fields[name] = f"{{{' and '.join(bare)}}}"
            fields.setdefault(f"{name}+an", f"{{{annotations}}}")
    return replace(paper, key=_valid_key(paper.key), fields=fields)


def _valid_key(key: str) -> str:
    return re.sub(r"[^A-Za-z0-9:._-]+", "-", key).strip("-:._")


def _merge(papers: Sequence[Paper]) -> Iterable[Paper]:
    """Return papers, the records of one paper in several files merged.

    The first one's fields count, or those of the published version.
    """
    keyed = {f"paper{number}": paper for number, paper in enumerate(papers)}
    texts = (render_entry(p.entry_type, k, p.fields.items()) for k, p in keyed.items())
    publications = read_library([("", "\n\n".join(texts))]).every_version
    works = {publication.key: Work(publication) for publication in publications}
    merged, known = dict(keyed), Works()
    places = {key: key for key in keyed}
    for key in filter(works.__contains__, keyed):  # others are data of entries
        paper, publication = keyed[key], works[key].publication
        for _, other in known.find(works[key], paper=True):
            place = places[other.publication.key]
            first = merged[place]
            if first.source.file != paper.source.file:
                later = is_published_later(publication, other.publication)
                pair = (paper, first) if later else (first, paper)
                places[key], merged[place] = place, _complete(*pair)
                del merged[key]
                break
        known.add(works[key])
    return merged.values()


def _complete(paper: Paper, other: Paper) -> Paper:
    """Return a paper with what only another record of it has."""
    groups = (g for g in _ALTERNATIVES if not g.isdisjoint(paper.fields))
    known = {"ids"}.union(paper.fields, *groups)
    fields = {n: v for n, v in other.fields.items() if n not in known}
    keys = [content(paper.fields.get("ids", "{}")), other.key]
    if paper.key and other.key not in {"", paper.key}:
        fields["ids"] = f"{{{','.join(filter(None, keys))}}}"
    addresses = paper.source.addresses + other.source.addresses
    return replace(
        paper,
        key=paper.key or other.key,
        fields={**paper.fields, **fields},
        topics=paper.topics + other.topics,
        source=replace(paper.source, addresses=addresses),
    )


def _with_keys(papers: Iterable[Paper]) -> Iterator[Paper]:
    """Yield papers with unique keys."""
    taken: set[str] = set()
    for paper in papers:
        key = paper.key
        if not key or key.lower() in taken:
            pairs = ((n, content(value) or "") for n, value in paper.fields.items())
            texts = {name: " ".join(text.split()) for name, text in pairs}
            key = propose_key(paper.entry_type, texts, taken)
        taken.add(key.lower())
        yield replace(paper, key=key)
