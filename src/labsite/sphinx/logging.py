"""Messages of the engine in a build."""

from __future__ import annotations

from collections.abc import Container, Iterable
from contextlib import suppress
from logging import WARNING, LogRecord, getLogger
from typing import Any

from docutils import nodes
from sphinx.util import logging

from labsite.model.problems import Problem, Rule, Severities, Severity, printable

logger = logging.getLogger("labsite")
#: The end of each message that does not fail a strict build.
NO_FAILURE = "(does not fail the build)"
#: The severity of each rule in this build.
_severities = Severities()


def escape_messages() -> None:
    """Escape control characters and commands in all warnings, also of other packages.

    Their messages quote pages as they are.
    """
    for handler in getLogger(logging.NAMESPACE).handlers:
        handler.filters.insert(0, _escape)


def _escape(record: LogRecord) -> bool:
    if record.levelno >= WARNING:
        place = getattr(record, "location", None)
        if isinstance(place, tuple) and str(place[0]).endswith(".md"):
            # Sphinx would take the path of the file for the name of a document.
            record.location = f"{place[0]}:{place[1] or ''}"
        # Python reports a message that its arguments do not fit.
        with suppress(TypeError, ValueError):
            # The message of Sphinx's own records begins with the location.
            message = LogRecord.getMessage(record)
            record.msg, record.args = printable(message, lines=True), ()
    return True


def set_severities(severities: Severities) -> None:
    """Set the severities of ``labsite_rules`` for :func:`warn`."""
    global _severities  # noqa: PLW0603 -- one for a process, as in Sphinx
    _severities = severities


def warn(
    rule: Rule, message: str, *args: object, location: nodes.Node | str | None = None
) -> None:
    """Log a warning; *rule* is its subtype, so ``suppress_warnings`` can name it.

    A warning of ``labsite check`` does not fail a strict build: some warnings appear
    with time, and a site must not fail because a day has passed.
    """
    severity, said = _severities.of(rule), printable(message % args)
    if severity is Severity.WARNING:
        # Sphinx writes "WARNING" before what a strict build fails at.
        message = f"warning: {said} [{rule}] {NO_FAILURE}"
        logger.info("%s", message, location=location)
    if severity is Severity.ERROR:
        options: dict[str, Any] = {"type": "labsite", "subtype": rule.value}
        logger.warning("%s", said, location=location, **options)


def warn_problems(problems: Iterable[Problem], known: Container[Problem] = ()) -> None:
    """Log problems of data files at their lines, except those that are *known*."""
    for problem in (each for each in problems if each not in known):
        key = f"{problem.key}: " if problem.key else ""
        location = f"{problem.file}:{problem.line}" if problem.file else None
        if location and _severities.of(problem.rule) is Severity.WARNING:
            location += f":{problem.column}"
        warn(problem.rule, "%s", key + problem.message, location=location)
