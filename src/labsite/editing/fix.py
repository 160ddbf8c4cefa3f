"""Correcting the files of a bibliography, and nothing in them that is not broken."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import partial
from itertools import chain, starmap
from typing import TYPE_CHECKING

from labsite.bibtex.macros import Macros
from labsite.bibtex.parser import BibtexText
from labsite.bibtex.reader import read_library
from labsite.bibtex.writer import (
    comment_start,
    render_entry,
    render_field,
)
from labsite.checks.titles import find_remark
from labsite.editing.corrections import correct_field
from labsite.editing.ordering import is_ordered, order_edits, ranks, why_not_orderable
from labsite.editing.source import Edit, SourceText
from labsite.model.problems import Rule
from labsite.site.venues import Venues

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from labsite.bibtex.parser import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixed:
    """What has become of one file."""

    file: str
    before: bytes
    after: bytes
    changes: tuple[str, ...]  #: each ``file:line: key: what``, lines as before
    notes: tuple[str, ...]  #: what was left alone, and why


class _VenueMacros:
    """What the macros of a file mean, in their own words and in a publisher's."""

    def __init__(self, text: str, names: Mapping[str, str]) -> None:
        self._macros = Macros(text, names)
        self._venues = Venues.of(names.items())

    def find(self, field: str, text: str, position: int) -> str | None:
        """Return the macro that an entry at *position* may use for a venue.

        Nothing may be lost that belongs elsewhere, as an award does.
        """
        exact = self._macros.meaning(text, position)
        if exact or not text or find_remark(text):
            return exact
        journal = field != "booktitle"
        meant = self._venues.meaning(text, journal=journal)
        usable = meant and self._macros.is_usable(meant.macro, position)
        return meant.macro if meant and usable else None


def fix_files(files: Sequence[tuple[str, bytes]]) -> list[Fixed]:
    """Mend the files of one bibliography.

    An entry that cannot be read is not touched, and while there is one no entry moves.

    :param files: name and content of each; macros serve later files
    :raises SourceError: if one of them cannot be edited
    """
    corrected = _correct_files(files)
    texts = [(f.file, SourceText(f.after).text) for f in corrected]
    library = read_library(texts)
    rank = ranks(library)
    fixed = []
    bibtex = BibtexText()
    for each in corrected:
        source = SourceText(each.after)
        placed = bibtex.add_file(source.text, each.file)
        if is_ordered(placed, rank):
            fixed.append(each)
            continue
        obstacle = why_not_orderable(source, placed, library)
        edits = [] if obstacle else order_edits(source, placed, rank)
        moved = f"{each.file}: the entries stand in another order, newest first"
        note = f"{each.file}: the order was left alone: {obstacle}"
        fixed.append(
            Fixed(
                file=each.file,
                before=each.before,
                after=source.apply(edits),
                changes=each.changes + (() if obstacle else (moved,)),
                notes=each.notes + ((note,) if obstacle else ()),
            )
        )
    return fixed


def _correct_files(files: Sequence[tuple[str, bytes]]) -> list[Fixed]:
    """Mend what stands within entries."""
    bibtex = BibtexText()
    fixed = []
    for file, data in files:
        source = SourceText(data, file)
        hoisted = _hoist_definitions(source, file)
        source = SourceText(hoisted)
        broken = len(bibtex.problems)
        placed = bibtex.add_file(source.text, file)
        unread = sum(p.rule is Rule.SYNTAX for p in bibtex.problems[broken:])
        macros = _VenueMacros(source.text, bibtex.macro_names)
        edits: list[Edit] = []
        changes: list[str] = []
        if hoisted != data:
            changes = [f"{file}: definitions of macros stand above the entries"]
        for entry in placed:
            new = list(_correct_entry(source, entry, macros))
            edits += [edit for edit, _ in new]
            changes += [f"{file}:{entry.source.line}: {entry.key}: {what}"
                        for _, what in new]  # fmt: skip
        fixed.append(
            Fixed(
                file=file,
                before=data,
                after=source.apply(edits),
                changes=tuple(changes),
                notes=_left_alone(file, unread),
            )
        )
    return fixed


def _hoist_definitions(source: SourceText, file: str) -> bytes:
    """Return a file with its macros above the entries, if one is used above its own."""
    bibtex = BibtexText()
    placed = bibtex.add_file(source.text, file)
    undefined = Counter(p.rule for p in bibtex.problems)[Rule.UNDEFINED_MACRO]
    text = source.text
    late = [
        d for d in bibtex.definitions.values() if placed and d.start > placed[0].start
    ]
    if not (undefined and late):
        return source.apply(())
    top = comment_start(text, placed[0].start)
    spans = [(d.start, d.end + (text[d.end : d.end + 1] == "\n")) for d in late]
    moved = "".join(text[start:end].rstrip("\n") + "\n" for start, end in spans)
    edits = [Edit(start, end, "") for start, end in spans]
    after = source.apply([Edit(top, top, source.native(f"{moved}\n")), *edits])
    reread = BibtexText()
    reread.add_file(SourceText(after).text, file)
    left = Counter(p.rule for p in reread.problems)[Rule.UNDEFINED_MACRO]
    same = len(reread.entries) == len(bibtex.entries)
    return after if left < undefined and same else source.apply(())


def _left_alone(file: str, unread: int) -> tuple[str, ...]:
    if not unread:
        return ()
    what = "1 syntax error" if unread == 1 else f"{unread} syntax errors"
    return (f"{file}: {what}, left alone; 'labsite check' says where",)


def _correct_entry(
    source: SourceText, entry: Entry, macros: _VenueMacros
) -> Iterator[tuple[Edit, str]]:
    """Yield each edit of an entry, with what it does in words.

    An entry that is not in the one layout is written anew; of any other only the
    values that change are.
    """
    old = entry.written
    names = {name for name, _ in old}
    meaning = partial(macros.find, position=entry.start)
    new = [correct_field(field, names, meaning) for field in old]
    said = [_say(was, now) for was, now in zip(old, new, strict=True)]
    if render_entry(entry.entry_type, entry.key, old) != entry.source.text:
        laid_out = render_entry(entry.entry_type, entry.key, chain.from_iterable(new))
        what = "; ".join(["laid out", *filter(None, said)])
        yield Edit(entry.start, entry.end, source.native(laid_out)), what
        return
    for field, now, what in zip(entry.source.fields, new, said, strict=True):
        start, end = entry.span(field)
        if what and [name for name, _ in now] == [field.name]:
            yield Edit(start, end, source.native(now[0][1])), what
        elif what:
            lines = ",\n  ".join(starmap(render_field, now))
            yield Edit(entry.start + field.name_at, end, source.native(lines)), what


def _say(was: tuple[str, str], now: list[tuple[str, str]]) -> str:
    """Return what has become of a field, in words; nothing if nothing has."""
    if now == [was]:
        return ""
    names = "".join(f"{name} = " for name, _ in now[:1] if name != was[0])
    return f"{was[0]}: {_brief(was[1])} is now {names}{_brief(now[0][1])}"


def _brief(value: str, limit: int = 60) -> str:
    folded = " ".join(value.split())
    return folded if len(folded) <= limit else f"{folded[: limit - 1]}…"
