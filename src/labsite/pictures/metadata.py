"""What a camera notes in a picture besides its pixels: found, and taken out.

The pixels stay as they are, byte for byte, and so does what says how they lie.
"""

from __future__ import annotations

import re
import struct
import warnings
from contextlib import suppress
from io import BytesIO
from typing import TYPE_CHECKING

from PIL import ExifTags, Image

if TYPE_CHECKING:
    from collections.abc import Iterator

#: The formats of photographs that a site may have.
SUFFIXES = {".jpg", ".jpeg", ".png", ".webp"}
_PNG = b"\x89PNG\r\n\x1a\n"
#: Positions stand in Exif, and in XMP, which is XML.
_XMP_POSITION = re.compile(rb"exif:GPSL(?:ati|ongi)tude")
_SCAN = 0xDA  # the marker behind which the pixels are, up to the end
#: What says nothing of the pixels: Exif, XMP, Photoshop's data and comments.
_JPEG_SEGMENTS = {0xE1, 0xED, 0xFE}
_PNG_CHUNKS = {b"eXIf", b"iTXt", b"tEXt", b"zTXt", b"tIME"}
_WEBP_CHUNKS = {b"EXIF", b"XMP "}
_WEBP_FLAGS = 0x0C  # of the header "VP8X": that there is Exif, and XMP


def has_position(data: bytes) -> bool:
    """Tell whether a picture says where it was taken."""
    if _XMP_POSITION.search(data):
        return True
    with suppress(Exception), warnings.catch_warnings():  # hostile bytes, as any file
        warnings.simplefilter("ignore")
        with Image.open(BytesIO(data), formats=("JPEG", "PNG", "WEBP")) as image:
            return bool(image.getexif().get_ifd(ExifTags.IFD.GPSInfo))
    return False


def strip_metadata(data: bytes) -> bytes:
    """Return a picture's bytes without what its camera has noted.

    A file that is no JPEG, PNG or WebP, or is damaged, comes back as it is.
    """
    with suppress(struct.error, IndexError, ValueError, OSError, SyntaxError):
        if data.startswith(b"\xff\xd8"):
            return b"\xff\xd8" + b"".join(_jpeg(data))
        if data.startswith(_PNG):
            return _PNG + b"".join(_png(data))
        if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
            body = b"".join(_webp(data))
            return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body
    return data


def _jpeg(data: bytes) -> Iterator[bytes]:
    """Yield the segments of a JPEG (ITU-T T.81, annex B) that stay."""
    orientation = _orientation(data)
    if orientation != 1:
        exif = Image.Exif()
        exif[ExifTags.Base.Orientation] = orientation
        content = b"Exif\0\0" + exif.tobytes().removeprefix(b"Exif\0\0")
        yield b"\xff\xe1" + struct.pack(">H", len(content) + 2) + content
    position = 2
    while data[position + 1] != _SCAN:
        if data[position : position + 1] != b"\xff":
            msg = "there is no marker"
            raise ValueError(msg)
        (length,) = struct.unpack_from(">H", data, position + 2)
        end = position + 2 + length
        if data[position + 1] not in _JPEG_SEGMENTS:
            yield data[position:end]
        position = end
    yield data[position:]


def _orientation(data: bytes) -> int:
    with Image.open(BytesIO(data), formats=("JPEG",)) as image:
        return int(image.getexif().get(ExifTags.Base.Orientation, 1))


def _png(data: bytes) -> Iterator[bytes]:
    position = len(_PNG)
    while position < len(data):
        length, kind = struct.unpack_from(">I4s", data, position)
        end = position + length + 12
        if kind not in _PNG_CHUNKS:
            yield data[position:end]
        position = end


def _webp(data: bytes) -> Iterator[bytes]:
    position = 12
    while position < len(data):
        kind, length = struct.unpack_from("<4sI", data, position)
        end = position + 8 + length + length % 2
        chunk = data[position:end]
        if kind == b"VP8X":
            chunk = chunk[:8] + bytes([chunk[8] & ~_WEBP_FLAGS]) + chunk[9:]
        if kind not in _WEBP_CHUNKS:
            yield chunk
        position = end
