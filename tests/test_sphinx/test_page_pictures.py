"""Pictures in pages' texts: upright, small, and without what a camera notes."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from PIL import ExifTags, Image
from tests.test_sphinx.conftest import Site

if TYPE_CHECKING:
    from pathlib import Path

    from tests.test_sphinx.conftest import Built

PAGE = """\
# Example Lab

![A photograph](photo.jpg)

```{figure} photo.jpg
:width: 300px
:alt: The same

With a caption.
```

![A drawing](drawing.svg)

```{gallery}
![Small](small.png "A title")
![Moving](moving.gif)
```
"""
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10" width="10" '
    'height="10"><script>x()</script><circle r="4" cx="5" cy="5"/></svg>'
)


def photograph() -> bytes:
    """Return a photograph that lies on its side, with position and camera."""
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    exif[ExifTags.Base.Model] = "Spycam 3000"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[1] = "N"
    buffer = BytesIO()
    image = Image.new("RGB", (2400, 1800), (90, 120, 160))
    image.save(buffer, "JPEG", exif=exif)
    return buffer.getvalue()


def moving() -> bytes:
    frames = [Image.new("RGB", (40, 30), (c, 90, 160)) for c in (0, 90, 200)]
    buffer = BytesIO()
    frames[0].save(buffer, "GIF", save_all=True, append_images=frames[1:])
    return buffer.getvalue()


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Return a site with pictures in a page."""
    site = Site(tmp_path_factory.mktemp("pictures") / "site")
    toctree = (site.source / "index.md").read_text("utf-8").partition("```{toctree}")
    site.write("index.md", PAGE + "\n" + "".join(toctree[1:]))
    (site.source / "photo.jpg").write_bytes(photograph())
    (site.source / "moving.gif").write_bytes(moving())
    (site.source / "drawing.svg").write_text(SVG, "utf-8")
    buffer = BytesIO()
    Image.new("RGB", (300, 200), (1, 2, 3)).save(buffer, "PNG")
    (site.source / "small.png").write_bytes(buffer.getvalue())
    return site.build()


def test_a_photograph_is_upright_and_sized_for_the_screen(built: Built) -> None:
    assert not built.warnings
    photo, figure, *_ = built.html("index").select("main img, .body img")
    assert (photo["width"], photo["height"]) == ("600", "800")
    sizes = [part.split()[1] for part in str(photo["srcset"]).split(", ")]
    assert sizes == ["600w", "300w", "1200w"]
    assert photo["alt"] == "A photograph"
    assert "loading" not in photo.attrs
    assert (figure["width"], figure["loading"]) == ("300", "lazy")
    with Image.open(built.folder / str(photo["src"])) as image:
        assert (image.format, image.size) == ("WEBP", (600, 800))


def test_no_file_of_the_site_says_where_or_with_what_it_was_taken(
    built: Built,
) -> None:
    pictures = [p for p in (built.folder / "_images").rglob("*.*") if p.is_file()]
    assert len(pictures) >= 6
    for path in pictures:
        data = path.read_bytes()
        assert b"Exif" not in data
        assert b"Spycam" not in data
    assert not list(built.folder.rglob("photo.jpg"))


def test_the_original_is_not_copied_by_later_builds_either(tmp_path: Path) -> None:
    site = Site(tmp_path / "site")
    site.edit("index.md", "Work on", "![Photo](photo.jpg) Work on")
    site.write("research/graphs.md", "# G\n\n![Photo](../photo.jpg)\n")
    (site.source / "photo.jpg").write_bytes(photograph())
    site.build()
    site.edit("research/graphs.md", "# G", "# Graphs")
    built = site.build()
    assert not list(built.folder.rglob("photo.jpg"))
    assert len(list(built.folder.rglob("*-page-*.webp"))) == 3


def test_drawings_and_what_moves_stay_what_they_are_made_safe(built: Built) -> None:
    images = built.html("index").select("main img, .body img")
    drawing = next(i for i in images if i["alt"] == "A drawing")
    text = (built.folder / str(drawing["src"])).read_text("utf-8")
    assert "circle" in text
    assert "script" not in text
    gif = next(i for i in images if i["alt"] == "Moving")
    with Image.open(built.folder / str(gif["src"])) as image:
        assert (image.format, getattr(image, "n_frames", 1)) == ("GIF", 3)


def test_an_animation_has_no_metadata_and_a_bounded_size(tmp_path: Path) -> None:
    site = Site(tmp_path / "site")
    site.edit("index.md", "Work on", "![Moves](moves.png) ![Huge](huge.gif) Work on")
    frames = [Image.new("L", (40, 30), shade) for shade in (0, 99)]
    exif = Image.Exif()
    exif[0x0110] = "Spycam"
    frames[0].save(
        site.source / "moves.png", save_all=True, append_images=frames[1:], exif=exif
    )
    huge = [frame.resize((4000, 3000)) for frame in frames]
    huge[0].save(site.source / "huge.gif", save_all=True, append_images=huge[1:])
    built = site.build()
    assert "is animated and has 4000 by 3000 pixels" in built.warnings
    (moving,) = (built.folder / "_images").rglob("*.png")
    assert b"Spycam" not in moving.read_bytes()
    with Image.open(moving) as image:
        assert getattr(image, "n_frames", 1) == 2


def test_a_gallery_shows_its_pictures_with_their_titles(built: Built) -> None:
    gallery = built.html("index").select_one(".labsite-gallery")
    assert gallery is not None
    assert [i["alt"] for i in gallery.select("figure img")] == ["Small", "Moving"]
    assert "A title" in gallery.get_text()


def test_a_picture_that_cannot_be_read_is_named_at_its_line(tmp_path: Path) -> None:
    site = Site(tmp_path / "site")
    site.edit("index.md", "Work on", "![Broken](broken.png) Work on")
    (site.source / "broken.png").write_bytes(b"no picture")
    assert "index.md:3: WARNING: broken.png: the file is no" in site.build().warnings
