"""Papers of other systems as entries of one bibliography."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from typing import TYPE_CHECKING, Any

from labsite.bibtex.fields import FOREIGN, LINK_FIELDS, is_link_field, known_field
from labsite.bibtex.keys import is_key, propose_key
from labsite.bibtex.parser import BibtexText
from labsite.bibtex.reader import read_library
from labsite.bibtex.writer import content, render_entry
from labsite.importing.records import Paper, Place
from labsite.importing.values import (
    NAMES,
    PATTERNS,
    alias,
    date_of,
    mappings_of,
    renamed,
    text_of,
    texts_of,
)
from labsite.site.identity import identities, is_one_paper
from labsite.text.html import strip_markup
from labsite.text.latex_encoding import encode, is_balanced
from labsite.text.names import split_names
from labsite.text.values import parse_arxiv, parse_doi

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from labsite.importing.tree import Tree
    from labsite.model.records import Publication

#: A mark at a name, and what people put round one.
_ASTERISKS = "*\u2217\u204e"
_MARK = rf"(?:\\?[{_ASTERISKS}]|\\(?:ast|star|d?dag(?:ger)?)\b(?:\{{\}})?|[†‡§¶✉]|\\#)"
_MARKS = re.compile(
    rf"\s*(?:\\textsuperscript\s*\{{([^{{}}]*)\}}|<sup>([^<>]*)</sup>|"
    rf"\$\s*\^?\s*\{{?((?:{_MARK}|[\d,\s])+)\}}?\s*\$|\^?\{{?({_MARK}+)\}}?)"
)
_EACH_MARK = {"‡": r"ddag|‡", "†": r"\\dag|†", "*": rf"[{_ASTERISKS}]|\\ast|\\star",
              "§": "§", "¶": "¶", "#": "#", "✉": "✉"}  # fmt: skip
#: Fields of a record that are fields of an entry as they are.
_PLAIN = ("preview", "selected", "award", "abbr")
#: Fields with lists of buttons.
_BUTTONS = ("buttons", "extra-links", "links", "url_custom")


def read_entries(
    tree: Tree, files: Iterable[str]
) -> tuple[list[Paper], dict[str, str]]:
    """Return the entries of BibTeX files, and the macros that they define.

    :param files: in the order in which macros serve later ones
    """
    bibtex = BibtexText()
    for file in files:
        bibtex.add_file(tree.text(file), file)
    for problem in bibtex.problems:
        key = f"{problem.key}: " if problem.key else ""
        place = Place(file=problem.file, line=problem.line)
        tree.note(place, f"{key}{problem.message}")
    papers = [
        Paper(
            place=Place(file=entry.source.file, line=entry.source.line),
            entry_type=entry.entry_type,
            key=entry.key,
            # The first of two fields of one name counts.
            fields={f.name: f.verbatim for f in entry.source.fields}
            | {f.name: f.verbatim for f in reversed(entry.source.fields)},
        )
        for entry in bibtex.entries
    ]
    return papers, {name: value for value, name in bibtex.macro_names.items()}


def make_paper(values: Mapping[str, Any], key: str, place: Place) -> Paper:
    """Return the paper that a record describes, its fields as ``names.toml`` has them.

    Besides these, fields of links and of :data:`_PLAIN` are taken as they are.
    """
    known = renamed(values, "paper")
    date, venue = text_of(known, "date"), _plain(text_of(known, "venue"))
    year, _dash, month = date_of(date)[:7].partition("-")
    number = re.match(r"(?:19|20)\d\d", date)
    doi = parse_doi(text_of(known, "doi")) or ""
    arxiv = parse_arxiv(text_of(known, "arxiv")) or parse_arxiv(doi) or ""
    kind = next(iter(texts_of(known.get("kind"))), "")
    if PATTERNS["meeting"].search(venue):
        kind = "paper-conference"
    elif arxiv and (not venue or PATTERNS["preprint"].search(venue)):
        kind = "preprint"
    usual = ["article", "journal"] if venue else ["misc", "howpublished"]
    entry_type, venue_field = NAMES["types"].get(kind, usual)
    fields = {
        "author": " and ".join(map(_latex, _authors(known.get("authors")))),
        "title": _latex(text_of(known, "title")),
        venue_field: "" if kind == "preprint" and arxiv else _latex(venue),
        "year": year or (number[0] if number else ""),
        "month": month.lstrip("0"),
        "doi": doi,
        "eprint": arxiv,
        "archiveprefix": "arXiv" if arxiv else "",
        "abstract": _latex(text_of(known, "abstract")),
    }
    fields |= _links(values)
    fields |= {n: _plain(text_of(known, n) or text_of(values, n)) for n in _PLAIN}
    return Paper(
        place=place,
        entry_type=entry_type,
        key=key,
        fields={n: _braced(t) for n, t in fields.items() if t and t != "false"},
        topics=tuple(w for n in ("projects", "tags") for w in texts_of(values.get(n))),
    )


def _plain(text: str) -> str:
    """Return a text without emphasis, as in "In *Proceedings of …*"."""
    return re.sub(r"^In\s+(?=[*_])|[*]|\b_|_\b", "", text)


def _latex(text: str) -> str:
    """Return text with HTML in it as LaTeX."""
    return strip_markup(encode(unescape(text)))


def _authors(value: object) -> list[str]:
    """Return names; in one text, semicolons, "and" or commas divide them."""
    if not isinstance(value, str):
        return texts_of(value)
    joined = re.sub(r"\s*(?:;|\band\b|&)\s*", ";", value)
    return [n for n in re.split(";" if ";" in joined else ",", joined) if n.strip()]


def _braced(text: str) -> str:
    text = " ".join(text.split())
    return f"{{{text if is_balanced(text) else re.sub('[{}]', '', text)}}}"


def _links(values: Mapping[str, Any]) -> dict[str, str]:
    """Return the fields of links for lists of buttons, and for fields of each."""
    found = [
        (_link_field(name) if name.startswith("url_") else name, text_of(values, name))
        for name in filter(is_link_field, values)
    ]
    for each in (b for name in _BUTTONS for b in mappings_of(values.get(name))):
        name = text_of(each, "type", "name", "text", "icon") or "link"
        found.append((_link_field(name), text_of(each, "link", "url", "href")))
    return {name: address for name, address in found if address}


def _link_field(name: str) -> str:
    """Return the field for a button that another system calls *name*."""
    bare = re.sub(r"\W+", "_", name.lower()).strip("_").removeprefix("url_") or "link"
    known = bare if bare in LINK_FIELDS else alias("buttons", bare)
    return known if is_link_field(known) else f"url_{bare}"


def tidy(paper: Paper) -> Paper:
    """Return a paper without private fields, marks at names as annotations."""
    fields: dict[str, str] = {}
    for name, value in paper.fields.items():
        known = known_field(name)
        is_button = alias("buttons", name) != name and name not in LINK_FIELDS
        new = _link_field(name) if is_button else FOREIGN.get(name, name)
        private = PATTERNS["private"].search(name) or (known and not known.published)
        if new and not private and content(value) != "":
            fields.setdefault(new, value)
    note = content(paper.fields.get("annotation", "")) or ""
    for name in ("author", "editor"):
        names = content(fields.get(name, ""))
        bare, remarks = _take_marks(names, note) if names else ("", "")
        if remarks:
            fields[name] = f"{{{bare}}}"
            fields.setdefault(f"{name}+an", f"{{{remarks}}}")
    return replace(paper, fields=fields)


def _take_marks(names: str, note: str) -> tuple[str, str]:
    """Return a list of names without marks, and what the marks say, by position."""
    bare: list[str] = []
    marks: dict[str, list[int]] = {}
    for position, name in enumerate(split_names(" ".join(names.split())), start=1):
        found = "".join(part for parts in _MARKS.findall(name) for part in parts)
        for mark, pattern in _EACH_MARK.items():
            if re.search(pattern, found):
                marks.setdefault(mark, []).append(position)
        bare.append(_MARKS.sub("", name).strip())
    remarks = []
    for mark, positions in marks.items():
        alone = mark == "*" or "*" not in marks
        shared = alone and (len(positions) > 1 or PATTERNS["shared"].search(note))
        word = "equal" if shared and mark != "✉" else "corresponding"
        remarks += [(position, word) for position in positions]
    return " and ".join(bare), "; ".join(f"{p}={w}" for p, w in sorted(remarks))


def merge(papers: Iterable[Paper], tree: Tree) -> list[Paper]:
    """Return each paper once, with what all its records know, under a key of its own.

    Records are of one paper if they have a DOI, an arXiv identifier, or a title and
    a year in common.
    """
    merged: list[Paper] = []
    seen: dict[tuple[str, ...], tuple[int, Publication]] = {}
    keys: set[str] = set()
    for paper in papers:
        text = render_entry(paper.entry_type, "record", paper.fields.items())
        number = len(merged)
        for record in read_library([("", text)]).publications:
            year = str(record.issued.year)
            same = [(*i, year if i[0] == "title" else "") for i in identities(record)]
            places = ((seen[i], i[0]) for i in same if i in seen)
            ones = (n for (n, p), what in places if is_one_paper(record, p, what))
            number = next(ones, number)
            seen |= {i: (number, record) for i in same if i not in seen}
        if number == len(merged):
            key = _free_key(paper, keys)
            keys.add(key.lower())
            merged.append(replace(paper, key=key))
            continue
        first = merged[number]
        place, more = first.place, paper.place.addresses
        merged[number] = replace(
            first,
            fields={**paper.fields, **first.fields},
            topics=tuple(dict.fromkeys(first.topics + paper.topics)),
            place=replace(place, addresses=(*place.addresses, *more)),
        )
        if place.file == paper.place.file:
            tree.note(paper.place, f"{paper.key}: is the paper of {first.key}; merged")
    return merged


def _free_key(paper: Paper, taken: set[str]) -> str:
    key = re.sub(r"[\s,{}()\"'#%~\\=]+", "-", paper.key).strip("-")
    if is_key(key) and key.lower() not in taken:
        return key
    texts = {name: content(value) or "" for name, value in paper.fields.items()}
    return propose_key(paper.entry_type, texts, taken)


def bibliography(papers: Iterable[Paper], macros: Mapping[str, str]) -> str:
    """Return the text of the bibliography."""
    lines = [f"@string{{{name} = {{{value}}}}}\n" for name, value in macros.items()]
    entries = [render_entry(p.entry_type, p.key, p.fields.items()) for p in papers]
    return "".join(lines) + "\n" + "\n\n".join(entries) + "\n"
