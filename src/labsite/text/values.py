"""The values of single fields: dates, identifiers, addresses, lists of tokens.

Every function takes the text of a field and returns its meaning, or ``None`` where it
has none that can be used; saying so to the author is the caller's task.
"""

from __future__ import annotations

import re
from datetime import date
from urllib.parse import unquote, urlsplit

from labsite.model.records import PartialDate

#: biblatex's names for fields that BibTeX named first (biblatex manual, 2.2.5).
FIELD_SYNONYMS = {
    "journaltitle": "journal",
    "location": "address",
    "eprinttype": "archiveprefix",
    "eprintclass": "primaryclass",
    "annote": "annotation",
}

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun",
           "jul", "aug", "sep", "oct", "nov", "dec")  # fmt: skip
#: What messages ask for.
MONTHS_TO_WRITE = "jan, feb and so on, or a number from 1 to 12"
_YEAR = re.compile(r"[12][0-9]{3}")
_ISO_DATE = re.compile(r"([12]\d{3})(?:-(\d\d)(?:-(\d\d))?)?(?:/.*|[T ].*)?")
#: The DOI Handbook, 2.2: a prefix "10." and a registrant, a slash, any suffix.
_DOI = re.compile(r"10\.\d{4,9}(?:\.\d+)*/\S+")
_DOI_ADDRESS = re.compile(
    r"(?:(?:https?://)?(?:dx\.|www\.)?doi\.org/|doi:\s*)", re.IGNORECASE
)
#: Both schemes of https://info.arxiv.org/help/arxiv_identifier.html.
_ARXIV = re.compile(
    r"(?:\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?:v\d+)?", re.ASCII
)
_ARXIV_VERSION = re.compile(r"v\d+$", re.ASCII)
_ARXIV_CLASS = re.compile(r"\s*\[[\w.-]+\]$")
_ARXIV_ADDRESS = re.compile(
    r"(?:(?:https?://)?(?:www\.|export\.)?arxiv\.org/(?:abs|pdf|html)/|abs/"
    r"|(?:https?://doi\.org/)?10\.48550/arxiv\.|arxiv:\s*)",
    re.IGNORECASE,
)
_YEAR_DIGITS = 4  # a longer number is neither a day nor a month, nor a year beside it
_MONTH_NUMBERS = range(1, 13)
_DAYS = range(1, 32)
#: What no address may hold: white space, controls, signs of direction, delimiters.
_FORBIDDEN = re.compile(
    r"[\x00-\x20\x7f-\xa0\\<>\"{}|^`\u2000-\u200f\u2028-\u202f\u2066-\u2069]"
)
_ESCAPED = re.compile(r"\{\\([_%&#~])\}|\\([_%&#~{}])")


def parse_year(text: str) -> int | None:
    """Return the year of a ``year`` field: four digits."""
    return int(text) if _YEAR.fullmatch(text.strip()) else None


def parse_month(text: str) -> tuple[int, int] | None:
    """Return month and day (0 if none) of a ``month`` field.

    Understands the macros' values ("March"), abbreviations, numbers, a day after the
    month or before it ("March~5", "5 March") and takes the first of a range.
    """
    words = re.findall(r"[A-Za-z]+|\d+", text)
    names = [
        _MONTHS.index(w[:3].lower()) + 1 for w in words if w[:3].lower() in _MONTHS
    ]
    numbers = [
        int(word) for word in words if word.isdecimal() and len(word) <= _YEAR_DIGITS
    ]
    if names:
        day = numbers[0] if numbers and numbers[0] in _DAYS else 0
        return names[0], day
    if len(words) == 1 and numbers and numbers[0] in _MONTH_NUMBERS:
        return numbers[0], 0
    return None


def parse_iso_date(text: str) -> PartialDate | None:
    """Return the date of biblatex's ``date`` field, the start of a range."""
    match = _ISO_DATE.fullmatch(text.strip())
    if not match:
        return None
    known = [int(part) for part in match.groups() if part]
    return PartialDate(*known) if is_date(*known) else None


def is_date(year: int, month: int | None = None, day: int | None = None) -> bool:
    """Tell whether the calendar has such a year, month or day."""
    try:
        date(year, 1 if month is None else month, 1 if day is None else day)
    except ValueError:
        return False
    return True


def parse_doi(text: str) -> str | None:
    """Return the bare DOI in *text*, which may be written as an address."""
    address = _DOI_ADDRESS.match(text.strip())
    bare = text.strip()[address.end() :] if address else text.strip()
    bare = unquote(bare) if address else bare
    bare = _unescape(bare).replace("\\", "")
    return bare if _DOI.fullmatch(bare) else None


def parse_arxiv(text: str) -> str | None:
    """Return the bare arXiv identifier in *text*, which may be an address."""
    bare = _ARXIV_CLASS.sub("", text.strip())
    address = _ARXIV_ADDRESS.match(bare)
    bare = bare[address.end() :].removesuffix(".pdf") if address else bare
    return bare if _ARXIV.fullmatch(bare) else None


def without_version(arxiv: str) -> str:
    """Return a bare arXiv identifier without the version of the preprint."""
    return _ARXIV_VERSION.sub("", arxiv)


def parse_address(text: str) -> str | None:
    """Return *text* as an address a page may link to.

    That is an absolute ``http`` or ``https`` address, or the path of a file below the
    site's root. Any other scheme (``javascript:``, ``data:``) is refused, and so is a
    path that leaves the site.
    """
    url = _unescape(text.strip())
    url = url.removeprefix("\\url{").removesuffix("}") if "\\url{" in url else url
    if _FORBIDDEN.search(url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.scheme.lower() in {"http", "https"}:
        return url if parts.hostname else None
    local = not parts.scheme and not parts.netloc and parts.path
    escapes = ".." in unquote(parts.path).split("/") or ":" in url
    return (
        url.lstrip("/") if local and not url.startswith("//") and not escapes else None
    )


def _unescape(text: str) -> str:
    """Undo LaTeX's escapes, in braces or not, as reference managers write them."""
    return _ESCAPED.sub(lambda match: match[1] or match[2], text)


def parse_tokens(text: str) -> tuple[str, ...]:
    """Return the tokens of a comma-separated field, in order, each once."""
    tokens = (token.strip() for token in re.split(r"[,;]", text))
    return tuple(dict.fromkeys(token for token in tokens if token))


def parse_flag(text: str) -> bool:
    """Return the truth of a field such as ``selected``."""
    return text.strip().lower() in {"true", "yes", "1"}
