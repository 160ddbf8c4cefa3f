"""Write files only when what they are made from has changed; remove stale ones.

Sphinx itself removes nothing whose source is gone: pages, style sheets, pictures,
downloads.
"""

from __future__ import annotations

import os
import posixpath
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.config import Config
from sphinx.util import logging
from sphinx.util.fileutil import copy_asset_file
from sphinx.util.matching import Matcher
from sphinx.util.parallel import ParallelTasks, SerialTasks, parallel_available

from labsite.model.files import write_if_changed
from labsite.model.repository import source_files
from labsite.model.store import recall, remember

#: Fewer files are not worth the start of a process.
_ENOUGH = 500
#: Endings of static files that are templates; the output has them without.
TEMPLATE_ENDINGS = (".jinja", "_t")
_LISTS = ".labsite"  #: folder of the lists of files, in the output
#: Sphinx copies it for languages other than English.
_TRANSLATIONS = "_static/translations.js"
#: Settings of folders that Sphinx copies: the method of builders for each, and where
#: the files are in the output.
COPIED = {
    "html_static_path": ("copy_html_static_files", "_static"),
    "html_extra_path": ("copy_extra_files", ""),
}
logger = logging.getLogger(__name__)
#: By setting, the files that are copied in place of all in its folders.
_chosen: WeakKeyDictionary[Builder, dict[str, dict[str, Path]]] = WeakKeyDictionary()


class Output(NamedTuple):
    """A file to be written."""

    made_from: str  #: differs when the file has to be made again
    make: Callable[[], str]  #: returns its text


def are_current(folder: Path, record: Path, state: str, taken: Set[str]) -> bool:
    """Return whether all files were written from the same state and exist.

    :param taken: paths of other files, which this build may have copied
    """
    made_from: Mapping[str, str] | None = recall(record, state)
    if made_from is None or not taken.isdisjoint(made_from):
        return False
    return all((folder / path).is_file() for path in made_from)


def write_outputs(
    folder: Path,
    record: Path,
    outputs: Mapping[str, Output],
    *,
    keep: Set[str] = frozenset(),
    state: str = "",
    processes: int = 1,
) -> None:
    """Write the files that have changed, and remove those that are no longer wanted.

    :param record: where it stores what they were made from; all are made without it
    :param outputs: by path in the folder
    :param keep: paths of other files, which this build may have copied
    :param state: what :func:`are_current` compares
    """
    known: Mapping[str, str] = recall(record) or {}
    due = [
        (path, output)
        for path, output in outputs.items()
        if known.get(path) != output.made_from
        or path in keep
        or not (folder / path).is_file()
    ]
    # Lists share what is made of their papers, so this process writes all of them.
    pages = [(path, output) for path, output in due if path.endswith(".html")]
    others = [(path, output) for path, output in due if not path.endswith(".html")]
    write = partial(_write, folder)
    with listed(folder, record.stem, outputs.keys()) as gone:
        share(write, pages, processes, meanwhile=lambda: write(others))
        _remove(folder, gone - keep)
    made_from = {path: output.made_from for path, output in outputs.items()}
    remember(record, state, made_from)


@contextmanager
def listed(folder: Path, kind: str, wanted: Set[str]) -> Iterator[Set[str]]:
    """List the files of a folder there, as other records may be removed.

    A file on no list is never removed; a file is listed before it is written.

    :returns: the paths that are listed and no longer wanted
    """
    listing = folder / _LISTS / f"{kind}.txt"
    text = listing.read_text("utf-8", "surrogateescape") if listing.is_file() else ""
    # Neither a name of two lines nor a list of others leads out of the folder.
    before = {p for p in text.split("\n") if p and not {"", ".."} & {*p.split("/")}}
    _save(listing, before | wanted)
    yield before - wanted
    _save(listing, wanted)


def _save(listing: Path, paths: Iterable[str]) -> None:
    lines = "".join(f"{path}\n" for path in sorted(paths))
    write_if_changed(listing, lines.encode("utf-8", "surrogateescape"))


def _write(folder: Path, due: Iterable[tuple[str, Output]]) -> None:
    for path, output in due:
        write_if_changed(folder / path, output.make().encode())


