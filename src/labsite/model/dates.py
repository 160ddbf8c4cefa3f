"""Partial dates, and parsers of their notations.

The notations are EDTF as in biblatex (its manual, 2.3.8), levels 0 and 1 and the
divisions of a year of level 2, and BibTeX's years and months. A parser returns ``None``
for invalid text; the caller reports it.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from functools import cache, lru_cache
from itertools import takewhile
from typing import NamedTuple

#: BibTeX's macros for months -> their values.
MONTH_MACROS = {
    "jan": "January", "feb": "February", "mar": "March", "apr": "April", "may": "May",
    "jun": "June", "jul": "July", "aug": "August", "sep": "September",
    "oct": "October", "nov": "November", "dec": "December",
}  # fmt: skip
MONTHS = tuple(MONTH_MACROS)
#: Languages whose names, and whose names of months, files have; not Croatian, whose
#: October is the Polish November.
LANGUAGES = [
    "en", "de", "de_AT", "nl", "fr", "es", "it", "pt", "ca", "gl", "ro", "da", "sv",
    "nb", "nn", "is", "fi", "et", "lv", "lt", "pl", "cs", "sk", "sl", "sr_Latn", "hu",
    "tr", "el", "ru", "uk", "be", "bg", "eu", "ko", "ja", "zh",
]  # fmt: skip
_SHORTEST_NAME = 3  #: letters of an abbreviated month
MONTHS_TO_WRITE = "jan, feb and so on, or a number from 1 to 12"
_DATE = re.compile(r"([12]\d{3})(?:-(\d\d?)(?:-(\d\d?))?)?", re.ASCII)
_POINT = re.compile(
    r"(\d{4}|\d{3}[Xu]|\d\d(?:XX|uu))"
    r"(?:-(\d\d|XX|uu)(?:-(\d\d|XX|uu)(?:[T ]\d\d:\d\d(?::\d\d)?\S*)?)?)?([?~%]{0,2})",
    re.ASCII,
)
_BEFORE_CHRIST = re.compile(r"-\d{4}(?:-\d\d){0,2}[?~%]?")
_UNSPECIFIED = re.compile("[Xu]")
#: Divisions of a year in EDTF -> the season (of any place, of the northern and of the
#: southern hemisphere), 0 for quarters and so on.
_DIVISIONS = dict.fromkeys(range(33, 42), 0) | {
    n: (n - 1) % 4 + 1 for n in range(21, 33)
}
_SEASON_NAMES = {"spring": 1, "summer": 2, "autumn": 3, "fall": 3, "winter": 4}
_SEASON = re.compile(rf"\b(?:{'|'.join(_SEASON_NAMES)})\b")
#: A command in a year, with which authors change the sorting.
_HIDDEN = re.compile(r"\\[A-Za-z]+\s*\{[^{}]*\}")
_LAST_NUMBER = re.compile(r"(?<!\d)(\d{4})[\W_]*\Z", re.ASCII)
_DAY_FIRST = re.compile(r"^(\d\d?)\. ?(\d\d?)\. ?(\d{4})$")  #: 26.9.2020
#: A month, a day, or what is between them, beside a year.
_BESIDE = (
    r"(?:\b(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|"
    r"aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|of|"
    r"\d{1,2}(?:st|nd|rd|th)?)\b|[\s~.,/-]){0,12}"
)
_YEARS = re.compile(
    rf"{_BESIDE}(?<!\d)(\d{{4}})(?:\s*(?:[-/\u2013]+|to)\s*(\d{{4}}|\d\d(?![-/.]\d)))?"
    rf"(?!\d){_BESIDE}",
    re.ASCII | re.IGNORECASE,
)
#: Numbers, and words but the one for a month in Korean, Chinese and Japanese.
_WORDS = re.compile("[^\\W\\d_\uc6d4\u6708]+|\\d+")
_DAYS = range(1, 32)


class PartialDate(NamedTuple):
    """A date whose day, month or year can be unknown.

    An unknown part sorts below every known one: in a list with the newest first, "2026"
    comes after "January 2026".
    """

    year: int = 0  #: 0 if unknown
    month: int = 0  #: 1 to 12, or 0 if unknown
    day: int = 0  #: 1 to 31, or 0 if unknown

    def __bool__(self) -> bool:
        """Return whether the year is known."""
        return self.year > 0

    @property
    def parts(self) -> tuple[int, ...]:
        """The known parts, from the year on, as in CSL's ``date-parts``."""
        known = (self.year, self.month, self.day if self.month else 0)
        return tuple(part for part in known if part)

    def has_come(self, today: PartialDate) -> bool:
        """Return whether this day is not after *today*, by the known parts."""
        return self.parts <= today.parts[: len(self.parts)]

    def isoformat(self) -> str:
        """Return the known parts in ISO 8601, e.g. ``2026-02``."""
        return "-".join(f"{part:02}" for part in self.parts)


class DateSpan(NamedTuple):
    """A date of biblatex: a point in time or a range."""

    start: PartialDate = PartialDate()  #: unknown if the range has no beginning
    end: PartialDate | None = None  #: unknown if the range is open, None without range
    season: int = 0  #: of the start: 1 for spring to 4 for winter, 0 for none
    circa: bool = False  #: approximate ("~"), uncertain ("?"), or both ("%")


