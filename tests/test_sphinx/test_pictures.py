"""Pictures in a built site: what pages show, and which files a visitor may get."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urljoin

import pytest
from PIL import Image

if TYPE_CHECKING:
    from pathlib import Path

    from bs4 import Tag
    from tests.test_sphinx.conftest import Built, Site

PAPER = "publications/roe2024graphs"
RED, BLUE = (200, 20, 20), (20, 20, 200)
PORTRAITS = """
from docutils.parsers.rst import Directive
from labsite.sphinx.domain import get_domain
from labsite.sphinx.pictures import portrait


class Portraits(Directive):
    def run(self):
        site = get_domain(self.state.document.settings.env).site
        return [portrait(person, site) for person in site.people]


def setup(app):
    app.add_directive("portraits", Portraits)
"""


def draw(
    site: Site,
    name: str = "previews/graphs.png",
    size: tuple[int, int] = (2000, 1000),
    colour: tuple[int, int, int] = RED,
) -> Path:
    path = site.source / name
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", size, colour).save(path)
    return path


@pytest.fixture
def illustrated(site: Site) -> Site:
    """Return a site with a preview of one paper, which is in a list or two."""
    draw(site)
    _name_preview(site)
    return site


def _name_preview(site: Site, name: str = "graphs.png") -> None:
    field = f"  doi       = {{10.1234/5}},\n  preview   = {{{name}}},\n"
    site.edit("publications.bib", "  doi       = {10.1234/5},\n", field)


def pictures(built: Built, page: str) -> list[Tag]:
    return built.html(page).select("img.labsite-preview")


def files(built: Built) -> dict[str, Path]:
    """Return the files of pictures that a visitor may get."""
    found = sorted(built.folder.joinpath("_images").rglob("*.*"))
    return {path.name: path for path in found}


def test_a_list_shows_a_small_picture_beside_the_title(illustrated: Site) -> None:
    built = illustrated.build()
    assert built.warnings == ""
    (picture,) = pictures(built, "research/graphs")
    assert picture["alt"] == ""
    assert (picture["width"], picture["height"]) == ("160", "80")
    assert (picture["loading"], picture["decoding"]) == ("lazy", "async")
    item = picture.parent
    assert item is not None
    assert item["data-key"] == "roe2024graphs"
    # Two other papers on the site have none.
    assert len(pictures(built, "publications/index")) == 1


def test_a_paper_s_page_shows_a_larger_one_with_words_for_it(site: Site) -> None:
    draw(site)
    _name_preview(site)
    site.edit("publications.bib", "{{GPU} Graphs}", r'{A <"b"> \& C}')
    built = site.build()
    (picture,) = pictures(built, PAPER)
    assert picture["alt"] == 'Figure from A <"b"> & C'
    assert (picture["width"], picture["height"]) == ("640", "320")


@pytest.mark.parametrize("builder", ["html", "dirhtml", "singlehtml"])
def test_every_file_that_a_page_names_is_there_as_large_as_promised(
    illustrated: Site, builder: str
) -> None:
    built = illustrated.build(builder)
    named = set()
    for page in built.folder.rglob("*.html"):
        name = page.relative_to(built.folder).as_posix()
        for picture in pictures(built, name.removesuffix(".html")):
            larger, density = str(picture["srcset"]).split()
            assert density == "2x"
            for url, factor in ((str(picture["src"]), 1), (larger, 2)):
                path = urljoin(name, url)
                named.add(path.rpartition("/")[2])
                with Image.open(built.folder / path) as image:
                    assert image.format == "WEBP"
                    assert image.width == factor * int(str(picture["width"]))
    assert named
    # One page for everything has no page for each paper.
    made = files(built).keys()
    assert named == {n for n in made if builder != "singlehtml" or "thumbnail" in n}


def test_the_original_never_reaches_a_visitor(illustrated: Site) -> None:
    built = illustrated.build()
    assert len(files(built)) == 4
    original = (illustrated.source / "previews/graphs.png").read_bytes()
    written = [p for p in built.folder.rglob("*.*") if p.is_file()]
    copies = [p for p in written if p.read_bytes() == original]
    assert copies == []


def test_nothing_changed_writes_nothing(illustrated: Site) -> None:
    before = {p: p.stat().st_mtime_ns for p in files(illustrated.build()).values()}
    built = illustrated.build()
    assert built.read == set()
    assert {p: p.stat().st_mtime_ns for p in files(built).values()} == before


def test_a_changed_picture_changes_the_pages_that_show_it(illustrated: Site) -> None:
    before = files(illustrated.build()).keys()
    draw(illustrated, size=(1500, 1500), colour=BLUE)
    built = illustrated.build()
    assert {PAPER, "research/graphs", "publications/index"} <= built.written
    assert "research/memory" not in built.read
    (picture,) = pictures(built, PAPER)
    assert picture["height"] == "640"
    # What no page shows any more is gone.
    assert len(files(built)) == 4
    assert not before & files(built).keys()


def test_a_touched_picture_reads_nothing(illustrated: Site) -> None:
    illustrated.build()
    (illustrated.source / "previews/graphs.png").touch()
    assert illustrated.build().read == set()


def test_a_picture_that_is_gone_costs_itself_until_it_is_back(
    illustrated: Site,
) -> None:
    whole = illustrated.build()
    pages = {page: str(whole.html(page)) for page in (PAPER, "research/graphs")}
    (illustrated.source / "previews/graphs.png").unlink()
    built = illustrated.build()
    assert "publications.bib:11: WARNING: roe2024graphs: preview: there is no" in (
        built.warnings
    )
    assert "[labsite.bad-preview]" in built.warnings
    assert len(built.warnings.splitlines()) == 1
    assert pictures(built, PAPER) == pictures(built, "research/graphs") == []
    assert files(built) == {}
    assert "GPU Graphs" in built.titles("research/graphs")
    assert illustrated.build().read == set()
    draw(illustrated)
    again = illustrated.build()
    assert {page: str(again.html(page)) for page in pages} == pages


def test_a_damaged_picture_costs_only_itself(illustrated: Site) -> None:
    path = illustrated.source / "previews/graphs.png"
    Image.effect_noise((400, 400), 80).save(path)
    path.write_bytes(path.read_bytes()[:5000])
    built = illustrated.build()
    assert "publications.bib:11: WARNING: roe2024graphs: preview: the picture is" in (
        built.warnings
    )
    assert pictures(built, PAPER) == []
    assert files(built) == {}
    assert "GPU Graphs" in built.titles("research/graphs")


def test_a_file_that_the_output_lost_is_made_again(illustrated: Site) -> None:
    made = files(illustrated.build())
    lost = next(iter(made.values()))
    data = lost.read_bytes()
    lost.unlink()
    assert illustrated.build().read == set()
    assert lost.read_bytes() == data


def test_papers_may_share_a_picture(illustrated: Site) -> None:
    both = "  year     = {2023},\n  preview = {graphs.png},\n"
    illustrated.edit("publications.bib", "  year     = {2023},\n", both)
    built = illustrated.build(jobs=2)
    assert len(pictures(built, "research/graphs")) == 2
    assert len(files(built)) == 4


def test_a_parallel_build_makes_the_same_files(illustrated: Site) -> None:
    drawing = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 3 2"><path/></svg>'
    illustrated.write("previews/memory.svg", drawing)
    both = "  year     = {2023},\n  preview = {memory.svg},\n"
    illustrated.edit("publications.bib", "  year     = {2023},\n", both)
    serial, parallel = (
        {name: path.read_bytes() for name, path in files(built).items()}
        for built in (illustrated.build(), illustrated.build(jobs=2, folder="_other"))
    )
    assert len(serial) == 5
    assert serial == parallel


@pytest.mark.parametrize("builder", ["text", "latex", "man", "texinfo", "xml", "epub"])
def test_other_builders_do_without(illustrated: Site, builder: str) -> None:
    built = illustrated.build(builder)
    assert "picture" not in built.warnings
    assert "labsite-preview" not in built.warnings
    assert not list(built.folder.rglob("graphs*.png"))
    made = list(built.folder.rglob("*.webp"))
    assert len(made) == (4 if builder == "epub" else 0)


def test_people_have_a_photograph_or_a_monogram(site: Site) -> None:
    conf = (site.source / "conf.py").read_text(encoding="utf-8")
    site.write("conf.py", conf + PORTRAITS)
    site.write("team/doe.md", "---\nname: John Doe\nrole: phd\n---\n")
    record = "---\nname: Jane Roe\nrole: pi\nphoto: roe.png\n---\n"
    site.write("team/roe.md", record)
    site.edit("index.md", "# Example Lab\n", "# Example Lab\n\n```{portraits}\n```\n")
    draw(site, "team/roe.png", size=(900, 1600))
    built = site.build()
    page = built.html("index")
    (photograph,) = page.select("img.labsite-portrait")
    assert photograph["alt"] == ""
    assert (photograph["width"], photograph["height"]) == ("160", "160")
    assert (built.folder / str(photograph["src"])).is_file()
    (mark,) = page.select("svg.labsite-monogram")
    assert mark.get_text() == ""
    assert mark["aria-hidden"] == "true"
    assert not mark.has_attr("style")
    (colour,) = {*mark["class"]} - {"labsite-monogram"}
    assert colour in {f"labsite-monogram-{number}" for number in range(6)}


def test_two_people_of_the_same_initials_have_different_marks(site: Site) -> None:
    conf = (site.source / "conf.py").read_text(encoding="utf-8")
    site.write("conf.py", conf + PORTRAITS)
    for name in ("John Doe", "Jane Dow", "Jill Day"):
        record = f"---\nname: {name}\nrole: phd\n---\n"
        site.write(f"team/{name.split()[0].lower()}.md", record)
    site.edit("index.md", "# Example Lab\n", "# Example Lab\n\n```{portraits}\n```\n")
    marks = site.build().html("index").select("svg.labsite-monogram")
    assert len({str(mark.select("path")) for mark in marks}) == 3
