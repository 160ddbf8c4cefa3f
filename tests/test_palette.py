"""The colours of any two that a lab may choose keep the contrasts that are promised."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from labsite.theme.palette import make_palette

#: Of WCAG 2.2: 7:1 for text, 4.5:1 for small labels, 3:1 for controls and marks.
PROMISED = [
    *((name, "surface", 7.0) for name in ("text", "muted", "heading", "primary")),
    *((name, "ground", 7.0) for name in ("text", "muted", "heading", "primary")),
    ("text", "primary-soft", 7.0),
    ("on-primary", "primary", 7.0),
    ("on-primary", "primary-strong", 7.0),
    ("hero-text", "hero-ground", 7.0),
    ("hero-muted", "hero-ground", 7.0),
    ("accent", "ground", 4.5),
    ("accent", "accent-soft", 4.5),
    ("muted", "primary-soft", 4.5),
    ("control-border", "ground", 3.0),
    ("control-border", "surface", 3.0),
    ("accent-mark", "ground", 3.0),
    ("focus", "ground", 3.0),
    ("focus", "surface", 3.0),
    ("hero-accent", "hero-ground", 3.0),
    ("series-1", "ground", 3.0),
]
COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours as WCAG 2.2 defines it."""
    dark, bright = sorted(_luminance(colour) for colour in (one, other))
    return (bright + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    linear = [
        p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@given(COLOURS, COLOURS)
@example("", "")
@example("#000000", "#000000")
@example("#ffffff", "#ffffff")
@example("#ffff00", "#00ff00")
def test_any_two_colours_make_a_readable_site(primary: str, accent: str) -> None:
    for mode, colours in make_palette(primary, accent).items():
        for name, ground, least in PROMISED:
            found = contrast(colours[name], colours[ground])
            assert found >= least, (mode, name, ground, found)


def test_a_colour_that_can_be_read_stays_as_it_is() -> None:
    light = make_palette("#1d3a86", "#c2410c")["light"]
    assert (light["primary"], light["accent-mark"]) == ("#1d3a86", "#c2410c")


def test_both_modes_have_the_same_tokens() -> None:
    light, dark = make_palette().values()
    assert list(light) == list(dark)


@pytest.mark.parametrize("text", ["blue", "#12", "#12345g", "1d3a86", "#1d3a86;x"])
def test_what_is_no_colour_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=text):
        make_palette(text)
