"""Read all data files of a site."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path

from labsite.bibtex.reader import read_library
from labsite.model.dates import PartialDate
from labsite.model.digests import digest_text
from labsite.model.files import read_text
from labsite.model.problems import Problem, Rule
from labsite.model.records import Library, Topic
from labsite.pages.news import read_news, sort_news
from labsite.pages.people import read_people
from labsite.pages.topics import read_topics
from labsite.pictures.pictures import read_pictures
from labsite.site.authorship import with_awards
from labsite.site.news import drafted_news
from labsite.site.settings import NEWS, TEAM, TOPICS, ConfigurationError, Settings
from labsite.site.site import SiteRecords


@dataclass(frozen=True)
class SiteFilesRead:
    """A site's records, the problems of its files, and a digest of both."""

    site: SiteRecords
    problems: tuple[Problem, ...]
    digest: str = ""
    pages: SiteFilesRead | None = None  #: what the files of pages alone gave
    #: The papers that need not be read again.
    sound: Library = field(default_factory=Library)


def read_pages(settings: Settings) -> SiteFilesRead:
    """Read the records that pages define: topics, people and news."""
    source = settings.source
    topics, topic_problems = read_topics(source / TOPICS, TOPICS)
    people, people_problems = read_people(source / TEAM, TEAM, settings.roles)
    news, news_problems = read_news(source / NEWS, NEWS)
    translated = {n: _translated(topics, settings, n) for n in settings.languages}
    site = SiteRecords(topics=topics, translated=translated, people=people, news=news)
    return SiteFilesRead(site, (*topic_problems, *people_problems, *news_problems))


def read_site(settings: Settings, known: SiteFilesRead | None = None) -> SiteFilesRead:
    """Read the files that the settings name, without applying rules.

    :param known: the result of :func:`read_pages` or of this function, if no page has
        changed since
    """
    known = known or read_pages(settings)
    pages = known.pages or known
    texts, problems = _read_files(settings)
    sound = read_library(texts, settings.topics_field, known.sound)
    library = with_awards(sound, pages.site.people)
    pictures, picture_problems = read_pictures(
        [*library.publications, *pages.site.people], settings.source
    )
    site = replace(
        pages.site,
        settings=settings,
        pictures=pictures,
        library=library,
        news=sort_news([*pages.site.news, *drafted_news(library, pages.site.news)]),
        today=build_day(os.environ),
        language=settings.language,
    )
    found = [*problems, *library.problems, *pages.problems]
    found += picture_problems
    return SiteFilesRead(site, tuple(found), _digest(texts, site), pages, sound)


def _translated(
    topics: Sequence[Topic], settings: Settings, language: str
) -> tuple[Topic, ...]:
    """Return the topics with the titles and summaries of another language."""
    folder = f"{language}/{TOPICS}"
    written, _problems = read_topics(settings.source / folder, folder)
    known = {topic.slug: topic for topic in written}
    found = []
    for topic in topics:
        new = known.get(topic.slug, topic)
        text = new.summary or topic.summary
        found.append(replace(topic, title=new.title, summary=text, docname=new.docname))
    return tuple(found)


def _digest(texts: Sequence[tuple[str, str]], site: SiteRecords) -> str:
    """Digest the sources of pages, and what depends on the day."""
    forthcoming = [p.key for p in site.library.publications if site.is_forthcoming(p)]
    left = [person.slug for person in site.people if person.has_left(site.today)]
    bodies = [item.source.body for item in site.news]
    shown = (site.topics, site.translated, site.people, site.settings.roles, site.news)
    more = (texts, bodies, site.pictures, forthcoming, left)
    return digest_text(*map(repr, (*shown, *more)))


def build_day(environ: Mapping[str, str]) -> PartialDate:
    """Return today, or the day of ``SOURCE_DATE_EPOCH``, seconds since 1970 in UTC.

    See https://reproducible-builds.org/specs/source-date-epoch/.

    :raises ConfigurationError: if the variable is not a number of seconds
    """
    epoch = environ.get("SOURCE_DATE_EPOCH")
    if epoch is None:
        day = date.today()  # noqa: DTZ011 -- the day where the build runs
    else:
        try:
            day = datetime.fromtimestamp(int(epoch), tz=UTC).date()
        except (OSError, OverflowError, ValueError) as error:
            msg = (
                f"SOURCE_DATE_EPOCH is not a time: '{epoch[:20]}'; write seconds since "
                "1970, or unset it"
            )
            raise ConfigurationError(msg) from error
    return PartialDate(day.year, day.month, day.day)


def _read_files(settings: Settings) -> tuple[list[tuple[str, str]], list[Problem]]:
    texts: list[tuple[str, str]] = []
    problems: list[Problem] = []
    for name in settings.bibfiles:
        path = (settings.source / name).resolve()
        file = Path(os.path.relpath(path, settings.source.resolve())).as_posix()
        try:
            text, found = read_text(path, file)
        except OSError as error:
            message = f"cannot read the file: {error.strerror}; check its name"
            problems.append(Problem(Rule.ENCODING, message, file))
            continue
        texts.append((file, text))
        problems += found
    return texts, problems
