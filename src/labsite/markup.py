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
#: "text <target>", as Sphinx takes it.
_TITLED = re.compile(r"(.+?)\s*<([^<]*)>", re.DOTALL)
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
        titled = _TITLED.fullmatch(self.content)
        return _fold(titled[1]) if titled else None

    @property
    def target(self) -> str:
        """What the role is about."""
        titled = _TITLED.fullmatch(self.content)
        return _fold(titled[2] if titled else self.content)

    @property
    def target_line(self) -> int:
        """The 0-based line of the text in which the target begins."""
        titled = _TITLED.fullmatch(self.content)
        return self.line_at(titled.start(2)) if titled else self.line

    def line_at(self, position: int) -> int:
        """Return the 0-based line of the text of a position in the content."""
        return self.line + self.content.count("\n", 0, position)


def find_roles(text: str) -> Iterator[Role]:
    """Yield the roles in *text*, those in the bodies of directives as well."""
    return _roles(_parser().parse(text), 0)


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
        line = state.src.count("\n", 0, match.start(3))
        role = Role(name=match[1], content=match[3], line=line)
        state.push(_RULE, "", 0).meta = {"role": role}
    state.pos = match.end()
    return True


def _roles(tokens: Iterable[Token], first_line: int) -> Iterator[Role]:
    """Yield the roles in blocks.

    :param first_line: the 0-based line of the whole text in which the blocks' own begin
    """
    for block in tokens:
        line = first_line + (block.map[0] if block.map else 0)
        if block.type == "fence" and block.info.lstrip().startswith(_DIRECTIVE):
            yield from _roles(_parser().parse(block.content), line + 1)
        for token in block.children or ():
            if token.type == _RULE:
                role = token.meta["role"]
                yield replace(role, line=line + role.line)


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
