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

from typing import TYPE_CHECKING, Protocol

from labsite.cli import (
    add,
    audit,
    check,
    diff,
    export,
    fix,
    import_site,
    live,
    merge,
    new,
    publish,
    rename,
    skeletons,
    update,
)

if TYPE_CHECKING:
    import argparse


class Command(Protocol):
    """What the module of a command has."""

    NAME: str
    SUMMARY: str

    def add_arguments(self, parser: argparse.ArgumentParser, /) -> None:
        """Add the command's own arguments."""

    def run(self, options: argparse.Namespace, /) -> int:
        """Do the work; return the exit status."""


#: In the order in which ``--help`` lists them.
COMMANDS: tuple[Command, ...] = (
    new,
    check,
    add,
    publish,
    update,
    rename,
    *skeletons.COMMANDS,
    fix,
    live,
    export,
    diff,
    audit,
    import_site,
    merge,
)
