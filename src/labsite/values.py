"""The values of single fields: dates, identifiers, addresses, lists of tokens.

Every function takes the text of a field and returns its meaning, or ``None`` where it
has none that can be used; saying so to the author is the caller's task.
"""

from __future__ import annotations

import re
from datetime import date
from urllib.parse import unquote, urlsplit

from labsite.records import PartialDate

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
_YEAR = re.compile(r"[12][0-9]{3}")
_ISO_DATE = re.compile(r"([12]\d{3})(?:-(\d\d)(?:-(\d\d))?)?(?:/.*|[T ].*)?")
#: The DOI Handbook, 2.2: a prefix "10." and a registrant, a slash, any suffix.
_DOI = re.compile(r"10\.\d{4,9}(?:\.\d+)*/\S+")
_DOI_ADDRESS = re.compile(
    r"(?:https?://(?:dx\.|www\.)?doi\.org/|doi:\s*)", re.IGNORECASE
)
#: Both schemes of https://info.arxiv.org/help/arxiv_identifier.html.
_ARXIV = re.compile(r"(?:\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?:v\d+)?")
_ARXIV_ADDRESS = re.compile(
    r"(?:https?://(?:www\.|export\.)?arxiv\.org/(?:abs|pdf)/|arxiv:\s*)", re.IGNORECASE
)
_MONTH_NUMBERS = range(1, 13)
_DAYS = range(1, 32)
_CONTROL = re.compile(r"[\x00-\x20\x7f\\<>\"{}|^`]")


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
    numbers = [int(word) for word in words if word.isdigit()]
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
    year, month, day = (int(part) if part else None for part in match.groups())
    try:
        date(year or 1, 1 if month is None else month, 1 if day is None else day)
    except ValueError:
        return None
    return PartialDate(year or 0, month or 0, day or 0)


def parse_doi(text: str) -> str | None:
    """Return the bare DOI in *text*, which may be written as an address."""
    address = _DOI_ADDRESS.match(text.strip())
    bare = text.strip()[address.end() :] if address else text.strip()
    bare = unquote(bare) if address else bare
    bare = bare.replace("\\_", "_").replace("\\", "")
    return bare if _DOI.fullmatch(bare) else None


def parse_arxiv(text: str) -> str | None:
    """Return the bare arXiv identifier in *text*, which may be an address."""
    bare = _ARXIV_ADDRESS.sub("", text.strip(), count=1).removesuffix(".pdf")
    return bare if _ARXIV.fullmatch(bare) else None


def parse_address(text: str) -> str | None:
    """Return *text* as an address a page may link to.

    That is an absolute ``http`` or ``https`` address, or the path of a file below the
    site's root. Any other scheme (``javascript:``, ``data:``) is refused, and so is a
    path that leaves the site.
    """
    url = re.sub(r"\\([_%&#~{}])", r"\1", text.strip())
    url = url.removeprefix("\\url{").removesuffix("}") if "\\url{" in url else url
    if _CONTROL.search(url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.scheme.lower() in {"http", "https"}:
        return url if parts.hostname else None
    local = not parts.scheme and not parts.netloc and parts.path
    escapes = ".." in parts.path.split("/") or ":" in url
    return (
        url.lstrip("/") if local and not url.startswith("//") and not escapes else None
    )


def parse_tokens(text: str) -> tuple[str, ...]:
    """Return the tokens of a comma-separated field, in order, each once."""
    tokens = (token.strip() for token in re.split(r"[,;]", text))
    return tuple(dict.fromkeys(token for token in tokens if token))


def parse_flag(text: str) -> bool:
    """Return the truth of a field such as ``selected``."""
    return text.strip().lower() in {"true", "yes", "1"}
