"""The files of an old site, read generously and never written to."""

from __future__ import annotations

import json
import os
import re
import tomllib
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import yaml

from labsite.model.files import read_text
from labsite.text.spellings import letters

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

#: Folders of tools and of built sites.
_SKIPPED = {"node_modules", "_site", "vendor", "resources", "public", "_build", "venv"}
_FRONT_MATTER = re.compile(
    r"\ufeff?(---|\+\+\+)[ \t]*\n(.*?)^(?:\1|\.\.\.)[ \t]*$\n?(.*)",
    re.DOTALL | re.MULTILINE,
)
_DATE = re.compile(r"(\d{4})-(\d\d?)(?:-(\d\d?))?")
_NULLS = {"", "~", "null", "Null", "NULL"}
_LONGEST = 5_000_000  #: bytes of a file of text
_MOST_VALUES = 500_000  #: of a file, so that references do not multiply


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A page of the old site: its front matter, its text, and where they stand."""

    file: str
    path: Path
    values: Mapping[str, Any] = field(default_factory=dict)  #: texts, lists, mappings
    body: str = ""


class Tree:
    """A checkout of an old site.

    :ivar notes: what was left out and why, each ``file:line: message``
    """

    def __init__(self, root: Path) -> None:
        self.root = root.resolve() if root.is_dir() else root.resolve().parent
        self.notes: list[str] = []
        self._files = sorted(self._walk()) if root.is_dir() else [root.name]
        self._by_name: dict[str, list[str]] = {}
        for file in self._files:
            self._by_name.setdefault(file.rpartition("/")[2].lower(), []).append(file)

    def _walk(self) -> Iterator[str]:
        for folder, folders, files in os.walk(self.root):
            folders[:] = [f for f in folders if f not in _SKIPPED and f[0] != "."]
            for name in files:
                path = Path(folder, name)
                # A link that leads out would publish a file of the machine.
                if path.resolve().is_relative_to(self.root) and path.is_file():
                    yield path.relative_to(self.root).as_posix()

    def note(self, file: str, message: str, line: int = 1) -> None:
        """Note what is left out."""
        self.notes.append(f"{file}:{line}: {message}")

    def find(self, pattern: str) -> list[str]:
        """Return the files whose whole path the regular expression matches."""
        matches = re.compile(pattern, re.IGNORECASE).fullmatch
        return [file for file in self._files if matches(file)]

    def text(self, file: str) -> str:
        """Return the text of a file; empty, with a note, if it cannot be read."""
        path = self.root / file
        try:
            if path.stat().st_size > _LONGEST:
                self.note(file, "too long to be read")
                return ""
            text, problems = read_text(path, file)
        except OSError as error:
            self.note(file, f"cannot be read: {error.strerror}")
            return ""
        for problem in problems:
            self.note(file, problem.message, problem.line)
        return text

    def page(self, file: str) -> Source:
        """Return a page; one whose front matter cannot be read is all text."""
        text = self.text(file)
        found = _FRONT_MATTER.match(text)
        values: object = {}
        if found:
            is_toml = found[1] == "+++"
            values = self._values(file, found[2], ".toml" if is_toml else ".yaml", 2)
        values = values if isinstance(values, dict) else {}
        body = found[3] if found else text
        return Source(file=file, path=self.root / file, values=values, body=body)

    def data(self, file: str) -> Any:  # noqa: ANN401 -- whatever stands there
        """Return what a data file says: texts in lists and mappings."""
        return self._values(file, self.text(file), Path(file).suffix.lower(), 1)

    def _values(self, file: str, text: str, suffix: str, line: int) -> object:
        try:
            if suffix == ".toml":
                return _as_texts(tomllib.loads(text))
            if suffix == ".json":
                return _as_texts(json.loads(text))
            # The loader that makes nothing but text; tags are ignored.
            return _as_texts(yaml.load(text.replace("\t", "  "), _Texts))  # noqa: S506
        except (yaml.YAMLError, ValueError, RecursionError) as error:
            mark = getattr(error, "problem_mark", None)
            line += mark.line if mark else 0
            reason = getattr(error, "problem", None) or str(error).partition("\n")[0]
            self.note(file, f"cannot be read: {reason}", line)
            return None

    def data_files(self, *names: str) -> Iterator[tuple[str, Any]]:
        """Yield the data files of a Jekyll site with these names, and what they say."""
        for file in self.find(rf"_data/(?:{'|'.join(names)})\.(?:ya?ml|json)"):
            yield file, self.data(file)

    def find_file(self, address: str, *folders: str) -> Path | None:
        """Return the file that an address of the old site means, if there is one.

        :param folders: where files with bare names are
        """
        try:
            name = unquote(urlsplit(address.strip()).path).strip().lstrip("/")
        except ValueError:
            return None
        while name.startswith(("./", "../")):
            name = name.partition("/")[2]
        if not name or "\0" in name or "://" in address or address.startswith("//"):
            return None
        for folder in (*folders, "", "static", "assets", "assets/media", "assets/img"):
            path = Path(os.path.normpath(self.root / folder / name))
            if path.is_relative_to(self.root) and self._has(path):
                return path
        alike = self._by_name.get(name.rpartition("/")[2].lower(), [])
        return self.root / alike[0] if len(alike) == 1 and "." in name else None

    def _has(self, path: Path) -> bool:
        return path.is_file() and path.resolve().is_relative_to(self.root)


class _Texts(yaml.BaseLoader):
    """PyYAML's loader of texts, for which a tag says nothing."""

    values = 0  #: how many have been made, references counted each time

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:  # noqa: ANN401, FBT001, FBT002 -- PyYAML's
        """Return the value of a node, whatever its tag."""
        self.values += 1
        if self.values > _MOST_VALUES:
            raise yaml.MarkedYAMLError(problem="too many values")
        if isinstance(node, yaml.ScalarNode):
            return self.construct_scalar(node)  # type: ignore[no-untyped-call]
        if isinstance(node, yaml.SequenceNode):
            return [self.construct_object(item) for item in node.value]
        pairs = node.value
        return {str(k.value): self.construct_object(value) for k, value in pairs}


