"""The sitemap names every page, also those that a build has not written."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.test_sphinx.conftest import Site


def test_after_an_edit_the_sitemap_still_has_every_page(site: Site) -> None:
    pages = {"", "research/graphs.html", "publications/doe2023memory.html"}
    site.build()
    site.edit("publications.bib", "Another Paper", "Another Title")
    text = (site.build().folder / "sitemap.xml").read_text(encoding="utf-8")
    assert all(f"<loc>https://lab.example/{page}</loc>" in text for page in pages)


def test_crawlers_are_told_where_the_sitemap_is(site: Site) -> None:
    robots = site.build().folder / "robots.txt"
    assert "Sitemap: https://lab.example/sitemap.xml\n" in robots.read_text()
    site.edit("conf.py", "https://lab.example/", "https://lab.example/lab/")
    assert (
        "Sitemap: https://lab.example/lab/sitemap.xml"
        in (site.build().folder / "robots.txt").read_text()
    )
    site.write("_extra/robots.txt", "User-agent: *\nDisallow: /\n")
    conf = (site.source / "conf.py").read_text()
    site.write("conf.py", f'{conf}\nhtml_extra_path = ["_extra"]\n')
    site.build()
    assert "Disallow: /" in robots.read_text()
    site.edit("conf.py", 'html_baseurl = "https://lab.example/lab/"', "")
    site.write("_extra/robots.txt", "Disallow: /x\n")
    site.build()
    assert robots.read_text() == "Disallow: /x\n"
    assert not robots.with_name("sitemap.xml").exists()
