"""Find what has changed since the last build.

Sphinx compares times only: pages stay outdated after an interrupted build, after a
build by another builder, if an older file replaces a file, and if the frame of a page
has changed: titles in a menu, targets of references, style sheets, templates. Here a
change that concerns more than one document concerns all of them.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Mapping, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import chain
from logging import WARNING, LogRecord, getLogger
from pathlib import Path
from typing import TypeGuard
from weakref import WeakKeyDictionary

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.environment import BuildEnvironment
from sphinx.util.logging import NAMESPACE

from labsite.model.digests import digest_text
from labsite.model.store import Stamp, look, recall, remember, stamp
from labsite.rebuild.outputs import find_copied
from labsite.theme import FOLDER

#: Prefix of the names of records in Sphinx's folder of doctrees.
_PREFIX = "labsite-"
#: Exists from the end of a build to the start of the next one of any builder.
_RECORD = "finished.pickle"
#: The time of reading for Sphinx, which compares it with times of files, although the
#: clock may have been set back between the two. Here stamps are compared.
_ALWAYS = sys.maxsize
#: Addresses of these files contain a digest of their contents.
_ASSET = re.compile(r"\.(?:css|js)(?:_t|\.jinja)?$")
_NOT_COMPILED = re.compile(r"^(?!__pycache__/)")


@dataclass(slots=True, kw_only=True)
class RebuildState:
    """The state of this build; the first three are stored for the next one."""

    frame: str = ""  #: a digest of what all pages show besides their documents
    #: Of each document's files, as it was read; None for a file that may have changed.
    stamps: dict[str, Sequence[Stamp | None]] = field(default_factory=dict)
    #: The files that it warned of, from the source's folder.
    warned: set[str] = field(default_factory=set)
    last: RebuildState | None = None  #: None if everything has to be read and written
    files: Mapping[str, Stamp] = field(default_factory=dict)  #: before reading began
    read: Sequence[str] = ()  #: the documents that were read
    #: The documents to write; handlers of ``env-updated`` that return some add them.
    due: list[str] = field(default_factory=list)
    pages: Mapping[Path, Stamp] = field(default_factory=dict)  #: these before that
    #: Whether a warning names no file, so that any document may be its cause.
    warned_elsewhere: bool = False


_states: WeakKeyDictionary[BuildEnvironment, RebuildState] = WeakKeyDictionary()


def get_state(env: BuildEnvironment) -> RebuildState:
    """Return the state of the build."""
    return _states.setdefault(env, RebuildState())


def record_path(builder: Builder, name: str) -> Path:
    """Return the path of a record for the next build of the same output."""
    return Path(builder.doctreedir, f"{_PREFIX}{name}")


def makes_pages(builder: Builder) -> TypeGuard[StandaloneHTMLBuilder]:
    """Return whether a builder makes a page of each document.

    Others that write HTML join the pages, or pack them up.
    """
    named = builder.name in {"html", "dirhtml"}
    return named and isinstance(builder, StandaloneHTMLBuilder)


def recall_last_build(app: Sphinx) -> None:
    """Read the record of the last build if that wrote the same output.

    Without the record all pages are written. Sphinx's own record of the settings is
    removed too: Sphinx fails to read it if a build was interrupted while writing it.
    """
    state = get_state(app.env)
    state.last = recall(record_path(app.builder, _RECORD), _identity(app.builder))
    if state.last is None:
        Path(app.outdir, ".buildinfo").unlink(missing_ok=True)


def find_changed(app: Sphinx, env: BuildEnvironment, *changes: Set[str]) -> list[str]:
    """Return the documents to read that Sphinx takes for unchanged.

    These are all documents after an interrupted build, and if documents are added or
    removed, since others may list them or link to them.
    """
    state, (added, _changed, removed) = get_state(env), changes
    files = {name: _files(env, name) for name in env.found_docs}
    state.files = look(app.srcdir, chain(*files.values()))
    state.last = last = None if added or removed else state.last
    record_path(app.builder, _RECORD).unlink(missing_ok=True)
    if last is None:
        # What the build before was writing when it ended may be incomplete.
        for path in Path(app.doctreedir).glob(f"{_PREFIX}*"):
            with suppress(OSError):  # another build removes it too, or it is a folder
                path.unlink()
        return sorted(env.found_docs)
    state.stamps = dict(last.stamps)
    warned = {Path(app.srcdir, path) for path in last.warned}
    return [
        docname
        for docname in sorted(env.found_docs)
        if _stamps(env, docname) != last.stamps.get(docname)
        or not warned.isdisjoint(files[docname])
    ]


def find_due(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Return the documents to write that Sphinx takes for unchanged."""
    state = get_state(env)
    _restore_labels(env)
    _forget_numbers(env)
    state.read = [name for name, time in env.all_docs.items() if time != _ALWAYS]
    for docname in state.read:
        state.stamps[docname] = _stamps(env, docname)
        env.all_docs[docname] = _ALWAYS
    state.frame = digest_text(*_shared(env), *_sources(app))
    same = state.last is not None and state.last.frame == state.frame
    added = [] if same else sorted(env.found_docs)
    state.due += [*state.read, *added]
    if makes_pages(app.builder):
        pages = map(Path, map(app.builder.get_outfilename, state.due))
        state.pages = {page: stamp(page) for page in pages}
    return added


