r"""Decode the LaTeX of BibTeX fields to :class:`RichText`."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import groupby
from typing import Any
from unicodedata import normalize

from pylatexenc import latexwalker

from labsite.model.rich_text import RichText, Span, Style
from labsite.text import formulas, latex_tables
from labsite.text.html import IN_LATEX, correct_entities, html_to_latex

_ONLY_PROTECTED = re.compile(r"(?:[^\\{}$~`'\"%&#<!?-]|-(?!-)|'(?!')|\{(?=[^\\])|\})*")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_UNESCAPED = re.compile(r"(?<!\\)([%&#])")
_UNESCAPED_DOLLAR = re.compile(r"(?<!\\)\$")
#: Two sums of money: $5 to $10.
_MONEY = re.compile(r"(?<![^\s(])\$(\d[^$]*\s)\$(?=\d)")
#: Braces around a word as Google Scholar writes them: $\{$USENIX$\}$.
_BRACED = re.compile(r"\$\\\{\$([^\s,{}\\$]+)\$\\\}\$")
_COMMANDS = re.compile(r"\\(?:[A-Za-z]+|.|$)|[{}$]")
_LINE_BREAK = re.compile(r"\s*\n\s*")
_LONE_SCRIPT = re.compile(
    r"\s*([\^_])\s*(?:\{\s*(?:\\(?:math|text)(?:rm|up|sf|normal)?\s*\{([^{}\\]+)\}|"
    r"([^{}\\]+))\s*\}|([^{}\\\s]))\s*"
)
#: TeX's condition for formulas and text, in which APS writes letters and signs.
_CONDITION = re.compile(
    r"\\ifmmode((?:(?!\\fi).){0,99}?)(?:\\else((?:(?!\\fi).){0,99}))?"
    r"\\fi(?![A-Za-z])(?:\{\}|\s)?"
)
_SINGLE_QUOTES = re.compile(
    r"(?<![\\`?!])`(?!`)"
    r"((?:[^`'$\\]|\\.|(?<=\w)'(?=\w)|''|\$[^$]{0,99}\$){0,300})(?<!')'(?!')"
)
#: German ones: ,,Lage`` and, with babel, "`Lage"'.
_LOW_QUOTES = re.compile(
    r"(?:,,|\"`)(?=\S)((?:(?!``|\"['`]).){1,300})(?<=\S)(?:``|\"')"
)
_OPENING_QUOTE = re.compile(r"(?<![\\`?!])`(?![`'])")
#: A character by its number: hexadecimal, octal, decimal, or of a character.
_NUMBERED = re.compile(
    r"\\char\s*(?:\"([0-9A-F]{1,9})|'([0-7]{1,9})|([0-9]{1,9})|`\\?(.))(?:\{\}|\s)?"
)
#: A formula of mhchem, with its scripts: H2O, SO4^2-, ^{13}C, Li+.
_CHEMICAL = re.compile(r"\\ce\s*\{((?:[^{}]|\{[^{}]*\})*)\}")
_INDEX = re.compile(r"(?<=[A-Za-z)\]])(\d+)|_(?:\{([^{}]*)\}|(\w))")
_CHARGE = re.compile(
    r"\^(?:\{([^{}]*)\}|(\d*[-+]|\d+))|(?<=[\w)}\]])([-+])(?=[\s)\]]|\Z)"
)
_SYMBOL = re.compile(r"\\symbol\s*\{\s*([^{}]*?)\s*\}")
#: An accent without a letter, as in addresses of home pages.
_BARE_ACCENT = re.compile(r"\\([~^])\{\s*\}")
#: A space without a width, at which a line may be broken.
_NO_SPACE = re.compile(r"\\hspace\*?\s*\{\s*(?:-|0\s*[a-z])[^{}]*\}")
_OPEN, _CLOSED = "\N{LEFT SINGLE QUOTATION MARK}", "\N{RIGHT SINGLE QUOTATION MARK}"
_INNER_QUOTES = str.maketrans("“”", _OPEN + _CLOSED)
_ARGUMENT = re.compile(r"%\((\d)\)s")
#: Commands of siunitx, with numbers and units.
_QUANTITIES = {"num", "si", "unit", "SI", "qty", "numrange", "SIrange", "qtyrange"}
_LINKS = {"url", "href"}
_CASES = {"MakeUppercase": str.upper, "uppercase": str.upper,
          "MakeLowercase": str.lower, "lowercase": str.lower}  # fmt: skip
_MINUS = "\u2212"
_NUMBER = re.compile("[-\u2212+]?[0-9]+[-\u2212+]?|[-\u2212+]")  #: or a charge

_SUSPECT = re.compile(r"[\\{}$]")
_ADDRESS_COMMAND = re.compile(
    r"\\(?:b?url|path|nolinkurl|href|doi|detokenize)\s*\{([^{}]*)\}.*", re.DOTALL
)
_SIGN = re.compile(r"\\([A-Za-z]+)(?:\{\}|\s)?|\\(.)", re.DOTALL)
#: Signs that differ in formulas, or are reserved in text.
_SIGNS = {"sim": "~", "textasciitilde": "~", "texttildelow": "~",
          "textasciicircum": "^", "backslash": "\\"}  # fmt: skip


@lru_cache(maxsize=2**14)  # reads 10,000 entries in 20 % less time
def decode(latex: str) -> RichText:
    r"""Decode the LaTeX of one field.

    Accents, symbols and braces become Unicode, ``$…$`` and ``\(…\)`` formulas. Invalid
    LaTeX (a single ``&``, ``%`` or ``$``) is read as the character itself. If the text
    cannot be parsed at all, its words are returned. Letters are composed (NFC).
    """
    folded = _CONTROL.sub("", " ".join(normalize("NFC", latex).split()))
    if _ONLY_PROTECTED.fullmatch(folded):
        text = " ".join(folded.replace("{", "").replace("}", "").split())
        return RichText((Span(text),) if text else ())
    try:
        written = _escape(html_to_latex(_CHEMICAL.sub(_write_scripts, folded)))
        parsed = latex_tables.parse(written)
        return RichText(tuple(_merge(_spans(parsed, Style.TEXT))))
    except Exception:  # what pylatexenc raises differs by command
        words = " ".join(_COMMANDS.sub(" ", folded).split())
        return RichText((Span(words),) if words else ())


@lru_cache(maxsize=2**14)
def decode_plain(latex: str) -> str:
    """Decode the LaTeX of one field to plain Unicode."""
    return str(decode(latex)).strip()


def _escape(latex: str) -> str:
    """Return LaTeX that pylatexenc parses as the author meant it."""
    latex = _BRACED.sub(r"{\1}", _number_to_character(latex))
    latex = _MONEY.sub(r"\\$\1\\$", latex)
    if len(_UNESCAPED_DOLLAR.findall(latex)) % 2:
        latex = _UNESCAPED_DOLLAR.sub(r"\\$", latex)
    if "\\ifmmode" in latex:
        latex = _CONDITION.sub(_choose, latex)
    if "`" in latex:
        latex = _LOW_QUOTES.sub(r"„\1“", latex)
        latex = _SINGLE_QUOTES.sub(rf"{_OPEN}\1{_CLOSED}", latex)
        latex = _OPENING_QUOTE.sub(_OPEN, latex)
    latex = _BARE_ACCENT.sub(lambda f: IN_LATEX[f[1]], _NO_SPACE.sub("{}", latex))
    return escape_lone(latex)


def escape_lone(latex: str) -> str:
    """Return LaTeX with a backslash before each unescaped ``%``, ``&`` and ``#``."""
    return _UNESCAPED.sub(r"\\\1", latex)


