"""Find what has changed since the last build.

Sphinx reads a document again if one of its files is newer than the last reading, and
writes a page if its document was read, or is newer than the page. Pages stay outdated
after an interrupted build, after another builder has read the documents, if an older
file replaces a file, or if only the frame of a page has changed: titles in a menu,
targets of references, the address of a style sheet, a template. The rule here is
simple: a change that concerns more than one document concerns all of them.
"""

from __future__ import annotations

import re
import sys
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, TypeGuard

from sphinx import addnodes
from sphinx.builders.html import StandaloneHTMLBuilder

from labsite.model.digests import digest_text
from labsite.model.store import recall, remember, stamp
from labsite.rebuild.last_check import look
from labsite.rebuild.outputs import find_copied
from labsite.rebuild.state import LastBuild, forget_records, get_state, record_path
from labsite.theme import FOLDER

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence, Set

    from sphinx.application import Sphinx
    from sphinx.builders import Builder
    from sphinx.environment import BuildEnvironment

    from labsite.model.store import Stamp

#: Exists from the end of a build to the start of the next one of any builder.
_RECORD = "finished.pickle"
#: Documents that the head of every page links to, if they exist.
_LINKED_EVERYWHERE = ("about", "copyright", "genindex", "search")
#: Addresses of these files contain a digest of their contents.
_ASSET = re.compile(r"\.(?:css|js)(?:_t|\.jinja)?$")
_NOT_COMPILED = re.compile(r"^(?!__pycache__/)")


def makes_pages(builder: Builder) -> TypeGuard[StandaloneHTMLBuilder]:
    """Return whether a builder makes a page of each document.

    Others that write HTML join the pages, or pack them up.
    """
    return isinstance(builder, StandaloneHTMLBuilder) and (
        builder.name in {"html", "dirhtml"}
    )


def recall_last_build(app: Sphinx) -> None:
    """Read the record of the last build if that wrote the same output.

    Without the record all pages are written. Sphinx's own record of the settings is
    removed too: Sphinx fails to read it if a build was interrupted while writing it.
    """
    state = get_state(app.env)
    state.last = recall(record_path(app.builder, _RECORD), _identity(app.builder))
    if state.last is None:
        Path(app.outdir, ".buildinfo").unlink(missing_ok=True)


def find_changed(
    app: Sphinx,
    env: BuildEnvironment,
    added: Set[str],
    changed: Set[str],
    removed: Set[str],
) -> list[str]:
    """Return the documents to read that Sphinx takes for unchanged.

    These are all documents after an interrupted build, and if documents are added or
    removed, since others may list them or link to them.
    """
    state, files = get_state(env), {name: _files(env, name) for name in env.found_docs}
    state.files = look(app.srcdir, chain(*files.values()))
    state.last = last = None if added or removed else state.last
    record_path(app.builder, _RECORD).unlink(missing_ok=True)
    if last is None:
        forget_records(app.builder)
        return sorted(env.found_docs)
    state.stamps = dict(last.stamps)
    warned = {Path(app.srcdir, path) for path in last.warned}
    return [
        docname
        for docname in sorted(env.found_docs)
        if _stamps(env, docname) != last.stamps.get(docname)
        or not warned.isdisjoint(files[docname])
    ]


def note_reading(_app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Record which documents will be read."""
    get_state(env).reading = tuple(docnames)


def find_due(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Return the documents to write that Sphinx takes for unchanged."""
    state = get_state(env)
    for docname in state.reading:
        state.stamps[docname] = _stamps(env, docname)
        # Sphinx compares times of files with that of reading, although the clock may
        # have been set back between them. Here the stamps are compared.
        env.all_docs[docname] = sys.maxsize
    linked = [name for name in _LINKED_EVERYWHERE if name in env.found_docs]
    state.frame = digest_text(*_shared(env), repr(linked), *_sources(app))
    same = state.last is not None and state.last.frame == state.frame
    added = [] if same else sorted(env.found_docs)
    state.due = (*state.reading, *state.due, *added)
    if makes_pages(app.builder):
        pages = map(Path, map(app.builder.get_outfilename, state.due))
        state.pages = {page: stamp(page) for page in pages}
    return added


def note_change(env: BuildEnvironment, docnames: list[str]) -> list[str]:
    """Record documents to write that were not read.

    For handlers of ``env-updated``, which return the documents.
    """
    state = get_state(env)
    state.due = (*state.due, *docnames)
    return docnames


def note_finished(app: Sphinx, exception: Exception | None) -> None:
    """Store the record of this build if all pages that were due are written.

    Sphinx writes only some pages if the command line names them.
    """
    state = get_state(app.env)
    pages = state.pages.items()
    written = all(page.is_file() and stamp(page) != old for page, old in pages)
    if exception is None and written and not state.warned_elsewhere:
        stamps = {name: state.stamps[name] for name in sorted(app.env.found_docs)}
        files = sorted(state.warned)
        built = LastBuild(frame=state.frame, stamps=stamps, warned=files)
        record = record_path(app.builder, _RECORD)
        remember(record, _identity(app.builder), built)


def _identity(builder: Builder) -> str:
    """Identify a builder among those that share an environment."""
    return f"{builder.name} {builder.outdir}"


def _files(env: BuildEnvironment, docname: str) -> set[Path]:
    needed = (Path(env.srcdir, path) for path in env.dependencies.get(docname, ()))
    return {Path(env.doc2path(docname)), *needed}


def _stamps(env: BuildEnvironment, docname: str) -> Sequence[Stamp | None]:
    """Return the stamps of a document's files from before reading began.

    A file that changes after that may have been read before the change or after it, so
    the next build reads the document again; likewise with a file that was not known.
    """
    files = get_state(env).files
    return [files.get(str(path)) for path in sorted(_files(env, docname))]


def _shared(env: BuildEnvironment) -> Iterator[str]:
    """Yield what pages show of other pages: menus, titles, targets of references.

    A domain with ``tracks_targets`` finds the documents to read again by itself.
    """
    yield from (f"{name}:{env.titles[name].pformat()}" for name in sorted(env.titles))
    for name in sorted(env.toctree_includes):
        for table in env.tocs[name].findall(addnodes.toctree):
            yield repr(sorted(table.attributes.items()))
    for domain in env.domains.sorted():
        if not getattr(domain, "tracks_targets", False):
            yield from sorted(map(repr, domain.get_objects()))
    for name, data in sorted(env.metadata.items()):
        yield f"{name}:{data.get('myst_slugs')!r}"


def _sources(app: Sphinx) -> Iterator[str]:
    """Yield the path and a digest of every template and asset of the site."""
    config = app.config
    for folder in (FOLDER, *config.templates_path, *config.html_static_path):
        entry = Path(app.confdir, folder)
        wanted = _ASSET if folder in config.html_static_path else _NOT_COMPILED
        for name in sorted(filter(wanted.search, find_copied(entry))):
            path = entry if entry.is_file() else entry / name
            yield name
            yield digest_text(path.read_text("utf-8", errors="replace"))
