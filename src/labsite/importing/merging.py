"""Merge papers of several sources into one bibliography."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from labsite.bibtex.fields import FOREIGN, LINK_FIELDS, known_field
from labsite.bibtex.keys import is_key, propose_key
from labsite.bibtex.reader import read_library
from labsite.bibtex.writer import content, render_entry
from labsite.importing.papers import link_field
from labsite.importing.records import PATTERNS, rename
from labsite.site.identity import identities, is_one_paper
from labsite.text.names import split_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from labsite.importing.records import Paper
    from labsite.importing.tree import Tree
    from labsite.model.records import Publication

#: A mark at a name, and its usual delimiters.
_ASTERISKS = "*\u2217\u204e"
_MARK = (
    rf"(?:\\?[{_ASTERISKS}]|[†‡§¶✉⁺]|\\#|"
    r"\\(?:ast|star|d?dag(?:ger)?|textdagger(?:dbl)?)\b(?:\{\})?)"
)
_MARKS = re.compile(
    rf"\s*(?:\\textsuperscript\s*\{{([^{{}}]*)\}}|<sup>([^<>]*)</sup>|"
    rf"\$\s*\^?\s*\{{?((?:{_MARK}|[\d,\s])+)\}}?\s*\$|\^?\{{?({_MARK}+)\}}?)"
)
_EACH_MARK = {"‡": r"ddag|dbl|‡", "†": r"\\(?:text)?dag(?!gerdbl)|†",
              "*": rf"[{_ASTERISKS}]|\\ast|\\star",
              "§": "§", "¶": "¶", "#": "#", "✉": "✉", "⁺": "⁺"}  # fmt: skip


def clean(paper: Paper) -> Paper:
    """Return a paper without private fields, and with marks as annotations."""
    fields: dict[str, str] = {}
    for name, value in paper.fields.items():
        known = known_field(name)
        is_button = rename("buttons", name) != name and name not in LINK_FIELDS
        new = link_field(name) if is_button else FOREIGN.get(name, name)
        private = PATTERNS["private"].search(name) or (known and not known.published)
        if new and not private and content(value) != "":
            fields.setdefault(new, value)
    note = content(paper.fields.get("annotation", "")) or ""
    for name in ("author", "editor"):
        names = content(fields.get(name, ""))
        bare, annotations = _convert_marks(names, note) if names else ("", "")
        if annotations:
            fields[name] = f"{{{bare}}}"
            fields.setdefault(f"{name}+an", f"{{{annotations}}}")
    return replace(paper, fields=fields)


def _convert_marks(names: str, note: str) -> tuple[str, str]:
    """Return a list of names without marks, and the marks as annotations."""
    bare: list[str] = []
    marks: dict[str, list[int]] = {}
    for position, name in enumerate(split_names(" ".join(names.split())), start=1):
        found = "".join(part for parts in _MARKS.findall(name) for part in parts)
        for mark, pattern in _EACH_MARK.items():
            if re.search(pattern, found):
                marks.setdefault(mark, []).append(position)
        bare.append(_MARKS.sub("", name).strip())
    annotations = []
    for mark, positions in marks.items():
        alone = mark == "*" or "*" not in marks
        shared = alone and (len(positions) > 1 or PATTERNS["shared"].search(note))
        word = "equal" if shared and mark != "✉" else "corresponding"
        annotations += [(position, word) for position in positions]
    return " and ".join(bare), "; ".join(f"{p}={w}" for p, w in sorted(annotations))


def merge(papers: Iterable[Paper], tree: Tree) -> list[Paper]:
    """Return each paper once, with the fields of all its records and a unique key.

    Two records are of one paper if they share a DOI, an arXiv identifier, or a title
    and a year.
    """
    merged: dict[str, Paper] = {}
    keys: set[str] = set()  # in lower case
    seen: dict[tuple[str, ...], tuple[str, Publication]] = {}
    for paper in papers:
        text = render_entry(paper.entry_type, "record", paper.fields.items())
        key = ""
        for record in read_library([("", text)]).publications:
            year = str(record.issued.year)
            own = [(*i, year if i[0] == "title" else "") for i in identities(record)]
            known = ((seen[i], i[0]) for i in own if i in seen)
            same = (k for (k, p), what in known if is_one_paper(record, p, what))
            key = next(same, "") or _free_key(paper, keys)
            for identity in own:
                seen.setdefault(identity, (key, record))
        key = key or _free_key(paper, keys)
        keys.add(key.lower())
        first = merged.setdefault(key, replace(paper, key=key))
        if first.place is paper.place:
            continue
        place, more = first.place, paper.place.addresses
        merged[key] = replace(
            first,
            fields={**paper.fields, **first.fields},
            topics=tuple(dict.fromkeys(first.topics + paper.topics)),
            place=replace(place, addresses=(*place.addresses, *more)),
        )
        if place.file == paper.place.file:
            tree.note(paper.place, f"{paper.key}: is the paper of {key}; merged")
    return list(merged.values())


def _free_key(paper: Paper, taken: set[str]) -> str:
    key = re.sub(r"[\s,{}()\"'#%~\\=]+", "-", paper.key).strip("-")
    if is_key(key) and key.lower() not in taken:
        return key
    texts = {name: content(value) or "" for name, value in paper.fields.items()}
    return propose_key(paper.entry_type, texts, taken)


def render_bibliography(papers: Iterable[Paper], macros: Mapping[str, str]) -> str:
    """Return the text of the bibliography."""
    lines = [f"@string{{{name} = {{{value}}}}}\n" for name, value in macros.items()]
    entries = [render_entry(p.entry_type, p.key, p.fields.items()) for p in papers]
    return "".join(lines) + "\n" + "\n\n".join(entries) + "\n"
