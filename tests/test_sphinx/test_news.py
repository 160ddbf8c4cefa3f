"""News on pages: order, text, references, and what is built again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from bs4 import BeautifulSoup
    from tests.test_sphinx.conftest import Site

ITEM = """\
---
date: {date}
kind: {kind}
---

{text}
"""
ITEMS = {
    "graphs": (
        "2024-02-20",
        "paper",
        "{pub:ref}`GPU Graphs <roe2024graphs>` was\naccepted *at last*.",
    ),
    "jane": ("2024-02-19", "award", "{person}`Jane Roe` won [it](https://p.example)."),
    "doe": ("2023", "news", "{person}`Somebody <jane-roe>` on {cite}`doe2023memory`."),
}  # fmt: skip
PAGES = {
    "index.md": """\
# Example Lab

```{news}
:limit: 2
```

```{toctree}
research/graphs
research/memory
publications/index
news/index
team/jane-roe
```
""",
    "news/index.md": "# News\n\n```{news}\n```\n",
    "team/jane-roe.md": "---\nname: Jane Roe\nrole: phd\n---\n",
}
KEY = "roe2024graphs,"
ACCEPTED = f"{KEY}\n  accepted = {{2024-01-05}},"


def write_item(site: Site, slug: str, date: str, kind: str, text: str) -> None:
    page = ITEM.format(date=date, kind=kind, text=text)
    site.write(f"news/{slug}.md", page)


@pytest.fixture
def site(site: Site) -> Site:
    """Return the small site with a page of news, three items and a person."""
    site.edit("conf.py", '"*.md",', '"*.md", "news/index.md", "team/*.md",')
    for name, text in PAGES.items():
        site.write(name, text)
    for slug, parts in ITEMS.items():
        write_item(site, slug, *parts)
    return site


def snapshot(folder: Path) -> dict[str, bytes]:
    """Return every file that a visitor may get."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != ".buildinfo"
    }


def said(page: BeautifulSoup) -> list[str]:
    """Return the texts of the items on a page."""
    return [
        " ".join(text.get_text(" ", strip=True).split())
        for text in page.select(".labsite-news-text")
    ]


def test_all_news_stands_under_its_year_newest_first(site: Site) -> None:
    built = site.build()
    page = built.html("news/index")
    sections = page.select("section section")
    assert [section["id"] for section in sections] == ["year-2024", "year-2023"]
    headings = [h.get_text(" ", strip=True).split()[:2] for h in page.select("h2")]
    assert headings == [["2024", "2"], ["2023", "1"]]
    ids = [[li["id"] for li in s.select(".labsite-news-item")] for s in sections]
    assert ids == [["news-graphs", "news-jane"], ["news-doe"]]
    assert built.warnings == ""


def test_an_item_shows_its_month_and_kind(site: Site) -> None:
    facts = site.build().html("news/index").select(".labsite-news-facts")
    shown = [[part.get_text() for part in fact.select("*")] for fact in facts]
    assert shown == [["February 2024", "Paper"], ["February 2024", "Award"], ["2023"]]
    assert [fact.select("a")[0]["href"] for fact in facts] == [
        "#news-graphs",
        "#news-jane",
        "#news-doe",
    ]


def test_the_text_of_an_item_is_markdown_with_roles(site: Site) -> None:
    page = site.build().html("news/index")
    links = [
        (a.get_text(), a["href"]) for a in page.select(".labsite-news-text a[href]")
    ]
    assert links == [
        ("GPU Graphs", "../publications/roe2024graphs.html"),
        ("Jane Roe", "../team/jane-roe.html"),
        ("it", "https://p.example"),
        ("Somebody", "../team/jane-roe.html"),
        ("Doe, 2023", "../publications/doe2023memory.html"),
    ]
    assert page.select_one("#news-graphs em") is not None


