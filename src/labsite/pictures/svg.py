"""Drawings in SVG that stand behind an ``img`` tag: measured and cleaned."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

from labsite.pictures.rasters import KNOWN, PictureError

_MOST_BYTES = 500_000  # it reaches the visitor at the size it has
_FAR = 1e6  # units of a drawing, more than any has
_PLAIN = "save it as a plain, simpler SVG, or as PNG"
_SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"
_XML = "http://www.w3.org/XML/1998/namespace"
#: What a drawing does not need to be seen; what editors add has namespaces of its own.
_NOT_DRAWN = {f"{{{_SVG}}}{name}" for name in ("script", "foreignObject", "metadata")}
#: CSS pixels per unit (CSS Values and Units 4, section 6.2).
_UNITS = {"": 1, "px": 1, "pt": 4 / 3, "pc": 16, "in": 96, "mm": 96 / 25.4,
          "cm": 96 / 2.54}  # fmt: skip


def is_svg(data: bytes) -> bool:
    """Tell whether a file is markup, and so no picture of pixels."""
    return data[:200].removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<")


def measure_svg(data: bytes) -> tuple[float, float]:
    """Return width and height of a drawing's view box, or of the drawing.

    :raises PictureError: if *data* is no drawing, or does not say
    """
    root = _parse_svg(data)
    box = re.split(r"[\s,]+", root.get("viewBox", "").strip())
    match [_length(part) for part in box]:
        case [_, _, width, height]:
            pass
        case _:
            width, height = (
                _length(root.get(name, "")) for name in ("width", "height")
            )
    if not (0 < width < _FAR and 0 < height < _FAR):
        msg = "the drawing does not say how large it is; give it a viewBox"
        raise PictureError(msg)
    return width, height


def clean_svg(data: bytes) -> bytes:
    """Return a drawing without scripts, links and what its editor noted in it.

    It is for use behind an ``img`` tag, where a browser runs no script anyway; but the
    file has an address of its own.

    :raises PictureError: if *data* is no drawing
    """
    root = _parse_svg(data)
    for parent in list(root.iter()):
        for child in list(parent):
            known = str(child.tag).startswith(f"{{{_SVG}}}")
            if not known or child.tag in _NOT_DRAWN:
                parent.remove(child)
        for name, value in list(parent.attrib.items()):
            if not _is_harmless(name, value):
                del parent.attrib[name]
    width, height = measure_svg(data)
    root.attrib.setdefault("viewBox", f"0 0 {width:g} {height:g}")
    ET.register_namespace("", _SVG)
    ET.register_namespace("xlink", _XLINK)
    try:
        text: bytes = ET.tostring(root, encoding="utf-8")
    except RecursionError as error:
        msg = f"the drawing has too many levels; {_PLAIN}"
        raise PictureError(msg) from error
    return text


def _is_harmless(name: str, value: str) -> bool:
    namespace, _, local = name.rpartition("}")
    if namespace and namespace[1:] not in {_XLINK, _XML}:
        return False
    if local == "href":
        return value.startswith(("#", "data:image/"))
    folded = re.sub(r"\s", "", value).lower()
    return not local.lower().startswith("on") and "javascript:" not in folded


def _parse_svg(data: bytes) -> ET.Element:
    if len(data) > _MOST_BYTES:
        limit = _MOST_BYTES // 1000
        msg = f"the drawing has {len(data) // 1000} kB, more than {limit}; {_PLAIN}"
        raise PictureError(msg)
    try:
        text = data.decode("utf-8-sig")
        if "<!ENTITY" in text:
            msg = f"the drawing has entities; {_PLAIN}"
            raise PictureError(msg)
        root = ET.fromstring(text)  # noqa: S314 -- no entities: refused above
    except (UnicodeDecodeError, ET.ParseError) as error:
        msg = f"the drawing cannot be read ({error}); {_PLAIN}"
        raise PictureError(msg) from error
    if root.tag != f"{{{_SVG}}}svg":
        msg = f"the file is no {KNOWN} picture; save it as one of these"
        raise PictureError(msg)
    return root


def _length(text: str) -> float:
    """Return a length in CSS pixels; 0 if it is none."""
    match = re.fullmatch(r"\+?(\d*\.?\d+(?:[eE][-+]?\d{1,2})?)([a-z]*)", text.strip())
    return float(match[1]) * _UNITS.get(match[2], 0) if match else 0
