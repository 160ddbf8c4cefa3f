"""Commands that add papers, or update them, from identifiers, files and pastes."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from labsite.checks import load
from labsite.cli import CANNOT_RUN, FOUND, OK, argument, command
from labsite.cli.output import ask, can_ask, tell, write
from labsite.editing.add import PASTE, Outcome, Status, add_papers, read_records
from labsite.editing.entries import Files, find_entry, publish
from labsite.editing.fetching import FetchError
from labsite.editing.house_style import HouseStyle
from labsite.editing.identifiers import Identifiers, parse_identifier
from labsite.editing.pastes import read_pastes
from labsite.editing.services import Services, look_up
from labsite.editing.source import Change, SourceText, diff, write_atomically
from labsite.model.problems import LabsiteError, printable
from labsite.model.records import Publication, Topic
from labsite.site.configuration import read_settings
from labsite.site.site import SiteRecords
from labsite.text.values import parse_tokens

_STANDARD_INPUT = "-"
_HELP = (
    "a DOI, an arXiv identifier or the address of a paper's page, alone or within a "
    "text; or a file of BibTeX, RIS, EndNote, CSL-JSON or PubMed's nbib; without one, "
    "or with -, any of these is read from standard input"
)


def open_site(source: Path) -> tuple[SiteRecords, HouseStyle, Files]:
    """Read a site, the style of its bibliography, and the files of that."""
    settings = read_settings(source)
    site = load(settings).site
    if not settings.bibfiles:
        msg = "no bibliography is in the repository; replace the link by the file"
        raise LabsiteError(msg)
    files = [(name, (source / name).read_bytes()) for name in settings.bibfiles]
    return site, HouseStyle(site.library, site.people), files


def save(changed: Change, source: Path) -> None:
    """Write a changed file of a site."""
    if changed.before != changed.after:
        write_atomically(source / changed.file, changed.after)


@command(
    "add",
    argument("papers", nargs="*", default=["-"], metavar="PAPER", help=_HELP),
    argument(
        "--topic", action="append", default=[], metavar="TOKEN", dest="topics",
        help="a topic of the papers: the name of its page without .md; may be given "
        "several times",
    ),
    argument("--key", help="the citation key (by default name, year and a word)"),
)  # fmt: skip
def add(options: Namespace) -> int:
    """Add papers to the bibliography, in their place and in the style of the file.

    A paper is a DOI, an arXiv identifier or the address of its page, which are looked
    up, or a record in BibTeX, RIS, EndNote, CSL-JSON or nbib, in a file or pasted on
    standard input. Several papers may be added at once. The command only adds lines; a
    paper that has an entry, of this version or another, changes nothing. Notes name the
    fields that were left out, and what to check.

    Every paper of a site with topics needs one. Without --topic the command asks for
    it; without a terminal it adds nothing.

    The exit status is 0 if every paper was added, 1 if one was there already or
    'labsite check' finds an error in a new entry, and 2 if one could not be added.
    """
    site, house, files = open_site(options.source)
    topics = _choose_topics(options.topics, site.topics)
    records, unread = read_papers(options.papers, house)
    if options.key and len(records) > 1:
        msg = f"--key is for one paper, and there are {len(records)}; leave it out"
        raise LabsiteError(msg)
    changed, outcomes = add_papers(
        records, house, files, topics=topics, today=site.today, key=options.key
    )  # fmt: skip
    save(changed, options.source)
    outcomes += unread
    for outcome in outcomes:
        _report(outcome, options.source / changed.file, named=len(outcomes) > 1)
    return _summarise(outcomes)


def _report(outcome: Outcome, path: Path, *, named: bool) -> None:
    """Write the entry that was added to *path*, or why there is none."""
    if outcome.publication:
        entry = outcome.publication.source
        write(f"{path.as_posix()}:{entry.line}: added {outcome.publication.key}")
        write(printable(entry.text, lines=True))
    key = f"{outcome.publication.key}: " if outcome.publication and named else ""
    for note in outcome.notes:
        tell(f"note: {key}{note}")
    if outcome.status is Status.KNOWN:
        write(printable(outcome.message, lines=True))
    elif outcome.message:
        tell(f"labsite: {outcome.message}")


def _summarise(outcomes: Sequence[Outcome]) -> int:
    """Write the counts for several papers; return the exit status."""
    counts = Counter[Status]()
    for outcome in outcomes:
        counts[outcome.status] += outcome.papers
    wrong, refused = counts[Status.WRONG], counts[Status.REFUSED]
    if counts.total() > 1:
        added, known = counts[Status.ADDED] + wrong, counts[Status.KNOWN]
        tell(f"{added} added, {known} there already, {refused} not added")
    if wrong:
        tell(f"new entries with errors that 'labsite check' finds: {wrong}; see above")
    if refused:
        return CANNOT_RUN
    return FOUND if counts[Status.KNOWN] or wrong else OK


def _choose_topics(asked: Sequence[str], known: Sequence[Topic]) -> tuple[str, ...]:
    """Return the topics from the command line, or else from the member's answer."""
    width = max((len(topic.slug) for topic in known), default=0)
    listed = "\n".join(f"  {topic.slug:<{width}}  {topic.title}" for topic in known)
    if known and not asked and can_ask():
        tell(f"Topics:\n{listed}")
        asked = [ask("Which topics? Separate several by commas")]
    chosen = tuple(token for text in asked for token in parse_tokens(text))
    wrong = [token for token in chosen if token not in {each.slug for each in known}]
    if known and (wrong or not chosen):
        what = f"there is no topic '{wrong[0]}'" if wrong else "no topic was given"
        msg = f"{what}, so nothing was added; add --topic with one or more of\n{listed}"
        raise LabsiteError(msg)
    return chosen


