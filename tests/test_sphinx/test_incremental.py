"""What is built again after an edit, and that it comes out as if built anew."""

from __future__ import annotations

import json
import os
import time
from typing import TYPE_CHECKING

import pytest
from tests.test_sphinx.conftest import CONF

if TYPE_CHECKING:
    from pathlib import Path

    from tests.test_sphinx.conftest import Site

NEW_ENTRY = """
@misc{new2021paper,
  author   = {New, Nora},
  title    = {A New Paper},
  year     = {2021},
  keywords = {memory},
}
"""


def snapshot(folder: Path) -> dict[str, bytes]:
    """Return every file that a visitor may get."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != ".buildinfo"
    }


def test_nothing_changed_reads_nothing(site: Site) -> None:
    site.build()
    assert site.build().read == set()


def test_touched_file_with_the_same_content_reads_nothing(site: Site) -> None:
    site.build()
    (site.source / "publications.bib").touch()
    assert site.build().read == set()


def test_files_from_a_clock_that_was_set_back_are_read_once(site: Site) -> None:
    later = time.time_ns() + 10**13
    for path in site.source.rglob("*.md"):
        os.utime(path, ns=(later, later))
    site.build()
    assert site.build().read == set()


def test_a_page_that_changes_while_it_is_built_is_read_again(site: Site) -> None:
    conf = (site.source / "conf.py").read_text("utf-8")
    change = """
def change(app, env):
    path = app.srcdir / "index.md"
    path.write_text(path.read_text().replace("Work on", "Later work on"))

def setup(app):
    app.connect("env-updated", change)
