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

from labsite.importing.records import Place
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
PICTURES = {".png", ".jpg", ".jpeg", ".webp", ".gif", ".svg"}
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
        self._texts: dict[str, str] = {}
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

    def note(self, place: Place, message: str) -> None:
        """Note what is left out of what stands at a place."""
        self.notes.append(f"{place.file}:{place.line}: {message}")

    def find(self, pattern: str) -> list[str]:
        """Return the files whose whole path the regular expression matches."""
        matches = re.compile(pattern, re.IGNORECASE).fullmatch
        return [file for file in self._files if matches(file)]

    def text(self, file: str) -> str:
        """Return the text of a file; empty, with a note, if it cannot be read."""
        path = self.root / file
        try:
            if path.stat().st_size > _LONGEST:
                self.note(Place(file=file), "too long to be read")
                return ""
            text, problems = read_text(path, file)
        except OSError as error:
            self.note(Place(file=file), f"cannot be read: {error.strerror}")
            return ""
        for problem in problems:
            self.note(Place(file=file, line=problem.line), problem.message)
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
            self.note(Place(file=file, line=line), f"cannot be read: {reason}")
            return None

    def place_of(self, file: str, words: str) -> Place:
        """Return where *words* stand in a file, or its beginning."""
        text = self._texts.setdefault(file, self.text(file))
        found = max(text.find(words[:40]), 0) if words else 0
        return Place(file=file, line=text.count("\n", 0, found) + 1)

    def domain(self) -> str:
        """Return the name that the file CNAME gives to the site."""
        words = [
            w for f in self.find(r"(?:static/)?CNAME") for w in self.text(f).split()
        ]
        return words[0] if words else ""

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

    def find_picture(self, address: str, place: Place, *folders: str) -> Path | None:
        """Return the picture that a record names, with a note if it is not there."""
        if not address:
            return None
        path = self.find_file(address, *folders, place.file.rpartition("/")[0])
        if path is None or path.suffix.lower() not in PICTURES:
            self.note(place, f"the picture '{address[:80]}' is not there")
            return None
        return path

    def _has(self, path: Path) -> bool:
        return path.is_file() and path.resolve().is_relative_to(self.root)


class _Texts(yaml.BaseLoader):
    """PyYAML's loader of texts, for which a tag says nothing."""

    values = 0  #: how many have been made, references counted each time

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:  # noqa: ANN401, ARG002 -- PyYAML's
        """Return the value of a node, whatever its tag."""
        self.values += 1
        if self.values > _MOST_VALUES:
            raise yaml.MarkedYAMLError(problem="too many values")
        if isinstance(node, yaml.ScalarNode):
            return self.construct_scalar(node)
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


def _tables() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("names.toml").read_text("utf-8"))


#: What other systems call things, by what it is.
NAMES = _tables()


def renamed(values: Mapping[str, Any], kind: str) -> dict[str, Any]:
    """Return the fields of a record of a kind under the names of ``names.toml``."""
    found = {}
    for field_name, names in NAMES[kind].items():
        value = next((values[name] for name in names if values.get(name)), None)
        if value is not None:
            found[field_name] = value
    return found


def alias(kind: str, name: str) -> str:
    """Return our name for what other systems call *name*, or the name itself."""
    return next((ours for ours, names in NAMES[kind].items() if name in names), name)


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
    named = (
        text_of(i, "name", "title", "text") if isinstance(i, dict) else i for i in items
    )
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
    slug = "-".join(
        filter(None, (letters(w) if w.isascii() else _ascii(w) for w in words))
    )
    return slug[:80].strip("-").lower()


def _ascii(word: str) -> str:
    return "".join(c for c in letters(word) if c.isascii())
