"""Groups with which papers were written: their data file, and the page with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.test_sphinx.conftest import Built, Site

GROUPS = """\
- name: Lone <Lab>
  members: [Edgar Poe]
- name: Pair Lab
  name_de: Labor Paar
  institution: Example University
  url: https://pair.example/
  members:
    - John Doe
    - Jane Roe
"""
PAGE = "---\norphan: true\n---\n# Groups\n\n```{collaborators} groups.yaml\n```\n"
PAIR = "John Doe, Jane Roe\u00a0· Example University\u00a0· 2 publications"
LONE = "Edgar Poe\u00a0· 1 publication"


@pytest.fixture
def site(site: Site) -> Site:
    """Return the small site with a page of groups."""
    site.write("groups.md", PAGE)
    site.write("groups.yaml", GROUPS)
    return site


def words(built: Built, selector: str) -> list[str]:
    """Return the texts of parts of the page."""
    found = built.html("groups").select(f".labsite-timeline {selector}")
    return [part.get_text(" ", strip=True) for part in found]


def test_groups_come_by_their_number_of_papers_newest_paper_first(site: Site) -> None:
    built = site.build()
    assert built.warnings == ""
    assert words(built, "dt") == ["Pair Lab", "Lone <Lab>"]
    assert words(built, ".labsite-collaborator") == [PAIR, LONE]
    assert words(built, ".labsite-dot") == [
        "GPU Graphs",
        "Memory in O(n²)",
        "Another Paper",
    ]
    links = [a["href"] for a in built.html("groups").select(".labsite-timeline a")]
    assert links[:2] == ["https://pair.example/", "publications/roe2024graphs.html"]


@pytest.mark.parametrize(
    ("file", "old", "new", "shown"),
    [
        pytest.param("groups.yaml", "Edgar", "Jane", None, id="a mistake"),
        pytest.param("groups.yaml", ": Pair", ": Two", [PAIR, LONE], id="the data"),
        pytest.param(
            "publications.bib",
            "{Poe, Edgar}",
            "{Poe, Edgar and Roe, Jane}",
            [PAIR.replace("2", "3"), LONE],
            id="an author",
        ),
    ],
)
def test_a_change_of_the_data_or_of_a_paper_changes_the_page(
    file: str, old: str, new: str, shown: list[str] | None, site: Site
) -> None:
    site.build()
    site.edit(file, old, new)
    built = site.build()
    assert "groups" in built.written
    if shown:
        assert words(built, ".labsite-collaborator") == shown
    clean = site.build(folder="_clean").folder / "groups.html"
    assert (built.folder / "groups.html").read_bytes() == clean.read_bytes()


def test_a_member_whose_papers_are_gone_is_reported_until_corrected(
    site: Site,
) -> None:
    site.build()
    site.edit("publications.bib", "{Roe, Jane and", "{Roe, Jim and")
    for _ in range(2):
        assert "no paper has the author 'Jane Roe'" in site.build().warnings
    site.edit("groups.yaml", "    - Jane Roe\n", "")
    assert site.build().warnings == ""


def test_a_paper_of_nobody_in_a_group_leaves_the_page_alone(site: Site) -> None:
    site.edit("groups.yaml", "Edgar Poe", "Jane Roe")
    site.build()
    site.edit("publications.bib", "{Another Paper}", "{A Renamed Paper}")
    assert "groups" not in site.build().written


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        pytest.param(
            "- Jane Roe",
            "- Roe Jane",
            "9: WARNING: no paper has the author 'Roe Jane'; did you mean 'Jane Roe'? "
            "[labsite.bad-value]",
            id="another spelling",
        ),
        pytest.param(
            "[Edgar Poe]",
            "[Nobody Known]",
            "2: WARNING: no paper has the author 'Nobody Known'; write the name as "
            "papers print it, or remove it [labsite.bad-value]",
            id="no author",
        ),
        pytest.param(
            "https://pair.example/",
            "javascript:alert(1)",
            "6: WARNING: url: 'javascript:alert(1)' is not an address; write https://… "
            "[labsite.bad-url]",
            id="a script",
        ),
        pytest.param(
            "name: Pair Lab",
            "nam: Pair Lab",
            "3: WARNING: there is no field 'nam'; did you mean 'name'? "
            "[labsite.missing-field]",
            id="misspelt name",
        ),
        pytest.param(
            "name: Pair Lab",
            "name_ko: Pair Lab",
            "3: WARNING: no name; write '- name: Example Lab' [labsite.missing-field]",
            id="no name",
        ),
        pytest.param(
            "members: [Edgar Poe]",
            "institution: Nowhere",
            "1: WARNING: no members; write 'members: [Jane Roe]', with names as on "
            "papers [labsite.missing-field]",
            id="no members",
        ),
    ],
)
def test_a_mistake_is_reported_at_its_line_and_costs_nothing_else(
    old: str, new: str, message: str, site: Site
) -> None:
    site.edit("groups.yaml", old, new)
    built = site.build()
    assert built.warnings == f"groups.yaml:{message}"
    assert words(built, "dt")
    assert "javascript:" not in str(built.html("groups").select(".labsite-timeline"))


def test_a_member_of_two_groups_counts_for_both(site: Site) -> None:
    site.edit("groups.yaml", "[Edgar Poe]", "[Edgar Poe, Jane Roe]")
    built = site.build()
    assert built.warnings == ""
    counts = [
        text.rpartition("\u00a0· ")[2] for text in words(built, "dd > p:first-child")
    ]
    assert counts == ["2 publications", "2 publications"]


def test_names_of_the_language_of_the_page_are_shown(site: Site) -> None:
    conf: dict[str, object] = {"labsite_languages": ["de"]}
    site.edit("conf.py", '"*.md",', '"*.md", "de/*.md",')
    site.write("de/groups.md", PAGE.replace("groups.yaml", "../groups.yaml"))
    found = site.build(conf=conf).html("de/groups").select(".labsite-timeline dt")
    assert [part.get_text() for part in found] == ["Labor Paar", "Lone <Lab>"]
