"""The values of a ``conf.py``, for commands that run without Sphinx."""

from __future__ import annotations

import contextlib
import runpy
import sys
import traceback
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

#: Values that hold one text, and values that hold several.
_TEXTS = ("language", "labsite_topics_dir", "labsite_publications_dir",
          "labsite_team_dir", "labsite_news_dir", "labsite_source_url")  # fmt: skip
_LISTS = ("bibtex_bibfiles", "html_extra_path", "html_static_path")


class ConfigurationError(Exception):
    """A ``conf.py`` cannot be used; the message says where and why."""


class _Tags:
    """Stands for Sphinx's ``tags``, of which none is set."""

    def has(self, _name: str) -> bool:
        return False

    __contains__ = has

    def add(self, _name: str) -> None:
        """Take a tag that no command asks for."""

    remove = add


def run_configuration(source: Path) -> Mapping[str, Any]:
    """Return the values that the ``conf.py`` in *source* makes.

    It is run as Sphinx runs it, in its own folder; what it prints is no output of the
    command.

    :raises ConfigurationError: if there is none, it fails, or it has a value of the
        wrong type
    """
    path = source / "conf.py"
    if not path.is_file():
        msg = f"{path}: there is no such file; name the site's folder with --source"
        raise ConfigurationError(msg)
    path = path.resolve()
    try:
        with contextlib.chdir(path.parent), contextlib.redirect_stdout(sys.stderr):
            values = runpy.run_path(str(path), {"tags": _Tags()})
    except (Exception, SystemExit) as error:
        msg = f"{source / 'conf.py'}:{_line(error, str(path))}: {_describe(error)}"
        raise ConfigurationError(msg) from error
    _check_types(values, source / "conf.py")
    return values


def _line(error: BaseException, file: str) -> int:
    """Return the line of *file* at which it failed."""
    if isinstance(error, SyntaxError) and error.filename == file:
        return error.lineno or 1
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if frame.filename == file]
    return (lines[-1] if lines else None) or 1


def _describe(error: BaseException) -> str:
    text = error.msg if isinstance(error, SyntaxError) else str(error)
    return f"{type(error).__name__}: {' '.join(text.split())}".rstrip(": ")


def _check_types(values: Mapping[str, Any], path: Path) -> None:
    for name in _TEXTS:
        if not isinstance(values.get(name, ""), str):
            msg = f'{path}: {name} is no text; write {name} = "…"'
            raise ConfigurationError(msg)
    for name in _LISTS:
        value = values.get(name, [])
        is_list = isinstance(value, (list, tuple))
        if not is_list or not all(isinstance(item, str) for item in value):
            msg = f'{path}: {name} is no list of texts; write {name} = ["…"]'
            raise ConfigurationError(msg)
    split_above = values.get("labsite_split_lists_above", 0)
    if not isinstance(split_above, int):
        msg = f"{path}: labsite_split_lists_above is no number; write 400"
        raise ConfigurationError(msg)
