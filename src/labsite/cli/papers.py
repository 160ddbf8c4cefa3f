"""Commands that take papers: identifiers, files and pastes."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from labsite.checks import load
from labsite.cli import CANNOT_RUN, FOUND, OK, argument, command
from labsite.cli.output import DRY_RUN, ask, can_ask, save, tell, write
from labsite.editing.add import Left, add_papers, read_records
from labsite.editing.fetching import FetchError
from labsite.editing.house_style import HouseStyle
from labsite.editing.identifiers import parse_identifier
from labsite.editing.pastes import read_pastes
from labsite.editing.publish import find_entry, publish, tie
from labsite.editing.services import Services, look_up
from labsite.editing.source import SourceText
from labsite.model.problems import LabsiteError, printable
from labsite.site.configuration import read_settings
from labsite.text.values import parse_tokens

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterable, Sequence

    from labsite.editing.add import Batch
    from labsite.editing.pastes import Paste
    from labsite.model.records import Publication, Topic
    from labsite.site.settings import Settings
    from labsite.site.site import SiteRecords

_STANDARD_INPUT = "-"
_HELP = (
    "a DOI, an arXiv identifier or the address of a paper's page, alone or within a "
    "text; or a file of "
    "BibTeX, RIS, EndNote, CSL-JSON or PubMed's nbib; without one, or with -, any of "
    "these is read from standard input"
)
#: Bytes of a line, its end left out, beyond which Linux's terminals drop the rest.
_TERMINAL_LINE = 4095
_QUESTIONS = 3  #: how often to ask for a topic before giving up


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSite:
    """A site whose bibliography is to be edited."""

    settings: Settings
    site: SiteRecords
    files: list[tuple[str, bytes]]  #: name and content of each file
    house: HouseStyle  #: how they are written


def open_site(source: Path) -> OpenSite:
    """Read a site, and how its bibliography is written."""
    settings = read_settings(source)
    site = load(settings).site
    files = [(name, (source / name).read_bytes()) for name in settings.bibfiles]
    house = HouseStyle(site.library, site.people)
    return OpenSite(settings=settings, site=site, files=files, house=house)


@command(
    "add",
    argument("papers", nargs="*", default=["-"], metavar="PAPER", help=_HELP),
    argument(
        "--topic", action="append", default=[], metavar="TOKEN", dest="topics",
        help="a topic of the papers: the name of its page without .md; may be given "
        "several times",
    ),
    argument("--key", help="the citation key, if not by the house rule"),
    DRY_RUN,
)  # fmt: skip
def add(options: Namespace) -> int:
    """Add papers to the bibliography, in their place and in the style of the file.

    A paper is a DOI or an arXiv identifier, which is looked up, or a record: the BibTeX
    that a publisher's page offers, RIS, EndNote, CSL-JSON or nbib, in a file or pasted
    on standard input. Many may be added at once. Only lines are added; a paper that is
    there already, in this version or another, changes nothing. Notes say which fields
    of the record were left out, and what to look at.

    Where a site has topics, every paper needs one. Without --topic the command asks for
    it; where nobody can be asked, it adds nothing. More topics can be written into
    'keywords' of the entry later.

    The exit status is 0 if every paper was added, 1 if one was there already or
    'labsite check' finds an error in a new entry, and 2 if one could not be added.
    """
    opened = open_site(options.source)
    topics = _choose_topics(options.topics, opened.site.topics)
    records, left = read_papers(options.papers, opened.house)
    if options.key and len(records) > 1:
        msg = f"--key is for one paper, and there are {len(records)}; leave it out"
        raise LabsiteError(msg)
    batch = add_papers(
        records, opened.house, opened.files,
        topics=topics, today=opened.site.today, key=options.key,
    )  # fmt: skip
    batch = replace(batch, left=(*left, *batch.left))
    save(batch, options.source, dry_run=options.dry_run)
    _report(batch, None if options.dry_run else options.source / batch.file)
    return _summarise(batch)


def _report(batch: Batch, path: Path | None) -> None:
    """Say of each paper what was added, into *path*, or why it was not."""
    for added in batch.added:
        entry = added.publication.source
        if path:
            write(f"{path.as_posix()}:{entry.line}: added {added.publication.key}")
            write(printable(entry.text, lines=True))
        for note in added.notes:
            tell(f"note: {note}")
    for left in batch.left:
        if left.known:
            write(printable(left.message, lines=True))
        else:
            tell(f"labsite: {left.message}")


def _summarise(batch: Batch) -> int:
    """Say how many papers were added, if there were several; return the status."""
    known = sum(left.known for left in batch.left)
    refused = len(batch.left) - known
    wrong = sum(added.wrong for added in batch.added)
    if len(batch.added) + len(batch.left) > 1:
        tell(
            f"{len(batch.added)} added, {known} there already, {refused} not added; "
            f"'labsite check' finds errors in {wrong} of the new entries"
        )
    elif wrong:
        tell("'labsite check' finds an error in the new entry; see the notes")
    if refused:
        return CANNOT_RUN
    return FOUND if known or wrong else OK


def _choose_topics(asked: Sequence[str], known: Sequence[Topic]) -> tuple[str, ...]:
    """Return the topics of the paper: those asked for, or what the member answers.

    :raises LabsiteError: for an unknown topic, or for none where nobody can be asked
    """
    slugs = [topic.slug for topic in known]
    width = max(map(len, slugs), default=0)
    listed = "\n".join(f"  {topic.slug:<{width}}  {topic.title}" for topic in known)
    chosen = tuple(token for text in asked for token in parse_tokens(text))
    for left in range(_QUESTIONS, -1, -1):
        unknown = [token for token in chosen if known and token not in slugs]
        if not unknown and (chosen or not known):
            break
        msg = (
            "no topic was given, so nothing was added; add --topic with one or more of"
            f"\n{listed}"
        )
        if unknown:
            msg = f"there is no topic '{unknown[0]}'; there are\n{listed}"
        if asked or not left or not can_ask():
            raise LabsiteError(msg)
        tell(msg if unknown else f"Topics:\n{listed}")
        chosen = parse_tokens(ask("Which topics? Separate several by commas"))
    return chosen


@command(
    "publish",
    argument("key", metavar="KEY", help="the key of the entry"),
    argument(
        "paper", nargs="?", default="-", metavar="PAPER",
        help=f"the key of another entry; or {_HELP}",
    ),
    DRY_RUN,
)  # fmt: skip
def publish_paper(options: Namespace) -> int:
    """Update an entry when its paper is published, or gets another version.

    A preprint becomes the published paper: type, venue, date, pages and DOI change; the
    key, and so the address of its page, the links and the arXiv number stay. The entry
    of a published paper gets the fields that it lacks, such as its arXiv number. A
    version of another kind, such as the journal version of a conference paper, gets an
    entry of its own unless it has one, and 'related' ties the two.

    The exit status is 0 if something was changed, and 2 if nothing could be.
    """
    opened = open_site(options.source)
    house, files = opened.house, opened.files
    if options.paper in {p.key for p in house.library.every_version}:
        entry, other = (find_entry(k, house) for k in (options.key, options.paper))
        published = tie(entry, other, files)
    else:
        records, left = read_papers([options.paper], house)
        if len(records) != 1:
            said = "\n".join(each.message for each in left)
            raise LabsiteError(said or f"there are {len(records)} papers; give one")
        published = publish(options.key, records[0], house, files)
    save(published, options.source, dry_run=options.dry_run, shown=True)
    for note in published.notes:
        tell(f"note: {note}")
    return OK


def read_papers(
    papers: Iterable[str], house: HouseStyle
) -> tuple[list[Publication], list[Left]]:
    """Return the records that the arguments stand for; say what each was taken for.

    :returns: and what could not be read or looked up
    :raises LabsiteError: if an argument is nothing known
    """
    records: list[Publication] = []
    left: list[Left] = []
    for paste in (paste for paper in papers for paste in _read_pastes(paper)):
        try:
            bibtex = paste.bibtex
            if paste.wanted:
                bibtex = look_up(paste.wanted, Services(os.environ))
            found, unread = read_records(bibtex, house)
        except FetchError as error:
            found, unread = [], [Left(message=str(error), known=False)]
        records += found
        left += unread
        many = f", {len(found)} papers" if len(found) > 1 else ""
        tell(f"taken for {paste.what}{many}")
    return records, left


def _read_pastes(paper: str) -> list[Paste]:
    """Return what an argument stands for.

    :raises LabsiteError: if that is nothing known
    """
    path = Path(paper)
    if paper == _STANDARD_INPUT:
        text, what = _read_standard_input(), "what was pasted"
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
        raise LabsiteError(msg)
    return found


def _read_standard_input() -> str:
    by_hand = sys.stdin.isatty()
    if by_hand:
        tell("Paste the record of the paper, then press Ctrl-D on a line of its own.")
    text = SourceText(sys.stdin.buffer.read(), "standard input").text
    lengths = (len(line.encode()) for line in text.split("\n"))
    if by_hand and max(lengths) >= _TERMINAL_LINE:
        msg = "the terminal has cut a long line; save the paste and add it with < FILE"
        raise LabsiteError(msg)
    return text
