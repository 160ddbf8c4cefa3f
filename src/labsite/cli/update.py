"""Ask registries for what entries lack: DOIs, published versions, pages, open PDFs.

arXiv, Crossref, DBLP and OpenAlex are asked; one that does not answer is left out. What
they know is printed as a plan, each line with its source and how sure it is. With
--write what is sure is written, and for entries that are named also what is likely.
Answers are remembered for a week in _build/registries.

The exit status is 0 if nothing is missing or all of it was written, 1 if something is
left to decide, and 2 if nobody could be asked.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from labsite.checks.site import load
from labsite.cli.output import tell, write
from labsite.cli.papers import read_house
from labsite.cli.statuses import CANNOT_RUN, FOUND, OK
from labsite.editing.add import NotAddedError, read_records
from labsite.editing.fetching import FetchError, Limits
from labsite.editing.identifiers import parse_identifier
from labsite.editing.importing import IncompleteError
from labsite.editing.insertion import InsertionError
from labsite.editing.publish import add_fields, publish
from labsite.editing.services import Services, look_up
from labsite.editing.source import SourceError, write_atomically
from labsite.editing.updating import propose
from labsite.model.problems import printable
from labsite.site.configuration import read_settings, run_configuration

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable

    from labsite.editing.updating import Proposal
    from labsite.model.records import Publication

NAME = "update"
SUMMARY = "ask registries for what entries lack"
_MOST = 300  #: entries in one run


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the entries, and whether to write."""
    parser.add_argument(
        "keys", nargs="*", metavar="KEY", help="entries; without any, all of them"
    )
    parser.add_argument(
        "--write", action="store_true",
        help="write what is sure, and what is likely of the entries named",
    )  # fmt: skip


def run(options: argparse.Namespace) -> int:
    """Print the plan; carry it out if asked to."""
    source = options.source or Path()
    settings = read_settings(source)
    try:
        _, house = read_house(settings, load(settings).site)
        chosen = _choose(house.library.publications, options.keys)
    except (SourceError, NotAddedError) as error:
        tell(f"labsite update: {error}")
        return CANNOT_RUN
    contact = str(run_configuration(source).get("html_baseurl", ""))
    cache = source / "_build" / "registries"
    services = Services(os.environ, contact, cache, Limits(retries=1))
    found = [p for publication in chosen for p in propose(publication, services)]
    left = 0
    for proposal in found:
        wanted = options.write and (proposal.sure or options.keys)
        done = bool(wanted) and _carry_out(proposal, source)
        left += not done
        _say(proposal, "written" if done else "")
    for name, reason in services.silent.items():
        tell(f"note: {name} was left out: {printable(reason)}")
    tell(f"{len(chosen)} entries, {len(found)} proposals, {len(found) - left} written")
    if services.asked and services.asked <= services.silent.keys():
        return CANNOT_RUN
    return FOUND if left else OK


def _choose(publications: Iterable[Publication], keys: list[str]) -> list[Publication]:
    known = {p.key: p for p in publications}
    unknown = [key for key in keys if key not in known]
    if unknown:
        msg = f"there is no entry '{unknown[0]}'"
        raise NotAddedError(msg)
    return [known[key] for key in keys] if keys else list(known.values())[:_MOST]


def _say(proposal: Proposal, done: str) -> None:
    publication = proposal.publication
    place = f"{publication.source.file}:{publication.source.line}"
    sure = "sure" if proposal.sure else "likely"
    what = f"{place}: {publication.key}: {proposal.message}"
    write(
        printable(f"{what} ({', '.join(filter(None, (proposal.source, sure, done)))})")
    )
    if proposal.doi and not done:
        write(f"  labsite publish {publication.key} {printable(proposal.doi)}")


def _carry_out(proposal: Proposal, source: Path) -> bool:
    """Write what is proposed into the file as it is now; tell whether it was."""
    settings = read_settings(source)
    files, house = read_house(settings, load(settings).site)
    key = proposal.publication.key
    try:
        if proposal.doi:
            wanted = parse_identifier(proposal.doi)
            services = Services(os.environ)
            records, _ = (
                read_records(look_up(wanted, services), house) if wanted else ([], [])
            )
            changed = publish(key, records[0], house, files) if records else None
        elif proposal.fields:
            changed = add_fields(key, proposal.fields, house, files)
        else:
            return False
    except (NotAddedError, IncompleteError, InsertionError, FetchError) as error:
        tell(f"note: {key}: {printable(str(error))}")
        return False
    if changed is None:
        return False
    write_atomically(source / changed.file, changed.after)
    return True
