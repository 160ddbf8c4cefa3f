"""The same input gives the same result: after failures, warnings and upgrades."""

from __future__ import annotations

import gc
import shutil
from typing import TYPE_CHECKING

import pytest
from sphinx.environment import BuildEnvironment
from sphinx.errors import SphinxError
from tests.test_sphinx.conftest import Lab

from labsite import rebuild
from labsite.model import digests

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.test_sphinx.conftest import Output, Site


@pytest.fixture(autouse=True)
def _forget(site: Site) -> None:
    """Make the site one that has no warning but those of a test."""
    site.edit("conf.py", "nitpicky = True", "nitpicky = False")


def test_a_warning_that_names_no_file_comes_again(site: Site) -> None:
    conf = (site.source / "conf.py").read_text("utf-8")
    warn = (
        "\ndef warn(*args):\n    from sphinx.util.logging import getLogger\n"
        "    getLogger('other').warning('planted')\n\n"
        "def setup(app):\n    app.connect('source-read', warn)\n"
    )
    site.write("conf.py", conf + warn)
    assert "planted" in site.build().warnings
    assert "planted" in site.build().warnings


@pytest.mark.parametrize(
    ("setting", "place"), [("html_extra_path", ""), ("html_static_path", "_static/")]
)
def test_a_file_that_cannot_be_copied_ends_no_build(
    setting: str, place: str, site: Site
) -> None:
    conf = (site.source / "conf.py").read_text("utf-8")
    site.write("conf.py", f'{conf}\n{setting} = ["one", "other"]\n')
    site.write("one/data.zip", "a file")
    site.write("other/data.zip/inside.txt", "in a folder of its name")
    site.write("other/last.txt", "copied")
    built = site.build()
    assert "other/data.zip/inside.txt:1: WARNING: this file cannot be" in built.warnings
    assert (built.folder / place / "last.txt").is_file()


#: Text of a page -> what is in the warning of it.
WARNED = {
    "{nobody}`x`": "nobody",
    "{doc}`gone`": "gone",
    "```{code-block} json\n$$\n```": "Lexing",
    "```{code-block} c\n:emphasize-lines: 9\nx\n```": "md:6: WARNING: line",
    "![x](gone.png)": "gone.png",
    "```{card} A\n:link: gone\n:link-type: doc\n```": "gone",
}


@pytest.mark.parametrize("jobs", [0, 2])
def test_a_warning_comes_again_until_its_cause_goes(jobs: int, site: Site) -> None:
    head = "---\norphan: true\n---\n# T\n"
    for number, text in enumerate(WARNED):
        site.write(f"page-{number}.md", f"{head}\n{text}\n")
    first = site.build(jobs=jobs)
    for number, warning in enumerate(WARNED.values()):
        lines = [w for w in first.warnings.splitlines() if f"page-{number}.md" in w]
        assert any(warning in line for line in lines), number
    second = site.build(jobs=jobs)
    assert sorted(second.warnings.splitlines()) == sorted(first.warnings.splitlines())
    for number in range(len(WARNED)):
        site.write(f"page-{number}.md", head)
    assert site.build(jobs=jobs).warnings == ""
    assert site.build(jobs=jobs).read == set()


def test_a_warning_comes_again_after_a_build_that_broke_off(site: Site) -> None:
    index = (site.source / "index.md").read_text("utf-8")
    site.write("index.md", f"{index}\n{{nobody}}`x`\n")
    conf = (site.source / "conf.py").read_text("utf-8")
    break_off = (
        "\ndef break_off(*args):\n    raise KeyboardInterrupt\n\n"
        "def setup(app):\n    app.connect('env-updated', break_off, priority=999)\n"
    )
    site.write("conf.py", conf + break_off)
    with pytest.raises(KeyboardInterrupt):
        site.build()
    site.write("conf.py", conf)
    assert "nobody" in site.build().warnings


def test_a_first_build_that_fails_spoils_no_later_one(site: Site) -> None:
    conf = (site.source / "conf.py").read_text("utf-8")
    theme = (
        '\nhtml_theme = "labsite"\n'
        'html_theme_options = {"logo": {"image_light": "_static/logo.svg"}}\n'
    )
    site.write("_static/logo.svg", '<svg xmlns="http://www.w3.org/2000/svg"/>')
    fail = (
        "\ndef fail(*args):\n    from sphinx.errors import SphinxError\n"
        "    raise SphinxError('planted')\n\n"
        "def setup(app):\n    app.connect('env-updated', fail)\n"
    )
    site.write("conf.py", conf + theme + fail)
    with pytest.raises(SphinxError, match="planted"):
        site.build()
    site.write("conf.py", conf + theme)
    built = site.build()
    assert (built.folder / "_static/logo.svg").is_file()


