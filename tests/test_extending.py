"""The examples of ``docs/extending.md`` are all that a change of that kind takes."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "extending.md"
ENTRY = """@article{roe2026graphs,
  author      = {Roe, Jane},
  title       = {Graphs},
  journal     = {Journal of Examples},
  year        = {2026},
  pages       = {9--3},
  artifactdoi = {10.5281/zenodo.1},
}
"""
NEWS = """---
date: 2026-03-14
kind: media
---
An interview with Jane Roe.
"""
PERSON = """---
name: Jane Roe
role: phd
pronouns: she/her
---
# Jane Roe
"""
PELICAN = {
    "pelicanconf.py": "",
    "content/all.bib": ENTRY,
    "content/team/jane.md": "---\nname: Jane Roe\nrole: phd\n---\n",
    "content/posts/2026-03-14-on-air.md": "---\ntitle: An interview\n---\nOn air.\n",
}
TRY = """
import io, json, re, sys
from contextlib import redirect_stdout
from pathlib import Path
from labsite.__main__ import main
from labsite.bibtex.reader import read_library
from labsite.checks import check_entries
from labsite.exports import FORMATS, Collection, Site
from labsite.exports.bibtex import render_entry
from labsite.importing.readers import read
from labsite.importing.tree import Tree, match_first
from labsite.pages.news import read_news
from labsite.pages.people import read_people
from labsite.site.settings import known_settings
from labsite.site.site import SiteRecords
from labsite.sphinx import _DIRECTIVES
from labsite.sphinx.languages import set_language
from labsite.sphinx.news import kind_labels
from labsite.sphinx.people import show_person

library = read_library([("lab.bib", sys.stdin.read())])
(paper,) = library.publications
site = Site(title="Lab", base_url="https://lab.example/")
papers = Collection(
    title="All", path="all", page="all.html", publications=[paper], site=site
)
(form,) = [form for form in FORMATS if form.name == "markdown"]
text = form.render(papers)
shown = _DIRECTIVES["newest-paper"].make(SiteRecords(library=library))
(item,), wrong = read_news(Path("lab/news"), "news")
set_language("en")
people, unread = read_people(Path("lab/team"), "team")
profile = show_person(SiteRecords(people=people), "jane")
old = read(Tree(Path("old")))
with redirect_stdout(io.StringIO()) as said:
    status = main(["stats", "--source", "lab", "--year", "2026"])
    main(["stats", "--source", "lab", "--year", "2025"])
print(json.dumps({
    "links": [(link.label, link.url) for link in paper.links],
    "bibtex": render_entry(paper),
    "problems": [str(problem) for problem in check_entries(library)],
    "export": text,
    "keys": re.findall(form.key_pattern, text, re.MULTILINE),
    "setting": known_settings()["labsite_show_counts"].default,
    "value": SiteRecords().settings.show_counts,
    "directive": [node.astext() for node in shown],
    "news": [item.kind, str(kind_labels()[item.kind]), len(wrong)],
    "person": [len(unread), *(node.astext() for node in profile)],
    "import": [
        old.system, len(old.papers), len(old.find("team")), len(old.find("news")),
        match_first("news_kinds", "An interview on air"),
    ],
    "status": status,
    "said": said.getvalue(),
}))
"""


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return what a copy of the engine with all changes of the page does."""
    folder = tmp_path_factory.mktemp("engine")
    left_out = shutil.ignore_patterns("__pycache__", "theme", "locale")
    shutil.copytree(ROOT / "src", folder / "src", ignore=left_out)
    (folder / "src/labsite/theme").mkdir()
    for path in (ROOT / "src/labsite/theme").glob("*.*"):
        shutil.copy(path, folder / "src/labsite/theme")
    page = PAGE.read_text(encoding="utf-8")
    changes = re.findall(r"^```diff\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    for part in re.split(r"^--- .*\n", "".join(changes), flags=re.MULTILINE)[1:]:
        apply(folder, part)
    site = {"conf.py": "", "publications.bib": ENTRY, "news/2026-03-14-air.md": NEWS}
    write_files(folder / "lab", site | {"team/jane.md": PERSON})
    write_files(folder / "old", PELICAN)
    environ = {"PYTHONPATH": str(folder / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, "-c", TRY], input=ENTRY, capture_output=True, check=False,
        encoding="utf-8", cwd=folder, env=os.environ | environ,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def write_files(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def apply(folder: Path, part: str) -> None:
    """Apply the changes of one file: each follows a line that begins with ``@@``."""
    head, *hunks = re.split(r"^@@.*\n", part, flags=re.MULTILINE)
    path = folder / head.removeprefix("+++ b/").strip()
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    for hunk in hunks:
        lines = hunk.splitlines(keepends=True)
        old = "".join(line[1:] for line in lines if line[0] != "+")
        new = "".join(line[1:] for line in lines if line[0] != "-")
        assert not old or text.count(old) == 1, f"not in {path.name}: {old}"
        text = text.replace(old, new) if old else new
    path.write_text(text, encoding="utf-8")


def test_a_row_makes_a_button_that_the_bibtex_lacks(found: dict[str, Any]) -> None:
    assert ["Artifact DOI", "https://doi.org/10.5281/zenodo.1"] in found["links"]
    assert "artifactdoi" not in found["bibtex"]


def test_a_row_and_a_check_make_a_rule(found: dict[str, Any]) -> None:
    problems = [p for p in found["problems"] if "reversed-pages" in p]
    place = "lab.bib:6:17: warning: roe2026graphs"
    message = "pages: 9 comes after 3; write the first page first"
    assert problems == [f"{place}: {message} [reversed-pages]"]


def test_a_module_and_a_row_make_an_export_format(found: dict[str, Any]) -> None:
    address = "https://lab.example/roe2026graphs"
    assert found["export"] == f'- [Graphs]({address} "roe2026graphs")\n'
    assert found["keys"] == ["roe2026graphs"]


def test_an_attribute_makes_a_setting(found: dict[str, Any]) -> None:
    assert found["setting"] is found["value"] is True


def test_a_function_and_a_row_make_a_directive(found: dict[str, Any]) -> None:
    assert found["directive"] == ["Graphs"]


def test_an_attribute_a_reader_and_a_line_make_a_field_of_a_person(
    found: dict[str, Any],
) -> None:
    problems, profile = found["person"]
    assert problems == 0
    assert "she/her" in profile.splitlines()


def test_a_word_and_a_label_make_a_kind_of_news(found: dict[str, Any]) -> None:
    assert found["news"] == ["media", "Media", 0]


def test_a_row_makes_a_system_that_is_imported(found: dict[str, Any]) -> None:
    assert found["import"] == ["Pelican", 1, 1, 1, "media"]


def test_a_module_and_two_rows_make_a_command(found: dict[str, Any]) -> None:
    assert found["status"] == 0
    assert found["said"] == "1 papers, 1 people\n0 papers, 1 people\n"


def test_every_file_that_the_page_names_exists() -> None:
    text = re.sub(
        r"^```.*?^```$", "", PAGE.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL
    )
    names = re.findall(r"`([\w./-]+/(?:[\w.-]+)?)`", text)
    bases = (ROOT, ROOT / "src/labsite")
    wanted = [n for n in names if not any((base / n).exists() for base in bases)]
    assert wanted == []
    assert len(names) > 60
