"""Correct mechanical mistakes in the files of a bibliography.

Correcting a second time changes nothing more.
"""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import replace
from itertools import chain
from unicodedata import normalize

from labsite.bibtex.fields import VERBATIM, Datatype, known_field
from labsite.bibtex.parser import BibtexText, Entry
from labsite.bibtex.reader import read_library
from labsite.bibtex.writer import comment_start, content, render_entry
from labsite.editing.identifiers import parse_identifier
from labsite.editing.insertion import put_in_order
from labsite.editing.source import Change, Edit, SourceText
from labsite.model.dates import MONTHS, parse_month
from labsite.model.problems import Rule
from labsite.text.html import correct_entities, html_to_latex
from labsite.text.latex_encoding import is_balanced
from labsite.text.values import parse_arxiv, parse_doi

#: Fields of paragraphs, which keep their line breaks.
_PROSE = {"abstract", "annotation", "annote", "note"}
#: Ligatures and invisible characters of text copied from a PDF.
_FROM_PDF: dict[int, str] = {
    **{code: normalize("NFKC", chr(code)) for code in range(0xFB00, 0xFB07)},
    **dict.fromkeys(map(ord, "\u00ad\u200b\ufeff"), ""),
}
#: HTML in names surrounds footnote marks, which are removed elsewhere.
_NAMES = {"author", "editor"}
_MOST_STEPS = 20
_PAGE = r"[A-Za-z]{0,2}\d[\d:.]*(?:(?<=\.)e\d+)?"  # Cell has "1015.e8"
_DASH = r"\s*[-\u2010-\u2015\u2212]+\s*"
_RANGE = re.compile(rf"(?:pp?\.\s*)?({_PAGE}){_DASH}({_PAGE})")
_HOSTS = re.compile(r"(?i)\s*(?:https?://(?:[\w-]+\.)?(?:doi|arxiv)\.org/|10\.\d)")
_ARXIV_FIELDS = {"eprint", "arxiv", "archiveprefix", "eprinttype"}


def fix_files(files: Sequence[tuple[str, bytes]]) -> list[Change]:
    """Correct the files of one bibliography; notes say what was left alone.

    An entry that cannot be read stays as it is, and then no entry is moved.

    :param files: name and content of each, in the order of reading
    :raises LabsiteError: if one of them cannot be edited
    """
    corrected = [_correct_file(file, data) for file, data in files]
    library = read_library([(f.file, SourceText(f.after).text) for f in corrected])
    ordered = []
    for each in corrected:
        after, reason = put_in_order(each.after, each.file, library)
        note = f"{each.file}: the order was left alone: {reason}"
        notes = (*each.notes, *[note] * bool(reason))
        ordered.append(replace(each, after=after, notes=notes))
    return ordered


def _correct_file(file: str, data: bytes) -> Change:
    source, bibtex = SourceText(_hoist_definitions(data, file)), BibtexText()
    placed = bibtex.add_file(source.text, file)
    read = {entry.key for entry in placed if not entry.cut_short}
    problems = [p for p in bibtex.problems if p.rule is Rule.SYNTAX]
    unread = sum(problem.key not in read for problem in problems)
    edits = (
        Edit(entry.start, entry.end, text)
        for entry in placed
        if (text := _correct_entry(entry)) != entry.source.text
    )
    note = f"{file}: syntax errors left alone: {unread}; 'labsite check' says where"
    notes = (note,) if unread else ()
    return Change(file=file, before=data, after=source.apply(edits), notes=notes)


