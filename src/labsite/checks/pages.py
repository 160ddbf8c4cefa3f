"""Rules on the files of a site: pages, references, translations, pictures."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from labsite.exports import made_files
from labsite.model import repository
from labsite.model.digests import original_digest
from labsite.model.files import decode_text, read_text
from labsite.model.problems import Problem, Rule, printable, quote
from labsite.model.records import Library, NewsItem, Person, Topic
from labsite.model.repository import is_active, leads_outside, source_files
from labsite.pages.front_matter import Fields, read_page, unknown_key
from labsite.pages.news import find_citations, find_names
from labsite.pictures.metadata import SUFFIXES, has_position
from labsite.site.settings import PUBLICATIONS, TEAM, TOPICS, Settings
from labsite.site.site import SiteRecords
from labsite.text.spellings import did_you_mean

#: Text files, which may contain merge conflicts.
_TEXTS = repository.PROGRAMS | repository.MARKUP | {"",
    ".bib", ".css", ".ini", ".jinja", ".js", ".json", ".md", ".mjs", ".py", ".rst",
    ".toml", ".txt", ".yaml", ".yml",
}  # fmt: skip
_SCRIPTS = {".js", ".mjs"}  # which browsers run where a page loads them


def check_people(people: Iterable[Person], library: Library) -> Iterator[Problem]:
    """Report papers of awards that are not in the bibliography."""
    for person in people:
        for honour in person.awards:
            for key in honour.papers:
                if key not in library.keys:
                    yield unknown_key(key, library, person.source.file, honour.line)


def check_topics(topics: Iterable[Topic], library: Library) -> Iterator[Problem]:
    """Report topics that no paper has."""
    known = {slug for paper in library.publications for slug in paper.topics}
    for topic in topics:
        if topic.slug not in known:
            message = (
                f"no paper has this topic yet; add {quote(topic.slug)} to "
                f"'{library.topics_field}' of its papers"
            )
            yield Problem(Rule.NEW_TOPIC, message, f"{topic.docname}.md")


def check_news(
    items: Iterable[NewsItem], library: Library, people: Mapping[str, Person]
) -> Iterator[Problem]:
    """Report unknown papers and *people*, by the names for roles, in items of news."""
    for item in items:
        if people.keys() >= {*item.people} and library.keys >= {*item.papers}:
            continue  # parsing the text takes longer
        file, first_line = item.source.file, item.source.body_line
        for key, line in find_citations(item.source.body):
            if key not in library.keys:
                yield unknown_key(key, library, file, first_line + line)
        for name, line in find_names(item.source.body):
            if name not in people:
                message = explain_person(name, people)
                yield Problem(Rule.UNKNOWN_KEY, message, file, first_line + line)


def explain_person(name: str, people: Mapping[str, Person]) -> str:
    """Return why a name is none of *people*, by the names for roles, and a remedy."""
    named = {p.slug for p in people.values() if name in (p.name, *p.aliases)}
    if named:
        files = " or ".join(map(quote, sorted(named)))
        return f"{quote(name)} is the name of several people; write {files}"
    remedy = did_you_mean(name, people, "use a name, or a file's name, of the team")
    return f"there is no person {quote(name)}; {remedy}"


def check_translations(settings: Settings) -> Iterator[Problem]:
    """Report translated pages that are older than their originals.

    The field ``original`` has the digest of the translated version, because the ages of
    two files do not tell which version was translated.
    """
    for language in settings.languages:
        folder = settings.source / language
        for path in sorted(folder.rglob("*.md")):
            name = path.relative_to(folder).as_posix()
            original = settings.source / name
            if not original.is_file() or leads_outside(path):
                continue
            page, source = read_page(path, f"{language}/{name}")
            present = original_digest(read_text(original, name)[0])
            known = Fields(page, page.value).text("original")
            if page.readable and known != present:
                fault = f"'{name}' has changed since this page was translated; bring "
                fault += "the translation up to date, then"
                if not known:
                    fault = f"no version of '{name}' is named as the original;"
                message = f"{fault} write 'original: \"{present}\"'"
                line = dict(source.lines).get("original", 1)
                yield Problem(Rule.OUTDATED_TRANSLATION, message, source.file, line)


def check_source(settings: Settings) -> Iterator[Problem]:
    """Report files that a build omits, or should not publish."""
    seen: dict[str, str] = {}
    source = settings.source.resolve()
    # Their reader reports what is wrong in these.
    read = {os.path.relpath((source / n).resolve(), source) for n in settings.bibfiles}
    for path, fault in _published_files(settings).items():
        file = printable(path.as_posix())
        wrong = repository.wrong_name(path) or fault
        same = seen.setdefault(path.as_posix().casefold(), file)
        if leads_outside(settings.source / path) and not settings.trust_pages:
            message = (
                "this is a symbolic link to a folder, to nothing or out of the "
                "repository, or no file that can be read; replace it by the file"
            )
            yield Problem(Rule.OUTSIDE_FILE, message, file)
        elif wrong or same != file:
            wrong = wrong or f"differs from {quote(same)} only in case"
            message = f"the name {wrong}; give the file another one"
            yield Problem(Rule.FILE_NAME, message, file)
        elif path.suffix.lower() in _TEXTS and str(path) not in read:
            with suppress(OSError):
                data = (settings.source / path).read_bytes()
                yield from _check_text(path, data, settings)


def _published_files(settings: Settings) -> Mapping[Path, str]:
    """Return the files of the source and for the root, with faults of their names."""
    source = settings.source
    found = dict.fromkeys(source_files(source, settings.excluded), "")
    for name in settings.extra_paths:
        for path in source_files(source / name, hidden=True):
            fault = "" if settings.trust_pages else repository.wrong_copy(path)
            found[Path(name, path)] = fault
    return found


def check_replaced(site: SiteRecords) -> Iterator[Problem]:
    """Report files for the root that have the path of a file that builds write."""
    for name in site.settings.extra_paths:
        files = map(Path.as_posix, source_files(site.settings.source / name))
        # To find what builds write takes longer.
        near = [file for file in files if file.startswith((PUBLICATIONS, TOPICS, TEAM))]
        for file in sorted(made_files(site) & {*near}) if near else ():
            message = f"the build writes '{file}'; remove your file of the name"
            yield Problem(Rule.FILE_NAME, message, f"{name}/{file}")


def _check_text(path: Path, data: bytes, settings: Settings) -> Iterator[Problem]:
    """Report merge conflicts, wrong encoding and active content in a text file."""
    file = path.as_posix()
    for found in decode_text(data, file)[1]:
        if found.rule is Rule.MERGE_CONFLICT or path.suffix == ".md":
            yield found
    folders = (*settings.static_paths, *settings.extra_paths)
    published = any(path.is_relative_to(name) for name in folders)
    if not published or settings.trust_pages:
        return
    # A script may take the place of one that every page loads.
    active = path.suffix.lower() in _SCRIPTS or is_active(settings.source / path)
    named = rf"(?<![\w.-]){re.escape(path.name)}(?![\w.-])"
    if active and not re.search(named, read_text(settings.source / "conf.py", "")[0]):
        message = (
            "a browser or a server would run this file as a part of the site; "
            "write its text into a page, save a drawing without scripts, or name the "
            "file in conf.py, in html_js_files or html_extra_path"
        )
        yield Problem(Rule.ACTIVE_FILE, message, file)


def check_positions(settings: Settings) -> Iterator[Problem]:
    """Report pictures in the source with the position where they were taken."""
    message = (
        "the picture says where it was taken; run 'labsite fix', which removes that; "
        "earlier commits still have it"
    )
    for path in find_positions(settings):
        yield Problem(Rule.PICTURE_POSITION, message, path.as_posix())


def find_positions(settings: Settings) -> Iterator[Path]:
    """Yield the pictures in the source with the position where they were taken."""
    for path in source_files(settings.source, settings.excluded):
        file = settings.source / path
        usable = path.suffix.lower() in SUFFIXES and not leads_outside(file)
        if usable and has_position(file.read_bytes()):
            yield path
