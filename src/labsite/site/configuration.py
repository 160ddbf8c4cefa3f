"""Read ``conf.py`` without Sphinx."""

from __future__ import annotations

import contextlib
import runpy
import sys
import traceback
from typing import TYPE_CHECKING, Any

from labsite.model.files import resolve_conflicts
from labsite.site.settings import ConfigurationError, Settings, make_settings

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


class _Tags(set[str]):
    """Sphinx's ``tags`` without any tag."""

    has = set.__contains__
    remove = set.discard


def run_configuration(source: Path) -> Mapping[str, Any]:
    """Return the values of the ``conf.py`` in *source*.

    It runs in its own folder, as with Sphinx, and prints to standard error.

    :raises ConfigurationError: if it does not exist or fails
    """
    path = source / "conf.py"
    if not path.is_file():
        msg = f"{path}: there is no such file; name the site's folder with --source"
        raise ConfigurationError(msg)
    path = path.resolve()
    text = path.read_text("utf-8", errors="replace")
    for problem in resolve_conflicts(text, str(source / "conf.py"))[1]:
        msg = f"{problem.file}:{problem.line}: {problem.message}"
        raise ConfigurationError(msg)
    try:
        with contextlib.chdir(path.parent), contextlib.redirect_stdout(sys.stderr):
            values = runpy.run_path(str(path), {"tags": _Tags()})
    except (Exception, SystemExit) as error:
        msg = f"{source / 'conf.py'}:{_line(error, str(path))}: {_describe(error)}"
        raise ConfigurationError(msg) from error
    return values


def read_settings(source: Path) -> Settings:
    """Return the settings of the ``conf.py`` in *source*.

    :raises ConfigurationError: if it does not exist, or cannot be used
    """
    values = run_configuration(source)
    try:
        return make_settings(source, values)
    except ConfigurationError as error:
        msg = f"{source / 'conf.py'}: {error}"
        raise ConfigurationError(msg) from None


def _line(error: BaseException, file: str) -> int:
    """Return the line of *file* that failed."""
    if isinstance(error, SyntaxError) and error.filename == file:
        return error.lineno or 1
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if frame.filename == file]
    return (lines[-1] if lines else None) or 1


def _describe(error: BaseException) -> str:
    text = error.msg if isinstance(error, SyntaxError) else str(error)
    return f"{type(error).__name__}: {' '.join(text.split())}".rstrip(": ")
