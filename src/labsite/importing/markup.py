"""Convert Liquid, Hugo's shortcodes and HTML to MyST.

What has no equivalent is kept as literal text, with a note.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import count

from labsite.importing.tree import NAMES, PATTERNS, Values, match_first
from labsite.model.tables import read_table
from labsite.text.values import parse_arxiv

_TABLE = read_table(__file__, "rewriting.toml")
_FLAGS = re.DOTALL | re.IGNORECASE | re.MULTILINE
_STEPS = {
    when: [(re.compile(pattern, _FLAGS), text) for pattern, text in _TABLE[when]]
    for when in ("first", "before", "after")
}
_PARTS: dict[str, re.Pattern[str]] = {
    name: re.compile(part, _FLAGS) for name, part in _TABLE["parts"].items()
}
_DEEPEST = 6  #: level of a heading
_ANCHORED = 3  #: deepest level with an anchor, ``myst_heading_anchors``


@dataclass(frozen=True, kw_only=True)
class Rewriter:
    """Converts the text of one page to MyST."""

    #: Returns the new address for an old one: "pub:" and a key for a paper, ``None``
    #: for a broken link, "" for one to the page itself.
    link: Callable[[str], str | None]
    keys: Mapping[str, str]  #: of papers, by key, title and identifier in lower case
    note: Callable[[str, str], None]  #: called with what is lost or literal, and where
    listed: str = ""  #: the directive of the list that the page has in any case

    def rewrite(self, text: str) -> str:
        """Return *text* in MyST, with headings from the second level on.

        Headings without anything below them are left out.
        """
        text = text.replace("\r\n", "\n").replace("\0", "")
        text = _PARTS["highlight"].sub(r"\n```\1\2\n```\n", text)
        # Code, closed, is replaced by numbers between null characters.
        numbers, found = count(), _PARTS["code"].finditer(text)
        code = [c[0] if c[3] is None else f"{c[0].rstrip()}\n{c[2]}" for c in found]
        text = _PARTS["code"].sub(lambda _: f"\0{next(numbers)}\0", text)

        def show(text: str) -> str:
            return re.sub("\0([0-9]+)\0", lambda found: code[int(found[1])], text)

        def hide_block(block: str) -> str:
            code.append(self._block(show(block)).strip())
            return f"\n\n\0{len(code) - 1}\0\n\n"

        text = replace_blocks(_take("first", text), hide_block)
        return show(_arrange(self._rewrite_text(text))).strip()

    def _rewrite_text(self, text: str) -> str:
        text = _take("before", text)
        text = _PARTS["bibliography"].sub(
            lambda found: self._list("publications", found[0], found[1] or ""), text
        )
        text = _PARTS["cite"].sub(self._cite, text)
        text = _PARTS["component"].sub(self._component, text)
        text = _PARTS["left"].sub(self._mark, text)
        text = _PARTS["link"].sub(self._link, _take("after", text))
        return re.sub(r"\n[ \t]*\n(?:[ \t]*\n)+", "\n\n", text)

    def _block(self, block: str) -> str:
        """Return a loop or a condition of Liquid as a list or literal text."""
        loop = _PARTS["loop"].match(block)
        if loop and PATTERNS["collections"].search(loop[1]):
            return self._list(loop[1], block.partition("%}")[0])
        self.note("left as text", block)
        return as_literal(block, 4)

    def _mark(self, found: re.Match[str]) -> str:
        self.note("left as text", found[0])
        return f"`{' '.join(found[0].split()).replace('`', chr(39))}`"

    def _cite(self, found: re.Match[str]) -> str:
        named = re.split(r"[\s,]+", found[1].lower())
        keys = [self.keys[name] for name in named if name in self.keys]
        return f"{{cite}}`{','.join(keys)}`" if keys else self._mark(found)

    def _list(self, collection: str, tag: str, condition: str = "") -> str:
        """Return a list of records, unless the page has it, or it cannot be chosen."""
        directive = NAMES["lists"][match_first("sections", collection)][0]
        is_selected = "[selected=true]" in condition
        if condition and not is_selected and directive == "publications":
            self.note("a list of some papers is left out", condition)
            return ""
        limit = directive in {"news", "publications"} and _PARTS["limit"].search(tag)
        option = ":selected:" if is_selected else f":limit: {limit[1]}" if limit else ""
        is_there = directive == self.listed and not is_selected
        return "" if is_there else f"\n\n{list_of(directive, option)}\n\n"

    def _component(self, found: re.Match[str]) -> str:
        """Convert an include or a shortcode to a list, a picture, a link or text."""
        name = (found[1] or found[3]).rpartition("/")[2].partition(".")[0]
        pairs = _PARTS["argument"].findall(found[2] or found[4] or "")
        # A bare word is a variable of Liquid.
        given = Values({k: a or b or c for k, a, b, c in pairs if found[3] or not c})
        data = given.text("data").rpartition(".")[2] or name
        if PATTERNS["collections"].search(data):
            return self._list(data, found[0], given.text("filter", "filters"))
        words = given.text("lookup").lower().removeprefix("doi:")
        words = parse_arxiv(words) or words
        paper = next((key for name, key in self.keys.items() if words in name), "")
        if words and paper:
            return f"{{pub:ref}}`{paper}`"
        image = given.text("image", "path", "src")
        address = given.text("link", "url", "cta_link").replace(" ", "%20")
        if address and given.text("type") == "email":
            address = f"mailto:{address}"
        label = given.text(*_TABLE["labels"])
        more = [given[n] for n in filter(_PARTS["texts"].fullmatch, given)]
        rest = "\n\n".join(text for text in more if text != label)
        rest = rest or ("" if image or address else label)
        picture = f"![{label}]({image})" if image else ""
        shown = label or picture or address.removeprefix("mailto:")
        reference = f"[{shown}]({address})" if address else ""
        picture = "" if picture in reference else picture
        text = "\n\n".join(filter(None, (picture, reference, rest)))
        if not text:
            return "" if name in _TABLE["layout"] else self._mark(found)
        return f"\n\n{text}\n\n" if picture or rest else text

    def _link(self, found: re.Match[str]) -> str:
        is_image, words, address = found[1], " ".join(found[2].split()), found[3]
        # A picture may be in a link, but no other link.
        words = _PARTS["link"].sub(lambda f: (f[1] and self._link(f)) or f[2], words)
        target = self.link(address) if address else ""
        if not target:
            if target is None:
                self.note("the target of a link is no file that can be copied", address)
            return "" if is_image else words
        if target.startswith("pub:"):
            key, words = target.removeprefix("pub:"), re.sub(r"[`<>*_]", "", words)
            return f"{{pub:ref}}`{words} <{key}>`" if words else f"{{pub:ref}}`{key}`"
        # Pictures of other hosts are not loaded.
        if is_image and "://" in target:
            return f"[{words or 'Picture'}]({target})"
        words = words or target * ("://" in target)
        return f"{is_image}[{words}]({target})"


def _take(steps: str, text: str) -> str:
    for pattern, instead in _STEPS[steps]:
        text = pattern.sub(instead, text)
    return text


def list_of(directive: str, options: str = "") -> str:
    """Return a list of records in MyST."""
    return "\n".join(filter(None, (f"```{{{directive}}}", options, "```")))


def keep_anchors(
    text: str, docname: str, anchors: Mapping[str, Mapping[str, str]]
) -> str:
    """Return the text of a page whose links lead only to *anchors* that pages have."""

    def settle(found: re.Match[str]) -> str:
        words, target, anchor = found.groups()
        known = anchors.get(target or docname, {}).get(anchor, "")
        target = f"/{target}.md" if target and target != docname else ""
        target += f"#{known}" if known else ""
        return f"[{words}]({target})" if target else words

    return _PARTS["identifier"].sub("", _PARTS["anchored"].sub(settle, text))


def anchors_of(text: str) -> dict[str, str]:
    """Return MyST's anchors of the headings of a page, by themselves and the old ones.

    MyST makes them as GitHub does, and kramdown begins with the first letter, unless a
    heading has an identifier of its own.
    """
    titles = [f[2] for f in _PARTS["heading"].finditer(text) if len(f[1]) <= _ANCHORED]
    anchors: dict[str, str] = {}
    for title, _, own in (title.partition("\0#") for title in titles):
        slug = re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-")
        anchors |= dict.fromkeys((re.sub(r"^[\W\d_]+", "", slug), slug, own), slug)
    return anchors


def as_literal(text: str, length: int) -> str:
    """Return a text in a fence of at least *length* tildes, longer than those in it."""
    fence = "~" * max(length, *(len(f) + 1 for f in re.findall("~{3,}", text)), 0)
    return f"{fence}text\n{text}\n{fence}"


def replace_blocks(text: str, instead: Callable[[str], str]) -> str:
    """Replace each loop or condition of Liquid that is in no other."""
    depth = start = 0
    blocks: list[tuple[int, int]] = []
    for found in _PARTS["block"].finditer(text):
        start = found.start() if depth == 0 else start
        depth = depth + 1 if not found[1] else max(depth - 1, 0)
        if depth == 0 and start < found.start():
            blocks.append((start, found.end()))
    for start, end in reversed(blocks):
        text = text[:start] + instead(text[start:end]) + text[end:]
    return text


def _arrange(text: str) -> str:
    """Return *text* without empty sections, and without gaps between their levels."""
    is_shorter = 1
    while is_shorter:
        text, is_shorter = _PARTS["empty"].subn(r"\2", text)
    levels = sorted({len(found[1]) for found in _PARTS["heading"].finditer(text)})
    marks = {level: "#" * place for place, level in enumerate(levels, 2)}
    return _PARTS["heading"].sub(
        lambda f: f"{marks[len(f[1])][:_DEEPEST]} {f[2]}", text
    )
