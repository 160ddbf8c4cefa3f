"""What the pages in the output folder were written from, other than their documents.

Sphinx writes a page if its document was read in the same build, or is newer than the
page. So it leaves pages as they are after a build that was broken off between reading
and writing, or half-way through a page; after one for another builder, which has read
the documents; and when only what is around them has changed: the titles in a sidebar,
the address of a style sheet, a template that was removed.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from labsite.digests import digest_text
from labsite.files import write_whole
from labsite.sphinxext.domain import get_domain
from labsite.sphinxext.exactness import digest_navigation
from labsite.sphinxext.leftovers import find_copied

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

#: Beside the environment, from the end of a build to the beginning of the next.
_RECORD = "labsite-{builder}-finished.txt"
#: Beside it: what earlier builds have found in files of the output.
_FACTS = "labsite-*-facts.json"
#: Pages have a digest of these in their addresses.
_ASSET = re.compile(r"\.(?:css|js)(?:_t|\.jinja)?$")


def remove_build_info(app: Sphinx) -> None:
    """Remove Sphinx's own note of the settings, if the last build was broken off.

    All pages are written then, which is what it is for. Sphinx cannot read one that is
    empty, and would end in an error in this build and every other.
    """
    if not _record(app).is_file():
        (Path(app.outdir) / ".buildinfo").unlink(missing_ok=True)


def take_note(app: Sphinx, env: BuildEnvironment) -> bool:
    """Take the note of the last build; tell whether that has finished.

    If it has not, nobody knows what it left half done.
    """
    record = _record(app)
    finished = record.is_file()
    note = record.read_text("utf-8") if finished else ""
    known = note.startswith(_read(app, env))
    get_domain(env).written_from = note if known else ""
    if not known:
        for facts in Path(app.doctreedir).glob(_FACTS):
            facts.unlink()
    record.unlink(missing_ok=True)
    return finished


def outdated_pages(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Return all documents, if their pages were written from something else."""
    domain = get_domain(env)
    domain.frame = digest_text(digest_navigation(env), *_titles(env), *_sources(app))
    known = domain.written_from.endswith(domain.frame)
    return [] if known else sorted(env.found_docs)


def note_finished(app: Sphinx, exception: Exception | None) -> None:
    """Note what the pages are now written from."""
    if exception is None:
        note = _read(app, app.env) + get_domain(app.env).frame
        write_whole(_record(app), note.encode())


def _record(app: Sphinx) -> Path:
    return Path(app.doctreedir) / _RECORD.format(builder=app.builder.name)


def _read(app: Sphinx, env: BuildEnvironment) -> str:
    """Return a digest of where the pages are, and when each document was read."""
    times = (f"{name}:{time}" for name, time in sorted(env.all_docs.items()))
    return digest_text(str(app.outdir), *times)


def _titles(env: BuildEnvironment) -> Iterator[str]:
    """Yield the titles that every page's head has, of feeds and of what is above."""
    site = get_domain(env).site
    for folder in (site.news_dir, site.publications_dir):
        title = env.titles.get(f"{folder}/index")
        yield repr(title and title.astext())


def _sources(app: Sphinx) -> Iterator[str]:
    """Yield path and content of every template and asset of the site."""
    for folders, wanted in (
        (app.config.templates_path, re.compile("")),
        (app.config.html_static_path, _ASSET),
    ):
        for folder in folders:
            entry = Path(app.confdir) / folder
            for name in sorted(filter(wanted.search, find_copied(entry))):
                path = entry if entry.is_file() else entry / name
                yield name
                yield digest_text(path.read_text("utf-8", errors="replace"))
