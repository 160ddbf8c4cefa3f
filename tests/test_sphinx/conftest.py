"""Small sites in temporary folders, built as often as a test needs."""

from __future__ import annotations

import os
import shutil
import time
from copy import copy
from dataclasses import dataclass
from io import BytesIO, StringIO
from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup
from PIL import Image
from sphinx.application import Sphinx
from sphinx.builders.html import _assets
from sphinx.testing.util import SphinxTestApp
from sphinx.util.console import strip_colors
from sphinx.util.docutils import docutils_namespace

from labsite.sphinx.domain import get_domain

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from docutils import nodes

ROOT = Path(__file__).parents[2]
LAB = ROOT / "tests/data/lab"
NOVEMBER_2026 = 1_795_000_000  #: seconds since 1970: a day for builds
#: Settings with which a page takes a third of the time.
LIGHT_CONF = """\
project = html_title = "Example Lab"
extensions = ["myst_parser", "sphinx_design", "sphinxcontrib.bibtex", "labsite"]
include_patterns = [
    "*.md", "research/*.md", "publications/**.md", "team/*.md", "projects/*.md",
    "teaching/*.md", "news/index.md",
]
exclude_patterns = []
html_theme = "basic"
html_baseurl = "https://lab.example/"
html_math_renderer = "mathml"
myst_title_to_header = True
bibtex_bibfiles = ["publications.bib"]
bibtex_default_style = bibtex_reference_style = "labsite"
labsite_source_url = "https://code.example/{file}#L{line}"
"""
CONF = """\
project = html_title = "Example Lab"
extensions = ["myst_parser", "sphinx_design", "sphinxcontrib.bibtex", "labsite"]
include_patterns = ["*.md", "research/*.md", "publications/**.md"]
html_theme = "basic"
html_baseurl = "https://lab.example/"
html_math_renderer = "mathml"
myst_title_to_header = True
nitpicky = True
bibtex_bibfiles = ["publications.bib"]
bibtex_default_style = bibtex_reference_style = "labsite"
labsite_source_url = "https://code.example/{file}#L{line}"
"""
BIB = """\
@string{CONF = "Conference on Examples"}

@inproceedings{roe2024graphs,
  author    = {Roe, Jane and Doe, John},
  author+an = {1=equal; 2=equal},
  title     = {{GPU} Graphs},
  booktitle = CONF,
  year      = {2024},
  month     = feb,
  doi       = {10.1234/5},
  keywords  = {graphs},
}

@article{doe2023memory,
  author   = {Doe, John},
  title    = {Memory in $O(n^2)$},
  journal  = {Journal of Memory},
  year     = {2023},
  keywords = {memory, graphs},
}

@misc{poe2022other,
  author        = {Poe, Edgar},
  title         = {Another Paper},
  year          = {2022},
  eprint        = {2201.00001},
  archiveprefix = {arXiv},
  keywords      = {memory},
}
"""
TOPIC = """\
---
title: {title}
---

```{{publications}}
:topic: {slug}
```
"""
FILES = {
    "conf.py": CONF,
    "publications.bib": BIB,
    "index.md": """\
# Example Lab

Work on graphs {cite}`roe2024graphs`.

```{toctree}
research/graphs
research/memory
publications/index
```
""",
    "research/graphs.md": TOPIC.format(title="Graphs", slug="graphs"),
    "research/memory.md": TOPIC.format(title="Memory", slug="memory"),
    "publications/index.md": """\
# Publications

```{publications}
:filter:
```
""",
}


@dataclass
class Built:
    """What one build gave."""

    folder: Path
    warnings: str
    #: the documents that were read, and the pages that were written
    read: set[str]
    written: set[str]
    status: int
    said: str = ""  #: what Sphinx writes besides warnings

    def html(self, page: str) -> BeautifulSoup:
        """Return a page of the built site."""
        text = (self.folder / f"{page}.html").read_text(encoding="utf-8")
        return BeautifulSoup(text, "lxml")

    def titles(self, page: str) -> list[str]:
        """Return the titles of the publications that a page lists."""
        return [p.get_text() for p in self.html(page).select(".labsite-title")]