def is_date(year: int, month: int = 1, day: int = 1) -> bool:
    """Return whether a date exists in the calendar."""
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def parse_date(text: str) -> PartialDate | None:
    """Return the date in *text*: YYYY, YYYY-MM or YYYY-MM-DD."""
    match = _DATE.fullmatch(text.strip())
    known = [int(part) for part in match.groups() if part] if match else [0]
    return PartialDate(*known) if is_date(*known) else None


def parse_edtf(text: str) -> DateSpan | None:
    """Return the date in biblatex's ``date`` field."""
    start, slash, end = map(str.strip, text.partition("/"))
    if not slash:
        return _parse_point(start)
    first, last = _parse_end(start), _parse_end(end)
    if first is None or last is None or not re.search(r"\d", text):
        return None
    circa, final = first.circa or last.circa, last.end or last.start
    # Two seasons may be of one year.
    return first._replace(end=None if final == first.start else final, circa=circa)


def _parse_end(text: str) -> DateSpan | None:
    return DateSpan() if text in {"", "..", "open", "unknown"} else _parse_point(text)


def _parse_point(text: str) -> DateSpan | None:
    if _BEFORE_CHRIST.fullmatch(text):
        return DateSpan()  # valid, but not a year for lists
    match = _POINT.fullmatch(text)
    if not match:
        return None
    year, *parts, marks = match.groups("")
    first, last = (int(_UNSPECIFIED.sub(digit, year)) for digit in "09")
    known = [int(part) for part in takewhile(str.isdigit, parts)]
    season = _DIVISIONS.get(known[0]) if len(known) == 1 else None
    if season is not None:
        known = []
    if not is_date(first, *known):
        return None
    end = PartialDate(last) if last > first else None
    start = PartialDate(first, *known)
    return DateSpan(start=start, end=end, season=season or 0, circa=bool(marks))


def parse_year(text: str) -> int | None:
    """Return the year in a ``year`` field, such as "(about 1984)".

    Its "last four nonpunctuation characters" are numerals (btxdoc, 3.2).
    """
    last = _LAST_NUMBER.search(_HIDDEN.sub("", text))
    return (int(last[1]) or None) if last else None


def find_date(text: str) -> DateSpan | None:
    """Return the date, or the first year or range of years, in a text of any form."""
    text = _DAY_FIRST.sub(r"\3-\2-\1", _HIDDEN.sub("", text))
    date, found, season = parse_date(text), _YEARS.search(text), parse_season(text)
    if found and found[2] and not date:
        first, last = int(found[1]), int(found[1][: -len(found[2])] + found[2])
        last += 100 if found[2] == f"{first + 1}"[2:] == "00" else 0  # 1999/00
        if last > first:
            end = PartialDate(last)
            return DateSpan(start=PartialDate(first), end=end, season=season)
    if date := date or parse_date(re.sub("[./]", "-", text)):
        return DateSpan(start=date)
    if not found or not int(found[1]):
        return None
    known = [int(found[1]), *filter(None, parse_month(found[0]) or ())]
    start = PartialDate(*(known if is_date(*known) else known[:1]))
    return DateSpan(start=start, season=season)


def parse_season(text: str) -> int:
    """Return the number of a season that is named in *text*, 0 if none is."""
    found = _SEASON.search(text.lower())
    return _SEASON_NAMES[found[0]] if found else 0


def parse_month(text: str) -> tuple[int, int] | None:
    """Return the month and the day (0 if unknown) in a ``month`` field.

    That is a name ("March"), an abbreviation or a number, with a day after or before
    the name ("March~5", "5 March"), or a range, of which the first month is returned.
    """
    if parse_season(text):
        return None
    words = _WORDS.findall(text)
    month = next(filter(None, map(_month_named, words)), 0)
    number = next((int(w[:4]) for w in words if w.isdecimal()), 0)
    if month:
        return month, number if number in _DAYS else 0
    numbers = [int(word[:4]) if word.isdecimal() else 0 for word in words]
    return (number, 0) if numbers and set(numbers) <= {*range(1, 13)} else None


@lru_cache
def _month_named(word: str) -> int:
    """Return the month whose name is *word* or begins so, 0 if there is none.

    Accents may be missing, and a misspelt name may begin as an English one.
    """
    word = _without_accents(word)
    names = map(_month_names, LANGUAGES if len(word) >= _SHORTEST_NAME else ())
    months = (n for each in names for name, n in each if name.startswith(word))
    english = MONTHS.index(word[:3]) + 1 if word[:3] in MONTHS else 0
    return next(months, english)


def _without_accents(word: str) -> str:
    parts = unicodedata.normalize("NFKD", word.lower())
    return "".join(part for part in parts if not unicodedata.combining(part))


@cache
def _month_names(language: str) -> list[tuple[str, int]]:
    """Return the names and the usual abbreviations of the months, with the numbers."""
    if language == "en":
        return [(name.lower(), n) for n, name in enumerate(MONTH_MACROS.values(), 1)]
    from babel import Locale  # noqa: PLC0415 -- takes its time

    forms = Locale.parse(language).months.values()
    widths = [form[width] for form in forms for width in ("wide", "abbreviated")]
    return [(_without_accents(w[n]), n) for n in range(1, 13) for w in widths]
