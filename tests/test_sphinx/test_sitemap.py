"""The sitemap names every page, also those that a build has not written."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.test_sphinx.conftest import Site


def test_after_an_edit_the_sitemap_still_has_every_page(site: Site) -> None:
    pages = {"index.html", "research/graphs.html", "publications/doe2023memory.html"}
    site.build()
    site.edit("publications.bib", "Another Paper", "Another Title")
    text = (site.build().folder / "sitemap.xml").read_text(encoding="utf-8")
    assert all(f"<loc>https://lab.example/{page}</loc>" in text for page in pages)
