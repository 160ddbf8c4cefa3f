"""BibTeX entries to publications."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING

from labsite.bibtex import interpretation
from labsite.bibtex.entry_types import CONTAINER_TYPES, DATA_TYPES
from labsite.bibtex.inheritance import EntryFields
from labsite.bibtex.links import read_links
from labsite.bibtex.parser import BibtexText, Entry
from labsite.bibtex.reporting import problem
from labsite.bibtex.versions import tie_versions
from labsite.model.dates import DateSpan, PartialDate
from labsite.model.order import sort_publications
from labsite.model.problems import Problem, Rule
from labsite.model.records import Library, Publication
from labsite.text.values import parse_flag, parse_tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_YEAR = re.compile(r"\d{4}")
_FORTHCOMING_STATES = {"inpreparation", "submitted", "forthcoming", "inpress",
                       "toappear", "accepted"}  # fmt: skip


def read_library(
    files: Iterable[tuple[str, str]], topics_field: str = "keywords"
) -> Library:
    """Read the bibliography.

    Nothing a file says stops the reading: an entry that cannot be read is left out
    and reported, every other entry is there.

    :param files: name and text of each file, in order; macros serve later files
    :param topics_field: the field that has the tokens of topics
    """
    bibtex = BibtexText()
    for file, text in files:
        bibtex.add_file(text, file)
    entries, problems = _drop_repeated(bibtex.entries)
    problems = [*bibtex.problems, *problems]
    fields = [EntryFields(entry, problems) for entry in entries]
    known = {entry.entry.key.lower(): entry for entry in fields}
    for entry in fields:
        entry.inherit(known)
    read = [*filter(None, (_read(e, bibtex.macro_names, topics_field) for e in fields))]
    lenders = {entry.get(n).lower() for entry in fields for n in ("crossref", "xref")}
    wholes = {
        p.key: p
        for p in read
        if p.entry_type in CONTAINER_TYPES and p.key.lower() in lenders
    }
    listed = sort_publications(p for p in read if p.key not in wholes)
    works, untied = tie_versions(listed)
    # A whole is in no list, so that nobody misses its date.
    counted = (
        problem
        for problem in (*problems, *untied)
        if problem.key not in wholes or problem.rule is not Rule.INCOMPLETE_ENTRY
    )
    data = sum(entry.entry_type in DATA_TYPES for entry in bibtex.entries)
    return Library(
        publications=tuple(works),
        problems=tuple(sorted(counted, key=lambda p: (p.file, p.line, p.column))),
        entries=bibtex.begun - data - len(wholes),
        containers=data + len(wholes),
        wholes=tuple(wholes.values()),
        macros=tuple(bibtex.macro_names.items()),
    )


def _drop_repeated(entries: Iterable[Entry]) -> tuple[list[Entry], list[Problem]]:
    """Keep one entry of each key; BibTeX's keys differ in more than case.

    It is the one of the earliest year, the last of them in the file: new entries stand
    at the head, and an address that visitors know must not lead to another paper.
    """
    alike: dict[str, list[Entry]] = {}
    for entry in entries:
        alike.setdefault(entry.key.lower(), []).append(entry)
    kept: list[Entry] = []
    problems: list[Problem] = []
    for group in alike.values():
        first = min(reversed(group), key=_year_written)
        place = f"{first.source.file}:{first.source.line}"
        message = f"the key belongs to the entry at {place}; give this one another"
        others = (entry for entry in group if entry is not first)
        problems += [problem(e, Rule.DUPLICATE_KEY, message) for e in others]
        kept.append(first)
    return kept, problems


def _year_written(entry: Entry) -> str:
    """Return the year as it is written; what is not a year comes after every other."""
    written = (f.value for f in entry.source.fields if f.name in {"year", "date"})
    found = next(filter(None, map(_YEAR.match, written)), None)
    return found[0] if found else "9999"


def _read(
    entry: EntryFields, macro_names: Mapping[str, str], topics_field: str
) -> Publication | None:
    """Return the publication, or ``None`` for a container or a titleless entry."""
    if entry.entry.entry_type in DATA_TYPES:
        return None
    title = interpretation.read_title(entry)
    if title is None:
        _report_title(entry)
        return None

    def report_address(name: str, message: str) -> None:
        entry.report(Rule.BAD_URL, message, name)

    arxiv, doi = interpretation.read_arxiv(entry), interpretation.read_doi(entry)
    venue = interpretation.read_venue(entry, arxiv, macro_names)
    contributors = interpretation.read_contributors(entry)
    creators = interpretation.read_creators(entry, contributors)
    dates = interpretation.read_dates(entry)
    issued = dates.get("date", DateSpan())
    return Publication(
        key=entry.entry.key,
        entry_type=entry.entry.entry_type,
        kind=interpretation.read_kind(entry, arxiv, venue),
        title=title,
        creators=creators.names,
        more_creators=creators.more,
        issued=issued.start or issued.end or PartialDate(),
        venue=venue,
        topics=parse_tokens(entry.plain(topics_field) or ""),
        award=entry.plain("award_name") or entry.plain("award"),
        note=entry.rich("note"),
        abstract=entry.rich("abstract"),
        doi=doi,
        arxiv=arxiv,
        links=read_links(entry.fields, doi, arxiv, report_address),
        selected=parse_flag(entry.get("selected")),
        forthcoming=_is_forthcoming(entry),
        preview=entry.fields.get("preview"),
        aliases=parse_tokens(entry.get("ids")),
        contributors=contributors,
        dates=tuple(dates.items()),
        pages=interpretation.read_pages(entry),
        language=interpretation.read_language(entry),
        texts=tuple(interpretation.read_texts(entry)),
        fields=tuple(entry.fields.items()),
        source=entry.entry.source,
    )


def _report_title(entry: EntryFields) -> None:
    """Say that there is no title, or which field was to be it."""
    names = [field.name for field in entry.entry.source.fields]
    # "titel" is as near as that, "subtitle" is not.
    near = get_close_matches("title", names, n=1, cutoff=0.8)
    if near and "title" not in names:
        message = "there is no such field; did you mean 'title'?"
        entry.report(Rule.MISSPELT_FIELD, message, near[0])
    else:
        entry.report(Rule.MISSING_FIELD, "no title; add title = {…}")


def _is_forthcoming(entry: EntryFields) -> bool:
    said = filter(None, map(entry.plain, ("pubstate", "year", "date")))
    states = {re.sub(r"\W", "", text.lower()) for text in said}
    return not states.isdisjoint(_FORTHCOMING_STATES)
