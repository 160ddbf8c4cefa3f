"""Convert LaTeX formulas to current commands, to plain text and to MathML."""

from __future__ import annotations

import re

from docutils.utils.math import MathError, tex2unichar
from docutils.utils.math.latex2mathml import tex2mathml

from labsite.text import latex_tables

#: \frac12, also with one of the two in braces.
_SHORT_FRACTION = r"(\\(?:[dts]|nice)?frac)\s*(\d|\{[^{}]*\})\s*(\d|\{[^{}]*\})"
#: A change of the font up to the end of a group: {\rm eff}.
_SWITCH = r"\\(rm|bf|it|sf|tt|cal|scr|frak|germ)(?![A-Za-z])\s*([^{}\\$^_]*)"
_COMMAND = r"\\([A-Za-z]+)\*?\s*"
_DEGREE = r"\^\s*(?:\{\s*\\circ\s*\}|\\circ(?![A-Za-z])\s*)"
#: 25^°, whose sign is raised already.
_RAISED = r"\^\s*(?:\{\s*°\s*\}|°)"
#: What is raised by itself in plain text: 5^th, x^*.
_RAISED_ITSELF = r"\^(?=(?:st|nd|rd|th)\b|[*'†‡\u2217⋆®™♯])"
#: A script with an operator in it: n^{1/2}.
_LONG_SCRIPT = r"([\^_])\{(?!\([^(){}]*\)\})(?=[^{}]*[-+/=,<>]\s*[\w\\(])([^{}]*)\}"
_SCRIPT = r"([\^_])(?:\{([0-9+\-=()n]+)\}|([0-9+\-=()n]))"
#: Braces in those of a script: ^{{-}1}, of ^{\ensuremath{-}1}.
_NESTED = r"([\^_]\{[^{}\\^_]*)\{([^{}\\]*)\}(?=[^{}]*\})"
#: An index of a root: \sqrt[3]{x}.
_ROOT = r"\\sqrt\s*\[([^][]*)\]"
_FUNCTION = r"\\(?:log|ln|exp|sin|cos|tan|max|min|sup|inf|lim|det|dim|mod)(?![A-Za-z])"
_BEFORE_FUNCTION = rf"(?<=[\w)}}])\s*(?={_FUNCTION})"
_BEHIND_FUNCTION = rf"({_FUNCTION})\s*(?=[\w\\])"
#: Signs of mathematics, of which pylatexenc does not know all.
_SIGNS: dict[str, str] = {
    name: sign
    for kind in ("alpha", "bin", "close", "fence", "op", "open", "ord", "rel")
    for name, sign in getattr(tex2unichar, f"math{kind}").items()
}
_BETWEEN = rf"(?:\\not\s*)?\\(?:{'|'.join(tex2unichar.mathrel | tex2unichar.mathbin)})"
#: The space behind a command, which TeX ignores, before a sign or behind one.
_SPACED = (  # compiled when a formula needs it: there are hundreds of names
    rf"(?:\\(?!not\s)[A-Za-z]+(?=\s+(?:[-+=<>]|{_BETWEEN})\s)|"
    rf"(?<=\S\s){_BETWEEN}(?=\s+\S))\s+"
)
#: Text, which stays as it is, or a character to replace.
_CHARACTER = rf"\\text[a-z]*\s*\{{[^{{}}]*\}}|[{''.join(latex_tables.CHARACTERS)}]"
_SCRIPTS = {
    "^": str.maketrans("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ"),
    "_": str.maketrans("0123456789+-=()n", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₙ"),
}


def normalize(formula: str) -> str:
    r"""Return a formula in commands that the converter to MathML knows.

    Old and text-mode commands are replaced (``\Bbb``, ``{\rm …}``), and a script
    without a base gets an empty one.
    """
    formula = re.sub(
        _SHORT_FRACTION,
        lambda f: f"{f[1]}{{{f[2].strip('{}')}}}{{{f[3].strip('{}')}}}",
        formula,
    )
    formula = re.sub(
        _SWITCH,
        lambda f: f"\\math{f[1]}{{{f[2].strip()}}}" if f[2].strip() else f[0],
        formula,
    )
    formula = re.sub(_COMMAND, lambda f: latex_tables.FORMULAS.get(f[1], f[0]), formula)
    formula = re.sub(_RAISED, "°", formula)
    formula = re.sub(
        _CHARACTER, lambda f: latex_tables.CHARACTERS.get(f[0], f[0]), formula
    )
    return re.sub(r"^\s*(?=[\^_])|(?<=\{)(?=\^\\circ )", "{}", formula)


def to_plain(formula: str) -> str:
    """Return a formula as plain Unicode; unknown commands become their names."""
    for command in latex_tables.unknown_commands(formula):
        formula = formula.replace(command, _SIGNS.get(command[1:], command[1:] + " "))
    formula = re.sub(_DEGREE, "°", formula.removeprefix("{}")).replace("''", "″")
    formula = re.sub(_BEFORE_FUNCTION, r"\\ ", formula)
    formula = re.sub(_BEHIND_FUNCTION, r"\1\\ ", formula)
    formula = re.sub(_ROOT, r"^{\1}\\sqrt", formula)
    formula = re.sub(_NESTED, r"\1\2", formula)
    formula = re.sub(
        _SCRIPT, lambda f: (f[2] or f[3]).translate(_SCRIPTS[f[1]]), formula
    )
    formula = re.sub(_LONG_SCRIPT, r"\1{(\2)}", formula)
    formula = re.sub(_SPACED, r"\g<0>\\ ", formula)
    plain: str = latex_tables.converter().nodelist_to_text(latex_tables.parse(formula))
    return re.sub(_RAISED_ITSELF, "", " ".join(plain.split()))


def to_mathml(formula: str, *, as_block: bool = False) -> str:
    """Return a formula as MathML.

    :param as_block: whether the formula has a line of its own
    :raises ValueError: if it cannot be converted; the message says why
    """
    try:
        return tex2mathml(formula, as_block=as_block)
    except Exception as error:  # what docutils raises of an unfinished formula differs
        is_named = isinstance(error, MathError)
        msg = str(error).rstrip(".") if is_named else "it is not complete"
        raise ValueError(msg) from error


def find_fault(formula: str) -> str | None:
    """Return why a formula cannot be converted, ``None`` if it can."""
    try:
        to_mathml(formula)
    except ValueError as error:
        return str(error)
    return None