def _write_scripts(found: re.Match[str]) -> str:
    formula = _INDEX.sub(r"\\textsubscript{\1\2\3}", found[1])
    formula = _CHARGE.sub(r"\\textsuperscript{\1\2\3}", formula)
    return re.sub("(?<!<)->", "→", formula).replace("<=>", "⇌")


def _number_to_character(text: str) -> str:
    r"""Return *text* with characters for ``\char`` and ``\symbol``."""

    def character(found: re.Match[str]) -> str:
        numbers = zip(found.groups(), (16, 8, 10), strict=False)
        number = next((int(digits, base) for digits, base in numbers if digits), 0)
        meant = chr(number) if 0 < number <= sys.maxunicode else found[4] or ""
        return IN_LATEX.get(meant, meant) if meant.isprintable() else ""

    return _NUMBERED.sub(character, _SYMBOL.sub(r"\\char\1{}", text))


def _choose(condition: re.Match[str]) -> str:
    dollars = _UNESCAPED_DOLLAR.findall(condition.string, 0, condition.start())
    formula, text = condition.groups("")
    # What follows is not part of a command's name.
    return f"{formula} " if len(dollars) % 2 else f"{text.strip()}{{}}"


def _spans(nodes: Iterable[Any], style: Style) -> Iterator[Span]:
    for node in nodes:
        if isinstance(node, latexwalker.LatexCharsNode):
            yield Span(node.chars, style)
        elif isinstance(node, latexwalker.LatexGroupNode):
            yield from _spans(node.nodelist, style)
        elif isinstance(node, latexwalker.LatexMathNode):
            yield _math_span(node.nodelist)
        elif not isinstance(node, latexwalker.LatexMacroNode):
            yield Span(_text_of(node), style)
        elif node.macroname in latex_tables.SWITCHES:
            style = Style(latex_tables.SWITCHES[node.macroname])
        else:
            yield from _macro_spans(node, style)