def _as_texts(value: object) -> object:
    """Return a value with every scalar as text, and nothing for what is empty."""
    if isinstance(value, dict):
        return {str(k): _as_texts(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_as_texts(item) for item in value]
    if isinstance(value, bool):
        return str(value).lower()
    return None if value is None or str(value).strip() in _NULLS else str(value).strip()


def text_of(values: Mapping[str, Any], *names: str) -> str:
    """Return the first of the fields that has a text, its white space folded."""
    for name in names:
        value = values.get(name)
        if isinstance(value, str):
            return " ".join(value.split())
    return ""


def texts_of(value: object) -> list[str]:
    """Return a list of texts; one text is a list too, where commas divide it."""
    if isinstance(value, str):
        return [part.strip() for part in value.split(",") if part.strip()]
    items = value if isinstance(value, list) else []
    named = (text_of(i, "name", "title", "text") if isinstance(i, dict) else i for i in items)
    return [item for item in named if isinstance(item, str) and item]


def mappings_of(value: object) -> list[dict[str, Any]]:
    """Return the mappings of a list, or of the values of a mapping."""
    items = list(value.values()) if isinstance(value, dict) else value
    return [i for i in items if isinstance(i, dict)] if isinstance(items, list) else []


def date_of(text: str) -> str:
    """Return the date at the beginning of a text as ISO 8601; empty without one."""
    found = _DATE.match(text.strip())
    if not found:
        return ""
    parts = [int(part) for part in found.groups() if part]
    try:
        whole = date(*[*parts, 1][:3])
    except (TypeError, ValueError):
        return ""
    return whole.isoformat() if found[3] else whole.isoformat()[:7]


def slug_of(text: str) -> str:
    """Return a text as the name of a file and a part of an address."""
    words = re.findall(r"[^\W_]+", text)
    slug = "-".join(filter(None, (letters(w) if w.isascii() else _ascii(w) for w in words)))
    return slug[:80].strip("-").lower()


def _ascii(word: str) -> str:
    return "".join(c for c in letters(word) if c.isascii())
