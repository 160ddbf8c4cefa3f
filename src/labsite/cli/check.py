"""Check the data files of a site: its bibliography, people, news, topics and courses.

Named BibTeX files are checked instead, whoever they belong to, in their order and as
one bibliography; "-" is standard input. What a site asks of its own bibliography does
not apply to them: topics, macros for venues, the order of entries, files on the site.
The severities of a site's labsite_rules apply if --source names it.

The exit status is 0 if nothing is wrong, 1 on errors, and 2 if the check cannot run.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from labsite.bibtex.reader import read_library
from labsite.checks import check_entries
from labsite.checks.files import check_contents, check_positions
from labsite.checks.pages import check_news
from labsite.checks.site import load
from labsite.cli.output import add_format, tell, write, write_problems
from labsite.cli.statuses import FOUND, OK
from labsite.model.files import decode_text
from labsite.model.problems import Rule, Severity
from labsite.model.severities import Severities
from labsite.pages.teaching import read_teaching
from labsite.site.configuration import read_settings, run_configuration
from labsite.site.loading import build_day
from labsite.site.published_files import find_teaching_files

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Iterator, Mapping

    from labsite.model.problems import Problem
    from labsite.model.records import Library
    from labsite.site.settings import Settings
    from labsite.site.site import SiteRecords

NAME = "check"
SUMMARY = "look for mistakes in a site's data files, or in any BibTeX file"
_STANDARD_INPUT = "-"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the files, the format and what else a check can be told."""
    parser.add_argument(
        "files", nargs="*", metavar="FILE",
        help="BibTeX files of anybody's, or - for standard input; without any, all "
        "data of the site",
    )  # fmt: skip
    parser.add_argument(
        "--strict", action="store_true", help="exit with 1 on warnings too"
    )
    parser.add_argument(
        "--rules", action="store_true", help="list the rules instead, each with why"
    )
    add_format(parser)


def run(options: argparse.Namespace) -> int:
    """Print every problem, or the rules."""
    if options.rules:
        _write_rules(options)
        return OK
    if options.files:
        library, problems = check_files(options)
        entries = _count(library)
    else:
        entries, problems = _check_site(read_settings(options.source))
    source = Path() if options.files else options.source
    write_problems(options.format, problems, entries, source)
    bad = [p for p in problems if options.strict or p.severity is Severity.ERROR]
    return FOUND if bad else OK


def _check_site(settings: Settings) -> tuple[int, list[Problem]]:
    loaded = load(settings)
    found = [*_check_beyond(settings, loaded.site), *_check_pages(settings.source)]
    # What a build finds in pages may be what was found in the data already.
    unique = {(p.file, p.line, p.message): p for p in settings.rules.apply(found)}
    unique |= {(p.file, p.line, p.message): p for p in loaded.problems}
    return _count(loaded.site.library), _sorted(unique.values())


def _check_pages(source: Path) -> list[Problem]:
    """Check what a build would read, if the site is one that Sphinx builds with us."""
    if "labsite" not in run_configuration(source).get("extensions", ()):
        return []
    # Sphinx takes longer to import than the data files to check.
    from labsite.sphinx.checking import check_pages  # noqa: PLC0415

    return check_pages(source.resolve())


def _check_beyond(settings: Settings, site: SiteRecords) -> Iterator[Problem]:
    """Check what a build would read with its pages."""
    yield from check_news(site.news, site.library, site.people_by_name)
    yield from check_contents(settings)
    yield from check_positions(settings)
    source = settings.source
    for path in find_teaching_files(source, settings.publications_dir):
        yield from read_teaching(path, path.relative_to(source).as_posix())[1]


def check_files(options: argparse.Namespace) -> tuple[Library, list[Problem]]:
    """Read the files that the command line names, and apply the rules to them.

    :raises OSError: if one of them cannot be read
    """
    severities = Severities()
    if options.source_named:
        severities = read_settings(options.source).rules
    texts: list[tuple[str, str]] = []
    problems: list[Problem] = []
    for name in dict.fromkeys(options.files):
        text, found = decode_text(*_read(name))
        texts.append((_shown_name(name), text))
        problems += found
    library = read_library(texts)
    problems += library.problems
    problems += check_entries(library, build_day(os.environ))
    counted = list(severities.apply(problems))
    return library, _sorted(counted)


def _count(library: Library) -> int:
    """Return how many entries were read, those that only lend to others too."""
    return len(library.every_version) + library.containers


def _read(name: str) -> tuple[bytes, str]:
    if name == _STANDARD_INPUT:
        return sys.stdin.buffer.read(), _shown_name(name)
    return Path(name).read_bytes(), _shown_name(name)


def _shown_name(name: str) -> str:
    return "<stdin>" if name == _STANDARD_INPUT else Path(name).as_posix()


def _sorted(problems: Iterable[Problem]) -> list[Problem]:
    return sorted(problems, key=lambda p: (p.file, p.line, p.column))


def _write_rules(options: argparse.Namespace) -> None:
    levels: Mapping[Rule, str] = {}
    if options.source_named:
        levels = read_settings(options.source).rules.levels
    rules = [
        {
            "rule": rule.value,
            "severity": levels.get(rule, rule.severity.value),
            "reason": rule.reason,
            "example": rule.example,
        }
        for rule in Rule
    ]
    if options.format == "json":
        write(json.dumps(rules, indent=2, ensure_ascii=False))
        return
    for row in rules:
        write(f"{row['rule']} ({row['severity']})")
        write(f"    {row['reason']}")
        write(f"    Write: {row['example']}\n")
    tell(f"{len(rules)} rules; labsite_rules in conf.py sets the severity")
