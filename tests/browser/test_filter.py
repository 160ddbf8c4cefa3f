"""The filter of the publication list, tried on a page as the site writes it."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import dataclass
from html import escape
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from jinja2 import Environment, FileSystemLoader
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator, Page

THEME = Path(__file__).parents[2] / "src/labsite/theme"

TOPICS = {
    "hardware": "Hardware & <Systems>",
    "machine learning": "Machine Learning",
    "graphs": "Graphs",
    "unused": "Nothing yet",
}
KINDS = {"journal": "Journal", "conference": "Conference", "preprint": "Preprint"}


@dataclass(frozen=True, slots=True)
class Paper:
    """One entry of the page, in the order of the fields on it."""

    year: int
    title: str
    authors: str  #: separated by semicolons
    venue: str = ""
    venue_name: str = ""
    topics: str = ""  #: separated by commas
    kind: str = "conference"
    has: str = ""


PAPERS = (
    Paper(2026, "Fast Caches", "Ada Lee; Bo Kim", "HPCA", "Int'l Symp.", "hardware"),
    Paper(2026, "Déjà Vu in Caches", "Ada Lee; José Núñez", "HPCA", "", "hardware"),
    Paper(
        2026,
        "Sparse Graphs",
        "Bo Kim",
        "ICML",
        "Conf. on ML",
        "graphs,machine learning",
    ),
    Paper(2026, "A <b>Bold</b> & </script> Title", 'Rob "X" O\'Brien', "C&A <i>"),
    Paper(
        2025,
        "Łódź\u2010Style Pruning",
        "Łukasz Øre",
        "ICML",
        "Conf. on ML",
        "machine learning",
    ),
    Paper(
        2025, "Caches Again", "Ada Leeson", "IEEE TC", "Trans.", "hardware", "journal"
    ),
    Paper(
        2025, "그래프 신경망", "김보", "ICML", "Conf. on ML", "graphs,machine learning"
    ),
    Paper(2025, "Unnamed Topic", "Ada Lee", "HPCA", "", "constructor,hardware"),
    Paper(
        2023,
        "A Preprint on Graphs",
        "Bo Kim; Bo Kim; Zoe Ng",
        "",
        "",
        "graphs",
        "preprint",
    ),
    Paper(2023, "X" * 200, "Y" * 200, "Z" * 200, "", "machine learning", "journal"),
    Paper(2023, "Straße und Speicher", "Jörg Weiß", "", "Workshop", "__proto__"),
    Paper(2019, "Old Caches", "Ada Lee", "IEEE TC", "Trans.", "hardware", "journal"),
    Paper(
        2019, "Old Graphs", "Zoë Ng", "ICML", "Conf. on ML", "graphs", has="code award"
    ),
)

SHEET = """
body { margin: 16px; }
.labsite-publication, .labsite-filter-none { overflow-wrap: anywhere; }
:is(.labsite-filter, .labsite-filter-none) :is(input, summary, button) {
  box-sizing: border-box;
  max-width: 100%;
  min-height: 24px;
  min-width: 24px;
  overflow-wrap: anywhere;
}
"""

ICON = '<svg xmlns="http://www.w3.org/2000/svg"/>'
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "form-action 'none'"
)


def write_paper(paper: Paper) -> str:
    names = [escape(name.strip()) for name in paper.authors.split(";")]
    if len(names) > 1:
        names[0] += "<sup>*</sup>"  # equal contribution
    authors = ", ".join(f"<span>{name}</span>" for name in names)
    venue = "".join(
        f'<span class="labsite-venue-{kind}">{escape(text)}</span> '
        for kind, text in (("short", paper.venue), ("full", paper.venue_name))
        if text
    )
    return (
        f'<li class="labsite-publication" data-topics="{escape(paper.topics)}" '
        f'data-kind="{paper.kind}" data-year="{paper.year}" '
        f'data-has="{paper.has}" data-key="{escape(paper.title.split()[0])}">'
        f'<p class="labsite-title"><a href="paper.html">{escape(paper.title)}</a></p>'
        f'<p class="labsite-authors">{authors}</p>'
        f'<p class="labsite-venue">{venue}</p></li>'
    )


def write_list(papers: tuple[Paper, ...], labels: dict[str, str]) -> str:
    years = [(y, list(group)) for y, group in groupby(papers, lambda p: p.year)]
    data = {"topics": TOPICS, "kinds": KINDS}
    attributes = " ".join(
        f'data-{k}="{escape(json.dumps(v))}"' for k, v in data.items()
    )
    jumps = " ".join(f'<a href="#year-{year}">{year}</a>' for year, _ in years)
    sections = "".join(
        f'<section id="year-{year}"><h2>{year} <span class="labsite-count">{len(group)}'
        f'</span><a class="headerlink" href="#year-{year}">#</a></h2>'
        f'<ul class="labsite-publications">{"".join(map(write_paper, group))}</ul>'
        "</section>"
        for year, group in years
    )
    return (
        f'<div class="labsite-filterable" {attributes}>{write_form(papers, labels)}'
        f'<nav class="labsite-years">{jumps}</nav>{sections}'
        '<p class="labsite-legend">* Equal contribution</p></div>'
        '<p class="labsite-exports"><a href="all.bib">BibTeX</a></p>'
    )


def write_form(papers: tuple[Paper, ...], labels: dict[str, str] | None) -> str:
    """Return the form as the template has it."""
    if len(papers) < 2:
        return ""
    translate = (labels or {}).get
    templates = Environment(
        loader=FileSystemLoader(THEME / "templates"), autoescape=True
    )
    templates.globals["_"] = lambda text: translate(text, text)
    counts = {name: sum(name in p.has for p in papers) for name in ("code", "award")}
    return templates.get_template("labsite-filter.html").render(
        total=f"{len(papers)} papers", **counts
    )


def write_page(
    folder: Path,
    papers: tuple[Paper, ...] = PAPERS,
    labels: dict[str, str] | None = None,
) -> Path:
    """Write a page under the strictest policy; return its file."""
    for name in ("list", "text", "filter", "shelf"):
        shutil.copy(THEME / f"static/labsite-{name}.js", folder)
    (folder / "icon.svg").write_text(ICON, encoding="utf-8")
    (folder / "page.css").write_text(SHEET, encoding="utf-8")
    (folder / "paper.html").write_text(
        '<!doctype html><html lang="en"><head><title>Paper</title>'
        '<link rel="icon" href="icon.svg"></head><body><h1>Paper</h1></body></html>',
        encoding="utf-8",
    )
    page = folder / "list.html"
    page.write_text(
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        '<meta name="viewport" content="width=device-width"><title>List</title>'
        '<link rel="icon" href="icon.svg"><link rel="stylesheet" href="page.css">'
        '<script type="application/json" id="labsite-labels">'
        f"{json.dumps(labels or {})}</script>"
        '<script defer src="labsite-list.js" data-version="1"></script>'
        "</head><body><main>"
        f"<h1>Publications</h1>{write_list(papers, labels or {})}</main></body></html>",
        encoding="utf-8",
    )
    return page


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, serve: Callable[[Path], str]) -> str:
    """Return the address of the list."""
    page = write_page(tmp_path_factory.mktemp("filter"))
    return serve(page.parent) + page.name


@pytest.fixture
def page(open_page: Callable[..., Page], site: str) -> Page:
    """Return the list, opened without conditions."""
    return use(open_page(site))


def use(page: Page) -> Page:
    """Touch the form, so that its script is loaded."""
    control(page, "q").focus()
    page.locator(".labsite-menu-list").first.wait_for(state="attached")
    return page


def titles(page: Page) -> list[str]:
    """Return the titles a reader sees."""
    return page.locator(".labsite-title").filter(visible=True).all_inner_texts()


def control(page: Page, name: str) -> Locator:
    return page.locator(f".labsite-filter [name={name}]")


def count(page: Page) -> Locator:
    return page.locator("output.labsite-filter-count")


def reset(page: Page) -> Locator:
    return page.get_by_role("search").get_by_role("button", name="Reset")


def query(page: Page) -> dict[str, str]:
    pairs = page.evaluate("[...new URLSearchParams(location.search)]")
    return {key: value for key, value in pairs}  # noqa: C416 - dict() wants tuples


def menu(page: Page, name: str) -> Locator:
    return page.locator(f"details[data-menu={name}]")


def rows(page: Page, name: str) -> Locator:
    """Return the rows of a menu that can be ticked, opened or not."""
    return menu(page, name).locator("label:not([hidden])")


def offers(page: Page, name: str) -> list[str]:
    """Return what a menu or the box of people offers, with the numbers."""
    if name == "person":
        return page.locator("datalist option").all_text_contents()
    found = rows(page, name).evaluate_all(
        "(rows) => rows.map((row) => [...row.querySelectorAll('span')]"
        ".map((part) => part.textContent))"
    )
    return [f"{label} ({count})" for label, count in found]


def ticked(page: Page, name: str) -> list[str]:
    return [
        str(box.get_attribute("value"))
        for box in page.locator(f".labsite-filter [name={name}]:checked").all()
    ]


def choose(page: Page, **values: str) -> None:
    """Tick one value in each menu; an empty one unticks all."""
    for name, value in values.items():
        opener = menu(page, name).locator("summary")
        opener.click()
        for box in menu(page, name).locator("input:checked").all():
            box.click()  # one of nothing that occurs goes with its tick
        if value:
            menu(page, name).locator(f"input[value='{value}']").check()
        opener.click()


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("caches", 4),
        ("CACHES  lee", 4),  # all words, each anywhere: Leeson, too
        ("deja", 1),
        ("núñez", 1),
        ("nunez hpca", 1),
        ("lodz-style", 1),  # a dash of another kind, a letter that does not decompose
        ("strasse weiss", 1),
        ("ore", 1),
        ("conf. on ml", 4),
        ("</script>", 1),
        ('"x" o\'brien', 1),
        ("그래프", 1),
        ("$&", 0),
        ("   ", 13),
        ("caches 2025", 1),  # the year, too
        ("202", 11),  # as it is being typed
        ("19", 0),  # a part of it is not a year
    ],
)
def test_text_finds_all_words_in_title_authors_venue_and_year(
    page: Page, typed: str, number: int
) -> None:
    control(page, "q").fill(typed)
    assert len(titles(page)) == number


def test_markup_in_names_stays_text(page: Page) -> None:
    control(page, "q").fill("bold")
    assert titles(page) == ["A <b>Bold</b> & </script> Title"]
    assert offers(page, "venue") == ["C&A <i> (1)"]
    assert offers(page, "person") == ['Rob "X" O\'Brien (1)']


def test_choices_are_those_that_occur_in_a_sensible_order(page: Page) -> None:
    assert offers(page, "topic") == [
        "Hardware & <Systems> (5)",
        "Machine Learning (4)",
        "Graphs (4)",
        "__proto__ (1)",
        "constructor (1)",
    ]
    assert offers(page, "year") == ["2026 (4)", "2025 (4)", "2023 (3)", "2019 (2)"]
    assert offers(page, "kind") == ["Journal (3)", "Conference (9)", "Preprint (1)"]
    assert offers(page, "venue")[:4] == [
        "C&A <i> (1)",
        "HPCA (3)",
        "ICML (4)",
        "IEEE TC (2)",
    ]
    assert offers(page, "person")[:3] == ["Ada Lee (4)", "Ada Leeson (1)", "Bo Kim (3)"]


@pytest.mark.parametrize("name", ["topic", "year", "venue", "kind"])
def test_each_choice_leaves_as_many_papers_as_it_promises(
    page: Page, name: str
) -> None:
    control(page, "q").fill("e")
    boxes = rows(page, name).locator("input").all()
    values = {
        offer: str(box.get_attribute("value"))
        for offer, box in zip(offers(page, name), boxes, strict=True)
    }
    for offer, value in values.items():
        choose(page, **{name: value})
        promised = re.search(r"\((\d+)\)$", offer)
        assert promised
        assert len(titles(page)) == int(promised[1])
        assert offer in offers(page, name)  # its own condition does not count


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("Ada Lee", 4),  # a whole name is this person alone
        ("ada lee", 4),
        ("ada", 5),
        ("le ad", 5),  # words in any order
        ("da", 0),  # not the beginning of a name
        ("jose nunez", 1),
        ("ore", 1),
        ("Zoë Ng", 1),  # as it is written here: not Zoe Ng
        ("zoe ng", 2),
    ],
)
def test_a_person_is_found_by_the_beginnings_of_the_name(
    page: Page, typed: str, number: int
) -> None:
    control(page, "person").press_sequentially(typed)
    assert len(titles(page)) == number
    expect(page.get_by_text(f"Person “{typed}”")).to_be_visible(visible=not number)


def test_conditions_combine_and_every_number_follows(page: Page) -> None:
    choose(page, topic="graphs", venue="ICML")
    assert titles(page) == ["Sparse Graphs", "그래프 신경망", "Old Graphs"]
    assert offers(page, "year") == ["2026 (1)", "2025 (1)", "2019 (1)"]
    assert offers(page, "venue") == ["ICML (3)"]
    assert offers(page, "topic") == ["Machine Learning (3)", "Graphs (3)"]
    assert offers(page, "person") == ["Bo Kim (1)", "Zoë Ng (1)", "김보 (1)"]
    expect(count(page)).to_have_text("3 of 13 papers")
    choose(page, year="2026")
    control(page, "person").fill("bo kim")
    control(page, "q").fill("sparse")
    assert titles(page) == ["Sparse Graphs"]


def test_a_choice_that_leaves_nothing_is_still_there_to_be_undone(page: Page) -> None:
    choose(page, topic="hardware")
    control(page, "q").fill("graphs")
    assert titles(page) == []
    assert offers(page, "topic") == [
        "Hardware & <Systems> (0)",
        "Machine Learning (1)",
        "Graphs (3)",
    ]
    choose(page, topic="")
    assert len(titles(page)) == 3


def test_headings_and_year_jumps_follow(page: Page) -> None:
    headings = page.get_by_role("heading", level=2)
    jumps = page.get_by_role("navigation").get_by_role("link")
    control(page, "q").fill("caches")
    assert headings.all_inner_texts() == ["2026 2#", "2025 1#", "2019 1#"]
    assert jumps.all_inner_texts() == ["2026", "2025", "2019"]
    control(page, "q").fill("")
    assert headings.all_inner_texts() == ["2026 4#", "2025 4#", "2023 3#", "2019 2#"]
    expect(jumps).to_have_count(4)


def test_no_result_says_so_and_offers_the_way_back(page: Page) -> None:
    control(page, "q").fill("quantum")
    expect(page.get_by_text("No paper matches.")).to_be_visible()
    expect(page.get_by_role("heading", level=2)).to_have_count(0)
    expect(page.get_by_role("navigation")).to_have_count(0)
    expect(page.get_by_text("Equal contribution")).to_be_hidden()
    reset(page).click()
    assert len(titles(page)) == len(PAPERS)
    expect(page.get_by_text("No paper matches.")).to_be_hidden()
    expect(control(page, "q")).to_be_focused()


def test_reset_is_there_when_something_is_set_and_clears_all(page: Page) -> None:
    expect(reset(page)).to_be_hidden()
    choose(page, topic="graphs", kind="preprint", year="2023")
    control(page, "person").fill("Bo Kim")
    control(page, "q").fill("a")
    reset(page).click()
    assert len(titles(page)) == len(PAPERS)
    assert query(page) == {}
    for name in ("q", "person"):
        expect(control(page, name)).to_have_value("")
    assert not [n for n in ("topic", "year", "venue", "kind") if ticked(page, n)]
    expect(count(page)).to_have_text("13 papers")
    expect(reset(page)).to_be_hidden()


def test_the_state_is_in_the_address_and_survives_a_reload(page: Page) -> None:
    entries = page.evaluate("history.length")
    choose(page, topic="graphs", venue="ICML", year="2019", kind="conference")
    control(page, "person").fill("Zoë Ng")
    control(page, "q").press_sequentially("old & g")
    asked = {
        "q": "old & g",
        "topic": "graphs",
        "year": "2019",
        "venue": "ICML",
        "kind": "conference",
        "person": "Zoë Ng",
    }
    assert query(page) == asked
    assert page.evaluate("history.length") == entries
    control(page, "q").fill("old g")
    page.reload()
    assert titles(page) == ["Old Graphs"]
    for name in ("topic", "year", "venue", "kind"):
        assert ticked(page, name) == [asked[name]]
    expect(control(page, "q")).to_have_value("old g")
    expect(control(page, "person")).to_have_value("Zoë Ng")
    expect(count(page)).to_have_text("1 of 13 papers")


def test_coming_back_from_a_paper_finds_the_list_as_it_was(page: Page) -> None:
    control(page, "q").fill("sparse")
    page.get_by_role("link", name="Sparse Graphs").click()
    expect(page.get_by_role("heading", name="Paper")).to_be_visible()
    page.go_back()
    expect(control(page, "q")).to_have_value("sparse")
    assert titles(page) == ["Sparse Graphs"]


def test_back_to_another_place_of_the_page_restores_what_was_asked_there(
    page: Page,
) -> None:
    choose(page, topic="graphs")
    page.evaluate("location.hash = 'year-2023'")
    expect(page).to_have_url(re.compile(r"\?topic=graphs#year-2023$"))
    choose(page, topic="hardware")
    page.go_back()
    expect(menu(page, "topic").locator("summary")).to_have_text("Topic: Graphs")
    assert len(titles(page)) == 4
    page.go_forward()
    assert ticked(page, "topic") == ["hardware"]
    assert len(titles(page)) == 5


def test_the_years_above_the_list_choose_one_or_from_one_to_another(
    page: Page,
) -> None:
    strip = page.get_by_role("navigation").get_by_role("link")
    strip.filter(has_text="2023").click()
    expect(menu(page, "year").locator("summary")).to_have_text("Year: 2023")
    assert len(titles(page)) == 3
    assert strip.all_inner_texts() == ["2026", "2025", "2023", "2019"]
    strip.filter(has_text="2025").click()
    assert query(page) == {"year": "2023-2025"}
    assert len(titles(page)) == 7
    expect(menu(page, "year").locator("summary")).to_have_text("Year: 2023–2025")
    page.reload()
    assert len(titles(page)) == 7
    marked = strip.and_(page.locator("[aria-current=true]"))
    assert marked.all_inner_texts() == ["2025", "2023"]
    strip.filter(has_text="2019").click()
    strip.filter(has_text="2019").click()
    assert query(page) == {}
    assert len(titles(page)) == 13
    with page.context.expect_page() as tab:  # as any other link does
        strip.filter(has_text="2019").click(modifiers=["Control"])
    assert tab.value.url.endswith("#year-2019")
    assert query(page) == {}


def test_what_others_put_into_the_address_stays(
    open_page: Callable[..., Page], site: str
) -> None:
    page = open_page(f"{site}?highlight=a%20b&flag&topic=graphs&x=%E4#year-2019")
    expect(page.locator("#year-2019")).to_be_in_viewport()
    choose(page, venue="ICML")
    assert page.evaluate("location.search + location.hash") == (
        "?highlight=a%20b&flag&x=%E4&topic=graphs&venue=ICML#year-2019"
    )
    reset(page).click()
    assert page.evaluate("location.search + location.hash") == (
        "?highlight=a%20b&flag&x=%E4#year-2019"
    )


@pytest.mark.parametrize(
    ("asked", "number"),
    [
        ("venue=HPCA&venue=ICML", 7),  # either
        ("venue=HPCA&venue=ICML&year=2025&year=2026", 6),
        ("year=2019-2025", 9),
        ("code=yes", 1),
        ("award=yes&year=2026", 0),
        ("papers=Sparse,Old", 3),
        ("venue=hpca", 3),
        (f"venue={quote('Conf. on ML')}", 4),  # by the full name
        ("person=ADA+LEE", 4),
        ("topic=__proto__", 1),
        ("topic=constructor", 1),
        (f"venue={quote('C&A <i>')}", 1),
        ("q=%E0%A4%A", 0),  # no UTF-8
        ("q=%20&topic=", 13),
    ],
)
def test_any_page_can_link_to_a_part_of_the_list(
    open_page: Callable[..., Page], site: str, asked: str, number: int
) -> None:
    assert len(titles(use(open_page(f"{site}?{asked}")))) == number


def test_several_values_of_a_menu_count_each(page: Page) -> None:
    choose(page, venue="HPCA")
    menu(page, "venue").locator("summary").click()
    page.get_by_role("checkbox", name="IEEE TC").check()
    assert len(titles(page)) == 5
    page.reload()
    assert len(titles(use(page))) == 5
    expect(menu(page, "venue").locator("summary")).to_have_text("Venue: HPCA, IEEE TC")
    menu(page, "venue").locator("summary").click()
    page.get_by_role("checkbox", name="IEEE TC").uncheck()
    assert len(titles(page)) == 3
    assert query(page) == {"venue": "HPCA"}


def test_a_menu_closes_by_escape_and_by_a_press_elsewhere(page: Page) -> None:
    opener = menu(page, "venue").locator("summary")
    box = page.get_by_role("checkbox", name="HPCA")
    opener.click()
    expect(box).to_be_visible()
    page.keyboard.press("Escape")
    expect(box).to_be_hidden()
    expect(opener).to_be_focused()
    opener.click()
    menu(page, "topic").locator("summary").click()
    expect(box).to_be_hidden()
    page.get_by_role("heading", level=1).click()
    expect(page.get_by_role("checkbox", name="Graphs")).to_be_hidden()


def test_the_bars_of_the_years_follow(page: Page) -> None:
    bars = page.locator(".labsite-years a").evaluate_all
    length = "(all) => all.map((bar) => bar.style.getPropertyValue('--labsite-bar'))"
    assert bars(length) == ["8", "8", "6", "4"]
    choose(page, topic="graphs")
    assert bars(length) == ["8", "8", "8", "8"]


def test_a_year_pressed_first_of_all_is_chosen(
    open_page: Callable[..., Page], site: str
) -> None:
    page = open_page(site)
    page.get_by_role("navigation").get_by_role("link", name="2023").click()
    expect(count(page)).to_have_text("3 of 13 papers")
    assert query(page) == {"year": "2023"}


def test_the_script_comes_when_the_form_is_used(
    open_page: Callable[..., Page], site: str
) -> None:
    page = open_page(site)
    page.wait_for_load_state("networkidle")
    loaded = "performance.getEntriesByType('resource').map((entry) => entry.name)"
    assert not [name for name in page.evaluate(loaded) if "labsite-filter" in name]
    expect(count(page)).to_have_text("13 papers")
    use(page)
    assert [name for name in page.evaluate(loaded) if "labsite-filter" in name]


def test_a_box_ticked_while_the_script_is_loaded_stays_ticked(
    open_page: Callable[..., Page], site: str
) -> None:
    box = open_page(site).get_by_label("With code 1")
    box.evaluate("(box) => { box.focus(); box.click(); }")  # the focus loads it
    page = box.page
    expect(count(page)).to_have_text("1 of 13 papers")
    expect(box).to_be_checked()
    assert query(page) == {"code": "yes"}


def test_a_box_is_ticked_for_papers_with_code(page: Page) -> None:
    page.get_by_label("With code 1").check()
    assert titles(page) == ["Old Graphs"]
    reset(page).click()
    expect(page.get_by_label("With code 1")).not_to_be_checked()


def test_a_value_that_nothing_has_finds_nothing_and_is_named(
    open_page: Callable[..., Page], site: str
) -> None:
    page = open_page(
        f"{site}?topic=%3Cimg%20src=x%3E&person=Nobody&kind=conference&year=toString"
    )
    assert titles(page) == []
    note = page.locator(".labsite-filter-none")
    expect(note).to_contain_text("Topic “<img src=x>”, Year “toString”")
    expect(note).to_contain_text("Person “Nobody”")
    expect(note).not_to_contain_text("conference")
    choose(page, topic="")
    expect(note).not_to_contain_text("Topic")
    reset(page).click()
    expect(note).to_be_hidden()
    assert query(page) == {}
    assert len(titles(page)) == len(PAPERS)


def test_a_value_that_nothing_has_can_be_given_up_alone(
    open_page: Callable[..., Page], site: str
) -> None:
    page = use(open_page(f"{site}?year=1999&venue=ICML"))
    assert titles(page) == []
    choose(page, year="")
    assert len(titles(page)) == 4


def test_files_of_the_list_are_said_to_be_of_the_whole(page: Page) -> None:
    files = page.locator(".labsite-exports")
    assert files.inner_text() == "BibTeX"
    control(page, "q").fill("caches")
    assert files.inner_text() == (
        "Files of all 13 papers, not only of those shown: BibTeX"
    )
    reset(page).click()
    assert files.inner_text() == "BibTeX"


def test_all_can_be_done_by_keyboard(page: Page) -> None:
    keyboard = page.keyboard
    expect(page.get_by_role("searchbox", name="Search")).to_be_focused()
    keyboard.type("a")
    keyboard.press("Enter")
    for name, value in (
        ("topic", "machine learning"),
        ("year", "2026"),
        ("venue", "ICML"),
        ("kind", "conference"),
    ):
        keyboard.press("Tab")
        expect(menu(page, name).locator("summary")).to_be_focused()
        keyboard.press("Enter")
        box = menu(page, name).locator(f"input[value='{value}']")
        while not box.evaluate("(box) => box === document.activeElement"):
            keyboard.press("Tab")
        keyboard.press("Space")
        expect(box).to_be_checked()
        keyboard.press("Escape")
    keyboard.press("Tab")
    expect(page.get_by_role("combobox", name="Person", exact=True)).to_be_focused()
    keyboard.type("bo")
    assert titles(page) == ["Sparse Graphs"]
    keyboard.press("Escape")
    for flag in ("code", "award"):
        keyboard.press("Tab")
        expect(control(page, flag)).to_be_focused()
    keyboard.press("Tab")
    expect(reset(page)).to_be_focused()
    keyboard.press("Space")
    assert len(titles(page)) == len(PAPERS)
    expect(page.get_by_role("searchbox", name="Search")).to_be_focused()


def test_the_number_is_announced_once_typing_rests(
    open_page: Callable[..., Page], site: str
) -> None:
    page = use(open_page(site, prepare=lambda page: page.clock.install(time=0)))
    page.clock.pause_at(3600)
    assert page.get_by_role("status").and_(count(page)).get_attribute("aria-live")
    page.evaluate(
        """() => {
            window.said = [];
            const output = document.querySelector(".labsite-filter-count");
            const note = () => said.push(output.textContent);
            const changes = { childList: true, subtree: true };
            new MutationObserver(note).observe(output, changes);
        }"""
    )
    control(page, "q").press_sequentially("caches")
    assert len(titles(page)) == 4  # the list does not wait
    assert page.evaluate("said") == []
    page.clock.run_for(2000)
    assert page.evaluate("said") == ["4 of 13 papers"]
    choose(page, venue="HPCA")
    assert page.evaluate("said") == ["4 of 13 papers", "2 of 13 papers"]
    page.clock.run_for(2000)
    assert page.evaluate("said.length") == 2


def test_without_javascript_the_list_is_complete(
    open_page: Callable[..., Page], site: str
) -> None:
    page = open_page(f"{site}?topic=graphs&q=old", javascript=False)
    assert len(titles(page)) == len(PAPERS)


def test_nothing_scrolls_sideways_or_is_hard_to_hit(
    open_page: Callable[..., Page],
    site: str,
    width: int,
    sideways: Callable[[Page], int],
    small_targets: Callable[[Locator], list[str]],
) -> None:
    page = open_page(f"{site}?topic={'n' * 300}", width=width)
    expect(page.locator(".labsite-filter-none")).to_contain_text("Topic")
    assert sideways(page) == 0
    assert not small_targets(page.locator(":is(input, summary, button)"))
    reset(page).click()
    assert sideways(page) == 0


def test_it_works_from_a_folder_without_a_server(
    open_page: Callable[..., Page], tmp_path: Path
) -> None:
    address = write_page(tmp_path).as_uri()
    page = use(open_page(f"{address}?venue=ICML"))
    assert len(titles(page)) == 4
    choose(page, year="2019")
    assert query(page) == {"venue": "ICML", "year": "2019"}
    page.reload()
    assert titles(page) == ["Old Graphs"]
    reset(page).click()
    assert len(titles(page)) == len(PAPERS)


def test_the_form_speaks_the_language_of_the_page(
    open_page: Callable[..., Page], tmp_path: Path
) -> None:
    labels = {
        "Topic": "주제 <b>",
        "{shown} of {total} papers": "{total}편 중 {shown}편",
    }
    page = use(open_page(write_page(tmp_path, labels=labels).as_uri()))
    expect(menu(page, "topic").locator("summary")).to_have_text("주제 <b>")
    choose(page, topic="graphs")
    expect(count(page)).to_have_text("13편 중 4편")
    expect(menu(page, "year").locator("summary")).to_have_text("Year")


def test_a_control_without_a_choice_is_left_out(
    open_page: Callable[..., Page], tmp_path: Path
) -> None:
    page = use(open_page(write_page(tmp_path, PAPERS[:3]).as_uri()))
    expect(menu(page, "kind")).to_be_hidden()
    expect(menu(page, "year")).to_be_hidden()
    expect(menu(page, "topic")).to_be_visible()
    page.goto(f"{page.url}?kind=conference")
    expect(menu(page, "kind").locator("summary")).to_have_text("Kind: Conference")


def test_a_list_of_one_paper_needs_no_filter(
    open_page: Callable[..., Page], tmp_path: Path
) -> None:
    page = open_page(write_page(tmp_path, PAPERS[:1]).as_uri())
    assert titles(page) == ["Fast Caches"]
    expect(page.get_by_role("search")).to_have_count(0)
