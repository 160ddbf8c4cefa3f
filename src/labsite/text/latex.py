"""LaTeX as it stands in BibTeX fields, decoded once into :class:`RichText`."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from pylatexenc import latexwalker, macrospec
from pylatexenc.latex2text import LatexNodes2Text

from labsite.model.records import RichText, Span, Style

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

#: Commands whose argument is set in a style; the names are LaTeX's own.
_STYLED_COMMANDS = {
    "emph": Style.EMPHASIS,
    "textit": Style.EMPHASIS,
    "textsl": Style.EMPHASIS,
    "textbf": Style.STRONG,
    "texttt": Style.LITERAL,
    "textsuperscript": Style.SUPERSCRIPT,
    "textsubscript": Style.SUBSCRIPT,
}
#: Commands that stand for their last argument: fonts without meaning here, links.
_TRANSPARENT_COMMANDS = {
    "textsc", "textsf", "textrm", "textmd", "textup", "textnormal", "text", "mbox",
    "uline", "underline", "MakeUppercase", "MakeLowercase", "url", "path", "href",
}  # fmt: skip
#: Commands that name something pylatexenc leaves out.
_WORDS = {
    "LaTeX": "LaTeX", "TeX": "TeX", "BibTeX": "BibTeX", "slash": "/", "hyphen": "-",
    "-": "", "!": "", "\\": " ", "newline": " ", "linebreak": " ", "par": " ",
    "textless": "<", "textgreater": ">", "textbar": "|", "textunderscore": "_",
    "textbraceleft": "{", "textbraceright": "}", "copyright": "©", "pounds": "£",
    "euro": "€", "S": "§", "P": "¶", "ddag": "‡", "SS": "ẞ", "glqq": "„", "grqq": "“",
    "checkmark": "✓",
}  # fmt: skip

_ONLY_PROTECTED = re.compile(r"(?:[^\\{}$~`'\"%&#!?-]|-(?!-)|'(?!')|\{(?=[^\\])|\})*")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_UNESCAPED = re.compile(r"(?<!\\)([%&#])")
_UNESCAPED_DOLLAR = re.compile(r"(?<!\\)\$")
#: Two sums of money, not a formula between them.
_MONEY = re.compile(r"(?<!\\)\$(\d[^$]*\s)\$(?=\d)")
_COMMANDS = re.compile(r"\\(?:[A-Za-z]+|.|$)|[{}$]")
_LINE_BREAK = re.compile(r"\s*\n\s*")
_LONE_SCRIPT = re.compile(r"\s*([\^_])(?:\{([^{}\\]+)\}|([^{}\\\s]))\s*")
_SCRIPT = re.compile(r"([\^_])(?:\{([0-9+\-=()n]+)\}|([0-9+\-=()n]))")
_SUPERSCRIPTS = str.maketrans("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ")
_SUBSCRIPTS = str.maketrans("0123456789+-=()n", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₙ")


def decode(latex: str) -> RichText:
    r"""Decode the LaTeX of one field.

    Accents, symbols and braces become Unicode, ``$…$`` and ``\(…\)`` stay mathematics,
    capitals are left alone. What LaTeX would refuse (a lone ``&`` or ``%``, an odd
    ``$``) is taken for the character it shows, because that is what the author meant;
    of what cannot be read at all the words are kept.
    """
    folded = _CONTROL.sub("", " ".join(latex.split()))
    if _ONLY_PROTECTED.fullmatch(folded):
        text = folded.replace("{", "").replace("}", "")
        return RichText((Span(text),) if text else ())
    try:
        return RichText(tuple(_merge(_spans(_parse(_escape(folded)), Style.TEXT))))
    except Exception:  # what pylatexenc raises differs by command
        words = " ".join(_COMMANDS.sub(" ", folded).split())
        return RichText((Span(words),) if words else ())


def decode_plain(latex: str) -> str:
    """Decode the LaTeX of one field to plain Unicode."""
    return str(decode(latex)).strip()


def math_to_plain(formula: str) -> str:
    """Write a formula in plain Unicode as well as that can be done."""
    scripted = _SCRIPT.sub(_raise_or_lower, formula)
    return cast("str", _to_text().latex_to_text(scripted)).strip()


def _raise_or_lower(match: re.Match[str]) -> str:
    table = _SUPERSCRIPTS if match[1] == "^" else _SUBSCRIPTS
    return (match[2] or match[3]).translate(table)


def _escape(latex: str) -> str:
    latex = _MONEY.sub(r"\\$\1\\$", latex)
    if len(_UNESCAPED_DOLLAR.findall(latex)) % 2:
        latex = _UNESCAPED_DOLLAR.sub(r"\\$", latex)
    return _UNESCAPED.sub(r"\\\1", latex)


@cache
def _context() -> Any:  # noqa: ANN401 -- pylatexenc carries no types
    context = latexwalker.get_default_latex_context_db()
    context.add_context_category(
        "labsite",
        prepend=True,
        macros=[
            *(macrospec.MacroSpec(name, "{") for name in _STYLED_COMMANDS),
            *(macrospec.MacroSpec(n, "{") for n in _TRANSPARENT_COMMANDS - {"href"}),
            macrospec.MacroSpec("href", "{{"),
            macrospec.MacroSpec("ensuremath", "{"),
        ],
    )
    return context


@cache
def _to_text() -> Any:  # noqa: ANN401 -- pylatexenc carries no types
    return LatexNodes2Text(math_mode="text", keep_comments=True)


def _parse(latex: str) -> list[Any]:
    walker = latexwalker.LatexWalker(
        latex, latex_context=_context(), tolerant_parsing=True
    )
    return cast("list[Any]", walker.get_latex_nodes()[0])


def _spans(nodes: Iterable[Any], style: Style) -> Iterator[Span]:
    for node in nodes:
        if node is None:
            continue
        if isinstance(node, latexwalker.LatexCharsNode):
            yield Span(node.chars, style)
        elif isinstance(node, latexwalker.LatexGroupNode):
            yield from _spans(node.nodelist, style)
        elif isinstance(node, latexwalker.LatexMathNode):
            yield _math_span(node.nodelist)
        elif isinstance(node, latexwalker.LatexMacroNode):
            yield from _macro_spans(node, style)
        else:
            yield Span(_text_of(node), style)


def _text_of(node: Any) -> str:  # noqa: ANN401 -- pylatexenc carries no types
    return _LINE_BREAK.sub(" ", _to_text().nodelist_to_text([node]))


def _math_span(nodes: Iterable[Any]) -> Span:
    formula = "".join(part.latex_verbatim() for part in nodes)
    script = _LONE_SCRIPT.fullmatch(formula)
    if script is None:
        return Span(formula, Style.MATH, math_to_plain(formula))
    style = Style.SUPERSCRIPT if script[1] == "^" else Style.SUBSCRIPT
    return Span(script[2] or script[3], style, math_to_plain(formula))


def _macro_spans(node: Any, style: Style) -> Iterator[Span]:  # noqa: ANN401 -- as above
    name = node.macroname
    arguments = node.nodeargd.argnlist if node.nodeargd else []
    if name in _STYLED_COMMANDS:
        yield from _spans(arguments, _STYLED_COMMANDS[name])
    elif name in _TRANSPARENT_COMMANDS:
        yield from _spans(arguments[-1:], style)
    elif name == "ensuremath":
        yield _math_span(_contents(arguments))
    elif name in _WORDS:
        yield Span(_WORDS[name], style)
    else:
        yield Span(_text_of(node), style)


def _contents(arguments: Iterable[Any]) -> list[Any]:
    """Return what stands in the last argument, without the braces round it."""
    last = next(reversed([a for a in arguments if a is not None]), None)
    if isinstance(last, latexwalker.LatexGroupNode):
        return list(last.nodelist)
    return [] if last is None else [last]


def _merge(spans: Iterable[Span]) -> Iterator[Span]:
    """Join neighbours of one style, so that a plain title is a single span."""
    pending: Span | None = None
    for span in spans:
        if not span.text:
            continue
        mergeable = pending and pending.style == span.style != Style.MATH
        if mergeable and pending and pending.plain is None is span.plain:
            pending = Span(pending.text + span.text, span.style)
            continue
        if pending:
            yield pending
        pending = span
    if pending:
        yield pending
