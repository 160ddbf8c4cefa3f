"""The known commands of LaTeX: those of pylatexenc and of ``latex.toml``."""

from __future__ import annotations

import logging
import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from itertools import accumulate
from typing import Any, cast

from pylatexenc import latexwalker, macrospec
from pylatexenc.latex2text import (
    LatexNodes2Text,
    MacroTextSpec,
    get_default_latex_context_db,
)

from labsite.model.tables import by_name, read_table

#: The check of LaTeX reports errors, with their lines.
logging.getLogger("pylatexenc").setLevel(logging.CRITICAL)
_DOTLESS = str.maketrans("\N{LATIN SMALL LETTER DOTLESS I}\u0237", "ij")
_COMMAND = re.compile(r"\\([A-Za-z]+|.)", re.DOTALL)
_TERM = re.compile(r"[\w.^°√⁻∂∞']*\Z")
#: A group, the text of which is the argument of a command.
_GROUP = r"\s*\{((?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*)\}"
_DEFINITION = re.compile(
    r"\\(?:(?:re)?newcommand|providecommand|DeclareRobustCommand)\*?\s*\{?\s*"
    rf"\\([A-Za-z]+)\s*\}}?\s*(?:\[(\d)\])?{_GROUP}|"
    rf"\\[egx]?def\s*\\([A-Za-z]+)\s*(?:(?:#\d)*#(\d))?{_GROUP}"
)
#: Limits: uses of one definition in a text; characters of one, and of the text.
_MOST_USES, _LONGEST, _LONGEST_TEXT = 50, 200, 10_000
#: What a root is taken of without doubt: √2, √s_NN.
_RADICAND = re.compile(r"(?:[\d.]+|\w[₀-₉]*(?:_\w+)?)?\Z")

_TABLE = read_table(__file__, "latex.toml")
#: Commands for the style of their argument, or of the rest of their group.
STYLES, SWITCHES = by_name(_TABLE["styles"]), by_name(_TABLE["switches"])
ACCENTS, FORMULAS = by_name(_TABLE["accents"]), by_name(_TABLE["formulas"])
_WORDS = by_name(_TABLE["words"])
_WORDS |= {n: sign for signs in _TABLE["signs"].values() for n, sign in signs.items()}
_WORDS |= {n: f"{u} " for units in _TABLE["units"].values() for n, u in units.items()}
#: Characters in formulas -> commands.
CHARACTERS: Mapping[str, str] = _TABLE["characters"]
#: Punctuation -> its ASCII characters in TeX.
PUNCTUATION: Mapping[str, str] = _TABLE["punctuation"]
#: Command -> its arguments and its text in pylatexenc's notation: "%(1)s" is the first
#: argument, counting optional ones.
COMMANDS: Mapping[str, tuple[str, str]] = {
    **{name: ("", word.replace("%(0)s", name)) for name, word in _WORDS.items()},
    **{n: (*row,) for names, row in _TABLE["commands"].items() for n in names.split()},
}


@cache
def parser_context() -> Any:  # noqa: ANN401 -- pylatexenc carries no types
    """Return the arguments of all commands, for pylatexenc's parser."""
    added = {name: taken for name, (taken, _) in COMMANDS.items()}
    added |= dict.fromkeys([*STYLES, *ACCENTS, "ensuremath"], "{")
    context = latexwalker.get_default_latex_context_db()
    context.add_context_category(
        "labsite",
        prepend=True,
        macros=[macrospec.MacroSpec(name, taken) for name, taken in added.items()],
    )
    return context


def parse(latex: str) -> list[Any]:
    """Parse *latex* into pylatexenc's nodes, tolerating missing ends."""
    walker = latexwalker.LatexWalker(
        latex, latex_context=parser_context(), tolerant_parsing=True
    )
    return cast("list[Any]", walker.get_latex_nodes()[0])


