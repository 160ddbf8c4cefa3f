"""Pictures and drawings in the text of pages.

Pictures go through the same hands as those of records. A drawing that is put into the
page itself follows its colours, light or dark, as one behind an ``img`` tag cannot.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective

from labsite.model.problems import Rule
from labsite.pictures.pictures import PAGE, read_page_picture
from labsite.pictures.rasters import PictureError
from labsite.pictures.svg import inline_svg
from labsite.sphinx.domain import get_domain
from labsite.sphinx.logging import warn
from labsite.sphinx.pictures import picture
from labsite.sphinx.untrusted import may_read

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment
    from sphinx.util.typing import OptionSpec

    from labsite.pictures.pictures import Picture

#: Of every drawing in a page.
DRAWING_CLASS = "labsite-drawing"


def register_page_pictures(app: Sphinx) -> None:
    """Announce what finds the pictures, and what shows them."""
    app.connect("doctree-read", note_page_pictures)
    app.add_post_transform(PagePictures)


def note_page_pictures(app: Sphinx, doctree: nodes.document) -> None:
    """Measure the pictures in the text of a page, which Sphinx has just found."""
    env = app.env
    found: dict[str, Picture] = {}
    for image in doctree.findall(nodes.image):
        file = image["uri"]
        if file in found or not (env.srcdir / file).is_file():
            continue  # Sphinx says what is missing, and shows what is elsewhere.
        try:
            found[file] = read_page_picture(file, Path(env.srcdir))
        except PictureError as error:
            warn(Rule.BAD_PREVIEW, "%s: %s", file, error, location=image)
    if not found:
        return
    get_domain(env).data["pictures"][env.docname] = found
    if app.builder.format == "html":
        # Nothing shows the originals, so that none is copied with what a camera noted.
        for file in found.keys() & env.images.keys():
            env.images[file][0].discard(env.docname)
            if not env.images[file][0]:
                del env.images[file]


class PagePictures(SphinxPostTransform):
    """Puts files of our making in the place of pictures in a page's text.

    What a camera has noted in a picture stays with its author, and a phone is not sent
    more pixels than it shows.
    """

    default_priority = 90  # before Sphinx's own, which download and convert pictures
    formats = ("html",)

    def run(self, **_options: object) -> None:
        """Replace the pictures of the document."""
        known = {
            file: found
            for pictures in get_domain(self.env).data["pictures"].values()
            for file, found in pictures.items()
        }
        first = True
        for image in list(self.document.findall(nodes.image)):
            found = known.get(image["uri"])
            if found:
                image.replace_self(_page_picture(found, image, first=first))
                first = False


def _page_picture(found: Picture, image: nodes.image, *, first: bool) -> picture:
    """Return what shows the picture of a page's text as the page asks for it.

    :param first: whether it may be seen at once, without scrolling
    """
    renditions = found.renditions(PAGE)
    width, height = renditions[0].width, renditions[0].height
    asked = re.fullmatch(r"(\d{1,4})(?:px)?", str(image.get("width", "")))
    if asked and 0 < int(asked[1]) < width:
        width, height = int(asked[1]), max(round(height * int(asked[1]) / width), 1)
    classes = ["labsite-picture", *image["classes"]]
    if image.get("align"):
        classes.append(f"align-{image['align']}")
    return picture(
        format="html",
        files=[(made.name, f"{made.width}w") for made in renditions],
        width=width,
        height=height,
        sizes=image.get("sizes", f"(max-width: {width}px) 100vw, {width}px"),
        alt=image.get("alt", ""),
        classes=classes,
        ids=image["ids"],
        first=first,
    )


class GalleryDirective(SphinxDirective):
    """``{gallery}``: the pictures of its text side by side, each with its title."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Return the pictures."""
        content = nodes.container("", *self.parse_content_to_nodes())
        gallery = nodes.container("", classes=["labsite-gallery"])
        for image in list(content.findall(nodes.image)):
            image["sizes"] = "(max-width: 32rem) 100vw, 20rem"
            shown = image.parent if isinstance(image.parent, nodes.reference) else image
            figure = nodes.figure("", shown.deepcopy())
            if image.get("title"):
                figure += nodes.caption("", image["title"])
            gallery += figure
        if not gallery.children:
            message = "there is no picture; write ![what it shows](picture.jpg)"
            warn(Rule.BAD_QUERY, message, location=self.get_location())
        return [gallery]


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
