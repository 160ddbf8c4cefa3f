"""Parse drawings in SVG within limits, measure them, and make them safe.

A page shows a drawing by an ``img`` tag, or contains it. Only elements that draw
remain: nothing runs, and nothing is fetched.
"""

from __future__ import annotations

import re
from base64 import b64decode
from collections import Counter, defaultdict
from collections.abc import Mapping
from functools import lru_cache
from math import inf
from urllib.parse import unquote
from xml.etree import ElementTree as ET

from labsite.model.files import decode_text
from labsite.pictures.rasters import KNOWN, PictureError, measure_raster

_MOST_BYTES = 500_000  # visitors get the file at its size
_MOST_LEVELS = 100  # of nested elements; serialization is recursive
_MOST_REFERENCES = 12  # levels of references
_MOST_DRAWN = 200_000  # elements, each counted once per reference, by their costs
#: How many plain elements take a browser as long as one of these.
_COSTS = {"mask": 200, "pattern": 200, "feTurbulence": 20_000}
_EFFECT_COST = 2000  # of other steps of a filter, without the parts of steps
_PART = re.compile("fe(?:MergeNode|Func.|.*Light)")
_PIXELS_PER_COST = 400  # of an embedded picture
_FAR = 1e6  # units of a drawing
_COLOURS = 6  # of monograms, in the style sheet
_PLAIN = "save it as a plain, simpler SVG, or as PNG"
_SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"
_XML = "http://www.w3.org/XML/1998/namespace"
ET.register_namespace("xlink", _XLINK)
#: Elements that draw, in a page or an ``img`` tag.
_SHAPES = {
    "svg", "title", "desc", "g", "defs", "symbol", "use", "path", "rect", "circle",
    "ellipse", "line", "polyline", "polygon", "text", "tspan", "marker", "pattern",
    "clipPath", "mask", "linearGradient", "radialGradient", "stop",
}  # fmt: skip
#: Further elements in an ``img`` tag, where styles do not affect the page.
_APART = {"a", "filter", "image", "style", "switch", "textPath"}
_TARGET = re.compile(r"""url\(\s*['"]?#([^)'"\s]{1,200})""")
_PIXELS = re.compile("data:image/(?:png|jpe?g|gif|webp);base64,", re.IGNORECASE)
#: References to other files, also escaped, and effects, whose number is not known.
_FOREIGN = re.compile(
    r"""url\(['"]?(?!['"]?#)|(?:image(?:-set)?|src)\(|@import|javascript:|\\|"""
    r"(?:blur|brightness|contrast|drop-shadow|grayscale|hue-rotate|invert|opacity|"
    r"saturate|sepia)\("
)


def is_svg(data: bytes) -> bool:
    """Return whether a file is markup instead of pixels."""
    return decode_text(data[:200], "")[0].lstrip("\ufeff \t\r\n").startswith("<")


def measure_svg(data: bytes) -> tuple[float, float]:
    """Return width and height of a drawing's view box, or of the drawing.

    :raises PictureError: if *data* is no drawing, or has neither
    """
    return _measure(_parse(data))


def clean_svg(data: bytes) -> bytes:
    """Return a drawing for an ``img`` tag, without scripts, links and editors' data.

    Visitors may also open the file by itself, where a browser would run scripts.

    :raises PictureError: if *data* is no drawing
    """
    root = _parse(data)
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag not in _SHAPES | _APART and not child.tag.startswith("fe"):
                parent.remove(child)
        for name, value in list(parent.attrib.items()):
            if name == "style":
                parent.set(name, _clean_style(value))
            elif not _is_harmless(name, value):
                del parent.attrib[name]
        if parent.tag == "style":
            parent.text = _clean_style(parent.text or "")
    width, height = _measure(root)
    root.attrib.setdefault("viewBox", f"0 0 {width:g} {height:g}")
    root.set("xmlns", _SVG)
    return bytes(ET.tostring(root, encoding="utf-8"))


