"""Read papers: BibTeX, citations in YAML, and a folder for each paper."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from typing import TYPE_CHECKING

from labsite.bibtex.fields import LINK_FIELDS, is_link_field
from labsite.bibtex.parser import BibtexText
from labsite.editing.csl import to_bibtex
from labsite.importing import records
from labsite.importing.records import NAMES, PATTERNS, Paper, Place, Values
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
#: A venue, a volume and pages, and a year: "Phys. Rev. B 100, 104506 (2019)".
_DATED = re.compile(
    r"(.+?)(?:\s+(\d+),\s*(\d[\w\u2013-]*))?[\s,(]+((?:19|20)\d\d)\)?\s*"
)
#: A comma that is not before initials: "Roe, J. A., Doe, J.".
_COMMA = r",(?!\s*(?:[A-Z]\.[\s-]?)+(?:,|$))"
#: Fields of a citation that have another meaning in names.toml.
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
        kind, source = entry.entry_type, entry.source
        fields: dict[str, str] = {}
        for field in source.fields:
            fields.setdefault(field.name, field.verbatim)
        place = Place(file=source.file, line=source.line)
        yield Paper(place=place, entry_type=kind, key=entry.key, fields=fields)


def _read_citations(tree: Tree) -> Iterator[Paper]:
    """Yield citations, each completed from the source of the same identifier."""
    found: dict[str, tuple[Values, Place]] = {}
    for kind in ("sources", "citations"):
        for source in tree.sources(kind):
            for item in records.mappings_of(source.values):
                key = item.text("id") or item.text("title", "link")
                known = found.pop(key.lower(), (Values(), None))[0]
                known |= {name: value for name, value in item.items() if value}
                found[key.lower()] = known, tree.locate(source.place.file, key)
    for values, place in found.values():
        if values.text("title"):
            yield _make_citation(values, place)
        else:
            shown = values.text("id") or "a citation"
            tree.note(place, f"'{shown}' has no title; labsite add may find it")


def _make_citation(values: Values, place: Place) -> Paper:
    values = Values(values | values.mapping("link"))
    record = Values((n, v) for n, v in values.items() if n not in _AMBIGUOUS)
    scheme, _colon, identifier = values.text("id").partition(":")
    link, repository = values.text("link"), values.text("repo")
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
    values = Values(source.fields.mapping("hugoblox").mapping("ids") | source.fields)
    authors = values.texts("authors")
    values["authors"] = [people.get(author.lower(), author) for author in authors]
    values["image"] = tree.find_beside(source.place, "featured")
    pdf = re.escape(source.name) + r"\.pdf"
    values.setdefault("pdf", tree.find_beside(source.place, pdf))
    made = _make_paper(values, source.name, source.place)
    notes = values.get("author_notes")
    each = enumerate(notes if isinstance(notes, list) else (), start=1)
    equal = [f"{n}=equal" for n, text in each if "equal" in str(text).lower()]
    fields = {**made.fields, **(entry.fields if entry else {})}
    if len(equal) > 1:
        fields.setdefault("author+an", f"{{{'; '.join(equal)}}}")
    return replace(entry or made, place=source.place, fields=fields, topics=made.topics)


def _make_paper(values: Values, key: str, place: Place) -> Paper:
    """Return the paper that a record describes.

    Its fields are those of ``names.toml``, links, and :data:`_PLAIN`.
    """
    known = values.renamed("paper")
    venue = _strip_emphasis(known.text("venue"))
    date = known.text("date")
    volume = pages = ""
    if not date and (dated := _DATED.fullmatch(venue)):
        venue, volume, pages, date = dated.groups("")
    doi = parse_doi(known.text("doi")) or ""
    arxiv = parse_arxiv(known.text("arxiv")) or parse_arxiv(doi) or ""
    kind = records.rename("types", next(iter(known.texts("kind")), ""))
    if PATTERNS["meeting"].search(venue):
        kind = "paper-conference"
    elif arxiv and (not venue or PATTERNS["preprint"].search(venue)):
        kind, venue = "article", ""
    elif venue and kind not in NAMES["types"]:
        kind = "article-journal"
    cited = values.text("citation").partition("(")[0]  # before the year
    item = {
        "type": kind,
        "author": _split_authors(known.get("authors") or cited),
        "title": known.text("title"),
        "container-title": venue,
        "publisher": venue,
        "volume": volume,
        "page": pages,
        "issued": date,
        "DOI": doi,
        "eprint": arxiv,
        "abstract": known.text("abstract"),
    }
    bibtex = BibtexText()
    bibtex.add_file(to_bibtex(item), place.file)
    paper = next(_to_papers(bibtex))
    fields = dict(paper.fields)
    added = {n: _strip_emphasis(known.text(n) or values.text(n)) for n in _PLAIN}
    if paper.entry_type in {"misc", "patent"}:
        added["howpublished"] = encode(venue)
    for name, text in (added | _find_links(values)).items():
        if text not in {"", "0", "false"}:
            bare = text if is_balanced(text) else re.sub("[{}]", "", text)
            fields[name] = f"{{{bare}}}"
    words = (*values.texts("projects"), *values.texts("tags"))
    return replace(paper, place=place, key=key, fields=fields, topics=words)


def _strip_emphasis(text: str) -> str:
    """Return a text without emphasis, as in "In *Proceedings of …*"."""
    return re.sub(r"^In\s+(?=[*_])|[*]|\b_|_\b", "", text)


def _split_authors(value: object) -> list[str]:
    """Return names; in one text, semicolons, "and" or commas separate them."""
    if not isinstance(value, str):
        return records.texts_of(value)
    text = re.sub(r"\s*</?sup>", "", unescape(value))
    names = re.split(r";|\band\b|&", text)
    inverted = all(name.count(",") == 1 for name in names)
    inverted &= len(names) > 1 or " " not in text.strip().partition(",")[0]
    if not inverted and ";" not in text:
        names = re.split(_COMMA, ",".join(names))
    return [name.strip() for name in names if name.strip()]


def _find_links(values: Values) -> dict[str, str]:
    """Return the links in the fields of a record, and in its lists of buttons."""
    names = [n for n in values if is_link_field(n) or re.fullmatch(r"\w+url", n)]
    found = [(link_field(re.sub(r"(?<=\w)url$", "", n)), values.text(n)) for n in names]
    for each in (b for name in _BUTTONS for b in values.mappings(name)):
        name = each.text("type", "name", "text", "icon") or "link"
        found.append((link_field(name), each.text("link", "url", "href")))
    return {name: address for name, address in found if address}


def link_field(name: str) -> str:
    """Return the field for a button that another system calls *name*."""
    bare = re.sub(r"\W+", "_", name.lower()).strip("_").removeprefix("url_") or "link"
    known = bare if bare in LINK_FIELDS else records.rename("buttons", bare)
    return known if is_link_field(known) else f"url_{bare}"
