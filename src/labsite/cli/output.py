"""What commands write: problems for people, for GitHub and for programs."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from labsite.model.problems import Severity, printable

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence
    from pathlib import Path

    from labsite.model.problems import Problem

FORMATS = ("text", "github", "json")


def write(text: str) -> None:
    """Write a line of the command's output, which may be data and stays as it is."""
    sys.stdout.write(f"{text}\n")


def tell(text: str) -> None:
    """Write a line about the command itself, apart from its output."""
    sys.stderr.write(f"{printable(text, lines=True)}\n")


def add_format(parser: argparse.ArgumentParser) -> None:
    """Add the argument that chooses one of the formats."""
    parser.add_argument(
        "--format",
        choices=FORMATS,
        default="text",
        help="a line for each problem (text), annotations (github), or data (json)",
    )


def write_problems(
    format_name: str, problems: Sequence[Problem], entries: int, source: Path
) -> None:
    """Write problems in one of the formats.

    :param entries: how many entries of the bibliography were read
    :param source: the folder to which the files of the problems are relative
    """
    if format_name == "json":
        found = [_as_dict(problem) for problem in problems]
        write(json.dumps({"entries": entries, "problems": found}, indent=2))
    for problem in problems if format_name != "json" else ():
        github = format_name == "github"
        write(annotation(problem, source) if github else printable(str(problem)))
    if format_name == "text":
        tell(f"{_count(entries, 'entry', 'entries')}, {_summarise(problems)}")


def annotation(problem: Problem, source: Path) -> str:
    """Return a problem as one of GitHub's workflow commands.

    The syntax: https://docs.github.com/actions/reference/workflow-commands-for-github-actions

    :param source: where the problem's file is, from the root of the repository
    """
    file = (source / problem.file).as_posix()
    key = f"{problem.key}: " if problem.key else ""
    message = _escape(f"{key}{problem.message} [{problem.rule}]")
    place = f"file={_escape_value(file)},line={problem.line},col={problem.column}"
    return f"::{problem.severity} {place},title={problem.rule}::{message}"


def _escape(text: str) -> str:
    text = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return printable(text)


def _escape_value(text: str) -> str:
    return _escape(text).replace(":", "%3A").replace(",", "%2C")


def _as_dict(problem: Problem) -> dict[str, object]:
    return {
        "file": problem.file,
        "line": problem.line,
        "column": problem.column,
        "severity": problem.severity.value,
        "key": problem.key,
        "rule": problem.rule.value,
        "message": problem.message,
    }


def _summarise(problems: Sequence[Problem]) -> str:
    severities = [problem.severity for problem in problems]
    counts = {s: severities.count(s) for s in Severity if s in severities}
    found = [
        _count(n, severity.value, f"{severity}s") for severity, n in counts.items()
    ]
    return ", ".join(found) or "no problem"


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
