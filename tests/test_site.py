from __future__ import annotations

import cProfile
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from labsite.checks.entries import check_keys
from labsite.model.dates import PartialDate
from labsite.model.problems import Rule
from labsite.model.records import (
    Creator,
    Kind,
    Library,
    Link,
    Publication,
    Topic,
    Venue,
)
from labsite.model.rich_text import RichText, Span
from labsite.model.sources import EntrySource
from labsite.site.groups import Group
from labsite.site.query import Grouping, Query
from labsite.site.settings import Settings
from labsite.site.site import SiteRecords
from labsite.sphinx.directives import RecordsView, show_topics
from labsite.sphinx.lists import list_publications
from labsite.sphinx.mentions import show_references
from labsite.sphinx.outputs import digest_page

if TYPE_CHECKING:
    from collections.abc import Callable

    Make = Callable[..., Publication]


def site_of(*publications: Publication, **parts: Any) -> SiteRecords:  # noqa: ANN401
    return SiteRecords(library=Library(publications=publications), **parts)


# Names of pages


@pytest.mark.parametrize("key", ["kim2026", "Kim_2026", "kim-2026.v2", "2026", "a"])
def test_a_plain_key_is_the_name_of_its_page(make_publication: Make, key: str) -> None:
    paper = make_publication(key)
    assert site_of(paper).docname(paper) == f"publications/{key}"


ODD_KEYS = {
    "colon and slashes": "DBLP:conf/icml/Kim26",
    "way out of the folder": "../../index",
    "hidden file": ".htaccess",
    "option": "-rf",
    "Korean": "김2026",
    "only Korean": "김진호",
    "quotes": """a"b'c""",
    "mark-up": "<script>",
    "percent sign": "a%2fb",
    "backslash": "a\\b",
    "query": "a?b#c",
    "page of the folder": "index",
    "page of the folder in another case": "Index",
    "awards": "awards",
    "device of Windows": "con",
    "device of Windows with an ending": "NUL.2026",
    "port of Windows": "Lpt1",
    "three hundred letters": "k" * 300,
    "three hundred signs": "ㄱ:" * 150,
}


@pytest.mark.parametrize(
    "key", [pytest.param(k, id=name) for name, k in ODD_KEYS.items()]
)
def test_every_key_gives_a_name_that_every_file_system_takes(
    make_publication: Make, key: str
) -> None:
    slug = site_of(make_publication(key)).slugs[key]
    assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]*", slug)
    assert len(slug) <= 200
    devices = {
        "con",
        "prn",
        "aux",
        "nul",
        *(f"{p}{n}" for p in ("com", "lpt") for n in "123"),
    }
    assert slug.split(".")[0].lower() not in devices | {"index", "awards"}


@pytest.mark.parametrize(
    ("key", "name"),
    [("a:b/c", "a-b-c-"), ("index", "index-"), ("김2026", "2026-")],
)
def test_a_key_that_is_no_name_of_a_page_is_told_what_its_page_is_called(
    make_publication: Make, key: str, name: str
) -> None:
    site = site_of(make_publication(key))
    (problem,) = check_keys(site.library.publications, site.slugs)
    assert (problem.rule, problem.key) == (Rule.ODD_KEY, key)
    assert f"and is '{name}" in problem.message
    assert problem.message.endswith("of letters, digits, '-' and '_'")


def test_a_key_that_is_the_name_of_its_page_is_right(make_publication: Make) -> None:
    site = site_of(make_publication("Kim_2026-b"), make_publication("kim2026.v2"))
    assert list(check_keys(site.library.publications, site.slugs)) == []


def test_no_two_pages_have_names_that_differ_only_in_case(
    make_publication: Make,
) -> None:
    keys = ["a:b", "a/b", "A-b", "a b", "ab", "김", "이", "Index", "index", "INDEX"]
    site = site_of(*map(make_publication, keys))
    assert len({slug.lower() for slug in site.slugs.values()}) == len(keys)


