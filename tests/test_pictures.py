"""Pictures are made here with Pillow, read by the engine, and looked at again."""

from __future__ import annotations

import re
from base64 import b64encode
from contextlib import suppress
from io import BytesIO
from typing import TYPE_CHECKING, Any, NamedTuple
from zlib import crc32

import pytest
from PIL import Image, ImageCms, ImageDraw
from PIL.PngImagePlugin import PngInfo

from labsite.model.problems import Rule
from labsite.model.records import Person, Publication, Role
from labsite.model.sources import EntrySource, FieldSource, PageSource
from labsite.pictures.pictures import (
    FIGURE,
    PORTRAIT,
    THUMBNAIL,
    is_whole,
    make_files,
    measure_picture,
    read_pictures,
)
from labsite.pictures.rasters import PictureError, measure_raster
from labsite.pictures.svg import inline_svg

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from labsite.pictures.pictures import Picture, Use

RED, BLUE = (200, 20, 20), (20, 20, 200)
ORIENTATION, MAKER = 0x0112, 0x010F
SVG = '<svg xmlns="http://www.w3.org/2000/svg" {}>{}</svg>'


class Shown(NamedTuple):
    """What a visitor gets of one use of a picture."""

    width: int
    height: int
    images: Sequence[Image.Image]
    data: Sequence[bytes]


@pytest.fixture
def name_picture(
    make_publication: Callable[..., Publication],
) -> Callable[[str], Publication]:
    """Return a function that makes a publication whose preview is a given path."""

    def make(path: str, file: str = "lab.bib") -> Publication:
        field = FieldSource(
            name="preview",
            value=path,
            name_at=4,
            value_at=4,
            verbatim="",
            literal=True,
        )
        source = EntrySource(file=file, line=5, text="\n\n  ", fields=(field,))
        return make_publication(preview=path, source=source)

    return make


@pytest.fixture
def use(
    tmp_path: Path, name_picture: Callable[[str], Publication]
) -> Callable[..., Shown]:
    """Return a function that reads a file and makes what one use needs of it."""

    def make(path: Path, use: Use = FIGURE) -> Shown:
        name = path.relative_to(tmp_path).as_posix()
        record = make_person(f"../{name}") if use is PORTRAIT else name_picture(name)
        picture = only([record], tmp_path)
        files = make_files(picture, tmp_path)
        renditions = picture.renditions(use)
        data = [files[each.name] for each in renditions]
        images = [Image.open(BytesIO(each)) for each in data]
        for image, each in zip(images, renditions, strict=True):
            assert image.format == "WEBP"
            assert image.size == (each.width, each.height)
        return Shown(renditions[0].width, renditions[0].height, images, data)

    return make


def make_person(photo: str | None) -> Person:
    source = PageSource(file="team/roe.md", lines=(("name", 2), ("photo", 4)))
    return Person(
        slug="roe",
        name="Jane Roe",
        role=Role.PHD,
        docname="team/roe",
        photo=photo,
        source=source,
    )


def only(records: list[Publication | Person], source: Path) -> Picture:
    """Return the one picture of the records, of which none may have a problem."""
    pictures, problems = read_pictures(records, source)
    assert problems == []
    (picture,) = pictures.values()
    return picture


def complaint(record: Publication | Person, source: Path) -> str:
    """Return what is said of a picture that cannot be used."""
    pictures, problems = read_pictures([record], source)
    assert list(pictures) == []
    (problem,) = problems
    assert problem.rule is Rule.BAD_PREVIEW
    return str(problem)


def save(path: Path, image: Image.Image, **options: Any) -> Path:  # noqa: ANN401 -- Pillow's
    path.parent.mkdir(parents=True, exist_ok=True)
    image.save(path, **options)
    return path


