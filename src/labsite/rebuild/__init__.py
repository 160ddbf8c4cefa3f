"""Make incremental builds equal to clean ones, and fast."""

from __future__ import annotations

import atexit
import gc
import os
import sys
from collections.abc import Iterable
from contextlib import suppress

from jinja2 import Environment, FileSystemBytecodeCache
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder

from labsite.rebuild.last_build import (
    find_changed,
    find_due,
    keep_parents,
    note_finished,
    recall_last_build,
    record_warnings,
)
from labsite.rebuild.outputs import leave_out_list, prepare_output, remove_stale_files
from labsite.theme import FOLDER

#: As many containers have to come before Python looks through the young ones for cyclic
#: garbage; its own figure, 700, is for programs that keep little. With thousands of
#: records a build makes millions, and nearly all stay: that search took half of a build
#: in which nothing had changed. Each now takes a third of a second.
_NEW_CONTAINERS = 1_000_000


def register_rebuild(app: Sphinx) -> None:
    """Register the state and the handlers."""
    gc.set_threshold(_NEW_CONTAINERS)
    gc.enable()
    if gc.get_freeze_count() > 10 * _NEW_CONTAINERS:  # garbage of earlier builds
        gc.unfreeze()
        gc.collect()
    # Nor is everything looked through once more when the interpreter ends.
    atexit.unregister(gc.freeze)
    atexit.register(gc.freeze)

    def freeze(app: Sphinx) -> None:
        """Leave the records and the environment out of searches for garbage."""
        gc.freeze()

    app.connect("config-inited", leave_out_list)
    app.connect("builder-inited", record_warnings, priority=50)
    app.connect("builder-inited", freeze, priority=450)
    app.connect("builder-inited", recall_last_build)
    app.connect("builder-inited", prepare_output)
    app.connect("builder-inited", keep_templates)
    app.connect("env-get-outdated", find_changed)
    # After the handlers that change what documents show.
    app.connect("env-updated", find_due, priority=600)
    app.connect("write-started", remove_stale_files)
    app.connect("write-started", keep_parents)
    app.connect("html-collect-pages", drop_unused_words)
    app.connect("build-finished", note_finished, priority=999)


def keep_templates(app: Sphinx) -> None:
    """Keep compiled templates where Python keeps compiled modules, if it may."""
    # Sphinx has no name for what other template bridges do not have.
    environment = getattr(getattr(app.builder, "templates", None), "environment", None)
    if isinstance(environment, Environment):
        environment.auto_reload = False  # they do not change during a build
        # Docutils would look for its own for each page; Sphinx inserts none of them.
        app.env.settings["stylesheet_path"] = None
        folder = FOLDER / "__pycache__"
        with suppress(OSError):
            folder.mkdir(exist_ok=True)
        if os.access(folder, os.W_OK) and not sys.dont_write_bytecode:
            environment.bytecode_cache = FileSystemBytecodeCache(str(folder))


def drop_unused_words(app: Sphinx) -> Iterable[tuple[str, dict[str, object], str]]:
    """Drop the words from Sphinx's search index that only vanished pages had.

    Sphinx takes the pages out and leaves the words, with no page. There is no public
    way to the words; this runs in ``html-collect-pages``, just before they are written.
    """
    builder = app.builder
    if isinstance(builder, StandaloneHTMLBuilder) and builder.indexer is not None:
        builder.indexer.prune(app.env.all_docs)
        for mapping in (builder.indexer._mapping, builder.indexer._title_mapping):  # noqa: SLF001 -- see above
            for word in [word for word, pages in mapping.items() if not pages]:
                del mapping[word]
    return ()