@pytest.mark.parametrize(
    ("builder", "page", "up"),
    [("html", "news/2023", "../"), ("dirhtml", "news/2023/index", "../../")],
)
def test_news_too_many_for_one_page_get_a_page_for_each_year(
    site: Site, builder: str, page: str, up: str
) -> None:
    built = site.build(builder, conf={"labsite_split_lists_above": 2})
    index = "news/index"
    assert len(said(built.html(index))) == 2
    (link,) = built.html(index).select(".labsite-groups a")
    assert link.get_text() == "2023"
    earlier = built.html(page)
    assert said(earlier) == ["Somebody on ( Doe, 2023 ) ."]
    assert earlier.select_one("#news-doe") is not None
    ending = ".html" if builder == "html" else "/"
    links = [a["href"] for a in earlier.select(".labsite-news-text a[href]")]
    assert links[0] == f"{up}team/jane-roe{ending}"
    feed = (built.folder / "news.atom").read_text(encoding="utf-8")
    assert f"/news/2023{ending}#news-doe" in feed
    assert built.warnings == ""


def test_labels_of_items_do_not_clash(site: Site) -> None:
    text = "A [site] and[^1] notes[^n].\n\n(here)=\nSee [here](#here).\n\n"
    text += "[^1]: First {}.\n[^n]: More {}.\n\n[site]: https://{}.example\n"
    for slug in ("doe", "jane"):
        write_item(site, slug, ITEMS[slug][0], "news", text.replace("{}", slug))
    write_item(site, "graphs", "2024-02-20", "news", "Fine.\n\nNot there[^1].")
    built = site.build(conf={"labsite_split_lists_above": 2})
    (warning,) = {*built.warnings.splitlines()}
    place = f"{site.source / 'news/graphs.md'}:8"
    assert warning.startswith(f'{place}: ERROR: Unknown target name: "1"')
    for page, slug in {
        "index": "jane",
        "news/index": "jane",
        "news/2023": "doe",
    }.items():
        html = built.html(page)
        ids = [element["id"] for element in html.select("[id]")]
        assert len(ids) == len({*ids})
        (item,) = (
            i for i in html.select(".labsite-news-text") if i.select("a.brackets")
        )
        addresses = [str(a["href"]) for a in item.select("p a[href]:not(aside a)")]
        targets = [a if "://" in a else item.select(a)[0].get_text() for a in addresses]
        shown = [target.strip(" \n") for target in targets]
        assert shown == [
            f"https://{slug}.example",
            f"[1]\nFirst {slug}.",
            f"[2]\nMore {slug}.",
            "See here.",
        ]


def test_a_link_of_an_item_that_leads_nowhere_is_reported_at_its_line(
    site: Site,
) -> None:
    write_item(site, "graphs", "2024-02-20", "news", "A [link](#gone).\n\nText.\n")
    (warning,) = {*site.build().warnings.splitlines()}
    assert warning.startswith(f"{site.source / 'news/graphs.md'}:6: WARNING: 'myst'")


def test_a_page_with_news_is_stored_without_the_environment(site: Site) -> None:
    write_item(site, "jane", "2024-02-19", "award", "(won)=\nWon [](#won).\n")
    site.build()
    stored = (site.source / "_build/doctrees/news/index.doctree").read_bytes()
    assert b"labsite-news" in stored
    assert b"BuildEnvironment" not in stored


def test_the_page_of_earlier_news_follows_its_items(site: Site) -> None:
    split: dict[str, object] = {"labsite_split_lists_above": 2}
    site.build(conf=split)
    site.edit("news/doe.md", "Somebody", "Somebody else")
    built = site.build(conf=split)
    assert said(built.html("news/2023")) == ["Somebody else on ( Doe, 2023 ) ."]
    write_item(site, "old", "2023-01-01", "news", "Older.")
    page = site.build(conf=split).html("news/index")
    (count,) = page.select(".labsite-groups .labsite-count")
    assert count.get_text() == "2"
    (site.source / "news/old.md").unlink()
    (site.source / "news/jane.md").unlink()
    built = site.build(conf=split)
    assert len(said(built.html("news/index"))) == 2
    assert not (built.folder / "news/2023.html").exists()