@lru_cache(maxsize=32)  # several pages show the same drawings
def inline_svg(data: bytes, class_name: str, language: str | None = "") -> str:
    """Return a drawing as part of an HTML page.

    :param class_name: a further class of the ``svg`` element
    :param language: of the page; None to hide the drawing from screen readers
    :raises PictureError: if *data* is no drawing, or can do more than draw
    """
    root = _parse(data)
    for element in root.iter():
        _check_inline(element)
    root.set("class", f"{class_name} {root.get('class', '')}".strip())
    root.attrib.pop("width", None)
    root.attrib.pop("height", None)
    _describe(root, language)
    # White space between shapes is not shown.
    return re.sub(r">\s+<", "><", ET.tostring(root, encoding="unicode"))


def draw_monogram(seed: int) -> str:
    """Return a drawing of squares on a grid, selected by a number."""
    squares = {0: "", 1: "", 2: ""}  # none, pale and full ones
    for place in range(16):
        y, x = divmod(place, 4)
        # Of four values one draws nothing, one a pale square, and two a full one.
        level = min(seed >> (2 * place + 8) & 3, 2)
        squares[level] += f"M{6 * x + 1} {6 * y + 1}h4v4h-4z"
    paths = "".join(f'<path d="{squares[level]}"/>' for level in (1, 2))
    classes = f"labsite-monogram labsite-monogram-{seed % _COLOURS}"
    return (
        f'<svg aria-hidden="true" class="{classes}" viewBox="-3 -3 30 30">{paths}</svg>'
    )


def _parse(data: bytes) -> ET.Element:
    """Return the root of a drawing; SVG's elements have names without a namespace.

    :raises PictureError: if *data* is no drawing, or exceeds a limit
    """
    if len(data) > _MOST_BYTES:
        msg = f"the drawing has more than {_MOST_BYTES // 1000} kB; {_PLAIN}"
        raise PictureError(msg)
    text = decode_text(data, "")[0]
    if "<!ENTITY" in text or "<!ATTLIST" in text:
        msg = f"the drawing has entities; {_PLAIN}"
        raise PictureError(msg)
    try:
        root = ET.fromstring(text)  # noqa: S314 -- without entities
    except ET.ParseError as error:
        msg = f"the drawing cannot be read ({error}); {_PLAIN}"
        raise PictureError(msg) from error
    if root.tag != f"{{{_SVG}}}svg":
        msg = f"the file is no {KNOWN} picture; save it as one of these"
        raise PictureError(msg)
    level = [root]
    for _ in range(_MOST_LEVELS):
        level = [child for element in level for child in element]
    for element in root.iter():
        element.tag = element.tag.removeprefix(f"{{{_SVG}}}")
    if level or _count_drawn(root) > _MOST_DRAWN:
        msg = (
            f"the drawing has too many levels, parts, repetitions or effects; {_PLAIN}"
        )
        raise PictureError(msg)
    return root


def _count_drawn(root: ET.Element) -> float:
    """Return the number of elements that a browser draws, following references.

    Masks, patterns and filters are drawn by references alone.
    """
    by_id = {e.get("id", ""): e for e in root.iter() if e.get("id")}
    styles = _styled_references(root)
    references = {e: found for e in root.iter() if (found := _references(e, styles))}
    counts: dict[str, float] = {}

    def count(element: ET.Element, level: int) -> float:
        found: float = 0
        for each in element.iter():
            found += _cost(each) if level or each.tag == "image" else 1
            for name, times in references.get(each, {}).items():
                if name in by_id and name not in counts:
                    counts[name] = inf  # for a circular reference
                    if level < _MOST_REFERENCES:
                        counts[name] = count(by_id[name], level + 1)
                found += times * counts.get(name, 0)
        return found

    return count(root, 0)


def _cost(element: ET.Element) -> float:
    """Return how many plain elements take a browser as long as this one.

    :raises PictureError: if it is an embedded picture that cannot be used
    """
    for value in (element.get("href"), element.get(f"{{{_XLINK}}}href")):
        if value and _PIXELS.match(value):
            data = unquote(value.partition(",")[2])  # as browsers do
            try:
                width, height, *_ = measure_raster(b64decode(data))
            except ValueError as error:
                msg = f"a picture in the drawing cannot be used ({error}); {_PLAIN}"
                raise PictureError(msg) from error
            return 1 + width * height / _PIXELS_PER_COST
    is_step = element.tag.startswith("fe") and not _PART.fullmatch(element.tag)
    return _COSTS.get(element.tag, _EFFECT_COST if is_step else 1)


