"""Pages: the papers and people that news and people's pages name must be there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labsite.model.problems import Problem, Rule, quote
from labsite.pages.front_matter import find_misspelling, unknown_key
from labsite.pages.news import find_citations, find_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from labsite.model.records import Library, NewsItem, Person


def check_people(people: Iterable[Person], library: Library) -> Iterator[Problem]:
    """Yield a problem for each paper of an award that is not in the bibliography."""
    for person in people:
        for honour in person.awards:
            for key in honour.papers:
                if key not in library.by_key:
                    yield unknown_key(key, library, person.source.file, honour.line)


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
        for key, line in find_citations(item.source.body):
            if key not in library.by_key:
                yield unknown_key(key, library, file, first_line + line)
        for name, line in find_names(item.source.body):
            if name not in people:
                near = spellings.get(find_misspelling(name.casefold(), in_order) or "")
                yield _unknown_person(name, near, file, first_line + line)


def _unknown_person(name: str, near: str | None, file: str, line: int) -> Problem:
    remedy = (
        f"did you mean '{near}'?"
        if near
        else "use a name, or a file's name, of the team"
    )
    message = f"there is no person {quote(name)}; {remedy}"
    return Problem(rule=Rule.UNKNOWN_KEY, message=message, file=file, line=line)
