"""The files of a site besides its pages, and their addresses."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_TEACHING = re.compile(
    r"^ {0,3}(?:`{3,}|:{3,})\{teaching\}[ \t]+(\S[^\n]*)$", re.MULTILINE
)
_STATIC = "_static/"  # Sphinx's target of html_static_path


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteFiles:
    """The files that Sphinx copies into the built site."""

    source: Path  #: the folder with the site's conf.py
    extra: tuple[str, ...] = ()  #: ``html_extra_path``
    static: tuple[str, ...] = ()  #: ``html_static_path``

    def serves(self, path: str) -> bool:
        """Tell whether the built site has a file at *path*."""
        if path.endswith((".html", "/")):
            return True  # a page, which Sphinx makes
        if path.startswith(_STATIC):
            inner = path.removeprefix(_STATIC)
            return any(_exists(self.source / name / inner) for name in self.static)
        # Sphinx copies the content of a folder, and a file by its own name.
        entries = [self.source / name for name in self.extra]
        named = any(entry.name == path and entry.is_file() for entry in entries)
        return named or any(_exists(entry / path) for entry in entries)

    def holds(self, path: str) -> bool:
        """Tell whether the source has a file at *path*."""
        return _exists(self.source / path)


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):  # a name that no file can have
        return False


def find_teaching_files(source: Path, skip: str) -> Iterator[Path]:
    """Yield the files with courses that pages show, each once.

    Pages are those in the source and its direct subfolders.

    :param skip: a folder of generated pages
    """
    pages = [*sorted(source.glob("*.md")), *sorted(source.glob("*/*.md"))]
    seen: set[Path] = set()
    for page in pages:
        folder = page.relative_to(source).parent.as_posix()
        if folder == skip or (folder != "." and folder.startswith((".", "_"))):
            continue
        text = page.read_text(encoding="utf-8", errors="replace")
        for found in _TEACHING.finditer(text):
            start = source if found[1].startswith("/") else page.parent
            path = start / found[1].strip().lstrip("/")
            if path.is_file() and path not in seen:
                seen.add(path)
                yield path
