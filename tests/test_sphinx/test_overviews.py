"""Overviews made from all records: what they show, and when they are made anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.test_sphinx.conftest import Built, Site

DIRECTIVES = {
    "honours": "{honours}",
    "files": "{exports}",
    "figures": "{figures}",
    "dots": "{timeline}",
    "venues": "{publication-groups} Venue",
}
EDITS = {
    "an award": ("month     = feb", "month = feb, award = {Best Paper}"),
    "a year": ("{2024}", "{2025}"),
    "an abstract": ("month     = feb", "month = feb, abstract = {Fast.}"),
}
#: The pages that are written again after each edit.
WRITTEN = {
    "an award": {"honours"},
    "a year": {"dots"},
    "an abstract": set(),
}


@pytest.fixture
def overviews(site: Site) -> Site:
    """Return a site with a page for each overview."""
    for name, directive in DIRECTIVES.items():
        page = f"---\norphan: true\n---\n# {name}\n\n```{directive}\n```\n"
        site.write(f"{name}.md", page)
    return site


def test_each_shows_what_it_is_about(overviews: Site) -> None:
    built = overviews.build()
    assert built.warnings == ""
    # There is no page of all topics to which their number could lead.
    assert words(built, "figures", ".labsite-figures li") == ["3 publications"]
    assert words(built, "dots", ".labsite-timeline dt") == ["Graphs", "Memory"]
    dots = ["GPU Graphs", "Memory in O(n²)", "Memory in O(n²)", "Another Paper"]
    assert words(built, "dots", ".labsite-dot") == dots
    lists = ["Publications", "Graphs", "Memory"]
    assert words(built, "files", ".labsite-files-of") == lists
    venues = ["arXiv 1", "CONF 1", "Journal of Memory 1"]
    assert words(built, "venues", ".labsite-groups li") == venues
    assert words(built, "honours", ".labsite-honour") == []
    overviews.write("research/index.md", "# Topics\n\n```{topic-cards}\n```\n")
    (overviews.source / "research/memory.md").unlink()
    numbers = words(overviews.build(), "figures", ".labsite-figures li")
    assert numbers == ["3 publications", "1 research topic"]


def test_a_site_without_papers_shows_no_empty_list(overviews: Site) -> None:
    overviews.write("publications.bib", "")
    directives = "publication-chart", "publication-table", "projects", "topic-people"
    fences = "\n".join(f"```{{{name}}}\n```" for name in directives)
    overviews.write("none.md", f"---\norphan: true\n---\n# None\n\n{fences}\n")
    built = overviews.build()
    for name in ("none", *(DIRECTIVES.keys() - {"files"})):
        (section,) = built.html(name).select("section")
        assert not section.select("svg, table, ul, dl")


@pytest.mark.parametrize("edit", EDITS)
def test_one_is_written_again_if_it_shows_something_else(
    edit: str, overviews: Site
) -> None:
    overviews.build()
    overviews.edit("publications.bib", *EDITS[edit])
    built = overviews.build()
    assert built.written & DIRECTIVES.keys() == WRITTEN[edit]
    clean = overviews.build(folder="_clean")
    for name in DIRECTIVES:
        page = f"{name}.html"
        assert (built.folder / page).read_bytes() == (clean.folder / page).read_bytes()


def words(built: Built, page: str, selector: str) -> list[str]:
    """Return the texts of parts of a page."""
    parts = built.html(page).select(selector)
    return [part.get_text(" ", strip=True) for part in parts]


def test_a_topic_may_go_whose_card_was_shown(site: Site) -> None:
    site.write("cards.md", "---\norphan: true\n---\n# C\n\n```{topic-cards}\n```\n")
    assert "Memory" in site.build().html("cards").get_text()
    (site.source / "research/memory.md").unlink()
    assert "Memory" not in site.build().html("cards").get_text()


def test_pages_join_the_menu_in_the_order_of_their_numbers(site: Site) -> None:
    for name, number in (("later", "20"), ("first", "3"), ("wrong", "soon")):
        site.write(f"{name}.md", f"---\nmenu: {number}\n---\n# {name}\n")
    built = site.build()
    assert (
        "wrong.md:2: WARNING: menu: 'soon' is not a whole number; write 3"
        in built.warnings
    )
    assert built.warnings.count("WARNING") == 1
    links = [str(a["href"]) for a in built.html("index").select(".toctree-wrapper a")]
    own = ["wrong.html", "first.html", "later.html"]
    assert [address for address in links if address in own] == own


def test_people_are_below_the_page_of_the_team(site: Site) -> None:
    site.edit("conf.py", '"research/*.md"', '"research/*.md", "team/*.md"')
    site.edit("index.md", "research/graphs\n", "team/index\nresearch/graphs\n")
    site.write("team/index.md", "# Team\n\n```{team}\n```\n")
    assert not site.build(folder="first").warnings  # with nobody
    for name in ("ann-poe", "jane-roe"):
        front = f"---\nname: {name.replace('-', ' ').title()}\nrole: phd\n---\n"
        site.write(f"team/{name}.md", f"{front}\nText.\n")
    built = site.build()
    assert not built.warnings
    links = built.html("team/jane-roe").select(".related a")
    assert "index.html" in [a["href"] for a in links]
    (site.source / "team/ann-poe.md").unlink()
    (site.source / "team/jane-roe.md").unlink()
    assert not site.build().warnings
