"""Find and remove the metadata of cameras, such as positions."""

from __future__ import annotations

import re
from contextlib import suppress
from io import BytesIO

from PIL import ExifTags, Image, ImageSequence

from labsite.pictures.rasters import PictureError, open_raster, read_exif

#: The suffixes of photographs.
SUFFIXES = {".jpg", ".jpeg", ".png", ".webp"}
#: A position in XMP, which is XML.
_XMP_POSITION = re.compile(rb"exif:GPSL(?:ati|ongi)tude")
_MOST_PIXELS = 100_000_000  # of all frames, four bytes of memory each
_QUALITY = 95  # no loss is visible


def has_position(data: bytes) -> bool:
    """Return whether a picture contains the position where it was taken."""
    if _XMP_POSITION.search(data):
        return True
    with suppress(PictureError), open_raster(data) as image:
        exif, late = Image.Image.getexif(image), data.partition(b"eXIf")[2]
        if late and "exif" not in image.info:  # behind the pixels of a PNG
            exif.load(late)
        return bool(exif.get_ifd(ExifTags.IFD.GPSInfo))
    return False


def count_frames(image: Image.Image) -> int:
    """Return the number of frames.

    :raises PictureError: if they are too large to be decoded
    """
    frames: int = getattr(image, "n_frames", 1)
    if image.width * image.height * frames > _MOST_PIXELS:
        msg = f"its pixels are too many ({frames} frames); save it smaller or as video"
        raise PictureError(msg)
    return frames


def strip_metadata(data: bytes) -> bytes:
    """Return a JPEG, PNG or WebP saved anew, with the orientation as its only metadata.

    Animations stay; a GIF, which has no Exif, is returned as it is.

    :raises PictureError: if the picture cannot be decoded, or has too many frames
    """
    file = BytesIO()
    with open_raster(data) as image:
        # A photograph of several views (MPO) is a JPEG, too.
        kind = "JPEG" if image.format == "MPO" else str(image.format)
        if kind == "GIF":
            return data
        frames = 1 if kind == "JPEG" else count_frames(image)
        exif = Image.Exif()
        if orientation := read_exif(image).get(ExifTags.Base.Orientation):
            exif[ExifTags.Base.Orientation] = orientation
        options = {"quality": "keep" if image.format == "JPEG" else _QUALITY,
                   "lossless": b"VP8L" in data, "comment": b"", "xmp": b"",
                   "exif": exif.tobytes() if orientation else b"",
                   "icc_profile": image.info.get("icc_profile")}  # fmt: skip
        if frames > 1:  # each is decoded to a whole picture
            times = [frame.load() and frame.info.get("duration", 0)
                     for frame in ImageSequence.Iterator(image)]  # fmt: skip
            options |= {"save_all": True, "loop": image.info.get("loop", 0),
                        "duration": times, "disposal": 0, "blend": 0}  # fmt: skip
        image.save(file, kind, **options)
    return file.getvalue()
