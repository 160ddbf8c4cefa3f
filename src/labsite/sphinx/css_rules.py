"""One stylesheet out of several, with only the rules that some page can use.

An extension such as sphinx-design styles far more than a site shows. A selector is left
out when it plainly asks for a class or an id that occurs nowhere. Elements, attributes,
states, functions such as ``:is()`` and escapes are never a reason to leave it out, and
rules within a rule stay with it. Keyframes and custom properties that nothing names are
left out as well.
"""

from __future__ import annotations

import posixpath
import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Set

#: What is no syntax of rules, whatever it holds.
_ASIDE = re.compile(
    r"/\*.*?(?:\*/|\Z)|\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'|url\([^\"')]*\)",
    re.DOTALL,
)
#: Stands for it; no sheet has these characters.
_PLACE = re.compile("\ufdd0([0-9]+)\ufdd1")
_NOTICE = re.compile(r"/\*!.*?\*/", re.DOTALL)
_CHARSET = re.compile(r"@charset[^;]*;", re.IGNORECASE)
#: The innermost rules: selectors and declarations.
_RULE = re.compile(r"([^{};]+)\{([^{}]*)\}")
_EMPTY = re.compile(r"@[^{};]+\{\}")
_KEYFRAMES = re.compile(r"@keyframes ([\w-]+)\{(?:[^{}]*\{[^{}]*\})*\}")
_PROPERTY = re.compile(r"(?<=[{;])(--[\w-]+):")
_PROPERTY_NAMED = r"(?<=[{;])(?:%s):[^;{}]*(?:;|(?=\}))"
_NO_DECLARATIONS = re.compile(r"(?<![^{}])[^{};@]+\{\}")
_FUNCTION = re.compile(r"\([^()]*\)|\[[^\]]*\]")
_NAME = re.compile(r"[.#]([A-Za-z_-][\w-]*)")
#: Part of a name; other words of scripts that end in a hyphen are operators.
_BEGINNING = re.compile(r"[a-z][\w-]*-", re.IGNORECASE)
_ADDRESS = re.compile(r"url\(\s*([\"']?)(.*?)\1\s*\)", re.DOTALL)
#: Addresses that mean the same wherever the stylesheet is.
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|/|#", re.IGNORECASE)


def combine(sources: Iterable[tuple[str, str]], names: Set[str], place: str) -> str:
    """Return one stylesheet in place of *sources*, in their order.

    Comments that begin with ``!``, by custom notices of copyright, stay.

    :param sources: path from the site's root, and text, of each
    :param names: every class and id that pages have or scripts may set; what ends in a
        hyphen begins such a name
    :param place: path of the result, from which addresses in it are counted
    """
    beginnings = tuple(name for name in names if _BEGINNING.fullmatch(name))

    @cache
    def occurs(name: str) -> bool:
        return name in names or name.startswith(beginnings)

    notices: dict[str, None] = {}
    aside: list[str] = []
    sheets = ""
    for path, text in sources:
        notices |= dict.fromkeys(_NOTICE.findall(text))
        back = posixpath.relpath(f"{path}/..", f"{place}/..")
        sheets += _thin(_readdress(text, back), occurs, aside)
    sheets = _drop_unnamed(sheets, names)
    sheets = _PLACE.sub(lambda found: aside[int(found[1])], sheets)
    return "".join(f"{notice}\n" for notice in notices) + sheets + "\n"


def find_names(page: str) -> set[str]:
    """Return every class, id and custom property in a page."""
    # Patterns that begin with plain text are found in half of the time.
    text = page.replace("\n", " ").replace("\t", " ")
    values = {
        *re.findall(r' class="([^"]*)"', text),
        *re.findall(r' id="([^"]*)"', text),
    }
    return {*" ".join(values).split(), *find_properties(page)}


def find_properties(text: str) -> list[str]:
    """Return every custom property that a page or a sheet names."""
    return re.findall(r"--[a-z][\w-]*", text)


def find_words(script: str) -> Iterator[str]:
    """Yield every word of a script; each could be a class that it sets.

    A word of one or two characters is a variable, unless it is in quotes.

    Of a name that it puts together, as in ``item-${kind}``, that is the beginning, with
    the hyphen.
    """
    yield from re.findall(r"[\w-]{3,}|(?<=[\"'`])[\w-]+(?=[\"'`])", script)


def _thin(sheet: str, occurs: Callable[[str], bool], aside: list[str]) -> str:
    """Return a sheet without comments, line ends and what can match nothing.

    :param aside: takes strings and addresses; the sheet gets placeholders for them
    """

    def put_aside(found: re.Match[str]) -> str:
        if found[0].startswith("/*"):
            return ""
        aside.append(found[0])
        return f"\ufdd0{len(aside) - 1}\ufdd1"

    text = _CHARSET.sub("", " ".join(_ASIDE.sub(put_aside, sheet).split()))
    # The blank of an empty custom property is its value.
    text = re.sub(r"(?<!:) ?([{};]) ?", r"\1", text)
    text += "}" * (text.count("{") - text.count("}"))
    text = _RULE.sub(lambda rule: _thin_rule(rule[1], rule[2], occurs), text)
    while _EMPTY.search(text):
        text = _EMPTY.sub("", text)
    return text


def _drop_unnamed(sheet: str, names: Set[str]) -> str:
    """Return a sheet without keyframes and custom properties that nothing names."""
    words = names | {*re.findall(r"[\w-]+", _KEYFRAMES.sub("", sheet))}
    sheet = _KEYFRAMES.sub(lambda found: found[0] * (found[1] in words), sheet)
    count = 1
    while count:  # a property may be named by one that goes
        used = names | {*re.findall(r"var\(\s*(--[\w-]+)", sheet)}
        unused = "|".join({*_PROPERTY.findall(sheet)} - used) or "(?!)"
        sheet, count = re.subn(_PROPERTY_NAMED % unused, "", sheet)
    return _NO_DECLARATIONS.sub("", sheet)


def _thin_rule(head: str, declarations: str, occurs: Callable[[str], bool]) -> str:
    if not head.startswith("@"):
        head = ",".join(s for s in _split(head) if _can_match(s, occurs))
    inside = re.sub(r": (?=[^;])", ":", declarations.removesuffix(";"))
    inside = inside.replace(" !important", "!important")
    return f"{head}{{{inside}}}" if head and inside else ""


def _split(selectors: str) -> Iterator[str]:
    """Divide a list of selectors at its commas."""
    parts = selectors.split(",")
    while parts:
        part = parts.pop(0)
        while parts and part.count("(") > part.count(")"):
            part += f",{parts.pop(0)}"
        yield part.strip()


def _can_match(selector: str, occurs: Callable[[str], bool]) -> bool:
    """Tell whether all classes and ids that a selector plainly asks for occur."""
    count = 1
    while count:
        selector, count = _FUNCTION.subn("", selector)
    return "\\" in selector or all(map(occurs, _NAME.findall(selector)))


def _readdress(text: str, back: str) -> str:
    """Count the relative addresses in a sheet from another place.

    :param back: the way from there to the old place
    """

    def move(found: re.Match[str]) -> str:
        if _ELSEWHERE.match(found[2]):
            return found[0]
        return f'url("{posixpath.normpath(posixpath.join(back, found[2]))}")'

    return _ADDRESS.sub(move, text)
