"""Search rarely for cyclic garbage, of which a build makes little.

With Python's own threshold, 700, the search took half of a build of thousands of
records in which nothing had changed, and a tenth of any.
"""

from __future__ import annotations

import atexit
import gc
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx

#: As many new containers set off a search, which takes a third of a second.
_NEW_CONTAINERS = 1_000_000


def search_rarely(app: Sphinx) -> None:
    """Raise the threshold until the build ends."""
    usual = gc.get_threshold()
    gc.set_threshold(_NEW_CONTAINERS)
    # One process may build several sites.
    gc.unfreeze()
    # Nor is everything looked through once more when the interpreter ends.
    atexit.unregister(gc.freeze)
    atexit.register(gc.freeze)

    def resume(*_arguments: object) -> None:
        gc.freeze()
        gc.set_threshold(*usual)

    # After the records have been read, and before anything else is.
    app.connect("builder-inited", lambda _app: gc.freeze(), priority=450)
    app.connect("build-finished", resume, priority=999)
