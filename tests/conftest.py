"""What tests share: short ways to records, and this repository's own site, built."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from bs4 import BeautifulSoup
from hypothesis import HealthCheck, settings

from labsite.files import read_text
from labsite.loading import load, read_settings
from labsite.reader import read_library
from labsite.records import EntrySource, Kind, Publication, RichText, Span

if TYPE_CHECKING:
    from collections.abc import Callable

    from labsite.records import Library
    from labsite.site import SiteRecords

ROOT = Path(__file__).parents[1]

# How many inputs a property is tried with: HYPOTHESIS_PROFILE=deep for a long run by
# hand. How long one takes says nothing of it, since the machine may be busy.
_SLOW = (HealthCheck.too_slow, HealthCheck.data_too_large)
settings.register_profile("lean", deadline=None, suppress_health_check=_SLOW)
settings.register_profile("deep", settings.get_profile("lean"), max_examples=5000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "lean"))


@pytest.fixture(scope="session")
def make_publication() -> Callable[..., Publication]:
    """Return a function that makes a publication with the given parts."""

    def make(key: str = "kim2026paper", **parts: Any) -> Publication:  # noqa: ANN401
        title = parts.pop("title", "A Paper")
        known: dict[str, Any] = {
            "entry_type": "inproceedings",
            "kind": Kind.CONFERENCE,
            "title": RichText((Span(title),)) if isinstance(title, str) else title,
            "creators": (),
            "source": EntrySource(file="lab.bib", line=1, text=""),
        }
        return Publication(key=key, **(known | parts))

    return make


@pytest.fixture(scope="session")
def read() -> Callable[[str], Library]:
    """Return a function that reads the text of a file called ``lab.bib``."""
    return lambda text: read_library([("lab.bib", text)])


@pytest.fixture(scope="session")
def bibliography() -> str:
    """Return the text of the site's own bibliography."""
    text, problems = read_text(ROOT / "publications.bib", "publications.bib")
    assert problems == ()
    return text


@pytest.fixture(scope="session")
def library(bibliography: str) -> Library:
    """Return the site's own bibliography, read once."""
    return read_library([("publications.bib", bibliography)])


#: What of the repository is not the site.
_NOT_SITE = shutil.ignore_patterns(
    ".*", "_build", "src", "tests", "docs", "benchmarks", "requirements", "scripts"
)


class BuiltSite:
    """The site as visitors get it, and the records it was made from."""

    def __init__(self, source: Path, folder: Path) -> None:
        self.source = source
        self.folder = folder
        self.records: SiteRecords = load(read_settings(source)).site
        self.page = cache(self._page)

    def _page(self, name: str) -> BeautifulSoup:
        return BeautifulSoup((self.folder / name).read_text(encoding="utf-8"), "lxml")

    @property
    def pages(self) -> list[str]:
        """Every page, by its path from the site's root."""
        found = (path.relative_to(self.folder) for path in self.folder.rglob("*.html"))
        # The theme leaves a template there.
        return sorted(path.as_posix() for path in found if path.parts[0] != "_static")

    def keys(self, name: str) -> list[str]:
        """Return the keys of the papers that a page lists."""
        return [str(li["data-key"]) for li in self.page(name).select("li[data-key]")]


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> BuiltSite:
    """Return the site, built from a copy so that the checkout stays as it is."""
    source = tmp_path_factory.mktemp("real") / "site"
    shutil.copytree(ROOT, source, ignore=_NOT_SITE)
    command = [sys.executable, "-m", "sphinx", "-n", "-W", "--keep-going", "-q"]
    done = subprocess.run(
        [*command, "-b", "html", str(source), str(source / "_build/html")],
        env={**os.environ, "SOURCE_DATE_EPOCH": "1795000000"},  # 18 November 2026
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return BuiltSite(source, source / "_build/html")
