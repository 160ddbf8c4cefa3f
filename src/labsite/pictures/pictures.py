"""Find and measure the pictures of records and pages, and make smaller files of them.

A source may be any file of a camera or a plotting program. Visitors get its pixels at
the size in which they are shown, without metadata.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from difflib import get_close_matches
from hashlib import blake2b
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from labsite.bibtex.reporting import problem
from labsite.model.problems import Problem, Rule
from labsite.model.records import Person, Publication
from labsite.pictures.metadata import count_frames, strip_metadata
from labsite.pictures.rasters import (
    PictureError,
    measure_raster,
    open_raster,
    scale_raster,
)
from labsite.pictures.svg import clean_svg, is_svg, measure_svg

#: Part of every digest; raise it to make all files anew.
_RECIPE = b"3"
_MOST_BYTES = 50_000_000
_MOST_ANIMATED = 4_000_000  # pixels of an animation, which visitors get at its size
_ENDS = (b"</svg>", b"ND\xaeB`\x82", b"\0;")  # of SVG, PNG and GIF
_SUFFIXES = {".png", ".jpg", ".jpeg", ".webp", ".gif", ".svg"}  # of suggestions


class Use(NamedTuple):
    """The box into which a picture is fitted on a kind of page."""

    name: str
    width: int  #: in CSS pixels
    height: int
    square: bool = False  #: whether the picture is cut to a square
    #: Pixels of each file per CSS pixel, the default first. A phone is narrower than
    #: the text of a page.
    densities: tuple[float, ...] = (1, 2)


THUMBNAIL = Use(name="thumbnail", width=160, height=100)
FIGURE = Use(name="figure", width=640, height=960)
PORTRAIT = Use(name="portrait", width=160, height=160, square=True)
PAGE = Use(name="page", width=800, height=800, densities=(1, 0.5, 2))


class Rendition(NamedTuple):
    """A file made of a picture for one use."""

    name: str  #: contains the digest of the picture
    width: int  #: in pixels of the file; for a drawing, in CSS pixels
    height: int


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A picture that can be used."""

    #: The record that the picture belongs to; None for a picture in a page's text.
    record: Publication | Person | None = field(default=None, repr=False)
    file: str  #: relative to the site's source directory, with forward slashes
    digest: str  #: of the file's content
    width: float  #: upright, in pixels or a drawing's own units
    height: float
    #: The format of a file that is not scaled: "svg", or that of an animation.
    kept: str | None = None

    @property
    def uses(self) -> tuple[Use, ...]:
        """All uses of the picture."""
        if self.record is None:
            return (PAGE,)
        is_preview = isinstance(self.record, Publication)
        return (THUMBNAIL, FIGURE) if is_preview else (PORTRAIT,)

    def renditions(self, use: Use) -> tuple[Rendition, ...]:
        """Return the files for *use*, the default first."""
        width, height = self._size(use, 1)
        if self.kept:
            return (Rendition(f"{self.digest}.{self.kept}", width, height),)
        sizes = dict.fromkeys(self._size(use, density) for density in use.densities)
        name = f"{self.digest}-{use.name}"
        return tuple(Rendition(f"{name}-{w}.webp", w, h) for w, h in sizes)

    def _size(self, use: Use, density: float) -> tuple[int, int]:
        width, height = use.width * density, use.height * density
        largest = float("inf") if self.kept == "svg" else 1.0
        if use.square:
            side = int(min(width, min(self.width, self.height) * largest))
            return side, side
        scale = min(width / self.width, height / self.height, largest)
        return max(round(self.width * scale), 1), max(round(self.height * scale), 1)


class Pictures(dict[str, Picture]):
    """The usable pictures of a site's records, by kind and name of the record."""

    def of(self, record: Publication | Person) -> Picture | None:
        """Return the picture of a publication or a person, or None."""
        return self.get(_identity(record))


def read_pictures(
    records: Iterable[Publication | Person], source: Path
) -> tuple[Pictures, list[Problem]]:
    """Return the pictures that *records* name, and problems with the others.

    :param source: the site's source directory
    """
    found, problems = Pictures(), []
    for record in records:
        try:
            if picture := _read_picture(record, source):
                found[_identity(record)] = picture
        except PictureError as error:
            problems.append(picture_problem(record, "", error))
    return found, problems


def picture_problem(
    record: Publication | Person | None, file: str, error: PictureError
) -> Problem:
    """Return a problem at the field that names a picture, or at its file."""
    if isinstance(record, Publication):
        return problem(record, Rule.BAD_PREVIEW, f"preview: {error}", "preview")
    message, line = str(error), 1
    if record:
        message, file = f"photo: {error}", record.source.file
        line = dict(record.source.lines).get("photo", 1)
    return Problem(Rule.BAD_PREVIEW, message, file, line)


