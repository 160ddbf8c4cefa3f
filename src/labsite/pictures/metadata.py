"""Find and remove the metadata of cameras, such as positions."""

from __future__ import annotations

import re
import warnings
from contextlib import contextmanager
from io import BytesIO
from typing import TYPE_CHECKING

from PIL import ExifTags, Image, ImageSequence

from labsite.pictures.rasters import PictureError, damaged

if TYPE_CHECKING:
    from collections.abc import Iterator

#: The suffixes of photographs.
SUFFIXES = {".jpg", ".jpeg", ".png", ".webp"}
_FORMATS = ("JPEG", "PNG", "WEBP")
#: A position in XMP, which is XML.
_XMP_POSITION = re.compile(rb"exif:GPSL(?:ati|ongi)tude")
_MOST_PIXELS = 200_000_000  # of all frames of an animation, which are decoded
_QUALITY = 95  # no loss is visible


def has_position(data: bytes) -> bool:
    """Return whether a picture contains the position where it was taken."""
    if _XMP_POSITION.search(data):
        return True
    try:
        with _open(data) as image:
            return bool(_read_exif(image).get_ifd(ExifTags.IFD.GPSInfo))
    except PictureError:
        return False


def strip_metadata(data: bytes) -> bytes:
    """Return a JPEG, PNG or WebP saved anew, with the orientation as its only metadata.

    Animations stay; a GIF, which has no Exif, is returned as it is.

    :raises PictureError: if the picture cannot be decoded, or has too many frames
    """
    if data.startswith(b"GIF"):
        return data
    file = BytesIO()
    with _open(data) as image:
        frames: int = getattr(image, "n_frames", 1) if image.format != "MPO" else 1
        if image.width * image.height * frames > _MOST_PIXELS:
            msg = f"it has too many frames ({frames}); save it as a video"
            raise PictureError(msg)
        exif, found = Image.Exif(), _read_exif(image)
        if orientation := found.get(ExifTags.Base.Orientation):
            exif[ExifTags.Base.Orientation] = orientation
        options = {"quality": _QUALITY, "lossless": b"VP8L" in data, "comment": b"",
                   "exif": exif.tobytes() if orientation else b"",
                   "icc_profile": image.info.get("icc_profile")}  # fmt: skip
        if frames > 1:
            # The frames are whole pictures.
            options |= {"save_all": True, "disposal": 0, "blend": 0,
                        "loop": image.info.get("loop", 0),
                        "duration": _durations(image)}  # fmt: skip
        # A photograph of several views (MPO) is a JPEG, too.
        kind = image.format if image.format in _FORMATS else "JPEG"
        image.save(file, kind, **options)
    return file.getvalue()


def _durations(image: Image.Image) -> list[float]:
    """Return the time of each frame in milliseconds."""
    durations = []
    for frame in ImageSequence.Iterator(image):
        frame.load()
        durations.append(frame.info.get("duration", 0))
    return durations


@contextmanager
def _open(data: bytes) -> Iterator[Image.Image]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(BytesIO(data), formats=_FORMATS) as image:
                yield image
    except PictureError:
        raise
    except Exception as error:  # decoders raise anything
        raise damaged(error) from error


def _read_exif(image: Image.Image) -> Image.Exif:
    # The method of a PNG would decode all pixels to look behind them.
    return Image.Image.getexif(image)
