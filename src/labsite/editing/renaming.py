"""Change a citation key in all files of a site that name it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from labsite.bibtex.fields import FIELDS, Datatype
from labsite.bibtex.parser import BibtexText
from labsite.bibtex.writer import content, render_entry
from labsite.checks.pages import original_digest
from labsite.editing.insertion import merge_fields
from labsite.editing.source import Edit, SourceText

if TYPE_CHECKING:
    from collections.abc import Mapping

    from labsite.bibtex.parser import Entry
    from labsite.model.sources import FieldSource

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
    for entry in BibtexText().add_file(source.text, file):
        if entry.key == old:
            text = _renamed_entry(entry, old, new)
            edits.append(Edit(entry.start, entry.end, source.native(text)))
        else:
            edits += [
                Edit(*entry.span(f), _swap(f.verbatim, old, new))
                for f in entry.source.fields
                if _names(f, old)
            ]
    return source.apply(edits)


def _renamed_entry(entry: Entry, old: str, new: str) -> str:
    fields = entry.written
    known = dict(fields)
    earlier = content(known.get("ids", "{}")) or ""
    ids = [key for key in re.split(r"\s*,\s*", earlier) if key not in {"", new}]
    changed = [("ids", f"{{{', '.join([*ids, old])}}}")]
    preview = content(known.get("preview", "{}")) or ""
    if preview.rpartition(".")[0].rpartition("/")[2] == old:
        changed.append(("preview", f"{{{_swap(preview, old, new)}}}"))
    return render_entry(entry.entry_type, new, merge_fields(fields, changed))


def _names(field: FieldSource, key: str) -> bool:
    return field.name in _KEY_FIELDS and bool(_token(key).search(field.verbatim))


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
            changed[name] = source.mark + source.native(text).encode()
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
