"""A preprint to the paper it has become, or a paper to one with another version."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from labsite.bibtex.parser import BibtexText
from labsite.bibtex.writer import content, render_entry
from labsite.editing.duplicates import Known, gains
from labsite.editing.importing import make_entry
from labsite.editing.insertion import insert_entries, merge_fields, put_in_order
from labsite.editing.source import Change, Edit, SourceText
from labsite.model.problems import LabsiteError
from labsite.site.identity import is_published_later

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import TypeAlias

    from labsite.editing.house_style import HouseStyle
    from labsite.editing.importing import NewEntry
    from labsite.model.records import Publication

    Fields: TypeAlias = Sequence[tuple[str, str]]

#: What a preprint's entry says of where and when, and its paper's says otherwise.
_OF_PLACE = {
    "booktitle", "journal", "journaltitle", "howpublished", "publisher", "institution",
    "organization", "volume", "number", "pages", "eid", "year", "month", "date", "doi",
    "type", "note", "pubstate", "entrysubtype",
}  # fmt: skip


def publish(
    key: str,
    record: Publication,
    house: HouseStyle,
    files: Sequence[tuple[str, bytes]],
) -> Change:
    """Let the entry with *key* say what *record* says of the paper.

    A preprint becomes the published paper and keeps its key, its links and its number
    at arXiv. An entry of the same paper gets what it lacks. Any other paper gets an
    entry of its own, which the old one names as another version.

    :raises LabsiteError: if there is no such entry, or nothing to change, or if the new
        entry cannot be read back
    """
    old = _find_entry(key, house)
    new = make_entry(record, house, old.topics, old.key)
    known, read = Known.of(old), Known.of(record)
    file, notes, entry_type = old.source.file, new.notes, ""
    before = after = dict(files)[file]
    change: Callable[[Fields], Fields]
    if is_published_later(record, old):
        change = partial(_published, new=new, was=known, now=read)
        entry_type = new.entry_type
    elif read.is_same_paper(known):
        change = partial(merge_fields, new=gains(old, new))
    else:
        new = make_entry(record, house, old.topics)
        after = insert_entries(files, file, {new.key: new.text}).after
        change = partial(_related, key=new.key)
        said = (
            f"{new.key} is another version of {old.key}, which readers are to cite; "
            f"to have them cite {new.key}, move 'related' to its entry"
        )
        notes = (said, *new.notes)
    after = _rewrite(old, after, change, entry_type)
    return Change(file=file, before=before, after=after, notes=notes)


def _find_entry(key: str, house: HouseStyle) -> Publication:
    every = {p.key: p for p in house.library.every_version}
    found = every.get(key) or house.library.by_key.get(key)
    if found is None:
        msg = f"there is no entry '{key}'; write the key of the preprint's entry"
        raise LabsiteError(msg)
    return found


def add_fields(
    key: str, fields: Fields, house: HouseStyle, files: Sequence[tuple[str, bytes]]
) -> Change:
    """Add fields, which it does not have, to the entry with *key*."""
    old = _find_entry(key, house)
    file = old.source.file
    before = dict(files)[file]
    after = _rewrite(old, before, partial(merge_fields, new=fields))
    return Change(file=file, before=before, after=after)


def _published(old: Fields, new: NewEntry, was: Known, now: Known) -> Fields:
    """Return a preprint's fields as those of the paper it has become."""
    own = dict(new.fields)
    kept = [(name, value) for name, value in old if name not in _OF_PLACE]
    if was.families == now.families:
        own.pop("author", None)
    if was.title == now.title:
        own.pop("title", None)
    names = {*_OF_PLACE, "author", "title"} | (own.keys() - dict(old).keys())
    return merge_fields(kept, [field for field in own.items() if field[0] in names])


def _related(old: Fields, key: str) -> Fields:
    tied = content(dict(old).get("related", "{}")) or ""
    others = ", ".join(filter(None, (tied, key)))
    return merge_fields(old, [("related", f"{{{others}}}")])


def _rewrite(
    old: Publication,
    data: bytes,
    change: Callable[[Fields], Fields],
    entry_type: str = "",
) -> bytes:
    """Return a file with one entry changed, in its place if the file was in order."""
    file = old.source.file
    source = SourceText(data, file)
    placed = BibtexText().add_file(source.text, file)
    entry = next(each for each in placed if each.key == old.key)
    changed = change(entry.written)
    if changed == entry.written:
        msg = f"{old.key} ({file}:{old.source.line}) has all that; nothing was changed"
        raise LabsiteError(msg)
    text = render_entry(entry_type or entry.entry_type, entry.key, changed)
    after = source.apply([Edit(entry.start, entry.end, source.native(text))])
    ordered = put_in_order(after, file) if put_in_order(data, file) == data else ""
    return after if isinstance(ordered, str) else ordered
