"""Dates of which parts may be unknown, and every notation of them that is read.

The notations are EDTF, levels 0 and 1, as biblatex has it (its manual, 2.3.8), and
BibTeX's years and months. A function returns ``None`` for what it cannot read; saying
so to the author is the caller's task.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from itertools import takewhile

#: BibTeX's macros of the months -> their values.
MONTH_MACROS = {
    "jan": "January", "feb": "February", "mar": "March", "apr": "April", "may": "May",
    "jun": "June", "jul": "July", "aug": "August", "sep": "September",
    "oct": "October", "nov": "November", "dec": "December",
}  # fmt: skip
_MONTHS = tuple(MONTH_MACROS)
#: What messages ask for.
MONTHS_TO_WRITE = "jan, feb and so on, or a number from 1 to 12"
_DATE = re.compile(r"([12]\d{3})(?:-(\d\d?)(?:-(\d\d?))?)?", re.ASCII)
_POINT = re.compile(
    r"(\d{4}|\d{3}[Xu]|\d\d(?:XX|uu))"
    r"(?:-(\d\d|XX|uu)(?:-(\d\d|XX|uu)(?:[T ]\d\d:\d\d(?::\d\d)?\S*)?)?)?([?~%]{0,2})",
    re.ASCII,
)
_BEFORE_CHRIST = re.compile(r"-\d{4}(?:-\d\d){0,2}[?~%]?")
_UNSPECIFIED = re.compile("[Xu]")
_SEASONS = range(21, 25)  # of EDTF: spring, summer, autumn, winter
#: BibTeX prints no year but sorts by what it ends in, and so styles hide text there.
_HIDDEN = re.compile(r"\\[A-Za-z]+\s*\{[^{}]*\}")
_LAST_NUMBER = re.compile(r"(?<!\d)(\d{4})[\W_]*\Z", re.ASCII)
_YEARS = re.compile(
    r"(?<!\d)(\d{4})(?:\s*(?:[-/\u2013]+|to)\s*(\d{4}))?(?!\d)", re.ASCII
)
_YEAR_DIGITS = 4  # a longer number is neither a day nor a month, nor a year beside it
_MONTH_NUMBERS = range(1, 13)
_DAYS = range(1, 32)


@dataclass(frozen=True, slots=True, order=True)
class PartialDate:
    """A date of which the day, the month or even the year may be unknown.

    An unknown part sorts below every known one, so that in a list of newest first
    "2026" stands after "January 2026". This is the one place that rule is made.
    """

    year: int = 0  #: 0 if unknown
    month: int = 0  #: 1 to 12, or 0 if unknown
    day: int = 0  #: 1 to 31, or 0 if unknown

    def __bool__(self) -> bool:
        """Tell whether at least the year is known."""
        return self.year > 0

    @property
    def parts(self) -> tuple[int, ...]:
        """The known parts from the year down: CSL's ``date-parts``."""
        known = (self.year, self.month, self.day if self.month else 0)
        return tuple(part for part in known if part)

    def isoformat(self) -> str:
        """Return ISO 8601 with as many parts as are known, e.g. ``2026-02``."""
        return "-".join(f"{part:02}" for part in self.parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class DateSpan:
    """A date as biblatex has it: a point in time or a range, with its doubts."""

    start: PartialDate = PartialDate()  #: unknown if the range has no beginning
    end: PartialDate | None = None  #: unknown if the range is open, None if none
    season: int = 0  #: of the start: 1 for spring to 4 for winter, 0 for none
    circa: bool = False  #: about then ("~"), uncertain ("?"), or both ("%")


def is_date(year: int, month: int | None = None, day: int | None = None) -> bool:
    """Tell whether the calendar has such a year, month or day."""
    try:
        date(year, 1 if month is None else month, 1 if day is None else day)
    except ValueError:
        return False
    return True


def parse_date(text: str) -> PartialDate | None:
    """Return the date that *text* is: YYYY, YYYY-MM or YYYY-MM-DD, if there is such."""
    match = _DATE.fullmatch(text.strip())
    known = [int(part) for part in match.groups() if part] if match else [0]
    return PartialDate(*known) if is_date(*known) else None


def parse_edtf(text: str) -> DateSpan | None:
    """Return the date of biblatex's ``date`` field."""
    parts = text.strip().split("/")
    if len(parts) == 1:
        return _parse_point(parts[0])
    ends = [_parse_end(part.strip()) for part in parts]
    if len(ends) != 2 or None in ends or not any(end and end.start for end in ends):  # noqa: PLR2004 -- ends
        return None
    start, end = (end or DateSpan() for end in ends)
    circa = start.circa or end.circa
    return replace(start, end=end.end or end.start, circa=circa)


def _parse_end(text: str) -> DateSpan | None:
    return DateSpan() if text in {"", "..", "open", "unknown"} else _parse_point(text)


def _parse_point(text: str) -> DateSpan | None:
    if _BEFORE_CHRIST.fullmatch(text):
        return DateSpan()  # a date, though of no year that a list has
    match = _POINT.fullmatch(text)
    if not match:
        return None
    year, *parts, marks = match.groups("")
    first, last = (int(_UNSPECIFIED.sub(digit, year)) for digit in "09")
    known = [int(part) for part in takewhile(str.isdigit, parts)]
    season = known[0] - 20 if known[:1] and known[0] in _SEASONS else 0
    if season:
        known = []
    if not is_date(first, *known):
        return None
    end = PartialDate(last) if last > first else None
    start = PartialDate(first, *known)
    return DateSpan(start=start, end=end, season=season, circa=bool(marks))


def parse_year(text: str) -> int | None:
    """Return the year of a ``year`` field.

    Its "last four nonpunctuation characters" are numerals, as in "(about 1984)"
    (btxdoc, 3.2).
    """
    last = _LAST_NUMBER.search(_HIDDEN.sub("", text))
    return (int(last[1]) or None) if last else None


def find_years(text: str) -> DateSpan | None:
    """Return the first year in *text*, or the range of years that begins with it."""
    found = _YEARS.search(_HIDDEN.sub("", text))
    if not found or not int(found[1]):
        return None
    end = PartialDate(int(found[2])) if found[2] else None
    return DateSpan(start=PartialDate(int(found[1])), end=end)


def parse_month(text: str) -> tuple[int, int] | None:
    """Return month and day (0 if none) of a ``month`` field.

    Understands the macros' values ("March"), abbreviations, numbers, a day after the
    month or before it ("March~5", "5 March") and takes the first of a range.
    """
    words = re.findall(r"[A-Za-z]+|\d+", text)
    named = (
        _MONTHS.index(w[:3].lower()) + 1 for w in words if w[:3].lower() in _MONTHS
    )
    month = next(named, 0)
    numbers = (int(w) for w in words if w.isdecimal() and len(w) <= _YEAR_DIGITS)
    number = next(numbers, 0)
    if month:
        return month, number if number in _DAYS else 0
    return (number, 0) if len(words) == 1 and number in _MONTH_NUMBERS else None
