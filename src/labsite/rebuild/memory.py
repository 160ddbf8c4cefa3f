"""Keeps what stays until the end of a build away from the garbage collector.

Python's search for cyclic garbage looks through every container that is there, again
and again while more of them come. With thousands of records a build has millions, and
nearly all stay: with 10,000 papers that search took half of a build in which nothing
had changed.
"""

from __future__ import annotations

import atexit
import gc
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config

#: As many containers have to come before the young ones are looked through; Python's
#: own figure, 700, is for programs that keep little.
_NEW_CONTAINERS = 100_000


def register_memory(app: Sphinx) -> None:
    """Connect what spares the collector wherever much has come that stays."""
    usual = gc.get_threshold()

    def resume(app: Sphinx, exception: Exception | None) -> None:
        """Search as before: one process may build several sites."""
        gc.set_threshold(*usual)
        gc.unfreeze()

    app.connect("config-inited", collect_rarely)
    # After the records have been read, and before anything else is.
    app.connect("builder-inited", freeze_records, priority=450)
    app.connect("build-finished", resume, priority=999)


def collect_rarely(app: Sphinx, config: Config) -> None:
    """Search less often, and not at all when the interpreter ends.

    It would look through everything once more, which with thousands of records is a
    third of a build in which nothing has changed.
    """
    gc.set_threshold(_NEW_CONTAINERS)
    atexit.unregister(gc.freeze)
    atexit.register(gc.freeze)


def freeze_records(app: Sphinx) -> None:
    """Take the records and the environment out of the search."""
    gc.freeze()
