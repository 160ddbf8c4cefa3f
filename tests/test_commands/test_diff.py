"""``labsite diff`` as it is called: edits of a small site, and what is said of them."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from labsite.exports import FORMATS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SUFFIXES = [form.suffix for form in FORMATS]
NOTHING = "Nothing a visitor would notice.\n"
TRICK = "TRICK: A Trick for GPUs (HPCA 2025, roe2025trick)"
IDEA = "An Idea of Its Own (arXiv 2024, doe2024idea)"


@dataclass(frozen=True)
class Change:
    """An edit, and what is said of it."""

    name: str
    file: str
    old: str
    new: str
    said: str
    more: dict[str, str | None] = field(default_factory=dict)


CHANGES = [
    Change("layout only", "publications.bib", "{{TRICK}: A", "{{TRICK}:  A", NOTHING),
    Change("a space in a page", "index.md", "Welcome.", "Welcome. ", NOTHING),
    Change("a test", "index.md", "x", "x", NOTHING, more={"tests/x.py": "x = 1\n"}),
    Change(
        "a new paper",
        "publications.bib",
        "@misc{doe",
        "@misc{roe2024new,\n title={New}, author={Roe, Jane}, year=2024,"
        " keywords={graphs, chips}}\n\n@misc{doe",
        "Papers new: 1\n"
        "  New (2024, roe2024new)\n"
        "    topics: graphs, chips\n"
        "    on the pages of: Jane Roe\n",
    ),
    Change(
        "a paper lost to a brace",
        "publications.bib",
        "Own},",
        "Own,",
        "Papers gone: 1\n"
        f"  {IDEA}\n"
        "\n"
        "Addresses that vanish: 4\n"
        "  publications/doe2024idea.bib\n"
        "  publications/doe2024idea.html\n"
        "  publications/venue/arxiv.html\n"
        "  publications/year/2024.html\n",
    ),
    Change(
        "a paper in another topic",
        "publications.bib",
        "{graphs}",
        "{chips}",
        f"Papers changed: 1\n  {TRICK}\n    topics: “graphs” → “chips”\n",
    ),
    Change(
        "a paper of another year",
        "publications.bib",
        "{2025},\n  month         = mar",
        "{2026},\n  month         = apr",
        "Papers changed: 1\n"
        f"  {TRICK.replace('2025,', '2026,')}\n"
        "    date: “2025-03” → “2026-04”\n"
        "\n"
        "Addresses that vanish: 1\n"
        "  publications/year/2025.html\n",
    ),
    Change(
        "a changed field",
        "publications.bib",
        "title         = {An Idea of Its Own}",
        "title         = {An Idea},\n  note          = {Short}",
        "Papers changed: 1\n"
        "  An Idea (arXiv 2024, doe2024idea)\n"
        "    title: “An Idea of Its Own” → “An Idea”\n"
        "    note: none → “Short”\n",
    ),
    Change(
        "a lost link",
        "publications.bib",
        "  code          = {https://example.org/code},\n",
        "",
        f"Papers changed: 1\n  {TRICK}\n    Code: “https://example.org/code” → none\n",
    ),
    Change(
        "a key that still leads to the paper",
        "publications.bib",
        "roe2025trick,",
        "roe2025new,\n  ids           = {roe2025trick},",
        "Papers changed: 1\n"
        f"  {TRICK.replace('2025trick', '2025new')}\n"
        "    key: “roe2025trick” → “roe2025new”\n"
        "\n"
        "Addresses that vanish: 1\n"
        "  publications/roe2025trick.bib\n",
    ),
    Change(
        "a key that leads nowhere",
        "publications.bib",
        "roe2025trick,",
        "roe2025new,",
        "Papers changed: 1\n"
        f"  {TRICK.replace('2025trick', '2025new')}\n"
        "    key: “roe2025trick” → “roe2025new”\n"
        "\n"
        "Addresses that vanish: 2\n"
        "  publications/roe2025trick.bib\n"
        "  publications/roe2025trick.html\n",
    ),
    Change(
        "an author's slip",
        "publications.bib",
        "{Roe, Jane and",
        "{Roe, JaneX and",
        "Papers changed: 1\n"
        f"  {TRICK}\n"
        "    author: “Jane Roe, John Doe” → “JaneX Roe, John Doe”\n",
    ),
    Change(
        "an alumna",
        "team/roe.md",
        "role: phd",
        "role: phd\nleft: 2020-01\nnow: Elsewhere",
        "People changed: 1\n"
        "  Jane Roe (team/roe.md)\n"
        "    left: none → “2020-01”\n"
        "    now: none → “Elsewhere”\n",
    ),
    Change(
        "people come and go",
        "team/roe.md",
        "x",
        "x",
        "People new: 1\n"
        "  John Doe (team/doe.md)\n"
        "\n"
        "People gone: 1\n"
        "  Jane Roe (team/roe.md)\n"
        "\n"
        f"Addresses that vanish: {len(FORMATS) + 1}\n"
        + "".join(f"  team/roe{s}\n" for s in sorted([".html", *SUFFIXES])),
        more={
            "team/roe.md": None,
            "team/doe.md": "---\nname: John Doe\nrole: ms\n---\n",
        },
    ),
    Change(
        "news",
        "news/2025-01-01-prize.md",
        "A prize.",
        "A great prize.",
        "News new: 1\n"
        "  2026-01-02: Jane Roe came, with TRICK: A Trick for GPUs.\n"
        "\n"
        "News changed: 1\n"
        "  2025-01-01: A great prize.\n"
        "    text: “A prize.” → “A great prize.”\n",
        more={
            "news/2026-01-02-new.md": "---\ndate: 2026-01-02\n---\n"
            "{person}`Jane Roe` came, with {pub:ref}`roe2025trick`.\n"
        },
    ),
    Change(
        "a page's text and link",
        "index.md",
        "Read [more](https://example.org/more).",
        "Read it.",
        "Pages changed: 1\n"
        "  Home (index.md)\n"
        "    text: “# Home Welcome. Read [more](https://example.org/more).” → “# Home "
        "Welcome. Read it.”\n",
    ),
    Change(
        "a list on a page",
        "index.md",
        "Welcome.",
        "Welcome.\n\n```{publications}\n:limit: 3\n```",
        "Pages changed: 1\n"
        "  Home (index.md)\n"
        "    text: “# Home Welcome. Read [more](https://example.org/more).” → “# Home "
        "Welcome. ```{publications} :limit: 3 ``` Read [more](https://example.org/more).”"
        "\n",
    ),
    Change(
        "a comment and other line ends",
        "index.md",
        "Welcome.\n",
        "% A remark.\nWelcome.\n\n% Another.\n",
        NOTHING,
    ),
    Change(
        "the end of a long title",
        "publications.bib",
        "An Idea of Its Own",
        f"{'An Idea ' * 30} of Its Own",
        "Papers changed: 1\n"
        f"  {'An Idea ' * 30}of Its Own (arXiv 2024, doe2024idea)\n"
        "    title: “An Idea of Its Own” → “An Idea An Idea An Idea An Idea An Idea An "
        "Idea An Idea An Idea An Idea An Idea An Idea An Idea An Idea An Idea An Idea "
        "An Idea An Idea An Idea An Idea An Idea…”\n",
    ),
    Change(
        "a page that moves, and another to which its address leads",
        "conf.py",
        "include",
        "labsite_redirects = {'team/index': 'index'}\ninclude",
        "Pages gone: 2\n"
        "  Research (research/index.md)\n"
        "  Team (team/index.md)\n"
        "\n"
        "Addresses that vanish: 1\n"
        "  research/index.html\n"
        "\n"
        "Settings, styles and pictures that differ: 1\n"
        "  conf.py (changed)\n",
        more={"team/index.md": None, "research/index.md": None},
    ),
    Change(
        "a page without an address of its own",
        "research/graphs.md",
        "title: Graphs",
        "title: Graphs and Trees",
        "Pages new: 1\n"
        "  Sound (research/sound.md)\n"
        "\n"
        "Pages changed: 1\n"
        "  Graphs and Trees (research/graphs.md)\n"
        "    title: “Graphs” → “Graphs and Trees”\n",
        more={"research/sound.md": "---\ntitle: Sound\n---\n", "other.md": "# X\n"},
    ),
    Change(
        "settings and pictures",
        "conf.py",
        "include",
        "language = 'en'\ninclude",
        "Settings, styles and pictures that differ: 2\n"
        "  conf.py (changed)\n"
        "  team/roe.png (new)\n",
        more={"team/roe.png": "no picture", "team/own.jpg": "", ".gitignore": "*.jpg"},
    ),
]


def change_site(site: Path, change: Change) -> None:
    path = site / change.file
    text = path.read_text("utf-8")
    if change.old != change.new:
        assert change.old in text
        path.write_text(text.replace(change.old, change.new, 1), "utf-8")
    for name, content in change.more.items():
        other = site / name
        other.parent.mkdir(exist_ok=True)
        if content is None:
            other.unlink()
        else:
            other.write_text(content, "utf-8")


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.name)
def test_a_change_is_told_in_visitors_words(
    change: Change,
    site: Path,
    run_command: Callable[..., int],
    capsys: pytest.CaptureFixture[str],
) -> None:
    change_site(site, change)
    assert run_command("diff", site, "HEAD") == 0
    assert capsys.readouterr().out == change.said


def test_in_markdown_what_a_file_says_is_text(
    site: Path, run_command: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    page = site / "index.md"
    evil = (
        "\n<img src=x> @everyone `x` **b** [y](https://evil.example/) &lt; www.x.org\n"
    )
    page.write_text(page.read_text("utf-8") + evil, "utf-8")
    path = site / "publications.bib"
    text = path.read_text("utf-8")
    path.write_text(text.replace("An Idea", "<x>@all</x> $x$ |"), "utf-8")
    assert run_command("diff", site, "HEAD", "--format", "markdown") == 0
    said = capsys.readouterr().out
    assert "### Papers changed: 1\n\n- " in said
    assert "\\<x\\>&#64;all\\</x\\>" in said
    assert "&#64;everyone" in said
    assert "\\<img src=x\\> &#64;everyone \\`x\\`" in said
    bare = said.replace("<!-- -->", "")
    assert not re.search(r"(?<!\\)[<>`*\[\]]", bare)
    for raw in ("<x>", "@", "https://", "www."):
        assert raw not in said


@pytest.mark.parametrize("revision", ["nowhere", "--help", "HEAD~1", ""])
def test_an_unknown_revision_is_an_error(
    revision: str,
    site: Path,
    run_command: Callable[..., int],
    capsys: pytest.CaptureFixture[str],
) -> None:
    arguments = ("--", revision) if revision.startswith("-") else (revision,)
    assert run_command("diff", site, *arguments) == 2
    assert f"there is no revision '{revision}'" in capsys.readouterr().err


def test_a_folder_that_git_does_not_know_is_an_error(
    site: Path,
    run_command: Callable[..., int],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (site / ".git").rename(site.parent / "away")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(site.parent))
    assert run_command("diff", site, "HEAD") == 2
    assert "not a git repository" in capsys.readouterr().err


def test_a_revision_without_the_site_is_an_error(
    git: Callable[..., None],
    site: Path,
    run_command: Callable[..., int],
    capsys: pytest.CaptureFixture[str],
) -> None:
    git(site, "rm", "--quiet", "conf.py")
    git(site, "commit", "--quiet", "--message=No settings")
    (site / "conf.py").write_text("", "utf-8")
    assert run_command("diff", site, "HEAD") == 2
    said = capsys.readouterr().err
    assert said.startswith("labsite: cannot read the site of revision 'HEAD'")
    assert run_command("diff", site, "HEAD~1") == 0


def test_the_settings_of_a_revision_are_not_run(
    git: Callable[..., None],
    site: Path,
    run_command: Callable[..., int],
    capsys: pytest.CaptureFixture[str],
) -> None:
    conf = (site / "conf.py").read_text("utf-8")
    (site / "conf.py").write_text(f"{conf}\nopen('ran', 'w').close()\n", "utf-8")
    git(site, "commit", "--quiet", "--all", "--message=Run")
    (site / "conf.py").write_text(f"{conf}\n", "utf-8")
    assert run_command("diff", site, "HEAD") == 0
    said = capsys.readouterr()
    assert "conf.py differs in HEAD, and is not run" in said.err
    assert "conf.py (changed)" in said.out
    assert not (site / "ran").exists()


def test_a_page_that_no_pattern_includes_is_no_page(
    site: Path, run_command: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    (site / "research" / "drafts").mkdir()
    (site / "research" / "drafts" / "one.md").write_text("# One\n", "utf-8")
    assert run_command("diff", site, "HEAD") == 0
    assert capsys.readouterr().out == "Nothing a visitor would notice.\n"


def test_an_entry_of_a_data_file_is_told(
    site: Path, run_command: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    page = site / "research" / "index.md"
    page.write_text("# R\n\n```{teaching} courses.yaml\n```\n\ngroups.yaml\n", "utf-8")
    (site / "research" / "courses.yaml").write_text(
        "- term: 2026-fall\n  courses:\n    - {name: Machines, level: graduate}\n",
        "utf-8",
    )
    (site / "research" / "groups.yaml").write_text("- members: [Ann]\n", "utf-8")
    (site / "environment.yaml").write_text("- of no page\n", "utf-8")
    assert run_command("diff", site, "HEAD") == 0
    said = capsys.readouterr().out
    assert said.startswith(
        "Pages new: 2\n  research/courses.yaml\n  research/groups.yaml\n"
    )


def test_a_bibliography_outside_the_sites_folder_is_compared(
    site: Path,
    git: Callable[..., None],
    run_command: Callable[..., int],
    capsys: pytest.CaptureFixture[str],
) -> None:
    shared = site / "shared"
    shared.mkdir()
    (site / "publications.bib").rename(shared / "all.bib")
    (site / "all.bib").symlink_to("shared/all.bib")
    web = site / "web"
    web.mkdir()
    conf = 'bibtex_bibfiles = ["../all.bib"]\n'
    (web / "conf.py").write_text(conf, "utf-8")
    git(site, "add", "--all")
    git(site, "commit", "--quiet", "--message=A link and a folder")
    assert run_command("diff", web, "HEAD") == 0
    assert capsys.readouterr().out == NOTHING
    (shared / "all.bib").write_text("", "utf-8")
    assert run_command("diff", web, "HEAD") == 0
    assert "Papers gone: 2\n" in capsys.readouterr().out


def test_a_bibliography_with_an_absolute_path_is_compared(
    site: Path,
    git: Callable[..., None],
    run_command: Callable[..., int],
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = "Path(__file__).with_name('publications.bib')"
    conf = f"from pathlib import Path\nbibtex_bibfiles = [str({path})]\n"
    (site / "conf.py").write_text(conf, "utf-8")
    git(site, "commit", "--quiet", "--all", "--message=An absolute path")
    (site / "publications.bib").write_text("", "utf-8")
    assert run_command("diff", site, "HEAD") == 0
    assert "Papers gone: 2\n" in capsys.readouterr().out


def test_no_code_of_a_revision_is_run(
    site: Path, git: Callable[..., None], run_command: Callable[..., int]
) -> None:
    conf = (site / "conf.py").read_text("utf-8")
    (site / "conf.py").write_text(f"import runpy\nrunpy.run_path('more.py')\n{conf}")
    ran = site.parent / "ran"
    (site / "more.py").write_text(f"import os\nos.mkdir({str(ran)!r})\n", "utf-8")
    git(site, "add", "--all")
    git(site, "commit", "--quiet", "--message=Run")
    (site / "more.py").write_text("", "utf-8")
    assert run_command("diff", site, "HEAD") == 0
    assert not ran.exists()


JOURNAL = """\
@article{doe2025idea,
  author        = {Doe, John},
  title         = {An Idea of Its Own, in Full},
  journal       = {Journal of Machines},
  year          = {2025},
  keywords      = {chips},
  related       = {doe2024idea},
}

