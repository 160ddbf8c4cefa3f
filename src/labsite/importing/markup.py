"""Pages in Liquid, Hugo's shortcodes and HTML as MyST.

What has an equal in MyST becomes that. Whatever is left of another system's language
is marked as literal text and noted, so that it is seen and nothing is lost.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_FENCED = re.compile(r"^([ \t]*)(`{3,}|~{3,})[^\n]*\n.*?^[ \t]*\2[ \t]*$|`[^`\n]+`", re.DOTALL | re.MULTILINE)
_HIDDEN = re.compile(
    r"<!--.*?-->|<(script|style|svg|noscript|form)\b.*?</\1\s*>|\{%-?\s*comment\s*-?%\}.*?"
    r"\{%-?\s*endcomment\s*-?%\}|\{:[^}\n]*\}|\{#[\w-]+\}|^\s*[*+-]\s+(?:toc|TOC)\s*$|</?(?:script|style)[^<>]*>",
    re.DOTALL | re.IGNORECASE | re.MULTILINE,
)
_HIGHLIGHT = re.compile(r"\{%-?\s*highlight\s+(\w+)[^%]*%\}(.*?)\{%-?\s*endhighlight\s*-?%\}", re.DOTALL)
_FILTERED = re.compile(r"\{\{-?\s*['\"]([^'\"{}]*)['\"]\s*\|\s*(?:relative_url|absolute_url|relURL|absURL|prepend:[^}|]*)[^}]*\}\}")
_BASE = re.compile(r"\{\{-?\s*site\.(?:baseurl|url)[^}]*\}\}|\{%-?\s*(?:link|post_url)\s+([^%\s]+)\s*-?%\}|\{\{-?\s*site\.(?:title|name)\s*-?\}\}")
_INCLUDE = re.compile(r"\{%-?\s*include\s+([\w/.-]+)(.*?)-?%\}", re.DOTALL)
_SHORTCODE = re.compile(r"\{\{[<%]\s*(/?)([\w-]+)(.*?)/?\s*[>%]\}\}", re.DOTALL)
_ARGUMENT = re.compile(r"([\w-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'%}>]+))", re.DOTALL)
_BIBLIOGRAPHY = re.compile(r"\{%-?\s*bibliography\b[^%]*-?%\}")
_CITE = re.compile(r"\{%-?\s*(?:cite|quote|reference)\s+([^%]*?)\s*-?%\}")
_BLOCK = re.compile(r"\{%-?\s*(end)?(for|if|unless|case|capture|tablerow)\b[^%]*%\}")
_LEFT = re.compile(r"(?<!`)(?:\{%.*?%\}|\{\{.*?\}\})", re.DOTALL)
_SILENT = re.compile(r"\{%-?\s*(?:assign|raw|endraw|end\w+|else|elsif|when|break|continue|increment)\b[^%]*%\}")
_TAG = re.compile(r"<(/?)([a-zA-Z][\w-]*)((?:\s+[^<>]*?)?)\s*/?>")
_ATTRIBUTE = re.compile(r"([\w-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
_LINK = re.compile(r"(!?)\[((?:[^\[\]]|\[[^\[\]]*\])*)\]\(\s*<?([^()\s<>]*(?:\([^()\s]*\))?[^()\s<>]*)>?(?:\s+(?:\"[^\"]*\"|'[^']*'))?\s*\)(?:\{[^}\n]*\})?")
_HEADING = re.compile(r"^(#{1,6})\s*(.*?)\s*#*\s*$")
_SETEXT = re.compile(r"^(?![#>*\-\s|])([^\n|]+)\n(=+|-{2,})[ \t]*$", re.MULTILINE)
_MARKS = {"b": "**", "strong": "**", "i": "*", "em": "*", "code": "`"}
_BREAKS = {"p": "\n\n", "div": "\n\n", "br": "\n", "hr": "\n\n---\n\n", "ul": "\n", "ol": "\n",
           "section": "\n\n", "tr": "\n", "table": "\n\n", "figure": "\n\n", "center": "\n\n"}  # fmt: skip
#: Components of the templates, and what a page of this engine shows in their place.
_LISTS = {"citations": "publications", "members": "team", "posts": "news", "projects": "topic-cards",
          "team": "team", "people": "team", "news": "news", "publications": "publications"}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewriter:
    """Turns the text of one page into MyST.

    :ivar link: from an address of the old site to what the page writes; ``None`` for
        an address that leads nowhere
    :ivar cites: tells whether a citation key is known
    :ivar note: called with what is left as it is
    """

    link: Callable[[str], str | None]
    cites: Callable[[str], bool]
    note: Callable[[str], None]

    def rewrite(self, text: str) -> str:
        """Return *text* as MyST, its headings from the second level on."""
        text = _HIGHLIGHT.sub(r"\n```\1\2\n```\n", text.replace("\r\n", "\n"))
        text = self._mark_blocks(text)
        parts: list[str] = []
        end = 0
        for fenced in _FENCED.finditer(text):
            parts += [self._rewrite_part(text[end : fenced.start()]), fenced[0]]
            end = fenced.end()
        parts.append(self._rewrite_part(text[end:]))
        return _level("".join(parts)).strip()

    def _rewrite_part(self, text: str) -> str:
        text = _HIDDEN.sub("", text)
        text = _FILTERED.sub(r"\1", text)
        text = _BASE.sub(lambda m: m[1] or "", text)
        text = _BIBLIOGRAPHY.sub("\n\n```{publications}\n```\n\n", text)
        text = _CITE.sub(self._cite, text)
        text = _INCLUDE.sub(self._include, text)
        text = _SHORTCODE.sub(self._shortcode, text)
        text = _LEFT.sub(self._mark, _SILENT.sub("", text))
        text = _TAG.sub(self._Tags(self).replace, text)
        text = _LINK.sub(self._link, text)
        return re.sub(r"\n[ \t]*\n(?:[ \t]*\n)+", "\n\n", text)

    def _mark_blocks(self, text: str) -> str:
        """Mark each loop or condition of Liquid with all that stands in it."""
        parts, end, depth, start = [], 0, 0, 0
        for found in _BLOCK.finditer(text):
            if not found[1]:
                start = found.start() if depth == 0 else start
                depth += 1
            elif depth:
                depth -= 1
                if depth == 0:
                    block = text[start : found.end()]
                    self.note(f"left as text: {' '.join(block.split())[:60]}…")
                    fence = "~" * (3 + block.count("~~~"))
                    parts += [text[end:start], f"\n\n{fence}text\n{block}\n{fence}\n\n"]
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
        name = found[1].rpartition("/")[2].partition(".")[0]
        given = _arguments(found[2])
        image, address = given.get("image") or given.get("path") or given.get("src"), given.get("link") or given.get("url")
        words = given.get("title") or given.get("text") or given.get("caption") or given.get("alt") or ""
        shown = _LISTS.get(given.get("data", "").rpartition(".")[2]) if name in {"list", "grid"} else _LISTS.get(name)
        if shown:
            return f"\n\n```{{{shown}}}\n```\n\n"
        if name in {"section", "cols", "grid", "gallery", "search-box", "search-info", "tags", "float", "float-image", "icon"} and not image:
            return ""
        if name == "citation" and given.get("lookup"):
            return f"`{given['lookup']}`"
        picture = f"![{words}]({image})" if image else ""
        label = words or address or ""
        reference = f"[{label}]({address})" if address and label else "" if picture else words
        text = given.get("subtitle") or given.get("description") or (given.get("text") if reference != words else "") or ""
        made = "\n\n".join(filter(None, (picture, reference, text if text != words else "")))
        return f"\n\n{made}\n\n" if picture or name == "card" or name == "feature" else made or self._mark(found)

    def _shortcode(self, found: re.Match[str]) -> str:
        closing, name, rest = found[1], found[2], found[3]
        given = _arguments(rest)
        first = next(iter(re.findall(r"\"([^\"]*)\"|(\S+)", rest)), ("", ""))
        bare = given.get("src") or given.get("id") or first[0] or first[1]
        if name in {"figure", "img", "image"}:
            words = given.get("caption") or given.get("alt") or given.get("title") or ""
            return f"\n\n![{words}]({bare})\n\n" if bare else ""
        if name in {"youtube", "vimeo"} and bare:
            host = "www.youtube.com/watch?v=" if name == "youtube" else "vimeo.com/"
            return f"[Video](https://{host}{bare})"
        if name in {"callout", "alert", "note", "notice"}:
            kind = "warning" if "warning" in rest else "note"
            return "\n:::\n" if closing else f"\n:::{{{kind}}}\n"
        if name == "cite" and given.get("page"):
            return f"[{given['page'].strip('/').rpartition('/')[2]}]({given['page']})"
        if name in {"staticref", "relref", "ref"}:
            return bare if name != "staticref" else ("" if closing else f"<{bare}>")
        if name in {"icon", "math", "spoiler", "details", "cta", "toc", "list_children", "rawhtml", "hint"}:
            return ""
        return self._mark(found)

    def _link(self, found: re.Match[str]) -> str:
        is_image, words, address = found[1], found[2], found[3]
        words = _LINK.sub(self._link, words) if "](" in words else words
        target = self.link(address) if address else None
        if target is None:
            if address:
                self.note(f"leads nowhere: {address[:80]}")
            return words
        if target.startswith("pub:"):
            key = target.removeprefix("pub:")
            words = re.sub(r"[`<>*_]", "", words).strip()
            return f"{{pub:ref}}`{words} <{key}>`" if words else f"{{pub:ref}}`{key}`"
        if is_image and "://" in target:
            return f"[{words or 'Picture'}]({target})"
        return f"{is_image}[{words}]({target})"

    class _Tags:
        """The tags of HTML in a text, in their order."""

        def __init__(self, page: Rewriter) -> None:
            self.page = page
            self.open: list[str] = []

        def replace(self, found: re.Match[str]) -> str:
            closing, name = bool(found[1]), found[2].lower()
            given = {m[0].lower(): unescape(m[1] or m[2] or m[3]) for m in _ATTRIBUTE.findall(found[3])}
            if name == "a":
                address = given.get("href", "")
                if closing:
                    return f"]({self.open.pop()})" if self.open else ""
                self.open.append(address)
                return "["
            if name == "img":
                return f"![{given.get('alt', '')}]({given['src']})" if given.get("src") else ""
            if name in {"iframe", "video", "embed", "source"} and given.get("src"):
                return f"[Video]({given['src']})"
            if re.fullmatch(r"h[1-6]", name):
                return "\n\n" if closing else f"\n\n{'#' * int(name[1])} "
            if name == "li":
                return "" if closing else "\n- "
            if name in {"td", "th"}:
                return " "
            return _MARKS.get(name) or _BREAKS.get(name, "")


def without_lists(text: str) -> str:
    """Return a page without what Liquid would make of records."""
    first = re.search(r"\{%-?\s*(?:for|if|unless|capture)\b", text)
    last = [found.end() for found in _BLOCK.finditer(text) if found[1]]
    return text[: first.start()] + text[last[-1] :] if first and last else text


def _arguments(text: str) -> dict[str, str]:
    return {name: a or b or c for name, a, b, c in _ARGUMENT.findall(text)}


def _level(text: str) -> str:
    """Return *text* with headings from the second level on, none of them skipped."""
    parts: list[str] = []
    end = 0
    text = _SETEXT.sub(lambda m: f"{'#' if m[2][0] == '=' else '##'} {m[1]}", text)
    fences = [*_FENCED.finditer(text)]
    levels = [len(h[1]) for line in _FENCED.sub("", text).split("\n") if (h := _HEADING.match(line)) and h[2]]
    shift, last = 2 - min(levels, default=2), 1

    def heading(line: str) -> str:
        nonlocal last
        found = _HEADING.match(line)
        if not found:
            return line
        if not found[2]:
            return ""
        last = max(2, min(len(found[1]) + shift, last + 1, 6))
        return f"{'#' * last} {found[2]}"

    for fenced in [*fences, None]:
        chunk = text[end : fenced.start() if fenced else len(text)]
        parts.append("\n".join(map(heading, chunk.split("\n"))))
        if fenced:
            parts.append(fenced[0])
            end = fenced.end()
    return "".join(parts)
