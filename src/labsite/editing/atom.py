"""An answer of the arXiv API, an Atom feed of one entry, to BibTeX."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from labsite.bibtex.writer import render_entry
from labsite.editing.corrections import MONTHS
from labsite.model.dates import parse_date
from labsite.model.files import decode_text
from labsite.model.records import Creator
from labsite.text.latex_encoding import delimit, encode, encode_creator
from labsite.text.names import parse_creator
from labsite.text.values import parse_doi

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_SPACES = {
    "atom": "http://www.w3.org/2005/Atom",
    "arxiv": "http://arxiv.org/schemas/atom",
}
_DECLARATION = re.compile(r"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_TITLE_OF_ERRORS = "Error"


class NoRecordError(ValueError):
    """The answer holds no record of the paper."""


def to_bibtex(data: bytes, identifier: str) -> str:
    """Return the paper in the feed as a BibTeX entry.

    :param identifier: what was asked for, bare
    :raises NoRecordError: if the feed has no such paper, or is none
    """
    entry = _entry(data, identifier)
    published = parse_date(_text(entry, "atom:published")[: len("2026-02-14")])
    values = {
        "author": " and ".join(filter(None, map(_name, entry.iterfind(
            "atom:author", _SPACES)))),
        "title": encode(_text(entry, "atom:title")),
        "year": str(published.year) if published else "",
        "month": MONTHS[published.month - 1] if published else "",
        "doi": parse_doi(_text(entry, "arxiv:doi")) or "",
        "eprint": identifier,
        "archiveprefix": "arXiv",
        "abstract": encode(_text(entry, "atom:summary")),
    }  # fmt: skip
    fields = [(name, delimit(value)) for name, value in values.items() if value]
    return render_entry("misc", "record", fields)


def _entry(data: bytes, identifier: str) -> Element:
    text = decode_text(data, "")[0]
    if _DECLARATION.search(text):
        msg = "arXiv's answer declares entities, as no feed does; try again later"
        raise NoRecordError(msg)
    try:
        # What could expand without bound has been refused above.
        feed = ET.fromstring(text)  # noqa: S314
    except ET.ParseError as error:
        msg = "arXiv's answer is not a feed; try again later, or paste BibTeX"
        raise NoRecordError(msg) from error
    entry = feed.find("atom:entry", _SPACES)
    # For an identifier it does not know the API gives no entry, or one called "Error".
    title = "" if entry is None else _text(entry, "atom:title")
    if entry is None or title in {"", _TITLE_OF_ERRORS}:
        msg = f"arXiv has no paper {identifier}; look at the identifier again"
        raise NoRecordError(msg)
    return entry


def _text(entry: Element, path: str) -> str:
    return " ".join((entry.findtext(path, "", _SPACES) or "").split())


def _name(author: Element) -> str:
    name = _text(author, "atom:name")
    creator = parse_creator(name, lambda _: None) if name else None
    return encode_creator(creator or Creator(family=name)) if name else ""
