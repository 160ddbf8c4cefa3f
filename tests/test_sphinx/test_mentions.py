"""What the site's prose says of a paper stands on the paper's page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup

if TYPE_CHECKING:
    from tests.test_sphinx.conftest import Built, Site


def _mentions(built: Built, page: str) -> list[tuple[str, str]]:
    text = (built.folder / f"{page}.html").read_text("utf-8")
    items = BeautifulSoup(text, "html.parser").select(".labsite-mentions > li")
    return [
        (item.select("p")[0].get_text(), str(item.select("a")[0]["href"]))
        for item in items
    ]


def test_a_sentence_that_cites_a_paper_is_on_its_page_and_follows_edits(
    site: Site,
) -> None:
    page, other = "publications/roe2024graphs", "publications/doe2023memory"
    site.edit(
        "index.md",
        "Work on graphs {cite}`roe2024graphs`.",
        "First, i.e. at once. Work on graphs {cite}`roe2024graphs`, by Roe et al. at "
        "length. A third one.\n\n## More\n\nMemory {cite}`doe2023memory` is slow.",
    )
    built = site.build()
    assert _mentions(built, page) == [
        ("Work on graphs, by Roe et al. at length.", "../index.html")
    ]
    assert _mentions(built, other) == [("Memory is slow.", "../index.html#more")]
    site.edit("index.md", "Memory {cite}", "Storage {cite}")
    edited = site.build()
    assert _mentions(edited, other) == [("Storage is slow.", "../index.html#more")]
    site.edit("index.md", "{cite}`doe2023memory`", "alone")
    assert _mentions(site.build(), other) == []


def test_a_reference_in_a_sentence_is_a_title_or_a_name_and_told_once(
    site: Site,
) -> None:
    patterns = '"*.md", "news/index.md", "team/*.md"'
    site.edit("conf.py", '"*.md"', patterns)
    site.write("team/jane-roe.md", "---\nname: Jane Roe\nrole: phd\n---\n")
    text = "Work on {pub:ref}`roe2024graphs`, by {person}`jane-roe`."
    site.write("news/work.md", f"---\ndate: 2024-02-20\nkind: paper\n---\n\n{text}\n")
    site.write("news/index.md", "# News\n\n```{news}\n```\n")
    news = "```{news}\n:limit: 2\n```\n\n"
    site.edit("index.md", "Work on graphs {cite}`roe2024graphs`.", news + text)
    built = site.build()
    sentence = "Work on GPU Graphs, by Jane Roe."
    assert _mentions(built, "publications/roe2024graphs") == [
        (sentence, "../index.html")
    ]


def test_what_an_item_of_news_says_belongs_to_the_news(site: Site) -> None:
    site.edit("conf.py", '"*.md"', '"*.md", "news/index.md"')
    text = (
        "Fine[^1].\n\n- Listed [there][t][^1] {cite}`roe2024graphs`.\n- Second.\n\n"
        "[t]: https://p.example\n[^1]: {cite}`roe2024graphs`.\n"
    )
    site.write("news/work.md", f"---\ndate: 2024-02-20\n---\n\n{text}")
    site.write("news/index.md", "# News\n\n```{news}\n```\n")
    news = (
        "# Example Lab\n\n```{news}\n:limit: 2\n```\n\n```{toctree}\nnews/index\n```\n"
    )
    site.write("index.md", news)
    shown = _mentions(site.build(), "publications/roe2024graphs")
    # The first paragraph that cites the paper, without the others.
    place = "../news/index.html#news-work"
    assert shown == [("Listed there (GPU Graphs).", place)]


def test_a_sentence_below_a_second_main_heading_is_told_with_it(site: Site) -> None:
    text = "# One\n\nText.\n\n# Two\n\nGood {cite}`doe2023memory`.\n"
    site.write("two.md", f"---\norphan: true\n---\n{text}")
    mentions = _mentions(site.build(), "publications/doe2023memory")
    assert mentions == [("Good.", "../two.html#two")]


def test_a_sentence_that_cites_a_paper_twice_is_told_once(site: Site) -> None:
    site.edit(
        "index.md",
        "{cite}`roe2024graphs`.",
        "{cite}`roe2024graphs` and memory {cite}`roe2024graphs doe2023memory`.",
    )
    mentions = _mentions(site.build(), "publications/roe2024graphs")
    assert mentions == [("Work on graphs and memory.", "../index.html")]


def test_a_page_may_hold_references_of_other_domains(site: Site) -> None:
    site.write(
        "code.md",
        "---\norphan: true\n---\n# C\n\n```{py:function} f(x: set) -> str\n```\n",
    )
    assert "f(x" in site.build().html("code").get_text()


def test_a_sentence_after_a_list_belongs_to_the_section_around_it(site: Site) -> None:
    lists = "```{publications}\n```\n\nAfter them {cite}`poe2022other`.\n"
    # Of the citation and the title alone there is nothing to tell.
    alone = "\n{cite}`poe2022other`\n\n{pub:ref}`poe2022other`\n"
    site.write("lists.md", f"---\norphan: true\n---\n# Lists\n\n{lists}{alone}")
    mentions = _mentions(site.build(), "publications/poe2022other")
    assert mentions == [("After them.", "../lists.html")]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Первое. Граф {cite}`roe2024graphs` мал. Третье.", "Граф мал."),
        ("一つ目。グラフ{cite}`roe2024graphs`は小さい。三つ目。", "グラフは小さい。"),
        ("Eins. Der sog. Graph {cite}`roe2024graphs`. Drei.", "Der sog. Graph."),
        ("One, e.g. here. A graph {cite}`roe2024graphs`, approx. small.", None),
    ],
)
def test_a_sentence_ends_as_in_its_script(
    text: str, sentence: str | None, site: Site
) -> None:
    site.edit("index.md", "Work on graphs {cite}`roe2024graphs`.", text)
    mentions = _mentions(site.build(), "publications/roe2024graphs")
    assert mentions == [(sentence or "A graph, approx. small.", "../index.html")]
