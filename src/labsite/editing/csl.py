"""A CSL-JSON item, as content negotiation gives it, to BibTeX.

Crossref's answers have traits of its own REST interface besides the schema's: types
such as "proceedings-article", lists of one title, subtitles and JATS in abstracts.
"""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

from labsite.bibtex.writer import render_entry
from labsite.editing.corrections import MONTHS
from labsite.model.records import Creator
from labsite.text.html import strip_markup
from labsite.text.latex_encoding import delimit, encode, encode_creator
from labsite.text.values import parse_doi

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

_TYPES = {
    "article-journal": "article",
    "journal-article": "article",
    "paper-conference": "inproceedings",
    "proceedings-article": "inproceedings",
    "chapter": "incollection",
    "book-chapter": "incollection",
    "book": "book",
    "monograph": "book",
    "edited-book": "book",
    "thesis": "phdthesis",
    "dissertation": "phdthesis",
    "report": "techreport",
}
_CONTAINERS = {"article": "journal", "inproceedings": "booktitle",
               "incollection": "booktitle"}  # fmt: skip
_PUBLISHERS = {"book": "publisher", "incollection": "publisher",
               "phdthesis": "school", "techreport": "institution"}  # fmt: skip
_YEAR = 4  #: digits
_PLAIN = {"volume": "volume", "issue": "number", "page": "pages"}
#: What none of these patterns reads beyond is the next beginning of its kind: with many
#: of them that do not end, the time would grow with the square.
_TEX_MATH = re.compile(
    r"<tex-math[^<>]*>(?:<!\[CDATA\[)?\s*\$?((?:(?!<tex-math).)*?)\$?\s*"
    r"(?:\]\]>)?</tex-math>",
    re.DOTALL,
)
#: JATS calls an abstract "Abstract" within it.
_HEADING = re.compile(
    r"\s*<(?:jats:)?title>[^<]*</(?:jats:)?title>\s*|^Abstract\b[:.]?\s*"
)
_MATHML = re.compile(r"<mml:math\b(?:(?!<mml:math\b).)*?</mml:math>", re.DOTALL)


def to_bibtex(item: Mapping[str, Any], doi: str) -> str:
    """Return the item as a BibTeX entry.

    :param doi: what was asked for; the item may spell it otherwise
    """
    entry_type = _TYPES.get(_text(item.get("type")), "misc")
    values = {
        "author": _names(item.get("author")) or _names(item.get("editor")),
        "title": _title(item),
        **_container(item, entry_type),
        **{ours: _latex(_text(item.get(n))) for n, ours in _PLAIN.items()},
        **_date(item),
        "doi": (own_doi := parse_doi(_text(item.get("DOI"))) or doi),
        "url": "" if own_doi else re.sub(r"[{}\s\\]", "", _text(item.get("URL"))),
        "abstract": _latex(_HEADING.sub("", _text(item.get("abstract")))),
    }
    fields = [(name, delimit(value)) for name, value in values.items() if value]
    return render_entry(entry_type, "record", fields)


def _text(value: object) -> str:
    """Return a string, or the first of a list of them."""
    if isinstance(value, list):
        return next((_text(item) for item in value if item), "")
    return " ".join(str(value).split()) if isinstance(value, str | int) else ""


def _latex(text: str) -> str:
    """Return text with HTML in it as LaTeX."""
    text = _MATHML.sub("", _TEX_MATH.sub(r"$\1$", text))
    # Some deposits escape twice: "&amp;lt;i&amp;gt;".
    return strip_markup(encode(unescape(unescape(text))))


def _title(item: Mapping[str, Any]) -> str:
    title, subtitle = _text(item.get("title")), _text(item.get("subtitle"))
    if subtitle and subtitle.casefold() not in title.casefold():
        title = f"{title.rstrip(':. ')}: {subtitle}"
    return _latex(title)


def _container(item: Mapping[str, Any], entry_type: str) -> dict[str, str]:
    found = {}
    name = _CONTAINERS.get(entry_type)
    if name:
        found[name] = _latex(_text(item.get("container-title")))
        found["series"] = _latex(_text(item.get("container-title-short")))
    publisher = _PUBLISHERS.get(entry_type)
    if publisher:
        found[publisher] = _latex(_text(item.get("publisher")))
    return found


def _names(people: object) -> str:
    names = _each_name(people) if isinstance(people, list) else iter(())
    return " and ".join(name for name in names if name)


def _each_name(people: list[object]) -> Iterator[str]:
    for person in people:
        if not isinstance(person, dict):
            continue
        body = _text(person.get("literal")) or _text(person.get("name"))
        family, given = _text(person.get("family")), _text(person.get("given"))
        particle = _text(person.get("non-dropping-particle"))
        particle = particle or _text(person.get("dropping-particle"))
        if family or given or body:
            yield encode_creator(
                Creator(
                    family=family or body or given,
                    given=(given or None) if family else None,
                    particle=particle or None,
                    suffix=_text(person.get("suffix")) or None,
                )
            )


def _date(item: Mapping[str, Any]) -> dict[str, str]:
    for name in ("published-print", "issued", "published", "published-online"):
        date = item.get(name)
        parts = date.get("date-parts") if isinstance(date, dict) else None
        if isinstance(parts, list) and parts and isinstance(parts[0], list):
            digits = (str(part) for part in parts[0])
            numbers = [int(d) for d in digits if d.isdecimal() and len(d) <= _YEAR]
            if numbers:
                month = numbers[1] if len(numbers) > 1 else 0
                known = {"month": MONTHS[month - 1]} if 0 < month <= len(MONTHS) else {}
                return {"year": str(numbers[0]), **known}
    return {}
