"""One style sheet for the site, with only the rules that some page can use.

It is written after all pages in the output, also those of earlier builds. A rule is
left out if each of its selectors requires a class or an id that occurs nowhere.
Elements, attributes, states, functions such as ``:is()`` and escapes are no reason to
leave it out. Nested rules go or stay with their rule.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Set
from functools import cache, lru_cache
from itertools import takewhile
from pathlib import Path
from typing import Any

from rjsmin import jsmin
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.theming import Theme

from labsite import __version__
from labsite.model.digests import digest_text
from labsite.model.store import Stamp, recall, remember, stamp
from labsite.rebuild.last_build import record_path
from labsite.rebuild.outputs import Output, share, write_outputs
from labsite.site.configuration import THEME
from labsite.theme import FOLDER

#: Where the stylesheet is, from the site's root.
PLACE = "_static/labsite.css"
#: What only a sheet of its own can have: it loads others, has addresses relative to its
#: place, or a notice of copyright.
_ALONE = re.compile(r"(?i)@import|@charset|/\*!|url\(\s*[\"']?(?!data:|[\"'#/])")
#: Comments, addresses and strings, which can contain the syntax of rules.
_OPAQUE = re.compile(
    r"(?s)/\*.*?(?:\*/|\Z)|url\([^\"'()]*\)|\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'"
)
#: Takes the place of the latter two; no sheet has these characters.
_PLACE = re.compile("\ufdd0([0-9]+)\ufdd1")
#: The parts of rules, each with what ends it.
_PART = re.compile(r"[^{};]*[{};]|[^{};]+")
_NAME = re.compile(r"[.#]([A-Za-z_-][\w-]*)")
#: Part of a name; other words of scripts that end in a hyphen are operators.
_BEGINNING = re.compile(r"[a-z][\w-]*-", re.IGNORECASE)


def leave_out_files(app: Sphinx) -> None:
    """Leave out the styles, scripts and fonts of pydata-sphinx-theme."""
    theme = getattr(app.builder, "theme", None)
    if isinstance(theme, Theme):
        # There is no public way to the folders, which templates have been found in.
        folders = theme._dirs  # noqa: SLF001
        theme._dirs = tuple(f for f in folders if f.name != "pydata_sphinx_theme")  # noqa: SLF001


def add_address(
    app: Sphinx, _page: str, _template: str, context: dict[str, Any], *_: object
) -> None:
    """Add the address of the stylesheet; keep those that are not combined in it.

    The address changes with the stylesheets that it is made from, not with the classes
    of pages, which are known only after all are written: until a browser's copy
    expires, it can lack styles of new elements.
    """
    if isinstance(app.builder, StandaloneHTMLBuilder):
        paths, version = _sources(app.builder)
        context["labsite_stylesheet"] = context["pathto"](f"{PLACE}?v={version}", 1)
        # Those that this page alone has, or that are for some media.
        context["css_files"] = [
            css
            for css in context["css_files"]
            if str(getattr(css, "filename", css)) not in paths
        ]


def write_static_files(app: Sphinx, exception: Exception | None) -> None:
    """Write the stylesheet; minify scripts, and remove what no page loads."""
    builder = app.builder
    if exception or not isinstance(builder, StandaloneHTMLBuilder):
        return
    if builder.theme.name != THEME:  # that of a book
        return
    folder = Path(app.outdir)
    # A template, which Sphinx copies with the theme's static files.
    (folder / "_static/webpack-macros.html").unlink(missing_ok=True)
    _minify_scripts(folder / "_static")
    paths, version = _sources(builder)
    sheets = {path: _read(folder / path) for path in paths}
    names = _used_names(builder, app.parallel)
    # Scripts from elsewhere may set the classes of the site's own stylesheets.
    for name, _attributes in app.config.html_css_files:
        names.update(_NAME.findall(sheets.get(f"_static/{name}", "")))

    def make() -> str:
        return "".join(reduce_sheet(sheet, names) for sheet in sheets.values()) + "\n"

    made_from = digest_text(version, *sorted(names))
    record = record_path(builder, "stylesheet.pickle")
    write_outputs(folder, record, {PLACE: Output(made_from, make)})


def _minify_scripts(folder: Path) -> None:
    """Remove comments and blanks, a third of their weight, from the theme's scripts."""
    for part in (FOLDER / "static", FOLDER / THEME / "static"):
        for source in part.rglob("*.js"):
            script, copy = source.read_text("utf-8"), folder / source.relative_to(part)
            # A site may have put its own in the place.
            if copy.is_file() and copy.read_text("utf-8") == script:
                copy.write_text(jsmin(script), "utf-8")