@command(
    "publish",
    argument("key", metavar="KEY", help="the key of the entry"),
    argument("paper", nargs="?", default="-", metavar="PAPER", help=_HELP),
)
def publish_paper(options: Namespace) -> int:
    """Update an entry when its paper is published, or gets another version.

    A preprint becomes the published paper: type, venue, date, pages and DOI change; the
    key, and so the address of its page, the links and the arXiv number stay. A version
    of another kind, such as the journal version of a conference paper, gets an entry of
    its own unless it has one, and 'related' ties the two.

    The exit status is 0 if something was changed, and 2 if nothing could be.
    """
    _, house, files = open_site(options.source)
    published = publish_from(options.paper, options.key, house, files)
    write(printable(diff(published).rstrip("\n"), lines=True))
    save(published, options.source)
    for note in published.notes:
        tell(f"note: {note}")
    return OK


def publish_from(paper: str, key: str, house: HouseStyle, files: Files) -> Change:
    """Update an entry from an identifier or a record.

    :raises LabsiteError: if there is no such entry, not one paper, or nothing to change
    """
    entry = find_entry(key, house)
    records, unread = read_papers([paper], house)
    if len(records) != 1:
        said = "\n".join(each.message for each in unread)
        raise LabsiteError(said or f"there are {len(records)} papers; give one")
    return publish(entry, records[0], house, files)


def read_papers(
    papers: Iterable[str], house: HouseStyle
) -> tuple[list[Publication], list[Outcome]]:
    """Return the records that the arguments give; write the format of each.

    :returns: also the outcomes for what cannot be read or looked up
    :raises LabsiteError: if the format of an argument is unknown
    """
    records: list[Publication] = []
    outcomes: list[Outcome] = []
    services = Services(os.environ)  # one for all, which keeps the pauses of arXiv
    pastes = ((paper, *paste) for paper in papers for paste in _read_pastes(paper))
    for paper, what, record in pastes:
        try:
            bibtex = record if isinstance(record, str) else look_up(record, services)
            name = PASTE if paper == _STANDARD_INPUT else paper
            found, unread = read_records(bibtex, house, name)
        except FetchError as error:
            found, unread = [], [Outcome(status=Status.REFUSED, message=str(error))]
        records += found
        outcomes += unread
        many = f", {len(found)} papers" if len(found) > 1 else ""
        tell(f"taken for {what}{many}")
    return records, outcomes


def _read_pastes(paper: str) -> list[tuple[str, str | Identifiers]]:
    """Return the records and identifiers in an argument, a file or standard input."""
    path = Path(paper)
    if paper == _STANDARD_INPUT:
        if sys.stdin.isatty():
            tell("Paste the record of the paper, then press Ctrl-D on an empty line.")
        data, what = sys.stdin.buffer.read(), PASTE
    elif parse_identifier(paper) is None and os.path.isfile(path):  # noqa: PTH113 -- Path.is_file fails for a long text
        data, what = path.read_bytes(), paper
    else:
        data = paper.encode(errors="replace")
        what = f"'{paper.strip()}', which is no file"
    found = read_pastes(SourceText(data, what).text)
    if not found:
        msg = (
            f"there is no entry in {what}, and neither a DOI (10.1145/3589258) nor an "
            "arXiv identifier (2403.06664); paste BibTeX, from '@type{key,' to '}'"
        )
        raise LabsiteError(msg)
    return found
