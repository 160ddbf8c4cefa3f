"""The theme ``labsite`` on a small site, and the same pages in another theme."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import pytest
from sphinx.errors import ConfigError
from tests.test_sphinx.conftest import FILES, ROOT, Built, Site

if TYPE_CHECKING:
    from pathlib import Path

    from bs4 import Tag

CONF = """\
project = "Quiet Machines Lab"
extensions = ["labsite"]
html_theme = "labsite"
html_baseurl = "https://lab.example/quiet/"
html_static_path = ["_static"]
html_css_files = ["own.css", "faces.css", "last.css"]
templates_path = ["_templates"]
html_theme_options = {
    "primary_color": "#7a1f5c",
    "address": ["Department of R&D", "1 Example Road"],
    "contact": "office at lab dot example",
    "hero": {
        "text": "Machines that nobody hears.",
        "buttons": {"Papers": "publications/index", "Join": "join/index"},
    },
}
"""
PAGES = {
    "conf.py": CONF,
    "README.md": "# For members\n",
    "_static/own.css": "\ufeff.popup { gap: 0 } a { color: #010203; }",
    "_static/faces.css": "@import url(face.css); p { font-family: Face }",
    "_static/last.css": "p { font-family: Last }",
    "_templates/search-button-field.html": "<p>Our own search button</p>",
    "team/index.md": "# Team\n\n```{team}\n```\n\n```{toctree}\n:glob:\n\n*\n```\n",
    "team/jane-roe.md": "---\nname: Jane Roe\nrole: pi\n---\n",
    "publications/year/2024.md": "---\norphan: true\n---\n# 2024\n\nA busy year.\n",
    "news/index.md": "# News & views\n\n```{news}\n```\n",
    "news/2024-02-01-talk.md": "---\ndate: 2024-02-01\n---\n\nJane Roe gave a talk.\n",
    "index.md": FILES["index.md"].replace(
        "publications/index", "publications/index\nteam/index\nnews/index"
    ),
}


def write_lab(folder: Path) -> Site:
    """Write the source of the site."""
    site = Site(folder)
    for name, text in PAGES.items():
        site.write(name, text)
    return site


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Build the site."""
    return write_lab(tmp_path_factory.mktemp("themed") / "site").build()


def one(place: Tag, selector: str) -> Tag:
    """Return the first element that a selector finds."""
    found = place.select_one(selector)
    assert found is not None, selector
    return found


def test_one_extension_and_one_theme_build_strictly(built: Built) -> None:
    assert built.warnings == ""


def test_no_page_links_to_one_that_is_not_there(built: Built) -> None:
    for page in built.folder.rglob("*.html"):
        if "_static" in page.parts:
            continue
        name = page.relative_to(built.folder).with_suffix("").as_posix()
        for link in built.html(name).select("[href], [src]"):
            address = str(link.get("href") or link.get("src"))
            address = address.removeprefix("https://lab.example")
            path = urlsplit(address.removeprefix("/quiet/")).path
            if ":" in address or not path:
                continue
            base = built.folder if address.startswith("/quiet/") else page.parent
            assert (base / path).resolve().exists(), (name, address)


def test_the_frame_says_whose_site_it_is(built: Built) -> None:
    page = built.html("team/index")
    assert one(page, ".labsite-wordmark").get_text(" ", strip=True) == (
        "QM Quiet Machines Lab"
    )
    foot = one(page, ".labsite-footer-address").get_text("\n", strip=True)
    assert foot.splitlines() == [
        "Quiet Machines Lab",
        "Department of R&D",
        "1 Example Road",
        "office at lab dot example",
    ]
    menu = [a.get_text(strip=True) for a in page.select("header .navbar-nav a")]
    assert menu == ["Graphs", "Memory", "Publications", "Team", "News & views"]


def test_the_hero_has_the_buttons_of_pages_that_there_are(built: Built) -> None:
    hero = one(built.html("index"), ".labsite-hero")
    assert one(hero, ".labsite-hero-name").get_text() == "Quiet Machines Lab"
    title = hero.find_previous_sibling()
    assert title
    assert title.name == "h1"  # it is in the band
    links = {a.get_text(): a["href"] for a in hero.select("a")}
    assert links == {"Papers": "publications/index.html"}
    assert built.html("team/index").select_one(".labsite-hero") is None


def test_the_home_page_of_each_language_has_the_hero_with_a_drawing_of_the_site(
    tmp_path: Path,
) -> None:
    site = write_lab(tmp_path)
    site.write("ko/index.md", "# 조용한 기계 연구실\n")
    drawing = "<img alt=\"{{ _('Home') }}\" src=\"{{ pathto('_static/own.css', 1) }}\">"
    site.write("_templates/hero-drawing.html", drawing)
    built = site.build(conf={"labsite_languages": ["ko"]})
    for name, label, source in (
        ("index", "Home", "_static/own.css"),
        ("ko/index", "홈", "../_static/own.css"),
    ):
        picture = one(built.html(name), "h1 + .labsite-hero img")
        assert (picture["alt"], picture["src"]) == (label, source)


def test_the_hero_needs_no_title(tmp_path: Path) -> None:
    site = write_lab(tmp_path)
    site.write("index.md", PAGES["index.md"].partition("\n")[2])
    page = site.build().html("index")
    assert page.select_one("h1") is None
    assert one(page, "section > .labsite-hero .labsite-hero-name").get_text()