def _restore_labels(env: BuildEnvironment) -> None:
    """Restore Sphinx's own labels, as of its search page, after a page of the name.

    Sphinx removes them with the page, and initializes them in a full build only.
    """
    domain = env.domains.standard_domain
    for kind in ("labels", "anonlabels"):
        for name, target in domain.initial_data[kind].items():
            if target[0] not in env.found_docs:
                domain.data[kind].setdefault(name, target)


def _forget_numbers(env: BuildEnvironment) -> None:
    """Remove the numbers of the last build from sections; Sphinx assigns new ones next.

    It would keep those of pages that no numbered toctree lists any more.
    """
    for name in env.toc_secnumbers.keys() & env.found_docs:
        for node in (env.titles[name], *env.tocs[name].findall(nodes.reference)):
            node.attributes.pop("secnumber", None)


def keep_parents(_app: Sphinx, builder: Builder) -> None:
    """Write the pages above those that were read, and none for listing another.

    Sphinx writes the pages whose toctrees list a written page, and none above these,
    which may show its sections, too. The environment has been stored before.
    """
    env = builder.env
    read = get_state(env).read
    shown, pages = {*read}, [*read]
    for name in pages:
        above = env.files_to_rebuild.get(name, set()) - shown
        shown |= above
        pages += above
    env.files_to_rebuild = dict.fromkeys(read[:1], shown)


def note_finished(app: Sphinx, exception: Exception | None) -> None:
    """Store the record of this build if all pages that were due are written.

    Sphinx writes only some pages if the command line names them.
    """
    state = get_state(app.env)
    pages = state.pages.items()
    written = all(page.is_file() and stamp(page) != old for page, old in pages)
    if exception is None and written and not state.warned_elsewhere:
        stamps = {name: state.stamps[name] for name in app.env.found_docs}
        built = RebuildState(frame=state.frame, stamps=stamps, warned=state.warned)
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
        anchors = data.get("myst_slugs")
        if isinstance(anchors, dict):  # reStructuredText can have a field of the name
            # Not the first value, the line of the heading, which no other page shows.
            yield repr((name, [(slug, *a[1:]) for slug, a in anchors.items()]))


def _sources(app: Sphinx) -> Iterator[str]:
    """Yield the path and a digest of every template and asset of the site."""
    config = app.config
    for folder in (FOLDER, *config.templates_path, *config.html_static_path):
        wanted = _ASSET if folder in config.html_static_path else _NOT_COMPILED
        for name, path in sorted(find_copied(Path(app.confdir, folder)).items()):
            if wanted.search(name):
                yield name
                with suppress(OSError):  # copying names a file that cannot be read
                    yield digest_text(path.read_text("utf-8", errors="replace"))


def record_warnings(app: Sphinx) -> None:
    """Record the files of the warnings of a build from now on.

    The next build reads these files again: Sphinx reads no unchanged document, so a
    strict build would succeed after one that failed.
    """
    state, source = get_state(app.env), app.srcdir

    def record_file(record: LogRecord) -> bool:
        place = str(getattr(record, "location", None) or "")
        names = [place, place.rpartition(":")[0], place.rsplit(":", 2)[0]]
        # Problems of data files name paths from the source directory.
        paths = {Path(os.path.relpath(source / n, source)) for n in names if n}
        files = [path for path in paths if (source / path).is_file()]
        ours = getattr(record, "type", "") == "labsite"
        fails = record.levelno >= WARNING
        state.warned_elsewhere |= fails and not files and not ours
        # Every build reports what is wrong with entries.
        state.warned.update(p.as_posix() for p in files if p.suffix != ".bib")
        return True

    for handler in getLogger(NAMESPACE).handlers:
        # After Sphinx's own filters, which leave out what is suppressed.
        handler.addFilter(record_file)
