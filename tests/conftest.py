"""What tests share: short ways to records, and this repository's own site, built."""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from bs4 import BeautifulSoup
from hypothesis import HealthCheck, settings

from labsite.bibtex.reader import read_library
from labsite.checks import load
from labsite.model.files import read_text
from labsite.model.records import Kind, Publication
from labsite.model.rich_text import RichText, Span
from labsite.model.sources import EntrySource
from labsite.site.configuration import read_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from labsite.model.records import Library
    from labsite.site.site import SiteRecords

ROOT = Path(__file__).parents[1]

# How many inputs a property is tried with: HYPOTHESIS_PROFILE=long for a run of an hour
# by hand, "deep" for one of a night. How long one takes says nothing of it, since the
# machine may be busy.
_SLOW = (HealthCheck.too_slow, HealthCheck.data_too_large)
settings.register_profile(
    "lean",
    derandomize=True,  # the same input in each run
    database=None,
    deadline=None,
    max_examples=50,
    suppress_health_check=_SLOW,
)
for _name, _examples in (("long", 1000), ("deep", 5000)):
    settings.register_profile(
        _name, deadline=None, max_examples=_examples, suppress_health_check=_SLOW
    )
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
def entries(bibliography: str) -> int:
    """Return how many entries the site's own bibliography has, by its lines."""
    return len(re.findall(r"^@(?!string)", bibliography, re.MULTILINE))


@pytest.fixture(scope="session")
def library(bibliography: str) -> Library:
    """Return the site's own bibliography, read once."""
    return read_library([("publications.bib", bibliography)])


