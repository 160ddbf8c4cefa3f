"""The command that checks a site."""

from __future__ import annotations

import gc
from argparse import Namespace
from pathlib import Path

from labsite.cli import FOUND, OK, argument, command
from labsite.cli.output import Checked, tell, write, write_problems
from labsite.model.problems import Rule, Severities, Severity
from labsite.model.repository import repository_of
from labsite.model.store import FOLDER, look, note_state, recall, remember


@command(
    "check",
    argument(
        "files", nargs="*", metavar="FILE",
        help="any BibTeX files, or - for standard input; by default all "
        "data of the site",
    ),
    argument("--strict", action="store_true", help="exit with 1 on warnings too"),
    argument(
        "--rules", action="store_true", help="list the rules and their reasons"
    ),
    argument(
        "--format", choices=("text", "github", "json"), default="text",
        help="a line for each problem (text), annotations (github), or data (json)",
    ),
)  # fmt: skip
def check(options: Namespace) -> int:
    """Check the data files of a site: bibliography, people, news, topics and courses.

    Given BibTeX files are checked instead, in their order and as one bibliography; "-"
    is standard input. The rules of a site's own bibliography do not apply to them:
    topics, macros for venues, the order of entries, files on the site. The severities
    of a site's labsite_rules apply if --source names it.

    The exit status is 0 without errors (with --strict, without warnings too), 1 with
    errors, and 2 if the check cannot run.
    """
    if options.rules:
        _write_rules(options)
        return OK
    checked = _check(options)
    source = Path() if options.files else options.source
    write_problems(options.format, checked.problems, checked.entries, source)
    strict = options.strict
    bad = [p for p in checked.problems if strict or p.severity is Severity.ERROR]
    return FOUND if bad else OK


def _check(options: Namespace) -> Checked:
    """Check anew, unless the last check still holds."""
    if options.files:
        from labsite.cli.checking import make_result, read_files  # noqa: PLC0415 -- see it

        site = options.source if options.source_named else None
        return make_result(*read_files(options.files, site))
    source, files = options.source, look(repository_of(options.source))
    state, record = note_state(source, files), source / FOLDER / "site.pickle"
    known: Checked | None = recall(record, state)
    if known:
        return known
    # All records stay until the end, and searching them takes a fifth of the time.
    gc.disable()
    from labsite.cli.checking import check_site  # noqa: PLC0415 -- see it

    try:
        checked = check_site(source, files)
    finally:
        gc.freeze()
        gc.enable()
    # The state has the others, as they were before they were read.
    outside = [name for name in checked.files if name not in files]
    remember(record, state, checked, outside)
    return checked


def _write_rules(options: Namespace) -> None:
    """Write the rules with the severities that the site sets, if there is one."""
    from labsite.site.configuration import read_settings  # noqa: PLC0415 -- as above

    own = (options.source / "conf.py").is_file()
    severities = read_settings(options.source).rules if own else Severities()
    for rule in Rule:
        severity = severities.of(rule) or "off"
        write(f"{rule} ({severity})\n    {rule.reason}\n    Write: {rule.example}\n")
    tell(f"{len(Rule)} rules; labsite_rules in conf.py sets the severity")
