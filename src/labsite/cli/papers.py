"""What the commands that take papers have in common: reading them, and the house."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from labsite.cli.output import tell
from labsite.editing.add import Left, NotAddedError, read_records
from labsite.editing.fetching import FetchError
from labsite.editing.house_style import HouseStyle
from labsite.editing.identifiers import parse_identifier
from labsite.editing.pastes import read_pastes
from labsite.editing.services import Services, look_up
from labsite.editing.source import SourceText

if TYPE_CHECKING:
    from collections.abc import Iterable

    from labsite.editing.pastes import Paste
    from labsite.model.records import Publication
    from labsite.site.settings import Settings
    from labsite.site.site import SiteRecords

STANDARD_INPUT = "-"
HELP = (
    "a DOI or an arXiv identifier, bare, as an address or within a text; or a file of "
    "BibTeX, RIS, EndNote, CSL-JSON or PubMed's nbib; without one, or with -, any of "
    "these is read from standard input"
)
#: Bytes of a line, its end left out, beyond which Linux's terminals drop the rest.
_TERMINAL_LINE = 4095


def read_house(
    settings: Settings, site: SiteRecords
) -> tuple[list[tuple[str, bytes]], HouseStyle]:
    """Return the files of a site's bibliography, and how they are written."""
    source = settings.source
    files = [(name, (source / name).read_bytes()) for name in settings.bibfiles]
    return files, HouseStyle(site.library, site.people)


def read_papers(
    papers: Iterable[str], house: HouseStyle
) -> tuple[list[Publication], list[Left]]:
    """Return the records that the arguments stand for; say what each was taken for.

    :returns: and what could not be read or looked up
    :raises NotAddedError: if an argument is nothing known
    """
    records: list[Publication] = []
    left: list[Left] = []
    for paper in papers:
        for paste in _read_pastes(paper):
            try:
                found, unread = read_records(_bibtex(paste), house)
            except FetchError as error:
                found, unread = [], [Left(message=str(error), known=False)]
            records += found
            left += unread
            many = f", {len(found)} papers" if len(found) > 1 else ""
            tell(f"taken for {paste.what}{many}")
    return records, left


def _bibtex(paste: Paste) -> str:
    if paste.wanted is None:
        return paste.bibtex
    return look_up(paste.wanted, Services(os.environ))


def _read_pastes(paper: str) -> list[Paste]:
    """Return what an argument stands for.

    :raises NotAddedError: if that is nothing known
    """
    path = Path(paper)
    if paper == STANDARD_INPUT:
        text, what = _read_paste(), "what was pasted"
    elif parse_identifier(paper) is None and path.is_file():
        text, what = SourceText(path.read_bytes(), paper).text, paper
    else:
        text, what = paper, f"'{paper.strip()}'"
    found = read_pastes(text)
    if not found:
        msg = (
            f"there is no entry in {what}, and neither a DOI (10.1145/3589258) nor an "
            "arXiv identifier (2403.06664); paste BibTeX, from '@type{key,' to '}'"
        )
        raise NotAddedError(msg)
    return found


def _read_paste() -> str:
    if not sys.stdin.isatty():
        return SourceText(sys.stdin.buffer.read(), "standard input").text
    tell(
        "Paste the BibTeX or another record of the paper, then press Ctrl-D on a line "
        "of its own."
    )
    text = SourceText(sys.stdin.buffer.read(), "standard input").text
    if any(len(line.encode()) >= _TERMINAL_LINE for line in text.split("\n")):
        msg = "the terminal has cut a long line; save the paste and add it with < FILE"
        raise NotAddedError(msg)
    return text
