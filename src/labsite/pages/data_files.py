"""Read data files: terms and their courses, and groups with which the lab writes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from labsite.model.problems import Problem, Rule
from labsite.model.records import Person, Role
from labsite.model.sources import PageSource
from labsite.pages.front_matter import Fields, did_you_mean
from labsite.pages.profiles import read_link
from labsite.pages.yaml_lines import read_data

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: In the order of the calendar year in which a term begins.
SEASONS = ("spring", "summer", "fall", "winter")
LEVELS = ("undergraduate", "graduate")
SEASON_WORDS = {"autumn": "fall"}
_TERM = re.compile(r"([12]\d{3})-([a-z]+)", re.ASCII)
_TERM_FIELDS = ("term", "courses")
_TERM_EXAMPLE = "term: 2026-spring"
_COURSE_FIELDS = ("name", "level", "code")
_COURSE_EXAMPLE = "name: Computer Architecture"
_GROUP_FIELDS = ("name", "institution", "url", "members")
_TRANSLATED = re.compile(r"(?:name|institution)_[a-z]{2,3}")
_GROUP_EXAMPLE = "name: Example Lab"


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """One course in one term."""

    name: str
    level: str  #: "undergraduate" or "graduate"
    code: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """The courses of one term."""

    year: int
    season: str  #: "spring", "summer", "fall" or "winter"
    courses: tuple[Course, ...] = ()


def read_teaching(path: Path, file: str) -> tuple[tuple[Term, ...], list[Problem]]:
    """Return the terms in a YAML file, newest first, and problems.

    A file that does not exist has no terms.

    :param file: the file name in problems
    """
    if not path.exists():
        return (), []
    document = read_data(path, file)
    if document.value is None:
        return (), document.problems
    terms: dict[tuple[int, str], Term] = {}
    whole = Fields(document, {"": document.value})
    for fields in whole.mappings("", _TERM_EXAMPLE):
        term = _read_term(fields)
        if term and (term.year, term.season) in terms:
            message = f"{term.year}-{term.season} is above already; join the two"
            fields.report(Rule.DUPLICATE_FIELD, message, "term")
        elif term:
            terms[term.year, term.season] = term
    order = sorted(terms, key=lambda t: (t[0], SEASONS.index(t[1])), reverse=True)
    return tuple(map(terms.__getitem__, order)), document.problems


def _read_term(fields: Fields) -> Term | None:
    fields.check_keys(_TERM_FIELDS)
    courses = tuple(_read_courses(fields))
    text = fields.text("term")
    if text is None:
        message = f"no term; write '- {_TERM_EXAMPLE}' before 'courses:'"
        fields.report(Rule.MISSING_FIELD, message)
        return None
    match = _TERM.fullmatch(text.lower())
    year, season = match.groups() if match else ("", "")
    season = SEASON_WORDS.get(season, season)
    if season not in SEASONS:
        message = f"'{text}' is not a term; write the year and the season: 2026-spring"
        if match:
            message = f"there is no season '{season}'; {did_you_mean(season, SEASONS)}"
        fields.report(Rule.BAD_DATE, message, "term")
        return None
    if not courses:
        message = f"no courses; write 'courses:' and below it '- {_COURSE_EXAMPLE}'"
        fields.report(Rule.MISSING_FIELD, message)
    return Term(year=int(year), season=season, courses=courses)


def _read_courses(term: Fields) -> Iterator[Course]:
    for fields in term.mappings("courses", _COURSE_EXAMPLE):
        fields.check_keys(_COURSE_FIELDS)
        name = fields.text("name")
        level = (fields.text("level") or "").lower()
        if name is None:
            message = f"no name; write '- {_COURSE_EXAMPLE}'"
            fields.report(Rule.MISSING_FIELD, message)
        if not level:
            message = f"no level; write 'level:' and one of {', '.join(LEVELS)}"
            fields.report(Rule.MISSING_FIELD, message)
        elif level not in LEVELS:
            message = f"there is no level '{level}'; {did_you_mean(level, LEVELS)}"
            fields.report(Rule.BAD_VALUE, message, "level")
        elif name is not None:
            yield Course(name=name, level=level, code=fields.text("code"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Collaborator:
    """A group outside the lab."""

    name: str
    institution: str | None = None
    url: str | None = None
    members: tuple[Person, ...]  #: authors of papers of the lab, the head first


def read_collaborators(
    path: Path, file: str, language: str
) -> tuple[tuple[Collaborator, ...], list[Problem]]:
    """Return the groups in a YAML file, and problems.

    :param file: the file name in problems
    :param language: the preferred language of names, such as ``name_ko``
    """
    document = read_data(path, file)
    listed = Fields(document, {"": document.value}).mappings("", _GROUP_EXAMPLE)
    groups = (group for fields in listed for group in _read_group(fields, language))
    return tuple(groups), document.problems


def _read_group(fields: Fields, language: str) -> Iterator[Collaborator]:
    """Yield the group, if it has a name and members."""
    fields.check_keys((*_GROUP_FIELDS, *filter(_TRANSLATED.fullmatch, fields.values)))
    name, url = fields.text("name"), fields.text("url")
    links = [*read_link(fields, "url", "", url)] if url else []
    members = enumerate(fields.texts("members"))
    people = tuple(_member(fields, index, member) for index, member in members)
    if not name:
        fields.report(Rule.MISSING_FIELD, f"no name; write '- {_GROUP_EXAMPLE}'")
    elif not people:
        message = "no members; write 'members: [Jane Roe]', with names as on papers"
        fields.report(Rule.MISSING_FIELD, message)
    else:
        place = fields.text(f"institution_{language}") or fields.text("institution")
        yield Collaborator(
            name=fields.text(f"name_{language}") or name,
            institution=place,
            url=links[0].url if links else None,
            members=people,
        )


def _member(fields: Fields, index: int, name: str) -> Person:
    lines = (("name", fields.line(f"members.{index}")),)
    source = PageSource(file=fields.document.file, lines=lines)
    return Person(slug=name, name=name, role=Role.VISITOR, docname="", source=source)
