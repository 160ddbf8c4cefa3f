"""An author's name means the right person, nobody, or is reported as a slip."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from labsite.bibtex.reader import read_library
from labsite.checks import check_library
from labsite.checks.names import (
    check_authors,
)
from labsite.model.dates import PartialDate
from labsite.model.problems import Rule
from labsite.model.records import Honour, Link, Person, Role
from labsite.model.sources import PageSource
from labsite.site.authorship import Identities, with_awards
from labsite.site.query import Query
from labsite.site.site import SiteRecords

if TYPE_CHECKING:
    from collections.abc import Iterable

    from labsite.model.records import Library

TODAY = PartialDate(2026, 11, 23)
#: The people of the site by name, with their publications up to September 2026.
COUNTS = {
    "Jinho Lee": 83, "Kanghyun Choi": 12, "Jaeyong Song": 17, "Hyeyoon Lee": 14,
    "Jaewon Jung": 9, "Seongyeon Park": 9, "Hongsun Jang": 11, "Junguk Hong": 6,
    "Changmin Shin": 7, "Hunseong Lim": 3, "Si Ung Noh": 4, "Sunjong Park": 7,
    "Sukjin Kim": 4, "Dain Kwon": 6, "Jun Sung": 2, "Taehee Kwon": 4, "Woobeen Jo": 0,
    "Shingeon Kim": 3, "Jihwan Jang": 0, "Hohyun Kim": 0, "Deokki Hong": 5,
    "Mingi Yoo": 3, "Seoyong Lee": 2,
}  # fmt: skip
ALIASES = {"Hyeyoon Lee": ("Hye Yoon Lee",), "Sukjin Kim": ("Suk Jin Kim",)}
ALUMNI = {"Hohyun Kim", "Deokki Hong", "Mingi Yoo", "Seoyong Lee"}


def make_person(name: str, **parts: object) -> Person:
    slug = name.lower().replace(" ", "-")
    known: dict[str, object] = {"slug": slug, "name": name, "role": Role.PHD}
    page = PageSource(file=f"team/{slug}.md", lines=(("name", 2),))
    known |= {"docname": f"team/{slug}", "source": page}
    return Person(**(known | parts))  # type: ignore[arg-type]  # parts by name


def make_people(names: Iterable[str]) -> tuple[Person, ...]:
    return tuple(
        make_person(
            name,
            aliases=ALIASES.get(name, ()),
            left=PartialDate() if name in ALUMNI else None,
        )
        for name in names
    )


def write(*authors: str, field: str = "author") -> Library:
    """Return the library of one entry by *authors*."""
    names = " and ".join(authors)
    entry = f"@misc{{key,\n  title = {{T}},\n  year = 2026,\n  {field} = {{{names}}}}}"
    return read_library([("lab.bib", entry)])


def resolve(identities: Identities, author: str) -> str | None:
    (publication,) = write(author).publications
    person = identities.resolve(publication.creators[0])
    return person.name if person else None


def near(identities: Identities, *authors: str) -> list[str]:
    """Return the pages that the problems of an entry by *authors* name."""
    problems = check_authors(write(*authors).publications, identities)
    return [name for p in problems for name in re.findall(r"team/(.+?)\.md", p.message)]


@pytest.mark.parametrize(
    ("lines", "found"), [((("name", 2),), ["gil-dong-hong"]), ((), [])]
)
def test_a_page_that_cannot_be_read_has_no_near_names(
    lines: tuple[tuple[str, int], ...], found: list[str]
) -> None:
    page = PageSource(file="team/gil-dong-hong.md", lines=lines)
    people = (make_person("Gil Dong Hong", source=page),)
    assert near(Identities(people), "Hong, Gildong") == found


@pytest.fixture(scope="module")
def lab() -> Identities:
    return Identities(make_people(COUNTS))


@pytest.fixture(scope="module")
def site(lab: Identities, library: Library) -> SiteRecords:
    return SiteRecords(people=lab.people, library=library, today=TODAY)


EXACT = {
    "as it is": ("Jinho Lee", "Jinho Lee"),
    "family name first": ("Lee, Jinho", "Jinho Lee"),
    "white space": ("Si~Ung   Noh", "Si Ung Noh"),
    "an alias": ("Hye Yoon Lee", "Hyeyoon Lee"),
    "an alias, family name first": ("Kim, Suk Jin", "Sukjin Kim"),
    "somebody else": ("Jaewon Jang", None),
    "another case": ("SeongYeon Park", None),
    "initials": ("J. Lee", None),
}


@pytest.mark.parametrize(
    ("author", "name"), [pytest.param(*row, id=id_) for id_, row in EXACT.items()]
)
def test_a_name_means_the_person_who_has_it(
    lab: Identities, author: str, name: str | None
) -> None:
    assert resolve(lab, author) == name


@pytest.mark.parametrize(
    "author",
    [
        "김민수",
        "{김 민수}",
        "김, 민수",
        "민수 김",
        unicodedata.normalize("NFD", "김민수"),
    ],
)
def test_a_name_in_its_own_script_means_the_person(author: str) -> None:
    identities = Identities([make_person("Minsu Kim", names=(("ko", "김민수"),))])
    assert resolve(identities, author) == "Minsu Kim"


@pytest.mark.parametrize("name", ["山田 太郎", "山田太郎"])
@pytest.mark.parametrize("author", ["山田, 太郎", "山田太郎", "太郎 山田", "山田 太郎"])
def test_a_site_may_have_its_names_in_their_own_script(name: str, author: str) -> None:
    assert resolve(Identities([make_person(name)]), author) == name


@pytest.mark.parametrize("name", ["John Roe Jr.", "John Roe Jr", "John Roe, Jr."])
def test_a_suffix_means_the_same_with_a_comma_and_a_point(name: str) -> None:
    identities = Identities([make_person(name), make_person("John Roe III")])
    assert resolve(identities, "Roe, Jr., John") == name
    assert resolve(identities, "Roe, III, John") == "John Roe III"
    assert resolve(identities, "Roe, John") is None


def test_an_alias_of_two_people_of_one_name_means_neither() -> None:
    names = [replace(make_person("A Park", aliases=("A. P.",)), slug=n) for n in "xy"]
    known = SiteRecords(people=tuple(names)).people_by_name
    assert known.keys() == {"x", "y"}


def _honoured(**papers: str) -> SiteRecords:
    """Return a site of Jane Roe with papers by her, and an award for each."""
    honours = tuple(Honour(name="Best Paper", papers=(key,)) for key in papers)
    person = make_person("Jane Roe", awards=honours)
    entry = "@misc{%s, title = {%s}, author = {Roe, Jane}, year = 2026, %s}"
    entries = "\n".join(entry % (key, key, more) for key, more in papers.items())
    library = with_awards(read_library([("lab.bib", entries)]), [person])
    return SiteRecords(people=(person,), library=library)


def _listed(site: SiteRecords) -> list[tuple[str, str, int, int]]:
    found = ((h.name, h.by or "", len(h.people), len(h.papers)) for h in site.honours)
    return sorted(found)


def test_an_award_of_a_person_and_a_paper_is_listed_once() -> None:
    site = _honoured(a="award = {best paper}", b="")
    assert _listed(site) == [("Best Paper", "", 1, 1), ("Best Paper", "", 1, 1)]
    awarded = site.select(Query(award=True))
    assert [site.awards[paper.key] for paper in awarded] == [["Best Paper"]] * 2


def test_awards_with_a_paper_in_common_are_one() -> None:
    entry = "@misc{%s, title={%s}, author={Roe, Jane and Poe, Sam}, year=2026}"
    library = read_library([("lab.bib", "\n".join(entry % (k, k) for k in "pq"))])
    people = tuple(
        make_person(name, awards=(Honour(name="Prize", papers=papers),))
        for name, papers in {"A": ("p",), "B": ("q",), "C": ("q", "p")}.items()
    )
    site = SiteRecords(people=people, library=with_awards(library, people))
    assert [(len(h.people), len(h.papers)) for h in site.honours] == [(3, 2)]
    assert [h.issued.year for h in site.honours] == [2026]
    assert [site.awards[p.key] for p in library.publications] == [["Prize"]] * 2


def test_awards_without_a_paper_are_one_of_one_date_and_giver() -> None:
    people = tuple(
        make_person(name, awards=(Honour(name="Prize", issued=issued, by="Acme"),))
        for name, issued in {"A": TODAY, "B": TODAY, "C": PartialDate(2026)}.items()
    )
    site = SiteRecords(people=people)
    assert [len(honour.people) for honour in site.honours] == [2, 1]


def test_accents_may_be_composed_or_not_and_come_from_latex() -> None:
    identities = Identities([make_person("José Peña", aliases=("Peña Nieto, José",))])
    for author in ("Jose\u0301 Pen\u0303a", r"Jos\'e Pe{\~n}a", "Peña Nieto, José"):
        assert resolve(identities, author) == "José Peña"


def test_a_spelling_of_two_people_means_neither() -> None:
    both = [make_person("A Park", aliases=("S. Park",)),
            make_person("B Park", aliases=("S. Park",))]  # fmt: skip
    assert resolve(Identities(both), "S. Park") is None
    assert resolve(Identities(both), "A Park") == "A Park"


def test_every_person_has_the_publications_that_name_them(
    site: SiteRecords,
) -> None:
    found = dict.fromkeys(COUNTS, 0)
    for person in site.people:
        for paper in site.papers_of(person):
            if (paper.issued.year or 0, paper.issued.month or 0) <= (2026, 9):
                found[person.name] += 1
    assert found == COUNTS


def test_the_site_s_bibliography_has_no_near_misses(
    lab: Identities, library: Library
) -> None:
    assert list(check_authors(library.publications, lab)) == []


NEAR = {
    "capitals": ("SeongYeon Park", "seongyeon-park"),
    "capitals of another": ("ShinGeon Kim", "shingeon-kim"),
    "capitals throughout": ("JAEYONG SONG", "jaeyong-song"),
    "no capitals": ("{jaeyong} {song}", "jaeyong-song"),
    "spaces": ("Woo Been Jo", "woobeen-jo"),
    "spaces and capitals, beside an alias": ("Hye yoon Lee", "hyeyoon-lee"),
    "no space": ("Siung Noh", "si-ung-noh"),
    "a hyphen": ("Jin-Ho Lee", "jinho-lee"),
    "a hyphen that does not break": ("Jin\u2011ho Lee", "jinho-lee"),
    "a soft hyphen": ("Jin\u00adho Lee", "jinho-lee"),
    "an accent": (r"Jinh\'o Lee", "jinho-lee"),
    "a point": ("Jinho Lee.", "jinho-lee"),
    "order": ("Lee Jinho", "jinho-lee"),
    "order, three words": ("Noh Si Ung", "si-ung-noh"),
    "order and space": ("Noh Siung", "si-ung-noh"),
    "an initial": ("J. Lee", "jinho-lee"),
    "an initial without a point": ("J Lee", "jinho-lee"),
    "an initial after the family name": ("Lee J.", "jinho-lee"),
    "initials of syllables": ("J.-H. Lee", "jinho-lee"),
    "initials in one": ("JH Lee", "jinho-lee"),
    "initials in one, after the family name": ("Lee JH", "jinho-lee"),
    "initials of words": ("S.U. Noh", "si-ung-noh"),
    "an initial for one of two words": ("Si U. Noh", "si-ung-noh"),
    "an initial more": ("Jinho K. Lee", "jinho-lee"),
    "a letter too many": ("Jaeyoung Song", "jaeyong-song"),
    "a letter too few": ("Seongyon Park", "seongyeon-park"),
    "two letters in each other's place": ("Seongyoen Park", "seongyeon-park"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("author", "slug"), [pytest.param(*row, id=id_) for id_, row in NEAR.items()]
)
def test_a_slip_names_the_person_who_may_be_meant(
    lab: Identities, author: str, slug: str
) -> None:
    assert near(lab, author) == [slug]


@pytest.mark.parametrize(
    "author",
    [
        pytest.param("Jaewon Jang", id="another family name"),
        pytest.param("Junho Lee", id="another letter in a given name"),
        pytest.param("Minho Lee", id="another letter to begin with"),
        pytest.param("Jinho Yi", id="another family name of two letters"),
        pytest.param("J. K. Lee", id="an initial that is not in the name"),
        pytest.param("Y. Kim", id="initials of nobody here"),
        pytest.param("Si K. Noh", id="a word and another initial"),
        pytest.param("Jung Sung", id="a letter more in a short name"),
        pytest.param("Daein Kwon", id="a letter more in a name of four letters"),
        pytest.param("Jun Ho Sung", id="a word more"),
        pytest.param("Lee", id="a family name alone"),
        pytest.param("{...}", id="no letters"),
        pytest.param("Google", id="a company"),
    ],
)
def test_a_name_of_somebody_else_is_no_slip(lab: Identities, author: str) -> None:
    assert near(lab, author) == []


def test_initials_of_two_people_name_both_and_mean_neither(lab: Identities) -> None:
    (problem,) = check_authors(write("Jinho Lee", "S. Park").publications, lab)
    assert str(problem) == (
        "lab.bib:4:27: error: key: 'S. Park' may mean 'Seongyeon Park' "
        "(team/seongyeon-park.md) or 'Sunjong Park' (team/sunjong-park.md); write the "
        "full name, or list this spelling on the page: under 'aliases' if it is the "
        "same person, else under 'distinct_from' [near-miss-name]"
    )
    assert resolve(lab, "S. Park") is None


def test_longer_initials_tell_two_people_apart(lab: Identities) -> None:
    assert near(lab, "S. Y. Park") == ["seongyeon-park"]
    assert near(lab, "S. J. Park") == ["sunjong-park"]


def test_a_member_s_initials_are_seen_where_papers_have_the_rest() -> None:
    identities = Identities([make_person("H. Peter Miller")])
    assert near(identities, "Peter Miller") == ["h.-peter-miller"]
    assert near(identities, "H. P. Miller") == ["h.-peter-miller"]
    assert near(identities, "H. Martin Miller") == []


def test_whoever_is_an_author_already_is_not_meant(lab: Identities) -> None:
    assert near(lab, "Jaeyong Song", "Jaeyoung Song") == []
    assert near(lab, "Seongyeon Park", "S. Park") == ["sunjong-park"]


def test_a_page_may_say_that_a_similar_name_is_somebody_else_s() -> None:
    person = make_person("Jaeyong Song", distinct_from=("Jaeyoung  Song",))
    assert near(Identities([person]), "Jaeyoung Song") == []
    assert near(Identities([person]), "J. Song") == ["jaeyong-song"]


def test_an_alias_is_no_slip() -> None:
    person = make_person("Jaeyong Song", aliases=("J. Song",))
    assert near(Identities([person]), "J. Song") == []


def test_slips_among_editors_point_at_their_field(lab: Identities) -> None:
    (problem,) = check_authors(write("J. Lee", field="editor").publications, lab)
    assert (problem.line, problem.column) == (4, 13)


@pytest.mark.parametrize(
    ("author", "shown", "remedy"),
    [
        ("Jinho, Lee", "Lee Jinho", "Lee, Jinho"),
        ("Lee Jinho", "Lee Jinho", "Lee, Jinho"),
        ("Si Ung, Noh", "Noh Si Ung", "Noh, Si Ung"),
        ("Suk Jin, Kim", "Kim Suk Jin", "Kim, Sukjin"),
    ],
)
def test_a_name_in_the_wrong_order_is_told_the_right_one(
    lab: Identities, author: str, shown: str, remedy: str
) -> None:
    (problem,) = check_authors(write("Roe, Jane", author).publications, lab)
    assert problem.message.startswith(f"'{shown}' may mean ")
    assert f"; write '{remedy}', or list this spelling" in problem.message
    assert "  author = {Roe, Jane and "[problem.column - 1 :] == ""


@pytest.mark.parametrize("author", ["Song*, Jaeyong", "Song, Jaeyong*", "J. Song1"])
def test_a_name_with_a_mark_is_left_to_the_rule_on_marks(
    lab: Identities, author: str
) -> None:
    library = write(author)
    assert near(lab, author) == []
    (problem,) = check_library(library)
    assert problem.rule is Rule.MARK_IN_NAME
    assert problem.message.endswith(
        "write the name alone, and for equal contribution author+an = {1=equal; "
        "2=equal}"
    )


def test_a_name_that_stands_twice_in_an_entry_is_reported_once(lab: Identities) -> None:
    assert near(lab, "J. Lee", "J. Lee") == ["jinho-lee"]


def test_authors_in_the_lab_come_with_how_often(site: SiteRecords) -> None:
    people = {person.name: person for person in site.people}
    found = site.rank_authors(site.papers_of(people["Seongyeon Park"]))
    assert [(person.name, count) for person, count in found][:6] == [
        ("Jinho Lee", 9), ("Seongyeon Park", 9), ("Junguk Hong", 6),
        ("Jaeyong Song", 3), ("Si Ung Noh", 3), ("Sukjin Kim", 3),
    ]  # fmt: skip


def test_an_author_who_stands_twice_on_a_paper_has_it_once(lab: Identities) -> None:
    library = write("Hyeyoon Lee", "Hye Yoon Lee", "Jinho Lee")
    found = SiteRecords(people=lab.people, library=library).rank_authors(
        library.publications
    )
    assert [(person.name, count) for person, count in found] == [
        ("Hyeyoon Lee", 1), ("Jinho Lee", 1)
    ]  # fmt: skip


def test_a_topic_s_people_are_its_authors_who_are_members(
    site: SiteRecords,
) -> None:
    found = site.members_on("applied-ml")
    assert [(person.name, count) for person, count in found][:5] == [
        ("Jinho Lee", 10), ("Hyeyoon Lee", 6), ("Kanghyun Choi", 3),
        ("Shingeon Kim", 3), ("Sunjong Park", 3),
    ]  # fmt: skip
    accelerators = site.members_on("ai-accelerators")
    assert ALUMNI.isdisjoint(person.name for person, _ in accelerators)
    assert site.members_on("no-such-topic") == ()


def test_an_award_of_several_people_is_one_award_of_the_paper() -> None:
    shared = Honour(name="Best Paper", papers=("key",))
    other = Honour(name="Prize", papers=("key", "unknown"))
    people = (
        make_person("A B", awards=(shared, Honour(name="Not for a paper"))),
        make_person("C D", awards=(shared, other)),
    )
    site = SiteRecords(library=write("A B", "C D"), people=people)
    (publication,) = site.library.publications
    assert site.awards[publication.key] == ["Best Paper", "Prize"]
    named = replace(publication, award="Prize")
    site = SiteRecords(
        library=replace(site.library, publications=(named,)), people=people
    )
    assert site.awards[named.key] == ["Prize", "Best Paper"]


def namesakes() -> Identities:
    orcid = Link(
        name="orcid", label="ORCID", url="https://orcid.org/0000-0002-1825-0097"
    )
    return Identities([
        make_person("Jane Roe"),
        make_person("Jane Roe", slug="jane-roe-2", links=(orcid,)),
    ])  # fmt: skip


@pytest.mark.parametrize(
    ("annotation", "slug"),
    [
        ('author+an:id = {1="jane-roe"}', "jane-roe"),
        ("author+an:id = {1=jane-roe-2}", "jane-roe-2"),
        ("author+an:orcid = {1=0000-0002-1825-0097}", "jane-roe-2"),
        ('author+an:orcid = {1="https://orcid.org/0000-0002-1825-0097"}', "jane-roe-2"),
        ("author+an:id = {1=nobody}", None),
    ],
)
def test_an_entry_says_which_of_two_people_of_one_name_is_meant(
    annotation: str, slug: str | None
) -> None:
    entry = (
        "@misc{k,\n title = {T},\n year = 2026,\n author = {Jane Roe},\n "
        f"{annotation}}}"
    )
    library = read_library([("lab.bib", entry)])
    people = namesakes()
    found = people.resolve(library.publications[0].creators[0])
    assert (found.slug if found else None) == slug
    problems = list(check_authors(library.publications, people))
    assert [p.line for p in problems] == ([] if slug else [5])


def test_a_name_of_two_people_asks_for_an_annotation() -> None:
    (problem,) = check_authors(write("Jane Roe").publications, namesakes())
    assert problem.message.endswith('; say which: author+an:id = {1="jane-roe"}')


@pytest.mark.parametrize(
    "names", ["Jinho Lee, Jane Roe", "Jane Roe, Jinho Lee", "Jinho Lee Dain Kwon A B"]
)
def test_two_names_by_a_comma_are_not_one(lab: Identities, names: str) -> None:
    (problem,) = check_authors(write(names).publications, lab)
    assert problem.rule is Rule.BAD_NAME
    assert f"'{names}' is more than one name" in problem.message


def test_another_s_orcid_is_not_that_of_a_namesake() -> None:
    entry = (
        "@misc{k, title={T}, year=2026, author={Jane Poe}, "
        "author+an:orcid={1=0000-0001-5109-3700}}"
    )
    library = read_library([("lab.bib", entry)])
    orcid = Link(
        name="orcid", label="ORCID", url="https://orcid.org/0000-0002-1825-0097"
    )
    people = Identities([make_person("Jane Poe", links=(orcid,))])
    assert people.resolve(library.publications[0].creators[0]) is None


def test_a_spelling_in_many_papers_is_one_problem(lab: Identities) -> None:
    entry = "@misc{{k{0}, title = {{T {0}}}, year = 2026, author = {{JinHo Lee}}}}\n"
    library = read_library([("lab.bib", "".join(map(entry.format, range(6))))])
    (problem,) = check_authors(library.publications, lab)
    assert problem.key == "k0"
    assert "(also in k1, k2, k3 and 2 more)" in problem.message


def test_middle_initials_are_a_question(lab: Identities) -> None:
    (question,) = check_authors(write("Jinho K. Lee").publications, lab)
    (slip,) = check_authors(write("JinHo Lee").publications, lab)
    assert (question.rule, question.severity) == (Rule.MIDDLE_INITIAL, "warning")
    assert (slip.rule, slip.severity) == (Rule.NEAR_MISS_NAME, "error")


@pytest.mark.parametrize(
    ("name", "author", "remedy"),
    [
        ("Jürgen Müller", "Mueller, Juergen", "Müller, Jürgen"),
        ("Juergen Mueller", "Müller, J.", "Mueller, Juergen"),
        ("Ana García López", "Garcia-Lopez, Ana", "García López, Ana"),
        ("Jane van der Roe", "van der Roe, J.", "van der Roe, Jane"),
    ],
)
def test_a_near_miss_is_told_the_whole_name(
    name: str, author: str, remedy: str
) -> None:
    people = Identities([make_person(name)])
    (problem,) = check_authors(write(author).publications, people)
    assert f"; write '{remedy}', or list this spelling" in problem.message
