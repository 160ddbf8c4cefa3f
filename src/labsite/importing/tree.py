"""Read the files of an old site; write nothing."""

from __future__ import annotations

import os
import re
import tomllib
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import yaml

from labsite.importing.records import KNOWN, PATTERNS, Source, Values, find_items
from labsite.model.files import read_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

#: Folders of tools and of built sites.
_SKIPPED = {"node_modules", "_site", "vendor", "resources", "public", "_build", "venv"}
_FRONT_MATTER = re.compile(
    r"\ufeff?(---|\+\+\+)[ \t]*\n(.*?)^(?:\1|\.\.\.)[ \t]*$\n?(.*)",
    re.DOTALL | re.MULTILINE,
)
_NULLS = {"", "~", "null", "Null", "NULL"}
_LONGEST = 5_000_000  #: bytes of a text file
_FEW = 12  #: names in a note
_MOST_VALUES = 500_000  #: of a file, each reference counted
#: The fields by which a record is located in its file.
_NAMING = ("name", "title", "id", "headline", "text", "first_name", "link")
PICTURES = {".png", ".jpg", ".jpeg", ".webp", ".gif", ".svg"}


class Tree:
    """A checkout of an old site, or one file.

    :ivar notes: what was left out and why, each ``file:line: message``
    :ivar layout: a pattern of paths for each kind of records
    """

    def __init__(self, root: Path) -> None:
        self.root = root.resolve() if root.is_dir() else root.resolve().parent
        self.notes: list[str] = []
        self.layout: Mapping[str, str] = {}
        self._texts: dict[str, str] = {}
        self._files = sorted(self._walk()) if root.is_dir() else [root.name]

    def _walk(self) -> Iterator[str]:
        for folder, folders, files in os.walk(self.root):
            folders[:] = [f for f in folders if f not in _SKIPPED and f[0] != "."]
            for name in files:
                # A link out of the site would publish a file of the machine.
                if self._has(Path(folder, name)):
                    yield Path(folder, name).relative_to(self.root).as_posix()

    def _has(self, path: Path) -> bool:
        with suppress(OSError):  # a name that no file can have
            return path.is_file() and path.resolve().is_relative_to(self.root)
        return False

    def note(self, source: Source, message: str) -> None:
        """Note what is left out of a source."""
        self.notes.append(f"{source.file}:{source.line}: {message}")

    def find(self, pattern: str) -> list[str]:
        """Return the files whose whole path matches a regular expression."""
        matches = re.compile(pattern, re.IGNORECASE).fullmatch
        return [file for file in self._files if pattern and matches(file)]

    def find_beside(self, source: Source, *names: str) -> str:
        """Return the first file beside another whose name begins with one of these."""
        begins = "|".join(map(re.escape, names))
        found = self.find(rf"{re.escape(source.folder)}/(?:{begins})[^/]*")
        return next(iter(found), "")

    def text(self, file: str) -> str:
        """Return the text of a file; empty, with a note, if it cannot be read."""
        if file not in self._texts:
            try:
                text, problems = read_text(self.root / file, file)
            except OSError as error:
                self.note(Source(file=file), f"cannot be read: {error.strerror}")
                text, problems = "", ()
            for problem in problems:
                self.note(Source(file=file, line=problem.line), problem.message)
            self._texts[file] = text if len(text) < _LONGEST else ""
        return self._texts[file]

    def files(self, kind: str) -> list[str]:
        """Return the files of a kind of records."""
        return self.find(self.layout.get(kind, ""))

    @cached_property
    def types(self) -> dict[str, Values]:
        """What the site says of roles and of buttons, by their names."""
        return {
            key.lower(): Values(value)
            for source in self.sources("types")
            for key, value in source.fields.items()
            if isinstance(value, dict)
        }

    def note_unread(self) -> None:
        """Note the pages and data files from which nothing was read."""
        for file in self.files("content"):
            if file not in self._texts:
                self.note(Source(file=file), "is not imported")

    def sources(self, kind: str) -> Iterator[Source]:
        """Yield the pages and data files of a kind, without drafts."""
        for file in self.files(kind):
            values, body = self._read(file)
            found = re.fullmatch(self.layout[kind], file, re.IGNORECASE)
            section = (found.groupdict().get("section") if found else "") or ""
            source = Source(file=file, section=section, values=values, body=body)
            fields, name = source.fields, source.stem
            shown = fields.text("permalink")
            if not shown or ":" in shown:
                nested = source.is_index and not section
                shown = source.folder if nested else f"{section}/{name}"
            others = fields.texts("redirect_from")
            others += [a for a in fields.texts("aliases") if "/" in a]
            if fields.get("draft") == "true" or fields.get("published") == "false":
                self.note(source, "is a draft; left out")
            else:
                addresses = (re.sub("^(?:content)?/", "", shown), *others)
                yield replace(source, name=name, addresses=addresses)

    def records(self, kind: str) -> Iterator[Source]:
        """Yield the pages of a kind, and the records in its data files.

        The section of a record in a data file is the headings above it.
        """
        yield from self.sources(kind)
        for source in self.sources(f"{kind}_data"):
            found = [*find_items(source.values, source.name)]
            names = dict.fromkeys(name for values, _ in found for name in values)
            known = KNOWN | {*filter(PATTERNS["private_fact"].search, names)}
            unknown = [n for n in names if known.isdisjoint(n.lower().split("_"))]
            if unknown:
                shown = ", ".join(unknown[:_FEW])
                self.note(source, f"fields without a place, left out: {shown}")
            for values, heading in found:
                words = values.text(*_NAMING)
                place = self.locate(source.file, words)
                yield replace(place, section=heading, name=words, values=values)

    def _read(self, file: str) -> tuple[Any, str]:
        """Return the front matter or data of a file, and the text below it."""
        text, suffix, body, line = self.text(file), Path(file).suffix.lower(), "", 1
        if suffix not in {".yml", ".yaml", ".json", ".toml"}:
            found = _FRONT_MATTER.match(text)
            if not found:
                return None, text
            suffix, line = ".toml" if found[1] == "+++" else ".yaml", 2
            text, body = found[2], found[3]
        try:
            if suffix == ".toml":
                values: object = tomllib.loads(text)
            else:  # JSON is YAML. The loader makes nothing but text, whatever the tags.
                values = yaml.load(text.replace("\t", "  "), yaml.BaseLoader)  # noqa: S506
            return _to_texts(values, count()), body
        except (yaml.YAMLError, ValueError, RecursionError) as error:
            mark = getattr(error, "problem_mark", None)
            source = Source(file=file, line=line + (mark.line if mark else 0))
            reason = getattr(error, "problem", None) or str(error).partition("\n")[0]
            self.note(source, f"cannot be read: {reason}")
            return None, body

    def locate(self, file: str, words: str) -> Source:
        """Return the place of *words* in a file, or its beginning."""
        found = max(self.text(file).find(words[:40]), 0) if words else 0
        return Source(file=file, line=self.text(file).count("\n", 0, found) + 1)

    def find_file(self, address: str, *folders: str) -> Path | None:
        """Return the file of the old site at an address.

        :param folders: where it may be, besides the root and the only folder with one
        """
        try:
            parts = urlsplit(address.strip())
        except ValueError:
            return None
        name = re.sub(r"^(?:\.{0,2}/)+", "", unquote(parts.path).strip())
        if not name or "\0" in name or parts.netloc:
            return None
        for folder in (*folders, "", "static"):
            path = self.root / folder / name
            if self._has(path):
                return path
        last = re.escape(name.rpartition("/")[2])
        same = self.find(rf"(?:.*/)?{last}") if "." in last else []
        return self.root / same[0] if len(same) == 1 else None

    def find_picture(self, address: str, source: Source) -> Path | None:
        """Return the picture that a record names, or that lies beside its page."""
        if not address and source.is_index:
            address = self.find_beside(source, "featured", "avatar")
        elif not address:  # as in "assets/media/authors"
            name = f"{source.folder.rpartition('/')[2]}/{source.stem}"
            found = self.find(rf"assets/media/{re.escape(name)}\.\w+")
            address = next(iter(found), "")
        path = self.find_file(address, source.folder)
        if path and path.suffix.lower() in PICTURES:
            return path
        if address:
            self.note(source, f"the picture '{address[:80]}' is not there")
        return None


def _to_texts(value: object, counter: Iterator[int]) -> Any:  # noqa: ANN401 -- texts, lists, mappings
    """Return a value with every scalar as text, and ``None`` for empty ones."""
    if next(counter) > _MOST_VALUES:
        msg = "too many values"
        raise ValueError(msg)
    if isinstance(value, dict):
        return {str(k): _to_texts(v, counter) for k, v in value.items()}
    if isinstance(value, list):
        return [_to_texts(item, counter) for item in value]
    text = str(value).lower() if isinstance(value, bool) else str(value).strip()
    # JSON writes an emoji as two halves.
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return None if value is None or text in _NULLS else text
