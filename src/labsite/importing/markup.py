"""Convert Liquid, Hugo's shortcodes and HTML to MyST.

What has no equivalent is kept as literal text, with a note.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

from labsite.importing.records import Values
from labsite.model.tables import read_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_TABLE = read_table(__file__, "rewriting.toml")
_FLAGS = re.DOTALL | re.IGNORECASE | re.MULTILINE
_STEPS = {
    when: [(re.compile(step["pattern"], _FLAGS), step["text"]) for step in _TABLE[when]]
    for when in ("before", "after")
}
_PARTS = {name: re.compile(part, _FLAGS) for name, part in _TABLE["parts"].items()}
_COMPONENT, _LINK = _PARTS["component"], _PARTS["link"]
_REFERENCE = re.compile(r"\{pub:ref\}`[^`]*`")
_ALIGNED = re.compile(r"\\(begin|end)\{align\*?\}")
_DEEPEST = 6  #: level of a heading


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewriter:
    """Converts the text of one page to MyST."""

    #: Returns the new address for an old one: "pub:" and a key for a paper, ``None``
    #: for a broken link.
    link: Callable[[str], str | None]
    #: Citation keys, by key, title and identifier in lower case.
    keys: Mapping[str, str]
    note: Callable[[str], None]  #: called with a message on what cannot be converted
    listed: str = ""  #: the directive of the list that the page has in any case

    def rewrite(self, text: str) -> str:
        """Return *text* in MyST, with headings from the second level on.

        Headings without anything below them are left out.
        """
        text = text.replace("\r\n", "\n").replace("\0", "")
        text, code = hide_code(_PARTS["highlight"].sub(r"\n```\1\2\n```\n", text))
        code = [_PARTS["chunk"].sub(r"\1\2", part) for part in code]
        comment, nothing = _STEPS["before"][0]
        text = self._mark_blocks(comment.sub(nothing, text), code)
        text = _PARTS["formula"].sub(lambda found: _formula(found, code), text)
        text = _arrange(self._rewrite_text(text))
        words = [re.sub(r"[`<>]|\{math\}", "", c) for c in code]  # roles have no markup
        text = _REFERENCE.sub(lambda found: show_code(found[0], words), text)
        return show_code(text, code).strip()

    def _rewrite_text(self, text: str) -> str:
        for pattern, instead in _STEPS["before"]:
            text = pattern.sub(instead, text)
        text = _PARTS["bibliography"].sub(
            lambda found: self._list("publications", found[1] or ""), text
        )
        text = _PARTS["cite"].sub(self._cite, text)
        text = _COMPONENT.sub(self._component, text)
        text = _PARTS["left"].sub(self._mark, text)
        text = _PARTS["table"].sub(_table, text)
        for pattern, instead in _STEPS["after"]:
            text = pattern.sub(instead, text)
        return re.sub(r"\n[ \t]*\n(?:[ \t]*\n)+", "\n\n", _LINK.sub(self._link, text))

    def _mark_blocks(self, text: str, code: list[str]) -> str:
        """Make each loop or condition of Liquid a list or literal text."""
        for start, end in reversed([*_blocks(text)]):
            loop = _PARTS["loop"].match(text, start)
            if loop and loop[1] in _TABLE["lists"]:
                listed = self._list(_TABLE["lists"][loop[1]], "")
                text = f"{text[:start]}{listed}{text[end:]}"
                continue
            block = show_code(text[start:end], code)
            self.note(f"left as text: {' '.join(block.split())[:60]}…")
            text = f"{text[:start]}\n\n\0{len(code)}\0\n\n{text[end:]}"
            code.append(as_literal(block, 4))
        return text

    def _mark(self, found: re.Match[str]) -> str:
        bare = " ".join(found[0].split())
        self.note(f"left as text: {bare[:60]}")
        return f"`{bare.replace('`', chr(39))}`"

    def _cite(self, found: re.Match[str]) -> str:
        named = re.split(r"[\s,]+", found[1].lower())
        keys = [self.keys[name] for name in named if name in self.keys]
        return f"{{cite}}`{','.join(keys)}`" if keys else self._mark(found)

    def _list(self, directive: str, condition: str) -> str:
        """Return a list of records, unless the page has it, or it cannot be chosen."""
        found = re.search(r"\[(?:(selected)=true|year=(\d{4}))\]", condition)
        if condition and not found and directive == "publications":
            self.note(f"a list of some papers is left out: {condition[:60]}")
            return ""
        option = ":selected:" if found and found[1] else found and f":year: {found[2]}"
        if directive == self.listed and not option:
            return ""
        return f"\n\n{list_of(directive, option)}\n\n"

    def _component(self, found: re.Match[str]) -> str:
        """Convert an include or a shortcode to a list, a picture, a link or text."""
        name = (found[1] or found[3]).rpartition("/")[2].partition(".")[0]
        pairs = _PARTS["argument"].findall(found[2] or found[4] or "")
        # A bare word is a variable.
        given = Values({k: a or b or c for k, a, b, c in pairs if not c.isidentifier()})
        data = given.get("data", "").rpartition(".")[2]
        shown = _TABLE["lists"].get(data if name in {"list", "grid"} else name)
        if shown:
            return self._list(shown, given.text("filter", "filters"))
        image = given.text("image", "path", "src")
        address = given.text("link", "url", "cta_link")
        label = given.text("title", "caption", "text", "cta_text", "alt") or address
        words = given.text("lookup").lower().removeprefix("doi:")
        paper = next((key for name, key in self.keys.items() if words in name), "")
        if words and paper:
            return f"{{pub:ref}}`{paper}`"
        more = [given[n] for n in ("text", "description", "content") if n in given]
        rest = next((m for m in more if m != label), "" if image or address else label)
        picture = f"![{label}]({image})" if image else ""
        reference = f"[{label}]({address})" if address else ""
        text = "\n\n".join(filter(None, (picture, reference, rest)))
        if not text:
            return "" if name in _TABLE["layout"]["components"] else self._mark(found)
        return f"\n\n{text}\n\n" if picture or rest else text

    def _link(self, found: re.Match[str]) -> str:
        is_image, words, address = found[1], found[2], found[3]
        words = " ".join(words.split())
        words = _LINK.sub(self._link, words) if "](" in words else words
        if not address:
            return words
        target = self.link(address)
        if target is None:
            self.note(f"the target of a link is not in the old site: {address[:80]}")
            return words
        if target.startswith("pub:"):
            key, words = target.removeprefix("pub:"), re.sub(r"[`<>*_]", "", words)
            return f"{{pub:ref}}`{words} <{key}>`" if words else f"{{pub:ref}}`{key}`"
        # Pictures of other hosts are not loaded.
        if is_image and "://" in target:
            return f"[{words or 'Picture'}]({target})"
        return f"{is_image}[{words}]({target})"


def _formula(found: re.Match[str], code: list[str]) -> str:
    """Hide a formula as code, a block or a role."""
    start, formula, end = found[1], found[2] or found[4], found[3]
    formula = _ALIGNED.sub(r"\\\1{aligned}", formula).strip()
    if start is not None and end is not None:
        code.append(f"```{{math}}\n{formula}\n```")
        return f"\n\n\0{len(code) - 1}\0\n\n"
    code.append(f"{{math}}`{' '.join(formula.split())}`")
    return f"{start or ''}\0{len(code) - 1}\0"


def _table(found: re.Match[str]) -> str:
    """Return a table in HTML as one in Markdown, which begins with a heading."""
    rows = []
    for cells in map(_PARTS["cell"].findall, _PARTS["row"].findall(found[1])):
        texts = (_PARTS["outer"].sub(" ", cell).replace("|", r"\|") for cell in cells)
        rows.append([" ".join(text.split()) for text in texts])
    width = max(map(len, rows), default=0)
    rows[1:1] = [["---"] * width] if width else []
    lines = (f"| {' | '.join([*row, *[''] * (width - len(row))])} |" for row in rows)
    return "\n\n{}\n\n".format("\n".join(lines))


def list_of(directive: str, options: str | None = "") -> str:
    """Return a list of records in MyST."""
    return "\n".join(filter(None, (f"```{{{directive}}}", options, "```")))


def as_literal(text: str, length: int) -> str:
    """Return a text in a fence of at least *length* tildes, longer than those in it."""
    fence = "~" * max(length, *(len(f) + 1 for f in re.findall("~{3,}", text)), 0)
    return f"{fence}text\n{text}\n{fence}"


def without_lists(text: str) -> str:
    """Return a page without its loops over records, and their conditions."""
    for start, end in reversed([*_blocks(text)]):
        text = text[:start] + text[end:]
    return text


def _blocks(text: str) -> Iterator[tuple[int, int]]:
    """Yield the place of each loop or condition of Liquid that is in no other."""
    depth = start = 0
    for found in _PARTS["block"].finditer(text):
        start = found.start() if depth == 0 else start
        depth = depth + 1 if not found[1] else max(depth - 1, 0)
        if depth == 0 and start < found.start():
            yield start, found.end()


def divide(text: str) -> tuple[str, str]:
    """Return the text before the first heading of a page in MyST, and the rest."""
    text, code = hide_code(text)
    heading = _PARTS["heading"].search(text)
    start = heading.start() if heading else len(text)
    return show_code(text[:start], code).strip(), show_code(text[start:], code).strip()


def hide_code(text: str) -> tuple[str, list[str]]:
    """Return *text* with code, closed, replaced by numbers between null characters."""
    parts, number = _PARTS["code"].finditer(text), count()
    code = [p[0] if p[3] is None else f"{p[0].rstrip()}\n{p[2]}" for p in parts]
    return _PARTS["code"].sub(lambda _: f"\0{next(number)}\0", text), code


def show_code(text: str, code: list[str]) -> str:
    """Return *text* with the code that :func:`hide_code` replaced."""
    return re.sub("\0([0-9]+)\0", lambda found: code[int(found[1])], text)


def _arrange(text: str) -> str:
    """Return *text* without empty sections, and without gaps between their levels."""
    text = _PARTS["underlined"].sub(r"## \1", _PARTS["untitled"].sub("", text))
    start, *parts = _PARTS["heading"].split(text)
    found = [*zip(map(len, parts[::3]), parts[1::3], parts[2::3], strict=True)]
    kept: list[tuple[int, str, str]] = []
    for level, title, body in reversed(found):
        if body.strip() or (kept and kept[-1][0] > level):
            kept.append((level, title, body))
    shift = 2 - min((level for level, _title, _body in kept), default=2)
    sections, last = [start], 1
    for level, title, body in reversed(kept):
        last = min(level + shift, last + 1, _DEEPEST)
        sections.append(f"{'#' * last} {title}{body}")
    return "".join(sections)