"""
    site.write("conf.py", conf + change)
    site.build()
    again = site.build()
    assert again.read == {"index"}
    assert "Later work on" in again.html("index").get_text()


def test_edited_entry_reads_the_pages_that_show_it(site: Site) -> None:
    site.build()
    site.edit("publications.bib", "Another Paper", "Another Title")
    built = site.build()
    assert "publications/poe2022other" in built.written
    # A list is only written again: its items are put in then.
    assert "research/memory" in built.written - built.read
    assert "research/graphs" not in built.read | built.written
    assert "index" not in built.read | built.written  # it only lists the pages
    assert "Another Title" in built.titles("publications/index")


def test_a_paragraph_above_a_heading_writes_no_other_page(site: Site) -> None:
    page = "research/graphs.md"
    text = (site.source / page).read_text("utf-8")
    site.write("conf.py", CONF + "\nmyst_heading_anchors = 3\n")
    site.write(page, f"{text}\n## Data\n")
    site.build()
    site.write(page, f"{text}\nMore text.\n\n## Data\n")
    # Sphinx writes also the page that lists it.
    assert site.build().written == {"research/graphs", "index"}


def test_sections_are_shown_two_pages_above(site: Site) -> None:
    site.edit("index.md", "research/memory\npublications/index", "part")
    site.edit("index.md", "{toctree}", "{toctree}\n:maxdepth: 4")
    part = "# Part\n\n```{toctree}\nresearch/memory\npublications/index\n```\n"
    site.write("part.md", part)
    site.write("all.md", f"---\norphan: true\n---\n{part}")  # farther from home
    site.build()
    site.edit("publications.bib", "{2022}", "{2019}")
    assert "2019" in str(site.build().html("index").select(".toctree-wrapper"))


def test_added_entry_leaves_the_pages_of_others_alone(site: Site) -> None:
    before = site.build()
    place = json.loads((before.folder / "publications/lines.json").read_text("utf-8"))
    bib = (site.source / "publications.bib").read_text(encoding="utf-8")
    # At the head, so that every other entry stands on another line.
    site.write("publications.bib", NEW_ENTRY + bib)
    built = site.build()
    assert "publications/new2021paper" in built.written
    assert "publications/roe2024graphs" not in built.read | built.written
    moved = json.loads((built.folder / "publications/lines.json").read_text("utf-8"))
    lines = NEW_ENTRY.count("\n")
    for page, (file, line) in place["entries"].items():
        assert moved["entries"][page] == [file, line + lines]


def test_changed_file_reads_only_the_page_that_includes_it(site: Site) -> None:
    trusting: dict[str, object] = {"labsite_trust_pages": True}
    site.write("part.txt", "One.\n")
    site.write("about.md", "# A\n\n```{eval-rst}\n.. include:: part.txt\n```\n")
    site.build(conf=trusting)
    site.write("part.txt", "One and two.\n")
    read = site.build(conf=trusting).read
    assert "about" in read
    assert "research/graphs" not in read


def test_cited_paper_of_another_year_changes_the_citing_page(site: Site) -> None:
    site.build()
    site.edit("publications.bib", "{2024}", "{2025}")
    link = site.build().html("index").select_one(".bibtex-citation a")
    assert link is not None
    assert link.get_text() == "Roe and Doe, 2025"


def test_added_and_removed_entry_leaves_every_byte_as_it_was(site: Site) -> None:
    before = snapshot(site.build().folder)
    bib = (site.source / "publications.bib").read_text(encoding="utf-8")
    site.write("publications.bib", bib + NEW_ENTRY)
    built = site.build()
    assert "publications/new2021paper.html" in snapshot(built.folder)
    site.write("publications.bib", bib)
    built = site.build()
    assert snapshot(built.folder) == before


def _edit_title(site: Site) -> None:
    site.edit("publications.bib", "{GPU} Graphs", "{GPU} Trees")


def _add_entry(site: Site) -> None:
    bib = (site.source / "publications.bib").read_text(encoding="utf-8")
    site.write("publications.bib", bib + NEW_ENTRY)


def _rename_key(site: Site) -> None:
    site.edit(
        "publications.bib", "{doe2023memory,", "{doe2023mem,\n ids={doe2023memory},"
    )


def _rename_topic(site: Site) -> None:
    site.edit("research/memory.md", "title: Memory", "title: Storage")


def _switch_topic(site: Site) -> None:
    site.edit("publications.bib", "{memory, graphs}", "{graphs}")


def _remove_venue_macro(site: Site) -> None:
    site.edit(
        "publications.bib", "booktitle = CONF", "booktitle = {Another Conference}"
    )


def _remove_topic(site: Site) -> None:
    (site.source / "research/memory.md").unlink()
    site.edit("index.md", "research/memory\n", "")
    site.edit("publications.bib", "{memory, graphs}", "{graphs}")
    site.edit("publications.bib", "{memory}", "{graphs}")


@pytest.mark.parametrize("jobs", [0, 2], ids=["serial", "parallel"])
@pytest.mark.parametrize(
    "edit",
    [
        _edit_title,
        _add_entry,
        _rename_key,
        _rename_topic,
        _switch_topic,
        _remove_topic,
        _remove_venue_macro,
    ],
    ids=lambda edit: edit.__name__.strip("_"),
)
def test_incremental_build_is_a_clean_build(
    site: Site, edit: object, jobs: int
) -> None:
    assert callable(edit)
    site.build(jobs=jobs)
    edit(site)
    again = snapshot(site.build(jobs=jobs).folder)
    clean = snapshot(site.build(jobs=jobs, folder="_clean").folder)
    assert again.keys() == clean.keys()
    differing = [name for name in clean if again[name] != clean[name]]
    assert differing == []


def test_a_reference_with_a_text_of_its_own_follows_what_it_names(site: Site) -> None:
    site.edit("conf.py", '"*.md",', '"*.md", "team/*.md",')
    page = "---\norphan: true\nname: Jane Roe\nrole: phd\naliases: [{}]\n---\n"
    site.write("team/jane-roe.md", page.format("J. Roe"))
    text = "{person}`J. Roe` on {pub:ref}`this <poe2022other>`, {any}`poe2022other`."
    text += "\n{person}`doe2023memory`"  # a paper's key
    site.write("refs.md", f"---\norphan: true\n---\n# R\n\n{text}\n")
    assert len(site.build().html("refs").select("p a")) == 3
    site.write("team/jane-roe.md", page.format("Janie"))
    warnings = site.build().warnings
    for name in ("J. Roe", "doe2023memory"):
        assert f"there is no person '{name}'" in warnings
    site.edit("publications.bib", "{poe2022other,", "{poe2022another,")
    edited = site.build()
    assert edited.warnings.count("poe2022other") == 2
    assert not edited.html("refs").select("p a")
