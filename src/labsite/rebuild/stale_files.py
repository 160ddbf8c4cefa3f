"""What earlier builds put into the output, and no build would put there now.

Sphinx writes and copies, and removes nothing: the page of a document that is gone, a
redirect that is no longer configured, a style sheet, picture or download that was
taken out of the source stay for visitors to find.
"""

from __future__ import annotations

from filecmp import cmp
from pathlib import Path
from shutil import copyfile
from typing import TYPE_CHECKING

from sphinx.builders.html import StandaloneHTMLBuilder

from labsite.rebuild.outputs import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx
    from sphinx.builders import Builder

#: Endings of static files that are templates; the output has them without.
_TEMPLATE_ENDINGS = (".jinja", "_t")


def prepare_output(app: Sphinx) -> None:
    """Make the folder of static files, before a theme makes a file of this name.

    It does so from a logo, at the end of a build that failed before its own copying.
    """
    static = Path(app.outdir, "_static")
    if isinstance(app.builder, StandaloneHTMLBuilder):
        _forget_place(app.builder)
        if not static.is_dir():
            static.unlink(missing_ok=True)
            static.mkdir(parents=True)


def _forget_place(builder: StandaloneHTMLBuilder) -> None:
    """Leave out of Sphinx's note of the settings where packages are installed.

    What is in their folders counts elsewhere: see ``last_build``.
    """
    config = builder.config
    kept = {name: config[name] for name in ("html_static_path", "templates_path")}
    for name, folders in kept.items():
        config[name] = [f for f in folders if not Path(f).is_absolute()]
    builder.build_info = builder.create_build_info()
    for name, folders in kept.items():
        config[name] = folders


def remove_stale_files(app: Sphinx, builder: Builder) -> None:
    """Remove what is left over, before Sphinx copies and writes.

    A theme's file that one of the site's had replaced is then put back in its place.
    """
    if not isinstance(builder, StandaloneHTMLBuilder):
        return
    folder = Path(builder.outdir)
    with listed(folder, "files", set(expected_files(builder))) as gone:
        for path in [*gone, *_stale_images(builder)]:
            (folder / path).unlink(missing_ok=True)
    _restore_images(builder)


def _restore_images(builder: StandaloneHTMLBuilder) -> None:
    """Copy the images that are gone: Sphinx copies those of pages that it writes."""
    for path, (_, name) in builder.env.images.items():
        image = Path(builder.srcdir, path)
        copy = Path(builder.outdir, builder.imagedir, name)
        size = copy.stat().st_size if copy.is_file() else None
        if image.is_file() and image.stat().st_size != size:
            copy.parent.mkdir(parents=True, exist_ok=True)
            copyfile(image, copy)


def expected_files(builder: StandaloneHTMLBuilder) -> Iterator[str]:
    """Yield the path in the output of every file that stands for one in the source."""
    config, env = builder.config, builder.env
    for pagename in env.found_docs:
        page = builder.get_output_path(pagename)
        yield Path(page).relative_to(builder.outdir).as_posix()
    if builder.copysource and config.html_copy_source:
        for docname in env.found_docs:
            source = env.doc2path(docname, base=False).as_posix()
            yield f"_sources/{source}{config.html_sourcelink_suffix}"
    yield from (f"{builder.imagedir}/{name}" for _, name in env.images.values())
    yield from (f"_downloads/{place}" for _, place in env.dlfiles.values())
    confdir = Path(builder.confdir)
    for entry in config.html_static_path:
        for name in find_copied(confdir / entry):
            yield f"_static/{name}"
            for ending in _TEMPLATE_ENDINGS:
                yield f"_static/{name.removesuffix(ending)}"
    for entry in config.html_extra_path:
        yield from find_copied(confdir / entry)
    yield from _site_images(builder)


def _site_images(builder: Builder) -> dict[str, Path]:
    """Return the files of logos and favicon by the paths of their copies."""
    config = builder.config
    logo = config.html_theme_options.get("logo")
    # With other themes this is one name.
    logos = logo if isinstance(logo, dict) else {}
    names = (logos.get("image_light"), logos.get("image_dark"))
    settings = filter(None, (config.html_logo, config.html_favicon, *names))
    paths = (Path(builder.confdir, name) for name in settings)
    return {f"_static/{path.name}": path for path in paths if path.is_file()}


def _stale_images(builder: Builder) -> Iterator[str]:
    """Yield the copies that are not what they were made from.

    The theme leaves a logo alone if there is a file of its name.
    """
    for place, image in _site_images(builder).items():
        copy = Path(builder.outdir, place)
        if copy.is_file() and not cmp(copy, image, shallow=False):
            yield place


def find_copied(entry: Path) -> Iterator[str]:
    """Yield what Sphinx copies of an entry of a path: a file, or all in a folder."""
    if entry.is_file():
        yield entry.name
    for path in entry.rglob("*"):
        if path.is_file():
            yield path.relative_to(entry).as_posix()
