"""Read the documents again that gave a warning, so that each build gives it.

Sphinx warns of what it reads and writes. A document that has not changed it does not
read again, and a strict build that failed would be followed by one that succeeds.
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

from labsite.model.files import write_whole

if TYPE_CHECKING:
    from logging import LogRecord

    from sphinx.application import Sphinx
    from sphinx.util.logging import SphinxWarningLogRecord

#: Beside the environment, for all builders: paths of files of the source.
_RECORD = "labsite-warned.txt"


class WarnedDocuments(Handler):
    """Notes the file of each warning, at once: a build may be broken off."""

    def __init__(self, app: Sphinx) -> None:
        super().__init__(WARNING)
        self._app = app
        self._path = Path(app.doctreedir, _RECORD)
        self._found: set[str] = set()

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
        for name in (place, place.rpartition(":")[0]):
            path = os.path.relpath(name, self._app.srcdir) if name else ""
            # What is wrong with entries is said anew in each build.
            if not Path(self._app.srcdir, path).is_file() or path.endswith(".bib"):
                continue
            if path not in self._found:
                self._found.add(path)
                self._path.parent.mkdir(parents=True, exist_ok=True)
                with self._path.open("a", encoding="utf-8") as file:
                    file.write(f"{path}\n")

    def settle(self) -> None:
        """Forget the files that earlier builds warned of, and this one did not."""
        if self._found or self._path.is_file():
            text = "".join(f"{name}\n" for name in sorted(self._found))
            write_whole(self._path, text.encode())


def note_warnings(app: Sphinx) -> None:
    """Begin to note what is warned of in a build."""
    logger = getLogger(NAMESPACE)
    for handler in [h for h in logger.handlers if isinstance(h, WarnedDocuments)]:
        logger.removeHandler(handler)
    logger.addHandler(WarnedDocuments(app))


def settle_warnings() -> None:
    """Keep what was warned of in a build in which all was written."""
    for handler in getLogger(NAMESPACE).handlers:
        if isinstance(handler, WarnedDocuments):
            handler.settle()


def warned_documents(app: Sphinx) -> set[str]:
    """Return the documents of which earlier builds have warned.

    They also warn of the files that a document shows, such as those of news.
    """
    record, env = Path(app.doctreedir, _RECORD), app.env
    known = record.read_text("utf-8").splitlines() if record.is_file() else []
    files = {Path(app.srcdir, path) for path in known}
    if not files:
        return set()
    return {
        docname
        for docname in env.found_docs
        if Path(env.doc2path(docname)) in files
        or any(Path(app.srcdir, d) in files for d in env.dependencies.get(docname, ()))
    }
