"""The two sites that are built, and the edits that are made to them.

Both are copies in folders of their own. Every edit has a number, so that one that is
made again is another edit.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from benchmarks.measure import BuildError, Place
from benchmarks.synthetic import EntryMaker, grow, key_of, parse

if TYPE_CHECKING:
    from collections.abc import Iterable

_BIBLIOGRAPHY = "publications.bib"
#: What in the site's folder is not part of the site.
_FOREIGN = {"_build", "src", "tests", "benchmarks", "docs", "scripts", "requirements"}
#: Takes back the engine, its theme, and the site's templates and files that rely on it.
_BARE_SETTINGS = """

extensions = ["myst_parser", "sphinx_design", "notfound.extension"]
html_theme = "pydata_sphinx_theme"
html_theme_options = {"logo": html_theme_options["logo"]}
templates_path = html_css_files = []
myst_enable_extensions = ["attrs_block", "attrs_inline", "colon_fence"]
myst_heading_anchors = 3
myst_title_to_header = True
html_title = project
html_copy_source = html_show_sourcelink = html_show_sphinx = html_use_index = False
html_sidebars = {"**": []}
for name in [name for name in globals() if name.startswith("labsite_")]:
    del globals()[name]
"""


class Site(Protocol):
    """A site that can be built and edited."""

    place: Place

    def change_entry(self, number: int, /) -> None:
        """Change the title of one publication."""

    def add_entry(self, number: int, /) -> None:
        """Add a publication."""

    def edit_topic(self, number: int, /) -> None:
        """Add a sentence to the page of a topic."""


class LabSite:
    """A copy of the real site, with as many entries as are asked for."""

    def __init__(self, original: Path, folder: Path, size: int) -> None:
        copy_site(original, folder / "source")
        self.place = Place(folder / "source", folder / "built")
        self._file = self.place.source / _BIBLIOGRAPHY
        text = self._file.read_text(encoding="utf-8")
        self._maker = EntryMaker(text, size)
        self._bibliography = grow(text, size, self._maker)
        self._changed = key_of(self._bibliography.entries[size // 2])
        self._write()

    @property
    def changed_page(self) -> str:
        """The page of the entry that is changed."""
        return f"publications/{self._changed}"

    def change_entry(self, number: int) -> None:
        """Change the title of an entry in the middle of the file."""
        keys = list(map(key_of, self._bibliography.entries))
        position = keys.index(self._changed)
        self._bibliography = self._bibliography.change_title(
            position, f", Revision {number}"
        )
        self._write()

    def add_entry(self, number: int) -> None:
        """Add the newest entry, at the head of the file."""
        entry = self._maker.make(newer=number)
        self._bibliography = self._bibliography.add_first(entry)
        self._write()

    def edit_topic(self, number: int) -> None:
        """Add a sentence to the page of the first topic."""
        _add_sentence(_topic_page(self.place.source), number)

    def _write(self) -> None:
        self._file.write_text(self._bibliography.text, encoding="utf-8")

    def to_bare(self, folder: Path) -> BareSite:
        """Return the same pages without the engine; this site must have been built."""
        place = Place(folder / "source", folder / "built")
        copy_site(self.place.source, place.source)
        (place.source / _BIBLIOGRAPHY).unlink()
        for page in place.source.rglob("*.md"):
            page.unlink()
        with (place.source / "conf.py").open("a", encoding="utf-8") as settings:
            settings.write(_BARE_SETTINGS)
        script = str(Path(__file__).with_name("bare.py"))
        folders = (self.place.doctrees, place.source, self.place.source)
        command = [sys.executable, script, *map(str, folders), "index"]
        done = subprocess.run(command, stderr=subprocess.PIPE, check=False)
        if done.returncode:
            raise BuildError(done.stderr.decode(errors="replace"))
        return BareSite(place, self._changed)


class BareSite:
    """The pages of a site, written out."""

    def __init__(self, place: Place, changed: str) -> None:
        self.place = place
        self._page = place.source / "publications" / f"{changed}.md"
        self._text = self._page.read_text(encoding="utf-8")

    def change_entry(self, number: int) -> None:
        """Change the title of the same publication's page, and nothing else."""
        self._page.write_text(self._with_title(f"Revision {number}"), encoding="utf-8")

    def add_entry(self, number: int) -> None:
        """Add a page of a publication."""
        page = self._page.with_name(f"added-{number}.md")
        page.write_text(self._with_title(f"Addition {number}"), encoding="utf-8")

    def edit_topic(self, number: int) -> None:
        """Add a sentence to the page of the first topic."""
        _add_sentence(_topic_page(self.place.source), number)

    def _with_title(self, addition: str) -> str:
        before, heading, after = self._text.partition("\n# ")
        title, end, rest = after.partition("\n")
        return f"{before}{heading}{title}, {addition}{end}{rest}"


def copy_site(original: Path, target: Path) -> None:
    """Copy the pages, data and settings of a site, and nothing that was built."""

    def leave_out(folder: str, names: Iterable[str]) -> set[str]:
        hidden = {name for name in names if name.startswith((".", "__"))}
        if Path(folder) == original:
            return hidden | (_FOREIGN & set(names))
        return hidden

    shutil.copytree(original, target, ignore=leave_out)


def count_entries(original: Path) -> int:
    """Return the number of entries of a site's bibliography."""
    return len(parse((original / _BIBLIOGRAPHY).read_text(encoding="utf-8")).entries)


def _topic_page(source: Path) -> Path:
    pages = (source / "research").glob("*.md")
    return min(page for page in pages if page.stem != "index")


def _add_sentence(page: Path, number: int) -> None:
    with page.open("a", encoding="utf-8") as text:
        text.write(f"\nA sentence was added here in revision {number}.\n")
