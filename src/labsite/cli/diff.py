"""Explain a change in visitors' words: what is new, gone, moved or otherwise.

The working tree is compared with a revision of the git repository. The exit status is
0, whatever was found, and 2 if the two cannot be compared.
"""

from __future__ import annotations

import filecmp
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from labsite.cli.output import tell, write
from labsite.cli.statuses import CANNOT_RUN, OK
from labsite.diff.comparison import compare
from labsite.diff.revisions import GitError, check_out, list_working_files
from labsite.diff.snapshot import take_snapshot
from labsite.model.problems import printable
from labsite.site.settings import ConfigurationError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Sequence

    from labsite.diff.report import Section

NAME = "diff"
SUMMARY = "explain a change of the site's files in visitors' words"
_NOTHING = "Nothing a visitor would notice."
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|~!$])")
_HTML = str.maketrans({"&": "&amp;", "@": "&#64;"})


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the revision and the format."""
    parser.add_argument(
        "revision", metavar="REV",
        help="what to compare with, e.g. origin/main or HEAD",
    )  # fmt: skip
    parser.add_argument(
        "--format", choices=sorted(_FORMATS), default="text",
        help="for a terminal (text) or a summary on GitHub (markdown)",
    )  # fmt: skip


def run(options: argparse.Namespace) -> int:
    """Print what has changed."""
    source = options.source or Path()
    try:
        sections = _compare(source, options.revision)
    except GitError as error:
        tell(f"labsite diff: {error}")
        return CANNOT_RUN
    lines = list(_FORMATS[options.format](sections))
    write("\n".join(lines) or _NOTHING)
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
            raise GitError(msg) from error
        after = take_snapshot(source, list_working_files(source))
        return compare(before, after)


def _trusted_settings(theirs: Path, ours: Path, revision: str) -> Path:
    """Return the folder whose ``conf.py`` is run for a revision.

    It is a program, and a revision may be one that somebody has proposed: unless it is
    the same, that of the working tree is run.
    """
    files = theirs / "conf.py", ours / "conf.py"
    if not all(map(Path.is_file, files)) or filecmp.cmp(*files, shallow=False):
        return theirs
    tell(f"conf.py differs in {revision}, and is not run: it is read as it is here")
    return ours


def _text_lines(sections: Sequence[Section]) -> Iterator[str]:
    for number, section in enumerate(sections):
        if number:
            yield ""
        yield section.heading
        for item in section.shown:
            yield f"  {printable(item.text)}"
            yield from (f"    {printable(detail)}" for detail in item.details)


def _markdown_lines(sections: Sequence[Section]) -> Iterator[str]:
    """Yield Markdown in which what comes from the files is text, however it looks."""
    for number, section in enumerate(sections):
        if number:
            yield ""
        yield f"### {_escape(section.heading)}"
        yield ""
        for item in section.shown:
            yield f"- {_escape(item.text)}"
            yield from (f"  - {_escape(detail)}" for detail in item.details)


def _escape(text: str) -> str:
    escaped = _MARKDOWN.sub(r"\\\1", printable(text)).translate(_HTML)
    # GitHub makes links of bare addresses.
    return re.sub(r"\b(https?|www)(?=[:.])", r"\1<!-- -->", escaped)


_FORMATS = {"text": _text_lines, "markdown": _markdown_lines}
