from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labsite.bibtex.reader import read_library
from labsite.model.dates import PartialDate
from labsite.model.order import sort_publications
from labsite.model.records import (
    Creator,
    Kind,
    Library,
    Publication,
    Venue,
)
from labsite.site.query import (
    Grouping,
    PublicationIndex,
    Query,
    group_publications,
    make_query,
    parse_query,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Make = Callable[..., Publication]


def keys(publications: Iterable[Publication]) -> list[str]:
    return [publication.key for publication in publications]


# Order


def test_the_newest_comes_first_and_unknown_parts_come_last(
    make_publication: Make,
) -> None:
    dates = [
        PartialDate(2027), PartialDate(2026, 12, 31), PartialDate(2026, 12),
        PartialDate(2026, 2, 14), PartialDate(2026, 2), PartialDate(2026, 1),
        PartialDate(2026), PartialDate(2025, 12), PartialDate(),
    ]  # fmt: skip
    made = [make_publication(str(n), issued=date) for n, date in enumerate(dates)]
    assert keys(sort_publications(reversed(made))) == keys(made)


def test_papers_of_one_month_stand_by_venue_title_and_key(
    make_publication: Make,
) -> None:
    wanted = [
        make_publication("none", title="Z"),
        make_publication("a2", venue=Venue("Annals"), title="alpha"),
        make_publication("a1", venue=Venue("Annals"), title="Beta"),
        make_publication("b1", venue=Venue("Zeta", "Bee"), title="A"),
        make_publication("b2", venue=Venue("Zeta", "Bee"), title="A"),
    ]
    assert keys(sort_publications(reversed(wanted))) == keys(wanted)


@pytest.mark.parametrize("seed", range(5))
def test_the_order_does_not_depend_on_the_order_of_the_file(
    bibliography: str, library: Library, seed: int
) -> None:
    head, *entries = bibliography.split("\n@inproceedings{")
    random.Random(seed).shuffle(entries)  # noqa: S311 -- an order, not a secret
    shuffled = "\n@inproceedings{".join([head, *entries])
    assert shuffled != bibliography
    found = read_library([("publications.bib", shuffled)])
    assert keys(found.publications) == keys(library.publications)


# Choice


@pytest.fixture(scope="session")
def shelf(make_publication: Make) -> Library:
    ada, kim = Creator(family="Ada"), Creator(family="Kim", given="Jinho")
    return Library(
        publications=(
            make_publication(
                "a", topics=("pim", "gpus"), creators=(ada, kim), selected=True,
                issued=PartialDate(2026, 2), venue=Venue("Machine Learning", "ICML"),
            ),
            make_publication(
                "b", topics=("pimc",), creators=(kim,), award="Best Paper",
                issued=PartialDate(2026), venue=Venue("Nature"), kind=Kind.JOURNAL,
            ),
            make_publication(
                "c", topics=("pim",), creators=(ada,), award="Honourable Mention",
                issued=PartialDate(2025), venue=Venue("Machine Learning", "ICML"),
                selected=True,
            ),
            make_publication("d", kind=Kind.OTHER),
        )
    )  # fmt: skip


CONDITIONS: dict[str, tuple[dict[str, Any], str]] = {
    "nothing asked": ({}, "abcd"),
    "topic": ({"topic": "pim"}, "ac"),
    "topic that begins like another": ({"topic": "pimc"}, "b"),
    "part of a topic": ({"topic": "pi"}, ""),
    "topic in another case": ({"topic": "PIM"}, ""),
    "second topic": ({"topic": "gpus"}, "a"),
    "person": ({"person": "Jinho Kim"}, "ab"),
    "part of a person": ({"person": "Kim"}, ""),
    "year": ({"year": 2026}, "ab"),
    "unknown year": ({"year": 0}, "d"),
    "venue by its short name": ({"venue": "icml"}, "ac"),
    "venue by its full name": ({"venue": "Machine Learning"}, "ac"),
    "part of a venue": ({"venue": "Machine"}, ""),
    "kind": ({"kind": Kind.JOURNAL}, "b"),
    "selected": ({"selected": True}, "ac"),
    "not selected": ({"selected": False}, "bd"),
    "award": ({"award": True}, "bc"),
    "no award": ({"award": False}, "ad"),
    "limit": ({"limit": 2}, "ab"),
    "limit above all": ({"limit": 9}, "abcd"),
    "limit of none": ({"limit": 0}, ""),
    "two conditions": ({"topic": "pim", "award": True}, "c"),
    "three conditions": ({"topic": "pim", "year": 2026, "selected": True}, "a"),
    "all conditions": (
        {
            "topic": "pim", "person": "Ada", "year": 2025, "venue": "ICML",
            "kind": Kind.CONFERENCE, "selected": True, "award": True, "limit": 5,
        },
        "c",
    ),
    "conditions that exclude each other": ({"topic": "pimc", "year": 2025}, ""),
    "the limit counts what was found": ({"topic": "pim", "limit": 1}, "a"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "found"),
    [pytest.param(*row, id=name) for name, row in CONDITIONS.items()],
)
def test_a_list_holds_what_is_asked_for(
    shelf: Library, asked: dict[str, Any], found: str
) -> None:
    assert (
        "".join(keys(PublicationIndex(shelf.publications, {}).select(Query(**asked))))
        == found
    )


# Groups


def headings(
    publications: Iterable[Publication], by: Grouping
) -> list[tuple[str, str]]:
    groups = group_publications(publications, by)
    return [(heading, "".join(keys(members))) for heading, members in groups]


@pytest.mark.parametrize(
    ("grouping", "groups"),
    [
        (Grouping.YEAR, [("2026", "ab"), ("2025", "c"), ("", "d")]),
        (Grouping.VENUE, [("ICML", "ac"), ("Nature", "b"), ("", "d")]),
        (Grouping.KIND, [("conference", "ac"), ("journal", "b"), ("other", "d")]),
        (Grouping.NONE, [("", "abcd")]),
    ],
)
def test_a_list_is_divided(
    shelf: Library, grouping: Grouping, groups: list[tuple[str, str]]
) -> None:
    assert headings(shelf.publications, grouping) == groups


@pytest.mark.parametrize("grouping", Grouping)
def test_an_empty_list_has_no_groups(grouping: Grouping) -> None:
    assert group_publications([], grouping) == []


@pytest.mark.parametrize("grouping", Grouping)
def test_each_paper_of_the_real_file_is_in_one_group(
    library: Library, grouping: Grouping
) -> None:
    groups = group_publications(library.publications, grouping)
    found = [key for _, members in groups for key in keys(members)]
    assert sorted(found) == sorted(keys(library.publications))
    assert len({heading for heading, _ in groups}) == len(groups)


# Queries as text


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("all", Query()),
        (" all ", Query()),
        ("topic=pim", Query(topic="pim")),
        (" topic = pim ; year = 2026 ", Query(topic="pim", year=2026)),
        ("topic=pim;", Query(topic="pim")),
        ("person=Jinho Kim", Query(person="Jinho Kim")),
        ("venue=A = B", Query(venue="A = B")),
        ("kind=journal", Query(kind=Kind.JOURNAL)),
        ("selected=", Query(selected=True)),
        ("selected=yes; award=No", Query(selected=True, award=False)),
        ("limit=3", Query(limit=3)),
    ],
)
def test_a_query_is_read(text: str, query: Query) -> None:
    assert parse_query(text) == query


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "write topic=… or 'all'"),
        ("pim", "'pim' is not a condition; write topic=… or 'all'"),
        ("tag=pim", "unknown condition 'tag'; write one of topic, person, year, venue"),
        ("year=soon", "year: 'soon' is not a number"),
        ("limit=-1", "limit: '-1' is not a number"),
        ("kind=poster", "unknown kind 'poster'; write one of conference, journal"),
        ("selected=maybe", "selected: 'maybe' is neither 'yes' nor 'no'"),
        ("topic=a; topic=b", "topic"),
        ("topic=", "topic"),
    ],
)
def test_what_is_no_query_is_refused_with_a_reason(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=r".") as refused:
        parse_query(text)
    assert message in str(refused.value)


