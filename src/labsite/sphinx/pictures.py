"""Pictures and drawings: nodes on pages, and files without metadata in the output."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from pathlib import Path
from posixpath import join

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

from labsite.model.digests import digest_text
from labsite.model.files import write_whole
from labsite.model.problems import Problem, Rule, quote
from labsite.model.records import Person, Publication
from labsite.pictures.pictures import (
    PAGE,
    PORTRAIT,
    Picture,
    Use,
    is_whole,
    make_files,
    measure_picture,
    picture_problem,
)
from labsite.pictures.rasters import PictureError
from labsite.pictures.svg import draw_monogram, inline_svg
from labsite.site.site import SiteRecords
from labsite.sphinx.domain import get_domain
from labsite.sphinx.languages import current_language, language_tag
from labsite.sphinx.logging import warn, warn_problems
from labsite.sphinx.untrusted import may_read

#: Where the files are, below the builder's folder of images.
_FOLDER = "labsite"


class picture(nodes.raw):  # noqa: N801 -- docutils
    """A picture that only builders for HTML show.

    ``files`` holds name and descriptor of each file, as in ``srcset``; ``shown`` holds
    further attributes of the element. ``folder`` is the path to the images if it is not
    that from the current page. Of docutils' images, Sphinx would copy the original.
    """


def record_picture(
    record: Publication | Person, site: SiteRecords, use: Use, alt: str = ""
) -> list[nodes.Node]:
    """Return the picture of a publication or person, if it has one."""
    found = site.pictures.of(record)
    if found is None:
        return []
    first, *others = found.renditions(use)
    files = [(made.name, f"{round(made.width / first.width, 2):g}x") for made in others]
    size = {"width": first.width, "height": first.height}
    return [
        picture(
            format="html",
            files=[(first.name, ""), *files],
            shown={"alt": alt, "loading": "lazy", **size},
            classes=["labsite-portrait" if use is PORTRAIT else "labsite-preview"],
        )
    ]


def portrait(person: Person, site: SiteRecords) -> nodes.Node:
    """Return the person's photograph or a monogram; the name is beside it."""
    seed = int(digest_text(person.name), 16)
    monogram = nodes.raw("", draw_monogram(seed), format="html")
    return next(iter(record_picture(person, site, PORTRAIT)), monogram)


def visit_picture(self: HTML5Translator, node: nodes.Element) -> None:
    """Write the picture, unless a file of it could not be made."""
    folder = _folder(self.builder)
    if folder and all((folder / name).is_file() for name, _ in node["files"]):
        base = node.get("folder", self.builder.imgpath)
        urls = [(join(base, _FOLDER, name), width) for name, width in node["files"]]
        attributes = {**node["shown"], "src": urls[0][0], "decoding": "async"}
        srcset = ", ".join(f"{url} {width}" for url, width in urls if width)
        if srcset:
            attributes["srcset"] = srcset
        self.body.append(self.emptytag(node, "img", "", **attributes))
    raise nodes.SkipNode


def replace_images(app: Sphinx, doctree: nodes.document) -> None:
    """Replace the images in the text of a page, and remove those that are refused.

    Sphinx has found their files: several for ``figure.*``, another in some languages.
    """
    env, source, is_html = app.env, Path(app.srcdir), app.builder.format == "html"
    found: dict[str, Picture] = {}
    for image in list(doctree.findall(nodes.image)):
        files: dict[str, str] = image.get("candidates", {})
        # Sphinx takes the first kind that the builder supports.
        kinds = (kind for kind in app.builder.supported_image_types if kind in files)
        file = files.get(next(kinds, ""), image["uri"])
        local = (file for kind, file in files.items() if kind != "?")
        refused = not all(may_read(env, f"/{each}") for each in local)
        shown: nodes.Node = nodes.inline(text=image.get("alt", ""))
        if refused:
            message = "%s is outside the repository; put the file into it"
            warn(Rule.REFUSED_CONTENT, message, quote(file), location=image)
        elif not (source / file).is_file():
            continue  # Sphinx reports missing files
        else:
            try:
                used = found.get(file) or measure_picture(file, source)
                shown = _page_picture(used, image, first=not found)
                found[file] = used
            except PictureError as error:
                warn(Rule.BAD_PREVIEW, "%s: %s", file, error, location=image)
        if is_html or refused:
            image.replace_self(shown)  # Sphinx copies the files of its own nodes
    if found:
        get_domain(env).data["pictures"][env.docname] = found


