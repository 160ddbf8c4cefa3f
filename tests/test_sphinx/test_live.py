"""The preview that builds and reloads after every change."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.test_sphinx.conftest import Site


@pytest.fixture
def address(site: Site) -> Iterator[str]:
    command = [sys.executable, "-m", "labsite", "live", "--port", "0", "--source"]
    process = subprocess.Popen(
        [*command, str(site.source)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    found = re.search(r"http://\S+/", process.stdout.readline())
    assert found
    yield found[0]
    process.terminate()
    process.communicate()


def get(address: str) -> str:
    with urlopen(address, timeout=60) as answer:  # noqa: S310 -- of this machine
        text: str = answer.read().decode()
    return text


def wait_for_build(address: str, page: str) -> None:
    """Wait for the end of the next build, as the script of a page does."""
    script = re.search(r'<script src="/(_live.js[?]\d+)"></script></body>', page)
    assert script
    events = re.search(r"_live[?]\d+", get(address + script[1]))
    assert events
    assert get(address + events[0]) == "data: built\n\n"


def test_a_change_is_shown_when_it_is_built(site: Site, address: str) -> None:
    with pytest.raises(HTTPError) as early:
        get(address)
    wait_for_build(address, early.value.read().decode())
    page = get(address + "publications/index.html")
    assert "Another Paper" in page
    site.edit("publications.bib", "Another Paper", "Another Title")
    wait_for_build(address, page)
    assert "Another Title" in get(address + "publications/poe2022other.html")
    # The files themselves stay as they are published.
    assert "_live" not in (site.source / "_build/live/html/index.html").read_text()
