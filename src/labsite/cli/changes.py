"""The command that reports the changes of a site."""

from __future__ import annotations

import filecmp
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from labsite.cli import OK, argument, command
from labsite.cli.output import tell, write
from labsite.diff.comparison import compare
from labsite.diff.snapshot import (
    check_out,
    list_working_files,
    take_snapshot,
)
from labsite.model.problems import LabsiteError, printable
from labsite.site.settings import ConfigurationError

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterator

    from labsite.diff.comparison import Section

_NOTHING = "Nothing a visitor would notice."
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|~!$])")
_HTML = str.maketrans({"&": "&amp;", "@": "&#64;"})


@command(
    "diff",
    argument(
        "revision", metavar="REV",
        help="what to compare with, e.g. origin/main or HEAD",
    ),
    argument(
        "--format", choices=("markdown", "text"), default="text",
        help="for a terminal (text) or a summary on GitHub (markdown)",
    ),
)  # fmt: skip
def diff(options: Namespace) -> int:
    """Report a change as visitors see it: what is new, gone or changed.

    The working tree is compared with a revision of the git repository. The exit status
    is 0, whatever was found, and 2 if the two cannot be compared.
    """
    sections = _compare(options.source, options.revision)
    lines = _LAYOUTS[options.format]
    write("\n\n".join("\n".join(lines(section)) for section in sections) or _NOTHING)
    return OK


def _compare(source: Path, revision: str) -> list[Section]:
    with tempfile.TemporaryDirectory(prefix="labsite-diff-") as name:
        folder = Path(name).resolve()
        files = check_out(source, revision, folder)
        settings = _trusted_settings(folder, source, revision)
        try:
            before = take_snapshot(folder, files, settings)
        except ConfigurationError as error:
            said = str(error).replace(f"{folder}/", "")
            msg = f"cannot read the site of revision '{revision}': {said}"
            raise LabsiteError(msg) from error
        after = take_snapshot(source, list_working_files(source))
        return compare(before, after)


def _trusted_settings(theirs: Path, ours: Path, revision: str) -> Path:
    """Return the folder whose ``conf.py`` is run for a revision.

    A revision may come from a stranger, so a ``conf.py`` that differs from that of the
    working tree is not run.
    """
    files = theirs / "conf.py", ours / "conf.py"
    if not all(map(Path.is_file, files)) or filecmp.cmp(*files, shallow=False):
        return theirs
    tell(f"conf.py differs in {revision}, and is not run: it is read as it is here")
    return ours


def _text_lines(section: Section) -> Iterator[str]:
    yield section.heading
    for item in section.shown:
        yield f"  {printable(item.text)}"
        yield from (f"    {printable(detail)}" for detail in item.details)


def _markdown_lines(section: Section) -> Iterator[str]:
    """Yield Markdown, in which text from files has no markup."""
    yield f"### {_escape(section.heading)}\n"
    for item in section.shown:
        yield f"- {_escape(item.text)}"
        yield from (f"  - {_escape(detail)}" for detail in item.details)


def _escape(text: str) -> str:
    escaped = _MARKDOWN.sub(r"\\\1", printable(text)).translate(_HTML)
    # GitHub makes links of bare addresses.
    return re.sub(r"\b(https?|www)(?=[:.])", r"\1<!-- -->", escaped)


_LAYOUTS = {"text": _text_lines, "markdown": _markdown_lines}