def test_no_key_takes_the_name_made_for_another(make_publication: Make) -> None:
    made = site_of(make_publication("a:b")).slugs["a:b"]
    site = site_of(make_publication("a:b"), make_publication(made))
    assert len(set(site.slugs.values())) == 2


def test_the_name_of_a_page_does_not_depend_on_other_papers(
    make_publication: Make,
) -> None:
    alone = site_of(make_publication("a:b")).slugs["a:b"]
    beside = site_of(make_publication("a/b"), make_publication("a:b")).slugs["a:b"]
    assert alone == beside


# Time

TODAY = PartialDate(2026, 11, 23)


@pytest.mark.parametrize(
    ("issued", "forthcoming"),
    [
        (PartialDate(2026, 11, 24), True),
        (PartialDate(2026, 11, 23), False),
        (PartialDate(2026, 11, 22), False),
        (PartialDate(2026, 12), True),
        (PartialDate(2026, 11), False),
        (PartialDate(2026, 10, 31), False),
        (PartialDate(2027), True),
        (PartialDate(2026), False),
        (PartialDate(2027, 1, 1), True),
        (PartialDate(), False),
    ],
    ids=lambda value: value.isoformat() or "unknown" if value != bool(value) else None,
)
def test_a_paper_is_to_appear_until_its_day(
    make_publication: Make, issued: PartialDate, *, forthcoming: bool
) -> None:
    paper = make_publication(issued=issued)
    assert site_of(paper, today=TODAY).is_forthcoming(paper) is forthcoming


def test_an_entry_may_be_to_appear_whatever_its_date(make_publication: Make) -> None:
    paper = make_publication(issued=PartialDate(2020), forthcoming=True)
    assert site_of(paper, today=TODAY).is_forthcoming(paper)


def test_without_a_day_of_build_nothing_is_to_appear(make_publication: Make) -> None:
    paper = make_publication(issued=PartialDate(2900, 1, 1))
    assert not site_of(paper).is_forthcoming(paper)


# What each page shows

ADA = Creator(family="Ada")
TOPICS = (Topic(slug="pim", title="PIM", docname="research/pim"),)


@pytest.fixture
def shelf(make_publication: Make) -> tuple[Publication, ...]:
    """Return a paper, another related to it, and one that shares nothing."""
    return (
        make_publication(
            "a", topics=("pim",), creators=(ADA,), issued=PartialDate(2026)
        ),
        make_publication(
            "b", topics=("pim",), creators=(ADA,), issued=PartialDate(2025)
        ),
        make_publication("z", topics=("gpus",), issued=PartialDate(2024)),
    )


LIST = Group(Query(topic="pim"), "publications/topic/pim", "publications/topic/pim")
#: Digests of pages, and of what documents show.
VIEWS: dict[str, Callable[[SiteRecords], object]] = {
    "list": lambda site: digest_page(LIST, site),
    "page": lambda site: digest_page(site.library.by_key["a"], site),
    "citation": lambda site: digest(site, show_references, ("cite", "a", False)),
    "topics": lambda site: digest(site, show_topics),
}


def digest(site: SiteRecords, make: Any, *arguments: object) -> tuple[str, str]:  # noqa: ANN401
    """Return the digests of what a function makes of the records for a document."""
    return RecordsView(make, arguments).content(site)[2]


def changed(
    shelf: tuple[Publication, ...],
    position: int,
    part: dict[str, Any],
    **site: Any,  # noqa: ANN401
) -> set[str]:
    """Return the views that see one paper change."""
    settings: dict[str, Any] = {"topics": TOPICS, "today": TODAY} | site
    after = list(shelf)
    after[position] = replace(after[position], **part)
    old, new = site_of(*shelf, **settings), site_of(*after, **settings)
    return {name for name, view in VIEWS.items() if view(old) != view(new)}


