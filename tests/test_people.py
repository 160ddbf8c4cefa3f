"""People are the pages of one folder; a fault costs at most the page it is on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from labsite.checks.pages import check_people
from labsite.model.dates import PartialDate
from labsite.model.records import Person, Role
from labsite.model.sources import PageSource
from labsite.pages.people import order_people, read_people
from labsite.pages.profiles import SITES, parse_identifier
from labsite.site.site import SiteRecords

if TYPE_CHECKING:
    from pathlib import Path

    from labsite.model.problems import Problem
    from labsite.model.records import Library

TODAY = PartialDate(2026, 11, 23)
WHOLE_PAGE = """\
---
name: Minsu  Kim
name_ko: 김민수
aliases: [MinSu Kim, Min-su Kim]
distinct_from: Minsoo Kim
role: phd
position: Research Fellow
joined: 2021-03
left: 2026-02-25
degree: PhD
now: A University
interests:
  - compilers
  - "languages: types"
homepage: https://example.org/minsu?a=b
github: https://github.com/minsu-kim/
scholar: https://scholar.google.com/citations?hl=en&user=AbCdEfGhIjKL&view=list
orcid: 0000-0002-1694-233x
linkedin: https://kr.linkedin.com/in/minsu-kim-12/
dblp: https://dblp.org/pid/12/3456-7.html
office: 301-1009
contact: minsu at example dot org
photo: minsu.jpg
awards:
  - name: Dissertation Prize
    date: 2025
    by: The Society
  - name: Best Paper Award
    date: 2026-02
    papers: [kim2026a, kim2026b]
---

