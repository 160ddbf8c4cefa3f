"""``labsite new``: what it writes builds strictly at once, also from a wheel."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup

from labsite.__main__ import main
from labsite.scaffold import Identity, write_site

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).parents[1]
AWKWARD = Identity(
    name='The "Quiet" *Machines* & $ystems\\Lab @@{name} of Examples',
    short_name="조용한 #1 Lab",
    university="Example University's <College>",
    address="1 Example Road, Exampleton",
    base_url="https://lab.example/quiet",
    person="Jörg O'Neill-Roe",
)


def run(*command: str | Path, folder: Path, env: Mapping[str, str]) -> str:
    """Run a command of Python; return what it says."""
    done = subprocess.run(
        [sys.executable, "-m", *map(str, command)],
        cwd=folder,
        env={**os.environ, **env},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def build(folder: Path, env: Mapping[str, str]) -> None:
    """Build a site as its Makefile does."""
    options = ("-q", "-n", "-W", "--keep-going")
    run("sphinx", *options, ".", "_build/html", folder=folder, env=env)


def test_a_new_site_has_the_actions_that_this_repository_has(tmp_path: Path) -> None:
    write_site(tmp_path, AWKWARD)
    paths = (root / ".github/workflows/site.yml" for root in (tmp_path, ROOT))
    new, ours = (set(re.findall("uses: (.*)", p.read_text("utf-8"))) for p in paths)
    assert len(new) == 2
    assert new <= ours


def test_any_name_makes_a_site_that_builds_strictly(tmp_path: Path) -> None:
    write_site(tmp_path, AWKWARD)
    build(tmp_path, {})
    html = BeautifulSoup((tmp_path / "_build/html/index.html").read_bytes(), "lxml")
    name = html.select_one(".labsite-hero-name")
    assert name is not None
    assert name.get_text() == AWKWARD.name
    foot = html.select_one(".labsite-footer-address")
    assert foot is not None
    assert foot.get_text("\n", strip=True).splitlines() == [
        AWKWARD.name,
        AWKWARD.university,
        AWKWARD.address,
    ]
    assert [h.get_text().rstrip("#") for h in html.select("h1, h2")] == [
        "Welcome",
        "News",
        "Newest papers",
    ]
    assert (tmp_path / "_build/html/team/jorg-o-neill-roe.html").is_file()
    assert "Jörg O'Neill-Roe" in (tmp_path / "publications.bib").read_text("utf-8")


def test_a_wheel_alone_makes_and_builds_a_site(tmp_path: Path) -> None:
    run("flit_core.wheel", "--outdir", tmp_path, folder=ROOT, env={})
    (wheel,) = tmp_path.glob("*.whl")
    installed, site = tmp_path / "installed", tmp_path / "site"
    options = ("--no-deps", "--no-index", "--quiet", "--target", installed)
    run("scripts.run_pip", "install", *options, wheel, folder=ROOT, env={})
    env = {"PYTHONPATH": str(installed)}
    said = run("labsite", "--help", folder=tmp_path, env=env)
    assert "Write the repository of a new site" in said
    run("labsite", "new", "site", "--name", "A Lab", folder=tmp_path, env=env)
    build(site, env)
    run("labsite", "audit", folder=site, env=env)
    pages = BeautifulSoup((site / "_build/html/index.html").read_bytes(), "lxml")
    assert pages.select(".labsite-publication")
    pins = (site / "requirements.txt").read_text("utf-8")
    assert f"\n./{wheel.name}\n" in pins
    assert (site / wheel.name).read_bytes() == wheel.read_bytes()
    assert "\nsphinx==" in pins


@pytest.mark.parametrize(
    ("language", "person", "team", "guide"),
    [
        ("ko", "홍길동", "# 구성원", "# 사이트 고치기"),
        ("de", "Erika Muster", "# Team", "# Die Website ändern"),
    ],
)
def test_pages_of_a_new_site_are_in_its_language(
    language: str, person: str, team: str, guide: str, tmp_path: Path
) -> None:
    write_site(tmp_path, Identity(name="X", language=language, person=person))
    assert (tmp_path / "team/index.md").read_text("utf-8").startswith(team)
    assert (tmp_path / "CONTRIBUTING.md").read_text("utf-8").startswith(guide)
    name = person.lower().replace(" ", "-")
    assert (tmp_path / f"team/{name}.md").is_file()
    assert f'language = "{language}"' in (tmp_path / "conf.py").read_text("utf-8")
    greeting = {"ko": "환영합니다", "de": "Willkommen"}[language]
    assert f"# {greeting}" in (tmp_path / "index.md").read_text("utf-8")


def test_nothing_is_written_over(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "index.md").write_text("# Mine\n", "utf-8")
    assert main(["new", str(tmp_path), "--name", "A Lab"]) == 2
    said = capsys.readouterr().err
    assert f"{tmp_path / 'index.md'}: the file is there already" in said
    assert [path.name for path in tmp_path.iterdir()] == ["index.md"]


def test_what_cannot_be_is_told_before_anything_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--name", "A Lab", "--language", "xx"]
    assert main(["new", str(tmp_path / "site"), *options]) == 2
    assert "'xx'; write one of en, ko, de" in capsys.readouterr().err
    assert not (tmp_path / "site").exists()


@pytest.mark.parametrize("tag", ["DE", "de_AT.UTF-8", "de-Latn-CH"])
def test_answers_are_taken_in_the_forms_that_people_write(
    tmp_path: Path, tag: str
) -> None:
    options = ["--name", "A Lab", "--language", tag, "--person", "Muster, Erika"]
    assert main(["new", str(tmp_path / "site"), *options]) == 0
    text = (tmp_path / "site/team/erika-muster.md").read_text("utf-8")
    assert 'name: "Erika Muster"' in text
    assert 'language = "de"' in (tmp_path / "site/conf.py").read_text("utf-8")


def test_without_examples_a_site_brings_its_own(tmp_path: Path) -> None:
    lab, more = Identity(name="A Lab"), "nitpicky = True"
    names = write_site(tmp_path, lab, more, {"index.md": "# Mine\n"})
    assert "team/index.md" in names
    assert "publications.bib" not in names
    assert (tmp_path / "index.md").read_text("utf-8") == "# Mine\n"
    assert (tmp_path / "conf.py").read_text("utf-8").endswith("\nnitpicky = True\n")


def test_make_tells_git_how_to_merge_the_bibliography(tmp_path: Path) -> None:
    write_site(tmp_path, Identity(name="A Lab"))
    (tmp_path / ".venv").mkdir()

    def say(*command: str) -> str:
        return subprocess.check_output(command, cwd=tmp_path, text=True)

    say("git", "init", "--quiet")
    say("make", "PYTHON=true", "PY=true", ".venv/.installed")
    driver = say("git", "config", "merge.labsite.driver")
    assert driver == "true -m labsite merge %O %A %B\n"
    attribute = say("git", "check-attr", "merge", "publications.bib")
    assert attribute == "publications.bib: merge: labsite\n"


MAKEFILES = [ROOT / "Makefile", *(ROOT / "src/labsite/scaffold/site").glob("Makefile*")]


@pytest.mark.parametrize("makefile", MAKEFILES, ids=["repository", "new site"])
def test_a_wrong_environment_ends_no_build_in_a_traceback(makefile: Path) -> None:
    def make(**environment: str) -> subprocess.CompletedProcess[str]:
        show = ["--eval", "shown: ; @echo $$LC_ALL", "shown"]
        return subprocess.run(
            [str(shutil.which("make")), "--silent", "--file", str(makefile), *show],
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            check=False,
        )

    # The checkout may be in a folder with letters of any script, where a locale can.
    command = [str(shutil.which("locale")), "-a"]
    known = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    is_there = makefile.parent == ROOT and re.search(r"(?im)^C\.utf-?8$", known)
    expected = "C.UTF-8\n" if is_there else "C\n"
    assert make(LC_ALL="xx_XX.UTF-8").stdout == expected
    assert make(SOURCE_DATE_EPOCH="1795000000").returncode == 0
    for wrong in ("tomorrow", "-1", " "):
        assert "seconds since 1970" in make(SOURCE_DATE_EPOCH=wrong).stderr