class Site:
    """The source of a site."""

    def __init__(self, source: Path) -> None:
        self.source = source
        for name, text in FILES.items():
            self.write(name, text)

    def write(self, name: str, text: str) -> None:
        """Write a file of the site."""
        path = self.source / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text), encoding="utf-8")

    def edit(self, name: str, old: str, new: str) -> None:
        """Replace a text that a file has."""
        text = (self.source / name).read_text(encoding="utf-8")
        assert old in text
        self.write(name, text.replace(old, new))

    def build(
        self,
        builder: str = "html",
        *,
        jobs: int = 0,
        folder: str = "_build",
        conf: dict[str, object] | None = None,
    ) -> Built:
        """Build the site on top of what earlier builds left in *folder*."""
        read: set[str] = set()
        app = SphinxTestApp(
            builder,
            self.source,
            builddir=self.source / folder,
            parallel=jobs,
            confoverrides=conf or {},
        )
        app.connect("source-read", lambda _app, name, _text: read.add(name))
        try:
            before = _times(Path(app.outdir))
            app.build()
            now = _times(Path(app.outdir))
            pages = {name for name, time in now.items() if before.get(name) != time}
            written = pages & set(get_domain(app.env).pages)
            written |= set(app.builder.env.found_docs) & _written(app)
            return Built(
                folder=Path(app.outdir),
                warnings=strip_colors(app.warning.getvalue()).strip(),
                read=read,
                written=written,
                status=app.statuscode,
                said=strip_colors(app.status.getvalue()),
            )
        finally:
            app.cleanup()

    def doctree(self, name: str) -> nodes.document:
        """Build the site and return a document."""
        app = SphinxTestApp("html", self.source, builddir=self.source / "_build")
        try:
            app.build()
            return app.env.get_doctree(name)
        finally:
            app.cleanup()


def _times(folder: Path) -> dict[str, int]:
    """Return when each page was changed, by its name without ending."""
    return {
        page.relative_to(folder).with_suffix("").as_posix(): page.stat().st_mtime_ns
        for page in folder.rglob("*.html")
    }


def _written(app: SphinxTestApp) -> set[str]:
    lines = strip_colors(app.status.getvalue()).splitlines()
    return {line.split("]")[-1].strip() for line in lines if "writing output" in line}


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """Return a site of three papers, two topics and the full list."""
    return Site(tmp_path / "site")


class Lab:
    """A small site of everything the engine has, with this repository's settings.

    Sphinx compares times of change with the time at which it read a file. The system's
    clock of files is coarser than Sphinx's, so :meth:`write` sets the time itself:
    nobody's edits are nearer to a build than that clock tells, but a test's are.
    """

    def __init__(self, folder: Path, *, light: bool = False) -> None:
        self.folder = folder
        self.source = folder / "site"
        self.day = NOVEMBER_2026
        self.settings: dict[str, object] = {}
        self._age = 0
        shutil.copytree(LAB, self.source)
        for name in () if light else ("_templates", "_static", "_extra"):
            shutil.copytree(ROOT / name, self.source / name)
        self._conf = LIGHT_CONF if light else (ROOT / "conf.py").read_text("utf-8")
        self.configure()
        for number, name in enumerate(("figures/graphs", "team/jane", "pictures/map")):
            self.paint(f"{name}.png", 40 * number)

    def configure(self, **settings: object) -> None:
        """Change settings of conf.py; ``None`` takes a change back."""
        self.settings |= settings
        lines = [f"{k} = {v!r}" for k, v in self.settings.items() if v is not None]
        added = [
            "html_static_path = [*globals().get('html_static_path', []), 'static']"
        ]
        self.write("conf.py", "\n".join([self._conf, *added, *lines, ""]))

    def path(self, name: str) -> Path:
        """Return the path of a file of the site."""
        return self.source / name

    def read(self, name: str) -> str:
        """Return the text of a file of the site."""
        return self.path(name).read_text("utf-8")

    def write(self, name: str, text: str | bytes) -> None:
        """Write a file of the site."""
        path = self.path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        self.touch(name)

    def touch(self, name: str) -> None:
        """Set the time of change to now, exactly."""
        now = time.time_ns()
        os.utime(self.path(name), ns=(now, now))

    def age(self, name: str) -> None:
        """Set the time of change to one before every build, a new one each time."""
        self._age += 1
        os.utime(self.path(name), ns=(0, 10**18 + self._age))

    def edit(self, name: str, old: str, new: str) -> None:
        """Replace a text that a file has."""
        text = self.read(name)
        assert old in text
        self.write(name, text.replace(old, new))

    def paint(self, name: str, colour: int) -> None:
        """Make a picture in one colour."""
        buffer = BytesIO()
        Image.new("RGB", (400, 300), (colour % 256, 90, 160)).save(buffer, "PNG")
        self.write(name, buffer.getvalue())

    def pages(self, folder: str) -> list[str]:
        """Return the pages in a folder, its index aside, as somebody wrote them."""
        found = sorted(self.path(folder).glob("*.md"))
        return [f"{folder}/{path.name}" for path in found if path.stem != "index"]

    def build(
        self,
        *,
        jobs: int = 0,
        builder: str = "html",
        output: str = "",
        pages: Sequence[str] = (),
    ) -> Output:
        """Build the site on top of what earlier builds left.

        :param output: the folder of the output, if it is not the builder's name
        :param pages: the sources of the only pages to write; none: all
        """
        place = self.folder / "built"
        return self._build(
            self.source, place, jobs, builder=builder, output=output, pages=pages
        )

    def build_clean(self, *, jobs: int = 0) -> Output:
        """Build a copy of the sources, as somebody has it who gets them now."""
        copy = self.folder / "clean"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(self.source, copy / "site", symlinks=True)
        return self._build(copy / "site", copy / "built", jobs)

    def _build(
        self,
        source: Path,
        folder: Path,
        jobs: int,
        *,
        builder: str = "html",
        output: str = "",
        pages: Sequence[str] = (),
    ) -> Output:
        warnings = StringIO()
        # Sphinx keeps them as long as its process, which ends with a build.
        _assets._file_checksum_inner.cache_clear()
        with pytest.MonkeyPatch.context() as patch, docutils_namespace():
            patch.setenv("SOURCE_DATE_EPOCH", str(self.day))
            app = Sphinx(
                source,
                source,
                folder / (output or builder),
                folder / "doctrees",
                builder,
                status=None,
                warning=warnings,
                parallel=jobs,
            )
            app.build(filenames=[source / page for page in pages])
        files = read_output(folder / (output or builder))
        return Output(files, strip_colors(warnings.getvalue()))