def test_the_lost_find_the_parts_of_the_site(built: Built) -> None:
    links = [a["href"] for a in built.html("404").select("#not-found li a")]
    assert links[0] == "/quiet/index.html"
    assert "/quiet/team/index.html" in links


def test_what_is_no_page_becomes_none(built: Built) -> None:
    assert not (built.folder / "README.html").exists()
    assert not (built.folder / "news/2024-02-01-talk.html").exists()


def test_a_book_and_a_page_of_everything_have_no_dead_links(tmp_path: Path) -> None:
    site = write_lab(tmp_path / "site")
    listed = "```{publications}\n:filter:\n```\n"
    site.write("publications/index.md", f"# Papers\n\n{listed}")
    interests = "---\nname: Jane Roe\nrole: pi\ninterests: [Graphs]\n---\n"
    site.write("team/jane-roe.md", interests)
    whole = site.build("singlehtml").html("index")
    paths = [urlsplit(str(link["href"])) for link in whole.select("a[href]")]
    assert not [path for path in paths if path.path and not path.netloc]
    book = site.build("epub")
    assert "mimetype" not in book.warnings
    text = (book.folder / "team/index.xhtml").read_text("utf-8")
    assert "labsite-wordmark" not in text
    pages = {path: ET.parse(path) for path in book.folder.rglob("*.xhtml")}  # noqa: S314 -- our own; readers of books refuse other markup
    addresses = [
        (page, str(element.get("href") or element.get("src", "")))
        for page, tree in pages.items()
        for element in tree.iter()
    ]
    assert [
        (page.name, address)
        for page, address in addresses
        if not urlsplit(address).scheme
        and not (page.parent / urlsplit(address).path).exists()
    ] == []
    # What a book does not have is on the site.
    known = {address for _page, address in addresses}
    site_address = "https://lab.example/quiet"
    assert f"{site_address}/publications/roe2024graphs.html" in known
    assert f"{site_address}/publications.bib" in known
    assert f"{site_address}/search.html?q=Graphs" in known


def test_a_page_in_the_place_of_a_records_page_is_found_once(built: Built) -> None:
    index = (built.folder / "search-index.js").read_text("utf-8")
    assert index.count('"publications/year/2024.html"') == 1
    assert "A busy year." in index


def test_the_site_overrides_templates_and_styles(built: Built) -> None:
    page = built.html("index")
    assert "Our own search button" in one(page, "header").get_text()
    css = (built.folder / "_static/labsite.css").read_text("utf-8")
    assert css.rindex("#010203") > css.rindex("labsite-wordmark")


def test_the_colours_follow_from_one(built: Built) -> None:
    css = (built.folder / "_static/labsite.css").read_text("utf-8")
    assert re.search(r"--labsite-primary: *#7a1f5c", css)
    assert "#7a1f5c" in (built.folder / "_static/labsite/mark.svg").read_text("utf-8")


def test_a_bad_colour_is_told_with_what_to_write(tmp_path: Path) -> None:
    site = write_lab(tmp_path / "site")
    site.edit("conf.py", "#7a1f5c", "purple")
    with pytest.raises(ConfigError, match="'purple' is not a colour; write it"):
        site.build()


def test_styles_of_the_site_stay_as_they_are(built: Built) -> None:
    combined = (built.folder / "_static/labsite.css").read_text("utf-8")
    # A script from elsewhere may set the class; "@import" counts at the head alone.
    assert ".popup{gap: 0}a{color: #010203;}" in combined
    assert "font-family:Face" not in combined
    links = built.html("index").select("link[rel=stylesheet]")
    order = [str(link["href"]).partition("?")[0] for link in links]
    assert order == [f"_static/{n}.css" for n in ("labsite", "faces", "last")]


def test_another_theme_shows_the_lists_decently(tmp_path: Path) -> None:
    site = write_lab(tmp_path / "site")
    conf = CONF.partition("html_theme_options")[0].replace(
        '"labsite"\n', '"alabaster"\n'
    )
    site.write("conf.py", conf)
    built = site.build()
    assert built.warnings == ""
    assert built.titles("publications/index")[0] == "GPU Graphs"
    page = built.html("publications/index")
    sheets = [str(link["href"]) for link in page.select("link[rel=stylesheet]")]
    assert any("labsite-base.css" in sheet for sheet in sheets)
    assert page.select(".sphinxsidebar")
    assert not page.select(".labsite-footer, .labsite-wordmark")


def test_records_link_to_no_list_that_is_not_there(tmp_path: Path) -> None:
    site = write_lab(tmp_path / "site")
    (site.source / "publications/index.md").unlink()
    site.edit("index.md", "publications/index\n", "")
    built = site.build()
    assert "this page is missing; write publications/index.md" in built.warnings
    paper = built.html("publications/roe2024graphs")
    links = [a["href"] for a in paper.select("article a, .bd-header-article a")]
    assert not [link for link in links if str(link).startswith("index.html")]


def test_package_has_no_word_of_this_lab() -> None:
    words = re.compile(r"AISys|aisys|SNU|snu\b|Seoul|Jinho|Accelerated Intelligent")
    for path in (ROOT / "src/labsite").rglob("*"):
        if path.suffix in {".html", ".css", ".js", ".toml", ".jinja", ".md", ".svg"}:
            assert not words.search(path.read_text("utf-8")), path