def halves(width: int, height: int) -> Image.Image:
    """Return a picture with an upper half in red and a lower one in blue."""
    image = Image.new("RGB", (width, height), RED)
    ImageDraw.Draw(image).rectangle((0, height // 2, width, height), fill=BLUE)
    return image


def is_near(image: Image.Image, place: tuple[float, float], colour: object) -> bool:
    """Tell whether a picture has a colour at a place, given in parts of its size."""
    assert isinstance(colour, tuple)
    x, y = (int(part * size) for part, size in zip(place, image.size, strict=True))
    found = image.convert("RGB").getpixel((x, y))
    assert isinstance(found, tuple)
    return all(abs(a - b) < 24 for a, b in zip(found, colour, strict=True))


# ---- Sizes


@pytest.mark.parametrize(
    ("size", "use_of", "sizes"),
    [
        ((3000, 2000), THUMBNAIL, [(150, 100), (300, 200)]),
        ((3000, 2000), FIGURE, [(640, 427), (1280, 853)]),
        ((1000, 4000), FIGURE, [(240, 960), (480, 1920)]),
        ((900, 600), FIGURE, [(640, 427), (900, 600)]),  # not larger than the source
        ((700, 100), FIGURE, [(640, 91), (700, 100)]),
        ((80, 60), THUMBNAIL, [(80, 60)]),
        ((4000, 2), THUMBNAIL, [(160, 1), (320, 1)]),
        ((600, 900), PORTRAIT, [(160, 160), (320, 320)]),
        ((250, 900), PORTRAIT, [(160, 160), (250, 250)]),
        ((90, 100), PORTRAIT, [(90, 90)]),
    ],
)
def test_a_picture_is_as_large_as_it_is_shown_and_never_larger_than_it_was(
    tmp_path: Path,
    use: Callable[..., Shown],
    size: tuple[int, int],
    use_of: Use,
    sizes: list[tuple[int, int]],
) -> None:
    shown = use(save(tmp_path / "a.png", Image.new("RGB", size, RED)), use_of)
    assert [image.size for image in shown.images] == sizes
    assert (shown.width, shown.height) == sizes[0]
    assert all(b"VP8L" in each for each in shown.data)  # of one colour: lossless


def test_a_huge_photograph_becomes_small(
    tmp_path: Path, use: Callable[..., Shown]
) -> None:
    noise = Image.effect_noise((4000, 3000), 80)
    path = save(tmp_path / "a.jpg", noise.convert("RGB"), quality=95)
    assert path.stat().st_size > 4_000_000
    shown = use(path, THUMBNAIL)
    assert all(len(each) < 60_000 for each in shown.data)


def test_a_larger_file_has_as_many_pixels_as_there_are(
    tmp_path: Path, name_picture: Callable[..., Publication]
) -> None:
    save(tmp_path / "a.png", Image.new("RGB", (960, 600)))
    found = only([name_picture("a.png")], tmp_path).renditions(FIGURE)
    assert [each.width for each in found] == [640, 960]


# ---- What is in it


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photograph_stands_upright(
    tmp_path: Path, use: Callable[..., Shown], orientation: int
) -> None:
    upright = halves(300, 400)
    stored = upright.transpose(_INVERSE[orientation]) if orientation > 1 else upright
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    shown = use(save(tmp_path / "a.jpg", stored, exif=exif, quality=95))
    (image,) = shown.images
    assert image.size == (300, 400)
    assert is_near(image, (0.1, 0.1), RED)
    assert is_near(image, (0.9, 0.1), RED)
    assert is_near(image, (0.5, 0.9), BLUE)


#: How a camera stores an upright scene, by the orientation that it notes.
_INVERSE = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def test_a_picture_lies_as_browsers_show_it(tmp_path: Path) -> None:
    info = PngInfo()
    info.add_itxt("XML:com.adobe.xmp", '<a tiff:Orientation="6"/>')
    path = save(tmp_path / "a.png", halves(40, 20), pnginfo=info)
    assert measure_raster(path.read_bytes())[:2] == (40, 20)


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp"])
def test_no_metadata_is_left(
    suffix: str, tmp_path: Path, use: Callable[..., Shown]
) -> None:
    exif, info = Image.Exif(), PngInfo()
    exif[MAKER] = "SecretCamera"
    info.add_itxt("XML:com.adobe.xmp", "<SecretPacket/>")
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    options = {"exif": exif, "xmp": b"<SecretPacket/>", "icc_profile": profile,
               "pnginfo": info, "comment": b"a comment"}  # fmt: skip
    path = save(tmp_path / f"a.{suffix}", halves(500, 500), **options)
    assert path.read_bytes().count(b"Secret") == 2
    shown = use(path)
    assert b"Secret" not in b"".join(shown.data)
    for image in shown.images:
        assert not {"exif", "xmp", "icc_profile"} & image.info.keys()


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "RGB"])
def test_transparency_is_kept(
    tmp_path: Path, use: Callable[..., Shown], mode: str
) -> None:
    image = Image.new("RGBA", (400, 400), (0, 0, 0, 0))
    ImageDraw.Draw(image).rectangle((200, 0, 400, 400), fill=(90, 90, 90, 255))
    options = {}
    if mode == "P":
        image = image.quantize(4)
    elif mode == "RGB":
        options["transparency"] = (0, 0, 0)
    path = save(tmp_path / "a.png", image.convert(mode), **options)
    (shown,) = use(path).images
    assert shown.mode == "RGBA"
    assert shown.getchannel("A").getpixel((50, 50)) == 0
    assert shown.getpixel((350, 50)) == pytest.approx((90, 90, 90, 255), abs=6)


