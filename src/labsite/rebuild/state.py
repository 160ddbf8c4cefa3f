"""The state of a build, its record for the next one, and the files it warned of."""

from __future__ import annotations

import os
from copy import copy
from dataclasses import dataclass, field
from logging import WARNING, Handler, getLogger
from pathlib import Path
from typing import TYPE_CHECKING, cast
from weakref import WeakKeyDictionary

from sphinx.util.logging import (
    NAMESPACE,
    InfoLogRecordTranslator,
    is_suppressed_warning,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from logging import LogRecord

    from sphinx.application import Sphinx
    from sphinx.builders import Builder
    from sphinx.environment import BuildEnvironment
    from sphinx.util.logging import SphinxWarningLogRecord

    from labsite.model.store import Stamp

#: Prefix of the names of records in Sphinx's folder of doctrees.
_PREFIX = "labsite-"


@dataclass(frozen=True, slots=True, kw_only=True)
class LastBuild:
    """The record of a finished build for the next one."""

    frame: str  #: a digest of what all pages show besides their documents
    #: Of each document's files, as it was read; None for a file that may have changed.
    stamps: Mapping[str, Sequence[Stamp | None]]
    warned: Sequence[str]  #: the files that it warned of, from the source's folder


@dataclass(slots=True)
class RebuildState:
    """The state of this build."""

    last: LastBuild | None = None  #: None if everything has to be read and written
    files: Mapping[str, Stamp] = field(default_factory=dict)  #: before reading began
    stamps: dict[str, Sequence[Stamp | None]] = field(default_factory=dict)
    reading: tuple[str, ...] = ()  #: the documents that are read
    due: tuple[str, ...] = ()  #: the documents whose pages have to be written
    pages: Mapping[Path, Stamp] = field(default_factory=dict)  #: these before that
    frame: str = ""
    warned: set[str] = field(default_factory=set)  #: see :class:`WarnedFiles`
    #: Whether a warning names no file, so that any document may be its cause.
    warned_elsewhere: bool = False


_states: WeakKeyDictionary[BuildEnvironment, RebuildState] = WeakKeyDictionary()


def get_state(env: BuildEnvironment) -> RebuildState:
    """Return the state of the build."""
    return _states.setdefault(env, RebuildState())


def record_path(builder: Builder, name: str) -> Path:
    """Return the path of a record for the next build of the same output."""
    return Path(builder.doctreedir, f"{_PREFIX}{name}")


def forget_records(builder: Builder) -> None:
    """Remove all records: what a build was writing when it ended is incomplete."""
    for path in Path(builder.doctreedir).glob(f"{_PREFIX}*"):
        path.unlink()


class WarnedFiles(Handler):
    """Records the file of each warning, as a path from the source directory.

    The next build reads these files again: Sphinx reads no unchanged document, so a
    strict build would succeed after one that failed.
    """

    def __init__(self, app: Sphinx) -> None:
        super().__init__(WARNING)
        self._app = app

    def emit(self, record: LogRecord) -> None:
        """Record the file of a warning, if it is one of the source."""
        config, log_type = self._app.config, getattr(record, "type", "")
        subtype = getattr(record, "subtype", "")
        if is_suppressed_warning(log_type, subtype, config.suppress_warnings):
            return
        # The original is Sphinx's to translate.
        located = cast("SphinxWarningLogRecord", copy(record))
        InfoLogRecordTranslator(self._app).filter(located)
        place = str(located.location or "")
        names = [place, place.rpartition(":")[0]]
        # Sphinx takes the path of a Markdown file for the name of a document.
        names += [name.removesuffix(".rst") for name in names]
        source = self._app.srcdir  # problems of data files name paths from here
        paths = {Path(os.path.relpath(source / n, source)) for n in names if n}
        files = [path for path in paths if (source / path).is_file()]
        state = get_state(self._app.env)
        state.warned_elsewhere |= not files and log_type != "labsite"
        # Every build reports what is wrong with entries.
        state.warned.update(p.as_posix() for p in files if p.suffix != ".bib")


def record_warnings(app: Sphinx) -> None:
    """Record the files of the build's warnings from now on."""
    getLogger(NAMESPACE).addHandler(WarnedFiles(app))
