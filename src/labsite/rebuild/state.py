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

#: Prefix of the names of records in Sphinx's folder of doctrees.
_PREFIX = "labsite-"


@dataclass(frozen=True, slots=True, kw_only=True)
class LastBuild:
    """The record of a finished build for the next one."""

    frame: str  #: a digest of what stood round every document
    stamps: Mapping[str, Sequence[int]]  #: of each document's files, as it was read
    warned: Sequence[str]  #: the files that it warned of, from the source's folder


@dataclass(slots=True)
class RebuildState:
    """The state of this build."""

    last: LastBuild | None = None  #: None if everything has to be read and written
    due: tuple[str, ...] = ()  #: the documents whose pages have to be written
    reading: tuple[str, ...] = ()  #: the documents that are read
    reading_since: int = 0  #: in nanoseconds since 1970
    stamps: dict[str, Sequence[int]] = field(default_factory=dict)
    frame: str = ""


_states: WeakKeyDictionary[BuildEnvironment, RebuildState] = WeakKeyDictionary()


def get_state(env: BuildEnvironment) -> RebuildState:
    """Return the state of the build."""
    return _states.setdefault(env, RebuildState())


def record_path(builder: Builder, name: str) -> Path:
    """Return the path of a record for the next build of the same output."""
    return Path(builder.doctreedir, f"{_PREFIX}{name}")


def forget_records(builder: Builder) -> None:
    """Remove all records."""
    for path in Path(builder.doctreedir).glob(f"{_PREFIX}*"):
        if path.is_file():  # an older engine had folders of that name
            path.unlink()


class WarnedFiles(Handler):
    """Records the file of each warning, as a path from the source directory.

    The next build reads these files again: Sphinx reads no unchanged document, so a
    strict build would succeed after one that failed.
    """

    def __init__(self, app: Sphinx) -> None:
        super().__init__(WARNING)
        self._app = app
        self.found: set[str] = set()
        #: Whether a warning names no file, so that any document may be its cause.
        self.elsewhere = False

    def emit(self, record: LogRecord) -> None:
        """Note the file at which the warning points, if it is one of the source."""
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
        source = self._app.srcdir  # from where problems of data files count
        paths = {Path(os.path.relpath(source / n, source)) for n in names if n}
        files = [path for path in paths if (source / path).is_file()]
        if not files and log_type != "labsite":
            self.elsewhere = True
        # What is wrong with entries is said anew in each build.
        self.found.update(p.as_posix() for p in files if p.suffix != ".bib")


def note_warnings(app: Sphinx) -> None:
    """Begin to note what is warned of in a build."""
    logger = getLogger(NAMESPACE)
    for handler in [h for h in logger.handlers if isinstance(h, WarnedFiles)]:
        logger.removeHandler(handler)
    logger.addHandler(WarnedFiles(app))


def warned_files() -> list[str] | None:
    """Return the files that this build has warned of; ``None`` if not all are known."""
    handlers = [h for h in getLogger(NAMESPACE).handlers if isinstance(h, WarnedFiles)]
    if any(handler.elsewhere for handler in handlers):
        return None
    return sorted({file for handler in handlers for file in handler.found})
