"""Pictures and marks of names as nodes, and the files that pages show."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from posixpath import join
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.locale import _

from labsite.model.digests import digest_text
from labsite.model.files import write_whole
from labsite.pictures.pictures import (
    FIGURE,
    PORTRAIT,
    THUMBNAIL,
    is_whole,
    make_files,
    picture_problem,
)
from labsite.pictures.rasters import PictureError
from labsite.sphinx.domain import get_domain
from labsite.sphinx.logging import warn_problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment
    from sphinx.writers.html5 import HTML5Translator

    from labsite.model.problems import Problem
    from labsite.model.records import Person, Publication
    from labsite.pictures.pictures import Picture, Use
    from labsite.site.site import SiteRecords

#: Where the files are, below the builder's folder of images.
_FOLDER = "labsite"
_MONOGRAM_COLOURS = 6


class picture(nodes.raw):  # noqa: N801 -- docutils
    """A picture of the site's records, which no builder but those for HTML shows.

    ``files`` holds name and descriptor of each file, as ``srcset`` has it: "2x", or
    "800w", for which ``sizes`` says how wide it is. ``width`` and ``height`` are the
    size shown, ``alt`` is the text for those who do not see it. ``folder`` is where
    the site's images are, if that is said in another way than from the page. It is no
    docutils image on purpose: of those, Sphinx copies the original to the site.
    """


def register_pictures(app: Sphinx) -> None:
    """Announce the nodes, and what makes and removes the files."""
    app.add_node(picture, html=(visit_picture, None))
    app.connect("env-updated", write_pictures)
    app.connect("build-finished", remove_stale)


def thumbnail(publication: Publication, site: SiteRecords) -> list[nodes.Node]:
    """Return the publication's small picture, if it has one, for beside its title."""
    found = site.pictures.of(publication)
    return [_picture(found, THUMBNAIL, "labsite-preview", "")] if found else []


def figure(publication: Publication, site: SiteRecords) -> list[nodes.Node]:
    """Return the publication's large picture, if it has one."""
    found = site.pictures.of(publication)
    alt = _("Figure from %s") % publication.title
    return [_picture(found, FIGURE, "labsite-preview", alt)] if found else []


def portrait(person: Person, site: SiteRecords, alt: str = "") -> nodes.Element:
    """Return the person's photograph, or else a mark of the name.

    :param alt: the photograph's text alternative; none where the name stands beside it
    """
    found = site.pictures.of(person)
    if found:
        return _picture(found, PORTRAIT, "labsite-portrait", alt)
    # Raw: the name stands beside it.
    return nodes.raw("", _mark(int(digest_text(person.name), 16)), format="html")


def _picture(found: Picture, use: Use, class_name: str, alt: str) -> picture:
    renditions = found.renditions(use)
    return picture(
        format="html",
        files=[(made.name, f"{made.density:g}x") for made in renditions],
        width=renditions[0].width,
        height=renditions[0].height,
        alt=alt,
        classes=[class_name],
    )


def visit_picture(self: HTML5Translator, node: nodes.Element) -> None:
    """Write the picture, unless its file could not be made."""
    builder = self.builder
    folder = Path(builder.outdir) / builder.imagedir / _FOLDER
    files = [(name, d) for name, d in node["files"] if (folder / name).is_file()]
    if len(files) == len(node["files"]):
        images = node.get("folder", builder.imgpath)
        urls = [(join(images, _FOLDER, name), d) for name, d in files]
        attributes = {name: node[name] for name in ("alt", "width", "height")}
        attributes |= {"src": urls[0][0], "decoding": "async"}
        if not node.get("first"):
            attributes["loading"] = "lazy"
        if urls[1:]:
            sized = urls if "sizes" in node else urls[1:]
            attributes["srcset"] = ", ".join(f"{url} {d}" for url, d in sized)
        if urls[1:] and "sizes" in node:
            attributes["sizes"] = node["sizes"]
        self.body.append(self.emptytag(node, "img", "", **attributes))
    raise nodes.SkipNode


def _mark(seed: int) -> str:
    """Return squares on a grid, as chosen by a number."""
    squares = {1: "", 2: ""}  # pale and full ones
    for place in range(16):
        y, x = divmod(place, 4)
        # Of four values one draws nothing, one a pale square, and two a full one.
        level = min(seed >> (2 * place + 8) & 3, 2)
        if level:
            squares[level] += f"M{6 * x + 1} {6 * y + 1}h4v4h-4z"
    paths = "".join(f'<path d="{drawn}"/>' for drawn in squares.values())
    classes = f"labsite-monogram labsite-monogram-{seed % _MONOGRAM_COLOURS}"
    return (
        f'<svg aria-hidden="true" class="{classes}" viewBox="-3 -3 30 30">{paths}</svg>'
    )


def write_pictures(app: Sphinx, env: BuildEnvironment) -> None:
    """Make the files that the site lacks, before any page that shows them.

    Their names say what is in them, so a file that is whole is right. Pillow leaves
    Python's lock while it works, so threads are enough.
    """
    folder = _folder(app)
    if folder is None:
        return
    # Two records may show the same picture.
    wanted = {tuple(_names(each)): each for each in _all_pictures(env)}
    missing = [
        each
        for names, each in wanted.items()
        if not all(is_whole(folder / name) for name in names)
    ]
    source = Path(app.srcdir)
    with ThreadPoolExecutor(max(app.parallel, 1)) as threads:
        results = threads.map(lambda each: _write(each, source, folder), missing)
        for problem in filter(None, results):
            warn_problem(problem)


def _write(found: Picture, source: Path, folder: Path) -> Problem | None:
    try:
        files = make_files(found, source)
    except PictureError as error:
        return picture_problem(found.record, found.file, error)
    for name, data in files.items():
        write_whole(folder / name, data)
    return None


def _all_pictures(env: BuildEnvironment) -> Iterator[Picture]:
    """Yield the pictures of records and of pages' texts."""
    domain = get_domain(env)
    yield from domain.site.pictures
    for pictures in domain.data["pictures"].values():
        yield from pictures.values()


def remove_stale(app: Sphinx, exception: Exception | None) -> None:
    """Remove the pictures that earlier builds made and no page shows any more."""
    folder = _folder(app)
    if exception or folder is None or not folder.is_dir():
        return
    wanted = {name for each in _all_pictures(app.env) for name in _names(each)}
    for path in folder.iterdir():
        if path.name not in wanted:
            path.unlink()


def _folder(app: Sphinx) -> Path | None:
    """Return where the files are, if the builder makes a site at all."""
    if not isinstance(app.builder, StandaloneHTMLBuilder):
        return None
    return Path(app.outdir) / app.builder.imagedir / _FOLDER


def _names(found: Picture) -> list[str]:
    return [made.name for use in found.uses for made in found.renditions(use)]