@misc{doe2024idea,"""


def test_an_entry_that_becomes_a_version_of_another_is_neither_new_nor_gone(
    site: Path,
    git: Callable[..., None],
    run_command: Callable[..., int],
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = site / "publications.bib"
    text = path.read_text("utf-8")
    path.write_text(text.replace("@misc{doe2024idea,", JOURNAL), "utf-8")
    assert run_command("diff", site, "HEAD") == 0
    said = capsys.readouterr().out
    assert "gone" not in said
    assert "Papers new" not in said
    title = "An Idea of Its Own, in Full (Journal of Machines 2025, doe2025idea)"
    assert f"Papers changed: 1\n  {title}\n    title:" in said
    assert f"\n    version doe2024idea: none → “{IDEA}" in said
    git(site, "commit", "--quiet", "--all", "--message=Tie")
    path.write_text(text, "utf-8")
    assert run_command("diff", site, "HEAD") == 0
    assert f"Papers changed: 1\n  {IDEA}\n    title:" in capsys.readouterr().out
    tied = text.replace("@misc{doe2024idea,", JOURNAL)
    path.write_text(tied.replace("  related       = {doe2024idea},\n", ""), "utf-8")
    assert run_command("diff", site, "HEAD") == 0
    said = capsys.readouterr().out
    assert "version doe2024idea: “" in said
    git(site, "commit", "--quiet", "--all", "--message=Untie")
    path.write_text(tied, "utf-8")
    assert run_command("diff", site, "HEAD") == 0
    said += capsys.readouterr().out
    assert "version doe2024idea: none" in said
    assert "Papers new" not in said
    assert "gone" not in said


def test_a_site_in_a_folder_of_a_repository_is_compared_without_links(
    site: Path,
    git: Callable[..., None],
    run_command: Callable[..., int],
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = site / "web" / "사이트"
    folder.mkdir(parents=True)
    (folder / "conf.py").write_text("", "utf-8")
    (folder / "첫 글.md").write_text("# One\n\nText.\n", "utf-8")
    (folder / "link.md").symlink_to("/etc/hostname")
    git(site, "add", "--all")
    git(site, "commit", "--quiet", "--message=Folder")
    (folder / "첫 글.md").write_text("# One\n\nWords.\n", "utf-8")
    (site / "index.md").write_text("# Another\n", "utf-8")
    (folder / os.fsdecode(b"\xff.md")).write_text("# Two\n", "utf-8")
    assert run_command("diff", folder, "HEAD") == 0
    assert capsys.readouterr().out == (
        "Pages new: 1\n  Two (\\udcff.md)\n\n"
        "Pages changed: 1\n  One (첫 글.md)\n    text: “# One Text.” → “# One Words.”\n"
    )


def test_a_version_that_goes_is_not_the_paper_that_stays(
    site: Path,
    git: Callable[..., None],
    run_command: Callable[..., int],
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = site / "publications.bib"
    same = "author = {Roe, Jane}, title = {A Machine That Counts Machines}, "
    longer = f"@article{{roe2026longer, {same} journal = {{X}}, year = {{2026}}"
    shorter = f"@inproceedings{{roe2024short, {same} booktitle = {{X}}, year = 2024}}"
    path.write_text(f"{longer}, related = {{roe2024short}}}}\n{shorter}", "utf-8")
    git(site, "commit", "--quiet", "--all", "--message=Two versions")
    path.write_text(f"{longer}}}\n", "utf-8")
    assert run_command("diff", site, "HEAD") == 0
    said = capsys.readouterr().out
    assert "Papers gone" not in said
    gone = "    version roe2024short: “A Machine That Counts Machines (X 2024"
    assert f"{gone}, roe2024short)" in said
    assert "key:" not in said
