"""Pieces of MyST without Sphinx: the roles in them, and what they say as plain text.

The parser is the one behind the pages, so what looks like a role in a remark or in a
literal is none here either.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt
from mdit_py_plugins.attrs import attrs_block_plugin, attrs_plugin
from mdit_py_plugins.myst_blocks import myst_block_plugin

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

_ROLE = re.compile(r"\{([\w+:-]+)\}(`++)(.+?)\2", re.ASCII | re.DOTALL)
#: Directives within each other that are looked into; no item of news has more than two.
_DEEPEST = 8
_DIRECTIVE = "{"
_RULE = "labsite_role"


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """A role where it stands: ``{name}`content```, the content as written."""

    name: str
    content: str
    line: int  #: 0-based line of the text in which the content begins

    @property
    def title(self) -> str | None:
        """What the role is to show, where its content says so: "text <target>"."""
        title, _, target = self.content.rpartition("<")
        return _fold(title) if title and target.endswith(">") else None

    @property
    def target(self) -> str:
        """What the role is about."""
        start = self._target_at
        return _fold(self.content[start:-1] if start else self.content)

    @property
    def target_line(self) -> int:
        """The 0-based line of the text in which the target begins."""
        return self.line + self.content.count("\n", 0, self._target_at)

    @property
    def _target_at(self) -> int:
        return 0 if self.title is None else self.content.rindex("<") + 1


def find_roles(text: str) -> Iterator[Role]:
    """Yield the roles in *text*, those in the bodies of directives as well."""
    return _roles(_parser().parse(text), 0, _DEEPEST)


def plain_text(text: str, say: Callable[[Role], str]) -> str:
    """Return what *text* says, without markup; a blank line parts its paragraphs.

    Directives and remarks are left out.

    :param say: gives the words of a role
    """
    inline = (t for t in _parser().parse(text) if t.type == "inline")
    paragraphs = (_fold("".join(_words(t.children or (), say))) for t in inline)
    return "\n\n".join(filter(None, paragraphs))


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark")
    parser.use(myst_block_plugin).use(attrs_plugin, spans=True).use(attrs_block_plugin)
    parser.inline.ruler.before("backticks", _RULE, _read_role)
    return parser


def _read_role(state: StateInline, silent: bool) -> bool:
    match = _ROLE.match(state.src, state.pos)
    if match is None:
        return False
    if not silent:
        role = Role(name=match[1], content=match[3], line=0)
        state.push(_RULE, "", 0).meta = {"role": role, "start": match.start(3)}
    state.pos = match.end()
    return True


def _roles(tokens: Iterable[Token], first_line: int, deepest: int) -> Iterator[Role]:
    """Yield the roles in blocks.

    :param first_line: the 0-based line of the whole text in which the blocks' own begin
    :param deepest: how many levels of directives are looked into
    """
    for block in tokens:
        line = first_line + (block.map[0] if block.map else 0)
        if block.type == "fence" and block.info.lstrip().startswith(_DIRECTIVE):
            inner = _parser().parse(block.content) if deepest else ()
            yield from _roles(inner, line + 1, deepest - 1)
        counted = 0
        for token in block.children or ():
            if token.type == _RULE:
                start = token.meta["start"]
                line += block.content.count("\n", counted, start)
                counted = start
                yield replace(token.meta["role"], line=line)


def _words(tokens: Iterable[Token], say: Callable[[Role], str]) -> Iterator[str]:
    for token in tokens:
        if token.type == _RULE:
            yield say(token.meta["role"])
        elif token.type in {"softbreak", "hardbreak"}:
            yield " "
        elif token.type != "html_inline":
            # Text, literals, and of pictures their description; all else has none.
            yield token.content


def _fold(text: str) -> str:
    return " ".join(text.split())
