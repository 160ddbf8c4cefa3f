"""Read news from the pages in a folder."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain
from pathlib import Path

from labsite.model.problems import Problem, Rule
from labsite.model.records import NewsItem
from labsite.model.sources import PageSource
from labsite.pages.front_matter import Fields, read_records
from labsite.text.markup import CITED, Role, find_roles

#: The kinds of items; the last one is the default.
KINDS = ("paper", "award", "member", "news")
#: A relative path in a link or a picture.
_RELATIVE_LINK = re.compile(
    r"(\]\(<?|[`~:]{3} *\{(?:figure|image|inline-svg)\} +)"
    r"(?![a-z][a-z0-9+.-]*:|[/#<>])([^\s()<>#]+)",
    re.IGNORECASE,
)
#: Roles of sphinxcontrib-bibtex: cite, cite:t, footcite:ps and so on.
_CITE = re.compile(r"(?:foot)?cite(?::[a-z]+)?")
_REFERENCE, _PERSON = "pub:ref", "person"


def read_news(
    folder: Path, file_prefix: str
) -> tuple[tuple[NewsItem, ...], list[Problem]]:
    """Return the news in *folder*, newest first, and problems.

    Every page but the index is an item, if its front matter has a valid date.

    :param file_prefix: the folder in problems, e.g. "news"
    """
    items, problems = read_records(folder, file_prefix, _read_item)
    return sort_news(items), problems


def _from_root(body: str, file: str) -> str:
    """Return Markdown with relative links made absolute from the root of the source.

    So they hold on any page that shows the item.
    """
    folder = posixpath.join("/", file, "..")
    join, normalize = posixpath.join, posixpath.normpath
    return _RELATIVE_LINK.sub(lambda m: m[1] + normalize(join(folder, m[2])), body)


def sort_news(items: Iterable[NewsItem]) -> tuple[NewsItem, ...]:
    """Sort news: newest first, then by file name."""
    named = sorted(items, key=lambda item: item.slug)
    return tuple(sorted(named, key=lambda item: item.issued, reverse=True))


def _read_item(fields: Fields, source: PageSource) -> Iterator[NewsItem]:
    if not fields.document.readable:
        return
    fields.check_keys(("date", "kind"))
    kind = fields.choice("kind", KINDS, Rule.UNKNOWN_KIND) or KINDS[-1]
    fields.required("date", "write 'date: 2026-03-14' between the '---' lines")
    issued = fields.date("date")
    body = _from_root(source.body, source.file)
    if not body.strip():
        message = "no text; write a sentence below the front matter"
        fields.report(Rule.MISSING_FIELD, message)
    elif issued is not None:
        yield NewsItem(
            slug=source.slug,
            issued=issued,
            text=body.strip(),
            kind=kind,
            papers=tuple(dict.fromkeys(key for key, _ in find_citations(body))),
            people=tuple(dict.fromkeys(name for name, _ in find_names(body))),
            source=replace(source, body=body),
        )


def find_citations(body: str) -> Iterator[tuple[str, int]]:
    """Yield the keys that a text cites, each with its 0-based line."""
    return chain.from_iterable(map(keys_of, find_roles(body)))


def keys_of(role: Role) -> Iterator[tuple[str, int]]:
    """Yield the keys that a role cites, each with its 0-based line."""
    if role.name == _REFERENCE:
        yield role.target, role.target_line
    elif _CITE.fullmatch(role.name):
        for cited in CITED.finditer(role.content):
            above = role.content.count("\n", 0, cited.start("key"))
            yield cited["key"], role.line + above


def find_names(body: str) -> Iterator[tuple[str, int]]:
    """Yield the names in the roles of people, each with its 0-based line."""
    roles = (role for role in find_roles(body) if role.name == _PERSON)
    return ((role.target, role.target_line) for role in roles)
