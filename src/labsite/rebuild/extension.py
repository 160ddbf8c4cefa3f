"""Registers what makes an incremental build equal a clean one."""

from __future__ import annotations

import os
import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemBytecodeCache

from labsite.rebuild.exactness import (
    drop_unused_words,
    linking_documents,
    listing_documents,
    note_references,
    number_images,
    referring_documents,
)
from labsite.rebuild.frame import (
    check_last_build,
    note_finished,
    outdated_pages,
    prepare_output,
)
from labsite.rebuild.freshness import (
    half_read_documents,
    note_reading,
    note_stamps,
    replaced_documents,
)
from labsite.rebuild.memory import register_memory
from labsite.rebuild.stale_files import remove_stale_files
from labsite.rebuild.state import RebuildState, get_state
from labsite.rebuild.warned import note_warnings, warned_documents
from labsite.theme import FOLDER

if TYPE_CHECKING:
    from collections.abc import Set

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment


def register_rebuild(app: Sphinx) -> None:
    """Register the state and the handlers."""
    register_memory(app)
    app.add_domain(RebuildState)
    app.connect("builder-inited", note_warnings, priority=50)
    app.connect("builder-inited", prepare_output)
    app.connect("builder-inited", keep_templates)
    app.connect("env-get-outdated", find_changed)
    app.connect("env-before-read-docs", note_reading)
    app.connect("doctree-read", note_references)
    # After the handlers that change what documents show.
    app.connect("env-updated", find_due, priority=600)
    app.connect("write-started", remove_stale_files)
    app.connect("html-collect-pages", drop_unused_words)
    app.connect("build-finished", note_finished, priority=999)


def keep_templates(app: Sphinx) -> None:
    """Keep compiled templates where Python keeps compiled modules, if it may."""
    # Sphinx has no name for what other template bridges do not have.
    environment = getattr(getattr(app.builder, "templates", None), "environment", None)
    if isinstance(environment, Environment):
        environment.auto_reload = False  # they do not change during a build
        folder = FOLDER / "__pycache__"
        with suppress(OSError):
            folder.mkdir(exist_ok=True)
        if os.access(folder, os.W_OK) and not sys.dont_write_bytecode:
            environment.bytecode_cache = FileSystemBytecodeCache(str(folder))


def find_changed(
    app: Sphinx,
    env: BuildEnvironment,
    added: Set[str],
    changed: Set[str],
    removed: Set[str],
) -> list[str]:
    """Name the documents to read that Sphinx would take for unchanged."""
    outdated = {*replaced_documents(env), *warned_documents(app)}
    if not check_last_build(app, env):
        outdated.update(half_read_documents(env))
    outdated.update(listing_documents(env, removed))
    outdated.update(linking_documents(env, added | removed))
    return sorted(outdated - removed)


def note_change(env: BuildEnvironment, docnames: list[str]) -> list[str]:
    """Note that pages have to be written though their documents were not read.

    For handlers of ``env-updated``, which return the documents.
    """
    state = get_state(env)
    if docnames:
        state.data["changed"] = time.time_ns()
        state.due = (*state.due, *docnames)
    return docnames


def find_due(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Name the documents to write that Sphinx would take for unchanged."""
    state = get_state(env)
    note_stamps(env)
    state.due = (*state.reading, *state.due)
    due = [*number_images(env), *referring_documents(env), *outdated_pages(app, env)]
    return note_change(env, due)
