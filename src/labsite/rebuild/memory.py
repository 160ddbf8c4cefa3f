"""Keeps what stays until the end of a build away from the garbage collector.

Python's search for cyclic garbage looks through every container that is there, again
and again while more of them come. With thousands of documents a build has millions,
nearly all of which stay: with 10,000 papers that search took half of a build in which
nothing had changed. And processes that read in parallel handed all that is known of all
documents from one to the other.
"""

from __future__ import annotations

import atexit
import gc
import os
from typing import TYPE_CHECKING

from labsite.sphinx.domain import OF_DOCUMENTS, get_domain

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.builders import Builder
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

    app.connect("config-inited", relax)
    # After the records have been read, and before anything else is.
    app.connect("builder-inited", set_aside, priority=450)
    app.connect("source-read", slim_reader)
    app.connect("write-started", collect)
    app.connect("build-finished", resume, priority=999)


def relax(app: Sphinx, config: Config) -> None:
    """Search less often, and not at all when the interpreter ends.

    It would look through everything once more, which with thousands of documents is a
    third of a build in which nothing has changed.
    """
    gc.set_threshold(_NEW_CONTAINERS)
    atexit.unregister(gc.freeze)
    atexit.register(gc.freeze)


def set_aside(app: Sphinx) -> None:
    """Take the records and the environment out of the search."""
    gc.freeze()


def collect(app: Sphinx, builder: Builder) -> None:
    """Throw away what reading has left over, and set aside what it has given."""
    gc.collect()
    gc.freeze()


def slim_reader(app: Sphinx, docname: str, source: list[str]) -> None:
    """In another process, which reads a portion, put away what others have read.

    Sphinx hands back the whole environment, and takes over from it only what belongs to
    the documents of the portion. Which portions were read before is a matter of chance,
    so that nothing that is read may depend on it. What is put away is not freed: that
    would copy the memory that the processes share.
    """
    domain, env = get_domain(app.env), app.env
    if domain.reader == os.getpid():
        return
    domain.reader = os.getpid()
    gc.freeze()
    # Those of Sphinx's tables that are large, and for writing pages only.
    domain.put_away = (env.tocs, env.toc_num_entries, env.longtitles, dict(domain.data))
    env.tocs, env.toc_num_entries, env.longtitles = {}, {}, {}
    domain.data.update({name: {} for name in OF_DOCUMENTS})
