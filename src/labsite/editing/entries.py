"""Change entries: publish a preprint, tie two versions, rename a key."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import replace
from typing import TypeAlias

from labsite.bibtex.fields import FIELDS, Datatype
from labsite.bibtex.parser import BibtexText
from labsite.bibtex.writer import content, render_entry
from labsite.editing.house_style import HouseStyle
from labsite.editing.identifiers import lacking, work_of
from labsite.editing.insertion import insert_entries, merge_fields, put_in_order
from labsite.editing.new_entry import NewEntry, make_entry
from labsite.editing.source import Change, Edit, SourceText
from labsite.model.digests import original_digest
from labsite.model.problems import LabsiteError, Rule
from labsite.model.records import Publication
from labsite.site.identity import Work, Works, is_published_later

Fields: TypeAlias = Sequence[tuple[str, str]]
Files: TypeAlias = Sequence[tuple[str, bytes]]
#: Fields about place and date, in which a preprint and its paper differ.
_OF_PLACE = {
    "booktitle", "journal", "journaltitle", "howpublished", "publisher", "institution",
    "organization", "volume", "number", "pages", "eid", "year", "month", "date", "doi",
    "type", "note", "pubstate", "entrysubtype",
}  # fmt: skip


def publish(
    old: Publication, record: Publication, house: HouseStyle, files: Files
) -> Change:
    """Update the entry *old* from a record of the same work.

    A preprint becomes the published paper and keeps its key, its links and its arXiv
    number. Another version gets an entry of its own, unless it has one, and the two are
    tied.

    :raises LabsiteError: if nothing would change, or the new entry cannot be read back
    """
    known, read = work_of(old), work_of(record)
    others = (p for p in house.library.every_version if p.key != old.key)
    same = Works(map(work_of, others)).find(read, paper=True)
    there = next((other.publication for _, other in same), None)
    if there and not is_published_later(record, there):
        return tie(old, there, files)
    if is_published_later(record, old):
        new = make_entry(record, house, old.topics, old.key)
        fields = _published(new, known, read)
        done = change_fields(old, files, fields, _OF_PLACE, new.entry_type)
    elif read.is_same_paper(known) or is_published_later(old, record):
        msg = f"{old.key} is of that paper already{lacking(known, read)}"
        raise LabsiteError(msg)
    else:
        new = make_entry(record, house, old.topics)
        file = old.source.file
        field = house.library.topics_field
        after, library = insert_entries(files, file, {new.key: new.text}, field)
        now = [(name, after if name == file else data) for name, data in files]
        entered = next(p for p in library.every_version if p.key == new.key)
        done = replace(tie(old, entered, now), before=dict(files)[file])
    notes = (*done.notes, *new.notes)
    if known.families != read.families:
        doubt = (
            "the authors differ; look whether the two are versions of one work, and "
            "'author+an' has the right positions"
        )
        notes = (doubt, *notes)
    return replace(done, notes=notes)


def tie(entry: Publication, other: Publication, files: Files) -> Change:
    """Name *other* as another version in *entry*, or the reverse if it is published.

    :raises LabsiteError: if the entries are tied already
    """
    cited, version = entry, other
    is_tied = any(version.key == entry.key for version in other.versions)
    if is_tied or is_published_later(other, entry):
        cited, version = other, entry
    tied = (cited.field("related") or "").replace(",", " ").split()
    keys = ", ".join(dict.fromkeys([*tied, version.key]))
    done = change_fields(cited, files, [("related", f"{{{keys}}}")])
    note = (
        f"readers are to cite {cited.key}, of which {version.key} is another version; "
        f"to have them cite {version.key}, move 'related' to its entry"
    )
    return replace(done, notes=(note,))


def find_entry(key: str, house: HouseStyle) -> Publication:
    """Return the entry with a key, perhaps an earlier one."""
    every = {p.key: p for p in house.library.every_version}
    found = every.get(key) or house.library.by_key.get(key)
    if found is None:
        msg = f"there is no entry '{key}'; write the key of an entry"
        raise LabsiteError(msg)
    for problem in house.library.problems:
        if (problem.rule, problem.key) == (Rule.DUPLICATE_KEY, found.key):
            msg = f"several entries have the key; first correct\n{problem}"
            raise LabsiteError(msg)
    return found


def _published(new: NewEntry, was: Work, now: Work) -> Fields:
    """Return the fields of the published paper that a preprint's entry gets."""
    own = dict(new.fields)
    if was.families == now.families:
        own.pop("author", None)
    if was.title == now.title:
        own.pop("title", None)
    known = {field.name for field in was.publication.source.fields}
    names = {*_OF_PLACE, "author", "title"} | (own.keys() - known)
    return [field for field in own.items() if field[0] in names]


