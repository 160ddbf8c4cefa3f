"""What the team page and a person's own page say of somebody."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest

if TYPE_CHECKING:
    from tests.test_sphinx.conftest import Site

PAGES = ("team/index", "team/jane-roe")


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ("", ["MS student"]),
        ("joined: 2020-09\n", ["MS student", "In the lab since September 2020"]),
        ("joined: 2020\nleft: 2099\n", ["MS student", "In the lab since 2020"]),
        (
            "joined: 2020-09\nleft: 2022-02\ndegree: MS\nnow: Example Inc.\n",
            [
                "Former member (MS)",
                "September 2020 – February 2022",
                "Now: Example Inc.",
            ],
        ),
        ("left: 2022\n", ["Former member", "Until 2022"]),
        ("joined: 2020\nleft: unknown\n", ["Former member", "Joined 2020"]),
        ("left: unknown\n", ["Former member"]),
    ],
)
def test_what_somebody_is_or_was_is_said_as_far_as_it_is_known(
    site: Site, facts: str, said: list[str]
) -> None:
    site.edit("conf.py", '"*.md",', '"*.md", "team/*.md",')
    site.write("team/index.md", "---\norphan: true\n---\n# Team\n\n```{team}\n```\n")
    person = f"name: Jane Roe\nrole: ms\n{facts}"
    site.write("team/jane-roe.md", f"---\norphan: true\n{person}---\n")
    built = site.build()
    assert built.warnings == ""
    for page in PAGES:
        lines = [line.get_text() for line in built.html(page).select(".labsite-role")]
        assert lines == said


CLARE = """\
---
orphan: true
name: Clare Roe
names:
  ko: 노클레어
role: engineer
position: Research software engineer
department: Department of Examples
affiliations: [Example University, Example Institute]
mentors: [Ann Poe, Somebody Else]
email: clare@lab.example
links:
  GitLab: https://gitlab.example/clare
favourite-colour: green
---
"""


PERSON = "---\norphan: true\nname: {}\nrole: {}\n{}---\n"
LISTS = """\
---
orphan: true
---
# Lists

```{publications}
:keys: doe2023memory, roe2024graphs
:without: doe2023memory
```

```{publications}
:field: eprint = 2201.00001
```

