"""YAML to plain values, with the line of each, whatever the file holds.

A scalar is its text as written, so that "left: 2026-02-30", "github: 007" and the
family name "No" mean what they say. Nothing in a file can run code, expand in memory
or end a build.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

import yaml

from labsite.model.files import disguised_problems, read_text
from labsite.model.problems import Problem, Rule, quote

if TYPE_CHECKING:
    from pathlib import Path

#: ``None`` is a value that was left empty.
Value: TypeAlias = "str | list[Value] | dict[str, Value] | None"

#: Characters of YAML: more than any record has, and a matter of seconds for PyYAML.
_LONGEST = 200_000
_LONGEST_KEY = 100  #: characters; the path of each value has its field's name
_DEEPEST = 12  #: levels of nesting; the deepest record has five
_NULLS = {"", "~", "null"}
#: What PyYAML counts as ends of lines, and editors do not.
_LINE_ENDS = str.maketrans("\x85\u2028\u2029", "   ")
_TAGS = {f"tag:yaml.org,2002:{kind}" for kind in ("str", "seq", "map")}
_REMEDY = "write 'key: value', and put a value with special characters in quotes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """YAML as it was read."""

    file: str  #: the name that problems give the file
    value: Value = None
    #: 1-based; an item of a list and a field of a mapping go by path: "awards.0.name"
    lines: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)  #: grows as fields are read
    readable: bool = True  #: False where no value could be made out

    def line(self, path: str) -> int:
        """Return the line of the value at *path*, or of what is nearest around it."""
        while path and path not in self.lines:
            path = path.rpartition(".")[0]
        return self.lines.get(path, 1)

    def report(self, rule: Rule, message: str, path: str = "") -> None:
        """Note a problem of the value at *path*."""
        self.report_line(rule, message, self.line(path))

    def report_line(self, rule: Rule, message: str, line: int) -> None:
        """Note a problem in a line."""
        problem = Problem(rule=rule, message=message, file=self.file, line=line)
        self.problems.append(problem)


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
    text = text.translate(_LINE_ENDS)
    document = Document(file=file, problems=list(problems))
    if len(text) > _LONGEST:
        message = f"cannot read the YAML: more than {_LONGEST} characters; {_REMEDY}"
        return unreadable(file, message, first_line, document.problems)
    try:
        node = _compose(text, first_line)
        return replace(document, value=_read(document, node) if node else None)
    except yaml.reader.ReaderError as error:
        line = first_line + text.count("\n", 0, error.position)
        reason = "a control character"
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line if mark else first_line
        reason = error.problem or error.context or ""
    message = f"cannot read the YAML: {reason}; {_REMEDY}"
    return unreadable(file, message, line, document.problems)


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
def _compose(text: str, first_line: int) -> yaml.Node | None:
    loader = _Loader(text)
    loader.line = first_line
    return loader.get_single_node()


def _read(document: Document, node: yaml.Node, path: str = "") -> Value:
    """Return the value of a node; note the line of each value and what is wrong."""
    if node.tag not in _TAGS:
        reason = f"the tag '{node.tag}' means nothing here"
        raise yaml.MarkedYAMLError(problem=reason, problem_mark=node.start_mark)
    document.lines.setdefault(path, node.start_mark.line)
    if isinstance(node, yaml.SequenceNode):
        items = enumerate(node.value)
        return [_read(document, item, join(path, i)) for i, item in items]
    if isinstance(node, yaml.MappingNode):
        return _read_mapping(document, node, path)
    text = str(node.value)
    plain = isinstance(node, yaml.ScalarNode) and not node.style
    return None if plain and text in _NULLS else text


def _read_mapping(
    document: Document, node: yaml.MappingNode, path: str
) -> dict[str, Value]:
    mapping: dict[str, Value] = {}
    for key_node, value_node in node.value:
        line, key = key_node.start_mark.line, str(key_node.value)
        place = join(path, key)
        is_text = isinstance(key_node, yaml.ScalarNode)
        if not is_text or len(key) > _LONGEST_KEY:
            shown = quote(key) if is_text else "a list or a mapping"
            message = f"{shown} is not a name of a field; write 'key: value'"
            document.report_line(Rule.BAD_RECORD, message, line)
        elif key in mapping:
            first = document.lines[place]
            message = f"{key}: the field stands in line {first} too; remove one"
            document.report_line(Rule.DUPLICATE_FIELD, message, line)
        else:
            document.lines[place] = line
            mapping[key] = _read(document, value_node, place)
    return mapping


def join(path: str, key: str | int) -> str:
    """Return the path of an item or a field of the value at *path*."""
    return f"{path}.{key}" if path else str(key)
