"""The one door for what the engine has to say during a build."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx.util import logging

from labsite.problems import Severity

if TYPE_CHECKING:
    from docutils import nodes

    from labsite.problems import Problem, Rule

logger = logging.getLogger("labsite")


def warn(
    rule: Rule, message: str, *args: object, location: nodes.Node | str | None = None
) -> None:
    """Log a warning; *rule* is its subtype, so ``suppress_warnings`` can name it."""
    logger.warning(
        message, *args, type="labsite", subtype=rule.value, location=location
    )


def warn_problem(problem: Problem) -> None:
    """Log a problem of a data file at the line it is about.

    What is only a warning to ``labsite check`` stops no strict build either: some of
    these come with time, and a site must not cease to build because a day has passed.
    """
    if problem.severity is Severity.WARNING:
        logger.info("%s", problem)
        return
    key = f"{problem.key}: " if problem.key else ""
    location = f"{problem.file}:{problem.line}" if problem.file else None
    warn(problem.rule, "%s%s", key, problem.message, location=location)
