"""Terms and courses are read from one file; a fault costs at most its own item."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from labsite.pages.data_files import Course, Term, read_teaching

if TYPE_CHECKING:
    from pathlib import Path


def read(folder: Path, text: str) -> tuple[tuple[Term, ...], list[str]]:
    path = folder / "terms.yaml"
    path.write_text(text, encoding="utf-8")
    terms, problems = read_teaching(path, "teaching/terms.yaml")
    return terms, [f"{p.line}: {p.message} [{p.rule}]" for p in problems]


def test_terms_come_newest_first_with_their_courses(tmp_path: Path) -> None:
    text = """\
# Courses, in any order.
- term: 2024-spring
  courses:
    - name: "Architecture: Basics"
      level: Undergraduate
      code: 430.322
- term: 2024-Autumn
  courses:
    - {name: Parallel Computing, level: graduate}
    - {name: Algorithms, level: undergraduate}
- term: 2025-spring
  courses: [{name: Compilers, level: graduate}]
"""
    architecture = Course(
        name="Architecture: Basics", level="undergraduate", code="430.322"
    )
    parallel = Course(name="Parallel Computing", level="graduate")
    algorithms = Course(name="Algorithms", level="undergraduate")
    compilers = Course(name="Compilers", level="graduate")
    assert read(tmp_path, text) == (
        (
            Term(year=2025, season="spring", courses=(compilers,)),
            Term(year=2024, season="fall", courses=(parallel, algorithms)),
            Term(year=2024, season="spring", courses=(architecture,)),
        ),
        [],
    )


def test_seasons_stand_in_the_order_of_the_year(tmp_path: Path) -> None:
    course = "courses: [{name: C, level: graduate}]"
    seasons = ("fall", "winter", "spring", "summer")
    text = "\n".join(f"- {{term: 2024-{season}, {course}}}" for season in seasons)
    terms, _ = read(tmp_path, text)
    assert [term.season for term in terms] == ["winter", "fall", "summer", "spring"]


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "[]"])
def test_a_file_may_be_empty(tmp_path: Path, text: str) -> None:
    assert read(tmp_path, text) == ((), [])


LAST = "- term: 2019-fall\n  courses:\n    - {name: Last, level: graduate}\n"
TERMS = "2026-spring, 2026-summer, 2026-fall or 2026-winter"
#: What stands before the last term, the problem, and how many terms are read.
MISTAKES = {
    "no term": (
        "- courses:\n    - {name: C, level: graduate}\n",
        "1: no term; write '- term: 2026-spring' before 'courses:' [missing-field]",
        1,
    ),
    "a term in other words": (
        "- courses: [{name: C, level: graduate}]\n  term: Spring 2025\n",
        (
            "2: term: 'Spring 2025' is not a term; write the year and the season: "
            f"{TERMS} [bad-date]"
        ),
        1,
    ),
    "a term that is a number": (
        "- courses: [{name: C, level: graduate}]\n  term: 2025-1\n",
        (
            "2: term: '2025-1' is not a term; write the year and the season: "
            f"{TERMS} [bad-date]"
        ),
        1,
    ),
    "a slip in a season": (
        "- term: 2025-srping\n  courses: [{name: C, level: graduate}]\n",
        (
            "1: term: '2025-srping' is not a term; write the year and the season: "
            f"{TERMS} [bad-date]"
        ),
        1,
    ),
    "a term that stands twice": (
        "- term: 2019-fall\n  courses: [{name: C, level: graduate}]\n",
        "3: term: 2019-fall is above already; join the two [duplicate-field]",
        1,
    ),
    "no courses": (
        "- term: 2025-spring\n",
        (
            "1: no courses; write 'courses:' and below it '- name: Computer "
            "Architecture' "
            "[missing-field]"
        ),
        2,
    ),
    "a course that cannot be read": (
        "- term: 2025-spring\n  courses: [{name: C, level: PhD}]\n",
        ("2: level: there is no level 'phd'; use undergraduate, graduate [bad-value]"),
        2,
    ),
    "an unknown field": (
        "- term: 2025-spring\n  course: x\n  courses: [{name: C, level: graduate}]\n",
        "2: there is no field 'course'; did you mean 'courses'? [unknown-field]",
        2,
    ),
    "a course without a name": (
        (
            "- term: 2025-spring\n  courses:\n    - name: C\n      level: graduate\n"
            "    - level: graduate\n"
        ),
        "5: no name; write '- name: Computer Architecture' [missing-field]",
        2,
    ),
    "a list of levels": (
        (
            "- term: 2025-spring\n  courses: [{name: D, level: graduate},\n"
            "            {name: C, level: [graduate]}]\n"
        ),
        (
            "3: level: this is a list or has fields of its own; write one text "
            "[bad-value]"
        ),
        2,
    ),
    "a course without a level": (
        (
            "- term: 2025-spring\n  courses:\n    - name: C\n"
            "    - {name: D, level: graduate}\n"
        ),
        (
            "3: no level; write 'level:' and one of undergraduate, graduate "
            "[missing-field]"
        ),
        2,
    ),
    "an unknown level": (
        (
            "- term: 2025-spring\n  courses:\n    - name: C\n      level: graduat\n"
            "    - {name: D, level: graduate}\n"
        ),
        "4: level: there is no level 'graduat'; did you mean 'graduate'? [bad-value]",
        2,
    ),
    "a course in words": (
        (
            "- term: 2025-spring\n  courses:\n    - Compilers\n"
            "    - {name: D, level: graduate}\n"
        ),
        (
            "3: this has no fields; write a list of '- name: Computer "
            "Architecture' [bad-value]"
        ),
        2,
    ),
    "a term in words": (
        "- Compilers\n",
        ("1: this has no fields; write a list of '- term: 2026-spring' [bad-value]"),
        1,
    ),
}


@pytest.mark.parametrize(
    ("text", "message", "count"),
    [pytest.param(*row, id=id_) for id_, row in MISTAKES.items()],
)
def test_a_mistake_is_one_problem_at_its_line(
    tmp_path: Path, text: str, message: str, count: int
) -> None:
    terms, problems = read(tmp_path, text + LAST)
    assert problems == [message]
    assert len(terms) == count
    assert terms[-1].season == "fall"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param(
            "2025-spring\n",
            "1: this has no fields; write a list of '- term: 2026-spring' [bad-value]",
            id="a text",
        ),
        pytest.param(
            "- term: 2025-spring\n  courses: @x\n",
            r"2: cannot read the YAML: found character '@' that cannot start any token"
            "; write 'key: value', and put a value with special characters in quotes "
            "[bad-record]",
            id="a character of YAML",
        ),
    ],
)
def test_a_file_that_is_no_list_has_no_terms(
    tmp_path: Path, text: str, message: str
) -> None:
    assert read(tmp_path, text) == ((), [message])
