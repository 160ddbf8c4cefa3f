"""Continue a build where a page fails, or needs too much time or memory."""

from __future__ import annotations

import gc
import mmap
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any, TypeVar

from docutils import nodes
from docutils.parsers.rst import roles
from sphinx import environment
from sphinx.addnodes import toctree
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.environment import BuildEnvironment
from sphinx.errors import ConfigError, ExtensionError, SphinxWarning

from labsite.model.problems import Rule, quote
from labsite.sphinx.languages import home_page
from labsite.sphinx.logging import logger, warn

if sys.platform != "win32":
    _TIMER = signal.ITIMER_REAL

_roles: Any = roles
T = TypeVar("T")
S = TypeVar("S")
failed: set[str] = set()  #: the document to replace by an empty one
#: A fault of the setup, or a warning that the user wants to end the build.
_FATAL = (ConfigError, ExtensionError, SphinxWarning)
#: The limits of one page; a page of ordinary length takes a thousandth of them.
_MOST_SECONDS, _MOST_BYTES = 120.0, 1_000_000_000
_INTERVAL = 0.2  #: seconds between two looks at the limits


class LimitError(BaseException):
    """A page exceeds a limit. Handlers of ``Exception`` do not catch it."""


def guard_pages(app: Sphinx) -> None:
    """Continue with an empty page, or none, where building a page fails."""
    builder, env = app.builder, app.env
    environment._traverse_toctree = traverse_toctrees  # noqa: SLF001 -- nothing public
    read, resolve_page = builder.read_doc, env.get_and_resolve_doctree
    before: dict[str, Any] = {}

    def read_doc(docname: str, **options: bool) -> None:
        if attempt(partial(read, docname, **options), docname, False) is False:
            failed.add(docname)
            try:
                read(docname, **options)
            finally:
                failed.discard(docname)

    def resolve(docname: str, *args: Any, **options: Any) -> nodes.document:  # noqa: ANN401 -- as Sphinx's own
        found = attempt(partial(resolve_page, docname, *args, **options), docname, None)
        if found is None:
            found = env.get_doctree(docname)
            found.clear()
        return found

    def start_writing(_app: Sphinx, _builder: Builder) -> None:
        # The environment has been stored.
        before.update(tocs=env.tocs, toctree_includes=env.toctree_includes)
        vars(env).update(get_and_resolve_doctree=resolve, **list_once(env))

    def finish(_app: Sphinx, _error: Exception | None) -> None:
        # Another build by the process stores the environment again.
        vars(env).pop("get_and_resolve_doctree", None)
        vars(env).update(before)

    def write(act: Callable[..., None], docname: str, doctree: nodes.document) -> None:
        act = partial(act, docname, doctree)
        if attempt(act, docname, False) is False:
            doctree.clear()
            attempt(act, docname, None)

    if not app.config.labsite_trust_pages:
        for name in ("write_doc", "write_doc_serialized"):
            vars(builder)[name] = partial(write, getattr(builder, name))
        vars(builder)["read_doc"] = read_doc
        app.connect("write-started", start_writing)
        app.connect("build-finished", finish, priority=1000)


def traverse_toctrees(
    traversed: set[str],
    parent: str | None,
    docname: str,
    toctree_includes: Mapping[str, list[str]],
) -> Iterator[tuple[str | None, str]]:
    """Yield each document below another once, with the first one that lists it.

    Sphinx's own function does not end if toctrees lead in a circle, or multiply.
    """
    waiting = [(parent, docname)]
    while waiting:
        parent, docname = waiting.pop()
        if docname not in traversed:
            traversed.add(docname)
            yield parent, docname
            below = toctree_includes.get(docname, [])
            waiting += [(docname, each) for each in reversed(below)]


def list_once(env: BuildEnvironment) -> dict[str, Any]:
    """Return tables of contents and toctrees in which only one page lists another.

    That is the page nearest to the home page. Sphinx shows what is below a page
    wherever toctrees lead there, so that the same pages may multiply. What home pages
    list, each in its language, are the menus.
    """
    languages = env.config.language, *env.config.labsite_languages
    homes = [home_page(env.config, language) for language in languages]
    left, below, tocs = {**env.toctree_includes}, {**env.toctree_includes}, {**env.tocs}
    listed, nearest = {homes[0]}, [*homes]
    for docname in chain(nearest, sorted(left)):  # the former grows
        if not left.pop(docname, ()):
            continue
        tocs[docname], found = env.tocs[docname].deepcopy(), list[str]()
        for node in tocs[docname].findall(toctree):
            entries = {page: (title, page) for title, page in node["entries"]}
            node["entries"] = [e for page, e in entries.items() if page not in listed]
            found += [page for _, page in node["entries"] if page in tocs]
            listed.update(found)
        nearest += found
        if docname not in homes:
            below[docname] = found
    return {"tocs": tocs, "toctree_includes": below}


def attempt(act: Callable[[], T], location: str, otherwise: S) -> T | S:
    """Return what *act* returns; warn if it fails or exceeds a limit.

    Roles that a page defines are its own: docutils would give them to all pages.
    """
    before = {**_roles._roles}  # noqa: SLF001 -- nothing public
    try:
        with limit_page():
            return act()
    except (Exception, LimitError) as error:  # from any directive; deep nesting
        # Sphinx wraps the error of a handler.
        if isinstance(error, ExtensionError) and error.orig_exc:
            error = error.orig_exc
        if isinstance(error, _FATAL):
            raise
        reason = quote(str(error) or repr(error))
        message = "the page cannot be built (%s); simplify what it has there"
        warn(Rule.REFUSED_CONTENT, message, reason, location=location)
        logger.debug("%s", reason, exc_info=error)  # for "sphinx-build -vv"
    finally:
        _roles._roles = before  # noqa: SLF001 -- as above
    gc.collect()  # nodes refer to each other
    return otherwise


@contextmanager
def limit_page() -> Iterator[None]:
    """Raise :class:`LimitError` if a page needs too much time or memory.

    Memory is known on Linux. On Windows, which has no signals, nothing is limited.
    """
    in_main = threading.current_thread() is threading.main_thread()
    # A part of a page has the limits of the page.
    if sys.platform == "win32" or not in_main or any(signal.getitimer(_TIMER)):
        yield
        return
    deadline = time.monotonic() + _MOST_SECONDS
    before = _memory()

    def look(_signal: int, _frame: object) -> None:
        if _memory() - before > _MOST_BYTES:
            msg = f"more than {_MOST_BYTES // 1_000_000} MB of memory"
        elif time.monotonic() > deadline:
            msg = f"more than {_MOST_SECONDS:g} seconds"
            signal.setitimer(_TIMER, 1, 1)  # for other parts of the page
        else:
            return
        raise LimitError(msg)

    handler = signal.signal(signal.SIGALRM, look)
    signal.setitimer(_TIMER, _INTERVAL, _INTERVAL)
    try:
        yield
    finally:
        signal.setitimer(_TIMER, 0)  # no signal while there is no handler
        signal.signal(signal.SIGALRM, handler)


def _memory() -> int:
    """Return the memory that this process uses, in bytes; 0 where it is not known."""
    with suppress(OSError):  # of Linux: sizes in pages
        return int(Path("/proc/self/statm").read_bytes().split()[1]) * mmap.PAGESIZE
    return 0
