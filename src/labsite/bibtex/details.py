"""The typed parts of a publication that exports are made from."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from labsite.bibtex.fields import FIELDS, Datatype
from labsite.model.rich_text import RichText, Span
from labsite.text.languages import language_tag
from labsite.text.latex import decode_plain
from labsite.text.names import split_names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from labsite.bibtex.inheritance import EntryFields

_LISTS = {Datatype.LITERAL_LIST, Datatype.KEY_LIST}
_TEXTS = {Datatype.LITERAL, Datatype.KEY, Datatype.INTEGER, *_LISTS}
#: A title -> what stands behind it: the subtitle after a colon, and the addition.
_PARTS = {
    "title": ("subtitle", "titleaddon"),
    "booktitle": ("booksubtitle", "booktitleaddon"),
    "maintitle": ("mainsubtitle", "maintitleaddon"),
    "journal": ("journalsubtitle", "journaltitleaddon"),
    "issuetitle": ("issuesubtitle", "issuetitleaddon"),
    "eventtitle": ("", "eventtitleaddon"),
}
_WHOLE = {part: title for title, parts in _PARTS.items() for part in parts if part}
_LIST_ENDS = re.compile(r"\s*[,;]\s*")
_PREFIX = re.compile(r"^pp?\.\s*", re.IGNORECASE)
_RANGE = re.compile(r"\s*(?:-{2,}|[\u2012-\u2015\u2212])\s*")
#: A single hyphen may belong to a page's own number, as in "A-12".
_HYPHENATED = re.compile(
    r"([A-Za-z]{0,2}\d[\w:.]*)\s*[-\u2010\u2011]\s*([A-Za-z]{0,2}\d[\w:.]*)"
)


def read_title(entry: EntryFields, name: str = "title") -> RichText | None:
    """Return a title with its subtitle and its addition."""
    title = entry.rich(name)
    if title is None:
        return entry.rich("titleaddon") if name == "title" else None
    for part, mark in zip(_PARTS[name], (":", "."), strict=True):
        behind = entry.rich(part)
        if behind:
            between = " " if str(title)[-1] in "!?.,:;" else f"{mark} "
            title = RichText((*title.spans, Span(between), *behind.spans))
    return title


def read_texts(entry: EntryFields) -> Iterator[tuple[str, str]]:
    """Yield name and plain Unicode of each field that is text, titles whole."""
    for name, value in entry.fields.items():
        known = FIELDS.get(name)
        if known is None or known.datatype not in _TEXTS or not known.is_read:
            continue
        if name in _PARTS:
            text = str(read_title(entry, name) or "")
        elif known.datatype in _LISTS and entry.for_biblatex:
            text = "; ".join(filter(None, map(decode_plain, split_names(value))))
        else:
            text = decode_plain(value)
        if text and name not in _WHOLE:
            yield name, text


def read_pages(entry: EntryFields) -> tuple[tuple[str, ...], ...]:
    """Return the first and the last page of each range; one alone if it is none."""
    text = _PREFIX.sub("", entry.plain("pages") or "")
    return tuple(filter(None, map(_read_range, _LIST_ENDS.split(text))))


def _read_range(text: str) -> tuple[str, ...]:
    hyphenated = _HYPHENATED.fullmatch(text)
    ends = hyphenated.groups() if hyphenated else _RANGE.split(text, maxsplit=1)
    return tuple(filter(None, ends))


def read_language(entry: EntryFields) -> str | None:
    """Return the tag of the first language that the entry names."""
    names = (entry.plain("langid"), *split_names(entry.plain("language") or ""))
    return next(filter(None, (language_tag(name) for name in names if name)), None)
