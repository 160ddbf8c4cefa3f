"""SVG drawings put into the page itself, so that they follow its colours.

A picture behind an ``img`` tag knows nothing of the page's light or dark mode. In the
page, a drawing's shapes take their colours from the same custom properties as text.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective

from labsite.model.problems import Rule
from labsite.pictures.rasters import PictureError
from labsite.pictures.svg import inline_svg
from labsite.sphinx.logging import warn
from labsite.sphinx.untrusted import may_read

if TYPE_CHECKING:
    from sphinx.environment import BuildEnvironment
    from sphinx.util.typing import OptionSpec

#: Of every drawing in a page.
DRAWING_CLASS = "labsite-drawing"


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
        name, decorative = self.arguments[0], "decorative" in self.options
        found = read_drawing(self.env, name, self.get_location(), decorative=decorative)
        for node in found:
            node["classes"] = self.options.get("class", [])
        return [*found]


def read_drawing(
    env: BuildEnvironment, name: str, location: str, *, decorative: bool
) -> list[nodes.raw]:
    """Return the drawing in a file, or nothing but a warning if it cannot be used.

    :param name: relative to the page that is being read, or to the source after "/"
    :param location: of the page, for the warning
    """
    relative, path = env.relfn2path(name)
    env.note_dependency(relative)
    message, reason = "there is no drawing '%s'; check the path%s", ""
    try:
        if may_read(env, name):
            data = Path(path).read_bytes()
            svg = inline_svg(data, DRAWING_CLASS, decorative=decorative)
            return [nodes.raw("", svg, format="html")]
    except OSError:
        pass
    except PictureError as error:
        message, reason = "cannot use the drawing '%s': %s", str(error)
    warn(Rule.BAD_DRAWING, message, relative, reason, location=location)
    return []
