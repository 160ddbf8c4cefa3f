from __future__ import annotations

import cProfile
from typing import TYPE_CHECKING

from labsite.model.records import Creator
from labsite.site.query import PublicationIndex

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from labsite.model.records import Library, Publication

    Make = Callable[..., Publication]


def people(names: str) -> tuple[Creator, ...]:
    return tuple(Creator(family=name) for name in names.split())


def related(publications: Sequence[Publication], limit: int = 5) -> dict[str, str]:
    index = PublicationIndex(publications, {})
    return {
        p.key: " ".join(r.key for r in index.find_related(p, limit))
        for p in publications
    }


def test_papers_that_share_nothing_are_not_related(make_publication: Make) -> None:
    shelf = [
        make_publication("a", topics=("x",), creators=people("Ada")),
        make_publication("b", topics=("y",), creators=people("Bo")),
    ]
    assert related(shelf) == {"a": "", "b": ""}


def test_an_earlier_key_of_another_paper_confuses_nothing(
    make_publication: Make,
) -> None:
    shelf = [
        make_publication("a", topics=("x",), aliases=("b",)),
        make_publication("b", topics=("x",)),
    ]
    assert related(shelf) == {"a": "b", "b": "a"}


def test_a_topic_and_a_person_of_one_name_are_two_things(
    make_publication: Make,
) -> None:
    shelf = [
        make_publication("a", topics=("Ada",)),
        make_publication("b", creators=people("Ada")),
    ]
    assert related(shelf) == {"a": "", "b": ""}


def test_what_few_share_counts_more_than_what_all_share(make_publication: Make) -> None:
    shelf = [
        make_publication("a", creators=people("Ada Head")),
        make_publication("b", creators=people("Head")),
        make_publication("c", creators=people("Head")),
        make_publication("d", creators=people("Ada")),
    ]
    assert related(shelf)["a"] == "d b c"


def test_two_things_in_common_count_more_than_one(make_publication: Make) -> None:
    shelf = [
        make_publication("a", topics=("x",), creators=people("Ada")),
        make_publication("b", creators=people("Ada")),
        make_publication("c", topics=("x",), creators=people("Ada")),
    ]
    assert related(shelf, limit=1)["a"] == "c"


def test_ties_stand_in_the_order_of_the_list(make_publication: Make) -> None:
    shelf = [make_publication(key, topics=("x",)) for key in "dbca"]
    assert related(shelf) == {"d": "b c a", "b": "d c a", "c": "d b a", "a": "d b c"}


def test_a_trait_named_twice_counts_once(make_publication: Make) -> None:
    shelf = [
        make_publication("a", creators=people("Ada Ada Bo")),
        make_publication("b", creators=people("Bo")),
        make_publication("c", creators=people("Ada")),
    ]
    assert related(shelf)["a"] == "b c"


def test_papers_are_related_both_ways(library: Library) -> None:
    found = related(library.publications, limit=1000)
    for key, others in found.items():
        assert key not in others.split()
        assert all(key in found[other].split() for other in others.split())


def test_the_same_papers_are_related_every_time(library: Library) -> None:
    first = related(library.publications)
    assert first == related(library.publications)
    assert all(len(others.split()) == 5 for others in first.values())


def test_an_author_of_all_papers_takes_no_more_work_than_of_some(
    make_publication: Make,
) -> None:
    def work(count: int) -> int:
        shelf = [
            make_publication(str(n), topics=("x",), creators=people("Head"))
            for n in range(count)
        ]
        index = PublicationIndex(shelf, {})
        profile = cProfile.Profile(builtins=True)
        profile.runcall(lambda: [index.find_related(p) for p in shelf])
        return sum(entry.callcount for entry in profile.getstats())

    assert work(800) < 2.5 * work(400)