```{publications}
:kind: novel
```
"""


def test_a_lab_has_roles_fields_and_namesakes_of_its_own(site: Site) -> None:
    site.edit("conf.py", '"*.md",', '"*.md", "team/*.md",')
    site.write("team/index.md", "---\norphan: true\n---\n# Team\n\n```{team}\n```\n")
    site.write("team/clare-roe.md", CLARE)
    site.write("team/jane-roe.md", PERSON.format("Jane Roe", "pi", ""))
    site.write("team/jane-roe-2.md", PERSON.format("Jane Roe", "pi", ""))
    site.write("team/ann-poe.md", PERSON.format("Ann Poe", "우주인", ""))
    gone = "left: 2022\nnow: Assistant Professor at Example University\n"
    site.write("team/gone-poe.md", PERSON.format("Gone Poe", "ms", gone))
    meant = 'author+an:id = {1="jane-roe-2"},'
    site.edit("publications.bib", "{1=equal; 2=equal},", f"{{1=equal}},\n  {meant}")
    site.write("lists.md", LISTS)
    roles = {"engineer": {"name": "Engineer", "plural": "Engineers", "after": ""}}
    rules = {"bad-query": "off", "unknown-role": "warning"}
    built = site.build(conf={"labsite_roles": roles, "labsite_rules": rules})
    assert built.warnings == ""
    assert "there is no field 'favourite-colour'" in built.said
    index = built.html("team/index")
    groups = [h.get_text().rstrip("¶") for h in index.select("h2")]
    assert groups == ["Engineer", "Principal investigators", "우주인", "Alumni"]
    ids = [str(section["id"]) for section in index.select("section section")]
    assert ids == ["engineer", "pi", "section", "alumni"]
    assert "Now: Assistant Professor at Example University" in index.get_text()
    page = built.html("team/clare-roe")
    text = page.get_text()
    assert "노클레어" in text
    assert "Department of Examples" in text
    assert "Example Institute" in text
    assert "Mentored by Ann Poe, Somebody Else" in text
    addresses = [unquote(str(a["href"])) for a in page.select(".labsite-profile a")]
    assert "mailto:clare@lab.example" in addresses
    assert "https://gitlab.example/clare" in addresses
    assert built.titles("team/jane-roe-2") == ["GPU Graphs"]
    assert built.titles("team/jane-roe") == []
    assert built.titles("lists") == ["GPU Graphs", "Another Paper"]


@pytest.mark.parametrize(("marked", "shown"), [("", 40), ("  selected = {true},\n", 1)])
def test_a_long_list_is_a_selection_and_the_way_to_all(
    site: Site, marked: str, shown: int
) -> None:
    site.edit("conf.py", '"*.md",', '"*.md", "team/*.md",')
    entry = (
        "@misc{{roe{0},\n  author = {{Jane Roe}},\n  title = {{Paper {0}}},\n"
        "  year = {{2020}},\n{1}}}\n"
    )
    entries = [entry.format(n, marked if n == 7 else "") for n in range(41)]
    bib = (site.source / "publications.bib").read_text("utf-8")
    site.write("publications.bib", bib + "\n".join(entries))
    site.write("team/jane-roe.md", "---\norphan: true\nname: Jane Roe\nrole: ms\n---\n")
    built = site.build()
    assert len(built.titles("team/jane-roe")) == shown
    (whole,) = built.html("team/jane-roe").select(".labsite-selection a")
    assert whole.get_text() == "All 42 publications"
    assert whole["href"] == "../publications/index.html?person=Jane%20Roe"


def test_a_card_says_what_a_member_works_on(site: Site) -> None:
    site.edit("conf.py", '"*.md",', '"*.md", "team/*.md",')
    site.write("team/index.md", "---\norphan: true\n---\n# Team\n\n```{team}\n```\n")
    person = "name: Jane Roe\nrole: ms\ninterests: [graphs & trees]\n"
    site.write("team/jane-roe.md", f"---\norphan: true\n{person}---\n")
    built = site.build()
    (card,) = built.html("team/index").select(".labsite-card")
    links = {link.get_text(): link["href"] for link in card.select("a")}
    assert links == {
        "Jane Roe": "jane-roe.html",
        "graphs & trees": "../search.html?q=graphs%20%26%20trees",
        "Graphs": "../research/graphs.html",
        "GPU Graphs": "../publications/roe2024graphs.html",
    }
    site.edit("publications.bib", "{GPU} Graphs", "Other Graphs")
    (card,) = site.build().html("team/index").select(".labsite-newest")
    assert card.get_text() == "Newest paper: Other Graphs"


def test_an_address_stands_on_one_page_and_is_said_on_others(site: Site) -> None:
    site.edit("conf.py", '"*.md",', '"*.md", "team/*.md",')
    start = "---\norphan: true\n"
    site.write("team/index.md", f"{start}---\n# Team\n\n```{{team}}\n```\n")
    jane = f"{start}name: Jane Roe\nrole: pi\noffice: 7-1\n"
    jane += "contact: jane at lab dot example\n---\n"
    site.write("team/jane-roe.md", jane)
    site.write("team/al-doe.md", f"{start}name: Al Doe\nrole: ms\n---\n")
    text = (
        "Write to {contact}`Jane Roe`, or {contact}`al-doe`. Room {office}`Jane Roe`."
    )
    site.write("write.md", f"{start}---\n# Write\n\n{text}\n")
    built = site.build()
    assert "write.md:6: WARNING: team/al-doe.md has no 'contact'" in built.warnings
    assert (
        "Write to jane at lab dot example, or . Room 7-1."
        in built.html("write").get_text()
    )
    for name in ("write", "team/jane-roe"):  # copies an address from either page
        assert built.html(name).select("script[src*='labsite-copy.js']")
    site.write("team/jane-roe.md", jane.replace("jane at", "roe at"))
    site.edit("team/al-doe.md", "role: ms", "role: ms\nemail: al@lab.example")
    site.write("team/al-2.md", f"{start}name: Al Doe\nrole: ms\n---\n")
    site.edit("write.md", "`al-doe`", "`Al Doe`")
    message = "'Al Doe' is the name of several people; write 'al-2' or 'al-doe'"
    assert message in site.build().warnings
    site.edit("write.md", "`Al Doe`", "`al-doe`")
    built = site.build()
    assert built.warnings == ""
    page = built.html("write")
    assert "Write to roe at lab dot example, or al@lab.example." in page.get_text()
    assert page.select('a[href^="mailto:"]')


def test_an_unknown_topic_of_a_site_without_topics_is_reported(site: Site) -> None:
    for path in (site.source / "research").glob("*.md"):
        path.unlink()
    site.write("p.md", "---\norphan: true\n---\n# P\n\n```{topic-people} x\n```\n")
    assert "unknown topic 'x'; there are none" in site.build().warnings


def test_an_alias_of_another_author_moves_the_link(site: Site) -> None:
    site.edit("conf.py", '"*.md",', '"*.md", "team/*.md",')
    page = "---\norphan: true\nname: Jo Poe\nrole: phd\naliases: [{}]\n---\n"
    for alias in ("Jane Roe", "John Doe"):
        site.write("team/jo-poe.md", page.format(alias))
        authors = (
            site.build()
            .html("publications/roe2024graphs")
            .select_one(".labsite-authors")
        )
        assert authors
        assert [a.get_text() for a in authors.select("a")] == [alias]
