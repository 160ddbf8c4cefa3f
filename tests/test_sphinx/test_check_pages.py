"""``labsite check`` finds what a strict build fails at, with file and line."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING, Any

import pytest

from labsite.__main__ import main

if TYPE_CHECKING:
    from pathlib import Path

    from tests.test_sphinx.conftest import Site

#: What is added to a page, and a word of the message that has to follow.
DAMAGES = {
    "an unknown role": ("{pub:reff}`roe2024graphs`", "role"),
    "an unknown directive": ("```{publicatons}\n```", "did you mean 'publications'?"),
    "a wrong option": ("```{publications}\n:wrong: x\n```", "wrong"),
    "an unknown topic": ("```{publications}\n:topic: nix\n```", "nix"),
    "an unknown citation": ("{cite}`nobody2020`", "nobody2020"),
    "an unknown reference": ("{pub:ref}`nobody2021`", "nobody2021"),
    "an unknown person": ("{person}`Nobody Here`", "Nobody Here"),
    "a broken link": ("[text](missing.md)", "missing.md"),
    "a broken label": ("{ref}`nolabel`", "nolabel"),
    "a missing picture": ("![text](missing.png)", "missing.png"),
    "an unfinished merge": ("<<<<<<< HEAD\na\n=======\nb\n>>>>>>> x", "merge"),
}
FINE = (
    "Words with {pub:ref}`roe2024graphs` and [a page](publications/index.md).",
    "```{publications}\n:topic: memory\n```",
    "{publication-count}`all`",
)


def check(
    source: Path, capsys: pytest.CaptureFixture[str]
) -> tuple[int, list[dict[str, Any]]]:
    """Return the status of the check and the errors it found."""
    capsys.readouterr()
    status = main(["check", "--source", str(source), "--format", "json"])
    found = json.loads(capsys.readouterr().out)["problems"]
    return status, [p for p in found if p["severity"] == "error"]


def add(site: Site, *pieces: str) -> dict[str, int]:
    """Add pieces to the home page; return the line of each."""
    text = (site.source / "index.md").read_text("utf-8")
    lines = {}
    for piece in pieces:
        lines[piece] = text.count("\n") + 2
        text += f"\n{piece}\n"
    site.write("index.md", text)
    return lines


@pytest.fixture
def site(site: Site) -> Site:
    """Return the small site without what a check of its data warns of."""
    site.write("conf.py", (site.source / "conf.py").read_text("utf-8"))
    site.edit(
        "publications.bib",
        '@string{CONF = "Conference on Examples"}',
        '@string{CONF = "Conference on Examples"}\n@string{JM = "Journal of Memory"}',
    )
    site.edit("publications.bib", "= {Journal of Memory}", "= JM")
    return site


def test_each_damage_is_named_at_its_line(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check(site.source, capsys) == (0, [])
    lines = add(site, *(piece for piece, _ in DAMAGES.values()))
    status, errors = check(site.source, capsys)
    assert status == 1
    missed = [
        name
        for name, (piece, word) in DAMAGES.items()
        if not any(
            word in e["message"]
            and e["file"] == "index.md"
            and 0 <= e["line"] - lines[piece] <= piece.count("\n")
            for e in errors
        )
    ]
    assert missed == []
    assert not list(site.source.glob("_build*"))


@pytest.mark.parametrize("seed", range(6))
def test_the_check_is_green_where_the_strict_build_is(
    seed: int, site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    chance = random.Random(seed)  # noqa: S311 -- the same sites each time
    damages = [piece for piece, _ in DAMAGES.values()]
    wrong = chance.sample(damages, chance.randint(1, 2)) if seed % 3 else []
    add(site, *chance.sample([*FINE, *wrong], len(FINE) + len(wrong)))
    status, _ = check(site.source, capsys)
    built = site.build()
    assert (status == 0) is (not built.warnings), built.warnings


def test_a_new_page_joins_the_menu_and_one_that_nothing_takes_is_named(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    site.write("facilities.md", "---\nmenu: 40\n---\n# Facilities\n\nMachines.\n")
    site.write("odd/lost.md", "# Lost\n")
    capsys.readouterr()
    main(["check", "--source", str(site.source), "--strict"])
    said = capsys.readouterr().out
    assert "odd/lost.md:1:1: warning: nothing makes a page of this file" in said
    assert "facilities" not in said
    built = site.build()
    assert not built.warnings
    assert built.html("index").select_one('a[href="facilities.html"]')
    site.write("facilities.md", "# Facilities\n\nMachines.\n")
    assert "isn't included in any toctree" in site.build().warnings
    status, errors = check(site.source, capsys)
    assert status == 1
    assert "menu: 40" in errors[0]["message"]
