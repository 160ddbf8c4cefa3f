"""The commands of ``labsite``.

A command is a function with the decorator :func:`command` that does the work and
returns one of the statuses below. What it cannot do it says with an exception:
:class:`OSError` or :class:`~labsite.model.problems.LabsiteError`. Its docstring is what
``--help`` says of it, and the first line what the list of commands says. It is there
once :data:`COMMANDS` names it.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Mapping

    Argument = tuple[tuple[str, ...], Mapping[str, Any]]
    Run = Callable[[argparse.Namespace], int]

OK = 0  #: nothing is wrong
FOUND = 1  #: something is wrong, and has been said
CANNOT_RUN = 2  #: the command could not do its work

#: The module of each command by its name, in the order in which ``--help`` lists them.
COMMANDS = {
    "new": "sites",
    "check": "check",
    "add": "papers",
    "publish": "papers",
    "update": "entries",
    "rename": "entries",
    "person": "skeletons",
    "news": "skeletons",
    "course": "skeletons",
    "topic": "skeletons",
    "fix": "fixing",
    "live": "sites",
    "export": "reading",
    "diff": "changes",
    "audit": "reading",
    "import": "sites",
    "merge": "fixing",
}
#: Those that change no file of the site, and may run beside any other.
READERS = {"check", "live", "export", "diff", "audit", "merge"}


@dataclass(frozen=True, slots=True)
class Command:
    """What a command does, how it is explained, and its arguments but ``--source``."""

    run: Run
    help: str
    arguments: tuple[Argument, ...]


_loaded: dict[str, Command] = {}


def argument(*flags: str, **options: Any) -> Argument:  # noqa: ANN401 -- argparse's
    """Return an argument in the words of :meth:`ArgumentParser.add_argument`."""
    return flags, options


def command(name: str, *arguments: Argument) -> Callable[[Run], Run]:
    """Return a decorator that makes a function the command *name*."""

    def declare(run: Run) -> Run:
        _loaded[name] = Command(run, run.__doc__ or "", arguments)
        return run

    return declare


def load_command(name: str) -> Command:
    """Return a command; importing all of them takes longer than many a run of one."""
    import_module(f"{__name__}.{COMMANDS[name]}")
    return _loaded[name]
