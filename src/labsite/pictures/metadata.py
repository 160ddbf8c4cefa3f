"""Find and remove the metadata of cameras, such as positions.

The encoded pixels and the orientation do not change.
"""

from __future__ import annotations

import re
import struct
import warnings
from contextlib import suppress
from io import BytesIO
from typing import TYPE_CHECKING
from zlib import crc32

from PIL import ExifTags, Image

from labsite.pictures.rasters import MOST_PIXELS

if TYPE_CHECKING:
    from collections.abc import Iterator

#: The suffixes of photographs.
SUFFIXES = {".jpg", ".jpeg", ".png", ".webp"}
_FORMATS = ("JPEG", "PNG", "WEBP")
_JPEG, _PNG, _EXIF = b"\xff\xd8", b"\x89PNG\r\n\x1a\n", b"Exif\0\0"
_GIF = b"GIF87a", b"GIF89a"
#: A position in XMP, which is XML.
_XMP_POSITION = re.compile(rb"exif:GPSL(?:ati|ongi)tude")
_SCAN = 0xDA  # the marker before the pixels
_GIF_IMAGE, _GIF_TRAILER = 0x2C, 0x3B
#: Exif, XMP, data of Photoshop, and comments.
_JPEG_SEGMENTS = {0xE1, 0xED, 0xFE}
_PNG_CHUNKS = {b"eXIf", b"iTXt", b"tEXt", b"zTXt", b"tIME"}
_WEBP_CHUNKS = {b"EXIF", b"XMP "}
#: Extensions of a GIF to keep: control of an image, and the number of repetitions.
_GIF_EXTENSIONS = (b"\xf9", b"\xff\x0bNETSCAPE2.0", b"\xff\x0bANIMEXTS1.0")
_WEBP_FLAGS, _WEBP_EXIF = 0x0C, 0x08  # in "VP8X": Exif and XMP; Exif


def has_position(data: bytes) -> bool:
    """Return whether a picture contains the position where it was taken."""
    if _XMP_POSITION.search(data):
        return True
    with suppress(Exception):  # decoders raise anything
        return bool(_read_exif(data).get_ifd(ExifTags.IFD.GPSInfo))
    return False


def strip_metadata(data: bytes) -> bytes:
    """Return a JPEG, PNG, GIF or WebP without metadata, other files as they are."""
    with suppress(Exception):  # of a damaged or an enormous picture
        if data.startswith(_JPEG):
            return _JPEG + b"".join(_jpeg(data, _note(data)))
        if data.startswith(_PNG):
            return _PNG + b"".join(_png(data, _note(data)))
        if data.startswith(_GIF):
            return b"".join(_gif(data))
        if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
            body = b"".join(_webp(data, _note(data)))
            return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body
    return data


def _note(data: bytes) -> bytes:
    """Return Exif data with the orientation alone; nothing if that is the default."""
    orientation = int(_read_exif(data).get(ExifTags.Base.Orientation, 1))
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    return b"" if orientation == 1 else exif.tobytes().removeprefix(_EXIF)


def _read_exif(data: bytes) -> Image.Exif:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with Image.open(BytesIO(data), formats=_FORMATS) as image:
            if image.width * image.height <= MOST_PIXELS or image.format != "PNG":
                return image.getexif()
            # Pillow would decode all pixels to look behind them.
            exif = Image.Exif()
            exif.load(image.info.get("exif") or b"")
            return exif


def _jpeg(data: bytes, note: bytes) -> Iterator[bytes]:
    """Yield the segments of a JPEG (ITU-T T.81, annex B) to keep."""
    if note:
        content = _EXIF + note
        yield b"\xff\xe1" + struct.pack(">H", len(content) + 2) + content
    position = 2
    while data[position + 1] != _SCAN:
        if data[position : position + 1] != b"\xff":
            msg = "there is no marker"
            raise ValueError(msg)
        if data.startswith(b"\xff\xff", position):  # a marker may begin with several
            position += 1
            continue
        (length,) = struct.unpack_from(">H", data, position + 2)
        end = position + 2 + length
        if data[position + 1] not in _JPEG_SEGMENTS:
            yield data[position:end]
        position = end
    yield data[position:]


def _png(data: bytes, note: bytes) -> Iterator[bytes]:
    """Yield the chunks of a PNG (third edition, 11.3) to keep, to the last."""
    position, kind = len(_PNG), b""
    while kind != b"IEND" and position < len(data):
        length, kind = struct.unpack_from(">I4s", data, position)
        end = position + length + 12
        if kind not in _PNG_CHUNKS:
            yield data[position:end]
        if kind == b"IHDR" and note:  # the first chunk
            crc = struct.pack(">I", crc32(b"eXIf" + note))
            yield struct.pack(">I", len(note)) + b"eXIf" + note + crc
        position = end


def _gif(data: bytes) -> Iterator[bytes]:
    """Yield the blocks of a GIF (89a specification, appendix A) to keep."""
    position = 13 + _colors(data[10])
    yield data[:position]
    while data[position] != _GIF_TRAILER:
        start, is_image = position, data[position] == _GIF_IMAGE
        position += 11 + _colors(data[position + 9]) if is_image else 2
        while length := data[position]:
            position += length + 1
        position += 1
        if is_image or data[start + 1 : position].startswith(_GIF_EXTENSIONS):
            yield data[start:position]
    yield data[position : position + 1]


def _colors(flags: int) -> int:
    """Return the number of bytes of a table of colors."""
    return 3 << (flags % 8 + 1) if flags & 0x80 else 0


def _webp(data: bytes, note: bytes) -> Iterator[bytes]:
    """Yield the chunks of a WebP (RFC 9649, 2.7) to keep, to the end that it names."""
    position, last = 12, 8 + int.from_bytes(data[4:8], "little")
    while position < last:
        kind, length = struct.unpack_from("<4sI", data, position)
        end = position + 8 + length + length % 2
        chunk = data[position:end]
        if kind == b"VP8X":
            flags = chunk[8] & ~_WEBP_FLAGS | (_WEBP_EXIF if note else 0)
            chunk = chunk[:8] + bytes([flags]) + chunk[9:]
        if kind not in _WEBP_CHUNKS:
            yield chunk
        position = end
    if note:
        yield b"EXIF" + struct.pack("<I", len(note)) + note + b"\0" * (len(note) % 2)