def share(
    work: Callable[[Sequence[Any]], Any],
    items: Sequence[Any],
    processes: int,
    meanwhile: Callable[[], object] = tuple,
) -> list[Any]:
    """Return the results of work on parts of *items*, by processes if there are many.

    :param meanwhile: what this process does in that time
    """
    results: list[Any] = []
    parallel = processes > 1 and len(items) >= _ENOUGH and parallel_available
    tasks = ParallelTasks(processes) if parallel else SerialTasks()
    parts = processes if parallel else 1
    for start in range(parts):
        part = items[start::parts]
        tasks.add_task(work, part, lambda *made: results.append(made[-1]))
    meanwhile()
    tasks.join()
    return results


def _remove(folder: Path, paths: Iterable[str]) -> None:
    """Remove files and the folders that this leaves empty: a file may have the name."""
    for path in paths:
        with suppress(OSError):  # it is gone, or the folder has other files
            (folder / path).unlink()
            for above in Path(path).parents:
                (folder / above).rmdir()


def copy_only(builder: Builder, setting: str, files: dict[str, Path]) -> None:
    """Have a builder copy these files, by path, for the folders of a setting."""
    method, place = COPIED[setting]

    def copy(context: dict[str, Any] | None = None) -> None:
        for path, file in files.items():
            folder = Path(builder.outdir, place, path).parent
            try:
                folder.mkdir(parents=True, exist_ok=True)
                copy_asset_file(file, folder, context, builder.templates, force=True)
            except Exception as error:  # also of a template, as in Sphinx
                message = "this file cannot be copied: %s"
                logger.warning(message, error, location=f"{file}:1")

    _chosen.setdefault(builder, {})[setting] = files
    vars(builder)[method] = copy


def leave_out_list(_app: Sphinx, config: Config) -> None:
    """Leave the list of the output's files out of a book."""
    config.epub_exclude_files = [*config.epub_exclude_files, f"{_LISTS}/files.txt"]


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
    Every build copies logos anew: pydata-sphinx-theme replaces no file of the name.
    """
    if isinstance(builder, StandaloneHTMLBuilder):
        folder = Path(builder.outdir)
        with listed(folder, "files", set(expected_files(builder))) as gone:
            _remove(folder, [*gone, *_site_images(builder), _TRANSLATIONS])


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
    chosen, usual = _chosen.get(builder), config.exclude_patterns
    for setting, (_method, place) in COPIED.items():
        for name in chosen[setting] if chosen else find_copies(builder, setting, usual):
            for ending in ("", *TEMPLATE_ENDINGS):
                yield posixpath.join(place, name.removesuffix(ending))
    yield from _site_images(builder)


def find_copies(
    builder: StandaloneHTMLBuilder, setting: str, excluded: Iterable[str]
) -> dict[str, Path]:
    """Return what Sphinx copies, but for patterns, of the folders of a setting."""
    hidden = ["**/.*"] if setting == "html_static_path" else []
    matcher, found = Matcher([*excluded, *hidden]), dict[str, Path]()
    for entry in builder.config[setting]:
        found |= find_copied(Path(builder.confdir, entry), matcher)
    return found


def _site_images(builder: StandaloneHTMLBuilder) -> list[str]:
    """Return the paths of the copies of logos and favicon."""
    config = builder.config
    logo = config.html_theme_options.get("logo")
    # With other themes this is one name.
    logos = logo if isinstance(logo, dict) else {}
    names = (logos.get("image_light"), logos.get("image_dark"))
    settings = filter(None, (config.html_logo, config.html_favicon, *names))
    return [f"_static/{Path(name).name}" for name in settings]


def find_copied(
    entry: Path, excluded: Callable[[str], bool] = lambda _: False
) -> dict[str, Path]:
    """Return what Sphinx copies of a file or a folder, by path."""
    found = {entry.name: entry} if entry.is_file() else {}
    for name in source_files(entry, hidden=True):
        # Sphinx asks for folders, too, and writes the path of the first one like this.
        above = [f"./{name.parts[0]}", *map(str, [name, *name.parents][:-2])]
        if os.path.isfile(entry / name) and not any(map(excluded, above)):  # noqa: PTH113 -- the other raises errors
            found[name.as_posix()] = entry / name
    return found
