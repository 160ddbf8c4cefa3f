"""Measure photographs and plots, turn them upright, scale them and write WebP."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from io import BytesIO

from PIL import ExifTags, Image, ImageCms, ImageOps, UnidentifiedImageError

#: The accepted formats, for messages.
KNOWN = "PNG, JPEG, WebP, GIF or SVG"
_FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
_MOST_PIXELS = 64_000_000  # four bytes of memory each; below Pillow's own limit
_LONGEST_SIDE = 32_000  # a wide panorama
_MOST_SCANS = 50  # of a progressive JPEG; programs write about ten
_FEWER = f"save it with at most {_MOST_PIXELS // 1_000_000} million"
_SCAN, _END = b"\xff\xda", b"\xff\xd9"  # markers of a JPEG
#: Matches a marker of a JPEG with a length after it, and its end; no pixels do.
_MARKER = re.compile(rb"\xff[^\x00\x01\xd0-\xd7\xff]")
_HEADROOM = 0.25  # the share above a square that is cut from a tall picture
_QUALITY = 82
_EFFORT = 50  # of lossless compression, 0 to 100; more gains little
#: The operation that turns a picture upright, by orientation (Exif tag 0x0112).
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_TURNED = {5, 6, 7, 8}  # orientations that swap width and height


class PictureError(ValueError):
    """A picture cannot be used; the message says why, and what to do instead."""


def measure_raster(data: bytes) -> tuple[int, int, str | None]:
    """Return width and height when upright, and the format of an animation.

    :raises PictureError: if *data* is not a picture, or exceeds a limit
    """
    with open_raster(data) as image:
        width, height = image.size
        orientation = read_exif(image).get(ExifTags.Base.Orientation)
        animated = _animated_format(image)
        image.verify()  # the checksums of a PNG; nothing of other formats
        # A photograph of several views (MPO) is a JPEG, too.
        if image.format in {"JPEG", "MPO"} and _count_scans(data) > _MOST_SCANS:
            msg = f"it has over {_MOST_SCANS} passes over the picture; save it again"
            raise PictureError(msg)
    if width * height > _MOST_PIXELS or max(width, height) > _LONGEST_SIDE:
        msg = f"{width} by {height} pixels are too many; {_FEWER}"
        raise PictureError(msg)
    if orientation in _TURNED:
        width, height = height, width
    return width, height, animated


def scale_raster(data: bytes, wanted: Sequence[tuple[int, int, bool]]) -> list[bytes]:
    """Return a WebP file for each width, height, and whether to cut to a square.

    The result is reproducible.

    :raises PictureError: if the pixels cannot be decoded
    """
    side = max(max(width, height) for width, height, _square in wanted)
    with open_raster(data) as opened:
        exact = opened.format in {"PNG", "GIF"}
        profile = opened.info.get("icc_profile")
        image = _decode(opened, side)
    files = []
    for width, height, square in wanted:
        size, method = (width, height), Image.Resampling.LANCZOS
        if square:
            small = ImageOps.fit(image, size, method, centering=(0.5, _HEADROOM))
        else:
            small = image.resize(size, method)
        files.append(_compress(_to_srgb(small, profile), exact))
    return files


@contextmanager
def open_raster(data: bytes) -> Iterator[Image.Image]:
    """Open a picture without decoding its pixels.

    :raises PictureError: if it is none, or cannot be decoded within the context
    """
    try:
        # Of many pixels, for which the limit here is lower; of damaged metadata.
        with warnings.catch_warnings(action="ignore"):
            yield Image.open(BytesIO(data), formats=_FORMATS)
    except PictureError:
        raise
    except Image.DecompressionBombError as error:
        msg = f"its pixels are too many; {_FEWER}"
        raise PictureError(msg) from error
    except UnidentifiedImageError as error:
        msg = f"the file is no {KNOWN} picture; save it as one of these"
        raise PictureError(msg) from error
    except Exception as error:  # decoders raise anything
        msg = f"the picture is damaged ({error}); save it again"
        raise PictureError(msg) from error


def _count_scans(data: bytes) -> int:
    """Count the scans of a JPEG up to its end; phones append a video to some."""
    scans, position = 0, 2
    while found := _MARKER.search(data, position):
        if found[0] == _END:
            return scans
        scans, end = scans + (found[0] == _SCAN), found.end()
        position = end + int.from_bytes(data[end : end + 2], "big")
    msg = "its end is missing"
    raise ValueError(msg)


def _animated_format(image: Image.Image) -> str | None:
    """Return the format of an animation; ``None`` for others and damaged ones."""
    # A photograph of several views (MPO) has frames, but browsers show the first.
    with suppress(Exception):  # of a damaged one
        if image.format in _FORMATS and getattr(image, "is_animated", False):
            return image.format.lower()
    return None


def read_exif(image: Image.Image) -> Image.Exif:
    """Return the Exif data that browsers read."""
    exif = Image.Exif()
    with suppress(Exception):  # of damaged data
        # image.getexif() would decode all pixels of a PNG, and read XMP.
        exif.load(image.info.get("exif") or b"")
    return exif


def _decode(image: Image.Image, side: int) -> Image.Image:
    """Return the first frame, upright, in a mode that can be scaled.

    :param side: the smallest side in pixels that is needed
    """
    turn = _UPRIGHT.get(read_exif(image).get(ExifTags.Base.Orientation, 1))
    image.draft(None, (side, side))  # decodes a JPEG at a reduced size
    image.load()
    if image.mode.startswith("I"):  # 16 bits of grey, which convert() would cut off
        image = image.point(lambda value: value * (1 / 257)).convert("L")
    if image.has_transparency_data:
        image = image.convert("RGBA")
    elif image.mode not in {"L", "RGB", "CMYK"}:
        image = image.convert("RGB")
    return image.transpose(turn) if turn is not None else image


def _to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Return the picture in sRGB, which browsers assume without a profile."""
    mode = "RGBA" if image.mode == "RGBA" else "RGB"
    if profile:
        # A profile may be damaged, or for another mode.
        with suppress(ImageCms.PyCMSError, OSError, ValueError):
            given = ImageCms.ImageCmsProfile(BytesIO(profile))
            srgb = ImageCms.createProfile("sRGB")
            converted = ImageCms.profileToProfile(image, given, srgb, outputMode=mode)
            image = converted or image
    return image.convert(mode)


def _compress(image: Image.Image, exact: bool) -> bytes:
    """Return the picture as WebP, without any metadata.

    :param exact: the source is lossless; then lossless compression is tried too, which
        is smaller for flat colours
    """
    found = []
    for lossless in (False, True) if exact else (False,):
        buffer, quality = BytesIO(), _EFFORT if lossless else _QUALITY
        image.save(buffer, "WEBP", lossless=lossless, quality=quality)
        found.append(buffer.getvalue())
    return min(found, key=len)