def test_an_opaque_picture_has_no_channel_for_transparency(
    tmp_path: Path, use: Callable[..., Shown]
) -> None:
    image = Image.new("RGBA", (50, 50), (*RED, 255))
    (shown,) = use(save(tmp_path / "a.png", image)).images
    assert shown.mode == "RGB"


@pytest.mark.parametrize(
    ("name", "stored", "seen"),
    [
        ("1.png", 1, (255, 255, 255)),
        ("L.png", 128, (128, 128, 128)),
        ("I;16.png", 128 * 257, (128, 128, 128)),
        ("P.gif", 0, (0, 0, 0)),
        ("L.jpg", 128, (128, 128, 128)),
        ("CMYK.jpg", (255, 255, 0, 0), (0, 0, 255)),
        ("YCbCr.jpg", (76, 84, 255), (254, 0, 0)),
        ("RGB.webp", RED, RED),
    ],
)
def test_every_way_to_store_colours_is_understood(
    tmp_path: Path,
    use: Callable[..., Shown],
    name: str,
    stored: float | tuple[int, ...],
    seen: object,
) -> None:
    image = Image.new(name.partition(".")[0], (40, 30), stored)
    (shown,) = use(save(tmp_path / name, image)).images
    assert is_near(shown, (0.5, 0.5), seen)


def test_colours_of_another_profile_look_the_same(
    tmp_path: Path, use: Callable[..., Shown]
) -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
    srgb = ImageCms.createProfile("sRGB")
    wide = _swap_channels(ImageCms.ImageCmsProfile(srgb).tobytes())
    image = Image.new("RGB", (40, 40), RED)
    (swapped,) = use(save(tmp_path / "a.png", image, icc_profile=wide)).images
    assert is_near(swapped, (0.5, 0.5), (20, 200, 20))
    # A profile that does not fit the picture, or is none, changes nothing.
    for profile in (lab.tobytes(), b"nonsense"):
        path = save(tmp_path / "b.png", image, icc_profile=profile)
        assert is_near(use(path).images[0], (0.5, 0.5), RED)


def _swap_channels(profile: bytes) -> bytes:
    """Return a profile whose red is green and whose green is red."""
    return (
        profile.replace(b"rXYZ", b"####")
        .replace(b"gXYZ", b"rXYZ")
        .replace(b"####", b"gXYZ")
    )


@pytest.mark.parametrize("suffix", ["gif", "webp", "png"])
def test_of_an_animation_the_first_frame_is_shown(
    tmp_path: Path, use: Callable[..., Shown], suffix: str
) -> None:
    frames = [Image.new("RGB", (40, 40), colour) for colour in (RED, BLUE, RED)]
    path = save(
        tmp_path / f"a.{suffix}", frames[0], save_all=True, append_images=frames[1:]
    )
    (shown,) = use(path).images
    assert getattr(shown, "n_frames", 1) == 1
    assert is_near(shown, (0.5, 0.5), RED)


