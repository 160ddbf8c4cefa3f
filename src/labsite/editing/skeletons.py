"""Write new pages and courses from a few answers, as CONTRIBUTING.md shows them."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

import yaml

from labsite.model.problems import LabsiteError
from labsite.pages.teaching import SEASONS
from labsite.text.spellings import slug_of

if TYPE_CHECKING:
    from collections.abc import Mapping

_TERM = re.compile(r"^-[ \t]+term:[ \t]*['\"]?([12]\d{3})-([a-z]+)", re.MULTILINE)
_ROLE = re.compile(r"\{[\w:.+-]+\}(?=`)")
_TOPIC = """{summary}

```{{topic-people}} {name}
```

({name}-publications)=
## Publications

```{{publications}}
:topic: {name}
```"""


def slug(text: str) -> str:
    """Return a file name of letters and hyphens, or raise an error."""
    name = slug_of(_ROLE.sub("", text))
    if not name:
        msg = f"'{text}' has no letters for a file name; write some"
        raise LabsiteError(msg)
    return name


def page(fields: Mapping[str, str], body: str) -> str:
    """Return a page with the fields that are not empty as front matter."""
    values = {key: _value(text) for key, text in fields.items() if text}
    return f"---\n{_dump(values)}---\n\n{body.strip()}\n"


def topic_page(name: str, fields: Mapping[str, str]) -> str:
    """Return the page of a topic, with its people and papers."""
    summary = fields["summary"] or "What the problem is, and what we do about it."
    return page(fields, _TOPIC.format(name=name, summary=summary))


def _value(text: str) -> object:
    # YAML quotes a text that looks like a date.
    return date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else text


def _dump(value: object) -> str:
    dumped: str = yaml.safe_dump(
        value, sort_keys=False, allow_unicode=True, width=1 << 20
    )
    return dumped


def add_course(text: str, term: str, fields: Mapping[str, str]) -> str:
    """Return a file of courses with one more, in its term.

    :param term: such as "2026-fall"; a new one is put above earlier ones
    :raises LabsiteError: if that is not a term
    """
    match = re.fullmatch(r"([12]\d{3})-([a-z]+)", term)
    if match is None or match[2] not in SEASONS:
        msg = f"'{term}' is not a term; write the year and the season: 2026-spring"
        raise LabsiteError(msg)
    dumped = _dump([{key: value for key, value in fields.items() if value}])
    course = "".join(f"    {line}\n" for line in dumped.splitlines())
    new = f"- term: {term}\n  courses:\n{course}\n"
    for found in _TERM.finditer(text):
        if _rank(found) == _rank(match):
            following = _TERM.search(text, found.end())
            end = len(text[: following.start() if following else None].rstrip())
            return f"{text[:end]}\n{course}{text[end:].removeprefix(chr(10))}"
        if _rank(found) < _rank(match):
            return text[: found.start()] + new + text[found.start() :]
    return f"{text.rstrip()}\n\n{new}".lstrip("\n")


def _rank(term: re.Match[str]) -> tuple[str, int]:
    return term[1], SEASONS.index(term[2]) if term[2] in SEASONS else 0
