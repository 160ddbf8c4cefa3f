"""YAML to plain values, with the line of each, whatever the file holds.

A scalar is its text as written, so that "left: 2026-02-30", "github: 007" and the
family name "No" mean what they say. Nothing in a file can run code, expand in memory
or end a build.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

import yaml

from labsite.model.files import disguised_problems, read_text
from labsite.model.problems import Problem, Rule, Severity, quote

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

#: ``None`` is a value that was left empty.
Value: TypeAlias = "str | list[Value] | dict[str, Value] | None"

#: Characters of YAML: more than any record has, and a matter of seconds for PyYAML.
_LONGEST = 200_000
_LONGEST_KEY = 100  #: characters; the path of each value has its field's name
_DEEPEST = 12  #: levels of nesting; the deepest record has five
_NULLS = {"", "~", "null"}
_TAGS = {f"tag:yaml.org,2002:{kind}" for kind in ("str", "seq", "map")}
_REMEDY = "write 'key: value', and put a value with special characters in quotes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """YAML as it was read."""

    file: str  #: the name that problems give the file
    value: Value = None
    #: 1-based; an item of a list and a field of a mapping go by path: "awards.0.name"
    lines: Mapping[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)  #: grows as fields are read
    readable: bool = True  #: False where no value could be made out

    def report(
        self,
        rule: Rule,
        message: str,
        path: str = "",
        severity: Severity = Severity.ERROR,
    ) -> None:
        """Note a problem of the value at *path*, or of what is nearest around it."""
        while path and path not in self.lines:
            path = path.rpartition(".")[0]
        line = self.lines.get(path, 1)
        self.problems.append(
            Problem(
                rule=rule, message=message, file=self.file, line=line, severity=severity
            )
        )


def read_data(path: Path, file: str) -> Document:
    """Return a data file.

    :param file: the name that problems give the file
    """
    try:
        text, problems = read_text(path, file)
    except OSError as error:
        return unreadable(file, f"cannot read the file: {error.strerror}")
    problems += disguised_problems(text, file)
    return parse_yaml(text, file, problems=problems)


def parse_yaml(
    text: str, file: str, first_line: int = 1, problems: tuple[Problem, ...] = ()
) -> Document:
    """Return what *text* says.

    Anchors, aliases and tags are refused: no record needs them, and they are what
    makes a small file expand without bound or stand for code.

    :param first_line: the line of *file* in which *text* begins
    :param problems: what is wrong with the file already
    """
    lines = _Lines(text, first_line)
    reader = _Reader(file, lines, list(problems))
    try:
        if len(text) > _LONGEST:
            raise yaml.MarkedYAMLError(problem=f"more than {_LONGEST} characters")
        node = _compose(text)
        value = reader.read(node) if node else None
    except yaml.YAMLError as error:
        position, reason = _explain(error)
        message = f"cannot read the YAML: {reason}; {_REMEDY}"
        return unreadable(file, message, lines.at(position), reader.problems)
    return Document(
        file=file, value=value, lines=reader.lines, problems=reader.problems
    )


def unreadable(
    file: str, message: str, line: int = 1, problems: list[Problem] | None = None
) -> Document:
    """Return the document of a file that gave no value, for the reason *message*."""
    problem = Problem(rule=Rule.BAD_RECORD, message=message, file=file, line=line)
    return Document(file=file, problems=[*(problems or ()), problem], readable=False)


class _Loader(yaml.BaseLoader):
    """PyYAML's loader that makes nothing but text, without references and depth."""

    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call]  # PyYAML's stubs
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            reason = "a value that begins with '&' or '*' is a reference"
            raise yaml.MarkedYAMLError(problem=reason, problem_mark=event.start_mark)
        if self.depth == _DEEPEST:
            reason = "lists or mappings within each other, too deep"
            raise yaml.MarkedYAMLError(problem=reason, problem_mark=event.start_mark)
        self.depth += 1
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node


@lru_cache(maxsize=1024)  # a build reads a page's front matter up to three times
def _compose(text: str) -> yaml.Node | None:
    return _Loader(text).get_single_node()


class _Lines:
    """The lines of a text as editors count them; PyYAML counts U+2028 and others too.

    :param first: the number of the first line
    """

    def __init__(self, text: str, first: int) -> None:
        self._ends = [found.start() for found in re.finditer("\n", text)]
        self._first = first

    def at(self, position: int) -> int:
        """Return the line in which a character stands."""
        return self._first + bisect_left(self._ends, position)


class _Reader:
    """Nodes to plain values, noting lines and what is wrong."""

    def __init__(self, file: str, lines: _Lines, problems: list[Problem]) -> None:
        self.file = file
        self.problems = problems
        self._lines = lines
        self.lines: dict[str, int] = {}

    def read(self, node: yaml.Node, path: str = "") -> Value:
        """Return the value of *node*."""
        if node.tag not in _TAGS:
            reason = f"the tag '{node.tag}' means nothing here"
            raise yaml.MarkedYAMLError(problem=reason, problem_mark=node.start_mark)
        self.lines.setdefault(path, self._line(node))
        if isinstance(node, yaml.SequenceNode):
            items = enumerate(node.value)
            return [self.read(item, join(path, i)) for i, item in items]
        if isinstance(node, yaml.MappingNode):
            return self._read_mapping(node, path)
        text = str(node.value)
        is_null = (
            text in _NULLS and isinstance(node, yaml.ScalarNode) and not node.style
        )
        return None if is_null else text

    def _read_mapping(self, node: yaml.MappingNode, path: str) -> dict[str, Value]:
        mapping: dict[str, Value] = {}
        for key_node, value_node in node.value:
            line = self._line(key_node)
            key = str(key_node.value)
            place = join(path, key)
            is_text = isinstance(key_node, yaml.ScalarNode)
            if not is_text or len(key) > _LONGEST_KEY:
                shown = quote(key) if is_text else "a list or a mapping"
                message = f"{shown} is not a name of a field; write 'key: value'"
                self._report_names(Rule.BAD_RECORD, message, line)
            elif key in mapping:
                first = self.lines[place]
                message = f"{key}: the field stands in line {first} too; remove one"
                self._report_names(Rule.DUPLICATE_FIELD, message, line)
            else:
                self.lines[place] = line
                mapping[key] = self.read(value_node, place)
        return mapping

    def _line(self, node: yaml.Node) -> int:
        return self._lines.at(int(node.start_mark.index))

    def _report_names(self, rule: Rule, message: str, line: int) -> None:
        problem = Problem(rule=rule, message=message, file=self.file, line=line)
        self.problems.append(problem)


def join(path: str, key: str | int) -> str:
    """Return the path of an item or a field of the value at *path*."""
    return f"{path}.{key}" if path else str(key)


def _explain(error: yaml.YAMLError) -> tuple[int, str]:
    """Return the position and the reason of an error."""
    if isinstance(error, yaml.MarkedYAMLError):
        mark = error.problem_mark or error.context_mark
        return mark.index if mark else 0, str(error.problem or error.context)
    # The other kind, a ReaderError: a character that YAML does not allow.
    return int(getattr(error, "position", 0)), "a control character"
