"""The same input gives the same result: after failures, warnings and upgrades."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sphinx.errors import SphinxError

from labsite.model import digests

if TYPE_CHECKING:
    from pathlib import Path

    from tests.test_sphinx.conftest import Site


@pytest.fixture(autouse=True)
def _forget(site: Site) -> None:
    """Make the site one that has no warning but those of a test."""
    site.edit("conf.py", "nitpicky = True", "nitpicky = False")


@pytest.mark.parametrize("jobs", [0, 2])
@pytest.mark.parametrize(
    ("page", "warning"),
    [
        ("{nobody}`x`", "nobody"),
        ("{doc}`gone`", "gone"),
        ("```{code-block} json\n$$\n```", "Lexing"),
        ("![x](gone.png)", "gone.png"),
        ("```{card} A\n:link: gone\n:link-type: doc\n```", "gone"),
    ],
)
def test_a_warning_comes_again_until_its_cause_goes(
    page: str, warning: str, jobs: int, site: Site
) -> None:
    index = (site.source / "index.md").read_text("utf-8")
    site.write("index.md", f"{index}\n{page}\n")
    first = site.build(jobs=jobs)
    assert warning in first.warnings
    second = site.build(jobs=jobs)
    assert second.warnings == first.warnings
    site.write("index.md", index)
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
    number = digests.number_engine()
    assert number == digests.number_engine()
    package = tmp_path / "labsite"
    (package / "model").mkdir(parents=True)
    (package / "other.py").write_text("x = 1\n")
    monkeypatch.setattr(digests, "__file__", str(package / "model/digests.py"))
    assert digests.number_engine() != number
    monkeypatch.setattr("labsite.sphinx.number_engine", digests.number_engine)
    assert "index" in site.build().read
