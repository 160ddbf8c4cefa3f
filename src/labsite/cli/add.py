"""Add papers to the bibliography, in their place and in the style of the file.

A paper is a DOI or an arXiv identifier, which is looked up, or a record: the BibTeX
that a publisher's page offers, RIS, EndNote, CSL-JSON or nbib, in a file or pasted on
standard input. Many may be added at once. Only lines are added; a paper that is there
already, in this version or another, changes nothing. Notes say which fields of the
record were left out, and what to look at.

Where a site has topics, every paper needs one. Without --topic the command asks for it;
where nobody can be asked, it adds nothing. More topics can be written into 'keywords'
of the entry later.

The exit status is 0 if every paper was added, 1 if one was there already or 'labsite
check' finds an error in a new entry, and 2 if one could not be added.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from labsite.checks.site import load
from labsite.cli.output import tell, write
from labsite.cli.papers import HELP, STANDARD_INPUT, read_house, read_papers
from labsite.cli.statuses import CANNOT_RUN, FOUND, OK
from labsite.editing.add import NotAddedError, add_papers
from labsite.editing.fetching import FetchError
from labsite.editing.insertion import InsertionError
from labsite.editing.source import SourceError, diff, write_atomically
from labsite.model.problems import printable
from labsite.site.configuration import read_settings
from labsite.text.values import parse_tokens

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from labsite.editing.add import Added, Batch
    from labsite.model.records import Topic

NAME = "add"
SUMMARY = "add papers from identifiers, files or pasted records"
_QUESTIONS = 3  #: how often to ask for a topic before giving up


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what names the papers, and what the record of them does not say."""
    parser.add_argument(
        "papers", nargs="*", default=[STANDARD_INPUT], metavar="PAPER", help=HELP
    )  # fmt: skip
    parser.add_argument(
        "--topic", action="append", default=[], metavar="TOKEN", dest="topics",
        help="a topic of the papers: the name of its page without .md; may be given "
        "several times",
    )  # fmt: skip
    parser.add_argument("--key", help="the citation key, if not by the house rule")
    parser.add_argument(
        "--dry-run", action="store_true", help="print a diff and write nothing"
    )


def run(options: argparse.Namespace) -> int:
    """Add the papers, or say why not."""
    source = options.source or Path()
    try:
        batch = _add(options, source)
    except (NotAddedError, FetchError, InsertionError, SourceError) as error:
        tell(f"labsite add: {error}")
        return CANNOT_RUN
    if options.dry_run:
        text = diff(batch.before, batch.after, batch.file).rstrip("\n")
        write(printable(text, lines=True))
    elif batch.added:
        write_atomically(source / batch.file, batch.after)
    for added in batch.added:
        _report(added, source / batch.file, dry_run=options.dry_run)
    for left in batch.left:
        said = "\n".join(map(printable, left.message.split("\n")))
        write(printable(said, lines=True)) if left.known else tell(
            f"labsite add: {said}"
        )
    return _summarise(batch)


def _report(added: Added, path: Path, *, dry_run: bool) -> None:
    entry = added.publication.source
    if not dry_run:
        write(f"{path.as_posix()}:{entry.line}: added {added.publication.key}")
        write("\n".join(map(printable, entry.text.split("\n"))))
    for note in added.notes:
        tell(f"note: {printable(note)}")


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


def _add(options: argparse.Namespace, source: Path) -> Batch:
    settings = read_settings(source)
    site = load(settings).site
    topics = _choose_topics(options.topics, site.topics)
    files, house = read_house(settings, site)
    records, left = read_papers(options.papers, house)
    if options.key and len(records) > 1:
        msg = f"--key is for one paper, and there are {len(records)}; leave it out"
        raise NotAddedError(msg)
    batch = add_papers(
        records, house, files, topics=topics, today=site.today, key=options.key
    )
    return replace(batch, left=(*left, *batch.left))


def _choose_topics(asked: Sequence[str], known: Sequence[Topic]) -> tuple[str, ...]:
    """Return the topics of the paper: those asked for, or what the member answers.

    :raises NotAddedError: for an unknown topic, or for none where nobody can be asked
    """
    chosen = tuple(token for text in asked for token in parse_tokens(text))
    if chosen or not known:
        return _check_topics(chosen, known)
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        msg = (
            "no topic was given, so nothing was added; add --topic with one or more "
            f"of\n{_list_topics(known)}"
        )
        raise NotAddedError(msg)
    return _ask(known)


def _ask(known: Sequence[Topic]) -> tuple[str, ...]:
    tell(f"Topics:\n{_list_topics(known)}")
    for attempt in range(_QUESTIONS):
        sys.stderr.write("Which topics? Separate several by commas: ")
        sys.stderr.flush()
        # Not the text layer, which would read ahead into the paste.
        answer = parse_tokens(sys.stdin.buffer.readline().decode(errors="replace"))
        try:
            if answer:
                return _check_topics(answer, known)
        except NotAddedError as error:
            if attempt == _QUESTIONS - 1:
                raise
            tell(str(error))
    msg = "no topic was given; nothing was added"
    raise NotAddedError(msg)


def _check_topics(chosen: tuple[str, ...], known: Sequence[Topic]) -> tuple[str, ...]:
    slugs = [topic.slug for topic in known]
    unknown = next((token for token in chosen if slugs and token not in slugs), None)
    if unknown is not None:
        msg = f"there is no topic '{unknown}'; there are\n{_list_topics(known)}"
        raise NotAddedError(msg)
    return chosen


def _list_topics(known: Sequence[Topic]) -> str:
    width = max(len(topic.slug) for topic in known)
    return "\n".join(f"  {topic.slug:<{width}}  {topic.title}" for topic in known)
