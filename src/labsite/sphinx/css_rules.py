"""One stylesheet out of several, with only the rules that some page can use.

The frameworks under a theme style far more than a site shows. A rule is left out when
it asks for a class or an id that occurs nowhere; of what remains, custom properties
and animations that nothing refers to are left out as well. Elements, attributes and
states are never a reason to leave a rule out. The syntax is that of CSS Syntax Level 3
and Selectors Level 4.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import tinycss2

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence, Set

#: Tokens and rules of tinycss2, which is published without types.
Node = Any

#: At-rules whose block holds rules, which are looked at one by one.
_GROUPS = {"media", "supports", "layer", "container", "scope", "starting-style"}
#: Pseudo-classes that ask for one of several selectors.
_ALTERNATIVES = {"is", "where", "has", "host", "slotted"}
_PROPERTY = re.compile(r"--[\w-]+")
#: The innermost rules of a stylesheet: selectors and declarations.
_RULE = re.compile(r"(?<=[{};/])([^{}@;/]+)\{[^{}]*\}")
_NAME = re.compile(r"[.#]([a-zA-Z_-][\w-]*)")
#: Functions such as ``:is()``, attributes and escapes, which only a parser reads right.
_NOT_PLAIN = re.compile(r"[(\[\\\"']")
_STRING_OR_COMMENT = re.compile(
    r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|/\*.*?\*/", re.DOTALL
)
#: Part of a name; other words of scripts that end in a hyphen are operators.
_BEGINNING = re.compile(r"[a-z][\w-]*-", re.IGNORECASE)
#: Addresses that mean the same wherever the stylesheet is.
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|/|#", re.IGNORECASE)


def combine(sources: Iterable[tuple[str, str]], names: Set[str], place: str) -> str:
    """Return one stylesheet in place of *sources*, in their order.

    Comments that begin with ``!``, by custom notices of copyright, stay.

    :param sources: path from the site's root, and text, of each
    :param names: every class and id that pages have or scripts may set, and every
        custom property that they read; what ends in a hyphen begins such a name
    :param place: path of the result, from which addresses in it are counted
    """
    notices: dict[str, None] = {}
    rules: list[_Rule] = []
    occurs = _Occurrence(names)
    for path, text in sources:
        nodes = tinycss2.parse_stylesheet(_thin(text, occurs), skip_whitespace=True)
        comments = (node.value for node in nodes if node.type == "comment")
        notices |= {comment: None for comment in comments if comment.startswith("!")}
        _readdress(nodes, posixpath.relpath(_folder(path), _folder(place)))
        rules += _rules(nodes, occurs)
    _drop_unreferenced(rules, names)
    head = "".join(f"/*{notice}*/\n" for notice in notices)
    return head + "".join(map(_render, rules)) + "\n"


def _thin(text: str, names: _Occurrence) -> str:
    """Leave out rules that plainly ask for what occurs nowhere, without parsing.

    Most rules of a framework are such, and parsing them takes a tenth of a cold build.
    Where braces stand in comments or strings, all is left to the parser.
    """
    if any("{" in part or "}" in part for part in _STRING_OR_COMMENT.findall(text)):
        return text

    def thin(rule: re.Match[str]) -> str:
        asked = map(_NAME.findall, rule[1].split(","))
        idle = all(any(name not in names for name in each) for each in asked)
        return "" if idle and not _NOT_PLAIN.search(rule[1]) else rule[0]

    return _RULE.sub(thin, text)


def find_names(page: str) -> Iterator[str]:
    """Yield every class and id in a page, and every custom property it mentions."""
    for value in re.findall(r'\s(?:class|id)="([^"]*)"', page):
        yield from value.split()
    yield from _PROPERTY.findall(page)


def find_words(script: str) -> Iterator[str]:
    """Yield every word of a script; each could be a class that it sets.

    Of a name that it puts together, as in ``item-${kind}``, that is the beginning, with
    the hyphen.
    """
    yield from re.findall(r"[\w-]+", script)


class _Occurrence:
    """Whether a class or an id occurs."""

    def __init__(self, names: Set[str]) -> None:
        self._names = names
        self._beginnings = tuple(n for n in names if _BEGINNING.fullmatch(n))

    def __contains__(self, name: str) -> bool:
        return name in self._names or name.startswith(self._beginnings)


@dataclass(slots=True)
class _Rule:
    """A rule in parts, some of which can be left out."""

    head: str  #: what stands before the block
    #: Name and whole text; no name for a rule among them.
    declarations: list[tuple[str, str]] = field(default_factory=list)
    rules: list[_Rule] = field(default_factory=list)
    text: str = ""  #: the whole of a rule that is kept or dropped as it is


def _rules(nodes: Iterable[Node], names: _Occurrence) -> Iterator[_Rule]:
    for node in nodes:
        if node.type == "qualified-rule":
            wanted = [s for s in _split(node.prelude) if _can_match(s, names)]
            if wanted:
                head = ",".join(map(_serialize, wanted))
                yield _Rule(head, declarations=list(_declarations(node.content)))
        elif node.type == "at-rule" and node.lower_at_keyword != "charset":
            yield _at_rule(node, names)


def _at_rule(node: Node, names: _Occurrence) -> _Rule:
    head = f"@{node.at_keyword} {_serialize(node.prelude)}".strip()
    if node.content is None:
        return _Rule(head, text=f"{head};")
    if node.lower_at_keyword in _GROUPS:
        inner = tinycss2.parse_rule_list(node.content, skip_whitespace=True)
        return _Rule(head, rules=list(_rules(inner, names)))
    return _Rule(head, text=f"{head}{{{_serialize(node.content)}}}")


def _render(rule: _Rule) -> str:
    """Return the rule as text, empty if nothing is left in it."""
    inside = ";".join(text for _, text in rule.declarations)
    inside += "".join(map(_render, rule.rules))
    return rule.text or (f"{rule.head}{{{inside}}}" if inside else "")


def _walk(rules: Iterable[_Rule]) -> Iterator[_Rule]:
    for rule in rules:
        yield rule
        yield from _walk(rule.rules)


def _can_match(selector: Iterable[Node], names: _Occurrence) -> bool:
    """Tell whether all classes and ids that a selector asks for occur."""
    after_dot = False
    for node in selector:
        asked = node.type == "hash" or (after_dot and node.type == "ident")
        if asked and node.value not in names:
            return False
        if node.type == "function" and node.lower_name in _ALTERNATIVES:
            parts = _split(node.arguments)
            if not any(_can_match(part, names) for part in parts):
                return False
        after_dot = node == "."
    return True


def _split(nodes: Iterable[Node]) -> list[list[Node]]:
    """Divide a list of selectors at its commas."""
    parts: list[list[Node]] = [[]]
    for node in nodes:
        if node == ",":
            parts.append([])
        else:
            parts[-1].append(node)
    return parts


def _declarations(content: Iterable[Node]) -> Iterator[tuple[str, str]]:
    nodes = tinycss2.parse_blocks_contents(
        content, skip_comments=True, skip_whitespace=True
    )
    for node in nodes:
        if node.type == "declaration":
            # An empty value of a custom property is one blank.
            value = _serialize(node.value) or " "
            important = "!important" if node.important else ""
            yield node.name, f"{node.name}:{value}{important}"
        elif node.type in {"qualified-rule", "at-rule"}:
            yield "", _serialize([node])


def _serialize(tokens: Iterable[Node]) -> str:
    """Return tokens as text, without comments and on one line."""
    text = tinycss2.serialize([t for t in tokens if t.type != "comment"])
    return re.sub(r"\s*\n\s*", " ", text).strip()


def _folder(path: str) -> str:
    return posixpath.dirname(path) or "."


def _readdress(nodes: Iterable[Node], back: str) -> None:
    """Count the relative addresses among *nodes* from another place.

    :param back: the way from there to the old place
    """
    for node in nodes:
        if node.type == "url":
            _move(node, back, 'url("{}")')
        elif node.type == "function" and node.lower_name == "url":
            for token in node.arguments:
                if token.type == "string":
                    _move(token, back, '"{}"')
        else:
            for name in ("content", "arguments"):
                _readdress(getattr(node, name, None) or (), back)


def _move(token: Node, back: str, form: str) -> None:
    if not _ELSEWHERE.match(token.value):
        token.value = posixpath.normpath(posixpath.join(back, token.value))
        token.representation = form.format(token.value)


def _drop_unreferenced(rules: Sequence[_Rule], names: Set[str]) -> None:
    """Leave out custom properties and animations that nothing refers to."""
    dropped = True
    while dropped:
        used = set(names)
        for rule in _walk(rules):
            for name, text in rule.declarations:
                used.update(_PROPERTY.findall(text, len(name)))
        dropped = False
        for rule in _walk(rules):
            kept = [d for d in rule.declarations if d[0][:2] != "--" or d[0] in used]
            dropped |= len(kept) < len(rule.declarations)
            rule.declarations = kept
    said = " ".join(text for rule in _walk(rules) for _, text in rule.declarations)
    for rule in _walk(rules):
        subject = _subject(rule)
        if subject and not re.search(rf"(?<![\w-]){re.escape(subject)}(?![\w-])", said):
            rule.text = ""


def _subject(rule: _Rule) -> str | None:
    """Return the name that an animation or a face of type is used by."""
    keyword, _, name = rule.head.partition(" ")
    if keyword.lower().endswith("keyframes"):
        return name.strip("'\"")
    if keyword.lower() == "@font-face":
        found = re.search(r"font-family:\s*([^;}]+)", rule.text)
        return found[1].strip().strip("'\"").replace("\\", "") if found else None
    return None
