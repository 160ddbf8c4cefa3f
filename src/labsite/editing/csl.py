"""Convert items of CSL-JSON to BibTeX.

Crossref's answers differ from the schema: they have types such as
"proceedings-article", lists of one title, subtitles, and JATS in abstracts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape
from typing import Any

from labsite.bibtex.fields import FIELDS, NEEDED, TEXTS, Datatype
from labsite.bibtex.writer import render_entry
from labsite.exports.forms import FORMS, KEYS
from labsite.model.dates import MONTHS, parse_month
from labsite.model.records import Creator
from labsite.text.html import strip_markup
from labsite.text.latex_encoding import delimit, encode, encode_creators
from labsite.text.names import parse_creator
from labsite.text.values import parse_doi

_TYPES = {word: form.types.split() for form in FORMS.values()
          for word in (form.csl, form.ris.casefold())}  # fmt: skip
#: Further names of types in Crossref, RIS and EndNote.
_WORDS = {
    "journal-article": "jour", "journal article": "jour", "mgzn": "jour",
    "article-magazine": "jour", "article-newspaper": "jour", "news": "jour",
    "proceedings-article": "conf", "conference paper": "conf", "cpaper": "conf",
    "conference proceedings": "conf", "book-chapter": "chap", "book section": "chap",
    "monograph": "book", "edited-book": "book", "dissertation": "thesis",
    "computer program": "comp",
}  # fmt: skip
#: Variable of CSL -> the field for it, if that does not depend on the type.
_TEXTS = {
    f.csl: f.name for f in FIELDS.values() if f.csl and f.datatype in TEXTS
    and f.name not in {"booktitle", "number", "issue", "publisher", "note"}
}  # fmt: skip
_PEOPLE = {f.csl: f.name for f in FIELDS.values()
           if f.csl and f.datatype is Datatype.NAMES}  # fmt: skip
#: A formula that MathML repeats; up to the next start tag, for linear time.
_TEX_MATH = re.compile(r"(?s)<(jats:|)tex-math\b(?:(?!<\1tex-math).)*?</\1tex-math>")


def to_bibtex(item: Mapping[str, Any], key: str = "record") -> str:
    """Return the item as a BibTeX entry."""
    word, genre = text_at(item, "type").casefold(), text_at(item, "genre").casefold()
    types = _TYPES.get(_WORDS.get(word, word)) or ["misc"]
    genre = "master's thesis" if "master" in genre else genre
    named = [t for t in types if genre and KEYS.get(t, t).casefold() == genre]
    entry_type = [*named, *types][0]
    doi = parse_doi(text_at(item, "DOI"))
    eprint = text_at(item, "eprint")
    year, month, *_ = [*find_date(item), 0, 0]
    texts = {name: text_at(item, variable) for variable, name in _TEXTS.items()}
    texts |= _find_whole(item, entry_type)
    texts |= {"title": find_title(item), "pages": text_at(item, "page")}
    if named:  # the type of the entry says it
        texts["type"] = ""
    values = {
        **{
            name: encode_creators(find_creators(item, v)) for v, name in _PEOPLE.items()
        },
        **{name: _latex(text) for name, text in texts.items()},
        "year": str(year or ""),
        "month": MONTHS[month - 1] if 0 < month <= len(MONTHS) else "",
        "doi": doi or "",
        "url": "" if doi else re.sub(r"[{}\s\\]", "", text_at(item, "URL")),
        "eprint": eprint,
        "archiveprefix": "arXiv" if eprint else "",
    }
    fields = [(name, delimit(value)) for name, value in values.items() if value]
    return render_entry(entry_type, key, fields)


def _find_whole(item: Mapping[str, Any], entry_type: str) -> dict[str, str]:
    """Return the fields about publisher, journal, book and series of an item."""
    needed = [names[0] for names in NEEDED.get(entry_type, ())]
    publishers = {"school", "institution", "publisher"}
    publisher = next((n for n in needed if n in publishers), "publisher")
    container = next((n for n in needed if n in {"journal", "booktitle"}), "series")
    # Crossref names the series above the book.
    titles = [*filter(None, map(text_at, list_at(item, "container-title")))]
    series, issue = text_at(item, "collection-title"), text_at(item, "issue")
    number = text_at(item, "number")
    if series and not titles:  # EndNote has the proceedings as a series
        titles, series = [series], ""
    if container == "journal":
        titles, places = titles[:1], {"number": issue, "eid": number}
    else:
        places = {"number": text_at(item, "collection-number") or number or issue}
    return {
        "series": series or "".join(titles[:-1][-1:]),
        publisher: text_at(item, "publisher"),
        container: "".join(titles[-1:]) or series,
        **places,
    }


def at(value: object, *path: str | int) -> Any:  # noqa: ANN401 -- JSON of any shape
    """Return the value at a path of keys and indexes, or ``None``."""
    for step in path:
        if isinstance(value, dict) and isinstance(step, str):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int) and len(value) > step:
            value = value[step]
        else:
            return None
    return value


def text_at(value: object, *path: str | int) -> str:
    """Return the text at a path, or the first text of a list there, or ""."""
    found = at(value, *path)
    if isinstance(found, list):
        return next((text_at(each) for each in found if each), "")
    return " ".join(str(found).split()) if isinstance(found, str | int) else ""


def list_at(value: object, *path: str | int) -> list[Any]:
    """Return the list at a path; a single value counts as a list."""
    found = at(value, *path)
    if isinstance(found, list):
        return found
    return [] if found is None else [found]


def find_title(item: Mapping[str, Any]) -> str:
    """Return the title with its subtitle."""
    title, subtitle = text_at(item, "title"), text_at(item, "subtitle")
    if not subtitle or subtitle.casefold() in title.casefold():
        return title
    return f"{title.rstrip(':. ')}: {subtitle}"


def find_date(item: Mapping[str, Any]) -> list[int]:
    """Return the year and the month of the item, as far as they are known."""
    names = ("published-print", "issued", "published", "published-online")
    dated = (list_at(item, name, "date-parts", 0) for name in names)
    texts = ["-".join(map(str, parts)) for parts in dated]
    texts += [text_at(item, "issued", "raw"), text_at(item, "issued")]
    return next(filter(None, map(read_date, texts)), [])


def read_date(*texts: str) -> list[int]:
    """Return the year and the month of "2024/03/05", "2024 Mar 5" and the like."""
    text = " ".join(texts)
    year, month = (re.search(p, text) for p in (r"\d{4}", r"\d{4}[/-](\d\d?)\b"))
    known, *_ = [int(month[1])] if month else parse_month(text) or [0]
    return [*([int(year[0])] if year else []), *([known] if known else [])]


def _latex(text: str) -> str:
    """Convert text with HTML to LaTeX."""
    if "<mml:math" in text:
        text = _TEX_MATH.sub("", text)
    # Some deposits escape twice: "&amp;lt;i&amp;gt;".
    return strip_markup(encode(unescape(unescape(text))))


def find_creators(item: Mapping[str, Any], role: str = "author") -> tuple[Creator, ...]:
    """Return the people of an item; a name may also be a plain text."""
    return tuple(filter(None, map(_read_name, list_at(item, role))))


def _read_name(person: object) -> Creator | None:
    body = text_at(person, "literal") or text_at(person, "name")
    family, given = text_at(person, "family"), text_at(person, "given")
    particle = text_at(person, "non-dropping-particle")
    if isinstance(person, str):
        return parse_creator(person)
    if not (family or given or body):
        return None
    return Creator(
        family=family or body or given,
        given=(given or None) if family else None,
        particle=particle or text_at(person, "dropping-particle") or None,
        suffix=text_at(person, "suffix") or None,
        literal=bool(body) and not family,
    )