SHOWN: dict[str, dict[str, Any]] = {
    "title": {"title": RichText((Span("New"),))},
    "style in the title": {"title": RichText((Span("A "), Span("Paper")))},
    "authors": {"creators": (ADA, Creator(family="Bo"))},
    "equal contribution": {"creators": (replace(ADA, annotations=("equal",)),)},
    "more authors": {"more_creators": True},
    "month": {"issued": PartialDate(2026, 5)},
    "future date": {"issued": PartialDate(2027)},
    "state": {"forthcoming": True},
    "venue": {"venue": Venue("Nature")},
    "kind": {"kind": Kind.JOURNAL},
    "award": {"award": "Best Paper"},
    "note": {"note": RichText((Span("Short paper"),))},
    "link": {"links": (Link(name="pdf", label="PDF", url="a.pdf"),)},
    "preview": {"preview": "a.png"},
    "other topics": {"topics": ("pim", "gpus")},
}


@pytest.mark.parametrize(
    "part", [pytest.param(p, id=name) for name, p in SHOWN.items()]
)
def test_what_a_list_shows_changes_every_page_that_shows_the_paper(
    shelf: tuple[Publication, ...], part: dict[str, Any]
) -> None:
    assert changed(shelf, 0, part) == {"list", "page", "citation"}


def test_what_a_related_paper_shows_changes_the_page(
    shelf: tuple[Publication, ...],
) -> None:
    assert changed(shelf, 1, SHOWN["title"]) == {"list", "page"}


def test_a_paper_that_is_not_shown_changes_nothing(
    shelf: tuple[Publication, ...],
) -> None:
    assert changed(shelf, 2, SHOWN["title"]) == set()


def test_a_paper_that_takes_up_the_topic_changes_its_list(
    shelf: tuple[Publication, ...],
) -> None:
    # The page, since it is related now.
    assert changed(shelf, 2, {"topics": ("pim",)}) == {"list", "page"}


#: What changes more of a list by year than the item: headings, numbers, the legend.
SHAPING = {"equal contribution", "future date"}


@pytest.mark.parametrize("name", SHOWN)
def test_a_list_is_read_again_only_if_more_than_an_item_changes(
    shelf: tuple[Publication, ...], name: str
) -> None:
    shown = list_publications, Query(topic="pim"), Grouping.YEAR
    after = (replace(shelf[0], **SHOWN[name]), *shelf[1:])
    read, written = digest(site_of(*shelf), *shown)
    now_read, now_written = digest(site_of(*after), *shown)
    assert (now_read != read) == (name in SHAPING)
    assert (now_read, now_written) != (read, written)


def test_a_list_is_read_again_if_the_order_changes(
    shelf: tuple[Publication, ...],
) -> None:
    shown = list_publications, Query(), Grouping.NONE
    before, after = site_of(*shelf), site_of(*reversed(shelf))
    assert digest(before, *shown) != digest(after, *shown)


@pytest.mark.parametrize(
    "part",
    [
        {"abstract": RichText((Span("We study."),))},
        {"fields": (("title", "{A} Paper"), ("isbn", "1"))},
        {"aliases": ("old",)},
    ],
    ids=["abstract", "fields that only exports read", "earlier keys"],
)
def test_what_only_its_page_shows_changes_only_its_page(
    shelf: tuple[Publication, ...], part: dict[str, Any]
) -> None:
    assert changed(shelf, 0, part) <= {"page"}
    assert changed(shelf, 1, part) == set()


def test_an_abstract_changes_the_page(shelf: tuple[Publication, ...]) -> None:
    abstract = RichText((Span("We study."),))
    assert "page" in changed(shelf, 0, {"abstract": abstract})


MOVED = {"source": EntrySource(file="lab.bib", line=99, text="")}


