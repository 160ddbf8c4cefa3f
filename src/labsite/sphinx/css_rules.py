"""Combine stylesheets into one with only the rules that some page can use.

An extension such as sphinx-design styles far more than a site shows. A selector is left
out when it asks for a class or an id that occurs nowhere. Elements, attributes, states,
functions such as ``:is()`` and escapes are never a reason to leave it out, and rules
within a rule stay with it.
"""

from __future__ import annotations

import posixpath
import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Set

#: Comments, addresses and strings, which can contain the syntax of rules.
_OPAQUE = re.compile(
    r"/\*.*?(?:\*/|\Z)|url\(\s*(?P<quote>[\"']?)(?P<address>.*?)(?P=quote)\s*\)"
    r"|\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'",
    re.DOTALL,
)
#: Takes their place; no sheet has these characters.
_PLACE = re.compile("\ufdd0([0-9]+)\ufdd1")
_NOTICE = re.compile(r"/\*!.*?\*/", re.DOTALL)
_CHARSET = re.compile(r"@charset[^;]*;", re.IGNORECASE)
#: The innermost rules: selectors and declarations.
_RULE = re.compile(r"([^{};]+)\{([^{}]*)\}")
_EMPTY = re.compile(r"@[^{};]+\{\}")
_FUNCTION = re.compile(r"\([^()]*\)|\[[^\]]*\]")
_NAME = re.compile(r"[.#]([A-Za-z_-][\w-]*)")
#: Part of a name; other words of scripts that end in a hyphen are operators.
_BEGINNING = re.compile(r"[a-z][\w-]*-", re.IGNORECASE)
#: Addresses with the same meaning wherever the stylesheet is.
_FIXED = re.compile(r"[a-z][a-z0-9+.-]*:|/|#", re.IGNORECASE)


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
    opaque: list[str] = []
    sheets = ""
    for path, text in sources:
        notices |= dict.fromkeys(_NOTICE.findall(text))
        back = posixpath.relpath(f"{path}/..", f"{place}/..")
        sheets += _reduce(text, back, occurs, opaque)
    sheets = _PLACE.sub(lambda found: opaque[int(found[1])], sheets)
    return "".join(f"{notice}\n" for notice in notices) + sheets + "\n"


def find_names(page: str) -> set[str]:
    """Return every class and id in a page."""
    # Patterns that begin with plain text are found in half of the time.
    text = page.replace("\n", " ").replace("\t", " ")
    found = re.findall(r' class="([^"]*)"', text) + re.findall(r' id="([^"]*)"', text)
    return {*" ".join({*found}).split()}


def find_words(script: str) -> Iterator[str]:
    """Yield every word of a script; each could be a class that it sets.

    A word of one or two characters is a variable, unless it is in quotes. A name that
    is put together, as in ``item-${kind}``, gives its beginning with the hyphen.
    """
    yield from re.findall(r"[\w-]{3,}|(?<=[\"'`])[\w-]+(?=[\"'`])", script)


def _reduce(
    sheet: str, back: str, occurs: Callable[[str], bool], opaque: list[str]
) -> str:
    """Return a sheet without comments, line ends and what can match nothing.

    :param back: the way from the new place of the sheet to the old one
    :param opaque: takes strings and addresses; the sheet gets placeholders for them
    """

    def put_aside(found: re.Match[str]) -> str:
        text, address = found[0], found["address"]
        if text.startswith("/*"):
            return ""
        if address is not None and not _FIXED.match(address):
            text = f'url("{posixpath.normpath(posixpath.join(back, address))}")'
        opaque.append(text)
        return f"\ufdd0{len(opaque) - 1}\ufdd1"

    text = _CHARSET.sub("", " ".join(_OPAQUE.sub(put_aside, sheet).split()))
    # The blank of an empty custom property is its value.
    text = re.sub(r"(?<!:) ?([{};]) ?", r"\1", text)
    text += "}" * (text.count("{") - text.count("}"))
    text = _RULE.sub(lambda rule: _reduce_rule(rule[1], rule[2], occurs), text)
    while _EMPTY.search(text):
        text = _EMPTY.sub("", text)
    return text


def _reduce_rule(head: str, declarations: str, occurs: Callable[[str], bool]) -> str:
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
    """Return whether all classes and ids that a selector asks for occur."""
    count = 1
    while count:
        selector, count = _FUNCTION.subn("", selector)
    return "\\" in selector or all(map(occurs, _NAME.findall(selector)))
