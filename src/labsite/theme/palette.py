"""The colours of a site, light and dark, computed from two.

A colour is handled in OKLab (https://bottosson.github.io/posts/oklab/), in which equal
steps look equal: as lightness, 0 to 1, and two axes of colour, whose length is the
chroma. Contrast is that of WCAG 2.2.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from functools import cache
from operator import mul
from typing import Any

from labsite.model.tables import read_table

_STEP = 0.004  #: of lightness; smaller than an eye can tell
#: From linear sRGB to the cones' responses, and from their roots to OKLab; and back.
_TO_CONES = (
    (0.4122214708, 0.5363325363, 0.0514459929),
    (0.2119034982, 0.6806995451, 0.1073969566),
    (0.0883024619, 0.2817188376, 0.6299787005),
)
_TO_LAB = (
    (0.2104542553, 0.7936177850, -0.0040720468),
    (1.9779984951, -2.4285922050, 0.4505937099),
    (0.0259040371, 0.7827717662, -0.8086757660),
)
_FROM_LAB = (
    (1.0, 0.3963377774, 0.2158037573),
    (1.0, -0.1055613458, -0.0638541728),
    (1.0, -0.0894841775, -1.2914855480),
)
_FROM_CONES = (
    (4.0767416621, -3.3077115913, 0.2309699292),
    (-1.2684380046, 2.6097574011, -0.3413193965),
    (-0.0041960863, -0.7034186147, 1.7076147010),
)


def _times(matrix: Iterable[Iterable[float]], vector: Iterable[float]) -> list[float]:
    values = [*vector]
    return [sum(map(mul, row, values)) for row in matrix]


def _linear(text: str) -> list[float]:
    """Return the linear parts of a colour in sRGB (IEC 61966-2-1), 0 to 1.

    :raises ValueError: if *text* is not like ``#1f4e79``; it is the message
    """
    if not re.fullmatch(r"#[0-9A-Fa-f]{6}", str(text)):
        raise ValueError(text)
    parts = (byte / 255 for byte in bytes.fromhex(text[1:]))
    return [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in parts]  # noqa: PLR2004 -- of sRGB


def _read(text: str) -> list[float]:
    """Return lightness and axes of ``#rrggbb``."""
    return _times(_TO_LAB, map(math.cbrt, _times(_TO_CONES, _linear(text))))


def _write(lightness: float, a: float, b: float) -> str:
    """Return ``#rrggbb``, with as much of the chroma as sRGB has."""
    while True:
        roots = _times(_FROM_LAB, (lightness, a, b))
        values = _times(_FROM_CONES, (root**3 for root in roots))
        inside = all(-_STEP < value < 1 + _STEP for value in values)
        if inside or math.hypot(a, b) < _STEP:
            return f"#{bytes(map(_encode, values)).hex()}"
        a, b = a * 0.97, b * 0.97


def _encode(value: float) -> int:
    value = min(max(value, 0.0), 1.0)
    part = 12.92 * value if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055  # noqa: PLR2004 -- of sRGB
    return round(255 * part)


def _contrast(one: str, other: str) -> float:
    dark, bright = sorted((_luminance(one), _luminance(other)))
    return (bright + 0.05) / (dark + 0.05)


@cache
def _luminance(text: str) -> float:
    return _times([(0.2126, 0.7152, 0.0722)], _linear(text))[0]


def make_palette(primary: str = "", accent: str = "") -> dict[str, dict[str, str]]:
    """Return the colours of the modes ``light`` and ``dark`` by their tokens' names.

    :param primary: ``#rrggbb``; nothing: the theme's own
    :raises ValueError: if one of the two is no such colour; the message is that one
    """
    rules = read_table(__file__, "palette.toml")
    given = {"primary": primary, "accent": accent}
    bases = {name: _read(given[name] or rules["default"][name]) for name in given}
    return {mode: _make_mode(mode, rules, bases) for mode in ("light", "dark")}


def _make_mode(
    mode: str, rules: Mapping[str, Any], bases: Mapping[str, Iterable[float]]
) -> dict[str, str]:
    made: dict[str, str] = {}
    for base, tokens in rules[mode].items():
        own, a, b = bases[base]
        for name, (wish, share) in tokens.items():
            lightness = own if wish == "own" else wish
            grounds = rules["contrast"].get(name, {})
            # Away from the ground: darker on a bright one.
            bright = any(_luminance(made[ground]) > 0.18 for ground in grounds)  # noqa: PLR2004 -- mid grey
            made[name] = _write(lightness, a * share, b * share)
            while any(_contrast(made[name], made[g]) < grounds[g] for g in grounds):
                lightness += -_STEP if bright else _STEP
                made[name] = _write(lightness, a * share, b * share)
    return made
