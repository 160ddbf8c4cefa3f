"""Tools for the data of a research lab's site, and for the site built from it."""

from __future__ import annotations

import argparse
import inspect
import io
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from labsite.cli import CANNOT_RUN, COMMANDS, READERS, load_command
from labsite.model.problems import LabsiteError, printable

if sys.platform != "win32":
    import fcntl

_INTERRUPTED = 130  # as shells count: 128 and the number of the signal
_BROKEN_PIPE = 141


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; return its exit status.

    0 means nothing is wrong, 1 that something is, 2 that the command could not run.
    """
    _prepare_streams()
    arguments = sys.argv[1:] if arguments is None else arguments
    options = _make_parser(arguments[:1]).parse_args(arguments)
    options.source_named = options.source is not None
    options.source = options.source or Path()
    try:
        with _alone(options.source, options.command):
            status = load_command(options.command)[0](options)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read the output has seen enough. Python would flush it once more.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _BROKEN_PIPE
    except OSError as error:
        file = error.filename
        return _fail(f"{file}: {error.strerror}" if file else str(error))
    except LabsiteError as error:
        return _fail(str(error))
    except KeyboardInterrupt:
        return _INTERRUPTED
    return status


def _fail(reason: str) -> int:
    sys.stderr.write(f"labsite: {printable(reason, lines=True)}\n")
    return CANNOT_RUN


@contextmanager
def _alone(source: Path, command: str) -> Iterator[None]:
    """Wait until no other command changes the site, and keep others waiting.

    Two that read the same state would each write it with their own change alone. The
    lock is one of the site's folder, which leaves no file and ends with the process.
    Windows has no such lock.
    """
    if sys.platform == "win32" or command in READERS or not source.is_dir():
        yield
        return
    folder = os.open(source, os.O_RDONLY)
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            sys.stderr.write("waiting for another command that changes this site\n")
            fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _prepare_streams() -> None:
    """Let neither a closed input nor a letter that a terminal lacks end a command."""
    sys.stdin = sys.stdin or io.TextIOWrapper(io.BytesIO())  # it may be closed
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _make_parser(words: Sequence[str]) -> argparse.ArgumentParser:
    """Return the parser of the command that *words* name, or of all commands."""
    parser = argparse.ArgumentParser(prog="labsite", description=__doc__)
    subparsers = parser.add_subparsers(required=True, metavar="command")
    for name in [name for name in COMMANDS if name in words] or COMMANDS:
        run, known = load_command(name)
        subparser = subparsers.add_parser(
            name,
            help=(run.__doc__ or "").partition("\n")[0],
            description=inspect.getdoc(run),
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        subparser.add_argument(
            "--source",
            type=Path,
            metavar="DIR",
            help="the folder with the site's conf.py (the current one)",
        )
        for flags, options in known:
            subparser.add_argument(*flags, **options)
        subparser.set_defaults(command=name)
    return parser


if __name__ == "__main__":
    sys.exit(main())
