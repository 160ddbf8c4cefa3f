"""What the audit finds in a site of which something was lost or put in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from labsite.bibtex.reader import read_library
from labsite.checks.audit import audit
from labsite.model.records import Topic
from labsite.site.site import SiteRecords

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import BuiltSite

FILES = (
    "publications/index.html",
    "publications.bib",
    "publications.ris",
    "publications.csl.json",
    "publications.json",
    "research/ai-accelerators.html",
    "research/ai-accelerators.bib",
)


@pytest.fixture
def copy(built: BuiltSite, tmp_path: Path) -> Path:
    """Return a copy of what the audit looks at."""
    for path in built.folder.rglob("*"):
        place = tmp_path / path.relative_to(built.folder)
        if path.is_file() and place.parts[-2] not in {"_static", "_images"}:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(path.read_bytes())
    return tmp_path


def _find(built: BuiltSite, folder: Path) -> list[str]:
    return [f"{p.file} {p.key} {p.message}" for p in audit(built.records, folder)]


def test_the_books_of_the_site_balance(built: BuiltSite) -> None:
    assert _find(built, built.folder) == []


def test_a_paper_without_a_topic_is_left_to_the_rule_on_topics(tmp_path: Path) -> None:
    entry = "@misc{a, title = {T}, author = {Roe, Jane}, year = 2026}"
    topic = Topic(slug="pim", title="PIM", docname="research/pim")
    site = SiteRecords(library=read_library([("lab.bib", entry)]), topics=(topic,))
    assert {problem.key for problem in audit(site, tmp_path)} == {None}


def _without_line(text: str, part: str) -> str:
    """Return *text* without the line of the record that has *part* in it."""
    lines = text.splitlines(keepends=True)
    return "".join(line for line in lines if part not in line)


#: What to do to a file so that one paper of it is lost.
LOSSES: dict[str, Callable[[str, str], str]] = {
    ".html": lambda text, key: text.replace(f'data-key="{key}"', "", 1),
    ".csl.json": lambda text, key: _without_line(text, f'"id": "{key}"'),
    ".json": lambda text, key: _without_line(text, f'"key": "{key}"'),
    ".bib": lambda text, key: text.replace(f"{{{key},", "{another-key,", 1),
    ".ris": lambda text, key: text.replace(f"ID  - {key}\n", "", 1),
}


@pytest.mark.parametrize("name", FILES)
def test_paper_that_a_file_has_lost_is_named(
    built: BuiltSite, copy: Path, name: str
) -> None:
    key = built.keys("research/ai-accelerators.html")[0]
    path = copy / name
    text = path.read_text(encoding="utf-8")
    suffix = next(suffix for suffix in LOSSES if name.endswith(suffix))
    damaged = LOSSES[suffix](text, key)
    assert damaged != text
    path.write_text(damaged, encoding="utf-8")
    shown = name if suffix == ".html" else path.name
    assert f"{shown} {key} is missing here" in _find(built, copy)


def test_page_of_a_topic_without_a_list_is_named_once(
    built: BuiltSite, copy: Path
) -> None:
    (copy / "research/ai-accelerators.html").write_text("<p>Words</p>", "utf-8")
    (found,) = _find(built, copy)
    assert found == (
        "research/ai-accelerators.html None this page lists no papers; add the "
        "directive 'publications' with ':topic: ai-accelerators'"
    )


def test_paper_that_stands_twice_is_named(built: BuiltSite, copy: Path) -> None:
    key = built.keys("publications/index.html")[0]
    path = copy / "publications/index.html"
    text = path.read_text(encoding="utf-8")
    more = f'<li class="x" data-key="{key}"></li></body>'
    path.write_text(text.replace("</body>", more), encoding="utf-8")
    found = _find(built, copy)
    assert found == [f"publications/index.html {key} is here 2 times instead of once"]


def test_file_that_is_not_there_is_named(built: BuiltSite, copy: Path) -> None:
    (copy / "publications.ris").unlink()
    assert _find(built, copy) == ["publications.ris None this export is missing"]
