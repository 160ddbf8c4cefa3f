"""Read ``conf.py`` without Sphinx, and fill in the engine's defaults for Sphinx."""

from __future__ import annotations

import contextlib
import os
import re
import runpy
import sys
import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from labsite.model.files import resolve_conflicts
from labsite.site.settings import (
    NEWS,
    TOPICS,
    ConfigurationError,
    Settings,
    make_settings,
)
from labsite.theme.palette import make_palette

#: The name of the package's theme in ``html_theme``.
THEME = "labsite"
#: Files that are not pages.
_NO_PAGES = [
    "_build", ".git", ".github", ".venv", "venv", "node_modules",
    "[._]*.md", "**/[._]*.md",
    *(f"{name}.md" for name in ("README", "CONTRIBUTING", "CHANGELOG", "LICENSE",
                                "CODE_OF_CONDUCT", "SECURITY")),
]  # fmt: skip
_ADDRESS = re.compile(r"https?://[^\s/?#]+(/[^\s?#]*)?/")
#: The content security policy: the site's own files, and nothing inline.
_POLICY = "default-src 'self'; base-uri 'none'; form-action 'self'; object-src 'none'"
#: The policy for previews of proposed changes on Read the Docs, whose add-ons compile
#: scripts and have inline styles.
_PREVIEW_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-eval'; style-src 'self' "
    "'unsafe-inline'; img-src 'self' data: https:; font-src 'self' data:; "
    "connect-src 'self' https:; base-uri 'none'; form-action 'self'; object-src 'none'"
)
_SHARED: Mapping[str, Any] = {
    "myst_enable_extensions": ["attrs_block", "attrs_inline", "colon_fence"],
    "myst_heading_anchors": 3,
    "myst_title_to_header": True,
    "bibtex_bibfiles": ["publications.bib"],
    "bibtex_default_style": "labsite",
    "bibtex_reference_style": "labsite",
    "html_math_renderer": "mathml",
    "html_copy_source": False,
    "html_show_sourcelink": False,
    "html_show_sphinx": False,
    "html_use_index": False,
}


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
    text = path.read_text("utf-8", errors="replace")
    for problem in resolve_conflicts(text, str(source / "conf.py"))[1]:
        msg = f"{problem.file}:{problem.line}: {problem.message}"
        raise ConfigurationError(msg)
    path = path.resolve()
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
    lines = (frame.lineno for frame in reversed(frames) if frame.filename == file)
    return next(lines, 1) or 1


def _describe(error: BaseException) -> str:
    text = error.msg if isinstance(error, SyntaxError) else str(error)
    return f"{type(error).__name__}: {' '.join(text.split())}".rstrip(": ")


def fill_in(source: Path, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of a ``conf.py`` with the engine's defaults.

    :param source: the folder of the ``conf.py``
    :raises ConfigurationError: if a value of the engine has the wrong type
    """
    settings = make_settings(source, values)
    address = _checked_address(str(values.get("html_baseurl") or ""))
    title = values.get("html_title", values.get("project"))
    # Items of news are shown on the index alone; patterns cannot exclude one name.
    items = (f"{NEWS}/{'index'[:i]}[!{c}]*.md" for i, c in enumerate("index"))
    defaults = {
        **_SHARED,
        "exclude_patterns": [*_NO_PAGES, *items, f"{NEWS}/index?*.md"],
        "notfound_urls_prefix": urlsplit(address).path or "/",
        **({"html_title": title} if title else {}),
    }
    filled = {**defaults, **values}
    if values.get("html_theme") == THEME:
        _fill_in_theme(filled, settings.languages)
    return filled


def _checked_address(address: str) -> str:
    """Return the site's address, to which paths can be appended.

    :raises ConfigurationError: if it is not one
    """
    if address and not _ADDRESS.fullmatch(address):
        whole = address if "://" in address else f"https://{address}"
        msg = (
            f"html_baseurl '{address}' is not an address of a folder; write it with "
            f"its scheme and a '/' at its end: html_baseurl = \"{whole.rstrip('/')}/\""
        )
        raise ConfigurationError(msg)
    return address


def _fill_in_theme(values: dict[str, Any], languages: Sequence[str]) -> None:
    """Add the theme's defaults, without replacing a site's own values.

    :raises ConfigurationError: if a colour is invalid
    """
    values.setdefault("notfound_template", "404.html")
    folders = [TOPICS, *(f"{code}/{TOPICS}" for code in languages)]
    sidebar = ["sidebar-nav-bs", "page-toc"]
    values.setdefault("html_sidebars", {f"{f}/*": sidebar for f in folders})
    options = values.get("html_theme_options") or {}
    colours = (options.get("primary_color", ""), options.get("accent_color", ""))
    try:
        palette = make_palette(*colours)
    except ValueError as error:
        msg = f"html_theme_options: '{error}' is not a colour; write it as \"#1f4e79\""
        raise ConfigurationError(msg) from error
    # https://docs.readthedocs.com/platform/stable/reference/environment-variables.html
    is_preview = os.environ.get("READTHEDOCS_VERSION_TYPE") == "external"
    # pydata-sphinx-theme asks for its mode here, and complains in the console without.
    values["html_context"] = {
        "default_mode": "auto",
        "content_security_policy": _PREVIEW_POLICY if is_preview else _POLICY,
        "labsite_colors": palette,
        **(values.get("html_context") or {}),
    }
