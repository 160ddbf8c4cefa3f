"""Read data files: terms and their courses, and groups with which the lab writes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from labsite.model.problems import Problem, Rule
from labsite.model.records import Person, Role
from labsite.model.sources import PageSource
from labsite.pages.front_matter import Fields
from labsite.pages.profiles import read_link
from labsite.pages.yaml_lines import read_data

#: In the order of the calendar year in which a term begins.
SEASONS = ("spring", "summer", "fall", "winter")
LEVELS = ("undergraduate", "graduate")
SEASON_WORDS = {"autumn": "fall"}
_TERM = re.compile(rf"([12]\d{{3}})-({'|'.join((*SEASONS, *SEASON_WORDS))})", re.ASCII)
_TERMS = "the year and the season: 2026-spring, 2026-summer, 2026-fall or 2026-winter"
_TERM_EXAMPLE = "term: 2026-spring"
_COURSE_EXAMPLE = "name: Computer Architecture"
_GROUP_FIELDS = ("name", "institution", "url", "members")
_TRANSLATED = re.compile(r"(?:name|institution)_[a-z]{2,3}")
_GROUP_EXAMPLE = "name: Example Lab"


class Course(NamedTuple):
    """One course in one term."""

    name: str
    level: str  #: "undergraduate" or "graduate"
    code: str | None = None


class Term(NamedTuple):
    """The courses of one term."""

    year: int
    season: str  #: "spring", "summer", "fall" or "winter"
    courses: tuple[Course, ...] = ()


def read_teaching(path: Path, file: str) -> tuple[tuple[Term, ...], list[Problem]]:
    """Return the terms in a YAML file, newest first, and problems.

    :param file: the file name in problems
    """
    document = read_data(path, file)
    terms: dict[tuple[int, int], Term] = {}
    for fields in Fields(document, {"": document.value}).mappings("", _TERM_EXAMPLE):
        fields.check_keys(("term", "courses"))
        courses = tuple(_read_courses(fields))
        text = fields.required("term", f"write '- {_TERM_EXAMPLE}' before 'courses:'")
        found = _TERM.fullmatch((text or "").lower())
        if text and not found:
            message = f"'{text}' is not a term; write {_TERMS}"
            fields.report(Rule.BAD_DATE, message, "term")
        if not found:
            continue
        if not fields.values.get("courses"):
            remedy = f"write 'courses:' and below it '- {_COURSE_EXAMPLE}'"
            fields.report_missing("courses", remedy)
        year, season = int(found[1]), SEASON_WORDS.get(found[2], found[2])
        term = Term(year=year, season=season, courses=courses)
        if terms.setdefault((year, SEASONS.index(season)), term) is not term:
            message = f"{year}-{season} is above already; join the two"
            fields.report(Rule.DUPLICATE_FIELD, message, "term")
    return tuple(terms[key] for key in sorted(terms, reverse=True)), document.problems


def _read_courses(term: Fields) -> Iterator[Course]:
    for fields in term.mappings("courses", _COURSE_EXAMPLE):
        fields.check_keys(("name", "level", "code"))
        name = fields.required("name", f"write '- {_COURSE_EXAMPLE}'")
        fields.required("level", f"write 'level:' and one of {', '.join(LEVELS)}")
        level = fields.choice("level", LEVELS)
        if name and level:
            yield Course(name=name, level=level, code=fields.text("code"))


@dataclass(frozen=True, kw_only=True)
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
    name = fields.required("name", f"write '- {_GROUP_EXAMPLE}'")
    links = [*read_link(fields, "url", "", fields.text("url"))]
    members = enumerate(fields.texts("members"))
    people = tuple(_member(fields, index, member) for index, member in members)
    if not people:
        remedy = "write 'members: [Jane Roe]', with names as on papers"
        fields.report_missing("members", remedy)
    elif name:
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
