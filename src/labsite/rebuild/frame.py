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

from sphinx.builders.html import StandaloneHTMLBuilder

from labsite.model.digests import digest_text
from labsite.model.files import write_whole
from labsite.rebuild.exactness import digest_navigation
from labsite.rebuild.record_files import forget_facts, record_path
from labsite.rebuild.stale_files import find_copied
from labsite.rebuild.state import get_state
from labsite.rebuild.warned import settle_warnings
from labsite.theme import FOLDER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

#: The builders that make a page of each document; others join them, or pack them up.
PAGE_BUILDERS = {"html", "dirhtml"}
#: Beside the environment, from the end of a build to the beginning of the next.
_RECORD = "finished.txt"
#: Documents to which the head of every page leads, if there are such.
_LINKED_EVERYWHERE = ("about", "copyright", "genindex", "search")
#: Pages have a digest of these in their addresses.
_ASSET = re.compile(r"\.(?:css|js)(?:_t|\.jinja)?$")


def prepare_output(app: Sphinx) -> None:
    """Mend what a build that was broken off, or failed, left in the output.

    Sphinx's own note of the settings goes: all pages are written then, which is what it
    is for. Sphinx cannot read one that is empty, and would end in an error in this and
    every other build. The folder of static files is made before a theme makes a file of
    this name from a logo, at the end of a build that failed before its own copying.
    """
    output = Path(app.outdir)
    if not _record(app).is_file():
        (output / ".buildinfo").unlink(missing_ok=True)
    static = output / "_static"
    if isinstance(app.builder, StandaloneHTMLBuilder):
        _forget_place(app.builder)
        if not static.is_dir():
            static.unlink(missing_ok=True)
            static.mkdir(parents=True)


def _forget_place(builder: StandaloneHTMLBuilder) -> None:
    """Leave out of Sphinx's note of the settings where packages are installed.

    What is in their folders counts elsewhere: see ``_sources``.
    """
    config = builder.config
    kept = {name: config[name] for name in ("html_static_path", "templates_path")}
    for name, folders in kept.items():
        config[name] = [f for f in folders if not Path(f).is_absolute()]
    builder.build_info = builder.create_build_info()
    for name, folders in kept.items():
        config[name] = folders


def check_last_build(app: Sphinx, env: BuildEnvironment) -> bool:
    """Take the note of the last build; tell whether that has finished.

    If it has not, nobody knows what it left half done.
    """
    record = _record(app)
    finished = record.is_file()
    note = record.read_text("utf-8") if finished else ""
    known = note.startswith(_read(env))
    get_state(env).written_from = note if known else ""
    if not known:
        forget_facts(app.builder)
    record.unlink(missing_ok=True)
    return finished


def outdated_pages(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Return all documents, if their pages were written from something else."""
    state = get_state(env)
    linked = [name for name in _LINKED_EVERYWHERE if name in env.found_docs]
    parts = (digest_navigation(env), repr(linked), *_sources(app))
    state.frame = digest_text(*parts)
    known = state.written_from.endswith(state.frame)
    return [] if known else sorted(env.found_docs)


def note_finished(app: Sphinx, exception: Exception | None) -> None:
    """Note what the pages are now written from, if all that are due were written."""
    if exception is None and _all_written(app):
        note = _read(app.env) + get_state(app.env).frame
        write_whole(_record(app), note.encode())
        settle_warnings()


def _all_written(app: Sphinx) -> bool:
    """Tell whether the pages that had to be written are newer than the build's start.

    Asked for a few pages by name, Sphinx writes these and no other.
    """
    builder, state = app.builder, get_state(app.env)
    if not isinstance(builder, StandaloneHTMLBuilder):
        return True
    if builder.name not in PAGE_BUILDERS:
        return True  # what it writes has other names
    pages = (Path(builder.get_outfilename(name)) for name in state.due)
    since = state.reading_since
    return all(page.is_file() and page.stat().st_mtime_ns >= since for page in pages)


def _record(app: Sphinx) -> Path:
    return record_path(app.builder, _RECORD)


def _read(env: BuildEnvironment) -> str:
    """Return a digest of when each document was read, and what was noted since."""
    times = (f"{name}:{time}" for name, time in sorted(env.all_docs.items()))
    return digest_text(str(get_state(env).data["changed"]), *times)


def _sources(app: Sphinx) -> Iterator[str]:
    """Yield path and content of every template and asset of the site."""
    for folders, wanted in (
        ([str(FOLDER)], re.compile("")),
        (app.config.templates_path, re.compile("")),
        (app.config.html_static_path, _ASSET),
    ):
        for folder in folders:
            entry = Path(app.confdir) / folder
            for name in sorted(filter(wanted.search, find_copied(entry))):
                path = entry if entry.is_file() else entry / name
                yield name
                yield digest_text(path.read_text("utf-8", errors="replace"))