@dataclass
class Output:
    """What a build of the lab's site gave."""

    files: dict[str, bytes]  #: by their paths
    warnings: str

    def differences(self, other: Output) -> list[str]:
        """Return what only one of two outputs has, and what is not the same in both."""
        ours, theirs = self.files, other.files
        both = sorted(ours.keys() & theirs.keys())
        return [
            *(f"only here: {name}" for name in sorted(ours.keys() - theirs.keys())),
            *(f"only there: {name}" for name in sorted(theirs.keys() - ours.keys())),
            *(name for name in both if ours[name] != theirs[name]),
        ]


def read_output(folder: Path) -> dict[str, bytes]:
    """Return every file of an output folder.

    Left out is ``.buildinfo.bak`` alone: Sphinx keeps its note of the settings under
    this name when they have changed, and nothing ever reads it.
    """
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != ".buildinfo.bak"
    }


@pytest.fixture(scope="session")
def restore_lab(tmp_path_factory: pytest.TempPathFactory) -> Callable[[bool], Lab]:
    """Return a function that brings back a lab's site as its first build left it.

    It is built once, light or in full: most tests edit what they find there. The site
    has to be in its place again, as Sphinx reads everything anew in another one.
    """
    built: dict[bool, Lab] = {}

    def restore(light: bool) -> Lab:
        if light not in built:
            built[light] = Lab(tmp_path_factory.mktemp("lab") / "now", light=light)
            built[light].build()
            built[light].folder.rename(built[light].folder.with_name("then"))
        lab = copy(built[light])
        lab.settings = {}
        shutil.rmtree(lab.folder, ignore_errors=True)
        shutil.copytree(lab.folder.with_name("then"), lab.folder)
        return lab

    return restore


@pytest.fixture
def make_lab(tmp_path: Path, restore_lab: Callable[[bool], Lab]) -> Callable[..., Lab]:
    """Return a function that makes the lab's site anew, light or in full.

    With *built* it has been built, and its place is not the test's own folder.
    """

    def make(*, light: bool = False, built: bool = False) -> Lab:
        if built:
            return restore_lab(light)
        shutil.rmtree(tmp_path / "lab", ignore_errors=True)
        return Lab(tmp_path / "lab", light=light)

    return make
