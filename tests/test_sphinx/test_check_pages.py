"""``labsite check`` finds what a strict build fails at, with file and line."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from labsite.__main__ import main
from labsite.checks import load
from labsite.model.store import note_state

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.test_sphinx.conftest import Site

#: What is added to a page, and a word of the message that has to follow.
DAMAGES = {
    "an unknown role": ("{pub:reff}`roe2024graphs`", "role"),
    "an unknown directive": ("```{publicatons}\n```", "publicatons"),
    "a wrong option": ("```{publications}\n:wrong: x\n```", "wrong"),
    "an unknown topic": ("```{publications}\n:topic: nix\n```", "nix"),
    "an unknown citation": ("{cite}`nobody2020`", "nobody2020"),
    "an unknown reference": ("{pub:ref}`nobody2021`", "nobody2021"),
    "an unknown person": ("{person}`Nobody Here`", "Nobody Here"),
    "a broken link": ("[text](missing.md)", "missing.md"),
    "a broken label": ("{ref}`nolabel`", "nolabel"),
    "a missing picture": ("![text](missing.png)", "missing.png"),
    "a missing picture without words": ("![](absent.png)", "absent.png"),
    "an empty folder": ("```{toctree}\n:glob:\n\nempty/*\n```", "out until there"),
    "a page that is not there": ("```{toctree}\n\nnix\n```", "that are there"),
    "code of no language": ("```nolang\nx\n```", "nolang"),
    "code in a line": ("```{role} c(code)\n:language: ido\n```\n\n{c}`x`", "ido"),
    "a formula that cannot be shown": ("{math}`\\href{x}{y}`", "simpler LaTeX"),
    "a role without an end": ("{cite}`roe2024graphs and more", "{name}`text`"),
    "a role with a space": ("{cite} `roe2024graphs`", "{name}`text`"),
    "a link with a space": ("[a page] (https://example.org)", "[text](address)"),
    "a link the wrong way": ("(a page)[https://example.org]", "[text](address)"),
    "a link without an end": ("[a page](https://example.org", "[text](address)"),
    "a picture with a space": ("![a photo](my photo.jpg)", "%20 for a space"),
    "a formula in dollars": ("In $O(n^2)$ time.", "{math}`x^2`"),
    "an unfinished merge": ("<<<<<<< HEAD\na\n=======\nb\n>>>>>>> x", "merge"),
}
FINE = (
    "Words with {pub:ref}`roe2024graphs` and [a page](publications/index.md).",
    "```{publications}\n:topic: memory\n```",
    "{publication-count}`all`",
    "It costs $5 or $6: a[1] (see [2]), {x}, `f[i](x)` and `{cite}` as code.",
    "$5 for a_b or $6 for c_d: {x} *y* [1] (https://example.org) $A_B:$C_D.",
    "It returns {boolean} `true`.",
    r"What is escaped: \$x^2\$, \[a\](b c), {x\}`y` and \{x} `y`.",
    "- ```python\n  x = 1\n\n  ```\n\nWords.\n\n~~~~\n~~~\n~~~~\n\n```\n```",
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
    conf = (site.source / "conf.py").read_text("utf-8")
    site.write("conf.py", f"{conf}labsite_rules = {{'unread-markup': 'error'}}\n")
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
    assert {e["file"] for e in errors} == {"index.md"}
    assert not (site.source / "_build/html").exists()


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
    assert (status == 0) is (not built.warnings) is (not wrong), built.warnings


def test_a_new_page_joins_the_menu_and_one_that_nothing_takes_is_named(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    page = "# Facilities\n\n```{teaching} courses.yaml\n```\n"
    site.write("facilities.md", f"---\nmenu: 40\n---\n{page}")
    site.write("odd/lost.md", "# Lost\n")
    site.write("odd/capital.MD", "# Lost\n")
    merged = site.source / "odd/merged.rst"
    site.write("odd/merged.rst", "<<<<<<< HEAD\na\n=======\nb\n>>>>>>> x\n")
    site.write("team/new", "---\nname: A B\nrole: ms\n---\n")
    site.write("team/text.md.txt", "---\nname: A B\nrole: ms\n---\n")
    site.write("odd/v1.5.MD", "# Lost\n")
    site.write("team/.DS_Store", "\0")
    course = "{courses: [{name: A, level: graduate,\n  cod: B}], term: 2026-fall}\n"
    site.write("courses.yaml", course)
    capsys.readouterr()
    main(["check", "--source", str(site.source), "--strict"])
    said = capsys.readouterr().out
    assert "odd/lost.md:1:1: warning: nothing makes a page of this file" in said
    assert "makes a page of this file; name it capital.md" in said
    assert "team/new:1:1: warning: nothing makes a page of this file; name" in said
    assert "makes a page of this file; name it text.md [" in said
    assert "makes a page of this file; name it v1.5.md [" in said
    assert "DS_Store" not in said
    assert "odd/merged.rst:1:1: error: a merge was not finished here" in said
    merged.unlink()
    assert "courses.yaml:2:1: warning: there is no field 'cod'" in said
    assert "facilities" not in said
    built = site.build()
    assert not built.warnings
    assert built.html("index").select_one('a[href="facilities.html"]')
    site.write("facilities.md", "# Facilities\n\nMachines.\n")
    assert "isn't included in any toctree" in site.build().warnings
    status, errors = check(site.source, capsys)
    assert status == 1
    assert "menu: 40" in errors[0]["message"]
    site.write("news/new.md", "---\ndate: 2024-05-01\n---\nWe moved.\n")
    site.write("research/more.md", "---\ntitle: More\n---\n")
    main(["check", "--source", str(site.source)])
    said = capsys.readouterr().out
    assert ".md:1:1: warning: no page has this; write news/index.md, with" in said
    assert "in any toctree; write the directive 'topic-cards' into a page" in said


def test_after_a_change_of_the_bibliography_no_page_is_parsed(site: Site) -> None:
    command = (
        "import sys; from labsite.__main__ import main; main(['check']); "
        "print('parsed' if 'markdown_it' in sys.modules else 'known')"
    )
    site.write(
        "news/new.md", "---\ndate: 2024-05-01\n---\nSee {pub:ref}`poe2022other`.\n"
    )

    def run() -> str:
        done = subprocess.run(
            [sys.executable, "-c", command],
            cwd=site.source, capture_output=True, text=True, check=True,
        )  # fmt: skip
        return done.stdout

    assert "parsed" in run()
    site.edit("publications.bib", "Another Paper", "Another Title")
    assert "known" in run()
    site.edit("publications.bib", "{poe2022other,", "{poe2022another,")
    assert "there is no publication 'poe2022other'" in run()


@pytest.mark.parametrize("name", ["_static/link", "_extra/.well-known/link"])
def test_a_link_to_a_folder_is_found_after_a_check_that_found_nothing(
    name: str, site: Site, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site.edit("conf.py", "extensions", 'html_extra_path = ["_extra"]\nextensions')
    site.write("_static/note.txt", "")
    site.write("_extra/.well-known/note.txt", "")
    assert check(site.source, capsys) == (0, [])
    (site.source / name).symlink_to(tmp_path)
    status, errors = check(site.source, capsys)
    assert (status, [e["file"] for e in errors]) == (1, [name])


def test_a_hidden_file_that_servers_obey_is_found_after_a_check(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    site.edit("conf.py", "extensions", 'html_extra_path = ["_extra"]\nextensions')
    site.write("_extra/note.txt", "")
    assert check(site.source, capsys) == (0, [])
    site.write("_extra/.htaccess", "")
    assert check(site.source, capsys)[0] == 1


def test_a_file_outside_that_changes_during_a_check_is_read_again(
    site: Site, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    site.edit("conf.py", '"publications.bib"', '"../publications.bib"')
    outside = site.source.parent / "publications.bib"
    outside.write_bytes((site.source / "publications.bib").read_bytes())

    def load_before_an_edit(*parts: Any) -> object:  # noqa: ANN401 -- as the function's
        loaded = load(*parts)
        outside.write_text(outside.read_text("utf-8").replace("{2024}", "{20245}"))
        return loaded

    with monkeypatch.context() as patch:
        patch.setattr("labsite.cli.checking.load", load_before_an_edit)
        assert check(site.source, capsys)[0] == 0
    assert check(site.source, capsys)[0] == 1


def test_a_file_that_a_link_outside_replaces_is_found(
    site: Site, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site.write("_static/note.txt", "")
    check(site.source, capsys)
    moved = (site.source / "_static/note.txt").rename(tmp_path / "note.txt")
    (site.source / "_static/note.txt").symlink_to(moved)
    status, errors = check(site.source, capsys)
    assert (status, [e["file"] for e in errors]) == (1, ["_static/note.txt"])


#: What somebody does between two checks; some of it damages the site, or mends it.
EDITS: dict[str, Callable[[Site], object]] = {
    "a link to a page that is not there": lambda site: add(site, "[a](later.md)"),
    "that page": lambda site: site.write("later.md", "---\norphan: true\n---\n# B\n"),
    "a label": lambda site: site.write(
        "later.md", "---\norphan: true\n---\n(mine)=\n# B\n"
    ),
    "a reference to it": lambda site: add(site, "{ref}`mine`"),
    "no label": lambda site: site.write("later.md", "---\norphan: true\n---\n# B\n"),
    "another key": lambda site: site.edit(
        "publications.bib", "roe2024graphs", "roe2024other"
    ),
    "the key of before": lambda site: site.edit(
        "publications.bib", "roe2024other", "roe2024graphs"
    ),
    "no page": lambda site: (site.source / "later.md").unlink(),
    "a setting": lambda site: site.edit(
        "conf.py", "extensions", 'suppress_warnings = ["myst.xref_missing"]\nextensions'
    ),
    "no setting": lambda site: site.edit("conf.py", "suppress_warnings", "unused"),
    "a reference to no paper": lambda site: add(site, "{pub:ref}`none2020`"),
    "a setting that lets it be": lambda site: site.edit(
        "conf.py",
        "extensions",
        'nitpick_ignore = [("pub:ref", "none2020")]\nextensions',
    ),
    "no such setting": lambda site: site.edit("conf.py", "nitpick_ignore", "not_used"),
    "a list of the papers with a DOI": lambda site: add(
        site, "```{publications}\n:field: DOI = 10.1234/5\n```"
    ),
    "no DOI": lambda site: site.edit("publications.bib", "doi ", "url "),
    "the DOI of before": lambda site: site.edit("publications.bib", "url ", "doi "),
    "a bibliography": lambda site: add(site, "```{bibliography}\n:all:\n```"),
    "a type without a note": lambda site: site.edit(
        "publications.bib", "@inproceedings{roe", "@unpublished{roe"
    ),
    "a note": lambda site: site.edit(
        "publications.bib", "  doi ", "  note = {N},\n  doi "
    ),
}


def test_a_check_after_an_edit_finds_what_a_first_check_finds(
    site: Site, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    add(site, *FINE)
    check(site.source, capsys)
    for name, edit in EDITS.items():
        edit(site)
        again = check(site.source, capsys)
        fresh = tmp_path / "fresh"
        shutil.copytree(site.source, fresh, ignore=lambda _folder, _names: {"_build"})
        assert again == check(fresh, capsys), name
        assert again == check(site.source, capsys), name
        shutil.rmtree(fresh)


def test_a_bibliography_outside_the_site_is_looked_at_too(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    site.edit("conf.py", '"publications.bib"', '"../publications.bib"')
    outside = (site.source / "publications.bib").rename(
        site.source.parent / "publications.bib"
    )
    assert check(site.source, capsys) == (0, [])
    outside.write_text(outside.read_text("utf-8").replace("{2024}", "{20245}"), "utf-8")
    assert check(site.source, capsys)[0] == 1


def test_nothing_is_read_again_where_nothing_has_changed(site: Site) -> None:
    program = (
        "import sys; from labsite.__main__ import main; main(sys.argv[1:]); "
        "print('sphinx' in sys.modules, 'labsite.bibtex' in sys.modules)"
    )
    command = [sys.executable, "-c", program, "check", "--source", str(site.source)]

    def check_alone() -> list[str]:
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        return done.stdout.splitlines()

    *problems, imported = check_alone()
    assert imported == "True True"
    assert check_alone() == [*problems, "False False"]
    site.write("later.md", "---\norphan: true\n---\n# B\n")
    assert check_alone()[-1] == "True True"


def test_a_variable_that_the_configuration_reads_makes_a_check_anew(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (site.source / "conf.py").read_text("utf-8")
    site.write("conf.py", f'{text}import os\nx = os.environ.get("LAB_FLAVOUR")\n')
    before = note_state(site.source, {})
    monkeypatch.setenv("OF_SOMETHING_ELSE", "x")
    assert note_state(site.source, {}) == before
    monkeypatch.setenv("LAB_FLAVOUR", "x")
    assert note_state(site.source, {}) != before
