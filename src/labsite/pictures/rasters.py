"""Photographs and plots: measured, stood upright, scaled and written as WebP."""

from __future__ import annotations

import struct
import warnings
from contextlib import suppress
from io import BytesIO
from typing import TYPE_CHECKING

from PIL import ExifTags, Image, ImageCms

if TYPE_CHECKING:
    from collections.abc import Sequence

#: What members may give.
KNOWN = "PNG, JPEG, WebP, GIF or SVG"
_FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
_MOST_PIXELS = 64_000_000  # four bytes of memory each; below Pillow's own limit
_LONGEST_SIDE = 32_000  # of a panorama; what is far longer is not a picture
_MOST_SCANS = 50  # of a JPEG, each over the whole picture; programs write some ten
_FEWER = f"save it with at most {_MOST_PIXELS // 1_000_000} million"
_JPEG, _SCAN = b"\xff\xd8", b"\xff\xda"  # its first marker, and that of each scan
_HEADROOM = 0.25  # how much of what a square leaves of a tall picture is left on top
_QUALITY = 82
_EFFORT = 50  # for lossless files, 0 to 100; more takes long and gains little
#: What makes a picture upright, by its orientation (Exif 2.32, tag 0x0112).
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_TURNED = {5, 6, 7, 8}  # width and height change places


class PictureError(ValueError):
    """A picture cannot be used; the text says why, and what to do instead."""


def measure_raster(data: bytes) -> tuple[int, int, int]:
    """Return a picture's width and height when it stands upright; its orientation.

    :raises PictureError: if *data* is not a picture, or far too large a one
    """
    with warnings.catch_warnings():
        # Of many pixels, which we refuse before Pillow would; of damaged metadata.
        warnings.simplefilter("ignore")
        with _open(data) as image:
            width, height = image.size
            orientation = _orientation(image)
    if data.startswith(_JPEG) and data.count(_SCAN) > _MOST_SCANS:
        msg = f"it has more than {_MOST_SCANS} passes over the picture; save it again"
        raise PictureError(msg)
    if width * height > _MOST_PIXELS or max(width, height) > _LONGEST_SIDE:
        msg = f"{width} by {height} pixels are too many; {_FEWER}"
        raise PictureError(msg)
    if orientation in _TURNED:
        width, height = height, width
    return width, height, orientation


def animated_format(data: bytes) -> str | None:
    """Return the format of a picture that moves, in lower case; ``None`` for a still.

    :raises PictureError: if *data* is not a picture
    """
    with _open(data) as image:
        moves = getattr(image, "is_animated", False)
        return str(image.format).lower() if moves else None


def copy_animation(data: bytes) -> bytes:
    """Return a picture that moves, in its format, without any metadata.

    :raises PictureError: if the pixels cannot be decoded
    """
    with _open(data) as image:
        if image.format == "GIF":  # which has no place for a camera's metadata
            return data
        buffer = BytesIO()
        try:
            image.save(buffer, image.format, save_all=True, exif=b"")
        except Exception as error:  # as in _open
            msg = f"the picture is damaged ({error}); save it again"
            raise PictureError(msg) from error
    return buffer.getvalue()


def scale_raster(
    data: bytes, orientation: int, wanted: Sequence[tuple[int, int, bool]]
) -> list[bytes]:
    """Return a WebP file for each width, height and whether it is cut to a square.

    The same arguments give the same bytes each time.

    :param orientation: from :func:`measure_raster`
    :raises PictureError: if the pixels cannot be decoded
    """
    side = max(max(width, height) for width, height, _square in wanted)
    with _open(data) as opened:
        exact = opened.format in {"PNG", "GIF"}
        profile = opened.info.get("icc_profile")
        image = _decode(opened, side, _UPRIGHT.get(orientation))
    files = []
    for width, height, square in wanted:
        box = _middle(image.size) if square else (0, 0, *image.size)
        small = image.resize((width, height), Image.Resampling.LANCZOS, box)
        files.append(_compress(_to_srgb(small, profile), exact))
    return files


def _open(data: bytes) -> Image.Image:
    """Return the picture in *data*, of which no pixel is decoded yet."""
    try:
        return Image.open(BytesIO(data), formats=_FORMATS)
    except Image.DecompressionBombError as error:
        msg = f"its pixels are too many; {_FEWER}"
        raise PictureError(msg) from error
    except Exception as error:  # whatever a decoder raises at hostile bytes
        msg = f"the file is no {KNOWN} picture; save it as one of these"
        raise PictureError(msg) from error


def _orientation(image: Image.Image) -> int:
    # What image.getexif() finds in other places, it decodes the whole picture for,
    # and browsers do not look there.
    exif = Image.Exif()
    with suppress(OSError, SyntaxError, ValueError, TypeError, KeyError, struct.error):
        exif.load(image.info.get("exif") or b"")
        return int(exif.get(ExifTags.Base.Orientation, 1))
    return 1


def _decode(image: Image.Image, side: int, turn: Image.Transpose | None) -> Image.Image:
    """Return the first frame, upright, in a mode that can be scaled.

    :param side: how many pixels are needed at least, each way
    :param turn: what makes it upright
    """
    try:
        image.draft(None, (side, side))  # a JPEG need not be decoded in full size
        image.load()
    except Exception as error:  # as in _open
        msg = f"the picture is damaged ({error}); save it again"
        raise PictureError(msg) from error
    if image.mode.startswith("I"):  # 16 bits of grey, which convert() would cut off
        image = image.point(lambda value: value * (1 / 257)).convert("L")
    if image.has_transparency_data:
        image = image.convert("RGBA")
    elif image.mode not in {"L", "RGB", "CMYK"}:
        image = image.convert("RGB")
    return image.transpose(turn) if turn is not None else image


def _middle(size: tuple[int, int]) -> tuple[float, float, float, float]:
    """Return the square that is cut out of a picture, a tall one's nearer the top."""
    width, height = size
    side = min(size)
    left, top = (width - side) / 2, (height - side) * _HEADROOM
    return left, top, left + side, top + side


def _to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Return the picture in the colours that a browser assumes where no file says."""
    mode = "RGBA" if image.mode == "RGBA" else "RGB"
    if profile:
        # A profile may be damaged or for another mode; its colours count then as sRGB.
        with suppress(ImageCms.PyCMSError, OSError, ValueError):
            given = ImageCms.ImageCmsProfile(BytesIO(profile))
            srgb = ImageCms.createProfile("sRGB")
            converted = ImageCms.profileToProfile(image, given, srgb, outputMode=mode)
            image = converted or image
    return image.convert(mode)


def _compress(image: Image.Image, exact: bool) -> bytes:
    """Return the picture as WebP, without any metadata.

    :param exact: the source has every pixel as it was drawn; then a file that keeps
        them so is tried too, which is smaller for flat colours
    """
    if image.mode == "RGBA" and image.getchannel("A").getextrema() == (255, 255):
        image = image.convert("RGB")
    options: list[dict[str, int]] = [{"quality": _QUALITY}]
    if exact:
        options.append({"lossless": True, "quality": _EFFORT})
    found = []
    for each in options:
        buffer = BytesIO()
        image.save(buffer, "WEBP", icc_profile=b"", exif=b"", xmp=b"", **each)
        found.append(buffer.getvalue())
    return min(found, key=len)
