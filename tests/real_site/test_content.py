"""The lab's site has what the lab's data say, everywhere it should, and no more."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import pytest
from bs4 import Tag

if TYPE_CHECKING:
    from tests.conftest import BuiltSite

HANGUL = re.compile("[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]")


def test_full_list_has_every_paper_once(built: BuiltSite, entries: int) -> None:
    keys = built.keys("publications/index.html")
    assert len(keys) == entries
    assert keys == [p.key for p in built.records.library.publications]


def test_topic_lists_have_the_papers_of_their_topic_and_no_other(
    built: BuiltSite,
) -> None:
    for topic in built.records.topics:
        papers = built.records.library.publications
        expected = [p.key for p in papers if topic.slug in p.topics]
        assert built.keys(f"{topic.docname}.html") == expected


def test_years_of_the_full_list_add_up(built: BuiltSite, entries: int) -> None:
    page = built.page("publications/index.html")
    counts = [
        int(c.get_text()) for c in page.select(".labsite-filterable h2 .labsite-count")
    ]
    assert sum(counts) == entries


def test_features_stand_in_the_order_of_the_brief(built: BuiltSite) -> None:
    titles = [
        a.get_text() for a in built.page("index.html").select(".labsite-feature h3 a")
    ]
    assert titles[:3] == [
        "AI Accelerators",
        "Distributed Deep Learning",
        "Data-Free NN Compression",
    ]


def test_each_button_leads_to_the_list_of_its_topic(built: BuiltSite) -> None:
    buttons = built.page("index.html").select("a.labsite-feature-button")
    assert len(buttons) == 4
    for button in buttons:
        address = urlsplit(str(button["href"]))
        page = built.page(address.path)
        anchor = page.find(id=address.fragment)
        assert anchor is not None
        slug = address.path.removeprefix("research/").removesuffix(".html")
        keys = built.keys(address.path)
        assert keys
        assert all(slug in built.records.library.by_key[key].topics for key in keys)
        assert button.get_text(" ", strip=True) == f"Publications ({len(keys)})"
        assert button.select("svg")


def test_sides_of_the_features_alternate(built: BuiltSite) -> None:
    rows = built.page("index.html").select(".labsite-feature .sd-row")
    reversed_rows = ["sd-flex-row-reverse" in row["class"] for row in rows]
    assert reversed_rows == [False, True, False, True]


def test_home_page_has_what_the_brief_lists_in_its_order(built: BuiltSite) -> None:
    text = built.page("index.html").get_text(" ", strip=True)
    parts = (
        "Welcome to AISys!",
        "Electrical and Computer Engineering at Seoul National University",
        "Hiring",
        "leejinho at snu dot ac dot kr",
        "대학원생",
        "Research Topics",
        "AI Accelerators",
        "Distributed Deep Learning",
        "Data-Free NN Compression",
    )
    text = text[text.index("Welcome to AISys!") :]
    places = [text.index(part) for part in parts]
    assert places == sorted(places)
    assert built.page("index.html").select(".labsite-hero svg title")


def test_contact_is_never_an_address_that_machines_collect(built: BuiltSite) -> None:
    for name in built.pages:
        page = built.page(name)
        assert not page.select('a[href^="mailto:"]'), name
        assert "leejinho@" not in page.get_text()


def test_korean_is_marked_as_korean(built: BuiltSite) -> None:
    found = 0
    for name in built.pages:
        for text in built.page(name).find_all(string=HANGUL):
            language = text.find_parent(lang=True)
            assert isinstance(language, Tag)
            assert language["lang"] == "ko", (name, text)
            found += 1
    assert found > 4


def test_the_korean_words_for_applicants_have_an_address(built: BuiltSite) -> None:
    target = built.page("index.html").select_one("#join-us [lang=ko] #join-us-ko")
    assert target
    assert HANGUL.search(target.get_text())


def test_hosts_that_run_jekyll_are_told_not_to(built: BuiltSite) -> None:
    # Folders that begin with "_" would be missing, that of the styles among them.
    assert (built.folder / ".nojekyll").is_file()


def test_every_link_inside_the_site_leads_somewhere(built: BuiltSite) -> None:
    broken = []
    ids = {
        name: {str(tag["id"]) for tag in built.page(name).find_all(id=True)}
        for name in built.pages
    }
    for name in built.pages:
        for tag in built.page(name).find_all(href=True):
            parts = urlsplit(str(tag["href"]))
            if parts.scheme or parts.netloc:
                continue
            path = unquote(parts.path)
            # The page for lost addresses counts from the root: it may be anywhere.
            base = (
                built.folder if path.startswith("/") else (built.folder / name).parent
            )
            target = base / path.lstrip("/") if path else built.folder / name
            inside = target.resolve().relative_to(built.folder.resolve()).as_posix()
            known = ids.get(inside)
            missing = (
                parts.fragment and known is not None and parts.fragment not in known
            )
            # "#" alone and the theme's skip link are no addresses of ours.
            if not target.is_file() or (missing and parts.fragment != "main-content"):
                broken.append((name, tag["href"]))
    assert broken == []


def test_nothing_is_loaded_from_another_host(built: BuiltSite) -> None:
    for name in built.pages:
        page = built.page(name)
        loaded = [tag["src"] for tag in page.select("[src]")]
        loaded += [tag["href"] for tag in page.select('link[rel="stylesheet"][href]')]
        assert [url for url in loaded if urlsplit(str(url)).netloc] == [], name


def test_ids_are_unique_on_every_page(built: BuiltSite) -> None:
    for name in built.pages:
        ids = Counter(str(tag["id"]) for tag in built.page(name).find_all(id=True))
        assert [i for i, count in ids.items() if count > 1] == [], name


@pytest.mark.parametrize(
    ("slug", "papers"),
    [("jinho-lee", 8), ("seongyeon-park", 9), ("kanghyun-choi", 12)],
)
def test_person_has_their_papers(built: BuiltSite, slug: str, papers: int) -> None:
    """Of 83, those marked as selected: the page leads to all."""
    assert len(built.keys(f"team/{slug}.html")) == papers


def test_paper_with_a_name_once_misspelt_is_on_the_members_page(
    built: BuiltSite,
) -> None:
    assert "hong2026localut" in built.keys("team/seongyeon-park.html")