def test_a_directive_asks_with_the_same_words() -> None:
    assert make_query({"topic": "pim", "selected": ""}) == Query(
        topic="pim", selected=True
    )


def is_asked_for(paper: Publication, query: Query) -> bool:
    """Tell whether a paper fits a query, the limit aside."""
    venue = paper.venue
    labels = (venue.name.casefold(), venue.label.casefold()) if venue else ()
    return (
        query.topic in (None, *paper.topics)
        and query.year in (None, paper.issued.year)
        and query.selected in (None, paper.selected)
        and query.person in (None, *(creator.name for creator in paper.creators))
        and (query.venue is None or query.venue.casefold() in labels)
    )


names = st.sampled_from(["Jane Roe", "John Doe", "Edgar Poe"])
labels = st.sampled_from(["CONF", "conf", "Journal"])
queries = st.builds(
    Query,
    topic=st.none() | st.sampled_from(["graphs", "memory"]),
    person=st.none() | names,
    year=st.none() | st.sampled_from([0, 2023, 2024]),
    venue=st.none() | labels,
    selected=st.none() | st.booleans(),
    limit=st.none() | st.integers(0, 3),
    # What the index leaves to the query itself.
    **dict.fromkeys(("kind", "award", "keys", "field"), st.none()),
    without=st.just(()),
)


@given(
    shapes=st.lists(
        st.tuples(
            st.lists(names, max_size=3),
            st.lists(st.sampled_from(["graphs", "memory"]), max_size=3),
            st.sampled_from([0, 2023, 2024]),
            st.none() | labels,
            st.booleans(),
        ),
        max_size=8,
    ),
    asked=st.lists(queries, max_size=4),
)
def test_the_index_answers_as_looking_at_everything_does(
    make_publication: Callable[..., Publication],
    shapes: list[tuple[list[str], list[str], int, str | None, bool]],
    asked: list[Query],
) -> None:
    library = Library(
        publications=tuple(
            make_publication(
                f"key{number}",
                creators=tuple(Creator(family=name) for name in creators),
                topics=tuple(topics),
                issued=PartialDate(year),
                venue=Venue(name=f"The {label}", short=label) if label else None,
                selected=selected,
            )
            for number, (creators, topics, year, label, selected) in enumerate(shapes)
        )
    )
    index = PublicationIndex(library.publications, {})
    for query in asked:
        everything = [p for p in library.publications if is_asked_for(p, query)]
        assert index.select(query) == tuple(everything[: query.limit])
