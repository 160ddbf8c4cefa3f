"""Dates: years that can be, and one date for one paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labsite.bibtex.reporting import problem
from labsite.model.dates import parse_date, parse_month, parse_year
from labsite.model.problems import Rule, quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from labsite.model.dates import PartialDate
    from labsite.model.problems import Problem
    from labsite.model.records import Publication

_LAB = 1900
_AHEAD = 3  #: years; a paper is accepted two years before its issue at the most


def check_dates(
    publication: Publication, today: PartialDate, *, own: bool
) -> Iterator[Problem]:
    """Ask for a year that a paper can be of, and the same in every field.

    :param own: whether it is a paper of the site's people, not anybody's book
    """
    year = publication.issued.year
    earliest = _LAB if own else 1
    if year and not earliest <= year <= today.year + _AHEAD:
        name = "date" if publication.field("date") else "year"
        message = f"{name}: no paper can be of {year}; correct it"
        yield problem(publication, Rule.IMPOSSIBLE_YEAR, message, name, str(year))
    yield from _check_agreement(publication)


def _check_agreement(publication: Publication) -> Iterator[Problem]:
    text, date = publication.field("date"), None
    if text:
        date = parse_date(text)
    if not date:
        return
    year = publication.field("year")
    if year and parse_year(year) not in {None, date.year}:
        message = f"year: {quote(year)} is not the year in 'date'; remove one of them"
        yield problem(publication, Rule.CONFLICTING_DATE, message, "year")
    month = parse_month(publication.field("month") or "")
    if month and date.month and month[0] != date.month:
        message = "month: this is not the month in 'date'; remove one of them"
        yield problem(publication, Rule.CONFLICTING_DATE, message, "month")