def _text_of(node: Any) -> str:  # noqa: ANN401 -- pylatexenc carries no types
    return _LINE_BREAK.sub(" ", latex_tables.converter().nodelist_to_text([node]))


def _math_span(nodes: Iterable[Any]) -> Span:
    formula = "".join(part.latex_verbatim() for part in nodes)
    script = _LONE_SCRIPT.fullmatch(formula)
    if script is None:
        formula = formulas.normalize(formula)
        return Span(formula, Style.MATH, formulas.to_plain(formula))
    style = Style.SUPERSCRIPT if script[1] == "^" else Style.SUBSCRIPT
    text = script[2] or script[3] or script[4]
    return Span(text, style, formulas.to_plain(f"{script[1]}{{{text}}}"))


def _macro_spans(node: Any, style: Style) -> Iterator[Span]:  # noqa: ANN401 -- as above
    name = node.macroname
    arguments = node.nodeargd.argnlist if node.nodeargd else []
    if name in latex_tables.STYLES:
        yield from _spans(arguments, Style(latex_tables.STYLES[name]))
    elif name == "ensuremath":
        (argument,) = arguments
        yield _math_span(getattr(argument, "nodelist", [argument]))
    elif name in _LINKS:
        target = decode_verbatim(arguments[0].latex_verbatim())
        shown = [Span(target, style)] if name == "url" else _spans(arguments[1:], style)
        yield from (replace(span, target=target) for span in shown)
    elif name in _CASES:
        for span in _spans(arguments, style):
            is_text = span.style is not Style.MATH
            yield replace(span, text=_CASES[name](span.text)) if is_text else span
    elif name == "verb":  # what has been escaped is to be shown as typed
        text = re.sub(r"\\(?=[$%&#])", "", node.nodeargd.verbatim_text)
        yield Span(text, Style.LITERAL)
    elif name not in latex_tables.COMMANDS:
        yield Span(_text_of(node), style)
    elif name in _QUANTITIES:
        yield Span(_quantity(_text_of(node)), style)
    else:
        yield from _filled(latex_tables.COMMANDS[name][1], arguments, style)


def _filled(shows: str, arguments: list[Any], style: Style) -> Iterator[Span]:
    """Yield the spans of a command with its arguments in their places."""
    quotes = "“" in shows
    for number, part in enumerate(_ARGUMENT.split(shows)):
        if number % 2 == 0:
            yield Span(part, style)
            continue
        for span in _spans([arguments[int(part) - 1]], style):
            inner = span.text.translate(_INNER_QUOTES) if quotes else span.text
            yield replace(span, text=inner)


def _quantity(text: str) -> str:
    """Return a number and its unit as siunitx prints them."""
    text = re.sub(r"(?<=\d)\s*[eE]\s*(?=[-+]?\d)", "\N{MULTIPLICATION SIGN}10^", text)
    text = re.sub(r"\^([-+]?\d+)", lambda f: formulas.to_plain(f"^{{{f[1]}}}"), text)
    return re.sub(r" (?=[/²³])", "", text).strip()


def _merge(spans: Iterable[Span]) -> Iterator[Span]:
    """Join adjacent spans of one style, but for links and formulas."""
    written = (span for span in spans if span.text)
    for style, run in groupby(
        written, lambda s: s == Span(s.text, s.style) and s.style
    ):
        if style and style is not Style.MATH:
            text = re.sub(" {2,}", " ", "".join(span.text for span in run))
            # In plain text, 10\textsuperscript{6} is not 106.
            raised = style is Style.SUPERSCRIPT and _NUMBER.fullmatch(text)
            power = f"^{{{text.replace(_MINUS, '-')}}}"
            yield Span(text, style, formulas.to_plain(power) if raised else None)
        else:
            yield from run


def decode_verbatim(text: str) -> str:
    r"""Decode a value that is not LaTeX, such as a DOI or an address.

    Publishers and reference managers escape it like LaTeX: ``\_``, ``{\textless}``,
    ``$\sim$``; some write it into a command.
    """
    text = _ADDRESS_COMMAND.sub(r"\1", text.strip())
    text = correct_entities(text, literal=True)
    if not _SUSPECT.search(text):
        return text
    text = _number_to_character(text).replace("$", "{}")
    text = _SIGN.sub(_sign, text)
    if text.count("{") == text.count("}"):
        text = text.replace("{", "").replace("}", "")
    return text.strip()


def _sign(command: re.Match[str]) -> str:
    if sign := command[2] or _SIGNS.get(command[1]):
        return sign
    unknown = latex_tables.unknown_commands(command[0])
    return command[0] if unknown else decode_plain(f"{command[0]}{{}}")
