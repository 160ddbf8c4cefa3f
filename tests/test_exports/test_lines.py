"""Where each entry stands, for the link by which a mistake is reported."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from labsite.exports.records_json import file_address, render_lines
from labsite.site.settings import Settings
from labsite.site.site import SiteRecords

if TYPE_CHECKING:
    from collections.abc import Callable

    from labsite.model.records import Library

PATTERN = "https://code.example/blob/{file}#L{line}"


def test_every_page_has_file_and_line_of_its_entry(
    read: Callable[[str], Library],
) -> None:
    library = read("@misc{a, title={A}, year=2024}\n\n@misc{b:1, title={B}, year=2023}")
    site = SiteRecords(library=library, settings=Settings(source_url=PATTERN))
    found = json.loads(render_lines(site))
    assert found["address"] == PATTERN
    assert found["entries"]["a"] == ["lab.bib", 1]
    assert found["entries"][site.slugs["b:1"]] == ["lab.bib", 3]


@pytest.mark.parametrize(
    ("pattern", "address"),
    [
        (PATTERN, "https://code.example/blob/lab.bib"),
        (
            "https://code.example/{file}?line={line}",
            "https://code.example/lab.bib?line=1",
        ),
        ("https://code.example/{file}#top", "https://code.example/lab.bib#top"),
    ],
)
def test_page_links_to_the_file_as_a_whole(pattern: str, address: str) -> None:
    assert file_address(pattern, "lab.bib") == address
