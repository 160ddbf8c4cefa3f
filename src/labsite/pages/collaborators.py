"""Read a data file of the groups with which the lab writes papers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from labsite.model.problems import Problem, Rule
from labsite.model.records import Person, Role
from labsite.model.sources import PageSource
from labsite.pages.front_matter import Fields
from labsite.pages.profiles import read_link
from labsite.pages.yaml_lines import read_data

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_FIELDS = ("name", "institution", "url", "members")
_TRANSLATED = re.compile(r"(?:name|institution)_[a-z]{2,3}")
_EXAMPLE = "name: Example Lab"


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
    listed = Fields(document, {"": document.value}).mappings("", _EXAMPLE)
    groups = tuple(group for fields in listed for group in _read(fields, language))
    return groups, document.problems


def _read(fields: Fields, language: str) -> Iterator[Collaborator]:
    """Yield the group, if it has a name and members."""
    fields.check_keys((*_FIELDS, *filter(_TRANSLATED.fullmatch, fields.values)))
    name, url = fields.text("name"), fields.text("url")
    links = [*read_link(fields, "url", "", url)] if url else []
    members = enumerate(fields.texts("members"))
    people = tuple(_member(fields, index, member) for index, member in members)
    if not name:
        fields.report(Rule.MISSING_FIELD, f"no name; write '- {_EXAMPLE}'")
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