def _references(
    element: ET.Element, styles: Mapping[str, Counter[str]]
) -> Counter[str]:
    """Return the ids that an element refers to, and how often it draws each."""
    found: Counter[str] = Counter()
    points = len(element.get("d") or element.get("points") or "") // 4
    for name, value in element.attrib.items():
        if name.endswith("href") and value.startswith("#"):
            found[value[1:]] += 1
        for target in _TARGET.findall(value):
            found[target] += 1 + ("marker" in name + value) * points
    for style in ("*", *element.get("class", "").split()):
        found.update(styles.get(style, ()))
    return found


def _styled_references(root: ET.Element) -> Mapping[str, Counter[str]]:
    """Return the ids that style sheets refer to, by class; "*" is any element."""
    styles: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for element in root.iter("style"):
        for rule in (element.text or "").split("}"):
            selector, _, body = rule.partition("{")
            targets = _TARGET.findall(body)
            for name in re.findall(r"\.([\w-]+)", selector) or ["*"]:
                styles[name] |= Counter(targets)  # an element has one fill
    return styles


def _is_harmless(name: str, value: str) -> bool:
    namespace, _, local = name.rpartition("}")
    if namespace[1:] == _XML:
        return local in {"lang", "space"}
    if namespace and namespace[1:] != _XLINK:
        return False
    if local == "href":  # an embedded drawing could be of any size
        return value.startswith("#") or bool(_PIXELS.match(value))
    return not local.lower().startswith("on") and not _FOREIGN.search(_fold(value))


def _clean_style(style: str) -> str:
    """Return a style without foreign declarations, as Mermaid's shadows."""
    parts = re.split("([;{}])", style)
    return "".join(part for part in parts if not _FOREIGN.search(_fold(part)))


def _fold(text: str) -> str:
    return re.sub(r"\s", "", text).lower()


def _check_inline(element: ET.Element) -> None:
    if element.tag not in _SHAPES:
        msg = f"it has a <{element.tag}> element; a page may have only shapes and text"
        raise PictureError(msg)
    for attribute, value in element.attrib.items():
        local = attribute.rpartition("}")[2].lower()
        data = "data:" in _fold(value)
        if local == "style" or data or not _is_harmless(attribute, value):
            msg = f"a page may not have {local}='{value[:40]}' in a <{element.tag}>"
            raise PictureError(msg)


def _describe(root: ET.Element, language: str | None) -> None:
    """Label the drawing with its title and description, or hide it.

    Of those in several languages (SVG 2, section 5.7), the first are for all others.
    """
    parts = [e for e in root if e.tag in {"title", "desc"}]
    said: list[ET.Element] = []
    for tag in ("title", "desc"):
        same = [e for e in parts if e.tag == tag]
        said += [e for e in same if e.get("lang") == language][:1] or same[:1]
    for part in parts:
        if language is None or part not in said:
            root.remove(part)
    if language is None:
        for name in ("role", "aria-labelledby"):
            root.attrib.pop(name, None)
        root.set("aria-hidden", "true")
        return
    root.set("role", "img")
    ids = [str(part.get("id")) for part in said if part.get("id")]
    if ids:
        root.set("aria-labelledby", " ".join(ids))


def _measure(root: ET.Element) -> tuple[float, float]:
    box = re.split(r"[\s,]+", root.get("viewBox", "").strip())
    size = [root.get("width", ""), root.get("height", "")]
    width, height = map(_length, box[2:] if len(box) == 4 else size)  # noqa: PLR2004 -- x, y, width, height
    if not (0 < width < _FAR and 0 < height < _FAR):
        msg = "the drawing does not say how large it is; give it a viewBox"
        raise PictureError(msg)
    return width, height


def _length(text: str) -> float:
    """Return a length in CSS pixels; 0 if it is invalid, or in another unit."""
    match = re.fullmatch(r"\+?(\d*\.?\d+(?:[eE][-+]?\d{1,2})?)(?:px)?", text.strip())
    return float(match[1]) if match else 0
