"""Projects follow from the links of the publications."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from labsite.model.rich_text import RichText, Span, Style
from labsite.sphinx.overviews import project_name

if TYPE_CHECKING:
    from tests.test_sphinx.conftest import Site

PAGE = (
    "---\norphan: true\n---\n# Projects\n\n```{projects}\n```\n\n## Their use\n\nX.\n"
)
BIB = """
@inproceedings{roe2022fast,
  author    = {Roe, Jane},
  title     = {{Fa\\textsubscript{2}st}: Fast {Graphs} in $O(n)$},
  booktitle = CONF,
  year      = {2022},
  keywords  = {memory, graphs},
  pdf       = {https://p.example/fast.pdf},
  artifact  = {https://z.example/1},
  code      = {https://c.example/fast},
}

@misc{roe2021data,
  author   = {Roe, Jane},
  title    = {Graph Data},
  year     = {2021},
  keywords = {graphs},
  data     = {files/graphs.zip},
}

@misc{roe2020stray,
  author   = {Roe, Jane},
  title    = {A Title That Says a Good Deal More Than a Name: Stray},
  keywords = {stray},
  url_code = {https://c.example/stray},
  year     = {2020},
}
"""


@pytest.fixture
def site(site: Site) -> Site:
    """Return the small site with projects and a page of them."""
    site.write("projects.md", PAGE)
    bib = (site.source / "publications.bib").read_text(encoding="utf-8")
    site.write("publications.bib", bib + BIB)
    return site


def test_projects_stand_under_the_first_of_their_topics(site: Site) -> None:
    page = site.build().html("projects")
    found = [
        (
            section["id"],
            section.select("h2")[0].get_text(" ", strip=True).split()[:2],
            [p.get_text() for p in section.select(".labsite-project-name")],
        )
        for section in page.select("section section")
    ]
    assert found[0][:2] == ("projects-graphs", ["Graphs", "1"])
    assert found[0][2] == ["Graph Data"]
    assert found[1][:2] == ("projects-memory", ["Memory", "1"])
    assert found[2] == (
        "projects-other",
        ["Other", "1"],
        ["A Title That Says a Good Deal More Than a Name: Stray"],
    )
    assert found[3][0] == "their-use"
    assert len(found) == 4


def test_a_project_leads_to_its_paper_and_what_it_offers(site: Site) -> None:
    page = site.build().html("projects")
    item = page.select_one("#projects-memory .labsite-project")
    assert item is not None
    links = [(a.get_text(), a["href"]) for a in item.select("a")]
    assert links[0][1] == "publications/roe2022fast.html"
    assert links[1:] == [
        ("Code", "https://c.example/fast"),
        ("Artifact", "https://z.example/1"),
    ]
    assert links[0][0] == "Fa2st"
    assert item.select_one(".labsite-project-name sub") is not None
    title = item.select_one(".labsite-project-title")
    assert title is not None
    assert title.get_text().startswith("Fa2st: Fast Graphs in")
    assert title.select_one("math") is not None
    venue = item.select_one(".labsite-project-venue")
    assert venue is not None
    assert venue.get_text() == "CONF 2022"


def test_a_title_that_is_the_name_is_said_once(site: Site) -> None:
    item = site.build().html("projects").select_one("#projects-graphs .labsite-project")
    assert item is not None
    assert item.get_text(" ", strip=True) == "Graph Data 2021 Data"
    assert not item.select(".labsite-project-title")


@pytest.mark.parametrize(
    ("spans", "name"),
    [
        (["FAST: A System"], "FAST"),
        (["Two Words: A System: Again"], "Two Words"),
        (["x" * 30, ": rest"], "x" * 30),
        (["x" * 31, ": rest"], "x" * 31 + ": rest"),
        ([": rest"], ": rest"),
        (["No colon"], "No colon"),
        ([Span("f: A", Style.MATH), Span(" and more")], "f: A and more"),
        ([Span("F"), Span("2", Style.SUPERSCRIPT), Span("X: y")], "F2X"),
    ],
)
def test_the_name_is_what_stands_before_the_colon(
    spans: list[str | Span], name: str
) -> None:
    title = RichText(tuple(Span(s) if isinstance(s, str) else s for s in spans))
    assert str(project_name(title)) == name


def drop_code(site: Site) -> None:
    site.edit("publications.bib", "  data     = {files/graphs.zip},\n", "")


def give_code(site: Site) -> None:
    site.edit("publications.bib", "eprint  ", "code = {https://c.example/x},\n  eprint")


def rename_topic(site: Site) -> None:
    site.edit("research/memory.md", "title: Memory", "title: Storage")


def change_address(site: Site) -> None:
    site.edit("publications.bib", "c.example/fast", "c.example/faster")


@pytest.mark.parametrize("edit", [drop_code, give_code, rename_topic, change_address])
def test_incremental_build_is_a_clean_build(site: Site, edit: object) -> None:
    assert callable(edit)
    before = (site.build().folder / "projects.html").read_bytes()
    edit(site)
    again = (site.build().folder / "projects.html").read_bytes()
    clean = (site.build(folder="_clean").folder / "projects.html").read_bytes()
    assert again == clean
    assert again != before


def test_an_edit_of_another_paper_does_not_concern_the_projects(site: Site) -> None:
    site.build()
    site.edit("publications.bib", "{GPU} Graphs", "{GPU} Trees")
    assert "projects" not in site.build().read
