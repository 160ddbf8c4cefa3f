"""The one door for what the engine has to say during a build."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx.util import logging

from labsite.model.problems import Severities, Severity, printable

if TYPE_CHECKING:
    from docutils import nodes

    from labsite.model.problems import Problem, Rule

logger = logging.getLogger("labsite")
#: How bad a breach of each rule is in the build that runs.
_severities = Severities()


def set_severities(severities: Severities) -> None:
    """Let ``labsite_rules`` decide how bad what :func:`warn` says is."""
    global _severities  # noqa: PLW0603 -- as Sphinx's own logging, one for a process
    _severities = severities


def warn(
    rule: Rule, message: str, *args: object, location: nodes.Node | str | None = None
) -> None:
    """Log a warning; *rule* is its subtype, so ``suppress_warnings`` can name it."""
    severity = _severities.of(rule)
    said = printable(message % args)
    if severity is Severity.WARNING:
        logger.info("%s [%s] (does not fail the build)", said, rule, location=location)
    if severity is Severity.ERROR:
        logger.warning(
            "%s", said, type="labsite", subtype=rule.value, location=location
        )


def warn_problem(problem: Problem) -> None:
    """Log a problem of a data file at the line it is about.

    What is only a warning to ``labsite check`` stops no strict build either: some of
    these come with time, and a site must not cease to build because a day has passed.
    """
    if problem.severity is Severity.WARNING:
        # Sphinx writes "WARNING" before what a strict build fails at.
        logger.info("%s (does not fail the build)", printable(str(problem)))
        return
    key = f"{problem.key}: " if problem.key else ""
    location = f"{problem.file}:{problem.line}" if problem.file else None
    warn(problem.rule, "%s", printable(key + problem.message), location=location)
