"""Papers of other systems as entries of one bibliography."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from labsite.bibtex.fields import FOREIGN, LINK_FIELDS, known_field
from labsite.bibtex.parser import BibtexText
from labsite.bibtex.reader import read_library
from labsite.bibtex.writer import content, is_balanced, render_entry
from labsite.editing.csl import to_bibtex
from labsite.editing.keys import is_key, make_key
from labsite.importing.records import OldPaper
from labsite.importing.tree import date_of, mappings_of, text_of, texts_of
from labsite.text.latex import decode_plain
from labsite.text.names import parse_creator, split_names
from labsite.text.spellings import letters
from labsite.text.values import parse_arxiv, parse_doi

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from labsite.importing.tree import Tree

#: Fields of tools and of a person's own, which no table has.
_PRIVATE = re.compile(
    r"bdsk-.*|mendeley-.*|__markedentry|annote|file|private.*|read|bibtex_show|hidden"
)
#: What other systems call the fields that make buttons, and people buttons.
_LINKS = {
    "source": "code", "github": "code", "repo": "code", "dataset": "data",
    "supplement": "supp", "supplementary": "supp", "talk": "video", "project": "website",
    "projectpage": "website", "homepage": "website", "paper": "url", "website": "website",
    "link": "url", "presentation": "slides", "preprint": "url_preprint",
}  # fmt: skip
#: Fields that become buttons of their own names.
_BUTTONS = {"github", "source", "demo", "media", "press", "project", "projectpage", "appendix",
            "tweet", "twitter", "thread", "openreview", "huggingface", "dataset",
            "model", "models", "talk"}  # fmt: skip
#: A mark at a name, and what people put round one.
_MARK = r"(?:\\?\*|\\(?:ast|star|d?dag(?:ger)?)\b(?:\{\})?|[†‡§¶∗⁎✉]|\\#)"
_MARKS = re.compile(
    rf"\s*(?:\\textsuperscript\s*\{{([^{{}}]*)\}}|<sup>([^<>]*)</sup>|"
    rf"\$\s*\^?\s*\{{?((?:{_MARK}|[\d,\s])+)\}}?\s*\$|\^?\{{?({_MARK}+)\}}?)"
)
_EACH_MARK = {"‡": r"ddag|‡", "†": r"\\dag|†", "*": r"\*|\\ast|\\star|∗|⁎",
              "§": "§", "¶": "¶", "#": "#", "✉": "✉"}  # fmt: skip
_SHARED = re.compile(r"equal|co-?first|joint|contributed", re.IGNORECASE)
_AUTHORS = ("author", "editor")


def read_entries(tree: Tree, files: Iterable[str]) -> tuple[list[OldPaper], dict[str, str]]:
    """Return the entries of BibTeX files, and the macros that they define.

    :param files: in the order in which macros serve later ones
    """
    bibtex = BibtexText()
    for file in files:
        bibtex.add_file(tree.text(file), file)
    for problem in bibtex.problems:
        key = f"{problem.key}: " if problem.key else ""
        tree.note(problem.file, f"{key}{problem.message}", problem.line)
    macros = {name: value for value, name in bibtex.macro_names.items()}
    papers = []
    for entry in bibtex.entries:
        source = entry.source
        fields = {f.name: f.verbatim for f in reversed(source.fields)}
        papers.append(
            OldPaper(
                entry_type=entry.entry_type,
                key=entry.key,
                fields=dict(reversed(fields.items())),
                file=source.file,
                line=source.line,
            )
        )
    return papers, macros


def make_paper(values: Mapping[str, Any], key: str, file: str, line: int = 1) -> OldPaper:
    """Return the paper that a record of another form describes.

    :param values: ``title``, ``authors``, ``date`` and ``venue``; ``kind`` as CSL
        names it, ``doi``, ``arxiv``, ``abstract``, and fields of links
    """
    authors = [_creator(name) for name in texts_of_names(values.get("authors"))]
    parts = [int(part) for part in date_of(str(values.get("date") or "")).split("-") if part]
    year = re.match(r"\d{4}", str(values.get("date") or ""))
    doi = parse_doi(text_of(values, "doi")) or ""
    arxiv = parse_arxiv(text_of(values, "arxiv")) or parse_arxiv(doi) or ""
    venue = text_of(values, "venue")
    kind = text_of(values, "kind") or ("article-journal" if venue else "")
    item = {
        "type": kind,
        "title": text_of(values, "title"),
        "author": authors,
        "container-title": venue,
        "publisher": venue,
        "issued": {"date-parts": [parts or ([int(year[0])] if year else [])]},
        "abstract": text_of(values, "abstract"),
        "DOI": doi,
    }
    (entry,) = _parse(to_bibtex(item, doi))
    fields = dict(entry.fields)
    if entry.entry_type == "misc" and venue and not arxiv:
        fields["howpublished"] = _braced(venue)
    fields |= {"eprint": f"{{{arxiv}}}", "archiveprefix": "{arXiv}"} if arxiv else {}
    for name, value in values.items():
        if name in LINK_FIELDS or name.startswith("url_") or name in _OWN:
            fields[name] = _braced(str(value))
    fields = {name: value for name, value in fields.items() if content(value)}
    return replace(entry, key=key, fields=fields, file=file, line=line)


_OWN = {"preview", "selected", "award", "note", "abbr", "keywords", "shortjournal"}


def _parse(text: str) -> list[OldPaper]:
    bibtex = BibtexText()
    bibtex.add_file(text, "")
    return [
        OldPaper(
            entry_type=e.entry_type,
            key=e.key,
            fields={f.name: f.verbatim for f in e.source.fields},
            file="",
        )
        for e in bibtex.entries
    ]


def texts_of_names(value: object) -> list[str]:
    """Return a list of names; in one text, semicolons, "and" or commas divide them."""
    if isinstance(value, str):
        joined = re.sub(r"\s*(?:;|\band\b|&)\s*", ";", value)
        return [n for n in re.split(";" if ";" in joined else ",", joined) if n.strip()]
    return texts_of(value)


def _creator(name: str) -> dict[str, str]:
    creator = parse_creator(name, lambda _message: None)
    if creator is None or not creator.given:
        return {"literal": name}
    particle = creator.particle or ""
    return {"family": creator.family, "given": creator.given, "non-dropping-particle": particle}


def _braced(text: str) -> str:
    text = " ".join(text.split())
    return f"{{{text if is_balanced(text) else text.replace('{', '').replace('}', '')}}}"


def link_field(name: str, label: str = "") -> str:
    """Return the field for a button that another system calls *name*."""
    bare = re.sub(r"\W+", "_", (name or label).lower()).strip("_")
    bare = bare.removeprefix("url_")
    if bare in LINK_FIELDS:
        return bare
    known = _LINKS.get(bare.replace("_", ""))
    return known or f"url_{bare or 'link'}"


def tidy(paper: OldPaper) -> OldPaper:
    """Return a paper without what is private, with remarks on names where they belong."""
    fields: dict[str, str] = {}
    for name, value in paper.fields.items():
        known = known_field(name)
        private = _PRIVATE.fullmatch(name) or (known and not known.published)
        new = link_field(name) if name in _BUTTONS else FOREIGN.get(name, name)
        if private or not new or content(value) == "":
            continue
        fields.setdefault(new, value)
    note = content(paper.fields.get("annotation", "")) or ""
    for name in _AUTHORS:
        names = content(fields.get(name, ""))
        if names and f"{name}+an" not in fields:
            bare, remarks = _take_marks(names, note)
            if remarks:
                fields[name] = f"{{{bare}}}"
                fields[f"{name}+an"] = f"{{{remarks}}}"
    return replace(paper, fields=fields)


def _take_marks(names: str, note: str) -> tuple[str, str]:
    """Return a list of names without marks, and what the marks say, by position."""
    bare: list[str] = []
    marks: dict[str, list[int]] = {}
    for position, name in enumerate(split_names(" ".join(names.split())), start=1):
        found = "".join(part or "" for parts in _MARKS.findall(name) for part in parts)
        for mark, pattern in _EACH_MARK.items():
            if re.search(pattern, found):
                marks.setdefault(mark, []).append(position)
        bare.append(_MARKS.sub("", name).strip())
    remarks = []
    for mark, positions in marks.items():
        alone = mark == "*" or "*" not in marks
        shared = alone and (len(positions) > 1 or _SHARED.search(note))
        word = "equal" if shared and mark != "✉" else "corresponding"
        remarks += [(position, word) for position in positions]
    return " and ".join(bare), "; ".join(f"{p}={w}" for p, w in sorted(remarks))


def merge(papers: Iterable[OldPaper], tree: Tree) -> list[OldPaper]:
    """Return each paper once, with what each of its records knows, and a key of its own.

    Records are of one paper if they have a DOI, an arXiv identifier, or a title and
    a year in common.
    """
    merged: list[OldPaper] = []
    places: dict[str, int] = {}
    keys: dict[str, int] = {}
    for paper in papers:
        identities = list(_identities(paper))
        known = next((places[i] for i in identities if i in places), None)
        if known is not None:
            first = merged[known]
            merged[known] = replace(
                first,
                fields={**paper.fields, **first.fields},
                topics=tuple(dict.fromkeys(first.topics + paper.topics)),
                addresses=first.addresses + paper.addresses,
                folder=first.folder or paper.folder,
            )
            if first.file == paper.file:
                tree.note(paper.file, f"{paper.key}: the paper of {first.key}", paper.line)
        else:
            known = len(merged)
            key = _free_key(paper, keys)
            keys[key.lower()] = known
            merged.append(replace(paper, key=key))
        places |= dict.fromkeys(identities, known)
    return merged


def _identities(paper: OldPaper) -> Iterator[str]:
    texts = {name: content(value) or "" for name, value in paper.fields.items()}
    doi = parse_doi(texts.get("doi", ""))
    if doi:
        yield f"doi {doi.lower()}"
    arxiv = parse_arxiv(texts.get("eprint", "")) or parse_arxiv(texts.get("arxiv", ""))
    if arxiv:
        yield f"arxiv {arxiv.partition('v')[0]}"
    title = letters(decode_plain(texts.get("title", "")))
    if title:
        year = texts.get("year") or texts.get("date", "")[:4]
        yield f"title {title} {year} {paper.entry_type in {'proceedings', 'thesis'}}"


def _free_key(paper: OldPaper, taken: Mapping[str, object]) -> str:
    key = re.sub(r"[\s,{}()\"'#%~\\=]+", "-", paper.key).strip("-")
    if key and key.lower() not in taken and is_key(key):
        return key
    text = render_entry(paper.entry_type, "record", paper.fields.items())
    publications = read_library([("", text)]).publications
    made = make_key(publications[0], taken) if publications else None
    base = made or key or "paper"
    numbered = (f"{base}-{number}" for number in range(2, len(taken) + 3))
    return next(k for k in (base, *numbered) if k.lower() not in taken)


def bibliography(papers: Iterable[OldPaper], macros: Mapping[str, str]) -> str:
    """Return the text of the bibliography."""
    lines = [f'@string{{{name} = "{value}"}}\n' for name, value in macros.items()]
    entries = [render_entry(p.entry_type, p.key, p.fields.items()) for p in papers]
    return "".join(lines) + "\n" + "\n\n".join(entries) + "\n"


def label_of(mapping: Mapping[str, Any]) -> tuple[str, str]:
    """Return the field and the address of a button, as any of the systems has it."""
    name = text_of(mapping, "type", "name", "text", "icon")
    return link_field(name), text_of(mapping, "link", "url", "href")


def buttons(value: object) -> dict[str, str]:
    """Return the fields for a list of buttons."""
    pairs = map(label_of, mappings_of(value))
    return {name: address for name, address in pairs if address}
