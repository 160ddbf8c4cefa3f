"""The commands of ``labsite``.

A command is a function with the decorator :func:`command`, listed in :data:`COMMANDS`.
It returns one of the statuses below, or raises :class:`OSError` or
:class:`~labsite.model.problems.LabsiteError`. Its docstring is the text of ``--help``,
and the first line its summary in the list of commands.
"""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any, TypeAlias

Argument: TypeAlias = tuple[tuple[str, ...], Mapping[str, Any]]
Run: TypeAlias = Callable[[Namespace], int]
OK = 0  #: success
FOUND = 1  #: problems were found and reported
CANNOT_RUN = 2  #: the command failed

#: The module of each command by its name, in the order in which ``--help`` lists them.
COMMANDS = {
    "new": "sites",
    "check": "check",
    "add": "papers",
    "publish": "papers",
    "update": "entries",
    "rename": "entries",
    "person": "new_pages",
    "news": "new_pages",
    "course": "new_pages",
    "topic": "new_pages",
    "fix": "entries",
    "live": "sites",
    "export": "reports",
    "diff": "reports",
    "audit": "reports",
    "import": "sites",
    "merge": "entries",
}
#: Commands that change no file, and may run in parallel with others.
READERS = {"check", "live", "export", "diff", "audit", "merge"}


#: The function of each command, and its arguments except ``--source``.
_loaded: dict[str, tuple[Run, tuple[Argument, ...]]] = {}


def argument(*flags: str, **options: Any) -> Argument:  # noqa: ANN401 -- argparse's
    """Return an argument in the words of :meth:`ArgumentParser.add_argument`."""
    return flags, options


def command(name: str, *arguments: Argument) -> Callable[[Run], Run]:
    """Return a decorator that makes a function the command *name*."""

    def declare(run: Run) -> Run:
        _loaded[name] = run, arguments
        return run

    return declare


def load_command(name: str) -> tuple[Run, tuple[Argument, ...]]:
    """Return one command as in :data:`_loaded`; importing all of them is slow."""
    import_module(f"{__name__}.{COMMANDS[name]}")
    return _loaded[name]
