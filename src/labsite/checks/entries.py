"""Rules on entries: their types, fields, topics, dates and keys."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice

from labsite.bibtex import fields
from labsite.bibtex.fields import ENTRY_TYPES, find_correct, find_near, known_field
from labsite.bibtex.reporting import MOST, find_field, problem
from labsite.model.dates import PartialDate, parse_date, parse_month, parse_year
from labsite.model.problems import Problem, Rule, quote
from labsite.model.records import Publication
from labsite.text.spellings import did_you_mean

#: Fields with the venue of a publication.
_VENUES = {"booktitle", "institution", "journal", "school"}
#: Datatypes of private fields worth reporting.
_PRIVATE = {fields.Datatype.LITERAL, fields.Datatype.VERBATIM}
_FLAGS = {"", "true", "false", "yes", "no", "0", "1"}
_FIRST_YEAR = 1900  #: of papers by the people of a site
_AHEAD = 3  #: years; papers are accepted at most two years before their issue


def check_entry(publication: Publication) -> Iterator[Problem]:
    """Check that the type and the fields exist, and that required fields are there."""
    entry_type = publication.entry_type
    if near := entry_type not in ENTRY_TYPES and find_near(entry_type, ENTRY_TYPES):
        message = f"there is no type '@{entry_type}'; did you mean '@{near}'?"
        yield problem(publication, Rule.MISSPELT_TYPE, message)
    meant = find_misspelt(publication)
    for name, right in islice(meant.items(), MOST):
        message = f"there is no field '{name}'; did you mean '{right}'?"
        found = problem(publication, Rule.MISSPELT_FIELD, message)
        if field := find_field(publication.source, name):  # not its value is wrong
            line, column = publication.source.place(field.name_at)
            yield replace(found, line=line, column=column)
    for names in () if publication.lacks_fields else fields.NEEDED.get(entry_type, ()):
        reported = names[0] in {"author", "year"}  # by the reader
        if not reported and not _has_field(publication, names, set(meant.values())):
            yield _describe_missing(publication, names[0])


def check_flags(publication: Publication) -> Iterator[Problem]:
    """Check that ``selected`` is true or false."""
    text = publication.field("selected")
    if text and text.strip().lower() not in _FLAGS:
        message = f"selected: {quote(text)} is neither true nor false; write true"
        yield problem(publication, Rule.BAD_VALUE, message, "selected", text)


def find_misspelt(publication: Publication) -> dict[str, str]:
    """Return misspelt field names, each with the correct one."""
    names = (field.name for field in publication.source.fields)
    return {name: near for name in names if (near := find_correct(name))}


def check_unused(
    publications: Iterable[Publication], topics_field: str
) -> Iterator[Problem]:
    """Report each unused or unpublished field once, except that of topics."""
    first: dict[str, Publication] = {}
    for publication in publications:
        for field in publication.source.fields:
            first.setdefault(field.name, publication)
    rest = []
    for name, publication in first.items():
        known = known_field(name)
        unseen = not known or (known.datatype in _PRIVATE and not known.published)
        if name == topics_field or not unseen or find_correct(name):
            continue
        if instead := fields.FOREIGN.get(name):
            message = f"{name}: this field is not used; write '{instead}'"
            yield problem(publication, Rule.UNUSED_FIELD, message, name)
        else:
            rest.append(name)
    if rest:
        message = (
            f"no visitor sees these fields: {', '.join(rest[:MOST])}"
            f"{' and others' if len(rest) > MOST else ''}; write 'note', or "
            "'url_name' for an address, to publish what one says"
        )
        yield problem(first[rest[0]], Rule.UNUSED_FIELD, message, rest[0])


def _has_field(
    publication: Publication, names: tuple[str, ...], misspelt: set[str]
) -> bool:
    if publication.field(*names) is not None or not misspelt.isdisjoint(names):
        return True
    # An undefined macro has no value, and has been reported.
    written = filter(None, (find_field(publication.source, name) for name in names))
    return any(field.verbatim[0] not in '{"' for field in written)


def _describe_missing(publication: Publication, name: str) -> Problem:
    entry_type = publication.entry_type
    example = f"write {name} = {{…}}"
    if name in _VENUES and publication.venue is None:
        message = f"no {name}: where did it appear? {example}"
        return problem(publication, Rule.MISSING_VENUE, message)
    if publication.arxiv and name in _VENUES:
        example = "write @misc for a preprint"
    elif publication.venue and {name, publication.venue.field} <= _VENUES:
        example = f"write it instead of '{publication.venue.field}'"
    message = f"no {name}, which BibTeX asks of @{entry_type}; {example}"
    return problem(publication, Rule.INCOMPLETE_ENTRY, message)


def check_topics(
    publication: Publication, known: Sequence[str], name: str
) -> Iterator[Problem]:
    """Check that every entry has a topic, in field *name*, and every topic a page."""
    if not known:
        return
    misspelt = set(find_misspelt(publication).values())
    excused = publication.lacks_fields or _has_field(publication, (name,), misspelt)
    if not publication.topics and (publication.field(name) or not excused):  # {,}
        message = f"no topic; add {name} = {{…}} with one of {', '.join(known)}"
        yield problem(publication, Rule.MISSING_TOPIC, message)
    unknown = [topic for topic in publication.topics if topic not in known]
    for topic in unknown[:MOST]:
        message = f"unknown topic {quote(topic)}; {did_you_mean(topic, known)}"
        yield problem(publication, Rule.UNKNOWN_TOPIC, message, name, topic)


def check_dates(
    publication: Publication, today: PartialDate, *, own: bool
) -> Iterator[Problem]:
    """Check that the year is possible, and the same in every field.

    :param own: whether the paper is by the site's people
    """
    year = publication.issued.year
    earliest = _FIRST_YEAR if own else 1
    if year and not earliest <= year <= today.year + _AHEAD:
        name = "date" if publication.field("date") else "year"
        message = f"{name}: no paper can be of {year}; correct it"
        yield problem(publication, Rule.IMPOSSIBLE_YEAR, message, name, str(year))
    date = parse_date(publication.field("date") or "") or PartialDate()
    month = parse_month(publication.field("month") or "") or (0,)
    written = parse_year(publication.field("year") or "")
    dated = ("year", written, date.year), ("month", month[0], date.month)
    for name, other, known in dated:
        if other and known and other != known:
            message = f"{name}: this is not the {name} in 'date'; remove one of them"
            yield problem(publication, Rule.CONFLICTING_DATE, message, name)


def check_keys(
    publications: Iterable[Publication], names: Mapping[str, str]
) -> Iterator[Problem]:
    """Check that each key is the name of its page, as *names* has it."""
    for publication in publications:
        name = names[publication.key]
        if name != publication.key:
            message = (
                f"a page cannot have this name, and is {quote(name)} instead; write a "
                "key of letters, digits, '-' and '_'"
            )
            yield problem(publication, Rule.ODD_KEY, message)
