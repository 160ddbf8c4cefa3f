"""Apply rules to the records of a site.

Each module holds one family of rules. A rule takes records and yields problems.
``rules.toml`` gives its severity and reason.
"""

from __future__ import annotations

from dataclasses import replace
from difflib import get_close_matches
from typing import TYPE_CHECKING

from labsite.checks import bibliography, entries, links, names, pages, text
from labsite.model.dates import PartialDate
from labsite.model.files import read_text
from labsite.model.order import sort_publications
from labsite.model.problems import Problem, Rule
from labsite.site.loading import read_pages, read_site
from labsite.site.settings import known_settings
from labsite.site.venues import Venues

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from labsite.model.records import Library, Topic
    from labsite.site.loading import PagesRead, SiteFilesRead
    from labsite.site.settings import Settings, SiteFiles

__all__ = ["check_entries", "check_library", "load", "load_pages"]

_NEVER = PartialDate(9000)
_FEW = 5  #: entries that break a rule by mistake


def load_pages(settings: Settings) -> PagesRead:
    """Read the records of pages, and apply the rules that ask for no paper."""
    read = read_pages(settings)
    found = (
        *read.problems,
        *_check_settings(settings),
        *pages.check_source(settings),
        *pages.check_translations(settings),
    )
    return replace(read, problems=found)


def load(settings: Settings, known: PagesRead | None = None) -> SiteFilesRead:
    """Read the files that the settings name, and apply the rules to them.

    :param known: the result of :func:`load_pages`, if no page has changed since
    """
    read = read_site(settings, known or load_pages(settings))
    site, papers = read.site, read.site.library.publications
    found = [
        *read.problems,
        *check_library(site.library, site.topics, site.today, settings.files),
        *entries.check_keys(papers, site.slugs),
        *pages.check_people(site.people, site.library),
        *names.check_near_misses(papers, site.identities),
        *names.check_identifiers_of_people(papers, site.identities),
        *pages.check_news(site.news, site.library, site.people_by_name),
    ]
    return replace(read, problems=tuple(settings.rules.apply(dict.fromkeys(found))))


def _check_settings(settings: Settings) -> Iterator[Problem]:
    """Yield the problems of the settings in ``conf.py``."""
    path = settings.source / "conf.py"
    faults = [("labsite_rules", *fault) for fault in settings.rules.faults]
    for name in settings.unknown:
        near = get_close_matches(name, known_settings(), n=1)
        remedy = f"did you mean '{near[0]}'?" if near else "look at its spelling"
        faults.append((name, f"there is no such setting; {remedy}", ""))
    for name, fault, word in faults:
        text = read_text(path, path.name)[0] if path.is_file() else ""
        start = max(text.find(name), 0)
        line = text.count("\n", 0, max(text.find(word, start), start)) + 1
        message = f"{name}: {fault}"
        yield Problem(rule=Rule.BAD_SETTING, message=message, file=path.name, line=line)


def check_library(
    library: Library,
    topics: Sequence[Topic] = (),
    today: PartialDate = _NEVER,
    files: SiteFiles | None = None,
) -> Iterator[Problem]:
    """Apply every rule to the bibliography of a site.

    :param files: the files to which entries may link
    """
    of_entries = list(check_entries(library, today, own=True))
    yield from of_entries
    known = [topic.slug for topic in topics]
    for publication in library.publications:
        yield from entries.check_topics(publication, known)
    for publication in library.every_version:
        yield from entries.check_flags(publication)
        if files:
            yield from links.check_files(publication, files)
    if today != _NEVER:
        yield from links.check_missing_doi(library.publications, today)
    ordered = sort_publications(library.every_version)
    yield from bibliography.check_order(ordered, [*library.problems, *of_entries])


def check_entries(
    library: Library, today: PartialDate = _NEVER, *, own: bool = False
) -> Iterator[Problem]:
    """Apply the rules for any bibliography.

    :param own: whether the publications are by the site's people: then venues have
        macros, and no paper is older than the people
    """
    of_titles = (p for each in library.every_version for p in text.check_title(each))
    yield from _unless_common(of_titles, Rule.UNPROTECTED_CAPITALS, library)
    for publication in library.every_version:
        yield from entries.check_entry(publication)
        yield from names.check_names(publication)
        yield from text.check_text(publication)
        yield from links.check_identifiers(publication)
        yield from entries.check_dates(publication, today, own=own)
        yield from links.check_links(publication)
    venues = Venues.of(library.macros) if own else None
    of_venues = text.check_venues(library.every_version, venues)
    yield from _unless_common(of_venues, Rule.DATE_IN_VENUE, library)
    yield from entries.check_unused(library.every_version)
    yield from bibliography.check_aliases(library.publications)
    yield from bibliography.check_duplicates(library.publications)


def _unless_common(
    problems: Iterable[Problem], rule: Rule, library: Library
) -> Iterator[Problem]:
    """Yield the problems, but none of a rule that many entries break.

    Publishers and indexes write so; correcting hundreds of entries is not worth it.
    """
    found = list(problems)
    broken = sum(problem.rule is rule for problem in found)
    common = broken > max(_FEW, len(library.publications) // 3)
    return (p for p in found if not common or p.rule is not rule)