@cache
def converter() -> Any:  # noqa: ANN401 -- pylatexenc carries no types
    """Return pylatexenc's converter to plain text, with the added commands."""
    context = get_default_latex_context_db()
    shown: dict[str, Any] = {name: shows for name, (_, shows) in COMMANDS.items()}
    shown |= {name: _accenter(mark) for name, mark in ACCENTS.items()}
    shown |= dict.fromkeys(("frac", "dfrac", "tfrac", "cfrac"), _joiner("/", _TERM))
    shown["sqrt"] = _joiner("", _RADICAND, before="√")
    context.add_context_category(
        "labsite",
        prepend=True,
        macros=[
            MacroTextSpec(name, simplify_repl=text) for name, text in shown.items()
        ],
    )
    return LatexNodes2Text(latex_context=context, math_mode="text", keep_comments=True)


def _accenter(mark: str) -> Any:  # noqa: ANN401 -- pylatexenc carries no types
    def accent(node: Any, l2tobj: Any) -> str:  # noqa: ANN401 -- its own names
        arguments = node.nodeargd.argnlist if node.nodeargd else []
        text: str = l2tobj.nodelist_to_text(arguments).strip().translate(_DOTLESS)
        everywhere = mark == "\N{COMBINING OVERLINE}"
        marked = text if everywhere else text[:1]
        accented = "".join(letter + mark for letter in marked)
        return unicodedata.normalize("NFC", accented) + text[len(marked) :]

    return accent


def _joiner(between: str, term: re.Pattern[str], before: str = "") -> Any:  # noqa: ANN401 -- as above
    def join(node: Any, l2tobj: Any) -> str:  # noqa: ANN401 -- its own names
        arguments = filter(None, node.nodeargd.argnlist if node.nodeargd else [])
        parts = [l2tobj.nodelist_to_text([part]).strip() for part in arguments]
        return before + between.join(p if term.match(p) else f"({p})" for p in parts)

    return join


#: Commands that refer to text outside the field.
_REFERENCES = {"ref", "input", "include", "includegraphics", "today"}


@cache
def _known() -> frozenset[str]:
    contexts = converter().latex_context, parser_context()
    names = {n for c in contexts for group in c.d.values() for n in group["macros"]}
    own = {*SWITCHES, *FORMULAS, *"()[]"}
    known = (names | own) - _REFERENCES
    return frozenset(name for name in known if "cite" not in name)


def brace_depths(latex: str) -> list[int]:
    """Return the depth of braces at each position; BibTeX counts escaped ones too."""
    return [0, *accumulate((c == "{") - (c == "}") for c in latex)]


def read_definitions(latex: str) -> list[tuple[re.Pattern[str], str]]:
    r"""Return the unknown commands that *latex* defines with ``\newcommand`` or so.

    Each is a pattern of its use with arguments, and the template of what it stands for.
    """
    found = []
    for each in _DEFINITION.finditer(latex):
        name, count, text = each.groups()[:3] if each[1] else each.groups()[3:]
        taken = int(count or 0)
        is_simple = set(re.findall("#(.)", text)) <= set("123456789"[:taken])
        if is_simple and len(text) <= _LONGEST and unknown_commands(f"\\{name}"):
            pattern = re.compile(rf"\\{name}(?![A-Za-z]){_GROUP * taken}")
            template = text.replace("\\", "\\\\")
            found.append((pattern, re.sub(r"#(\d)", r"\\g<\1>", template)))
    return found


def expand(latex: str, definitions: Iterable[tuple[re.Pattern[str], str]]) -> str:
    """Return *latex* with what the defined commands in it stand for."""
    for pattern, template in definitions:
        if len(latex) <= _LONGEST_TEXT:
            latex = pattern.sub(template, latex, count=_MOST_USES)
    return latex


def unknown_commands(latex: str) -> tuple[str, ...]:
    r"""Return the unknown commands in *latex*, such as ``\nonsense``."""
    found = dict.fromkeys(_COMMAND.findall(latex))
    return tuple(f"\\{name}" for name in found if name not in _known())