def animation(kind: str) -> bytes:
    first, *others = (Image.new("RGB", (50, 40), (n * 20, 0, 0)) for n in range(5))
    buffer = BytesIO()
    first.save(buffer, kind, save_all=True, append_images=others)
    return buffer.getvalue()


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP"])
def test_an_animation_in_a_page_is_made_once(kind: str, tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(animation(kind))
    picture = measure_picture("a", tmp_path)
    assert picture.kept == kind.lower()
    ((name, data),) = make_files(picture, tmp_path).items()
    with Image.open(BytesIO(data)) as made:
        assert getattr(made, "n_frames", 1) == 5
    (tmp_path / name).write_bytes(data)
    assert is_whole(tmp_path / name)
    (tmp_path / name).write_bytes(data[:-9])
    assert not is_whole(tmp_path / name)


def test_a_damaged_animation_is_a_picture_or_a_problem() -> None:
    data = animation("GIF")
    for end in range(len(data)):
        with suppress(PictureError):
            assert measure_raster(data[:end])[:2] == (50, 40)


def test_a_photograph_of_several_views_is_no_animation(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(animation("MPO"))
    picture = measure_picture("a.jpg", tmp_path)
    assert [name.rpartition(".")[2] for name in make_files(picture, tmp_path)] == [
        "webp"
    ]


def test_a_square_keeps_the_middle_and_of_a_tall_picture_the_upper_part(
    tmp_path: Path, use: Callable[..., Shown]
) -> None:
    tall = Image.new("RGB", (100, 300), BLUE)
    ImageDraw.Draw(tall).rectangle((0, 60, 100, 140), fill=RED)
    (shown,) = use(save(tmp_path / "tall.png", tall), PORTRAIT).images
    assert is_near(shown, (0.5, 0.5), RED)
    wide = Image.new("RGB", (300, 100), BLUE)
    ImageDraw.Draw(wide).rectangle((120, 0, 180, 100), fill=RED)
    (shown,) = use(save(tmp_path / "wide.png", wide), PORTRAIT).images
    assert is_near(shown, (0.5, 0.5), RED)
    assert is_near(shown, (0.05, 0.5), BLUE)
    assert is_near(shown, (0.95, 0.5), BLUE)


def test_the_same_picture_makes_the_same_bytes_and_another_one_other_names(
    tmp_path: Path, name_picture: Callable[..., Publication]
) -> None:
    save(tmp_path / "a.png", halves(900, 900))
    save(tmp_path / "sub/b.png", halves(900, 900))
    save(tmp_path / "c.png", halves(902, 900))
    first, same, other = (
        make_files(only([name_picture(name)], tmp_path), tmp_path)
        for name in ("a.png", "sub/b.png", "c.png")
    )
    assert first == same
    assert len(first) == 4
    assert not first.keys() & other.keys()


# ---- Drawings


def read_svg(
    folder: Path, name_picture: Callable[..., Publication], attributes: str, body: str
) -> tuple[Picture, str]:
    (folder / "a.svg").write_text(SVG.format(attributes, body), encoding="utf-8")
    picture = only([name_picture("a.svg")], folder)
    (data,) = make_files(picture, folder).values()
    return picture, data.decode()


@pytest.mark.parametrize(
    ("attributes", "size"),
    [
        ('viewBox="0 0 300 200"', (640, 427)),
        ('viewBox="-10,-10 3e2,  200" width="5" height="500"', (640, 427)),
        ('width="30px" height="20"', (640, 427)),
        ('viewBox="0 0 10 100"', (96, 960)),
    ],
)
def test_a_drawing_is_scaled_into_its_place(
    tmp_path: Path,
    name_picture: Callable[..., Publication],
    attributes: str,
    size: tuple[int, int],
) -> None:
    picture, text = read_svg(tmp_path, name_picture, attributes, "<path/>")
    (shown,) = picture.renditions(FIGURE)
    assert (shown.width, shown.height) == size
    assert "viewBox=" in text
    assert shown.name == picture.renditions(THUMBNAIL)[0].name


def test_a_drawing_loses_all_that_is_not_drawn(
    tmp_path: Path, name_picture: Callable[..., Publication]
) -> None:
    body = """
      <!-- Secret --><script>Secret()</script><metadata>Secret</metadata>
      <foreignObject><p xmlns="http://www.w3.org/1999/xhtml">Secret</p></foreignObject>
      <x:named xmlns:x="http://editor.example" x:a="Secret">Secret</x:named>
      <a href="java&#10;script:Secret()"><rect id="kept" onload="Secret()"/></a>
      <a href="https://secret.example/Secret"><set to="javascript:Secret()"/></a>
      <use xmlns:y="http://www.w3.org/1999/xlink" y:href="#kept" class="kept"/>
      <style>rect > path { fill: red }</style>
    """
    inkscape = 'xmlns:i="http://i.example" i:file="/home/Secret" viewBox="0 0 1 1"'
    _, text = read_svg(tmp_path, name_picture, inkscape, body)
    assert "Secret" not in text
    assert 'id="kept"' in text
    assert 'xlink:href="#kept"' in text
    assert "rect &gt; path { fill: red }" in text


def test_a_document_type_does_not_matter(
    tmp_path: Path, name_picture: Callable[..., Publication]
) -> None:
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE svg PUBLIC "-//W3C//DTD '
    head += 'SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">\n'
    text = head + SVG.format('viewBox="0 0 2 1"', "<path/>")
    (tmp_path / "a.svg").write_text(text, encoding="utf-8-sig")
    assert only([name_picture("a.svg")], tmp_path).kept == "svg"


WRONG_DRAWINGS = {
    "no size": (
        SVG.format("", "<path/>"),
        "does not say how large it is; give it a viewBox",
    ),
    "no width": (SVG.format('viewBox="0 0 0 9"', ""), "give it a viewBox"),
    "no number": (SVG.format('viewBox="0 0 nan 9"', ""), "give it a viewBox"),
    "no end": (SVG.format('viewBox="0 0 9 2e6"', ""), "give it a viewBox"),
    "unit of print": (SVG.format('width="3cm" height="2cm"', ""), "give it a viewBox"),
    "relative size": (SVG.format('width="100%" height="9"', ""), "give it a viewBox"),
    "no namespace": ("<svg viewBox='0 0 1 1'/>", "is no PNG, JPEG, WebP, GIF or SVG"),
    "HTML": ("<html/>", "is no PNG, JPEG, WebP, GIF or SVG"),
    "no XML": (SVG.format("", "<path>"), "cannot be read"),
    "entities": ('<!DOCTYPE svg [<!ENTITY a "b">]><svg/>', "has entities; save it as"),
    "too large": (
        SVG.format('viewBox="0 0 1 1"', "<g/>" * 200_000),
        "more than 500 kB; save it",
    ),
}


@pytest.mark.parametrize(("text", "said"), WRONG_DRAWINGS.values(), ids=WRONG_DRAWINGS)
def test_a_drawing_that_cannot_be_used_is_reported(
    tmp_path: Path, name_picture: Callable[..., Publication], text: str, said: str
) -> None:
    (tmp_path / "a.svg").write_text(text, encoding="utf-8")
    assert said in complaint(name_picture("a.svg"), tmp_path)


def test_a_drawing_with_too_many_levels_is_reported(
    tmp_path: Path, name_picture: Callable[..., Publication]
) -> None:
    text = SVG.format('viewBox="0 0 1 1"', "<g>" * 20_000 + "</g>" * 20_000)
    (tmp_path / "a.svg").write_text(text, encoding="utf-8")
    assert "too many levels, " in complaint(name_picture("a.svg"), tmp_path)


def repeated(link: str, last: str = "<path/>") -> str:
    """Return a drawing of 2 to the power of 30 parts, each two of another."""
    parts = [f'<g id="p0">{last}</g>']
    for number in range(30):
        use = link.format(number)
        parts.append(f'<g id="p{number + 1}">{use}{use}</g>')
    return SVG.format('viewBox="0 0 1 1"', "".join(parts))


def embed(size: tuple[int, int]) -> str:
    """Return the address of a picture of zeros."""
    buffer = BytesIO()
    Image.new("1", size).save(buffer, "PNG")
    return f"data:image/png;base64,{b64encode(buffer.getvalue()).decode()}"


COSTLY_DRAWINGS = {
    "effects": SVG.format(
        'viewBox="0 0 1 1"',
        f'<filter id="a">{"<feBlend/>" * 9}</filter>' + '<path filter="url(#a)"/>' * 12,
    ),
    "masks": SVG.format(
        'viewBox="0 0 1 1"', '<mask id="a"/>' + '<path mask="url(#a)"/>' * 1000
    ),
    "embedded": SVG.format(
        'viewBox="0 0 1 1"', f'<image href="{embed((7000, 7000))}"/>' * 2
    ),
    "embedded, with percent signs": SVG.format(
        'viewBox="0 0 1 1"',
        f'<image href="{embed((7000, 7000)).replace("A", "%41").replace("=", "%3D")}"/>'
        * 2,
    ),
    "use": repeated('<use href="#p{}"/>'),
    "pattern": repeated('<path fill="url( #p{} )"/>'),
    "class": SVG.format(
        'viewBox="0 0 1 1"',
        "<style>"
        + "".join(f".c{n} {{ fill: url(#p{n}) }}" for n in range(30))
        + "</style>"
        + "".join(
            f'<pattern id="p{n + 1}"><path class="c{n}"/><path class="c{n}"/></pattern>'
            for n in range(30)
        )
        + '<path class="c29"/>',
    ),
    "circle": SVG.format(
        'viewBox="0 0 1 1"', '<g id="a"><use href="#a"/><use href="#a"/></g>'
    ),
    "marker": SVG.format(
        'viewBox="0 0 1 1"',
        '<marker id="m">' + "<path/>" * 1000 + "</marker>"
        f'<path marker-mid="url(#m)" d="M0 0{"h1v1" * 1000}"/>',
    ),
}


@pytest.mark.parametrize("text", COSTLY_DRAWINGS.values(), ids=COSTLY_DRAWINGS)
def test_a_drawing_that_would_keep_a_browser_busy_is_reported(
    tmp_path: Path, name_picture: Callable[..., Publication], text: str
) -> None:
    (tmp_path / "a.svg").write_text(text, encoding="utf-8")
    said = complaint(name_picture("a.svg"), tmp_path)
    assert "too many levels, parts, repetitions or effects; save it as" in said


@pytest.mark.parametrize("data", ["A", "AAAA"])
def test_a_drawing_with_a_picture_that_is_none_is_reported(
    tmp_path: Path, name_picture: Callable[..., Publication], data: str
) -> None:
    picture = f'<image href="data:image/png;base64,{data}"/>'
    (tmp_path / "a.svg").write_text(SVG.format('viewBox="0 0 1 1"', picture))
    said = complaint(name_picture("a.svg"), tmp_path)
    assert "a picture in the drawing cannot be used" in said


def test_a_drawing_may_have_a_shadow_for_each_of_its_parts(
    tmp_path: Path, name_picture: Callable[..., Publication]
) -> None:
    light = "<feDiffuseLighting><feDistantLight/></feDiffuseLighting>"
    part = '<filter id="{0}">{1}</filter><g filter="url(#{0})"/>'
    body = "".join(part.format(f"s{i}", "<feBlend/>" * 7 + light) for i in range(12))
    _, text = read_svg(tmp_path, name_picture, 'viewBox="0 0 1 1"', body)
    assert text.count("url(#s") == 12


def test_a_drawing_of_mermaid_keeps_its_colours(
    tmp_path: Path, name_picture: Callable[..., Publication]
) -> None:
    style = "[data-look=neo].node .{} {{ stroke: red; filter: {}; }}"
    body = (
        f"<style>{style.format('a', 'drop-shadow( 1px 2px 2px rgba(1, 1, 1, 1))')}"
        + "".join(style.format(name, "url(#shadow)") for name in "bcdefg")
        + '</style><filter id="shadow"><feDropShadow/></filter>'
        + '<g class="node" style="fill: red; filter: blur(9px)"/>' * 40
    )
    _, text = read_svg(tmp_path, name_picture, 'viewBox="0 0 1 1"', body)
    assert text.count("stroke: red") == 7
    assert text.count("fill: red") == 40
    assert "drop-shadow" not in text
    assert "blur" not in text


def test_a_drawing_may_repeat_its_marks(
    tmp_path: Path, name_picture: Callable[..., Publication]
) -> None:
    marks = '<path id="m"/>' + '<use href="#m"/>' * 5000
    _, text = read_svg(tmp_path, name_picture, 'viewBox="0 0 1 1"', marks)
    assert text.count("<use") == 5000


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_a_drawing_may_be_in_an_encoding_that_says_so(
    tmp_path: Path, name_picture: Callable[..., Publication], encoding: str
) -> None:
    text = SVG.format('viewBox="0 0 1 1"', "<title>그림</title>")
    (tmp_path / "a.svg").write_text(text, encoding=encoding)
    (data,) = make_files(only([name_picture("a.svg")], tmp_path), tmp_path).values()
    assert "그림" in data.decode()
    assert "그림" in inline_svg((tmp_path / "a.svg").read_bytes(), "x")


@pytest.mark.parametrize(
    "body",
    [
        "<script/>",
        "<foreignObject/>",
        "<style>* { fill: red }</style>",
        f'<image href="{embed((1, 1))}"/>',
        '<a href="https://evil.example"/>',
        '<path onload="x"/>',
        '<path style="fill: red"/>',
        '<path fill="url(https://evil.example)"/>',
        '<path fill="url(#a) url(//evil.example)"/>',
        '<path fill="\\75 rl(//evil.example)"/>',
        "<path mask=\"image-set('https://evil.example' 1x)\"/>",
        '<use href="other.svg#a"/>',
        '<g xml:base="https://evil.example"/>',
    ],
)
def test_a_drawing_in_a_page_has_shapes_and_text_alone(body: str) -> None:
    drawing = SVG.format('viewBox="0 0 1 1"', body).encode()
    with pytest.raises(PictureError, match="a page may"):
        inline_svg(drawing, "x")


@pytest.mark.parametrize(
    ("language", "title", "label"),
    [
        ("en", "Ring", "t"),
        ("ko", "고리", "t-ko"),
        ("de", "Ring", "t"),
        ("fr", "Ring", "t d"),
    ],
)
def test_a_drawing_describes_itself_in_the_language_of_the_page(
    language: str, title: str, label: str
) -> None:
    body = '<title id="t">Ring</title><title id="t-ko" lang="ko">고리</title><path/>'
    if language == "fr":  # a description alone
        body += '<desc id="d" lang="fr">Un anneau</desc>'
    drawing = SVG.format('viewBox="0 0 1 1"', body).encode()
    shown = inline_svg(drawing, "x", language)
    assert re.findall("<title[^>]*>([^<]*)", shown) == [title]
    assert f'aria-labelledby="{label}"' in shown
    hidden = inline_svg(drawing, "x", None)
    assert "<title" not in hidden


def test_a_drawing_behind_a_tag_fetches_nothing(
    tmp_path: Path, name_picture: Callable[..., Publication]
) -> None:
    body = """
      <style>@import "//evil.example/1"; .a { fill: red }</style>
      <style>.b { fill: u\\72l(//evil.example/2) }</style>
      <style>.c { mask: -webkit-image-set("//evil.example/7" 1x) }</style>
      <style>@font-face { src: src("//evil.example/8") }</style>
      <path fill="url(//evil.example/3)" stroke="url(#kept)"/>
      <image href="data:image/svg+xml,&lt;svg evil"/>
      <use href="data:image/svg+xml,&lt;svg evil#a"/>
      <style>.d { fill: url(data:image/svg+xml,evil) }</style>
      <style>.e { filter: evil blur(9px) }</style>
      <image href="kept"/>
      <image href="https://evil.example/4"/><g xml:base="//evil.example/5"/>
      <set attributeName="href" to="//evil.example/6"/>
    """
    picture = embed((1, 1))
    body = body.replace('"kept"', f'"{picture}"')
    _, text = read_svg(tmp_path, name_picture, 'viewBox="0 0 1 1"', body)
    assert "evil" not in text
    assert "url(#kept)" in text
    assert picture in text


def test_remarks_without_end_take_no_time() -> None:
    with pytest.raises(PictureError, match="cannot be read"):
        inline_svg(SVG.format("", "<!--" * 100_000).encode(), "x")


def test_a_long_line_of_pixels_and_a_picture_of_many_scans_are_refused(
    tmp_path: Path, name_picture: Callable[..., Publication]
) -> None:
    write_header_only(tmp_path / "long.png", 64_000_000, 1)
    said = complaint(name_picture("long.png"), tmp_path)
    assert "64000000 by 1 pixels are too many" in said
    save(tmp_path / "a.jpg", halves(64, 64), progressive=True)
    data = (tmp_path / "a.jpg").read_bytes()
    scan = data.rindex(b"\xff\xda")
    (tmp_path / "b.jpg").write_bytes(data[:-2] + data[scan:-2] * 60 + data[-2:])
    assert only([name_picture("a.jpg")], tmp_path).width == 64
    assert "passes over the picture" in complaint(name_picture("b.jpg"), tmp_path)
    # Phones append a video, in which any bytes may be.
    (tmp_path / "c.jpg").write_bytes(data + b"\xff\xda" * 60)
    assert only([name_picture("c.jpg")], tmp_path).width == 64
    # Pixels contain no markers, but a segment between scans may contain the bytes.
    hidden = b"\xff\xfe\x00\x04\xff\xd9" + data[scan:-2] * 60
    (tmp_path / "d.jpg").write_bytes(data[:-2] + hidden + data[-2:])
    assert "passes over the picture" in complaint(name_picture("d.jpg"), tmp_path)


# ---- Where it is, and what is wrong


def test_a_preview_is_beside_the_bibliography_or_in_previews(
    tmp_path: Path, name_picture: Callable[..., Publication]
) -> None:
    save(tmp_path / "data/previews/a.png", halves(20, 20))
    record = name_picture("a.png", "data/lab.bib")
    assert only([record], tmp_path).file == "data/previews/a.png"
    save(tmp_path / "data/a.png", halves(20, 20))
    assert only([record], tmp_path).file == "data/a.png"


def test_a_name_may_have_its_underscore_escaped(
    tmp_path: Path, name_picture: Callable[..., Publication]
) -> None:
    save(tmp_path / "a_b.png", halves(20, 20))
    assert only([name_picture(r"a\_b.png")], tmp_path).file == "a_b.png"


def test_a_photograph_is_found_from_the_page(tmp_path: Path) -> None:
    save(tmp_path / "team/roe.jpg", halves(20, 20))
    save(tmp_path / "images/roe.jpg", halves(20, 20))
    assert only([make_person("roe.jpg")], tmp_path).file == "team/roe.jpg"
    elsewhere = make_person("../images/roe.jpg")
    assert only([elsewhere], tmp_path).file == "images/roe.jpg"


def test_a_page_is_not_suggested_for_a_photograph(tmp_path: Path) -> None:
    (tmp_path / "team").mkdir()
    (tmp_path / "team/jane-roe.md").touch()
    _, (problem,) = read_pictures([make_person("jane-roe.jpg")], tmp_path)
    remedy = "put the picture into team/ and write its name"
    assert (
        problem.message == f"photo: {_NONE}jane-roe.jpg' in the site's folder; {remedy}"
    )
    save(tmp_path / "team/jane-roe.JPEG", halves(20, 20))
    _, (problem,) = read_pictures([make_person("jane-roe.jpg")], tmp_path)
    assert problem.message.endswith("; did you mean 'jane-roe.JPEG'?")


def test_who_names_no_picture_has_none(
    tmp_path: Path, make_publication: Callable[..., Publication]
) -> None:
    records: list[Publication | Person] = [make_publication(), make_person(None)]
    pictures, problems = read_pictures(records, tmp_path)
    assert (list(pictures), problems) == ([], [])
    assert [pictures.of(record) for record in records] == [None, None]


_NONE = "there is no picture '"
WRONG = {
    "missing": (
        "gone.png",
        f"{_NONE}gone.png' in the site's folder; put the picture into previews/",
    ),
    "case": (
        "Figure.PNG",
        f"{_NONE}Figure.PNG' in the site's folder; did you mean 'figure.png'?",
    ),
    "folder": ("previews", _NONE),
    "absolute": ("/etc/passwd", f"{_NONE}/etc/passwd' in the site's folder; put"),
    "drive": (r"C:\me\a.png", _NONE),
    "outside": ("../a.png", f"{_NONE}../a.png' in the site's folder; put"),
    "link outside": ("out.png", _NONE),
    "address": ("https://example.org/a.png", f"{_NONE}https://example.org/a.png'"),
    "address without scheme": ("//example.org/a.png", _NONE),
    "long": ("a" * 5000, _NONE),
    "long in bytes": ("한" * 100, _NONE),
    "null": ("a\0.png", _NONE),
    "PDF": ("paper.pdf", "is no PNG, JPEG, WebP, GIF or SVG picture; save it as one"),
    "empty": ("empty.png", "is no PNG, JPEG, WebP, GIF or SVG picture; save it as one"),
    "too many pixels": (
        "broad.png",
        "9000 by 9000 pixels are too many; save it with at most 64 mil",
    ),
    "bomb": ("bomb.png", "too many; save it with at most 64 million"),
}


@pytest.mark.parametrize(("path", "said"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_said_at_the_field(
    tmp_path: Path, name_picture: Callable[..., Publication], path: str, said: str
) -> None:
    source = tmp_path / "site"
    save(tmp_path / "a.png", halves(20, 20))
    save(source / "previews/figure.png", halves(20, 20))
    (source / "out.png").symlink_to(tmp_path / "a.png")
    (source / "paper.pdf").write_bytes(b"%PDF-1.7")
    (source / "empty.png").write_bytes(b"")
    save(source / "broad.png", Image.new("1", (9000, 9000)))
    write_header_only(source / "bomb.png", 60_000, 60_000)
    problem = complaint(name_picture(path), source)
    assert problem.startswith("lab.bib:7:3: error: kim2026paper: preview: ")
    assert said in problem


def write_header_only(path: Path, width: int, height: int) -> None:
    """Write a PNG file that claims a size and holds nothing of it."""
    buffer = BytesIO()
    Image.new("1", (1, 1)).save(buffer, "PNG")
    data = bytearray(buffer.getvalue())
    data[16:24] = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    data[29:33] = crc32(data[12:29]).to_bytes(4, "big")
    path.write_bytes(data)


def test_a_file_too_large_to_be_a_picture_is_not_read(
    tmp_path: Path, name_picture: Callable[..., Publication]
) -> None:
    with (tmp_path / "a.png").open("wb") as file:
        file.truncate(60_000_000)  # takes no room on the disk
    said = complaint(name_picture("a.png"), tmp_path)
    assert "'a.png' has 60 MB; save it with at most 50" in said


def test_a_photograph_that_is_gone_is_reported_at_its_line(tmp_path: Path) -> None:
    (tmp_path / "team").mkdir()
    said = complaint(make_person("roe.jpg"), tmp_path)
    assert said.startswith(f"team/roe.md:4:1: error: photo: {_NONE}")
    assert said.endswith("put the picture into team/ and write its name [bad-preview]")


def test_one_bad_picture_costs_no_other(
    tmp_path: Path, name_picture: Callable[..., Publication]
) -> None:
    save(tmp_path / "team/roe.jpg", halves(20, 20))
    person = make_person("roe.jpg")
    pictures, problems = read_pictures([name_picture("gone.png"), person], tmp_path)
    assert len(problems) == 1
    assert pictures.of(person) is not None


@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.webp"])
def test_an_incomplete_picture_is_reported_when_it_is_read(
    name: str, tmp_path: Path, name_picture: Callable[..., Publication]
) -> None:
    path = save(tmp_path / name, Image.effect_noise((300, 300), 50))
    path.write_bytes(path.read_bytes()[:2000])
    assert "save it" in complaint(name_picture(name), tmp_path)


def test_a_damaged_picture_is_reported_when_it_is_decoded(
    tmp_path: Path, name_picture: Callable[..., Publication]
) -> None:
    path = save(tmp_path / "a.gif", Image.effect_noise((300, 300), 50))
    path.write_bytes(path.read_bytes()[:2000])
    picture = only([name_picture("a.gif")], tmp_path)
    with pytest.raises(PictureError, match=r"is damaged .*; save it again"):
        make_files(picture, tmp_path)


def test_a_picture_that_changes_during_the_build_is_not_shown_under_a_wrong_name(
    tmp_path: Path, name_picture: Callable[..., Publication]
) -> None:
    save(tmp_path / "a.png", halves(20, 20))
    picture = only([name_picture("a.png")], tmp_path)
    save(tmp_path / "a.png", halves(22, 20))
    with pytest.raises(PictureError, match="changed during the build; build again"):
        make_files(picture, tmp_path)
