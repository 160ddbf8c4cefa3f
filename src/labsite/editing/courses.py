"""Add courses to the file of courses."""

from __future__ import annotations

import re
from textwrap import indent
from typing import TYPE_CHECKING, Any

import yaml

from labsite.model.problems import LabsiteError
from labsite.pages.data_files import SEASON_WORDS, SEASONS

if TYPE_CHECKING:
    from collections.abc import Mapping

_TERM = re.compile(r"^-[ \t]+term:[ \t]*['\"]?([12]\d{3})-([a-z]+)", re.MULTILINE)
_ITEM = re.compile(r"^[ ]+(?=- )", re.MULTILINE)


class _Dumper(yaml.SafeDumper):
    """Writes texts that look like dates without quotes."""

    yaml_implicit_resolvers = {  # noqa: RUF012 -- PyYAML wants no ClassVar
        first: [each for each in known if not each[0].endswith(":timestamp")]
        for first, known in yaml.SafeDumper.yaml_implicit_resolvers.items()
    }


def dump(value: object) -> str:
    """Return YAML in block style, with the fields in their order."""
    options: dict[str, Any] = {"sort_keys": False, "allow_unicode": True}
    return str(yaml.dump(value, Dumper=_Dumper, width=1 << 20, **options))


def add_course(text: str, term: str, fields: Mapping[str, Any]) -> str:
    """Return a file of courses with one more, in its term.

    :param term: such as "2026-fall"; a new one is put above earlier ones
    :raises LabsiteError: if that is not a term
    """
    # Also for "Fall 2026".
    term = "-".join(sorted(re.findall(r"\d+|[a-z]+", term.lower())))
    match = re.fullmatch(r"([12]\d{3})-([a-z]+)", term)
    if match is None or _season(match) not in SEASONS:
        msg = f"'{term}' is not a term; write the year and the season: 2026-spring"
        raise LabsiteError(msg)
    dumped = dump([{key: value for key, value in fields.items() if value}])
    new = f"- term: {term}\n  courses:\n{indent(dumped, '    ')}\n"
    for found in _TERM.finditer(text):
        if _rank(found) == _rank(match):
            following = _TERM.search(text, found.end())
            end = len(text[: following.start() if following else None].rstrip())
            first = _ITEM.search(text, found.end(), end)
            course = indent(dumped, first[0] if first else "    ")
            return f"{text[:end]}\n{course}{text[end:].removeprefix(chr(10))}"
        if _rank(found) < _rank(match):
            return text[: found.start()] + new + text[found.start() :]
    return f"{text.rstrip()}\n\n{new}".lstrip("\n")


def _season(term: re.Match[str]) -> str:
    return SEASON_WORDS.get(term[2], term[2])


def _rank(term: re.Match[str]) -> tuple[str, int]:
    season = _season(term)
    return term[1], SEASONS.index(season) if season in SEASONS else 0