def _page_picture(found: Picture, image: nodes.image, *, first: bool) -> picture:
    """Return the picture of a page's text in the size that the page gives it.

    :param first: whether it may be visible without scrolling
    """
    renditions = found.renditions(PAGE)
    width, height = renditions[0].width, renditions[0].height
    asked = re.fullmatch(r"(\d{1,4})(?:px)?", str(image.get("width", "")))
    if asked and 0 < int(asked[1]) < width:
        width, height = int(asked[1]), max(round(height * int(asked[1]) / width), 1)
    shown = {"alt": image.get("alt", ""), "width": width, "height": height}
    several = len(renditions) > 1
    if several:
        sizes = f"(max-width: {width}px) 100vw, {width}px"
        shown["sizes"] = image.get("sizes", sizes)
    if not first:
        shown["loading"] = "lazy"
    align = [f"align-{image['align']}"] if image.get("align") else []
    return picture(
        format="html",
        files=[(made.name, f"{made.width}w" if several else "") for made in renditions],
        shown=shown,
        classes=["labsite-picture", *image["classes"], *align],
        ids=image["ids"],
    )


def write_pictures(app: Sphinx, env: BuildEnvironment) -> None:
    """Make the missing files before any page that shows them is written.

    Those that no page shows any more are removed. Their names change with their
    content, so a complete file is current. Pillow releases Python's lock, so threads
    run in parallel.
    """
    folder = _folder(app.builder)
    if folder is None:
        return

    def write(found: Picture) -> Problem | None:
        try:
            files = make_files(found, Path(app.srcdir))
        except PictureError as error:
            return picture_problem(found.record, found.file, error)
        for name, data in files.items():
            write_whole(folder / name, data)
        return None

    domain = get_domain(env)
    shown = (domain.site.pictures, *domain.data["pictures"].values())
    used = {
        tuple(made.name for use in found.uses for made in found.renditions(use)): found
        for found in chain(*map(dict.values, shown))
    }
    wanted = {*chain(*used)}
    for path in folder.glob("*"):
        if path.name not in wanted and path.is_file():
            path.unlink()
    missing = [
        found
        for names, found in used.items()
        if not all(is_whole(folder / name) for name in names)
    ]
    with ThreadPoolExecutor(max(app.parallel, 1)) as threads:
        warn_problems(filter(None, threads.map(write, missing)))


def _folder(builder: Builder) -> Path | None:
    """Return the folder of the files, if the builder makes a site."""
    if not isinstance(builder, StandaloneHTMLBuilder):
        return None
    return Path(builder.outdir) / builder.imagedir / _FOLDER


class GalleryDirective(SphinxDirective):
    """The pictures of its content side by side, each with its title."""

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
    """An SVG file as a part of the page, so that it follows the page's colours.

    The drawing's own ``title`` and ``desc`` are its text alternative.
    """

    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        """Return the drawing."""
        return [*show_drawing(self.env, self.arguments[0], self.get_location())]


def show_drawing(
    env: BuildEnvironment, name: str, location: str, *, decorative: bool = False
) -> Iterator[nodes.raw]:
    """Yield the drawing in a file; warn if it cannot be used.

    :param location: of the warning
    """
    file = env.relfn2path(name)[0]
    env.note_dependency(file)
    try:
        svg = read_drawing(env, name, decorative=decorative)
        yield nodes.raw("", svg, format="html")
    except PictureError as error:
        message = "cannot use the drawing '%s': %s"
        warn(Rule.BAD_DRAWING, message, file, error, location=location)


def read_drawing(env: BuildEnvironment, name: str, *, decorative: bool) -> str:
    """Return the drawing in a file as part of a page.

    :param name: relative to the current page, or to the source after "/"
    :raises PictureError: if it cannot be used; it is the message
    """
    path = Path(env.relfn2path(name)[1])
    if not (may_read(env, name) and path.is_file()):
        msg = "there is no such file; put it there, or correct the name"
        raise PictureError(msg)
    language = None if decorative else language_tag(current_language())
    return inline_svg(path.read_bytes(), "labsite-drawing", language)