def _hoist_definitions(data: bytes, file: str) -> bytes:
    """Return a file with its macros above the entries, which may use all of them."""
    source, bibtex, again = SourceText(data, file), BibtexText(), BibtexText()
    text, entries = source.text, bibtex.add_file(source.text, file)
    first = min((entry.start for entry in entries), default=len(text))
    late = [d for d in bibtex.definitions.values() if d.start > first]
    if not late:
        return data
    spans = [(d.start, d.end + (text[d.end : d.end + 1] == "\n")) for d in late]
    moved = "".join(text[start:end].rstrip("\n") + "\n" for start, end in spans)
    top = comment_start(text, first)
    removed = (Edit(start, end, "") for start, end in spans)
    after = source.apply([Edit(top, top, f"{moved}\n"), *removed])
    read = again.add_file(SourceText(after).text, file)
    worse = len(again.problems) > len(bibtex.problems) or len(read) < len(entries)
    return data if worse else after


def _correct_entry(entry: Entry) -> str:
    names = {name for name, _ in entry.written}
    new = (_correct_field(field, names) for field in entry.written)
    fields = chain.from_iterable(new)
    return render_entry(entry.entry_type, entry.key, fields, entry.comments)


def _correct_field(field: tuple[str, str], names: Set[str]) -> list[tuple[str, str]]:
    """Return a field corrected; the address of an identifier becomes that identifier.

    *names* are those of all fields of the entry.
    """
    name, value = field
    address = content(value) or ""
    is_named = name == "url" and _HOSTS.match(address)
    found = parse_identifier(address) if is_named else None
    if found and found.doi and "doi" not in names:
        return [("doi", f"{{{found.doi}}}")]
    if found and found.arxiv and names.isdisjoint(_ARXIV_FIELDS):
        return [("eprint", f"{{{found.arxiv}}}"), ("archiveprefix", "{arXiv}")]
    return [(name, _correct_value(name, value))]


def _correct_value(name: str, value: str) -> str:
    """Return the corrected value of a field, with its delimiters."""
    before = content(value)
    if name == "month":
        text = before or value
        month = parse_month(text) if len(re.findall(r"\w+", text)) == 1 else None
        return MONTHS[month[0] - 1] if month and not month[1] else value
    if before is None:
        return value
    after = correct_text(name, before)
    # A DOI may hide braces as "%7B".
    is_same = after == before or not is_balanced(after)
    return value if is_same else f"{{{after}}}"


def correct_text(name: str, text: str) -> str:
    """Return the corrected text of a field."""
    # Repeat until nothing changes, since one correction may enable another.
    corrected = text
    for _ in range(_MOST_STEPS):
        before, corrected = corrected, _correct_once(name, corrected)
        if corrected == before:
            return corrected
    return text  # not a typical mistake


def _correct_once(name: str, text: str) -> str:
    field = known_field(name)
    literal = field is not None and field.datatype in VERBATIM
    text = text.translate(_FROM_PDF)
    words = not literal and name not in _NAMES
    text = html_to_latex(text) if words else correct_entities(text, literal=literal)
    text = _correct_spaces(text, keep_lines=name in _PROSE)
    if field and field.datatype is Datatype.DOI:
        return parse_doi(text) or text
    if name in {"eprint", "arxiv"}:
        return parse_arxiv(text) or text
    return correct_pages(text) if name == "pages" else text


def _correct_spaces(text: str, *, keep_lines: bool) -> str:
    """Return *text* without needless spaces."""
    # A space between backslash and brace keeps the brace from being escaped.
    ending = " " if re.search(r"(?<!\\)(?:\\\\)*\\\s+\Z", text) else ""
    if not keep_lines:
        return " ".join(text.split()) + ending
    lines = text.strip().split("\n")
    folded = [re.sub(r"(?<=\S)[^\S\n]+(?=\S)", " ", line).rstrip() for line in lines]
    return "\n".join(folded) + ending


def correct_pages(text: str) -> str:
    """Return *text* with two hyphens in every range of pages.

    A hyphen next to anything but page numbers may be a part of a number.
    """
    parts = [_RANGE.fullmatch(part) for part in re.split(r"\s*,\s*", text)]
    if all(parts):
        return ", ".join(f"{part[1]}--{part[2]}" for part in parts if part)
    return text
