"""One stylesheet out of several, with only the rules that some page can use.

The frameworks under a theme style far more than a site shows. A rule is left out when
it asks for a class or an id that occurs nowhere; of what remains, custom properties
and animations that nothing refers to are left out as well. Elements, attributes and
states are never a reason to leave a rule out, nor is what is written with escapes.

The syntax is that of CSS Syntax Level 3 and Selectors Level 4, as far as braces,
strings, comments and selectors go; values stay as they are.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence, Set

    Occurs = Callable[[str], bool]

_TOKEN = re.compile(
    r"/\*.*?(?:\*/|\Z)"
    r"|\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'"
    r"|\([^()\"'{}]*\)"  # also an address, which may hold semicolons
    r"|[{};]|[^{};\"'/(]+|.",
    re.DOTALL,
)
#: At-rules whose block holds rules, which are looked at one by one.
_GROUPS = {"media", "supports", "layer", "container", "scope", "starting-style"}
#: Pseudo-classes that ask for one of several selectors.
_ALTERNATIVES = {"is", "where", "has", "host", "slotted"}
_NOWHERE = ".matches-nothing"  #: stands for a selector that does not match
_FUNCTION = re.compile(r":?:?([\w-]*)\(([^()]*)\)")
_NAME = re.compile(r"[.#]([\w-]+)")
_ATTRIBUTE = re.compile(r"\[(?:\"[^\"]*\"|'[^']*'|[^\]\"'])*\]")
_PROPERTY = re.compile(r"--[\w-]+")
#: Part of a name; other words of scripts that end in a hyphen are operators.
_BEGINNING = re.compile(r"[a-z][\w-]*-", re.IGNORECASE)
_ADDRESS = re.compile(r"url\(\s*([\"']?)(.*?)\1\s*\)", re.DOTALL)
#: Addresses that mean the same wherever the stylesheet is.
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|/|#", re.IGNORECASE)


@dataclass(slots=True)
class _Rule:
    """A rule; or a declaration or statement, which has no block."""

    head: str  #: what stands before the block
    block: list[_Rule] | None = None

    @property
    def keyword(self) -> str:
        """The keyword of an at-rule, or nothing."""
        found = re.match(r"@(?:-\w+-)?([\w-]+)", self.head)
        return found[1].lower() if found else ""


def combine(sources: Iterable[tuple[str, str]], names: Set[str], place: str) -> str:
    """Return one stylesheet in place of *sources*, in their order.

    Comments that begin with ``!``, by custom notices of copyright, stay.

    :param sources: path from the site's root, and text, of each
    :param names: every class and id that pages have or scripts may set, and every
        custom property that they read; what ends in a hyphen begins such a name
    :param place: path of the result, from which addresses in it are counted
    """
    beginnings = tuple(name for name in names if _BEGINNING.fullmatch(name))

    @cache
    def occurs(name: str) -> bool:
        return name in names or name.startswith(beginnings)

    notices: dict[str, None] = {}
    rules: list[_Rule] = []
    for path, text in sources:
        back = posixpath.relpath(_folder(path), _folder(place))
        tokens = _TOKEN.findall(_readdress(text, back))
        notices |= dict.fromkeys(t for t in tokens if t.startswith("/*!"))
        read = _read(token for token in tokens if not token.startswith("/*"))
        rules += _thin(read, occurs)
    _drop_unreferenced(rules, names)
    return "".join(f"{notice}\n" for notice in notices) + _render(rules) + "\n"


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


def _read(tokens: Iterator[str]) -> Iterator[_Rule]:
    """Yield what stands up to the end of a block, or of the sheet."""
    head: list[str] = []
    for part in tokens:
        if part not in {"{", "}", ";"}:
            head.append(part)
            continue
        said = "".join(head).strip()
        head = []
        if part == "{":
            yield _Rule(said, list(_read(tokens)))
        elif said:
            yield _Rule(said)
        if part == "}":
            return
    if "".join(head).strip():
        yield _Rule("".join(head).strip())


def _thin(rules: Iterable[_Rule], occurs: Occurs) -> Iterator[_Rule]:
    """Yield the rules that can match something, with the selectors that can."""
    for rule in rules:
        if rule.block is None:
            wanted = rule.keyword not in {"", "charset"}
        elif not rule.keyword:
            selectors = [s for s in _split(rule.head) if _can_match(s, occurs)]
            rule.head = ",".join(selectors)
            wanted = bool(selectors)
        else:
            if rule.keyword in _GROUPS:
                rule.block = list(_thin(rule.block, occurs))
            wanted = True
        if wanted:
            yield rule


def _split(selectors: str) -> Iterator[str]:
    """Divide a list of selectors at its commas."""
    depth = start = 0
    for found in re.finditer(r"\"[^\"]*\"|'[^']*'|[(),]", selectors):
        depth += {"(": 1, ")": -1}.get(found[0], 0)
        if found[0] == "," and not depth:
            yield selectors[start : found.start()].strip()
            start = found.end()
    yield selectors[start:].strip()


def _can_match(selector: str, occurs: Occurs) -> bool:
    """Tell whether all classes and ids that a selector asks for occur."""
    if "\\" in selector:
        return True
    selector = _ATTRIBUTE.sub("", selector)

    def answer(function: re.Match[str]) -> str:
        wanted = function[1].lower() in _ALTERNATIVES
        parts = function[2].split(",") if wanted else ()
        matches = not wanted or any(_can_match(part, occurs) for part in parts)
        return "" if matches else _NOWHERE

    count = selector.count("(")
    while count:  # from the innermost to the outermost
        selector, count = _FUNCTION.subn(answer, selector)
    return all(map(occurs, _NAME.findall(selector)))


def _render(rules: Iterable[_Rule]) -> str:
    """Return rules as text, but for those of which nothing is left."""
    text = ""
    for rule in rules:
        head = re.sub(r"\s*\n\s*", " ", rule.head)
        if rule.block is None:
            text += f"{head if rule.keyword else _declaration(head)};"
        else:
            inside = _render(rule.block).removesuffix(";")
            text += f"{head}{{{inside}}}" if inside else ""
    return text


def _declaration(text: str) -> str:
    name, _, value = text.partition(":")
    value = re.sub(r"\s*!\s*important$", "!important", value.strip())
    # An empty value of a custom property is one blank.
    return f"{name.strip()}:{value or ' '}"


def _folder(path: str) -> str:
    return posixpath.dirname(path) or "."


def _readdress(text: str, back: str) -> str:
    """Count the relative addresses in a sheet from another place.

    :param back: the way from there to the old place
    """

    def move(found: re.Match[str]) -> str:
        if _ELSEWHERE.match(found[2]):
            return found[0]
        return f'url("{posixpath.normpath(posixpath.join(back, found[2]))}")'

    return _ADDRESS.sub(move, text)


def _walk(rules: Iterable[_Rule], *, leave: str = "") -> Iterator[_Rule]:
    """Yield rules and all within them, but for at-rules of a keyword."""
    for rule in rules:
        if not leave or rule.keyword != leave:
            yield rule
            yield from _walk(rule.block or (), leave=leave)


def _drop_unreferenced(rules: Sequence[_Rule], names: Set[str]) -> None:
    """Leave out custom properties and animations that nothing refers to."""
    dropped = True
    while dropped:
        used = {"", *names}
        for rule in _walk(rules):
            if "--" in rule.head:
                used.update(_PROPERTY.findall(rule.head, rule.head.find(":") + 1))
        dropped = False
        for rule in _walk(rules):
            if rule.block:
                kept = [r for r in rule.block if _custom(r) in used]
                dropped |= len(kept) < len(rule.block)
                rule.block = kept
    declared = _walk(rules, leave="font-face")
    said = " ".join(r.head for r in declared if r.block is None).replace("\\", "")
    for rule in _walk(rules):
        subject = re.escape(_subject(rule).replace("\\", ""))
        if subject and not re.search(rf"(?<![\w-]){subject}(?![\w-])", said):
            rule.block = []


def _custom(rule: _Rule) -> str:
    """Return the custom property that a declaration sets, or nothing."""
    return rule.head.partition(":")[0].strip() if rule.head[:2] == "--" else ""


def _subject(rule: _Rule) -> str:
    """Return the name that an animation or a face of type is used by, or nothing."""
    if rule.keyword == "keyframes":
        return rule.head.partition(" ")[2].strip(" '\"")
    if rule.keyword == "font-face":
        named = (r.head for r in rule.block or () if r.head.startswith("font-family:"))
        return next(named, "").partition(":")[2].strip(" '\"")
    return ""