@lru_cache(maxsize=1)  # of the builder, hence of one build
def _sources(builder: StandaloneHTMLBuilder) -> tuple[tuple[str, ...], str]:
    """Return the paths of the stylesheets that every page has, and their version."""
    folder = Path(builder.outdir)
    # There is no public way to those of all pages.
    added = sorted(builder._orig_css_files, key=lambda css: css.priority)  # noqa: SLF001
    plain = (css for css in added if set(css.attributes) <= {"rel", "type"})
    paths = (str(css.filename) for css in plain)
    texts = {path: _read(folder / path) for path in paths if (folder / path).is_file()}
    # What follows one that stays by itself has to come after it.
    first = dict(takewhile(lambda sheet: can_join(sheet[1]), texts.items()))
    return tuple(first), digest_text(*first, *first.values())[:8]


def _read(path: Path) -> str:
    return path.read_text("utf-8-sig", "replace")


def _used_names(builder: StandaloneHTMLBuilder, processes: int) -> set[str]:
    """Return every class and id of the pages, and the words of scripts."""
    folder, record = Path(builder.outdir), record_path(builder, "pages-names.pickle")
    known: dict[Any, str] = recall(record, __version__) or {}
    paths = (*folder.rglob("*.html"), *folder.glob("_static/**/*.js"))
    files = [(str(path), stamp(path)) for path in paths]
    for made in share(_read_names, [f for f in files if f not in known], processes):
        known.update(made)
    found = {file: known[file] for file in files}
    remember(record, __version__, found)
    return {name for words in set(found.values()) for name in words.split()}


def _read_names(files: Iterable[tuple[str, Stamp]]) -> dict[Any, str]:
    """Return the names in files, of which many have the same."""
    found = {}
    for path, changed in files:
        find = find_words if path.endswith(".js") else find_names
        words = sorted({*find(Path(path).read_text("utf-8", "replace"))})
        found[path, changed] = sys.intern(" ".join(words))
    return found


# ---- The rules ----


def find_names(page: str) -> set[str]:
    """Return every class and id in a page."""
    text = page.replace("\n", " ").replace("\t", " ")
    return {*" ".join({*re.findall(r' (?:class|id)="([^"]*)"', text)}).split()}


def find_words(script: str) -> Iterator[str]:
    """Yield every word of a script; each could be a class that it sets.

    A word of one or two characters is a variable, unless it is in quotes. A name that
    is put together, as in ``item-${kind}``, gives its beginning with the hyphen.
    """
    yield from re.findall(r"[\w-]{3,}|(?<=[\"'`])[\w-]+(?=[\"'`])", script)


def can_join(sheet: str) -> bool:
    """Return whether a sheet means the same between others, in another folder."""
    return not _ALONE.search(sheet) and sheet.count("{") == sheet.count("}")


def reduce_sheet(sheet: str, names: Set[str]) -> str:
    """Return a sheet without comments, line ends and rules that match nothing.

    :param names: every class and id that pages have or scripts may set; what ends in a
        hyphen begins such a name
    """
    beginnings = tuple(name for name in names if _BEGINNING.fullmatch(name))
    opaque: list[str] = []

    @cache
    def occurs(name: str) -> bool:
        return name in names or name.startswith(beginnings)

    def put_aside(found: re.Match[str]) -> str:
        if found[0].startswith("/*"):
            return ""
        opaque.append(found[0])
        return f"\ufdd0{len(opaque) - 1}\ufdd1"

    def can_match(selectors: str) -> bool:
        depth, outside = 0, ""  # of functions and attributes
        for part in re.split(r"([()\[\]])", selectors):
            depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(part, 0)
            outside += part * (depth == 0)
        each = outside.split(",")
        return any(all(map(occurs, _NAME.findall(one))) for one in each)

    text = " ".join(_OPAQUE.sub(put_aside, sheet).split())
    # The blank of an empty custom property is its value.
    text = re.sub(r"(?<!:) ?([{};]) ?", r"\1", text)
    kept, open_rules = list[str](), list[int]()
    for part in _PART.findall(text):
        if part[-1] == "{":
            open_rules.append(len(kept))
        kept.append(part)
        if part[-1] == "}" and open_rules:
            start = open_rules.pop()
            head, is_empty = kept[start][:-1], len(kept) == start + 2 and part == "}"
            if not head.startswith("@"):
                is_empty = "\\" not in head and not can_match(head)
            if is_empty:
                del kept[start:]
    return _PLACE.sub(lambda found: opaque[int(found[1])], "".join(kept))
