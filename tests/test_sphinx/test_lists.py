"""Lists of publications on pages."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING
from urllib.parse import urljoin

import pytest
from bs4 import BeautifulSoup

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from tests.test_sphinx.conftest import Site

NEW_LIST = "```{publications}\n:topic: new\n:filter:\n```\n"


def test_site_builds_without_a_warning(site: Site) -> None:
    assert site.build().warnings == ""


def test_full_list_has_every_paper_newest_first_under_its_year(site: Site) -> None:
    page = site.build().html("publications/index")
    headings = [
        h.get_text(" ", strip=True) for h in page.select("section section > h2")
    ]
    assert [h.split()[:2] for h in headings] == [
        ["2024", "1"],
        ["2023", "1"],
        ["2022", "1"],
    ]
    titles = [p.get_text() for p in page.select(".labsite-title")]
    assert titles[0] == "GPU Graphs"
    assert titles[1].startswith("Memory in")
    assert titles[2] == "Another Paper"


def test_topic_lists_the_papers_with_its_token_and_no_other(site: Site) -> None:
    built = site.build()
    assert len(built.titles("research/graphs")) == 2
    assert built.titles("research/memory")[-1] == "Another Paper"
    assert "GPU Graphs" not in built.titles("research/memory")


def test_paper_on_several_lists_is_cited_without_a_duplicate(site: Site) -> None:
    built = site.build()
    link = built.html("index").select_one(".bibtex-citation a")
    assert link is not None
    assert link.get_text() == "Roe and Doe, 2024"
    assert link["href"] == "publications/roe2024graphs.html"
    assert built.warnings == ""


def test_first_list_of_a_page_has_the_form_to_filter_it(site: Site) -> None:
    page = "publications/index.md"
    site.write(page, "# All\n\n" + "```{publications}\n:filter:\n```\n\n" * 2)
    lists = site.build().html("publications/index").select(".labsite-filterable")
    forms = [len(found.select("form.labsite-filter")) for found in lists]
    assert forms == [1, 0]
    menus = [str(menu["data-menu"]) for menu in lists[0].select("details")]
    assert menus == ["topic", "year", "venue", "kind"]
    assert lists[0].select_one("output").get_text() == "3 papers"  # type: ignore[union-attr]


def test_search_of_sphinx_finds_what_a_list_shows(site: Site) -> None:
    site.build()
    script = (site.source / "_build/html/searchindex.js").read_text(encoding="utf-8")
    index = json.loads(script[script.index("{") : script.rindex("}") + 1])
    found = index["terms"]["anoth"]  # the stem of "Another", of one title alone
    names = [index["docnames"][number] for number in found]
    assert {"publications/index", "research/memory"} <= set(names)


@pytest.mark.parametrize("builder", ["html", "dirhtml"])
def test_list_looks_alike_whoever_fills_it(site: Site, builder: str) -> None:
    site.edit("publications.bib", "archiveprefix", "pdf = {other.pdf}, archiveprefix")
    site.write("other.pdf", "%PDF-1.7")
    filled = site.build(builder, conf={"html_extra_path": ["other.pdf"]})
    site.edit("conf.py", '"basic"', '"labsite"')
    written = site.build(
        builder, folder="_other", conf={"html_extra_path": ["other.pdf"]}
    )
    assert written.warnings == filled.warnings == ""
    pages = {path.relative_to(filled.folder) for path in filled.folder.rglob("*.html")}
    lists = [_lists(built.folder, pages) for built in (filled, written)]
    assert [_lean(html) for html in lists[0]] == lists[1]
    assert len(lists[0]) > 10
    entries = [
        written.folder / page.parent / str(link["href"])
        for page in pages
        for link in BeautifulSoup((written.folder / page).read_bytes(), "lxml").select(
            ".labsite-exports a[href$='.bib']"
        )
    ]
    assert [path for path in entries if not path.is_file()] == []


def _lean(html: str) -> str:
    """Remove what the writer of lists leaves out: no style or script asks for it."""
    link = r"(?s)(<a [^>]*internal[^>]*>)<span>(.*?)</span></a>"
    html = re.sub(link, r"\1\2</a>", html)
    kinds = "reference (?:in|ex)ternal"
    return re.sub(f' class="{kinds}"| {kinds}(?=")', "", html)


def _lists(folder: Path, pages: Iterable[Path]) -> list[str]:
    """Return every list of papers, with the addresses of its links from the root."""
    found = []
    for page in sorted(pages):
        text = (folder / page).read_text(encoding="utf-8")
        html = BeautifulSoup(text, "lxml")
        for listed in html.select(".labsite-publications"):
            for link in listed.select("a"):
                link["href"] = urljoin(f"https://lab.example/{page}", str(link["href"]))
            found.append(f"{page} {listed}")
    return found


def test_list_is_complete_in_plain_text(site: Site) -> None:
    built = site.build("text")
    text = (built.folder / "research/graphs.txt").read_text(encoding="utf-8")
    assert "GPU Graphs" in text
    assert "Jane Roe^*, John Doe^*" in text


def test_equal_contribution_has_a_mark_and_its_legend(site: Site) -> None:
    page = site.build().html("research/graphs")
    authors = page.select_one(".labsite-authors")
    assert authors is not None
    assert authors.get_text() == "Jane Roe*, John Doe*"
    legend = page.select_one(".labsite-legend")
    assert legend is not None
    assert legend.get_text() == "* Equal contribution"


def test_list_without_equal_contribution_has_no_legend(site: Site) -> None:
    assert not site.build().html("research/memory").select(".labsite-legend")


@pytest.mark.parametrize(
    ("role", "shown"),
    [("all", "3"), ("topic=graphs", "2"), ("topic=memory; year=2022", "1")],
)
def test_count_role_gives_the_number(site: Site, role: str, shown: str) -> None:
    site.write(
        "count.md", f"---\norphan: true\n---\n# N\n\nX {{publication-count}}`{role}`"
    )
    page = site.build().html("count")
    paragraph = page.select_one("section p")
    assert paragraph is not None
    assert paragraph.get_text() == f"X {shown}"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (":topic: graps", "unknown topic 'graps'; write one of graphs, memory"),
        (":kind: novel", "unknown kind 'novel'; write one of conference"),
        (":year: soon", "year: 'soon' is not a number"),
        (":year: 1999", "no publication matches this list"),
    ],
)
def test_wrong_option_is_reported_at_its_line(
    site: Site, options: str, message: str
) -> None:
    site.write(
        "list.md",
        f"---\norphan: true\n---\n\n# L\n\n```{{publications}}\n{options}\n```\n",
    )
    warnings = site.build().warnings
    assert f"list.md:7: WARNING: {message}" in warnings
    assert len(warnings.splitlines()) == 1


def test_build_tells_what_stops_it_from_what_does_not(site: Site) -> None:
    site.edit("publications.bib", "{Another Paper}", "{Another GPU Paper}")
    site.edit("publications.bib", "{2201.00001}", "{12}")
    built = site.build()
    key = "poe2022other: "
    assert f"publications.bib:26: WARNING: {key}eprint: '12' is no" in built.warnings
    (line,) = [line for line in built.said.splitlines() if "write {GPU}" in line]
    assert line.startswith(f"publications.bib:24:28: warning: {key}title: ")
    assert line.endswith(" [unprotected-capitals] (does not fail the build)")


def test_message_that_stops_no_build_names_its_place(site: Site) -> None:
    rules = """labsite_rules = {"empty-topic": "warning"}\nhtml_theme ="""
    site.edit("conf.py", "html_theme =", rules)
    site.write("list.md", "# List\n\n```{publications}\n:year: 1999\n```\n")
    built = site.build()
    (line,) = [line for line in built.said.splitlines() if "[empty-topic]" in line]
    assert "list.md:3: warning: no publication matches this list" in line
    assert "empty-topic" not in built.warnings


def test_list_of_a_topic_without_papers_says_so(site: Site) -> None:
    site.write("research/new.md", "---\ntitle: New\n---\n\n## Papers\n\n" + NEW_LIST)
    built = site.build()
    assert "new-topic" not in built.warnings
    assert "research/new.md:1:1: warning: no paper has this topic yet" in built.said
    section = built.html("research/new").select_one("#papers")
    assert section is not None
    assert [p.get_text() for p in section.select("p")] == ["No publications yet."]


def test_a_new_site_may_have_no_papers(site: Site) -> None:
    site.write("publications.bib", "% nothing yet\n")
    assert "empty-topic" not in site.build().warnings


def test_long_list_gives_way_to_a_page_for_each_year(site: Site) -> None:
    built = site.build(conf={"labsite_split_lists_above": 2})
    index = built.html("publications/index")
    assert not index.select(".labsite-title")
    links = [a["href"] for a in index.select(".labsite-groups a")]
    assert links == ["year/2024.html", "year/2023.html", "year/2022.html"]
    assert built.titles("publications/year/2024") == ["GPU Graphs"]
    assert built.html("publications/roe2024graphs").find("summary", string="APA")
    assert built.warnings == ""


MORE = """\
@article{more%d,
  author   = {Roe, Jane},
  title    = {More %d},
  keywords = {memory},
%s
}
"""


def test_no_list_is_longer_than_a_page(site: Site) -> None:
    dates = ["  year = {2021},"] * 3 + [""]
    more = "\n".join(MORE % (n, n, date) for n, date in enumerate(dates))
    site.write("more.bib", more)
    site.edit("conf.py", '"*.md",', '"*.md", "team/*.md",')
    settings = {
        "labsite_split_lists_above": 2,
        "bibtex_bibfiles": ["publications.bib", "more.bib"],
    }
    site.write("team/jane-roe.md", "---\nname: Jane Roe\nrole: phd\n---\n")
    built = site.build(conf=settings)

    def parts(page: str) -> list[str]:
        links = built.html(page).select(".labsite-groups a")
        return [f"{a['href']} {a.get_text()}" for a in links]

    assert parts("publications/index")[-2:] == [
        "year/2021.html 2021",
        "year/undated.html Undated",
    ]
    assert parts("publications/year/2021") == [
        "2021/2.html 2021 (2)",
        "2021/1.html 2021 (1)",
    ]
    assert built.titles("publications/year/2021/1") == ["More 1", "More 2"]
    assert built.titles("publications/year/2021/2") == ["More 0"]
    assert built.titles("publications/year/undated") == ["More 3"]
    person = "../publications/person/jane-roe"
    assert f"{person}/2021.html 2021" in parts("team/jane-roe")
    assert parts("publications/person/jane-roe/2021")[0].startswith("2021/2.html")


def test_other_builders_show_the_same_list(site: Site) -> None:
    built = site.build("text")
    text = (built.folder / "research/graphs.txt").read_text(encoding="utf-8")
    assert "GPU Graphs" in text
    assert "Jane Roe^*, John Doe^*" in text
    assert built.warnings == ""


def test_future_date_is_shown_as_to_appear(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1704067200")  # 1 January 2024
    page = site.build().html("publications/index")
    marked = [li["data-key"] for li in page.select("li:has(.labsite-forthcoming)")]
    assert marked == ["roe2024graphs"]
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1706745600")  # 1 February 2024
    page = site.build().html("publications/index")
    assert not page.select(".labsite-forthcoming")


def test_a_list_does_not_grow_with_the_authors_of_one_paper(site: Site) -> None:
    names = (f"Somebody, {chr(65 + i % 26)}{i // 26 * 'a'}" for i in range(900))
    authors = " and ".join((*names, "Roe, Jane"))
    site.edit("publications.bib", "{Poe, Edgar}", f"{{{authors}}}")
    site.write("team/roe.md", "---\nname: Jane Roe\nrole: phd\n---\n# Jane\n")
    built = site.build(conf={"include_patterns": ["*.md", "*/*.md"]})
    chosen = 'li[data-key="poe2022other"] .labsite-authors'
    (line,) = built.html("publications/index").select(chosen)
    assert line.get_text().count("Somebody") == 50
    assert line.get_text().endswith("Jane Roe, and others")
    page = built.html("publications/poe2022other").get_text()
    assert page.count("Somebody") >= 900


def test_a_topics_card_has_its_papers_by_the_years_and_the_newest(site: Site) -> None:
    cards = "```{topic-cards}\n```\n\n```{toctree}\npublications/index\n```\n"
    site.edit("index.md", "Work on graphs", f"{cards}\nWork on graphs")
    card = site.build().html("index").select(".labsite-topic")[0]
    assert card.select(".labsite-topic-count")[0].get_text() == "2 publications"
    (bars,) = card.select(".labsite-sparkline path")
    assert bars["d"] == "M2 16v-16M6 16v-16"
    site.edit("publications.bib", "{GPU} Graphs", "Other Graphs")
    (newest,) = site.build().html("index").select(".labsite-newest")[:1]
    assert newest.get_text() == "Newest paper: Other Graphs"


def test_the_years_above_a_list_show_how_many_papers_each_has(site: Site) -> None:
    site.edit("publications.bib", "year     = {2023}", "year     = {2024}")
    links = site.build().html("publications/index").select(".labsite-years a")
    shown = [(a.get_text(), a["href"], a["class"][0]) for a in links]
    assert shown == [
        ("2024", "#year-2024", "labsite-bar-8"),
        ("2022", "#year-2022", "labsite-bar-4"),
    ]


def test_a_list_without_a_paper_that_is_gone_is_reported(site: Site) -> None:
    options = ":topic: graphs\n:without: poe2022other\n"
    site.write(
        "list.md", f"---\norphan: true\n---\n# L\n\n```{{publications}}\n{options}```\n"
    )
    site.build()
    text = (site.source / "publications.bib").read_text("utf-8")
    site.write("publications.bib", text[: text.index("@misc{poe2022other")])
    assert "there is no publication 'poe2022other'" in site.build().warnings


def test_a_list_follows_the_aliases_of_its_person(site: Site) -> None:
    site.edit("conf.py", '"*.md",', '"*.md", "team/*.md",')
    page = "---\norphan: true\nname: Edgar Poe\nrole: phd\naliases: [{}]\n---\n"
    lists = "```{publications}\n:person: Eddie\n```\n"
    site.write("list.md", f"---\norphan: true\n---\n# L\n\n{lists}")
    for alias, titles in (("Eddie", ["Another Paper"]), ("E. Poe", [])):
        site.write("team/edgar-poe.md", page.format(alias))
        assert site.build().titles("list") == titles
