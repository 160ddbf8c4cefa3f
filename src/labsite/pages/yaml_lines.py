"""Read YAML as texts, lists and mappings, with the line of each value.

A scalar is its text as written: "left: 2026-02-30", "github: 007", the family name
"No". No file can run code, expand in memory or end a build.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TypeAlias

import yaml

from labsite.model.files import UNSEEN, disguised_problems, read_text
from labsite.model.problems import Problem, Rule

#: ``None`` is a value that was left empty.
Value: TypeAlias = "str | list[Value] | dict[str, Value] | None"

#: Characters: more than any record has; PyYAML reads them in seconds.
_LONGEST = 200_000
_LONGEST_KEY = 100  #: characters; paths contain the names of fields
_DEEPEST = 12  #: levels of nesting; the deepest record has five
_NULLS = {"", "~", "null"}
#: Line ends for PyYAML but not for editors, and other blanks than its spaces.
_BLANKS = str.maketrans({"\t": "  ", **dict.fromkeys("\x85\xa0\u2028\u2029", " ")})
#: The dash of a list within an item that is not quoted; other texts may have one.
_DEEPER = re.compile(r"\n *- ")
_REMEDY = "write 'key: value', and put a value with special characters in quotes"


@dataclass(slots=True, kw_only=True)
class Document:
    """A YAML document."""

    file: str  #: the file name in problems
    value: Value = None
    #: 1-based, by path: "awards.0.name"
    lines: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)  #: grows as fields are read
    readable: bool = True  #: whether there is a value

    def line(self, path: str) -> int:
        """Return the line of the value at *path*, or of the nearest around it."""
        while path and path not in self.lines:
            path = path.rpartition(".")[0]
        return self.lines.get(path, 1)

    def report(
        self, rule: Rule, message: str, path: str = "", line: int | None = None
    ) -> None:
        """Add a problem of the value at *path*, or in a line."""
        problem = Problem(rule, message, self.file, line or self.line(path))
        if problem not in self.problems[-1:]:  # a field may be asked for twice
            self.problems.append(problem)

    def refuse(self, message: str, line: int = 1) -> None:
        """Add the problem that the document cannot be read."""
        self.report(Rule.BAD_RECORD, message, line=line)
        self.readable = False


def read_source(path: Path, file: str) -> tuple[str, Document]:
    """Return the text of a file, and its document, which is not parsed.

    :param file: the file name in problems
    """
    document = Document(file=file)
    try:
        text, problems = read_text(path, file)
    except OSError as error:
        document.refuse(f"cannot read the file: {error.strerror}")
        return "", document
    document.problems += problems
    return text, document


def read_data(path: Path, file: str) -> Document:
    """Read a data file.

    :param file: the file name in problems
    """
    text, document = read_source(path, file)
    document.problems += disguised_problems(text, file)
    parse_yaml(text, document)
    return document


def parse_yaml(text: str, document: Document, first_line: int = 1) -> None:
    """Parse YAML without anchors, aliases and tags.

    They make a small file expand without bound, or run code.

    :param first_line: the line of the file in which *text* begins
    """
    text = text.translate(_BLANKS)
    line, reason = first_line, ""
    try:
        if node := _compose(text, first_line):
            document.value = _read(document, node)
    except yaml.reader.ReaderError as error:
        line += text.count("\n", 0, error.position)
        reason = "a control character"
    except yaml.MarkedYAMLError as error:
        # In blocks the context is what is around the mistake, else what is not closed.
        block = "block" in (error.context or "block")
        if mark := (not block and error.context_mark) or error.problem_mark:
            line = mark.line
        reason = error.problem or error.context or "a mistake"
    if reason:
        document.refuse(f"cannot read the YAML: {reason}; {_REMEDY}", line)


class TextLoader(yaml.BaseLoader):
    """PyYAML's loader of texts, without references and tags, and of limited depth."""

    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """Return the next node."""
        event = self.peek_event()  # type: ignore[no-untyped-call]  # PyYAML's stubs
        reason = ""
        # An alias has an anchor, too.
        if getattr(event, "anchor", None) or getattr(event, "tag", None):
            reason = "a value that begins with '&', '*' or '!' is no text"
        elif self.depth == _DEEPEST:
            reason = "lists or fields are nested too deep"
        if reason:
            raise yaml.MarkedYAMLError(problem=reason, problem_mark=event.start_mark)
        self.depth += 1
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node


@lru_cache(maxsize=1024)  # a build parses front matter up to three times
def _compose(text: str, first_line: int) -> yaml.Node | None:
    if len(text) > _LONGEST:
        raise yaml.MarkedYAMLError(problem=f"more than {_LONGEST} characters")
    loader = TextLoader(text)
    loader.line = first_line
    return loader.get_single_node()


def _read(document: Document, node: yaml.Node, path: str = "") -> Value:
    """Return the value of a node; record lines and problems."""
    document.lines.setdefault(path, node.start_mark.line)
    if isinstance(node, yaml.SequenceNode):
        items = enumerate(node.value)
        return [_read(document, item, join(path, i)) for i, item in items]
    if isinstance(node, yaml.MappingNode):
        return _read_mapping(document, node, path)
    text = _read_text(document, node)
    if not isinstance(node, yaml.ScalarNode) or node.style:
        return text
    start = node.start_mark
    written = (start.buffer or "")[start.pointer : node.end_mark.pointer]
    is_item = path.rpartition(".")[2].isdecimal()
    if is_item and (found := _DEEPER.search(written)):
        message = "this '-' stands deeper than the list; write it below the one above"
        line = start.line + written.count("\n", 0, found.end())
        document.report(Rule.BAD_VALUE, message, line=line)
    return None if text in _NULLS else text


def _read_text(document: Document, node: yaml.Node) -> str:
    """Return a text without control characters, which it may have as escapes."""
    text = str(node.value)
    if found := UNSEEN.search(text):
        message = f"control character U+{ord(found[0]):04X}; delete it"
        document.report(Rule.ENCODING, message, line=node.start_mark.line)
    return UNSEEN.sub("", text)


def _read_mapping(
    document: Document, node: yaml.MappingNode, path: str
) -> dict[str, Value]:
    mapping: dict[str, Value] = {}
    for key_node, value_node in node.value:
        line, key = key_node.start_mark.line, _read_text(document, key_node)
        place = join(path, key)
        if not isinstance(key_node, yaml.ScalarNode) or len(key) > _LONGEST_KEY:
            message = "a long text or a list is no name of a field; write 'key: value'"
            document.report(Rule.BAD_RECORD, message, line=line)
        elif key in mapping:
            first = document.lines[place]
            message = f"{key}: the field is in line {first} too; remove one"
            document.report(Rule.DUPLICATE_FIELD, message, line=line)
        else:
            document.lines[place] = line
            mapping[key] = _read(document, value_node, place)
    return mapping


def join(path: str, key: str | int) -> str:
    """Return the path of an item or a field of the value at *path*."""
    return f"{path}.{key}" if path else str(key)