def test_the_line_of_an_entry_changes_no_page(shelf: tuple[Publication, ...]) -> None:
    linked = Settings(source_url="https://example.org/{file}#L{line}")
    assert changed(shelf, 0, MOVED, settings=linked) == set()


def test_the_file_of_an_entry_changes_only_the_page_that_leads_there(
    shelf: tuple[Publication, ...],
) -> None:
    linked = Settings(source_url="https://example.org/{file}#L{line}")
    elsewhere = {"source": EntrySource(file="other.bib", line=1, text="")}
    assert changed(shelf, 0, elsewhere, settings=linked) == {"page"}
    assert changed(shelf, 1, elsewhere, settings=linked) == set()


def test_where_an_entry_stands_is_not_shown_without_a_repository(
    shelf: tuple[Publication, ...],
) -> None:
    assert changed(shelf, 0, MOVED) == set()


def test_the_name_of_a_topic_changes_the_pages_that_show_it(
    shelf: tuple[Publication, ...],
) -> None:
    old = site_of(*shelf, topics=TOPICS)
    new = site_of(*shelf, topics=(replace(TOPICS[0], title="Memory"),))
    found = {name for name, view in VIEWS.items() if view(old) != view(new)}
    assert found == {"page", "topics"}


def test_the_order_of_a_list_is_part_of_what_it_shows(
    shelf: tuple[Publication, ...],
) -> None:
    before, after = site_of(*shelf), site_of(*reversed(shelf))
    assert VIEWS["list"](before) != VIEWS["list"](after)


def test_a_passing_day_changes_the_pages_of_the_paper_that_appears(
    make_publication: Make,
) -> None:
    paper = make_publication("a", topics=("pim",), issued=PartialDate(2026, 11, 24))
    before = site_of(paper, today=TODAY)
    after = site_of(paper, today=PartialDate(2026, 11, 24))
    later = site_of(paper, today=PartialDate(2026, 11, 25))
    found = {name for name, view in VIEWS.items() if view(before) != view(after)}
    assert found == {"list", "page", "citation"}
    assert all(view(after) == view(later) for view in VIEWS.values())


def test_a_paper_that_is_gone_is_shown_by_nothing(
    shelf: tuple[Publication, ...],
) -> None:
    site = site_of(*shelf[1:])
    assert digest(site, show_references, ("cite", "a", False)) == digest(
        site, show_references
    )


def test_a_paper_is_cited_by_its_earlier_key_too(make_publication: Make) -> None:
    site = site_of(make_publication("new", aliases=("old",)))
    earlier, present, other = (
        digest(site, show_references, ("cite", key, False))
        for key in ("old", "new", "x")
    )
    assert earlier == present != other


def test_an_earlier_key_takes_no_more_work_among_many_papers(
    make_publication: Make,
) -> None:
    def work(count: int) -> int:
        papers = (make_publication(f"k{n}", aliases=(f"a{n}",)) for n in range(count))
        site, profile = site_of(*papers), cProfile.Profile(builtins=True)
        assert len(profile.runcall(lambda: [*site.earlier_pages()])) == count
        return sum(entry.callcount for entry in profile.getstats())

    assert work(200) < 2.5 * work(100)


def test_the_page_of_a_venue_has_its_letters_without_accents(
    make_publication: Make,
) -> None:
    label = "Universität für Künste, Łódź"
    site = site_of(make_publication("a", venue=Venue(label)))
    page = site.venues[label].docname
    assert page == "publications/venue/universitat-fur-kunste-lodz"


@pytest.mark.parametrize("label", ["CON", "Aux", "LPT1"])
def test_a_venue_of_a_devices_name_has_a_page_on_every_system(
    make_publication: Make, label: str
) -> None:
    site = site_of(make_publication("a", venue=Venue(f"Venue {label}", short=label)))
    name = site.venues[label].docname.removeprefix("publications/venue/")
    assert re.fullmatch(rf"{label.lower()}-[0-9a-f]{{8}}", name)
