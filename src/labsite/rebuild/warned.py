"""Record the files that a build warned of, so that the next build reads them again.

Sphinx reads no unchanged document again, so a strict build would succeed after one that
failed.
"""

from __future__ import annotations

import os
from copy import copy
from logging import WARNING, Handler, getLogger
from pathlib import Path
from typing import TYPE_CHECKING, cast

from sphinx.util.logging import (
    NAMESPACE,
    InfoLogRecordTranslator,
    is_suppressed_warning,
)

if TYPE_CHECKING:
    from logging import LogRecord

    from sphinx.application import Sphinx
    from sphinx.util.logging import SphinxWarningLogRecord


class WarnedFiles(Handler):
    """Records the file of each warning, as a path from the source directory."""

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
        paths = {Path(os.path.relpath(n, self._app.srcdir)) for n in names if n}
        files = [path for path in paths if (self._app.srcdir / path).is_file()]
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