def test_a_limit_gives_one_plain_list_of_the_newest(site: Site) -> None:
    page = site.build().html("index")
    assert len(page.select("ul.labsite-news")) == 1
    assert said(page) == ["GPU Graphs was accepted at last .", "Jane Roe won it ."]
    assert not page.select("h2, .labsite-news-item[id]")


def test_an_accepted_paper_is_news_by_itself(site: Site) -> None:
    (site.source / "news/graphs.md").unlink()
    site.edit("publications.bib", KEY, ACCEPTED)
    page = site.build().html("news/index")
    item = page.select_one("#news-accepted-roe2024graphs")
    assert item is not None
    assert [part.get_text() for part in item.select(".labsite-news-facts *")] == [
        "January 2024",
        "Paper",
    ]
    text = item.select_one(".labsite-news-text")
    assert text is not None
    assert text.get_text().strip() == "GPU Graphs has been accepted at CONF 2024."
    link = text.select_one("a")
    assert link is not None
    assert link["href"] == "../publications/roe2024graphs.html"
    built = site.build(conf={"language": "ko"})
    words = "GPU Graphs 논문이 CONF 2024에 채택되었습니다."
    assert words in said(built.html("news/index"))
    assert words in (built.folder / "news.atom").read_text("utf-8")


def test_what_an_item_refers_to_in_vain_is_reported_once(site: Site) -> None:
    text = (
        "{pub:ref}`A <roe2024graph>` and\n{person}`Jane roe`\n"
        "and {cite}`no,roe2024graphs` and {cite}`none` end."
    )
    write_item(site, "graphs", "2024-02-20", "paper", text)
    built = site.build()
    assert built.warnings.splitlines() == [
        f"news/graphs.md:{line}: WARNING: there is no {message} [labsite.unknown-key]"
        for line, message in (
            (6, "publication 'roe2024graph'; did you mean 'roe2024graphs'?"),
            (8, "publication 'no'; use a key of the bibliography"),
            (8, "publication 'none'; use a key of the bibliography"),
            (7, "person 'Jane roe'; did you mean 'Jane Roe'?"),
        )
    ]
    shown = "A and Jane roe and (Roe and Doe, 2024) and none end."
    text = built.html("news/index").select("#news-graphs p")[1].get_text()
    assert " ".join(text.split()) == shown


def test_a_mistake_in_the_markup_is_reported_where_it_is(site: Site) -> None:
    write_item(site, "doe", "2023", "news", "Fine.\n\nThen {persn}`Jane`.")
    assert site.build().warnings == (
        f"{site.source / 'news/doe.md'}:8: WARNING: "
        'Unknown interpreted text role "persn". [myst.role_unknown]'
    )


def test_a_broken_link_of_an_item_is_reported_where_it_is(site: Site) -> None:
    write_item(site, "doe", "2023", "news", "Fine.\n\nSee {doc}`nowhere`.")
    warnings = site.build().warnings.splitlines()
    assert [w.partition(": ")[0] for w in warnings] == [
        f"{site.source / 'news/doe.md'}:8"
    ]


def test_what_stands_below_the_news_is_reported_on_its_own_page(site: Site) -> None:
    site.write("news/index.md", "# News\n\n```{news}\n```\n\nA {nonsense}`x`.\n")
    (warning,) = site.build().warnings.splitlines()
    assert warning.startswith(f"{site.source / 'news/index.md'}:6: WARNING: Unknown")


def test_a_wrong_option_is_reported_at_its_directive(site: Site) -> None:
    site.write("news/index.md", "# News\n\n```{news}\n:limit: 0\n```\n")
    (warning,) = site.build().warnings.splitlines()
    message = "4: WARNING: 'news': Invalid option value for 'limit'"
    assert f"news/index.md:{message}" in warning


