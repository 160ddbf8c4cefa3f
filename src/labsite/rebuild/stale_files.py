"""Remove from the output what earlier builds wrote and this build would not write.

Sphinx writes and copies, and removes nothing: the page of a document that is gone, or
a style sheet, picture or download that was taken out of the source would stay.
"""

from __future__ import annotations

from filecmp import cmp
from pathlib import Path
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
    """Create the folder of static files, and save the settings without places.

    pydata-sphinx-theme would write a logo as a file of the folder's name, at the end of
    a build that failed before static files were copied.
    """
    static = Path(app.outdir, "_static")
    if isinstance(app.builder, StandaloneHTMLBuilder):
        _forget_places(app.builder)
        if not static.is_dir():
            static.unlink(missing_ok=True)
            static.mkdir(parents=True)


def _forget_places(builder: StandaloneHTMLBuilder) -> None:
    """Leave out of Sphinx's note of the settings where packages are installed.

    The contents of their folders count instead: see ``last_build``.
    """
    config = builder.config
    saved = {name: config[name] for name in ("html_static_path", "templates_path")}
    for name, folders in saved.items():
        config[name] = [f for f in folders if not Path(f).is_absolute()]
    builder.build_info = builder.create_build_info()
    for name, folders in saved.items():
        config[name] = folders


def remove_stale_files(app: Sphinx, builder: Builder) -> None:
    """Remove what is left over, before Sphinx copies and writes.

    A theme's file that one of the site's had replaced is then put back in its place.
    """
    if isinstance(builder, StandaloneHTMLBuilder):
        folder = Path(builder.outdir)
        with listed(folder, "files", set(expected_files(builder))) as gone:
            for path in [*gone, *_stale_images(builder)]:
                (folder / path).unlink(missing_ok=True)


def expected_files(builder: StandaloneHTMLBuilder) -> Iterator[str]:
    """Yield the path in the output of each file that is made from a source file."""
    config, env = builder.config, builder.env
    for docname in env.found_docs:
        page = builder.get_output_path(docname)
        yield Path(page).relative_to(builder.outdir).as_posix()
        if builder.copysource and config.html_copy_source:
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


def _site_images(builder: StandaloneHTMLBuilder) -> dict[str, Path]:
    """Return the files of logos and favicon by the paths of their copies."""
    config = builder.config
    logo = config.html_theme_options.get("logo")
    # With other themes this is one name.
    logos = logo if isinstance(logo, dict) else {}
    names = (logos.get("image_light"), logos.get("image_dark"))
    settings = filter(None, (config.html_logo, config.html_favicon, *names))
    paths = (Path(builder.confdir, name) for name in settings)
    return {f"_static/{path.name}": path for path in paths if path.is_file()}


def _stale_images(builder: StandaloneHTMLBuilder) -> Iterator[str]:
    """Yield the copies that differ from their source.

    pydata-sphinx-theme copies no logo where there is a file of its name.
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