I study compilers.
"""


def say(problem: Problem) -> str:
    return f"{problem.file}:{problem.line}: {problem.message} [{problem.rule}]"


def read(folder: Path, **pages: str) -> tuple[dict[str, Person], list[str]]:
    """Read a folder of the given pages; one line is front matter without its fence."""
    for name, text in pages.items():
        whole = (
            text if text.startswith("---") or not text else f"---\n{text}\n---\nText."
        )
        (folder / f"{name}.md").write_text(whole, encoding="utf-8")
    people, problems = read_people(folder, "team")
    return {person.slug: person for person in people}, [say(p) for p in problems]


def test_a_page_has_fields_in_other_languages(tmp_path: Path) -> None:
    text = (
        "name: Minsu Kim\nrole: phd\nname_ko: 김민수\nposition: Fellow\n"
        "interests: compilers\ninterests_ko: 컴파일러, 언어\nnow_xyz9: X\n"
        "position_zh_CN: 教授"
    )
    people, problems = read(tmp_path, minsu=text)
    person = people["minsu"]
    assert person.names == (("ko", "김민수"),)
    assert (person.position, person.interests) == ("Fellow", ("compilers",))
    translated = dict.fromkeys(("ko", "de", "zh_CN"), ())
    records = SiteRecords(people=(person,), translated=translated)
    korean, german, chinese = (records.by_language[n].people[0] for n in translated)
    assert (korean.position, korean.interests) == ("Fellow", ("컴파일러", "언어"))
    assert german.interests == person.interests
    assert chinese.position == "教授"
    (problem,) = problems
    assert "there is no field 'now_xyz9'" in problem


def make_person(name: str, role: Role = Role.PHD, **parts: object) -> Person:
    slug = name.lower().replace(" ", "-")
    known: dict[str, object] = {"slug": slug, "name": name, "role": role}
    known |= {"docname": f"team/{slug}", "source": PageSource(file=f"team/{slug}.md")}
    return Person(**(known | parts))  # type: ignore[arg-type]  # parts by name


def test_a_whole_page_becomes_a_person(tmp_path: Path) -> None:
    (tmp_path / "minsu.jpg").touch()
    people, problems = read(tmp_path, minsu=WHOLE_PAGE, index="# Team")
    assert problems == []
    person = people["minsu"]
    assert (person.name, person.role) == ("Minsu Kim", "phd")
    assert person.names == (("ko", "김민수"),)
    assert person.docname == "team/minsu"
    assert person.aliases == ("MinSu Kim", "Min-su Kim")
    assert person.distinct_from == ("Minsoo Kim",)
    assert person.joined == PartialDate(2021, 3)
    assert person.left == PartialDate(2026, 2, 25)
    assert (person.degree, person.now) == ("PhD", "A University")
    assert person.interests == ("compilers", "languages: types")
    assert {link.name: link.url for link in person.links} == {
        "homepage": "https://example.org/minsu?a=b",
        "scholar": "https://scholar.google.com/citations?user=AbCdEfGhIjKL",
        "github": "https://github.com/minsu-kim",
        "orcid": "https://orcid.org/0000-0002-1694-233X",
        "dblp": "https://dblp.org/pid/12/3456-7",
        "linkedin": "https://www.linkedin.com/in/minsu-kim-12",
    }
    assert (person.office, person.photo) == ("301-1009", "minsu.jpg")
    assert person.contact == "minsu at example dot org"
    assert [(a.name, a.by, a.papers) for a in person.awards] == [
        ("Best Paper Award", None, ("kim2026a", "kim2026b")),
        ("Dissertation Prize", "The Society", ()),
    ]
    assert person.source.body == "\nI study compilers.\n"


def test_the_least_a_page_needs_is_a_name_and_a_role(tmp_path: Path) -> None:
    wrapped = "name: A B\nrole: MSPhD\nposition: Fellow\n  - of two labs"
    people, problems = read(tmp_path, a=wrapped)
    assert problems == []
    assert people["a"].position == "Fellow - of two labs"
    assert people["a"].role == Role.MSPHD
    assert not people["a"].joined
    assert people["a"].left is None


ROLES = "pi, professor, postdoc, phd, msphd, ms, intern, staff, visitor, member"
#: Front matter that begins in line 2, the problem, and whether the person is left out.
MISTAKES = {
    "a blank name": (
        "name: ' '\nrole: ms",
        "2: no name; write 'name: …' [missing-field]",
    ),
    "a field in capitals": (
        "Name: A B\nrole: ms",
        "2: there is no field 'Name'; did you mean 'name'? [missing-field]",
    ),
    "a dash that stands deeper": (
        "name: A B\nrole: ms\ninterests:\n- C\n - D",
        (
            "6: this '-' stands deeper than the list; write it below the one above "
            "[bad-value]"
        ),
    ),
    "no name": ("role: ms", "2: no name; write 'name: …' [missing-field]"),
    "no role": (
        "name: A B",
        f"2: no role; write 'role:' and one of {ROLES} [missing-field]",
    ),
    "unknown role": (
        "name: A B\nrole: student",
        (
            f"3: role: there is no role 'student'; write one of {ROLES}, or declare it "
            "in labsite_roles [unknown-role]"
        ),
    ),
    "alumnus as a role": (
        "name: A B\nrole: alumni",
        (
            "3: role: there is no role 'alumni'; write the role until then, and "
            "'left: 2026-02' or 'left: unknown' [unknown-role]"
        ),
    ),
    "broken YAML": (
        "name: A B\nrole: ms\nnow: a: b",
        (
            "4: cannot read the YAML: mapping values are not allowed here; "
            "write 'key: value', and put a value with special characters in quotes "
            "[bad-record]"
        ),
    ),
    "impossible date": (
        "name: A B\nrole: ms\njoined: 2026-02-30",
        (
            "4: joined: '2026-02-30' is not a date; write 2026, 2026-03 or 2026-03-14 "
            "[bad-date]"
        ),
    ),
    "a word for a date": (
        "name: A B\nrole: ms\nleft: soon",
        "4: left: 'soon' is not a date; write 2026, 2026-03 or 2026-03-14 [bad-date]",
    ),
    "reversed dates": (
        "name: A B\nrole: ms\njoined: 2026-03\nleft: 2025-09-01",
        (
            "5: left: 2025-09-01 is before 2026-03, the date in 'joined'; correct one "
            "[bad-date]"
        ),
    ),
    "a place to go without leaving": (
        "name: A B\nrole: ms\nnow: A Company",
        (
            "4: now: only alumni have this field; add 'left: 2026-02' or "
            "'left: unknown' [missing-field]"
        ),
    ),
    "a slip in a field's name": (
        "name: A B\nrole: ms\nintrests: [a]",
        "4: there is no field 'intrests'; did you mean 'interests'? [unknown-field]",
    ),
    "a bad GitHub name": (
        "name: A B\nrole: ms\ngithub: a--b",
        (
            "4: github: 'a--b' is not a valid GitHub identifier; write the "
            "identifier, like octocat, or "
            "the page's address [bad-profile]"
        ),
    ),
    "a wrong digit in an ORCID": (
        "name: A B\nrole: ms\norcid: 0000-0002-1825-0098",
        (
            "4: orcid: '0000-0002-1825-0098' is not a valid ORCID identifier; write "
            "the identifier, like "
            "0000-0002-1825-0097, or the page's address (a digit may be wrong) "
            "[bad-profile]"
        ),
    ),
    "a homepage without https": (
        "name: A B\nrole: ms\nhomepage: example.org",
        "4: homepage: 'example.org' is not an address; write https://… [bad-url]",
    ),
    "a homepage that is a script": (
        "name: A B\nrole: ms\nhomepage: javascript:alert(1)",
        (
            "4: homepage: 'javascript:alert(1)' is not an address; write "
            "https://… [bad-url]"
        ),
    ),
    "an award without a name": (
        "name: A B\nrole: ms\nawards:\n- date: 2026",
        "5: no name; write '- name: Best Paper Award' [missing-field]",
    ),
    "an award in words": (
        "name: A B\nrole: ms\nawards: Best Paper",
        "4: this has no fields; write a list of '- name: Best Paper Award' [bad-value]",
    ),
    "an award with an impossible date": (
        "name: A B\nrole: ms\nawards:\n- name: C\n  date: 2026-13",
        (
            "6: date: '2026-13' is not a date; write 2026, 2026-03 or 2026-03-14 "
            "[bad-date]"
        ),
    ),
    "an unknown field of an award": (
        "name: A B\nrole: ms\nawards:\n- name: C\n  paper: d",
        "6: there is no field 'paper'; did you mean 'papers'? [unknown-field]",
    ),
    "a list for a name": (
        "name: [A B]\nrole: ms",
        (
            "2: name: this is a list or has fields of its own; write one text "
            "[bad-value]"
        ),
    ),
}


@pytest.mark.parametrize(
    ("matter", "message"),
    [pytest.param(*row, id=id_) for id_, row in MISTAKES.items()],
)
def test_a_mistake_is_one_problem_and_costs_one_page(
    tmp_path: Path, matter: str, message: str
) -> None:
    people, problems = read(tmp_path, x=matter, y="name: C D\nrole: ms")
    assert problems == [f"team/x.md:{message}"]
    assert sorted(people) == ["x", "y"]  # papers still find the two


def test_a_page_without_front_matter_is_told_how_to_begin(tmp_path: Path) -> None:
    (tmp_path / "x.md").write_text("# A B\n")
    assert read(tmp_path) == (
        {},
        [
            (
                "team/x.md:1: no fields; begin the page with '---', 'name: …', "
                "'role: …' and '---'"
                " [missing-field]"
            )
        ],
    )


@pytest.mark.parametrize(
    ("other", "message"),
    [
        pytest.param(
            "name: C D\nrole: ms\naliases: [X, A  B]",
            "4: aliases: 'A B' is A B in team/x.md; a spelling belongs to one person"
            ": remove it from one of them [duplicate-name]",
            id="an alias that is another's name",
        ),
        pytest.param(
            "name: C D\nrole: ms\naliases: [A. B.]",
            "4: aliases: 'A. B.' is A B in team/x.md; a spelling belongs to one person"
            ": remove it from one of them [duplicate-name]",
            id="an alias of two people",
        ),
    ],
)
def test_a_spelling_of_two_people_is_a_problem(
    tmp_path: Path, other: str, message: str
) -> None:
    first = "name: A B\nrole: ms\naliases: [A. B., A B]"
    people, problems = read(tmp_path, x=first, y=other)
    assert problems == [f"team/y.md:{message}"]
    assert sorted(people) == ["x", "y"]


@pytest.mark.parametrize(
    ("written", "left"),
    [
        ("true", PartialDate()),
        ("Unknown", PartialDate()),
        ("2026", PartialDate(2026)),
        ("false", None),
        ("", None),
    ],
)
def test_left_is_a_date_or_says_that_there_is_none(
    tmp_path: Path, written: str, left: PartialDate | None
) -> None:
    people, problems = read(tmp_path, x=f"name: A B\nrole: ms\nleft: {written}")
    assert (people["x"].left, problems) == (left, [])


def test_dates_may_meet_where_a_part_is_unknown(tmp_path: Path) -> None:
    matter = "name: A B\nrole: ms\njoined: 2026-03-02\nleft: 2026"
    assert read(tmp_path, x=matter)[1] == []


def test_papers_of_awards_are_in_the_bibliography(
    tmp_path: Path, library: Library
) -> None:
    matter = (
        "name: A B\nrole: ms\nawards:\n- name: C\n- name: D\n  date: 2026\n  papers: "
    )
    people, _ = read(tmp_path, x=f"{matter}[hong2026localut, hong2026locallut, no]")
    assert [say(p) for p in check_people(people.values(), library)] == [
        (
            "team/x.md:8: there is no publication 'hong2026locallut'; did you mean "
            "'hong2026localut'? [unknown-key]"
        ),
        (
            "team/x.md:8: there is no publication 'no'; use a key of the bibliography "
            "[unknown-key]"
        ),
    ]


@pytest.mark.parametrize(
    ("left", "gone"),
    [
        pytest.param(None, False, id="a member"),
        pytest.param(PartialDate(), True, id="on an unknown date"),
        pytest.param(PartialDate(2026, 11, 23), True, id="today"),
        pytest.param(PartialDate(2026, 11, 24), False, id="tomorrow"),
        pytest.param(PartialDate(2026, 11), True, id="this month"),
        pytest.param(PartialDate(2027), False, id="next year"),
    ],
)
def test_who_leaves_later_is_still_a_member(
    left: PartialDate | None, gone: bool
) -> None:
    assert make_person("A B", left=left).has_left(TODAY) is gone


def test_the_order_of_the_team_page() -> None:
    people = [
        make_person("Z New", joined=PartialDate(2026, 3)),
        make_person("B Same", joined=PartialDate(2020, 3)),
        make_person("a Same", joined=PartialDate(2020, 3)),
        make_person("C Unknown"),
        make_person("D Leader", Role.PI, joined=PartialDate(2026)),
        make_person("E Master", Role.MS, joined=PartialDate(2019)),
        make_person("F Gone", left=PartialDate(), joined=PartialDate(2020)),
        make_person("G Gone", left=PartialDate(), joined=PartialDate(2021)),
        make_person("H Gone", left=PartialDate(2024, 2)),
        make_person("I Gone", Role.PI, left=PartialDate(2025)),
        make_person("J Leaves", left=PartialDate(2027), joined=PartialDate(2022)),
    ]
    members, alumni = order_people(people, TODAY)
    assert [person.name for person in members] == [
        "D Leader", "a Same", "B Same", "J Leaves", "Z New", "C Unknown", "E Master",
    ]  # fmt: skip
    assert [person.name for person in alumni] == [
        "I Gone",
        "H Gone",
        "G Gone",
        "F Gone",
    ]
    assert order_people(reversed(people), TODAY) == (members, alumni)


#: Site, what is written, the identifier.
IDENTIFIERS = {
    "github: a name": ("github", "octo-cat7", "octo-cat7"),
    "github: with an at sign": ("github", "@octocat", "octocat"),
    "github: only digits": ("github", "5001945", "5001945"),
    "github: an address": ("github", "http://www.GitHub.com/octocat?tab=x", "octocat"),
    "github: without https": ("github", "github.com/octocat", "octocat"),
    "github: a managed user": ("github", "octocat_acme", "octocat_acme"),
    "github: 39 letters": ("github", "a" * 39, "a" * 39),
    "github: 40 letters": ("github", "a" * 40, None),
    "github: a hyphen at the end": ("github", "octocat-", None),
    "github: a repository": ("github", "https://github.com/a/b", None),
    "github: another site": ("github", "https://gitlab.com/octocat", None),
    "github: markup": ("github", 'a"><script>', None),
    "scholar: an identifier": ("scholar", "2H-m_VYAAAAJ", "2H-m_VYAAAAJ"),
    "scholar: a country's address": (
        "scholar",
        "https://scholar.google.co.kr/citations?user=2H-m_VYAAAAJ&hl=ko",
        "2H-m_VYAAAAJ",
    ),
    "scholar: too short": ("scholar", "2H-m_VYAAAA", None),
    "orcid: a digit at the end": (
        "orcid",
        "0000-0001-5109-3700",
        "0000-0001-5109-3700",
    ),
    "orcid: an X at the end": ("orcid", "0000-0002-9079-593x", "0000-0002-9079-593X"),
    "orcid: an address": (
        "orcid",
        "https://orcid.org/0000-0002-1825-0097",
        "0000-0002-1825-0097",
    ),
    "orcid: two digits swapped": ("orcid", "0000-0002-1852-0097", None),
    "orcid: no hyphens": ("orcid", "0000000218250097", None),
    "dblp: a number": ("dblp", "l/JinhoLee", "l/JinhoLee"),
    "dblp: an address": ("dblp", "dblp.org/pid/141/4460-2.html", "141/4460-2"),
    "dblp: a name": ("dblp", "Jinho Lee", None),
    "linkedin: a name in Korean": ("linkedin", "이진호-1", "이진호-1"),
    "linkedin: a company": ("linkedin", "https://linkedin.com/company/x", None),
}


@pytest.mark.parametrize(
    ("site", "text", "identifier"),
    [pytest.param(*row, id=id_) for id_, row in IDENTIFIERS.items()],
)
def test_identifiers_are_checked_by_the_rules_of_their_site(
    site: str, text: str, identifier: str | None
) -> None:
    known = {each.name: each for each in SITES}
    assert parse_identifier(known[site], text) == identifier


def test_every_example_is_a_valid_identifier() -> None:
    for site in SITES:
        bare = parse_identifier(site, site.example)
        assert bare
        assert parse_identifier(site, site.address.format(bare)) == bare


def test_an_identifier_is_quoted_in_its_address(tmp_path: Path) -> None:
    people, _ = read(tmp_path, x="name: A B\nrole: ms\nlinkedin: 이진호")
    (link,) = people["x"].links
    assert link.url.isascii()


@pytest.mark.parametrize(
    "value",
    ["[[[]]]", "{a: {b: c}}", "[{name: [a]}, {papers: {a: b}}]", '"\\0"', "'/'"],
)
@pytest.mark.parametrize(
    "field",
    ["name", "role", "joined", "left", "now", "aliases", "awards", "photo", "github"],
)
def test_no_value_of_any_field_raises(tmp_path: Path, field: str, value: str) -> None:
    matter = {"name": "A B", "role": "ms", field: value}
    page = "\n".join(f"{key}: {text}" for key, text in matter.items())
    people, problems = read(tmp_path, x=page, y="name: C D\nrole: ms")
    assert "y" in people
    assert all(problem.startswith("team/x.md:") for problem in problems)


@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        ("Gong, Newbie", "write 'Newbie Gong'"),
        ("Newbie Gong", None),
        ("John Doe, Jr.", None),
    ],
)
def test_a_name_turned_round_as_in_papers_is_named(
    tmp_path: Path, name: str, complaint: str | None
) -> None:
    page = f"---\nname: {name}\nrole: phd\n---\n"
    (tmp_path / "newbie-gong.md").write_text(page, encoding="utf-8")
    _people, problems = read_people(tmp_path, "team")
    found = [p.message for p in problems if "the family name is first" in p.message]
    assert (complaint is None) == (not found)
    assert all(complaint in message for message in found if complaint)
