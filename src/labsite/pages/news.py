"""News: the pages of one folder, and what the bibliography says by itself."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING

from labsite.bibtex.reporting import problem
from labsite.model.problems import Problem, Rule, quote
from labsite.model.records import NewsItem, PageSource
from labsite.pages.front_matter import (
    Fields,
    did_you_mean,
    find_slip,
    parse_date,
    read_page,
    record_pages,
    unknown_key,
)
from labsite.text.markup import find_roles

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from labsite.model.records import Library, Person, Publication
    from labsite.site.site import SiteRecords

#: What an item may be about; the last one is for everything else.
KINDS = ("paper", "award", "member", "news")
_FIELDS = ("date", "kind")
_MEANT = {"type": "kind", "category": "kind", "day": "date", "published": "date"}
_BEGINNING = "begin the page with '---', 'date: 2026-03-14' and '---'"
#: The field of an entry with the date on which the paper was accepted.
_ACCEPTED = "accepted"
#: Roles of sphinxcontrib-bibtex: cite, cite:t, footcite:ps and so on.
_CITE = re.compile(r"(?:foot)?cite(?::[a-z]+)?")
_REFERENCE, _PERSON = "pub:ref", "person"
_KEY = re.compile(r"[^\s,]+")
#: What may stand around a key, as in "{see}kim2026{p. 3}".
_AROUND_KEY = re.compile(r"\{[^{}]*\}")


def read_news(
    folder: Path, file_prefix: str
) -> tuple[tuple[NewsItem, ...], list[Problem]]:
    """Return the news in *folder*, newest first, and what is wrong.

    Every page but the index is an item: its front matter gives ``date`` and may give
    ``kind``, and a sentence or two follow. One without a date that can be read is left
    out and reported.

    :param file_prefix: the folder as problems name it, e.g. "news"
    """
    items: list[NewsItem] = []
    problems: list[Problem] = []
    for path in record_pages(folder):
        document, source = read_page(path, f"{file_prefix}/{path.name}")
        if document.readable:
            item = _read_item(Fields(document, document.value), source, path.stem)
            items += [item] if item else []
        problems += document.problems
    return sort_news(items), problems


def sort_news(items: Iterable[NewsItem]) -> tuple[NewsItem, ...]:
    """Order news: newest first, then by file name."""
    named = sorted(items, key=lambda item: item.slug)
    return tuple(sorted(named, key=lambda item: item.issued, reverse=True))


def group_by_year(
    items: Iterable[NewsItem],
) -> tuple[tuple[int, tuple[NewsItem, ...]], ...]:
    """Divide news in the order of :func:`sort_news` by year."""
    years = groupby(items, key=lambda item: item.issued.year)
    return tuple((year, tuple(members)) for year, members in years)


def select_news(
    site: SiteRecords, *, kind: str | None = None, person: Person | None = None
) -> tuple[NewsItem, ...]:
    """Return the news of a kind, of a person or of everything, newest first.

    News is a person's if it names the person or cites a paper of theirs.
    """
    items = (item for item in site.news if kind in {None, item.kind})
    if person is None:
        return tuple(items)
    papers = site.authorship.publications_of(person)
    keys = {key for paper in papers for key in (paper.key, *paper.aliases)}
    return tuple(
        item
        for item in items
        if not keys.isdisjoint(item.papers) or person in people_named(item, site)
    )


def people_named(item: NewsItem, site: SiteRecords) -> tuple[Person, ...]:
    """Return the people that an item names by a role, each once."""
    known = site.people_by_name
    named = [known[name] for name, _ in _names(item.source.body) if name in known]
    return tuple({person.slug: person for person in named}.values())


def check_news(
    items: Iterable[NewsItem], library: Library, people: Mapping[str, Person]
) -> Iterator[Problem]:
    """Yield a problem for each unknown paper that an item cites, or person it names.

    :param people: everybody, under each of the names by which a role may name them
    """
    spellings = {name.casefold(): name for name in people}
    in_order = sorted(spellings)
    for item in items:
        file, first_line = item.source.file, item.source.body_line
        for key, line in _citations(item.source.body):
            if key not in library.by_key:
                yield unknown_key(key, library, file, first_line + line)
        for name, line in _names(item.source.body):
            if name not in people:
                near = spellings.get(find_slip(name.casefold(), in_order) or "")
                yield _unknown_person(name, near, file, first_line + line)


def drafted_news(
    library: Library, items: Sequence[NewsItem]
) -> tuple[tuple[NewsItem, ...], list[Problem]]:
    """Return the items that entries make by themselves, newest first.

    An entry that says ``accepted = {2026-06-18}`` is news of that day, unless an item
    of the kind "paper" cites it. Such an item has no text: what is to be said follows
    from the publication.

    :param items: the news that somebody wrote
    """
    cited = {key for item in items if item.kind == "paper" for key in item.papers}
    drafts: list[NewsItem] = []
    problems: list[Problem] = []
    for publication in library.publications:
        text = publication.field(_ACCEPTED)
        if text is None or not cited.isdisjoint(
            (publication.key, *publication.aliases)
        ):
            continue
        item = _draft(publication, text)
        if item:
            drafts.append(item)
        else:
            message = f"{_ACCEPTED}: '{text}' is no date; write 2026-06-18"
            problems.append(problem(publication, Rule.BAD_DATE, message, _ACCEPTED))
    return sort_news(drafts), problems


def _read_item(fields: Fields, source: PageSource, slug: str) -> NewsItem | None:
    fields.check_keys(_FIELDS, _MEANT)
    kind, issued = _kind(fields), fields.date("date")
    if not fields.values.get("date"):
        remedy = "write 'date: 2026-03-14'" if fields.values else _BEGINNING
        fields.complain(Rule.MISSING_FIELD, f"no date; {remedy}")
    text = source.body.strip()
    if not text:
        message = "nothing is said; write a sentence below the front matter"
        fields.complain(Rule.MISSING_FIELD, message)
    if issued is None or not text:
        return None
    return NewsItem(
        slug=slug,
        issued=issued,
        text=text,
        kind=kind,
        papers=tuple(dict.fromkeys(key for key, _ in _citations(source.body))),
        source=source,
    )


def _kind(fields: Fields) -> str:
    kind = (fields.text("kind") or KINDS[-1]).lower()
    if kind in KINDS:
        return kind
    remedy = did_you_mean(kind, KINDS)
    message = f"there is no kind of news '{kind}'; {remedy}"
    fields.complain(Rule.UNKNOWN_KIND, message, "kind")
    return KINDS[-1]


def _draft(publication: Publication, text: str) -> NewsItem | None:
    issued = parse_date(text)
    if issued is None:
        return None
    source, name = publication.source, _ACCEPTED
    line = next((f.line for f in source.fields if f.name == name), source.line)
    return NewsItem(
        slug=f"{_ACCEPTED}-{publication.key}",
        issued=issued,
        text="",
        kind="paper",
        papers=(publication.key,),
        drafted=True,
        source=PageSource(file=source.file, body_line=line),
    )


def _citations(body: str) -> Iterator[tuple[str, int]]:
    """Yield the keys that *body* cites, each with its 0-based line."""
    for role in find_roles(body):
        if role.name == _REFERENCE:
            yield role.target, role.target_line
        elif _CITE.fullmatch(role.name):
            yield from _keys(_AROUND_KEY.sub(_blank, role.content), role.line)


def _keys(text: str, line: int) -> Iterator[tuple[str, int]]:
    """Yield the keys in a role that begins in *line*, each with its own."""
    counted = 0
    for key in _KEY.finditer(text):
        line += text.count("\n", counted, key.start())
        counted = key.start()
        yield key[0], line


def _names(body: str) -> Iterator[tuple[str, int]]:
    """Yield the people that *body* names, as it does, each with its 0-based line."""
    roles = (role for role in find_roles(body) if role.name == _PERSON)
    return ((role.target, role.target_line) for role in roles)


def _unknown_person(name: str, near: str | None, file: str, line: int) -> Problem:
    remedy = f"did you mean '{near}'?" if near else "use a name of the team's pages"
    message = f"there is no person {quote(name)}; {remedy}"
    return Problem(rule=Rule.UNKNOWN_KEY, message=message, file=file, line=line)


def _blank(match: re.Match[str]) -> str:
    """Return as much white space as *match* has text, with the same ends of lines."""
    return re.sub(r"[^\n]", " ", match[0])