def change_fields(
    entry: Publication,
    files: Files,
    new: Fields,
    without: Set[str] = frozenset(),
    entry_type: str = "",
) -> Change:
    """Return the file with one entry changed, and in order if it was in order.

    The entry gets the fields *new*, and loses others of the names *without*.

    :raises LabsiteError: if nothing would change
    """
    file, key = entry.source.file, entry.key
    before = dict(files)[file]
    source = SourceText(before, file)
    placed = BibtexText().add_file(source.text, file)
    old = next(each for each in placed if each.key == key)
    kept = (field for field in old.written if field[0] not in without)
    fields = merge_fields(kept, new)
    if fields == old.written:
        msg = f"{key} ({file}:{entry.source.line}) has all that; nothing was changed"
        raise LabsiteError(msg)
    text = render_entry(entry_type or old.entry_type, key, fields, old.comments)
    after = source.apply([Edit(old.start, old.end, text)])
    if put_in_order(before, file) == (before, ""):
        after, _ = put_in_order(after, file)
    return Change(file=file, before=before, after=after)


#: Fields whose value is keys of other entries.
_KEY_FIELDS = {name for name, known in FIELDS.items()
               if known.datatype is Datatype.ENTRY_KEYS} - {"ids"}  # fmt: skip
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n.*?^---[ \t]*$", re.DOTALL | re.MULTILINE)
#: Where a page names keys: in a role, an option of a directive and a link to a page.
_NAMING = re.compile(
    r"\{[\w:.+-]+\}`[^`]*`|^[ \t]*:(?:keys|without):.*$|\]\([^()\s]*\)|`[^`\s]*`",
    re.MULTILINE,
)
#: The digest of the page that a translation was made from.
_ORIGINAL = re.compile(r"(?<=^original: [\"'])[0-9a-f]+", re.MULTILINE)


def rename_in_bibliography(data: bytes, file: str, old: str, new: str) -> bytes:
    """Return a file of the bibliography in which the entry *old* is called *new*.

    The old key is kept in ``ids``, so that its address leads to the page; a preview
    that is called by the key gets the new name too.

    :raises LabsiteError: if the file cannot be edited
    """
    source = SourceText(data, file)
    edits = []
    is_picture = re.compile(rf"(?:previews/)?{re.escape(old)}\.[^./]+").fullmatch
    for entry in BibtexText().add_file(source.text, file):
        naming = [
            field
            for field in entry.source.fields
            if field.name in _KEY_FIELDS
            or (field.name == "preview" and is_picture(content(field.verbatim) or ""))
        ]
        if entry.key == old:
            fields = dict(entry.written)
            fields |= {f.name: _swap(f.verbatim, old, new) for f in naming}
            earlier = re.split(r"[\s,]+", content(fields.get("ids", "{}")) or "")
            ids = [*(key for key in earlier if key not in {"", new}), old]
            known = merge_fields(fields.items(), [("ids", f"{{{', '.join(ids)}}}")])
            text = render_entry(entry.entry_type, new, known, entry.comments)
            edits.append(Edit(entry.start, entry.end, text))
            continue
        for field in naming:
            for found in _token(old).finditer(field.verbatim):
                start = entry.start + field.value_at + found.start()
                edits.append(Edit(start, start + len(old), new))
    return source.apply(edits)


def rename_in_pages(pages: Mapping[str, bytes], old: str, new: str) -> dict[str, bytes]:
    """Return the pages and data files that change, which name *new* instead.

    A translation that was up to date stays so: see :func:`original_digest`.
    """
    texts = {name: SourceText(data, name) for name, data in pages.items()}
    renamed = {name: _rename_in_page(s.text, old, new) for name, s in texts.items()}
    digests = {
        original_digest(s.text): original_digest(renamed[name])
        for name, s in texts.items()
        if s.text != renamed[name]
    }
    changed = {}
    for name, source in texts.items():
        text = _ORIGINAL.sub(lambda m: digests.get(m[0], m[0]), renamed[name], count=1)
        if text != source.text:
            changed[name] = source.native(text)
    return changed


def _rename_in_page(text: str, old: str, new: str) -> str:
    """Replace a key only where a page names keys, and anywhere in its front matter."""
    front = _FRONT_MATTER.match(text)
    end = front.end() if front else 0
    body = _NAMING.sub(lambda found: _swap(found[0], old, new), text[end:])
    return _swap(text[:end], old, new) + body


def _swap(text: str, old: str, new: str) -> str:
    return _token(old).sub(lambda _: new, text)


def _token(key: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w:+-]){re.escape(key)}(?![\w:+-])")
