"""Convert formulas to MathML with docutils."""

from __future__ import annotations

from docutils.utils.math import MathError
from docutils.utils.math.latex2mathml import tex2mathml


def to_mathml(formula: str, *, as_block: bool = False) -> str:
    """Return a formula as MathML.

    :param as_block: whether the formula has a line of its own
    :raises ValueError: if it cannot be converted; the message says why
    """
    try:
        return tex2mathml(formula, as_block=as_block)
    except MathError as error:
        raise ValueError(str(error).rstrip(".")) from error
    except Exception as error:  # what docutils raises of an unfinished formula differs
        msg = "it is not complete"
        raise ValueError(msg) from error


def complaint(formula: str) -> str | None:
    """Return why a formula cannot be converted, ``None`` if it can."""
    try:
        to_mathml(formula)
    except ValueError as error:
        return str(error)
    return None
