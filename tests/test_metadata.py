"""What a camera notes is found and taken out; the picture looks the same."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import ExifTags, Image, ImageChops, ImageSequence
from PIL.PngImagePlugin import PngInfo

from labsite.__main__ import main
from labsite.checks.pages import check_positions
from labsite.pictures.metadata import has_position, strip_metadata
from labsite.pictures.pictures import measure_picture
from labsite.pictures.rasters import PictureError
from labsite.site.configuration import read_settings

if TYPE_CHECKING:
    from pathlib import Path

SIZE = (64, 48)


def picture(kind: str, *, position: bool = True, orientation: int = 1) -> bytes:
    """Return a picture of some format with a camera's notes."""
    exif, info = Image.Exif(), PngInfo()
    exif[ExifTags.Base.Model] = "Spycam 3000"
    info.add_itxt("XML:com.adobe.xmp", "<Spycam/>")
    if orientation != 1:
        exif[ExifTags.Base.Orientation] = orientation
    if position:
        exif.get_ifd(ExifTags.IFD.GPSInfo)[1] = "N"
    buffer = BytesIO()
    Image.linear_gradient("L").convert("RGB").resize(SIZE).save(
        buffer, kind, exif=exif, xmp=b"<Spycam/>", pnginfo=info, comment=b"Spycam"
    )
    return buffer.getvalue()


def assert_alike(old: Image.Image, new: Image.Image) -> None:
    """Assert that nobody sees a difference between two pictures."""
    difference = ImageChops.difference(old.convert("RGBA"), new.convert("RGBA"))
    assert max(difference.tobytes()) < 8


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("tail", [b"", b"rest"])
def test_a_position_is_found_and_taken_out(kind: str, tail: bytes) -> None:
    data = picture(kind) + tail
    assert has_position(data)
    assert not has_position(picture(kind, position=False))
    stripped = strip_metadata(data)
    assert not has_position(stripped)
    assert b"Spycam" not in stripped
    assert not stripped.endswith(b"rest")
    with Image.open(BytesIO(data)) as old, Image.open(BytesIO(stripped)) as new:
        assert new.format == kind
        assert_alike(old, new)


def test_damaged_notes_are_taken_out_without_a_word_of_pillow() -> None:
    whole, longer = b"\x01\x10\0\2\0", b"\x01\x10\0\2A"  # the length of the camera
    data = picture("JPEG").replace(whole, longer)
    assert b"Spycam" in data
    assert b"Spycam" not in strip_metadata(data)


def test_a_position_behind_the_pixels_is_found() -> None:
    data = picture("PNG")
    start, pixels = data.index(b"eXIf") - 4, data.index(b"IDAT") - 4
    behind = data[:start] + data[pixels:-12] + data[start:pixels] + data[-12:]
    assert has_position(behind)
    assert not has_position(strip_metadata(behind))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_that_lies_on_its_side_still_says_so(kind: str) -> None:
    data = picture(kind, orientation=6)
    stripped = strip_metadata(data)
    with Image.open(BytesIO(data)) as old, Image.open(BytesIO(stripped)) as new:
        assert dict(new.getexif()) == {ExifTags.Base.Orientation: 6}
        assert_alike(old, new)


def test_a_photograph_of_several_views_becomes_the_first() -> None:
    views = [Image.new("RGB", SIZE, color) for color in ("red", "blue")]
    exif, buffer = Image.Exif(), BytesIO()
    exif[ExifTags.Base.Model] = "Spycam 3000"
    views[0].save(buffer, "MPO", save_all=True, append_images=views[1:], exif=exif)
    stripped = strip_metadata(buffer.getvalue())
    assert b"Spycam" not in stripped
    with Image.open(BytesIO(stripped)) as new:
        assert new.format == "JPEG"
        assert_alike(views[0], new)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
@pytest.mark.parametrize("disposal", [0, 1])
def test_an_animation_keeps_its_frames_and_their_time(kind: str, disposal: int) -> None:
    frames = [Image.new("RGBA", SIZE, (0, 0, 0, 0)) for _ in range(3)]
    for number, frame in enumerate(frames):
        frame.paste((200, 40, 60 * number, 255), (9 * number, 5, 9 * number + 20, 30))
    exif, buffer, times = Image.Exif(), BytesIO(), [70, 200, 130]
    exif[ExifTags.Base.Model] = "Spycam 3000"
    info = PngInfo()
    info.add_itxt("XML:com.adobe.xmp", "<Spycam/>")
    frames[0].save(
        buffer, kind, save_all=True, append_images=frames[1:], duration=times, loop=3,
        disposal=disposal, exif=exif, xmp=b"<Spycam/>", pnginfo=info, lossless=True,
    )  # fmt: skip
    data = buffer.getvalue()
    assert data.count(b"Spycam") == 2
    stripped = strip_metadata(data)
    assert b"Spycam" not in stripped
    with Image.open(BytesIO(data)) as old, Image.open(BytesIO(stripped)) as new:
        assert new.info["loop"] == 3
        shown = zip(*map(ImageSequence.Iterator, (old, new)), times, strict=True)
        for before, after, time in shown:
            assert_alike(before, after)
            assert after.info["duration"] == time


@given(
    st.binary(max_size=60),
    st.sampled_from([b"\xff\xd8\xff\xe1", b"\x89PNG\r\n\x1a\n", b"RIFF1234WEBP"]),
)
def test_a_damaged_file_is_refused(tail: bytes, head: bytes) -> None:
    assert not has_position(head + tail)
    with pytest.raises(PictureError, match="save it"):
        strip_metadata(head + tail)


def test_a_long_animation_is_refused_by_checks_and_builds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    frames, buffer = [Image.new("L", SIZE, shade) for shade in (0, 99)], BytesIO()
    frames[0].save(buffer, "PNG", save_all=True, append_images=frames[1:])
    monkeypatch.setattr("labsite.pictures.metadata._MOST_PIXELS", 5000)
    with pytest.raises(PictureError, match="too many"):
        strip_metadata(buffer.getvalue())
    (tmp_path / "a.png").write_bytes(buffer.getvalue())
    with pytest.raises(PictureError, match="too many"):
        measure_picture("a.png", tmp_path)


def test_fix_takes_positions_out_of_the_pictures_of_the_site_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site, data = tmp_path / "site", picture("JPEG")
    (site / "_build").mkdir(parents=True)
    (site / "conf.py").write_text('extensions = ["labsite"]\n')
    (site / "publications.bib").touch()
    untouched = (site / "_build/built.jpg", tmp_path / "outside.jpg")
    for path in (*untouched, site / "photo.jpg"):
        path.write_bytes(data)
    (site / "damaged.jpg").write_bytes(data[:-99])
    (site / "link.jpg").symlink_to(untouched[1])
    found = [problem.file for problem in check_positions(read_settings(site))]
    assert found == ["damaged.jpg", "photo.jpg"]
    assert main(["fix", "--source", str(site), "--dry-run"]) == 1
    assert (site / "photo.jpg").read_bytes() == data
    assert main(["fix", "--source", str(site)]) == 0
    assert not has_position((site / "photo.jpg").read_bytes())
    assert [path.read_bytes() for path in untouched] == [data, data]
    assert "damaged.jpg: the picture is damaged" in capsys.readouterr().err
