"""Output of commands, and questions to their users."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from labsite.model.problems import Problem, Severity, printable


@dataclass(frozen=True, kw_only=True)
class Checked:
    """The result of a check."""

    problems: tuple[Problem, ...] = ()
    entries: int = 0  #: the number of entries of the bibliography
    files: tuple[str, ...] = ()  #: absolute paths of files that it read elsewhere


def write(text: str) -> None:
    """Write a line to standard output, unchanged."""
    sys.stdout.write(f"{text}\n")


def tell(text: str) -> None:
    """Write a line to standard error."""
    sys.stderr.write(f"{printable(text, lines=True)}\n")


def can_ask() -> bool:
    """Return whether there is a terminal to ask in."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def ask(question: str) -> str:
    """Return the answer to a question; "" without a terminal."""
    if not can_ask():
        return ""
    sys.stderr.write(f"{question}: ")
    sys.stderr.flush()
    # Not the text layer, which would read ahead into what is pasted next.
    return sys.stdin.buffer.readline().decode(errors="replace").strip()


def write_problems(
    format_name: str, problems: Sequence[Problem], entries: int, source: Path
) -> None:
    """Write problems of files in *source* in a format, and the number of *entries*."""
    if format_name == "json":
        listed = [asdict(problem) for problem in problems]
        write(json.dumps({"entries": entries, "problems": listed}, indent=2))
        return
    for problem in problems:
        github = format_name == "github"
        write(annotation(problem, source) if github else printable(str(problem)))
    if format_name == "text":
        numbers = Counter(problem.severity for problem in problems)
        found = [f"{n} {s}{'s' * (n > 1)}" for s in Severity if (n := numbers[s])]
        read = "1 entry" if entries == 1 else f"{entries} entries"
        tell(f"{read}, {', '.join(found) or 'no problem'}")


def annotation(problem: Problem, source: Path) -> str:
    """Return a problem, of a site in *source*, as one of GitHub's workflow commands.

    The syntax: https://docs.github.com/actions/reference/workflow-commands-for-github-actions
    """
    file = (source / problem.file).as_posix()
    key = f"{problem.key}: " if problem.key else ""
    message = _escape(f"{key}{problem.message} [{problem.rule}]")
    file = _escape(file).replace(":", "%3A").replace(",", "%2C")
    place = f"file={file},line={problem.line},col={problem.column}"
    return f"::{problem.severity} {place},title={problem.rule}::{message}"


def _escape(text: str) -> str:
    text = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return printable(text)
