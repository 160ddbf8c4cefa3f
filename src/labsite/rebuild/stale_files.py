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

from labsite.model.files import write_whole

if TYPE_CHECKING:
    from collections.abc import Iterator, Set

    from sphinx.application import Sphinx
    from sphinx.builders import Builder

#: In the output, which may outlive the environment: what of it follows from the source.
_LISTING = ".labsite/files.txt"
#: Endings of static files that are templates; the output has them without.
_TEMPLATE_ENDINGS = (".jinja", "_t")


def remove_stale_files(app: Sphinx, builder: Builder) -> None:
    """Remove what is left over, before Sphinx copies and writes.

    A theme's file that one of the site's had replaced is then put back in its place.
    """
    if not isinstance(builder, StandaloneHTMLBuilder):
        return
    record = Path(builder.outdir, _LISTING)
    text = record.read_text("utf-8", "surrogateescape") if record.is_file() else ""
    before = set(text.splitlines())
    wanted = set(expected_files(builder))
    # Said before it is done: a build that is broken off leaves nothing unknown.
    _note(record, before, before | wanted)
    for path in [*(before - wanted), *_stale_images(builder)]:
        (Path(builder.outdir) / path).unlink(missing_ok=True)
    _note(record, before | wanted, wanted)
    _restore_images(builder)


def _restore_images(builder: StandaloneHTMLBuilder) -> None:
    """Copy the images that are gone: Sphinx copies those of pages that it writes."""
    for path, (_, name) in builder.env.images.items():
        image = Path(builder.srcdir, path)
        copy = Path(builder.outdir, builder.imagedir, name)
        if image.is_file() and not _has_size(copy, image.stat().st_size):
            copy.parent.mkdir(parents=True, exist_ok=True)
            copyfile(image, copy)


def _has_size(path: Path, size: int) -> bool:
    return path.is_file() and path.stat().st_size == size


def _note(record: Path, before: Set[str], after: Set[str]) -> None:
    if after != before or not record.is_file():
        lines = "".join(f"{path}\n" for path in sorted(after))
        write_whole(record, lines.encode("utf-8", "surrogateescape"))


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
