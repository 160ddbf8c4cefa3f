"""Courses by term on a page, and what is wrong with their file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.test_sphinx.conftest import Site

COURSES = """\
- term: 2023-fall
  courses:
    - name: Logic & <Circuits>
      level: undergraduate
      code: 430.201
    - name: Memory
      level: graduate
- term: 2024-spring
  courses:
    - name: Compilers *and* more
      level: graduate
"""
PAGE = "---\norphan: true\n---\n\n# Teaching\n\n```{teaching} courses.yaml\n```\n"


@pytest.fixture
def site(site: Site) -> Site:
    """Return the small site with a page of courses."""
    site.edit("conf.py", '"*.md",', '"*.md", "teaching/*.md",')
    site.write("teaching/index.md", PAGE)
    site.write("teaching/courses.yaml", COURSES)
    return site


def shown(site: Site) -> list[tuple[str, list[str]]]:
    """Return each term with its courses, as the page has them."""
    page = site.build().html("teaching/index")
    terms = page.select("dl.labsite-terms > dt")
    courses = page.select("dl.labsite-terms > dd")
    return [
        (dt.get_text(strip=True), [p.get_text() for p in dd.select("li")])
        for dt, dd in zip(terms, courses, strict=True)
    ]


def test_terms_come_newest_first_with_their_courses_as_written(site: Site) -> None:
    assert shown(site) == [
        ("Spring 2024", ["Compilers *and* more\u00a0· Graduate"]),
        (
            "Fall 2023",
            [
                "Logic & <Circuits> 430.201\u00a0· Undergraduate",
                "Memory\u00a0· Graduate",
            ],
        ),
    ]
    assert site.build(folder="_other").warnings == ""


def test_an_edited_course_changes_the_page_and_no_other(site: Site) -> None:
    site.build()
    site.edit("teaching/courses.yaml", "Memory", "Memory Systems")
    built = site.build()
    assert built.read == {"teaching/index"}
    page = "teaching/index.html"
    clean = site.build(folder="_clean").folder / page
    assert (built.folder / page).read_bytes() == clean.read_bytes()
    assert "Memory Systems" in clean.read_text(encoding="utf-8")


def test_a_mistake_is_reported_once_at_its_line_and_costs_one_course(
    site: Site,
) -> None:
    site.edit("teaching/courses.yaml", "graduate\n- term", "gradate\n- term")
    assert site.build().warnings == (
        "teaching/courses.yaml:7: WARNING: level: there is no level 'gradate'; "
        "did you mean 'graduate'? [labsite.bad-value]"
    )
    assert [len(courses) for _, courses in shown(site)] == [1, 1]


def test_a_missing_file_is_reported_at_the_directive(site: Site) -> None:
    site.edit("teaching/index.md", "courses.yaml", "terms.yaml")
    built = site.build()
    assert built.warnings == (
        f"{site.source / 'teaching/index.md'}:7: WARNING: there is no file "
        "'teaching/terms.yaml' with courses; check the path [labsite.bad-record]"
    )
    assert not built.html("teaching/index").select("dl")


def test_a_file_that_appears_is_read(site: Site) -> None:
    site.edit("teaching/index.md", "courses.yaml", "terms.yaml")
    site.build()
    site.write("teaching/terms.yaml", COURSES)
    assert len(shown(site)) == 2
