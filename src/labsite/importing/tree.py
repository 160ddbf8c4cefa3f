"""Read the records of an old site, of whatever file they are; write nothing."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import yaml

from labsite.model.dates import find_date
from labsite.model.problems import Problem
from labsite.model.repository import belongs_to, is_active, source_files
from labsite.model.tables import read_table
from labsite.pages.yaml_lines import TextLoader, read_source

#: Folders of tools and of built sites.
_SKIPPED = ("node_modules", "_site", "vendor", "resources", "public", "_build", "venv")
_FRONT_MATTER = re.compile(
    r"\ufeff?(---|\+\+\+)[ \t]*\n(.*?)^(?:\1|\.\.\.)[ \t]*$\n?(.*)",
    re.DOTALL | re.MULTILINE,
)
#: The title of a page that does not name it in its front matter.
_HEADING = re.compile(r"\s*#[ \t]+([^\n]+)\n?(.*)", re.DOTALL)
_NULLS = {"", "~", "null", "Null", "NULL"}
_LONGEST = 5_000_000  #: characters of a text; PyYAML reads them in a minute
#: The fields by which a record is located in its file.
_NAMING = ("name", "title", "id", "headline", "text", "first_name", "link")
NAMES = read_table(__file__, "names.toml")
PATTERNS = {n: re.compile(p, re.IGNORECASE) for n, p in NAMES["patterns"].items()}


class Values(dict[str, Any]):
    """The fields of a page or a record: texts, lists and mappings."""

    def text(self, *names: str) -> str:
        """Return the first of the fields that is a text, its white space folded."""
        texts = (self[name] for name in names if isinstance(self.get(name), str))
        return " ".join(next(texts, "").split())

    def texts(self, name: str) -> list[str]:
        """Return a field with a list of texts, or with a text that has commas."""
        value = self.get(name)
        items = value.split(",") if isinstance(value, str) else value
        texts = [
            Values(each).text("name", "title", "text")
            if isinstance(each, dict)
            else each
            for each in (items if isinstance(items, list) else ())
        ]
        return [t.strip() for t in texts if isinstance(t, str) and t.strip()]

    def number(self, name: str) -> int:
        """Return a field that is a number; 0 if it is not."""
        text = self.text(name)
        return int(text) if re.fullmatch(r"-?[0-9]{1,6}", text) else 0

    def date(self, name: str) -> str:
        """Return the first date in a field in ISO 8601, or ""."""
        # A date may be a list of numbers.
        text = re.sub(r"(?<=\d{4}-\d\d-\d\d)[T ].*", "", "-".join(self.texts(name)))
        found = find_date(text)
        return found.start.isoformat() if found else ""

    def mapping(self, name: str) -> Values:
        """Return a field that is a mapping; without any, an empty one."""
        value = self.get(name)
        return Values(value if isinstance(value, dict) else {})

    def mappings(self, name: str) -> list[Values]:
        """Return the mappings in a list."""
        value = self.get(name)
        items = value if isinstance(value, list) else ()
        return [Values(item) for item in items if isinstance(item, dict)]

    def links(self, *names: str) -> Iterator[tuple[str, str]]:
        """Yield the name and the address of each link in fields that have several."""
        for within in map(self.mapping, names):
            yield from ((name, within.text(name)) for name in within)
        for each in (link for name in names for link in self.mappings(name)):
            labels = (each.text(n) for n in ("type", "label", "name", "text", "icon"))
            told = (label for label in labels if label not in {"", "custom"})
            yield next(told, "link"), each.text("link", "url", "href")

    def renamed(self, kind: str) -> Values:
        """Return the fields that have a value under the names of ``names.toml``."""
        rows = NAMES[kind].items()
        found = {n: next(filter(None, map(self.get, old)), None) for n, old in rows}
        return Values({name: value for name, value in found.items() if value})


@dataclass(frozen=True, kw_only=True)
class Record:
    """A page or a record in a data file of an old site."""

    file: str  #: relative to the old site, with forward slashes
    line: int = 1  #: 1-based
    addresses: tuple[str, ...] = ()  #: at which it was shown, from the root of the site
    section: str = ""  #: the group "section" of the pattern, or headings
    name: str = ""
    values: Values = field(default_factory=Values)
    body: str = ""

    @property
    def folder(self) -> str:
        """The folder of the file; empty for the root."""
        return self.file.rpartition("/")[0]

    @property
    def is_index(self) -> bool:
        """Whether the file is the index of its folder."""
        return re.search(r"(?:^|/)_?index\.\w+$", self.file) is not None


def rename(kind: str, name: str) -> str:
    """Return our name for what other systems call *name*; else the name itself."""
    return next((ours for ours, names in NAMES[kind].items() if name in names), name)


def match_first(kind: str, text: str) -> str:
    """Return the name of the first pattern of a table that occurs in a text."""
    rows = NAMES[kind].items()
    return next((n for n, p in rows if re.search(p, text, re.IGNORECASE)), "")


def find_items(data: object, heading: str = "") -> Iterator[tuple[Values, str]]:
    """Yield each record in a value, with the headings above it.

    Records and titled groups have texts. Other mappings have groups or named records.
    A text of several words in a list is a name, with what has a number behind it.
    """
    for item in data if isinstance(data, list) else ():
        named = PATTERNS["named"].fullmatch(item) if isinstance(item, str) else None
        yield from find_items(named.groupdict("") if named else item, heading)
    values = Values(data if isinstance(data, dict) else {})
    groups = [*filter(PATTERNS["members"].fullmatch, filter(values.mappings, values))]
    is_told = _has_text(values)
    if is_told and not groups:
        yield values, heading
        return
    title = values.text("name", "title", "group", "role")
    for name in groups if is_told else values:
        value = values[name]
        if _has_text(value):
            yield from find_items({"name": name, **value}, heading)
        else:
            yield from find_items(value, f"{heading} {title or name}")


def _has_text(value: object) -> bool:
    return isinstance(value, dict) and any(isinstance(v, str) for v in value.values())


class Tree:
    """A checkout of an old site, or one file."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve() if root.is_dir() else root.resolve().parent
        self.notes: list[str] = []  #: what was left out, each ``file:line: message``
        self.layout: Mapping[str, str] = {}  #: a pattern of paths for each kind
        self.texts: dict[str, str] = {}  #: of the files that have been read
        files = (
            source_files(self.root, _SKIPPED) if root.is_dir() else [Path(root.name)]
        )
        self._files = sorted(f.as_posix() for f in files if self._has(self.root / f))

    def _has(self, path: Path) -> bool:
        # Others are of the machine, or secret, and would be published.
        return belongs_to(path, self.root) and path.is_file()

    def note(self, place: Record | Problem, message: str, text: str = "") -> None:
        """Note what is left out at a place, or where its file has a *text*."""
        line = self._find_line(place.file, text) if text else place.line
        what = " ".join(f"{message}: {text}".split())[:120] if text else message
        self.notes.append(f"{place.file}:{line}: {what}")

    def _find_line(self, file: str, text: str) -> int:
        """Return the line where a text begins in a file; 1 if it is not there."""
        start = max(self.text(file).find(text[:40].partition("\n")[0]), 0)
        return self.text(file).count("\n", 0, start) + 1

    def find(self, pattern: str) -> list[re.Match[str]]:
        """Return the files whose whole path matches a regular expression."""
        matches = re.compile(pattern, re.IGNORECASE).fullmatch
        return [*filter(None, map(matches, self._files))] if pattern else []

    def find_beside(self, record: Record, name: str = "featured|avatar") -> str:
        """Return the file that HugoBlox shows with a page; *name* is a pattern."""
        place = re.escape(record.folder) if record.is_index else r"assets/media/[\w-]+"
        name = name if record.is_index else rf"{re.escape(record.name)}\.\w+"
        return next((f[0] for f in self.find(rf"{place}/(?:{name})[^/]*")), "")

    def text(self, file: str) -> str:
        """Return the text of a file; empty, with a note, if it cannot be read."""
        if file not in self.texts:
            text, document = read_source(self.root / file, file)
            if len(text) > _LONGEST:
                document.refuse(f"the file has more than {_LONGEST:,} characters")
            for problem in document.problems:
                self.note(problem, problem.message)
            self.texts[file] = text if document.readable else ""
        return self.texts[file]

    def files(self, kind: str) -> list[str]:
        """Return the files of a kind of records."""
        return [found[0] for found in self.find(self.layout.get(kind, ""))]

    def pages(self, kind: str) -> Iterator[Record]:
        """Yield the pages of a kind, or files with a record each, without drafts."""
        for found in self.find(self.layout.get(kind, "")):
            file, section = found[0], found.groupdict().get("section") or ""
            values, body = self._read(file)
            fields = Values(values if isinstance(values, dict) else {})
            heading = _HEADING.match(body)
            if heading and kind != "people" and not fields.text("title", "name"):
                fields, body = Values(fields | {"title": heading[1]}), heading[2]
            record = Record(file=file, section=section, values=fields, body=body)
            name = (record.is_index and Path(file).parent.name) or Path(file).stem
            shown = fields.text("permalink")
            if not shown or ":" in shown:
                nested = record.is_index and not section
                shown = record.folder if nested else f"{section}/{name}"
            others = fields.texts("redirect_from")
            others += [a for a in fields.texts("aliases") if "/" in a]
            if fields.get("draft") == "true" or fields.get("published") == "false":
                self.note(record, "is a draft; left out")
            else:
                addresses = (re.sub("^(?:content)?/", "", shown), *others)
                yield replace(record, name=name, addresses=addresses)

    def items(self, kind: str) -> Iterator[Record]:
        """Yield the records in data files; the section of one is the headings above."""
        for file in self.files(kind):
            for values, heading in find_items(self._read(file)[0], Path(file).stem):
                name = values.text(*_NAMING)
                found = Record(file=file, section=heading, name=name, values=values)
                yield replace(found, line=self._find_line(file, name))

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
                return _to_texts(tomllib.loads(text)), body
            text = text.replace("\t", "  ")  # JSON is YAML
            return _to_texts(yaml.load(text, TextLoader)), body  # noqa: S506
        except (yaml.YAMLError, ValueError, RecursionError) as error:
            mark = getattr(error, "problem_mark", None)
            record = Record(file=file, line=line + (mark.line if mark else 0))
            reason = getattr(error, "problem", None) or str(error).partition("\n")[0]
            self.note(record, f"cannot be read: {reason}")
            return None, body

    def find_file(self, address: str, *folders: str) -> Path | None:
        """Return the file at an address, in one of *folders* or alone of its name.

        A file that browsers or servers run is none.
        """
        address = unquote(re.sub("[?#].*", "", address.strip()))
        name = re.sub(r"^(?:\.{0,2}/)+", "", address)
        if not name or re.match(r"[\w+.-]*:?//", address):
            return None
        last = re.escape(name.rpartition("/")[2])
        same = self.find(rf"(?:.*/)?{last}") if "." in last else []
        alone = [self.root / same[0][0]] if len(same) == 1 else []
        places = (self.root / folder / name for folder in (*folders, "", "static"))
        found = next(filter(self._has, (*places, *alone)), None)
        return None if found and is_active(found) else found


def _to_texts(value: object) -> Any:  # noqa: ANN401 -- texts, lists, mappings
    """Return a value with every scalar as text, and ``None`` for empty ones."""
    if isinstance(value, dict):
        return {str(key): _to_texts(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_to_texts(item) for item in value]
    text = str(value).lower() if isinstance(value, bool) else str(value).strip()
    # JSON writes an emoji as two halves.
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return None if value is None or text in _NULLS else text
