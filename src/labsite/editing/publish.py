"""A preprint to the paper it has become, or a paper to one with another version."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from labsite.bibtex.parser import BibtexText
from labsite.bibtex.reader import read_library
from labsite.bibtex.writer import content, render_entry
from labsite.editing.duplicates import Known
from labsite.editing.importing import make_entry
from labsite.editing.insertion import insert_entries, merge_fields, order_edits
from labsite.editing.source import Edit, SourceText
from labsite.model.problems import LabsiteError
from labsite.site.identity import is_one_paper, is_published_later

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import TypeAlias

    from labsite.editing.house_style import HouseStyle
    from labsite.editing.importing import NewEntry
    from labsite.model.records import Publication

    _Fields: TypeAlias = list[tuple[str, str]]
    #: The new type, if it changes, and the fields.
    _Entry: TypeAlias = tuple[str | None, _Fields]

#: What a preprint's entry says of where and when, and its paper's says otherwise.
_OF_PLACE = {
    "booktitle", "journal", "journaltitle", "howpublished", "publisher", "institution",
    "organization", "volume", "number", "pages", "eid", "year", "month", "date", "doi",
    "type", "note", "pubstate", "entrysubtype",
}  # fmt: skip
#: What an entry may lack that another record of the same paper has.
_MISSING = ("volume", "number", "pages", "month", "doi", "eprint", "archiveprefix",
            "abstract")  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A file in which a paper has become another one, or has another version."""

    file: str
    before: bytes
    after: bytes
    key: str  #: of the entry that was changed
    notes: tuple[str, ...]


def publish(
    key: str,
    record: Publication,
    house: HouseStyle,
    files: Sequence[tuple[str, bytes]],
) -> Published:
    """Let the entry with *key* say what *record* says of the paper.

    A preprint becomes the published paper and keeps its key, its links and its number
    at arXiv. An entry of the same paper gets what it lacks. Any other paper gets an
    entry of its own, which the old one names as another version.

    :raises LabsiteError: if there is no such entry, or nothing to change
    :raises LabsiteError: if the new entry cannot be read back
    """
    every = {p.key: p for p in house.library.every_version}
    old = every.get(key) or house.library.by_key.get(key)
    if old is None:
        msg = f"there is no entry '{key}'; write the key of the preprint's entry"
        raise LabsiteError(msg)
    new = make_entry(record, house, old.topics, old.key)
    file = old.source.file
    before = dict(files)[file]
    known, read = Known.of(old), Known.of(_read(new, house))
    notes: tuple[str, ...] = ()
    if is_published_later(read.publication, old):
        after = _rewrite(before, old, partial(_published, new=new, was=known, now=read))
    elif _is_same(read, known):
        after = _rewrite(before, old, partial(_completed, new=new))
    else:
        new = make_entry(record, house, old.topics)
        with_new = insert_entries(files, file, {new.key: new.text}).after
        after = _rewrite(with_new, old, partial(_with_version, key=new.key))
        said = (
            f"{new.key} is another version of {old.key}, which readers are to cite; "
            f"to have them cite {new.key}, move 'related' to its entry"
        )
        notes = (said,)
    if after == before:
        msg = f"{old.key} ({file}:{old.source.line}) has all that; nothing was changed"
        raise LabsiteError(msg)
    return Published(
        file=file, before=before, after=_in_order(before, after, file), key=old.key,
        notes=(*notes, *new.notes),
    )  # fmt: skip


def add_fields(
    key: str,
    fields: Sequence[tuple[str, str]],
    house: HouseStyle,
    files: Sequence[tuple[str, bytes]],
) -> Published:
    """Add fields to the entry with *key*, where it does not have them."""
    old = house.library.by_key[key]
    file = old.source.file
    before = dict(files)[file]
    change = partial(_with_missing, missing=fields)
    after = _rewrite(before, old, change)
    return Published(file=file, before=before, after=after, key=key, notes=())


def _with_missing(old: _Fields, *, missing: Sequence[tuple[str, str]]) -> _Entry:
    known = dict(old)
    return None, merge_fields(old, [f for f in missing if f[0] not in known])


def _read(new: NewEntry, house: HouseStyle) -> Publication:
    texts = [("macros", house.macro_definitions), ("record", new.text)]
    return read_library(texts).publications[0]


def _is_same(new: Known, old: Known) -> bool:
    """Tell whether the two are one paper, or the one the other's preprint."""
    shared = [what for what, _value in new.identities & old.identities]
    surely = {"doi", "arxiv"} & set(shared)
    both = (new.publication, old.publication)
    return bool(surely) or is_one_paper(*both, "title")


def _published(old: _Fields, *, new: NewEntry, was: Known, now: Known) -> _Entry:
    """Return a preprint's entry as that of the paper it has become."""
    own = dict(new.fields)
    kept = [(name, value) for name, value in old if name not in _OF_PLACE]
    if was.families == now.families:
        own.pop("author", None)
    if was.title == now.title:
        own.pop("title", None)
    names = {*_OF_PLACE, "author", "title"} | (own.keys() - dict(old).keys())
    wanted = [(name, value) for name, value in own.items() if name in names]
    return new.entry_type, merge_fields(kept, wanted)


def _completed(old: _Fields, *, new: NewEntry) -> _Entry:
    # The preprint of a paper lends its number only.
    names = {"eprint", "archiveprefix"} if new.entry_type == "misc" else {*_MISSING}
    return _with_missing(old, missing=[f for f in new.fields if f[0] in names])


def _with_version(old: _Fields, *, key: str) -> _Entry:
    tied = content(dict(old).get("related", "{}")) or ""
    others = ", ".join(filter(None, (tied, key)))
    return None, merge_fields(old, [("related", f"{{{others}}}")])


def _rewrite(
    data: bytes, old: Publication, change: Callable[[_Fields], _Entry]
) -> bytes:
    """Return a file with one entry changed."""
    source = SourceText(data, old.source.file)
    placed = BibtexText().add_file(source.text, old.source.file)
    entry = next(each for each in placed if each.key == old.key)
    fields = entry.written
    entry_type, changed = change(fields)
    if changed == fields:
        return data
    text = render_entry(entry_type or entry.entry_type, entry.key, changed)
    return source.apply([Edit(entry.start, entry.end, source.native(text))])


def _in_order(before: bytes, after: bytes, file: str) -> bytes:
    """Return the file with the changed entry in its place, if it was in order."""
    edits: list[Edit] | str = []
    for data in (before, after):
        if edits:
            return after
        source = SourceText(data, file)
        placed = BibtexText().add_file(source.text, file)
        edits = order_edits(source, placed, read_library([(file, source.text)]))
    return after if isinstance(edits, str) else source.apply(edits)
