"""SVG drawings put into the page itself, so that they follow its colours.

A picture behind an ``img`` tag knows nothing of the page's light or dark mode. In the
page, a drawing's shapes take their colours from the same custom properties as text.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar
from xml.etree import ElementTree as ET

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective

from labsite.model.problems import Rule
from labsite.sphinx.logging import warn
from labsite.sphinx.untrusted import may_read

if TYPE_CHECKING:
    from sphinx.util.typing import OptionSpec

_SVG = "http://www.w3.org/2000/svg"
_XLINK_HREF = "{http://www.w3.org/1999/xlink}href"
#: The elements a drawing needs; scripts, styles, links and foreign content are not.
_ALLOWED = {
    "svg", "title", "desc", "g", "defs", "symbol", "use", "path", "rect", "circle",
    "ellipse", "line", "polyline", "polygon", "text", "tspan", "marker", "pattern",
    "clipPath", "mask", "linearGradient", "radialGradient", "stop",
}  # fmt: skip
_CLASS = "labsite-drawing"


class drawing(nodes.General, nodes.Inline, nodes.Element):  # noqa: N801 -- docutils
    """A drawing; its attribute ``svg`` is the markup that stands in the page."""


class UnsafeDrawingError(ValueError):
    """A drawing holds what may not stand in a page."""


class InlineSvgDirective(SphinxDirective):
    """Put an SVG file of the site into the page.

    The drawing's own ``title`` and ``desc`` are its text alternative.
    """

    required_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar[OptionSpec] = {
        "decorative": directives.flag,
        "class": directives.class_option,
    }

    def run(self) -> list[nodes.Node]:
        """Return the drawing, or nothing but a warning if it cannot be used."""
        relative, path = self.env.relfn2path(self.arguments[0])
        self.env.note_dependency(relative)
        decorative = "decorative" in self.options
        try:
            if not may_read(self.env, self.arguments[0]):
                raise FileNotFoundError
            svg = prepare_svg(Path(path).read_text(encoding="utf-8"), decorative)
        except OSError:
            message = "there is no drawing '%s'; check the path"
            warn(Rule.BAD_DRAWING, message, relative, location=self.get_location())
            return []
        except (UnsafeDrawingError, ET.ParseError) as error:
            message = "cannot use the drawing '%s': %s"
            place = self.get_location()
            warn(Rule.BAD_DRAWING, message, relative, error, location=place)
            return []
        return [drawing(svg=svg, classes=self.options.get("class", []))]


def prepare_svg(text: str, decorative: bool = False) -> str:
    """Return the markup of an SVG file as it may stand in an HTML page.

    :param decorative: the drawing says nothing that the text does not, and is hidden
        from those who do not see it
    :raises UnsafeDrawingError: for elements or attributes that could do more than draw
    :raises xml.etree.ElementTree.ParseError: if *text* is no XML
    """
    if "<!" in re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL):
        msg = "it has a document type; remove it"
        raise UnsafeDrawingError(msg)
    root = ET.fromstring(text)  # noqa: S314 -- no entities: refused above
    for element in root.iter():
        _check_element(element)
    root.set("class", f"{_CLASS} {root.get('class', '')}".strip())
    root.attrib.pop("width", None)
    root.attrib.pop("height", None)
    if decorative:
        root.set("aria-hidden", "true")
        _drop_descriptions(root)
    else:
        _describe(root)
    ET.register_namespace("", _SVG)
    markup = ET.tostring(root, encoding="unicode", short_empty_elements=True)
    # HTML knows the namespace by the tag; white space between shapes shows nothing.
    return re.sub(r">\s+<", "><", markup.replace(f' xmlns="{_SVG}"', "", 1))


def _check_element(element: ET.Element) -> None:
    name = str(element.tag).removeprefix(f"{{{_SVG}}}")
    if name not in _ALLOWED:
        msg = f"it has a <{name}> element; only shapes and text may stand in a page"
        raise UnsafeDrawingError(msg)
    element.tag = f"{{{_SVG}}}{name}"
    for attribute, value in list(element.attrib.items()):
        local = attribute.rpartition("}")[2].lower()
        foreign = local == "href" and not value.startswith("#")
        foreign = foreign or ("url(" in value and "url(#" not in value)
        if local.startswith("on") or local == "style" or foreign:
            msg = f"<{name}> has {local}='{value[:40]}', which may not stand in a page"
            raise UnsafeDrawingError(msg)


def _describe(root: ET.Element) -> None:
    """Make title and description the drawing's name for those who do not see it."""
    root.set("role", "img")
    ids = []
    for name in ("title", "desc"):
        element = root.find(f"{{{_SVG}}}{name}")
        if element is not None and element.get("id"):
            ids.append(str(element.get("id")))
    if ids:
        root.set("aria-labelledby", " ".join(ids))


def _drop_descriptions(root: ET.Element) -> None:
    root.attrib.pop("role", None)
    root.attrib.pop("aria-labelledby", None)
    for element in list(root):
        if element.tag in {f"{{{_SVG}}}title", f"{{{_SVG}}}desc"}:
            root.remove(element)
