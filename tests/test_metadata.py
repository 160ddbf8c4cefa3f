"""What a camera notes is found and taken out; the pixels stay."""

from __future__ import annotations

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import ExifTags, Image

from labsite.pictures.metadata import has_position, strip_metadata

SIZE = (64, 48)


def picture(kind: str, *, position: bool = True, orientation: int = 1) -> bytes:
    """Return a picture of some format with a camera's notes."""
    exif = Image.Exif()
    exif[ExifTags.Base.Model] = "Spycam 3000"
    if orientation != 1:
        exif[ExifTags.Base.Orientation] = orientation
    if position:
        exif.get_ifd(ExifTags.IFD.GPSInfo)[1] = "N"
    buffer = BytesIO()
    Image.linear_gradient("L").convert("RGB").resize(SIZE).save(buffer, kind, exif=exif)
    return buffer.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_position_is_found_and_taken_out_and_the_pixels_stay(kind: str) -> None:
    data = picture(kind)
    assert has_position(data)
    assert not has_position(picture(kind, position=False))
    stripped = strip_metadata(data)
    assert not has_position(stripped)
    assert b"Spycam" not in stripped
    with Image.open(BytesIO(data)) as old, Image.open(BytesIO(stripped)) as new:
        assert new.format == kind
        assert old.tobytes() == new.tobytes()
    assert strip_metadata(stripped) == stripped


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_what_follows_the_end_of_a_picture_is_taken_out_too(kind: str) -> None:
    data = picture(kind)
    assert strip_metadata(data + b"rest") == strip_metadata(data)


def test_a_position_is_taken_out_of_a_picture_without_its_end() -> None:
    data = picture("PNG")[:-12]
    assert has_position(data)
    assert strip_metadata(data) == strip_metadata(picture("PNG"))[:-12]


def test_a_marker_may_begin_with_several_bytes() -> None:
    data = picture("JPEG")
    position = data.index(b"\xff\xe1")
    padded = data[:position] + b"\xff\xff" + data[position:]
    assert has_position(padded)
    assert strip_metadata(padded) == strip_metadata(data)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_that_lies_on_its_side_still_says_so(kind: str) -> None:
    data = picture(kind, orientation=6)
    stripped = strip_metadata(data)
    with Image.open(BytesIO(data)) as old, Image.open(BytesIO(stripped)) as new:
        assert dict(new.getexif()) == {ExifTags.Base.Orientation: 6}
        assert old.tobytes() == new.tobytes()
    assert strip_metadata(stripped) == stripped


def test_a_gif_loses_its_comments_and_keeps_its_frames_and_their_time() -> None:
    frames = [Image.new("RGB", (5, 4), color) for color in ("red", "blue", "lime")]
    buffer = BytesIO()
    frames[0].save(
        buffer, "GIF", save_all=True, append_images=frames[1:], duration=70, loop=3,
        comment=b"a secret",
    )  # fmt: skip
    data = buffer.getvalue()
    control = data.index(b"!\xf9")
    xmp = b"!\xff\x0bXMP DataXMP<secret/>\x01" + bytes(range(255, -1, -1)) + b"\0"
    stripped = strip_metadata(data[:control] + xmp + data[control:])
    assert b"secret" not in stripped
    with Image.open(BytesIO(data)) as old, Image.open(BytesIO(stripped)) as new:
        assert new.info["loop"] == 3
        for number in range(3):
            old.seek(number)
            new.seek(number)
            assert new.info["duration"] == 70
            assert old.convert("RGB").tobytes() == new.convert("RGB").tobytes()


@given(
    st.binary(max_size=60),
    st.sampled_from(
        [b"\xff\xd8\xff\xe1", b"\x89PNG\r\n\x1a\n", b"RIFF1234WEBP", b"GIF89a"]
    ),
)
def test_damaged_files_come_back_as_they_are(tail: bytes, head: bytes) -> None:
    data = head + tail
    assert not has_position(data)
    strip_metadata(data)  # ends, and raises nothing


def test_a_picture_that_claims_to_be_enormous_comes_back_as_it_is() -> None:
    data = bytearray(picture("WEBP"))
    canvas = data.index(b"VP8X") + 12  # 24 bits each for the width and the height
    data[canvas : canvas + 6] = b"\xff\xff\0" * 2
    assert strip_metadata(bytes(data)) == data


def test_an_enormous_picture_is_not_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    data = picture("PNG")
    start, pixels = data.index(b"eXIf") - 4, data.index(b"IDAT") - 4
    behind = data[:start] + data[pixels:-12] + data[start:pixels] + data[-12:]
    assert has_position(behind)
    monkeypatch.setattr("labsite.pictures.metadata.MOST_PIXELS", 1000)
    assert not has_position(behind)
    assert has_position(data)
