"""What tests of editing share: this repository's own house, and papers taken out."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from labsite.bibtex.reader import read_library
from labsite.editing.house_style import HouseStyle
from labsite.pages.people import read_people

if TYPE_CHECKING:
    from collections.abc import Callable

    from labsite.model.records import Person

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def people() -> tuple[Person, ...]:
    """Return the lab's people."""
    return read_people(ROOT / "team", "team")[0]


@pytest.fixture(scope="session")
def house_of(people: tuple[Person, ...]) -> Callable[[str], HouseStyle]:
    """Return a function that makes a bibliography's house with the lab's people."""

    def make(text: str) -> HouseStyle:
        return HouseStyle(read_library([("publications.bib", text)]), people)

    return make


@pytest.fixture(scope="session")
def without(bibliography: str) -> Callable[[str], str]:
    """Return a function that returns the lab's bibliography without an entry."""

    def take_out(key: str) -> str:
        pattern = re.compile(
            rf"^@\w+\{{{re.escape(key)},\n.*?^\}}\n\n?", re.MULTILINE | re.DOTALL
        )
        text, count = pattern.subn("", bibliography)
        assert count == 1
        return text

    return take_out
