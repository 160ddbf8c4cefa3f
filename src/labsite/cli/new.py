"""Write the repository of a new site: settings, pages, an example of each record.

What no option says is asked for, if there is a terminal to ask in.
"""

from __future__ import annotations

import sys
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING

from labsite.cli.output import tell
from labsite.cli.statuses import OK
from labsite.scaffold import Identity, write_site
from labsite.site.defaults import THEME, fill_in

if TYPE_CHECKING:
    import argparse

NAME = "new"
SUMMARY = "write the repository of a new site"
_QUESTIONS = {
    "name": "the lab's name",
    "short_name": "its short name, for the header",
    "university": "its university",
    "address": "where it is, in a line",
    "base_url": "the site's address, such as https://lab.example/",
    "language": "the site's language: en, ko, …",
    "person": "who heads the lab",
    "color": "the lab's colour, such as #1f4e79",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the folder and what is known of the lab."""
    parser.add_argument("folder", type=Path, metavar="DIR", help="where to write it")
    for name, question in _QUESTIONS.items():
        parser.add_argument(
            f"--{name.replace('_', '-')}", metavar="TEXT", help=question
        )
    parser.add_argument(
        "--package", metavar="WHAT",
        help="what pip installs as the engine: a wheel or an address of git "
        "(as it is installed here; a wheel is copied)",
    )  # fmt: skip


def run(options: argparse.Namespace) -> int:
    """Ask for what no option says, and write the files."""
    if options.name is None:
        for name, question in _QUESTIONS.items():
            if getattr(options, name) is None:
                setattr(options, name, _ask(question))
    known = {f.name: getattr(options, f.name) for f in fields(Identity)}
    given = {name: text for name, text in known.items() if text}
    folder = options.folder
    given.setdefault("name", folder.resolve().name)
    # Refused now, not by the first build.
    color = {"primary_color": given.get("color", "")}
    address = given.get("base_url", "").rstrip("/")
    conf = {"html_theme": THEME, "html_theme_options": color}
    fill_in(folder, conf | {"html_baseurl": address and f"{address}/"})
    names = write_site(folder, Identity(**given))
    tell(f"wrote {len(names)} files; next: cd {folder} && git init && make html")
    return OK


def _ask(question: str) -> str:
    """Return the answer; nothing for a script, which answers by options."""
    if not sys.stdin.isatty():
        return ""
    sys.stderr.write(f"{question}: ")
    return sys.stdin.readline().strip()
