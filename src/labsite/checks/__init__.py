"""Apply rules to the records of a site.

Each module has one family of rules. A rule takes records and yields problems;
``rules.toml`` has its severity and reason.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from labsite.checks import bibliography, entries, links, names, pages, text
from labsite.model.dates import PartialDate
from labsite.model.files import read_text
from labsite.model.order import sort_publications
from labsite.model.problems import Problem, Rule, Severity, quote
from labsite.model.records import Library, Topic
from labsite.site.loading import SiteFilesRead, read_pages, read_site
from labsite.site.settings import Settings, known_settings
from labsite.site.venues import Venues
from labsite.text.spellings import did_you_mean

_NEVER = PartialDate(9000)
#: Text without commands of BibTeX, of more than empty lines and comments.
_FOREIGN = re.compile(
    r"\A(?![\s\S]*^[ \t]*@\w+[ \t]*[{(])[\s\S]*?^[ \t]*[^\s%#]", re.MULTILINE
)
#: Rules that most entries may break, and whether that is reported once.
_COMMON = {
    Rule.UNPROTECTED_CAPITALS: False,
    Rule.DATE_IN_VENUE: False,
    Rule.UNKNOWN_VENUE: True,
    Rule.MISSING_TOPIC: True,
    Rule.MISSING_DOI: True,
    Rule.ODD_KEY: True,
}


def load_pages(settings: Settings) -> SiteFilesRead:
    """Read the records of pages, and apply the rules that ask for no paper."""
    read = read_pages(settings)
    found = (
        *read.problems,
        *_check_settings(settings),
        *pages.check_source(settings),
        *pages.check_translations(settings),
    )
    return replace(read, problems=found)


def load(settings: Settings, known: SiteFilesRead | None = None) -> SiteFilesRead:
    """Read the files that the settings name, and apply the rules to them.

    :param known: the result of :func:`load_pages` or of this function, if no page has
        changed since
    """
    read = read_site(settings, known or load_pages(settings))
    site, papers = read.site, read.site.library.publications
    files = [(n, settings.source / n) for n in settings.bibfiles]
    texts = ((name, read_text(path, name)[0]) for name, path in files if path.is_file())
    found = [
        *read.problems,
        *check_library(site.library, site.topics, site.today, settings),
        *_summarize([*entries.check_keys(papers, site.slugs)], site.library),
        *([] if site.library.entries else check_formats(texts)),
        *pages.check_people(site.people, site.library),
        *pages.check_topics(site.topics, site.library),
        *pages.check_replaced(site),
        *names.check_authors(papers, site.identities),
        *pages.check_news(site.news, site.library, site.people_by_name),
    ]
    problems = tuple(settings.rules.apply(dict.fromkeys(found)))
    faulty = {problem.key for problem in found}  # also of rules that are off
    every = read.sound.every_version
    sound = tuple(p for p in every if not (p.versions or p.key in faulty))
    read = replace(read, sound=replace(read.sound, publications=sound))
    return replace(read, problems=problems)


def _check_settings(settings: Settings) -> Iterator[Problem]:
    """Yield the problems of the settings in ``conf.py``."""
    path = settings.source / "conf.py"
    faults = {}
    for name in settings.unknown:
        remedy = did_you_mean(name, known_settings(), "look at its spelling")
        faults[name] = f"{name}: there is no such setting; {remedy}"
    levels, listed = ("off", *Severity), "labsite check --rules lists them"
    for name, level in settings.rules.levels.items():
        if name not in list(Rule):
            remedy = did_you_mean(name, list(Rule), listed)
            faults[name] = f"labsite_rules: there is no rule {quote(name)}; {remedy}"
        elif level not in levels:
            fault = f"{quote(str(level))} is not a severity of '{name}'"
            faults[name] = f"labsite_rules: {fault}; write {' or '.join(levels)}"
    for word, message in faults.items():
        text = read_text(path, path.name)[0] if path.is_file() else ""
        line = text.count("\n", 0, max(text.find(word), 0)) + 1
        yield Problem(Rule.BAD_SETTING, message, path.name, line)


def check_formats(texts: Iterable[tuple[str, str]]) -> Iterator[Problem]:
    """Report files of a bibliography that are in another format."""
    for file, content in texts:
        if _FOREIGN.match(content):
            message = "this file has no BibTeX entry; 'labsite add' reads other formats"
            yield Problem(Rule.SYNTAX, message, file)


def check_library(
    library: Library,
    topics: Sequence[Topic] = (),
    today: PartialDate = _NEVER,
    settings: Settings | None = None,
) -> Iterator[Problem]:
    """Apply every rule to the bibliography of a site; its settings know its files."""
    of_entries = list(check_entries(library, today, own=True))
    yield from of_entries
    known = [topic.slug for topic in topics]
    field, papers = library.topics_field, library.publications
    found = [p for each in papers for p in entries.check_topics(each, known, field)]
    if today != _NEVER:
        found += links.check_missing_doi(papers, today)
    yield from _summarize(found, library)
    for publication in library.every_version:
        if publication.key not in library.unchanged:
            yield from entries.check_flags(publication)
        if settings:
            yield from links.check_files(publication, settings)
    ordered = sort_publications(library.every_version)
    yield from bibliography.check_order(ordered, [*library.problems, *of_entries])


def check_entries(
    library: Library, today: PartialDate = _NEVER, *, own: bool = False
) -> Iterator[Problem]:
    """Apply the rules for any bibliography.

    :param own: whether the publications are by the site's people: then venues have
        macros, and no paper is older than the people
    """
    found = [p for each in library.every_version for p in text.check_capitals(each)]
    venues = Venues.of(library.macros) if own else None
    found += text.check_venues(library.every_version, venues)
    yield from _summarize(found, library)
    for publication in library.every_version:
        if publication.key in library.unchanged:
            continue
        yield from entries.check_entry(publication)
        yield from names.check_names(publication)
        yield from text.check_text(publication)
        yield from links.check_identifiers(publication)
        yield from entries.check_dates(publication, today, own=own)
        yield from links.check_links(publication)
    yield from text.check_commands(library.every_version)
    yield from entries.check_unused(library.every_version, library.topics_field)
    yield from bibliography.check_aliases(library.publications)
    yield from bibliography.check_duplicates(library.publications)


def _summarize(problems: Sequence[Problem], library: Library) -> Iterator[Problem]:
    """Yield the problems, but those that many entries have once or not at all.

    Publishers and indexes write so, or the site has no topics and macros yet; a
    message for each entry would hide the others.
    """
    counts = Counter(problem.rule for problem in problems)
    few = max(5, len(library.publications) // 3)  # break a rule by mistake
    common = {rule for rule in _COMMON if counts[rule] > few}
    for problem in problems:
        if problem.rule not in common:
            yield problem
        elif counts[problem.rule] and _COMMON[problem.rule]:
            others = counts.pop(problem.rule) - 1
            message = f"{problem.message}; the same in {others} more"
            yield replace(problem, message=message)
