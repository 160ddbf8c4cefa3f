"""Add a paper to the bibliography, in its place and in the style of the file.

What it is made of is a DOI or an arXiv identifier, which is looked up, or the BibTeX
that a publisher's page offers, pasted on standard input. Only lines are added; a paper
that is there already changes nothing. Notes say which fields of the record were left
out, and what to look at.

Where a site has topics, every paper needs one. Without --topic the command asks for it;
where nobody can be asked, it adds nothing. More topics can be written into 'keywords'
of the entry later.

The exit status is 0 if the paper was added, 1 if it was there already, and 2 if it
could not be added.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from labsite.checks.site import load
from labsite.cli.output import printable, tell, write
from labsite.cli.statuses import CANNOT_RUN, FOUND, OK
from labsite.editing.add import Added, DuplicateError, NotAddedError, add_paper
from labsite.editing.fetching import FetchError
from labsite.editing.house_style import HouseStyle
from labsite.editing.identifiers import parse_identifier
from labsite.editing.insertion import InsertionError
from labsite.editing.lookup import Services, look_up
from labsite.editing.source import SourceError, SourceText, diff, write_atomically
from labsite.site.configuration import read_settings
from labsite.text.values import parse_tokens

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from labsite.model.records import Topic

NAME = "add"
SUMMARY = "add a paper from a DOI, an arXiv identifier or pasted BibTeX"
_STANDARD_INPUT = "-"
#: Bytes of a line, its end left out, beyond which Linux's terminals drop the rest.
_TERMINAL_LINE = 4095
_QUESTIONS = 3  #: how often to ask for a topic before giving up


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what names the paper, and what the record of it does not say."""
    parser.add_argument(
        "paper", nargs="?", default=_STANDARD_INPUT, metavar="DOI|ARXIV|-",
        help="a DOI or an arXiv identifier, bare or as an address; without one, or "
        "with -, BibTeX is read from standard input",
    )  # fmt: skip
    parser.add_argument(
        "--topic", action="append", default=[], metavar="TOKEN", dest="topics",
        help="a topic of the paper: the name of its page without .md; may be given "
        "several times",
    )  # fmt: skip
    parser.add_argument("--key", help="the citation key, if not by the house rule")
    parser.add_argument(
        "--dry-run", action="store_true", help="print a diff and write nothing"
    )


def run(options: argparse.Namespace) -> int:
    """Add the paper, or say why not."""
    try:
        added = _add(options, options.source or Path())
    except DuplicateError as error:
        write(str(error))
        return FOUND
    except (NotAddedError, FetchError, InsertionError, SourceError) as error:
        tell(f"labsite add: {error}")
        return CANNOT_RUN
    if options.dry_run:
        write(diff(added.before, added.after, added.file).rstrip("\n"))
    else:
        path = (options.source or Path()) / added.file
        write_atomically(path, added.after)
        source = added.publication.source
        write(f"{path.as_posix()}:{source.line}: added {added.publication.key}")
        write("\n".join(map(printable, source.text.split("\n"))))
    for note in added.notes:
        tell(f"note: {printable(note)}")
    return OK


def _add(options: argparse.Namespace, source: Path) -> Added:
    settings = read_settings(source)
    site = load(settings).site
    topics = _choose_topics(options.topics, site.topics)
    files = [(name, (source / name).read_bytes()) for name in settings.bibfiles]
    texts = [(name, SourceText(data, name).text) for name, data in files]
    house = HouseStyle.of(texts, site.library, site.people)
    bibtex = _read_paper(options.paper)
    return add_paper(
        bibtex, house, files, topics=topics, today=site.today, key=options.key
    )


def _read_paper(paper: str) -> str:
    """Return the BibTeX of what was asked for.

    :raises NotAddedError: if it is no identifier
    """
    if paper == _STANDARD_INPUT:
        text = _read_paste()
        if parse_identifier(text) is None:
            return text
        paper = text
    wanted = parse_identifier(paper)
    if wanted is None:
        msg = (
            f"'{paper.strip()}' is neither a DOI (10.1145/3589258) nor an arXiv "
            "identifier (2403.06664); or paste BibTeX on standard input"
        )
        raise NotAddedError(msg)
    return look_up(wanted, Services.of(os.environ))


def _read_paste() -> str:
    if not sys.stdin.isatty():
        return SourceText(sys.stdin.buffer.read(), "standard input").text
    tell("Paste the BibTeX of the paper, then press Ctrl-D on a line of its own.")
    text = SourceText(sys.stdin.buffer.read(), "standard input").text
    if any(len(line.encode()) >= _TERMINAL_LINE for line in text.split("\n")):
        msg = "the terminal has cut a long line; save the paste and add it with < FILE"
        raise NotAddedError(msg)
    return text


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