def _identity(record: Publication | Person) -> str:
    if isinstance(record, Publication):
        return f"publication {record.key}"
    return f"person {record.slug}"


def _read_picture(record: Publication | Person, source: Path) -> Picture | None:
    folder = PurePosixPath(record.source.file).parent
    if isinstance(record, Publication):
        # File names may have characters escaped as for LaTeX.
        text = re.sub(r"\\([_%&#$])", r"\1", record.preview or "")
        folders = [folder, folder / "previews"]
    else:
        text, folders = record.photo or "", [folder]
    if not text:
        return None
    return measure_picture(_find(text, folders, source), source, record)


def measure_picture(
    file: str, source: Path, record: Publication | Person | None = None
) -> Picture:
    """Return a picture of a record, or in a page's text.

    :param file: relative to the site's source directory
    :raises PictureError: if it cannot be used
    """
    data, digest = _read(source / file)
    is_drawing = is_svg(data)
    width, height, kept = (
        (*measure_svg(data), "svg") if is_drawing else measure_raster(data)
    )
    if record and not is_drawing:
        kept = None  # the first frame is shown
    elif kept and not is_drawing and width * height > _MOST_ANIMATED:
        msg = f"'{file}' is animated and has {width:g} by {height:g} pixels; "
        raise PictureError(msg + "save it with at most 4 million, or as a video")
    elif kept in {"png", "webp"}:
        with open_raster(data) as image:
            count_frames(image)
    return Picture(
        record=record, file=file, digest=digest, width=width, height=height, kept=kept
    )


def _find(text: str, folders: list[PurePosixPath], source: Path) -> str:
    """Return the path from *source* of *text* in the first of *folders* that has it."""
    remedy = f"put the picture into {folders[-1]}/ and write its name"
    root = source.resolve()
    for folder in folders:
        with suppress(OSError, ValueError):  # of a name that no system takes
            path = Path(os.path.realpath(root / folder / text))
            if path.is_relative_to(root) and path.is_file():
                return path.relative_to(root).as_posix()
    files = [path for folder in folders for path in (root / folder).glob("*.*")]
    near = {p.name.lower(): p.name for p in files if p.suffix.lower() in _SUFFIXES}
    close = get_close_matches(PurePosixPath(text).name.lower(), near, n=1, cutoff=0.8)
    msg = f"there is no picture '{text[:80]}' in the site's folder; "
    raise PictureError(msg + (f"did you mean '{near[close[0]]}'?" if close else remedy))


def _read(path: Path) -> tuple[bytes, str]:
    """Return the content of a file and its digest, which is not for security."""
    try:
        size = path.stat().st_size
        if size > _MOST_BYTES:
            limit = _MOST_BYTES // 1_000_000
            msg = f"'{path.name}' has {size / 1e6:.0f} MB; save it with at most {limit}"
            raise PictureError(msg)
        data = path.read_bytes()
    except OSError as error:
        msg = f"cannot read '{path.name}': {error.strerror}; check its permissions"
        raise PictureError(msg) from error
    return data, blake2b(_RECIPE + data, digest_size=10).hexdigest()


def is_whole(path: Path) -> bool:
    """Return whether a file of :func:`make_files` exists and is complete."""
    with suppress(OSError):
        data = path.read_bytes()
        # RIFF, the container of WebP, begins with its length.
        riff = int.from_bytes(data[4:8], "little") + 8
        return len(data) == riff or data.endswith(_ENDS)
    return False


def make_files(picture: Picture, source: Path) -> dict[str, bytes]:
    """Return name and content of each file that pages need of *picture*.

    The result is reproducible.

    :param source: the site's source directory
    :raises PictureError: if the file cannot be decoded, or changed since it was read
    """
    data, digest = _read(source / picture.file)
    if digest != picture.digest:
        msg = f"'{picture.file}' changed during the build; build again"
        raise PictureError(msg)
    wanted = [(use, made) for use in picture.uses for made in picture.renditions(use)]
    if picture.kept:
        clean = clean_svg if picture.kept == "svg" else strip_metadata
        return {wanted[0][1].name: clean(data)}
    sizes = [(made.width, made.height, use.square) for use, made in wanted]
    scaled = scale_raster(data, sizes)
    return {made.name: file for (_, made), file in zip(wanted, scaled, strict=True)}
