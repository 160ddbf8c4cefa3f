"""Tools for the data of a research lab's site, and for the site built from it."""

from __future__ import annotations

import argparse
import io
import os
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from labsite.cli import COMMANDS, READERS, load_command
from labsite.cli.locking import only_one
from labsite.cli.statuses import CANNOT_RUN
from labsite.site.settings import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from labsite.cli import Command

_INTERRUPTED = 130  # as shells count: 128 and the number of the signal
_BROKEN_PIPE = 141


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; return its exit status.

    0 means nothing is wrong, 1 that something is, 2 that the command could not run.
    """
    _show_every_character()
    arguments = sys.argv[1:] if arguments is None else arguments
    options = _make_parser(arguments[:1]).parse_args(arguments)
    options.source_named = options.source is not None
    options.source = options.source or Path()
    command: Command = options.command
    try:
        alone = nullcontext() if command.NAME in READERS else only_one(options.source)
        with alone:
            status = command.run(options)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read the output has seen enough. Python would flush it once more.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _BROKEN_PIPE
    except OSError as error:
        return _fail(f"{error.filename}: {error.strerror}" if error.filename else error)
    except ConfigurationError as error:
        return _fail(error)
    except KeyboardInterrupt:
        return _INTERRUPTED
    return status


def _fail(reason: object) -> int:
    sys.stderr.write(f"labsite: {reason}\n")
    return CANNOT_RUN


def _show_every_character() -> None:
    """Let no name end a command because the terminal's encoding lacks a letter."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _make_parser(words: Sequence[str]) -> argparse.ArgumentParser:
    """Return the parser of the command that *words* name, or of all commands."""
    parser = argparse.ArgumentParser(prog="labsite", description=__doc__)
    subparsers = parser.add_subparsers(required=True, metavar="command")
    named = [name for name in COMMANDS if name in words]
    for command in map(load_command, named or COMMANDS):
        subparser = subparsers.add_parser(
            command.NAME,
            help=command.SUMMARY,
            description=command.__doc__,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        subparser.add_argument(
            "--source",
            type=Path,
            metavar="DIR",
            help="the folder with the site's conf.py (the current one)",
        )
        command.add_arguments(subparser)
        subparser.set_defaults(command=command)
    return parser


if __name__ == "__main__":
    sys.exit(main())
