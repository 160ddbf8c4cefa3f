"""The command line: checks data files, and a built site against them."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from labsite.audit import audit
from labsite.files import read_text
from labsite.loading import load, read_settings, unreadable
from labsite.problems import Problem, Severity
from labsite.reader import read_library

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_OK, _FOUND, _CANNOT_RUN = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; return its exit status.

    0 means nothing is wrong, 1 that something is, 2 that the command could not run.
    """
    options = _make_parser().parse_args(arguments)
    run: Callable[[argparse.Namespace], int] = options.run
    try:
        return run(options)
    except OSError as error:
        print(f"labsite: {error}", file=sys.stderr)
        return _CANNOT_RUN


def check(options: argparse.Namespace) -> int:
    """Print every problem of the data files, all in one run."""
    if options.files:
        entries, problems = _read(options.files)
    else:
        loaded = load(read_settings(options.source))
        entries, problems = loaded.site.library.entries, list(loaded.problems)
    _PRINTERS[options.format](entries, problems)
    bad = [p for p in problems if options.strict or p.severity is Severity.ERROR]
    return _FOUND if bad else _OK


def audit_site(options: argparse.Namespace) -> int:
    """Print every difference between a built site and its data files."""
    loaded = load(read_settings(options.source))
    problems = list(audit(loaded.site, options.folder))
    _PRINTERS[options.format](loaded.site.library.entries, problems)
    return _FOUND if problems else _OK


def _read(files: Sequence[Path]) -> tuple[int, list[Problem]]:
    """Read files of anybody's: the rules of this site's topics do not apply."""
    texts, problems = [], []
    for path in files:
        try:
            text, found = read_text(path, path.as_posix())
        except OSError as error:
            problems.append(unreadable(path.as_posix(), error))
            continue
        texts.append((path.as_posix(), text))
        problems += found
    library = read_library(texts)
    return library.entries, [*problems, *library.problems]


def _print_text(entries: int, problems: Sequence[Problem]) -> None:
    for problem in problems:
        print(problem)
    count = f"{len(problems)} problem{'' if len(problems) == 1 else 's'}"
    print(f"{entries} entries, {count if problems else 'no problem'}", file=sys.stderr)


def _print_github(_entries: int, problems: Sequence[Problem]) -> None:
    """Print annotations for GitHub's "workflow commands"."""
    for problem in problems:
        key = f"{problem.key}: " if problem.key else ""
        message = f"{key}{problem.message} [{problem.rule}]"
        message = message.replace("%", "%25").replace("\r", "").replace("\n", "%0A")
        place = f"file={problem.file},line={problem.line},col={problem.column}"
        print(f"::{problem.severity} {place}::{message}")


def _print_json(entries: int, problems: Sequence[Problem]) -> None:
    found = list(_as_dicts(problems))
    print(json.dumps({"entries": entries, "problems": found}, indent=2))


def _as_dicts(problems: Sequence[Problem]) -> Iterator[dict[str, object]]:
    for problem in problems:
        yield {
            "file": problem.file,
            "line": problem.line,
            "column": problem.column,
            "severity": problem.severity.value,
            "key": problem.key,
            "rule": problem.rule.value,
            "message": problem.message,
        }


_PRINTERS = {"text": _print_text, "github": _print_github, "json": _print_json}


def _make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="labsite", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="command")
    command = _add_command(commands, "check", check, "check the data files of a site")
    command.add_argument(
        "files", nargs="*", type=Path, metavar="FILE",
        help="BibTeX files to check; without any, all data of the site",
    )  # fmt: skip
    command.add_argument(
        "--strict", action="store_true", help="exit with 1 on warnings too"
    )
    summary = "compare a built site with its data files"
    command = _add_command(commands, "audit", audit_site, summary)
    command.add_argument(
        "folder", type=Path, nargs="?", default=Path("_build/html"), metavar="FOLDER",
        help="where the built site is (_build/html)",
    )  # fmt: skip
    return parser


def _add_command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    run: Callable[[argparse.Namespace], int],
    summary: str,
) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=summary, description=summary)
    command.set_defaults(run=run)
    command.add_argument(
        "--source", type=Path, default=Path(), help="the folder with the site's conf.py"
    )
    command.add_argument("--format", choices=sorted(_PRINTERS), default="text")
    return command


if __name__ == "__main__":
    sys.exit(main())
