"""The commands of ``labsite``, a module for each.

A command is a module with

* ``NAME``, the word on the command line,
* ``SUMMARY``, what it does in a line, for the list of commands,
* ``add_arguments(parser)``, which adds its own arguments to ``--source``, and
* ``run(options)``, which does the work and returns one of the statuses in
  :mod:`labsite.cli.statuses`; what it cannot do it says with an exception:
  :class:`OSError` or :class:`~labsite.site.configuration.ConfigurationError`.

Its docstring is what ``--help`` says of it. Once it is listed in :data:`COMMANDS`, it
is there.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:
    import argparse

#: The module of each command by its name, in the order in which ``--help`` lists them.
COMMANDS = {
    "new": "new",
    "check": "check",
    "add": "add",
    "publish": "publish",
    "update": "update",
    "rename": "rename",
    "person": "skeletons",
    "news": "skeletons",
    "course": "skeletons",
    "topic": "skeletons",
    "fix": "fix",
    "live": "live",
    "export": "export",
    "diff": "diff",
    "audit": "audit",
    "import": "import_site",
    "merge": "merge",
}
#: Those that change no file of the site, and may run beside any other.
READERS = {"check", "live", "export", "diff", "audit", "merge"}


class Command(Protocol):
    """What the module of a command has."""

    NAME: str
    SUMMARY: str

    def add_arguments(self, parser: argparse.ArgumentParser, /) -> None:
        """Add the command's own arguments."""

    def run(self, options: argparse.Namespace, /) -> int:
        """Do the work; return the exit status."""


def load_command(name: str) -> Command:
    """Return a command; importing all of them takes longer than many a run of one."""
    module = import_module(f"{__name__}.{COMMANDS[name]}")
    # A module may hold several, which differ in what they ask.
    found = (c for c in getattr(module, "COMMANDS", (module,)) if name == c.NAME)
    return cast("Command", next(found))
