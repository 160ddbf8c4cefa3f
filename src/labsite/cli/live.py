"""Show the site in a browser, and build and reload it after every change.

A change of a page, a data file, a template or the settings is seen at once. Warnings
are shown, and stop nothing. Interrupt the command (Ctrl+C) to end it.
"""

from __future__ import annotations

from errno import EADDRINUSE
from pathlib import Path
from typing import TYPE_CHECKING

from labsite.cli.statuses import OK

if TYPE_CHECKING:
    import argparse

NAME = "live"
SUMMARY = "show the site, and build and reload it after every change"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the port, and the folder of the output."""
    parser.add_argument(
        "--port",
        type=int,
        default=8000,
        help="the port at 127.0.0.1 (8000); 0: any that is free",
    )
    parser.add_argument(
        "--output", type=Path, metavar="DIR",
        help="where to build (_build/live in the site's folder)",
    )  # fmt: skip


def run(options: argparse.Namespace) -> int:
    """Serve until interrupted."""
    # Sphinx takes long to import, and no other command needs it.
    from labsite.sphinx.live import serve  # noqa: PLC0415 -- see above

    output = options.output or options.source / "_build" / "live"
    try:
        serve(options.source, output, options.port)
    except OSError as error:
        if error.errno != EADDRINUSE:
            raise
        msg = f"port {options.port} is taken; name another with --port"
        raise OSError(msg) from error
    return OK
