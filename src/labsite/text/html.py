"""Convert HTML, JATS, MathML and entities to LaTeX."""

from __future__ import annotations

import re
from html import unescape
from html.entities import html5
from xml.etree import ElementTree as ET

from labsite.model.tables import by_name, read_table

_TABLE = read_table(__file__, "html.toml")
_COMMANDS = by_name(_TABLE["commands"])
#: Tag -> what replaces it.
_SHOWN = {
    **dict.fromkeys(_TABLE["dropped"].split(), ""),
    **dict.fromkeys(_TABLE["blocks"].split(), " "),
    **{tag: f"\\{command}{{" for tag, command in _COMMANDS.items()},
}
TAGS = frozenset({*_SHOWN, *_TABLE["other"].split()})
_VOID = {"br", "hr", "break", "p", "li"}
_ATTRIBUTES = (
    r"(?:\s+[\w:-]+(?:\s*=\s*(?:\"[^\"<>]*\"|'[^'<>]*'|[^\s<>\"'=]+))?)*+\s*/?"
)
_TAG = re.compile(rf"<(/?)([A-Za-z][\w:.-]*+){_ATTRIBUTES}>")
#: The heading of an abstract, as a part of it.
_HEADING = re.compile(
    r"<((?:jats:)?title|h[1-6])(?:\s[^<>]*)?>\s*(?:abstract|summary)\s*[.:]?\s*</\1>",
    re.IGNORECASE,
)
#: Publishers escape the first character only: "{\\&}amp;".
ENTITY = re.compile(
    r"(?:\{\\&\}|\\{0,2}&)\\?(#[xX][0-9a-fA-F]{1,6}|#[0-9]{1,7}|[A-Za-z][A-Za-z0-9]{1,31});"
)
_MATHML = re.compile(r"<((?:mml:)?math)\b[^<>]*>.{0,9000}?</\1\s*>", re.DOTALL)
#: Namespaces of elements and attributes, and their declarations.
_NAMESPACE = re.compile(r"(</?)\w+:|\sxmlns(?::\w+)?=\"[^\"]*\"|(\s)\w+:(?=\w+=)")
_MATH_TEMPLATES: dict[str, str] = _TABLE["mathml"]
_BARS = {"¯", "‾", "―", "\N{COMBINING OVERLINE}", "\\_", "_"}
#: Entities of HTML that XML does not have.
_OF_HTML = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)\w{1,31};")
#: The delimiters of tags as reference managers and Crossref write them in BibTeX.
_ESCAPED = re.compile(
    r"(?:\$\s*\\?(?:(<|less|lt)|(>|greater|gt))\s*\$|\{?\\text(?:(less)|(greater))"
    r"(?:\{\}|\}|\b\s?))"
)
_MATH = re.compile(r"(?<!\\)\$[^$]*\$")
#: Special characters of LaTeX -> their commands.
IN_LATEX = {
    **{character: f"\\{character}" for character in "&%#$_"},
    # Not "\{": BibTeX counts this brace.
    "{": "\\textbraceleft{}",
    "}": "\\textbraceright{}",
    "\\": "\\textbackslash{}",
    "~": "\\textasciitilde{}",
    "^": "\\textasciicircum{}",
}


def html_to_latex(text: str) -> str:
    """Return LaTeX without HTML; text that only looks like HTML stays.

    Tags are converted if one of them ends an element of HTML or JATS with text in it.
    """
    text = _MATHML.sub(_formula, text)
    if "&" in text:
        text = correct_entities(text, literal=False)
    bare = unescape_tags(text)
    drawn = _MATHML.sub(_formula, bare)
    # There are no tags in formulas: $a<b$ and $c>d$.
    formulas = iter(_MATH.findall(drawn))
    masked = _MATH.sub("\0", drawn)
    if drawn == bare and not any(map(_is_markup, _TAG.finditer(masked))):
        return text
    return re.sub("\0", lambda _: next(formulas), strip_markup(masked))


def unescape_tags(text: str) -> str:
    """Return *text* with "<" and ">" for LaTeX's notations of them."""
    return _ESCAPED.sub(lambda found: "<" if found[1] or found[3] else ">", text)


def _is_markup(tag: re.Match[str]) -> bool:
    prefix, _, name = tag[2].lower().rpartition(":")
    ends = tag[1] or name in _VOID
    return prefix in {"jats", "mml"} or bool(name in _SHOWN and ends)


def strip_markup(text: str) -> str:
    """Return LaTeX without tags; commands replace those that set a style."""
    text = _HEADING.sub(" ", _MATHML.sub(_formula, text))
    opened: list[str] = []

    def replace(tag: re.Match[str]) -> str:
        prefix, _, name = tag[2].lower().rpartition(":")
        shown = _SHOWN.get(name, "" if prefix else tag[0])
        if name not in _COMMANDS:
            return shown
        if not tag[1]:
            opened.append(name)
            return shown
        if opened and opened[-1] == name:
            opened.pop()
            return "}"
        return ""

    stripped = _TAG.sub(replace, text) + "}" * len(opened)
    if stripped == text:
        return text
    return re.sub(r" +([.,;:!?)])", r"\1", re.sub(r" {2,}", " ", stripped)).strip()


def correct_entities(text: str, *, literal: bool) -> str:
    """Return *text* with characters for entities, *literal* or escaped as in LaTeX."""
    return ENTITY.sub(lambda match: _character(match, literal=literal), text)


def _character(reference: re.Match[str], *, literal: bool) -> str:
    name = reference[1]
    known = name.startswith("#") or f"{name};" in html5
    found = unescape(f"&{name};") if known else ""
    if found.isspace():
        return " "
    if not found.isprintable() or found in {"", "\N{REPLACEMENT CHARACTER}"}:
        return reference[0]
    if literal and found in set("{}\\"):
        return reference[0]  # not in addresses, and BibTeX counts braces
    return found if literal else "".join(IN_LATEX.get(c, c) for c in found)


# --- MathML ---------------------------------------------------------------------------


def _formula(found: re.Match[str]) -> str:
    """Return the formula in LaTeX, with spaces next to words."""
    markup = _NAMESPACE.sub(r"\1\2", found[0])
    try:
        root = ET.fromstring(_OF_HTML.sub(lambda f: unescape(f[0]), markup))  # noqa: S314 -- it has no DOCTYPE
        latex = " ".join(_latex(root).split())
    except (ET.ParseError, RecursionError):
        return found[0]
    before = found.string[: found.start()]
    after = found.string[found.end() :]
    left = " " if before[-1:].isalnum() else ""
    right = " " if after[:1].isalnum() else ""
    return f"{left}${latex}${right}" if latex else " "


def _latex(node: ET.Element) -> str:
    parts = [_latex(child) for child in node]
    if node.tag == "msqrt":
        parts = ["".join(parts)]
    if node.tag == "mover" and len(parts) > 1 and parts[1].strip() in _BARS:
        return f"\\overline{{{parts[0]}}}"
    if template := _MATH_TEMPLATES.get(node.tag):
        return template.format(*parts, "", "", "")
    if parts:
        return "".join(parts)
    text = " ".join((node.text or "").split())
    text = "".join(IN_LATEX.get(c, c) for c in text)
    if node.tag == "mi" and len(text) > 1 and text.isalpha():
        return f"\\mathrm{{{text}}}"
    return f"\\text{{{text}}}" if node.tag in {"mtext", "ms"} and text else text
