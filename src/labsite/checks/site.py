"""A site's data files, read and checked: for a build, or for a check without one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from labsite.checks import check_library
from labsite.checks.entries import check_keys
from labsite.checks.near_misses import check_identifiers_of_people, check_near_misses
from labsite.checks.pages import (
    check_files,
    check_news,
    check_people,
    check_translations,
)
from labsite.model.files import read_text
from labsite.model.problems import setting_problems
from labsite.site.loading import read_site

if TYPE_CHECKING:
    from collections.abc import Iterator

    from labsite.model.problems import Problem
    from labsite.site.published_files import SiteFiles
    from labsite.site.settings import Settings
    from labsite.site.site import SiteRecords


@dataclass(frozen=True, slots=True)
class Loaded:
    """A site's records, what is wrong with its files, and a digest of it all."""

    site: SiteRecords
    problems: tuple[Problem, ...]
    digest: str


def load(settings: Settings) -> Loaded:
    """Read everything that the settings name, and apply the rules to it."""
    read = read_site(settings)
    found = [*read.problems, *_check(read.site, settings.files)]
    found += [*_check_settings(settings), *check_files(settings)]
    found += check_translations(settings)
    counted = tuple(settings.rules.apply(dict.fromkeys(found)))
    return Loaded(site=read.site, problems=counted, digest=read.digest)


def _check(site: SiteRecords, files: SiteFiles) -> Iterator[Problem]:
    """Apply the rules to everything that could be read."""
    yield from check_library(site.library, site.topics, site.today, files)
    yield from check_keys(site.library.publications, site.slugs)
    yield from check_people(site.people, site.library)
    yield from check_near_misses(site.library.publications, site.identities)
    yield from check_identifiers_of_people(site.library.publications, site.identities)
    yield from check_news(site.news, site.library, site.people_by_name)


def _check_settings(settings: Settings) -> Iterator[Problem]:
    """Yield what is wrong with the configuration of the rules themselves."""
    if settings.rules.faults:
        path = settings.source / "conf.py"
        text = read_text(path, path.name)[0] if path.is_file() else ""
        yield from setting_problems(settings.rules, path.name, text)