def test_another_engine_reads_everything_anew(
    site: Site, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    site.build()
    assert site.build().read == set()
    number_engine = digests.number_engine.__wrapped__  # as in another process
    number = number_engine()
    assert number == number_engine()
    package = tmp_path / "labsite"
    (package / "model").mkdir(parents=True)
    monkeypatch.setattr(digests, "__file__", str(package / "model/digests.py"))
    seen = {number, number_engine()}
    for name in ("other.py", "rules.toml", "feed.xml", "ko.po"):
        (package / name).write_text("x = 1\n")
        assert number_engine() not in seen, name
        seen.add(number_engine())
    (tmp_path / "packages/sphinx-99.dist-info").mkdir(parents=True)
    monkeypatch.syspath_prepend(tmp_path / "packages")
    assert number_engine() not in seen
    monkeypatch.setattr("labsite.sphinx.number_engine", number_engine)
    assert "index" in site.build().read


def test_a_malformed_warning_of_another_extension_ends_no_build(site: Site) -> None:
    setup = """
def setup(app):
    from sphinx.util.logging import getLogger
    warn = getLogger("other").warning
    app.connect("env-updated", lambda *_: warn("50% of %s", "x"))
"""
    site.write("conf.py", (site.source / "conf.py").read_text("utf-8") + setup)
    assert "GPU Graphs" in site.build().titles("publications/index")


@pytest.mark.parametrize("place", ["../elsewhere/papers.bib", ".data/papers.bib"])
def test_a_bibliography_outside_the_pages_is_read_after_a_change(
    site: Site, place: str
) -> None:
    site.edit("conf.py", '["publications.bib"]', f'["{place}"]')
    site.write(place, (site.source / "publications.bib").read_text("utf-8"))
    site.build()
    site.edit(place, "Another Paper", "A Changed Paper")
    assert "A Changed Paper" in site.build().titles("publications/index")


@pytest.mark.parametrize("folder", ["build", "_build"])
def test_data_files_are_read_again_only_after_a_change(site: Site, folder: str) -> None:
    record = site.source / folder / "doctrees/records.pickle"
    site.build(folder=folder)
    before = record.stat().st_mtime_ns
    site.build(folder=folder)
    assert record.stat().st_mtime_ns == before
    site.edit("publications.bib", "{2022},", "{2022},\n  abstract = {Short.},")
    site.build(folder=folder)
    site.build(folder=folder)
    stored = record.stat().st_mtime_ns
    assert stored > before
    site.build(folder=folder)
    assert record.stat().st_mtime_ns == stored


@pytest.fixture(scope="module")
def damaged(tmp_path_factory: pytest.TempPathFactory) -> tuple[Lab, Output]:
    """Return a site with a person and a paper fewer than its output once had."""
    lab = Lab(tmp_path_factory.mktemp("damaged"))
    lab.write("team/gone.md", "---\nname: Gone Away\nrole: phd\n---\n")
    lab.write(
        "publications.bib",
        lab.read("publications.bib")
        + (
            "\n@misc{gone2020paper,\n  title = {Gone},\n  author = {Roe, Jane},\n"
            "  year = {2020},\n}\n"
        ),
    )
    lab.write("extra.md", "---\norphan: true\n---\n# Extra\n\n![x](pictures/map.png)\n")
    lab.build()
    lab.path("team/gone.md").unlink()
    text = lab.read("publications.bib")
    lab.write("publications.bib", text[: text.index("\n@misc{gone2020paper")])
    clean = lab.build_clean()
    expected = {"publications.bib", "news.atom", "team/edgar-poe.html"}
    assert expected <= clean.files.keys()
    return lab, clean


def remove_environment(lab: Lab) -> None:
    shutil.rmtree(lab.folder / "built/doctrees")


def remove_notes(lab: Lab) -> None:
    for path in (lab.folder / "built/doctrees").glob("labsite-*.*"):
        path.unlink()


def damage_pictures(lab: Lab) -> None:
    for number, path in enumerate((lab.folder / "built/html/_images").rglob("*.*")):
        data = path.read_bytes()
        path.unlink()
        if number % 2:
            path.write_bytes(data[: len(data) // 2])


def remove_exports(lab: Lab) -> None:
    for pattern in ("*.bib", "*.atom", "*.svg", "*.css"):
        for path in (lab.folder / "built/html").rglob(pattern):
            path.unlink()


@pytest.mark.parametrize(
    "damage", [remove_environment, remove_notes, damage_pictures, remove_exports]
)
def test_the_output_is_made_good_and_nothing_stays_of_what_is_gone(
    damage: Callable[[Lab], None], damaged: tuple[Lab, Output]
) -> None:
    lab, clean = damaged
    damage(lab)
    assert lab.build().differences(clean) == []


def test_an_earlier_key_hides_no_page_that_somebody_wrote(site: Site) -> None:
    site.write("publications/old2020key.md", "---\norphan: true\n---\n# Mine\n")
    site.edit("publications.bib", "year      = {2024},", "ids = {old2020key, b},")
    built = site.build()
    assert built.html("publications/old2020key").select_one("h1")
    assert "Mine" in built.html("publications/old2020key").get_text()
    assert (built.folder / "publications/b.html").is_file()


def test_a_warning_of_a_file_that_a_page_shows_comes_again(site: Site) -> None:
    site.write("news/index.md", "# News\n\n```{news}\n```\n")
    site.write("news/item.md", "---\ndate: 2024-01-01\n---\nSee {doc}`/gone`.\n")
    conf = (site.source / "conf.py").read_text("utf-8")
    site.write("conf.py", conf.replace('"*.md"', '"*.md", "news/index.md"'))
    assert "gone" in site.build().warnings
    assert "gone" in site.build().warnings


def test_a_process_that_builds_again_frees_the_builds_before(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rebuild, "_NEW_CONTAINERS", 1000)  # as after many builds
    alive = []
    for _ in range(3):
        site.build()
        gc.unfreeze()
        kept = [o for o in gc.get_objects() if isinstance(o, BuildEnvironment)]
        alive.append(len(kept))
        del kept
        gc.freeze()
    assert alive[-1] <= alive[1]  # Sphinx keeps the last until the next has begun
