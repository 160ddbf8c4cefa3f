"""An answer of the arXiv API, an Atom feed of one entry, as an item of CSL."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from labsite.editing.csl import read_name
from labsite.editing.fetching import FetchError, NotFoundError
from labsite.model.dates import parse_date
from labsite.model.files import decode_text

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_SPACES = {
    "atom": "http://www.w3.org/2005/Atom",
    "arxiv": "http://arxiv.org/schemas/atom",
}
_DECLARATION = re.compile(r"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_TITLE_OF_ERRORS = "Error"


def read_item(data: bytes, identifier: str) -> dict[str, Any]:
    """Return the paper in the feed as an item of CSL.

    Its "eprint" is the identifier, its "journal-ref" where the paper has appeared.

    :param identifier: what was asked for, bare
    :raises NotFoundError: if the feed has no such paper
    :raises FetchError: if it is none
    """
    entry = _entry(data, identifier)
    published = parse_date(_text(entry, "atom:published")[: len("2026-02-14")])
    authors = (_text(a, "atom:name") for a in entry.iterfind("atom:author", _SPACES))
    return {
        "type": "article",
        "author": [read_name(name) for name in authors if name],
        "title": _text(entry, "atom:title"),
        "issued": {"date-parts": [[*published.parts[:2]] if published else []]},
        "DOI": _text(entry, "arxiv:doi"),
        "eprint": identifier,
        "journal-ref": _text(entry, "arxiv:journal_ref"),
        "abstract": _text(entry, "atom:summary"),
    }


def _entry(data: bytes, identifier: str) -> Element:
    text = decode_text(data, "")[0]
    if _DECLARATION.search(text):
        msg = "arXiv's answer declares entities, as no feed does; try again later"
        raise FetchError(msg)
    try:
        # What could expand without bound has been refused above.
        feed = ET.fromstring(text)  # noqa: S314
    except ET.ParseError as error:
        msg = "arXiv's answer is not a feed; try again later, or paste BibTeX"
        raise FetchError(msg) from error
    entry = feed.find("atom:entry", _SPACES)
    # For an identifier it does not know the API gives no entry, or one called "Error".
    title = "" if entry is None else _text(entry, "atom:title")
    if entry is None or title in {"", _TITLE_OF_ERRORS}:
        msg = f"arXiv has no paper {identifier}; look at the identifier again"
        raise NotFoundError(msg)
    return entry


def _text(entry: Element, path: str) -> str:
    return " ".join((entry.findtext(path, "", _SPACES) or "").split())