def test_the_feed_leads_to_the_items_on_the_page(site: Site) -> None:
    write_item(site, "안녕 2024", "2024-03", "news", "Said.")
    built = site.build()
    feed = (built.folder / "news.atom").read_text(encoding="utf-8")
    page = built.html("news/index")
    ids = [str(li["id"]) for li in page.select(".labsite-news-item")]
    assert len(ids) == 4
    for anchor in ids:
        assert f"<id>https://lab.example/news/index.html#{anchor}</id>" in feed
    assert "<title>Example Lab: News</title>" in feed
    assert "Somebody on (Memory in O(n²))." in feed


@pytest.mark.parametrize(
    ("page", "href"),
    [("index", "news.atom"), ("publications/roe2024graphs", "../news.atom")],
)
def test_every_page_tells_of_the_feed(site: Site, page: str, href: str) -> None:
    links = site.build().html(page).select("link[rel=alternate]")
    assert (href, "Example Lab: News") in [(x["href"], x["title"]) for x in links]


def test_a_site_without_a_page_of_news_has_no_feed(site: Site) -> None:
    (site.source / "news/index.md").unlink()
    site.edit("index.md", "news/index\n", "")
    built = site.build()
    assert not (built.folder / "news.atom").exists()
    assert "news.atom" not in str(built.html("index").head)
    assert built.warnings == ""


def test_other_builders_show_the_news(site: Site) -> None:
    built = site.build("text")
    text = (built.folder / "news/index.txt").read_text(encoding="utf-8")
    assert "February 2024 Award" in text
    assert "Jane Roe won it" in text
    assert built.warnings == ""


def edit_text(site: Site) -> None:
    site.edit("news/jane.md", "won", "received")


def add_item(site: Site) -> None:
    write_item(site, "new", "2024-03-01", "member", "{person}`Jane Roe` joined.")


def remove_item(site: Site) -> None:
    (site.source / "news/doe.md").unlink()


def retitle_drafted(site: Site) -> None:
    (site.source / "news/graphs.md").unlink()
    site.edit("publications.bib", KEY, ACCEPTED)
    site.build()
    site.edit("publications.bib", "{GPU} Graphs", "{GPU} Trees")


def accept_paper(site: Site) -> None:
    key = "poe2022other,"
    site.edit("publications.bib", key, f"{key}\n  accepted = {{2024-09}},")


def rename_person(site: Site) -> None:
    site.edit("team/jane-roe.md", "name: Jane Roe", "name: Jane Poe")


def rename_key(site: Site) -> None:
    site.edit(
        "publications.bib", "{doe2023memory,", "{doe2023mem,\n ids={doe2023memory},"
    )


@pytest.mark.parametrize("jobs", [0, 2], ids=["serial", "parallel"])
@pytest.mark.parametrize(
    ("edit", "changed"),
    [
        (edit_text, {"index", "news/index"}),
        (add_item, {"index", "news/index"}),
        (remove_item, {"news/index"}),
        (retitle_drafted, set()),  # written, and not read
        (accept_paper, {"index", "news/index"}),
        (rename_person, {"index", "news/index"}),
        (rename_key, {"news/index"}),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_incremental_build_is_a_clean_build(
    site: Site, edit: object, changed: set[str], jobs: int
) -> None:
    assert callable(edit)
    site.build(jobs=jobs)
    edit(site)
    built = site.build(jobs=jobs)
    if not jobs:  # what other processes read is not seen here
        assert {"index", "news/index"} & built.read == changed
    again = snapshot(built.folder)
    clean = snapshot(site.build(jobs=jobs, folder="_clean").folder)
    assert again.keys() == clean.keys()
    assert [name for name in clean if again[name] != clean[name]] == []


def test_nothing_changed_reads_nothing(site: Site) -> None:
    site.build()
    assert site.build().read == set()
