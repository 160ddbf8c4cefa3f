"""Correct mechanical mistakes in the files of a bibliography."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, starmap
from typing import TYPE_CHECKING

from labsite.bibtex.parser import BibtexText
from labsite.bibtex.reader import read_library
from labsite.bibtex.writer import (
    comment_start,
    render_entry,
)
from labsite.checks.text import find_remark
from labsite.editing.corrections import correct_field
from labsite.editing.insertion import put_in_order
from labsite.editing.source import Change, Edit, SourceText
from labsite.model.problems import Rule
from labsite.site.venues import Venues

if TYPE_CHECKING:
    from collections.abc import Sequence

    from labsite.bibtex.parser import Entry
    from labsite.editing.corrections import Meaning
    from labsite.model.records import Library


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixed(Change):
    """The result for one file; notes give the reasons for what was not corrected."""

    changes: tuple[str, ...]  #: each ``file:line: key: what``, lines as before


def fix_files(files: Sequence[tuple[str, bytes]]) -> list[Fixed]:
    """Correct the files of one bibliography.

    An entry that cannot be read stays as it is, and then no entry is moved.

    :param files: name and content of each, in the order of reading
    :raises LabsiteError: if one of them cannot be edited
    """
    bibtex = BibtexText()
    corrected = [_correct_file(file, data, bibtex) for file, data in files]
    library = read_library([(f.file, SourceText(f.after).text) for f in corrected])
    return [_put_in_order(each, library) for each in corrected]


def _put_in_order(fixed: Fixed, library: Library) -> Fixed:
    after = put_in_order(fixed.after, fixed.file, library)
    if isinstance(after, str):
        note = f"{fixed.file}: the order was left alone: {after}"
        return replace(fixed, notes=(*fixed.notes, note))
    if after == fixed.after:
        return fixed
    moved = f"{fixed.file}: the entries stand in another order, newest first"
    return replace(fixed, after=after, changes=(*fixed.changes, moved))


def _correct_file(file: str, data: bytes, bibtex: BibtexText) -> Fixed:
    """Correct the entries of a file, which may use the macros of earlier files."""
    hoisted = _hoist_definitions(data, file)
    source = SourceText(hoisted)
    known = len(bibtex.problems)
    placed = bibtex.add_file(source.text, file)
    unread = sum(p.rule is Rule.SYNTAX for p in bibtex.problems[known:])
    meaning = _venue_macros(file, bibtex)
    edits, changes = [], []
    for entry in placed:
        if corrected := _correct_entry(source, entry, meaning):
            edits.append(corrected[0])
            place = f"{file}:{entry.source.line}: {entry.key}"
            changes += [f"{place}: {change}" for change in corrected[1]]
    moved = [f"{file}: definitions of macros stand above the entries"]
    errors = "1 syntax error" if unread == 1 else f"{unread} syntax errors"
    note = f"{file}: {errors}, left alone; 'labsite check' says where"
    return Fixed(
        file=file,
        before=data,
        after=source.apply(edits),
        changes=(*(moved if hoisted != data else []), *changes),
        notes=(note,) if unread else (),
    )


def _venue_macros(file: str, bibtex: BibtexText) -> Meaning:
    """Return a function that finds the macro of a venue for an entry."""
    venues = Venues.of(bibtex.macro_names.items())

    def find(text: str, position: int) -> str | None:
        # A remark in a venue's name, such as an award, must not be lost.
        meant = None if not text or find_remark(text) else venues.meaning(text)
        defined = meant and bibtex.is_defined(meant.macro, file, position)
        return meant.macro if meant and defined else None

    return find


def _hoist_definitions(data: bytes, file: str) -> bytes:
    """Move the macros above the entries, if one is used above its definition."""
    source, bibtex = SourceText(data, file), BibtexText()
    text = source.text
    placed = bibtex.add_file(text, file)
    late = [
        d for d in bibtex.definitions.values() if placed and d.start > placed[0].start
    ]
    if not (_undefined(bibtex) and late):
        return data
    top = comment_start(text, placed[0].start)
    spans = [(d.start, d.end + (text[d.end : d.end + 1] == "\n")) for d in late]
    moved = "".join(text[start:end].rstrip("\n") + "\n" for start, end in spans)
    edits = [Edit(start, end, "") for start, end in spans]
    after = source.apply([Edit(top, top, source.native(f"{moved}\n")), *edits])
    reread = BibtexText()
    reread.add_file(SourceText(after).text, file)
    better = _undefined(reread) < _undefined(bibtex)
    return after if better and len(reread.entries) == len(placed) else data


def _undefined(bibtex: BibtexText) -> int:
    return sum(p.rule is Rule.UNDEFINED_MACRO for p in bibtex.problems)


def _correct_entry(
    source: SourceText, entry: Entry, meaning: Meaning
) -> tuple[Edit, list[str]] | None:
    """Return the edit of an entry, corrected and laid out, and its changes in words."""
    old = entry.written
    names = {name for name, _ in old}
    here = partial(meaning, position=entry.start)
    new = [correct_field(field, names, here) for field in old]
    text = render_entry(entry.entry_type, entry.key, chain.from_iterable(new))
    if text == entry.source.text:
        return None
    changes = [*filter(None, starmap(_say, zip(old, new, strict=True)))]
    if render_entry(entry.entry_type, entry.key, old) != entry.source.text:
        changes = ["; ".join(["laid out", *changes])]
    return source.edit(entry.start, entry.end, text), changes


def _say(was: tuple[str, str], now: list[tuple[str, str]]) -> str:
    """Describe the change of a field; "" if there is none."""
    if now == [was]:
        return ""
    names = "".join(f"{name} = " for name, _ in now[:1] if name != was[0])
    return f"{was[0]}: {_brief(was[1])} is now {names}{_brief(now[0][1])}"


def _brief(value: str, limit: int = 60) -> str:
    folded = " ".join(value.split())
    return folded if len(folded) <= limit else f"{folded[: limit - 1]}…"
