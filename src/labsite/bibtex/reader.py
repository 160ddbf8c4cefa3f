"""Read publications from BibTeX files.

Biblatex's ``related`` in the entry to cite names other versions of the work, such as
the conference paper before an article. They have no line and no page of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Set
from dataclasses import replace

from labsite.bibtex import interpretation
from labsite.bibtex.fields import CONTAINER_TYPES, DATA_TYPES, find_correct
from labsite.bibtex.inheritance import EntryFields
from labsite.bibtex.links import read_links
from labsite.bibtex.parser import BibtexText, Entry
from labsite.bibtex.reporting import problem
from labsite.model.dates import DateSpan, PartialDate
from labsite.model.order import sort_publications
from labsite.model.problems import Problem, Rule, quote
from labsite.model.records import Library, Publication
from labsite.text.values import find_language, parse_flag, parse_pages, parse_tokens

_FORTHCOMING_STATES = {"inpreparation", "submitted", "forthcoming", "inpress",
                       "toappear", "accepted"}  # fmt: skip
#: Values of ``relatedtype`` (biblatex manual, 3.4) that name the same work.
_SAME_WORK = {
    "", "version", "versionof", "versions", "origpubas", "origpubin", "reprintas",
    "reprintfrom", "reprintof", "translationas", "translationfrom", "translationof",
}  # fmt: skip


def read_library(
    files: Iterable[tuple[str, str]],
    topics_field: str = "keywords",
    known: Library | None = None,
) -> Library:
    """Read the bibliography; an entry that cannot be read is left out and reported.

    :param files: name and text of each; later files can use the macros of earlier ones
    :param topics_field: the field that has the tokens of topics
    :param known: publications without a problem that an earlier call has read; those
        whose entries have at most moved are not read again
    """
    bibtex, known = BibtexText(), known or Library()
    bibtex.known = {p.key: p.source for p in known.publications}
    for file, text in files:
        bibtex.add_file(text, file)
    problems = [*bibtex.problems]
    entries = _drop_duplicates(bibtex.entries, problems)
    fields = [EntryFields(entry, problems) for entry in entries]
    by_key = {alias.lower(): e for e in fields for alias in parse_tokens(e.get("ids"))}
    by_key.update((entry.entry.key.lower(), entry) for entry in fields)
    for entry in fields:
        entry.inherit(by_key)
    names, macros = bibtex.macro_names, tuple(bibtex.macro_names.items())
    renamed = {value for value, _name in {*macros} ^ {*known.macros}}
    unchanged = {e.entry.key: _find_unchanged(e, known, renamed) for e in fields}
    made = (unchanged[e.entry.key] or _read(e, names, topics_field) for e in fields)
    read = [*filter(None, made)]
    parents = {entry.get(n).lower() for entry in fields for n in ("crossref", "xref")}
    collections = {
        p.key: p
        for p in read
        if p.entry_type in CONTAINER_TYPES
        and not parents.isdisjoint(map(str.lower, (p.key, *p.aliases)))
    }
    listed = sort_publications(p for p in read if p.key not in collections)
    works = _group_versions(listed, problems)
    # A whole work is in no list, so that its date may be missing.
    counted = (
        problem
        for problem in problems
        if problem.key not in collections or problem.rule is not Rule.INCOMPLETE_ENTRY
    )
    data = sum(entry.entry_type in DATA_TYPES for entry in bibtex.entries)
    return Library(
        publications=tuple(works),
        problems=tuple(sorted(counted, key=lambda p: (p.file, p.line, p.column))),
        entries=bibtex.begun - data - len(collections),
        containers=data + len(collections),
        collections=tuple(collections.values()),
        macros=macros,
        topics_field=topics_field,
        unchanged=frozenset(key for key, old in unchanged.items() if old),
    )


def _drop_duplicates(entries: list[Entry], problems: list[Problem]) -> list[Entry]:
    """Keep the last entry of each key, whatever its case, and report the others.

    New entries are added at the top, and a known address must not lead to another.
    """
    kept = {entry.key.lower(): entry for entry in entries}
    for entry in entries:
        last = kept[entry.key.lower()]
        if entry is not last:
            place = f"{last.source.file}:{last.source.line}"
            message = f"the key belongs to the entry at {place}; give this one another"
            problems.append(problem(entry, Rule.DUPLICATE_KEY, message))
    return list(kept.values())


def _group_versions(
    publications: Iterable[Publication], problems: list[Problem]
) -> list[Publication]:
    """Return the works with their other versions; report keys that do not exist.

    If entries name each other, the first one in the order of lists is to be cited.
    """
    known = {p.key.lower(): p for p in publications}
    related = {key: _related_keys(p) for key, p in known.items()}
    named = {other for key, keys in related.items() for other in keys if other != key}
    works: dict[str, Publication] = {}
    grouped: set[str] = set()
    for root in sorted(known, key=named.__contains__):
        versions, waiting = [], [root]
        for key in waiting:  # grows meanwhile
            if key in known and key not in grouped:
                grouped.add(key)
                versions.append(known[key])
                waiting += related[key]
        if versions:
            work, *others = versions
            old = [key for other in others for key in (other.key, *other.aliases)]
            if others:
                aliases = (*work.aliases, *old)
                work = replace(work, versions=tuple(others), aliases=aliases)
            works[root] = work
    for key, keys in related.items():
        for other in keys:
            if other not in known:
                message = f"related: no entry has the key {quote(other)}; write the key"
                message += " of another version of this paper"
                rule = Rule.UNKNOWN_KEY
                problems.append(problem(known[key], rule, message, "related", other))
    return [works[key] for key in known if key in works]


def _related_keys(publication: Publication) -> tuple[str, ...]:
    kind = (publication.field("relatedtype") or "").strip().lower()
    related = publication.field("related") if kind in _SAME_WORK else None
    return parse_tokens((related or "").lower())


def _find_unchanged(
    entry: EntryFields, known: Library, renamed: Set[str]
) -> Publication | None:
    """Return the *known* publication of an entry that has at most moved.

    :param renamed: the values of which the macros have changed
    """
    old, source = known.by_key.get(entry.entry.key), entry.entry.source
    if old is None or entry.has_parents or entry.lacks_fields != old.lacks_fields:
        return None
    same = (source.text, source.fields) == (old.source.text, old.source.fields)
    if not same or not renamed.isdisjoint(entry.fields.values()):
        return None
    return old if old.source == source else replace(old, source=source)


def _read(
    entry: EntryFields, macro_names: Mapping[str, str], topics_field: str
) -> Publication | None:
    """Return the publication, ``None`` for data entries and without a title."""
    if entry.entry.entry_type in DATA_TYPES:
        return None
    title = interpretation.read_title(entry)
    if title is None:
        names = [field.name for field in entry.entry.source.fields]
        near = next((n for n in names if find_correct(n) == "title"), None)
        remedy = f"write 'title' instead of '{near}'" if near else "add title = {…}"
        if not (entry.lacks_fields or entry.is_undefined("title")):
            entry.report(Rule.MISSING_FIELD, f"no title; {remedy}", near)
        return None

    arxiv, doi = interpretation.read_arxiv(entry), interpretation.read_doi(entry)
    venue = interpretation.read_venue(entry, arxiv, macro_names)
    contributors = interpretation.read_contributors(entry)
    creators = interpretation.read_creators(entry, contributors)
    dates = interpretation.read_dates(entry)
    issued = dates.get("date", DateSpan())
    return Publication(
        key=entry.entry.key,
        entry_type=entry.entry.entry_type,
        kind=interpretation.read_kind(entry, venue),
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
        links=read_links(entry.fields, doi, arxiv, entry.report),
        selected=parse_flag(entry.get("selected")),
        forthcoming=_is_forthcoming(entry),
        preview=entry.fields.get("preview"),
        lacks_fields=entry.lacks_fields,
        aliases=parse_tokens(entry.get("ids")),
        contributors=contributors,
        dates=tuple(dates.items()),
        pages=parse_pages(entry.get("pages")),
        language=find_language(entry.plain("langid"), entry.plain("language")),
        texts=tuple(interpretation.read_texts(entry)),
        fields=tuple(entry.fields.items()),
        source=entry.entry.source,
    )


def _is_forthcoming(entry: EntryFields) -> bool:
    values = filter(None, map(entry.plain, ("pubstate", "year", "date")))
    states = {re.sub(r"\W", "", text.lower()) for text in values}
    return not states.isdisjoint(_FORTHCOMING_STATES)
