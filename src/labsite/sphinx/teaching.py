"""Courses by term, from a data file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.locale import _
from sphinx.util.docutils import SphinxDirective

from labsite.model.problems import Rule
from labsite.pages.teaching import read_teaching
from labsite.sphinx.logging import warn, warn_problem
from labsite.sphinx.nodes import inline, paragraph
from labsite.sphinx.untrusted import may_read

if TYPE_CHECKING:
    from labsite.pages.teaching import Term


class TeachingDirective(SphinxDirective):
    """The courses in a file, under their terms, the newest first."""

    required_arguments = 1
    final_argument_whitespace = True
    has_content = False

    def run(self) -> list[nodes.Node]:
        """Return a list of terms, each with its courses."""
        relative, path = self.env.relfn2path(self.arguments[0])
        self.env.note_dependency(relative)
        if not (Path(path).is_file() and may_read(self.env, self.arguments[0])):
            message = "there is no file '%s' with courses; check the path"
            warn(Rule.BAD_RECORD, message, relative, location=self.get_location())
            return []
        terms, problems = read_teaching(Path(path), relative)
        for problem in problems:
            warn_problem(problem)
        result = nodes.definition_list(classes=["labsite-terms"])
        result += [_term(term) for term in terms if term.courses]
        return [result] if len(result) else []


def _term(term: Term) -> nodes.definition_list_item:
    name = f"{_(term.season.capitalize())} {term.year}"
    courses = nodes.bullet_list(classes=["labsite-courses"])
    for course in term.courses:
        # The words stand apart without a style sheet as well.
        code = (" ", inline("labsite-course-code", course.code)) if course.code else ()
        text = paragraph(
            "labsite-course",
            inline("labsite-course-name", course.name),
            *code,
            "\u00a0· ",
            inline("labsite-course-level", _(course.level.capitalize())),
        )
        courses += nodes.list_item("", text)
    definition = nodes.definition("", courses)
    return nodes.definition_list_item("", nodes.term("", name), definition)