#: What of the repository is not the site.
_NOT_SITE = shutil.ignore_patterns(
    ".git*", ".venv", ".hypothesis", ".*_cache", "_build",
    "src", "tests", "docs", "benchmarks", "requirements", "scripts",
)  # fmt: skip


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
def make_once(
    tmp_path_factory: pytest.TempPathFactory,
) -> Callable[[str, Callable[[Path], None]], Path]:
    """Return a function that makes a folder once for all processes of pytest-xdist."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base

    def make_once(name: str, make: Callable[[Path], None]) -> Path:
        folder, made = shared / name, shared / f"{name}.made"
        with (shared / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not made.exists():
                shutil.rmtree(folder, ignore_errors=True)  # of a process that failed
                make(folder)
                made.touch()
        return folder

    return make_once


@pytest.fixture(scope="session")
def built(make_once: Callable[[str, Callable[[Path], None]], Path]) -> BuiltSite:
    """Return the site, built from a copy so that the checkout stays as it is."""
    source = make_once("real", _build_real_site)
    return BuiltSite(source, source / "_build/html")


def _build_real_site(source: Path) -> None:
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


#: What somebody might write into a field to make more of it than text. The number tells
#: where a script that runs comes from.
PAYLOADS = (
    "<script>planted(№)</script>",
    "<img src=x onerror=planted(№)>",
    "</script><script>planted(№)</script>",
    "</title></textarea></style><svg onload=planted(№)>",
    "]]><script>planted(№)</script><![CDATA[",
    "--><script>planted(№)</script><!--",
    "&lt;script&gt;planted(№)&lt;/script&gt; &amp;amp;",
    '" onmouseover="planted(№)" style="background:url(//evil.example/№)" x="',
    "' onfocus='planted(№)' autofocus='",
    "{{ 7*7 }} {% raw %} {# x #} {{ [].__class__ }} ${7*7}",
    "[link](javascript:planted(№)) ![x](//evil.example/№) **bold** <http://evil.example>",
    "{raw}`<script>planted(№)</script>` {doc}`index` {pub:ref}`paper0`",
    "`link <javascript:planted(№)>`_ |x| :raw-html:`<b>` .. raw:: html",
    r"\href{javascript:planted(№)}{click} \url{javascript:planted(№)} $<b>x</b>$",
    "javascript:planted(№)",
    "JaVaScRiPt&colon;planted(№)",
    "java\tscript:planted(№)",
    "data:text/html,<script>planted(№)</script>",
    "vbscript:planted(№)",
    "file:///etc/passwd",
    "//evil.example/№",
    r"\\evil.example\№",
    "https:evil.example",
    "../../../conf.py",
    "x\r\nSet-Cookie: planted=№\r\n\r\n<script>planted(№)</script>",
    "\u202e\u200b</b>\u2028<b>planted(№)\ufeff",
)
_TEXT_FIELDS = (
    "booktitle", "journal", "award", "note", "abstract", "pages", "publisher", "ids",
    "volume", "number", "address", "editor", "school", "howpublished", "series",
    "annotation", "keywords", "eprint", "entrysubtype", "preview", "accepted", "type",
)  # fmt: skip
_LINK_FIELDS = ("pdf", "url", "code", "artifact", "data", "slides", "video", "url_x")
_PERSON_FIELDS = ("name_ko", "position", "degree", "now", "office", "contact", "photo",
                  "homepage", "scholar", "github", "orcid", "dblp", "linkedin",
                  "aliases", "distinct_from", "interests")  # fmt: skip
_HOSTILE_PAGES = {
    "index.md": "# Lab\n\n```{publications}\n:limit: 5\n```\n\n```{news}\n```\n\n"
    "```{topic-cards}\n```\n\n```{toctree}\n:glob:\n\n*/*\n```\n",
    "team/index.md": "# Team\n\n```{team}\n```\n",
    "news/index.md": "# News\n\n```{news}\n```\n",
    "projects/index.md": "# Projects\n\n```{projects}\n```\n",
    "teaching/index.md": "# Teaching\n\n```{teaching} courses.yaml\n```\n",
    "publications/index.md": "# Publications\n\n```{publications}\n:filter:\n"
    ":group-by: year\n```\n\n```{publication-chart}\n```\n\n"
    "```{publication-table}\n```\n\n```{publication-groups} venue\n```\n",
}


class TwinSites:
    """A site whose every field is hostile, and the same site with harmless ones."""

    def __init__(self, folder: Path) -> None:
        self.payloads = PAYLOADS
        self.hostile, self.benign = folder / "hostile", folder / "benign"


def _build_twin_sites(folder: Path) -> None:
    folder.mkdir()
    _write_site(folder / "hostile", lambda text, _plain: text)
    _write_site(folder / "benign", lambda _text, plain: plain)
    builds = [_start_build(source) for source in folder.iterdir()]
    for build in builds:
        _, errors = build.communicate()
        assert build.returncode == 0, errors
        assert "Traceback" not in errors


def _start_build(source: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "sphinx", "-q", "-b", "html"]
    return subprocess.Popen(
        [*command, str(source), str(source / "_build/html")],
        env={**os.environ, "SOURCE_DATE_EPOCH": "1795000000"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


def _write_site(source: Path, choose: Callable[[str, str], str]) -> None:
    """Write the source of a site.

    :param choose: returns what a field has, of a payload and of a harmless value
    """
    source.mkdir()
    shutil.copy(ROOT / "conf.py", source)
    for name in ("_templates", "_static", "_extra"):
        shutil.copytree(ROOT / name, source / name)
    bib: list[str] = []
    courses: list[Mapping[str, object]] = []
    pages = dict(_HOSTILE_PAGES)
    for number, payload in enumerate(PAYLOADS):
        text = payload.replace("№", str(number))

        def value(name: str, plain: str | None = None, text: str = text) -> str:
            return choose(text, plain or f"Value of {name}")

        bib.append(_hostile_entry(number, value))
        person: dict[str, object] = {n: value(n) for n in _PERSON_FIELDS}
        person |= {"homepage": value("x", "https://example.org/"), "role": "phd"}
        person |= {"name": f"P{number} {value('name')}", "joined": "2024"}
        person["awards"] = [{"name": value("award"), "by": value("by"), "date": "2024"}]
        pages[f"team/p{number}.md"] = _front_matter(person)
        # With an underscore a heading has a second anchor, as with most payloads.
        title = value("title", "Title_of a topic")
        topic = {"title": f"T{number} {title}", "summary": value("summary")}
        pages[f"research/t{number}.md"] = (
            f"{_front_matter(topic)}\n```{{topic-people}} t{number}\n```\n\n"
            f"```{{publications}}\n:topic: t{number}\n```\n"
        )
        news = {"date": "2024-01-01", "kind": value("kind", "paper")}
        pages[f"news/n{number}.md"] = (
            _front_matter(news) + f"See {{pub:ref}}`paper{number}`.\n"
        )
        course = {"name": value("name"), "level": "graduate", "code": value("code")}
        courses.append(course)
    pages["publications.bib"] = "\n".join(bib)
    term = {"term": "2024-fall", "courses": courses}
    pages["teaching/courses.yaml"] = json.dumps([term])
    for name, text in pages.items():
        path = source / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")


def _hostile_entry(number: int, value: Callable[..., str]) -> str:
    fields = {name: value(name) for name in _TEXT_FIELDS}
    fields |= {
        name: value(name, f"https://example.org/{name}") for name in _LINK_FIELDS
    }
    fields["author"] = f"{{N{number} {value('author')}}} and P{number} {value('name')}"
    fields["title"] = f"Paper {number} {value('title', '$a/b < c$')}"
    fields |= {"doi": value("doi", "10.1234/5"), "year": "2024", "month": "3"}
    fields["keywords"] = f"t{number}, {value('keywords')}"
    for name in ("booktitle", "journal"):
        fields[name] = value(name, f"Venue {number}")
    macro = f"@string{{M{number} = {{{fields['booktitle']}}}}}\n"
    fields["doi"] = value("doi", f"10.1234/{number}")
    if number % 2:
        del fields["booktitle"]
    lines = "".join(f"  {name} = {{{text}}},\n" for name, text in fields.items())
    return f"{macro}@inproceedings{{paper{number},\n{lines}}}\n"


def _front_matter(record: Mapping[str, object]) -> str:
    # JSON is YAML, with every character escaped that could be more than text.
    lines = "".join(f"{name}: {json.dumps(value)}\n" for name, value in record.items())
    return f"---\n{lines}---\n\n"


@pytest.fixture(scope="session")
def twin_sites(make_once: Callable[[str, Callable[[Path], None]], Path]) -> TwinSites:
    """Return two sites that differ in nothing but the values of their records."""
    return TwinSites(make_once("twins", _build_twin_sites))
