"""The sitemap, and the process that sphinx-sitemap starts for it."""

from __future__ import annotations

import gc
import multiprocessing
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.test_sphinx.conftest import Site


@pytest.fixture
def _no_collector() -> Iterator[None]:
    """Keep Python from clearing away by chance what nobody refers to."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("_no_collector")
@pytest.mark.parametrize("builder", ["html", "text"])
def test_a_build_leaves_no_process_behind(site: Site, builder: str) -> None:
    before = {process.pid for process in multiprocessing.active_children()}
    site.build(builder)
    after = {process.pid for process in multiprocessing.active_children()}
    assert after <= before


def test_after_an_edit_the_sitemap_still_has_every_page(site: Site) -> None:
    pages = {"index.html", "research/graphs.html", "publications/doe2023memory.html"}
    site.build()
    site.edit("publications.bib", "Another Paper", "Another Title")
    text = (site.build().folder / "sitemap.xml").read_text(encoding="utf-8")
    assert all(f"<loc>https://lab.example/{page}</loc>" in text for page in pages)
