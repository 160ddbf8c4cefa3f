"""A small site in a temporary folder, built as often as a test needs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup
from sphinx.testing.util import SphinxTestApp
from sphinx.util.console import strip_colors

if TYPE_CHECKING:
    from docutils import nodes

CONF = """\
project = html_title = "Example Lab"
extensions = ["myst_parser", "sphinx_design", "sphinxcontrib.bibtex", "labsite"]
include_patterns = ["*.md", "research/*.md", "publications/**.md"]
html_theme = "basic"
html_baseurl = "https://lab.example/"
html_math_renderer = "mathml"
myst_title_to_header = True
nitpicky = True
sitemap_url_scheme = "{link}"
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
            app.build()
            written = set(app.builder.env.found_docs) & _written(app)
            return Built(
                folder=Path(app.outdir),
                warnings=strip_colors(app.warning.getvalue()).strip(),
                read=read,
                written=written,
                status=app.statuscode,
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


def _written(app: SphinxTestApp) -> set[str]:
    lines = strip_colors(app.status.getvalue()).splitlines()
    return {line.split("]")[-1].strip() for line in lines if "writing output" in line}


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """Return a site of three papers, two topics and the full list."""
    return Site(tmp_path / "site")
