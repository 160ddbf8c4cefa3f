"""Parse MyST without Sphinx: find roles, and convert to plain text.

It uses the parser of the pages, so that it finds no roles in comments and literals.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

_ROLE = re.compile(r"\{([\w+:-]+)\}(`++)(.+?)\2", re.ASCII | re.DOTALL)
_RULE = "labsite_role"
#: A key in the content of a citation, with the notes before and behind it, as in
#: "{see}kim2026{p. 3}, lee2025". Other marks separate keys as a comma does.
CITED = re.compile(
    r"(?:\{(?P<pre>[^{}]*)\}\s*)?(?P<key>[^\s,{}]+)(?:\s*\{(?P<post>[^{}]*)\})?"
)


class Role(NamedTuple):
    """A role, ``{name}`content```, and its 0-based lines in the text."""

    name: str
    content: str  #: as written
    title: str | None  #: if its content is "title <target>"
    target: str  #: the content without a title
    line: int  #: of the content
    target_line: int


def find_roles(text: str, first_line: int = 0, deepest: int = 8) -> Iterator[Role]:
    """Yield the roles in *text*, also in directives, up to that many levels."""
    for block in _parse(text):
        line = first_line + (block.map[0] if block.map else 0)
        is_directive = block.type == "fence" and block.info.lstrip().startswith("{")
        if is_directive and deepest:
            yield from find_roles(block.content, line + 1, deepest - 1)
        for token in block.children or ():
            if token.type == _RULE:
                match = token.meta["match"]
                above = match.string.count("\n", 0, match.start(3))
                yield _make_role(match, line + above)


def plain_text(text: str, say: Callable[[Role], str]) -> str:
    """Return *text* without markup; *say* returns the text of a role."""
    inline = (t for t in _parse(text) if t.type == "inline")
    paragraphs = (_fold("".join(_words(t.children or (), say))) for t in inline)
    return "\n\n".join(filter(None, paragraphs))


@lru_cache(maxsize=1024)  # a build asks five times of each item of news
def _parse(text: str) -> list[Token]:
    return _parser().parse(text)


@cache
def _parser() -> MarkdownIt:
    # A check in which no page has changed needs no parser.
    from markdown_it import MarkdownIt  # noqa: PLC0415
    from mdit_py_plugins.attrs import (  # noqa: PLC0415
        attrs_block_plugin,
        attrs_plugin,
    )
    from mdit_py_plugins.footnote import footnote_plugin  # noqa: PLC0415
    from mdit_py_plugins.myst_blocks import myst_block_plugin  # noqa: PLC0415

    parser = MarkdownIt("commonmark").enable("table").use(myst_block_plugin)
    parser.use(footnote_plugin, inline=False, move_to_end=False)
    parser.use(attrs_plugin, spans=True).use(attrs_block_plugin)
    parser.inline.ruler.before("backticks", _RULE, _read_role)
    return parser


def _read_role(state: StateInline, silent: bool) -> bool:
    match = _ROLE.match(state.src, state.pos)
    if match is None:
        return False
    if not silent:
        state.push(_RULE, "", 0).meta = {"match": match}
    state.pos = match.end()
    return True


def _make_role(match: re.Match[str], line: int) -> Role:
    name, content = match[1], match[3]
    title, _, target = content.rpartition("<")
    if not title or not target.endswith(">"):
        return Role(name, content, None, _fold(content), line, line)
    target_line = line + title.count("\n")
    return Role(name, content, _fold(title), _fold(target[:-1]), line, target_line)


def _words(tokens: Iterable[Token], say: Callable[[Role], str]) -> Iterator[str]:
    for token in tokens:
        if token.type == _RULE:
            yield say(_make_role(token.meta["match"], 0))
        elif token.type in {"softbreak", "hardbreak"}:
            yield " "
        elif token.type != "html_inline":
            # Text, literals, and the descriptions of pictures.
            yield token.content


def _fold(text: str) -> str:
    return " ".join(text.split())
