"""Pages in Liquid, Hugo's shortcodes and HTML as MyST.

What has an equal in MyST becomes that. Whatever is left of another system's language
is marked as literal text and noted, so that it is seen and nothing is lost.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_FLAGS = re.DOTALL | re.IGNORECASE | re.MULTILINE
_FENCED = re.compile(
    r"^([ \t]*)(`{3,}|~{3,})[^\n]*\n.*?^[ \t]*\2[ \t]*$|`[^`\n]+`", _FLAGS
)
#: Comments, code for browsers, and attributes of kramdown.
_HIDDEN = re.compile(
    r"<!--.*?-->|<(script|style|svg|noscript|form)\b.*?</\1\s*>|</?(?:script|style)[^<>]*>"
    r"|\{%-?\s*comment\s*-?%\}.*?\{%-?\s*endcomment\s*-?%\}|\{:[^}\n]*\}|\{#[\w-]+\}"
    r"|^\s*[*+-]\s+toc\s*$",
    _FLAGS,
)
_HIGHLIGHT = re.compile(
    r"\{%-?\s*highlight\s+(\w+)[^%]*%\}(.*?)\{%-?\s*endhighlight\s*-?%\}", _FLAGS
)
#: What makes an address in Liquid: {{ '/x' | relative_url }}, {% link x.md %}.
_ADDRESS = re.compile(
    r"\{\{-?\s*['\"]([^'\"{}]*)['\"]\s*\|[^{}]*\}\}|"
    r"\{%-?\s*(?:link|post_url)\s+([^%\s]+)\s*-?%\}|\{\{-?\s*site\.(?:base)?url[^}]*\}\}"
)
_INCLUDE = re.compile(r"\{%-?\s*include\s+([\w/.-]+)(.*?)-?%\}", _FLAGS)
_SHORTCODE = re.compile(r"\{\{[<%]\s*(/?)([\w-]+)(.*?)/?\s*[>%]\}\}", _FLAGS)
_ARGUMENT = re.compile(
    r"([\w-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'%}>]+))", _FLAGS
)
_BIBLIOGRAPHY = re.compile(r"\{%-?\s*bibliography\b[^%]*-?%\}")
_CITE = re.compile(r"\{%-?\s*(?:cite|quote|reference)\s+([^%]*?)\s*-?%\}")
_BLOCK = re.compile(r"\{%-?\s*(end)?(for|if|unless|case|capture|tablerow)\b[^%]*%\}")
_SILENT = re.compile(
    r"\{%-?\s*(?:assign|raw|end\w+|else|elsif|when|break|continue|increment)\b[^%]*%\}"
)
_LEFT = re.compile(r"(?<!`)(?:\{%.*?%\}|\{\{.*?\}\})", _FLAGS)
_TAG = re.compile(r"<(/?)([a-zA-Z][\w-]*)((?:\s+[^<>]*?)?)\s*/?>")
_LINK = re.compile(
    r"(!?)\[((?:[^\[\]]|\[[^\[\]]*\])*)\]\(\s*<?([^()\s<>]*(?:\([^()\s]*\))?[^()\s<>]*)>?"
    r"(?:\s+(?:\"[^\"]*\"|'[^']*'))?\s*\)(?:\{[^}\n]*\})?"
)
_HEADING = re.compile(r"^(#{1,6})[ \t]+(.*?)\s*#*\s*$|^#+[ \t]*$", re.MULTILINE)
_SETEXT = re.compile(r"^(?![#>*\-\s|])([^\n|]+)\n(=+|-{2,})[ \t]*$", re.MULTILINE)
_DEEPEST = 6  #: level of a heading
_TAGS = dict.fromkeys(("p", "div", "section", "table", "figure", "center"), "\n\n")
_TAGS |= dict.fromkeys(("br", "ul", "ol", "tr", "dl"), "\n") | {"hr": "\n\n---\n\n"}
_TAGS |= {"b": "**", "strong": "**", "i": "*", "em": "*", "td": " ", "th": " "}
#: Lists of the templates, and what a page of this engine shows in their place.
_LISTS = {"citations": "publications", "publications": "publications", "team": "team",
          "members": "team", "people": "team", "posts": "news", "news": "news",
          "projects": "topic-cards"}  # fmt: skip
#: Components of layout, without anything to show.
_LAYOUT = {"section", "cols", "grid", "gallery", "tags", "float", "icon", "search-box",
           "search-info", "math", "spoiler", "details", "cta", "toc"}  # fmt: skip


@dataclass(slots=True, kw_only=True)
class Rewriter:
    """Turns the text of one page into MyST."""

    #: From an address of the old site to what the page writes, "pub:" and a key for a
    #: paper; ``None`` for an address that leads nowhere.
    link: Callable[[str], str | None]
    cites: Callable[[str], bool]  #: tells whether a citation key is known
    note: Callable[[str], None]  #: called with what is left as it is
    _open: list[str] = field(default_factory=list)  #: the addresses of links in HTML

    def rewrite(self, text: str) -> str:
        """Return *text* as MyST, its headings from the second level on."""
        text = _HIGHLIGHT.sub(r"\n```\1\2\n```\n", text.replace("\r\n", "\n"))
        text = _outside_code(self._mark_blocks(text), self._rewrite_part)
        return _with_levels(text).strip()

    def _rewrite_part(self, text: str) -> str:
        text = _HIDDEN.sub("", text)
        text = _ADDRESS.sub(lambda found: found[1] or found[2] or "", text)
        text = _BIBLIOGRAPHY.sub(_directive("publications"), text)
        text = _CITE.sub(self._cite, text)
        text = _INCLUDE.sub(self._include, text)
        text = _SHORTCODE.sub(self._shortcode, text)
        text = _LEFT.sub(self._mark, _SILENT.sub("", text))
        text = _LINK.sub(self._link, _TAG.sub(self._tag, text))
        return re.sub(r"\n[ \t]*\n(?:[ \t]*\n)+", "\n\n", text)

    def _mark_blocks(self, text: str) -> str:
        """Mark each loop or condition of Liquid with all that stands in it."""
        parts, end, depth, start = [], 0, 0, 0
        for found in _BLOCK.finditer(text):
            start = found.start() if depth == 0 else start
            depth = depth + 1 if not found[1] else max(depth - 1, 0)
            if depth == 0 and found[1] and start < found.start() and start >= end:
                block = text[start : found.end()]
                self.note(f"left as text: {' '.join(block.split())[:60]}…")
                parts += [text[end:start], f"\n\n~~~~text\n{block}\n~~~~\n\n"]
                end = found.end()
        return "".join([*parts, text[end:]])

    def _mark(self, found: re.Match[str]) -> str:
        bare = " ".join(found[0].split())
        self.note(f"left as text: {bare[:60]}")
        return f"`{bare.replace('`', chr(39))}`"

    def _cite(self, found: re.Match[str]) -> str:
        keys = [key for key in re.split(r"[\s,]+", found[1]) if self.cites(key)]
        return f"{{cite}}`{','.join(keys)}`" if keys else self._mark(found)

    def _include(self, found: re.Match[str]) -> str:
        """Return what a component of a Jekyll theme shows."""
        name = found[1].rpartition("/")[2].partition(".")[0]
        given = _arguments(found[2])
        data = given.get("data", "").rpartition(".")[2]
        shown = _LISTS.get(data if name in {"list", "grid"} else name)
        return _directive(shown) if shown else self._component(name, given, found)

    def _shortcode(self, found: re.Match[str]) -> str:
        """Return what a shortcode of Hugo shows."""
        closing, name, rest = found[1], found[2], found[3]
        given = _arguments(rest)
        bare = rest.strip().split(maxsplit=1)[0].strip("\"'") if rest.strip() else ""
        if name in {"youtube", "vimeo"}:
            host = {"youtube": "www.youtube.com/watch?v=", "vimeo": "vimeo.com/"}[name]
            return f"[Video](https://{host}{given.get('id', bare)})"
        if name in {"callout", "alert", "note", "notice"}:
            kind = "warning" if "warning" in rest else "note"
            return "\n:::\n" if closing else f"\n:::{{{kind}}}\n"
        if name in {"relref", "ref"}:
            return bare
        if name == "cite" and "page" in given:
            given |= {"link": given["page"], "text": given["page"].strip("/")}
        return self._component(name, given, found)

    def _component(self, name: str, given: dict[str, str], found: re.Match[str]) -> str:
        """Return a picture, a link and a text, as far as a component has them."""
        image = next((given[n] for n in ("image", "path", "src") if n in given), "")
        address = given.get("link") or given.get("url") or ""
        words = [given[n] for n in ("title", "caption", "text", "alt") if given.get(n)]
        label = words[0] if words else address
        picture = f"![{label}]({image})" if image else ""
        reference = f"[{label}]({address})" if address else ""
        rest = "" if picture or reference else label
        more = [given[n] for n in ("text", "description") if n in given]
        rest = next((m for m in more if m != label), rest)
        parts = [part for part in (picture, reference, rest) if part]
        if not parts:
            return "" if name in _LAYOUT else self._mark(found)
        text = "\n\n".join(parts)
        return f"\n\n{text}\n\n" if picture or more[1:] else text

    def _link(self, found: re.Match[str]) -> str:
        is_image, words, address = found[1], found[2], found[3]
        words = _LINK.sub(self._link, words) if "](" in words else words
        target = self.link(address) if address else None
        if target is None:
            if address:
                self.note(f"leads nowhere: {address[:80]}")
            return words
        if target.startswith("pub:"):
            key, words = target.removeprefix("pub:"), re.sub(r"[`<>*_]", "", words)
            return f"{{pub:ref}}`{words} <{key}>`" if words else f"{{pub:ref}}`{key}`"
        # Pictures of other hosts are not loaded.
        if is_image and "://" in target:
            return f"[{words or 'Picture'}]({target})"
        return f"{is_image}[{words}]({target})"

    def _tag(self, found: re.Match[str]) -> str:
        """Return what stands in MyST for a tag of HTML."""
        closing, name = bool(found[1]), found[2].lower()
        given = {k.lower(): unescape(v) for k, v in _arguments(found[3]).items()}
        source = given.get("src", "")
        if name == "a" and not closing:
            self._open.append(given.get("href", ""))
            return "["
        if name == "a":
            return f"]({self._open.pop()})" if self._open else ""
        if re.fullmatch(r"h[1-6]", name):
            return "\n\n" if closing else f"\n\n{'#' * int(name[1])} "
        if name == "li":
            return "" if closing else "\n- "
        if name == "img":
            return f"![{given.get('alt', '')}]({source})" if source else ""
        shown = name in {"iframe", "video", "embed"} and source
        return f"[Video]({source})" if shown else _TAGS.get(name, "")


def without_lists(text: str) -> str:
    """Return a page without what Liquid would make of records."""
    first = re.search(r"\{%-?\s*(?:for|if|unless|capture)\b", text)
    last = [found.end() for found in _BLOCK.finditer(text) if found[1]]
    return text[: first.start()] + text[last[-1] :] if first and last else text


def _directive(name: str) -> str:
    return f"\n\n```{{{name}}}\n```\n\n"


def _arguments(text: str) -> dict[str, str]:
    return {name: a or b or c for name, a, b, c in _ARGUMENT.findall(text)}


def _outside_code(text: str, change: Callable[[str], str]) -> str:
    """Return *text* with all of it changed that is no code."""
    parts: list[str] = []
    end = 0
    for code in _FENCED.finditer(text):
        parts += [change(text[end : code.start()]), code[0]]
        end = code.end()
    return "".join([*parts, change(text[end:])])


def _with_levels(text: str) -> str:
    """Return *text* with headings from the second level on, none of them skipped."""
    text = _outside_code(
        text,
        lambda t: _SETEXT.sub(lambda m: f"{'#' * (1 + (m[2][0] == '-'))} {m[1]}", t),
    )
    found = _HEADING.finditer(_FENCED.sub("", text))
    shift = 2 - min((len(h[1]) for h in found if h[2]), default=2)
    last = 1

    def heading(found: re.Match[str]) -> str:
        nonlocal last
        if not found[2]:
            return ""
        last = max(2, min(len(found[1]) + shift, last + 1, _DEEPEST))
        return f"{'#' * last} {found[2]}"

    return _outside_code(text, lambda t: _HEADING.sub(heading, t))
